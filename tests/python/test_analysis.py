"""Analysis through Python: every figure of the reference funnels, and what the tables look like [67]."""

from __future__ import annotations

import json
import math
import pickle
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support import funnel_of

import funnelgraph as fg

ORACLES = Path(__file__).resolve().parents[1] / "oracles"
DATA: dict[str, Any] = json.loads((ORACLES / "funnels.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in DATA["analyses"]}


class Figures:
    """Compares figure by figure; null is NaN, an expected 0 holds within 1e-9 as the file's note says."""

    def __init__(self, relative: float) -> None:
        self.relative = relative
        self.seen = 0

    def same(self, got: float, expected: float | None, where: str) -> None:
        self.seen += 1
        if expected is None:
            assert math.isnan(got), f"{where}: {got}, expected unknown"
        elif expected == 0:
            assert abs(got) <= 1e-9, f"{where}: {got}, expected 0"
        else:
            assert got == pytest.approx(expected, rel=self.relative, abs=0), where

    def by_name(self, got: Any, expected: dict[str, float | None], where: str) -> None:
        for name, figure in expected.items():
            self.same(got(name), figure, f"{where}[{name}]")


def parameter_of(words: list[str]) -> fg.Parameter:
    make = getattr(fg, words[0])
    return make(*words[1:])


def column_of(table: fg.Table, key: str, column: str) -> Any:
    return lambda name: table.row(**{key: name})[column]


@pytest.mark.parametrize("name", CASES)
def test_every_figure_of_the_reference_funnels(name: str) -> None:
    """Every figure of `analyses`, hand-offs and the owner ledger too [67, 68]."""
    case = CASES[name]
    expect = case["expect"]
    funnel = funnel_of(case["funnel"])
    reference = funnel_of(case["reference"]) if "reference" in case else None
    options = case["options"]
    a = fg.analyze(funnel, discount_rate=options["discount_rate"], reference=reference)
    figures = Figures(case["relative_tolerance"])

    handled = set()

    def of(key: str) -> Any:
        handled.add(key)
        return expect[key]

    figures.by_name(a.visits, of("visits"), "visits")
    figures.by_name(column_of(a.stages, "stage", "visits"), of("visits"), "stages.visits")
    figures.by_name(a.reach, of("reach"), "reach")
    figures.by_name(column_of(a.stages, "stage", "reach"), of("reach"), "stages.reach")
    figures.by_name(column_of(a.stages, "stage", "conversion"), of("conversion"), "conversion")
    figures.by_name(column_of(a.stages, "stage", "lost"), of("lost"), "lost")
    for source, row in of("rates").items():
        figures.by_name(lambda target, source=source: a.rate(source, target), row, f"rates[{source}]")
        figures.same(a.stages.row(stage=source).drop_off, row["drop_off"], f"stages.drop_off[{source}]")
    figures.by_name(a.probability, of("probability"), "probability")
    figures.by_name(
        column_of(a.outcomes, "outcome", "probability"), of("probability"), "outcomes.probability"
    )
    figures.by_name(a.count, of("count"), "count")
    for outcome, moments in of("time_to").items():
        got = a.time_to(None if outcome == "any exit" else outcome)
        figures.same(got.mean, moments["mean"], f"time_to[{outcome}].mean")
        figures.same(got.sd, moments["sd"], f"time_to[{outcome}].sd")
    figures.same(a.revenue, of("revenue"), "revenue")
    figures.same(a.cost, of("cost"), "cost")
    figures.same(a.profit, of("profit"), "profit")
    figures.by_name(a.cost_per, of("cost_per"), "cost_per")

    places = ("from", "to", "giver", "receiver")
    expected = {tuple(row[key] for key in places): row["volume"] for row in of("hand_offs")}
    got_volumes = {tuple(row[key] for key in places): row["volume"] for row in a.hand_offs}
    assert got_volumes.keys() == expected.keys()
    figures.by_name(got_volumes.__getitem__, expected, "hand_offs")

    for table in ("owners", "owners_by_visit"):
        rows = {row["owner"]: row for row in getattr(a, table)}
        assert rows.keys() == of(table).keys()
        for owner, cells in of(table).items():
            figures.by_name(rows[owner].__getitem__, cells, f"{table}[{owner}]")

    if "value_lost" in expect:
        figures.by_name(column_of(a.stages, "stage", "value_lost"), of("value_lost"), "value_lost")
    if "utilisation" in expect:
        figures.by_name(column_of(a.stages, "stage", "utilisation"), of("utilisation"), "utilisation")
    if "feasible" in expect:
        assert a.feasible is of("feasible")
    if "recoverable" in expect:
        figures.by_name(column_of(a.stages, "stage", "recoverable"), of("recoverable"), "recoverable")
    if "capped" in expect:
        capped = fg.analyze(funnel, capacity="cap")
        of("capped")
        names = {"arrivals": "arrivals", "served": "visits", "shed": "shed"}
        for key, column in names.items():
            figures.by_name(column_of(capped.stages, "stage", column), expect["capped"][key], f"capped.{key}")
        figures.by_name(capped.count, expect["capped"]["count"], "capped.count")
    if "sensitivity_of_revenue" in expect:
        metric = fg.metric.revenue()
        rows = {g.parameter: g for g in fg.gradients(funnel, metric, discount_rate=options["discount_rate"])}
        table = fg.sensitivity(funnel, metric, discount_rate=options["discount_rate"])
        for row in of("sensitivity_of_revenue"):
            parameter = parameter_of(row["parameter"])
            figures.same(rows[parameter].gradient, row["gradient"], f"gradient of {parameter}")
            figures.same(rows[parameter].elasticity, row["elasticity"], f"elasticity of {parameter}")
            shown = table.row(parameter=str(parameter))
            figures.same(shown.gradient, row["gradient"], f"table: gradient of {parameter}")
    for start, cells in (of("from") if "from" in expect else {}).items():
        figures.by_name(lambda s, start=start: a.visits(s, start), cells["visits"], f"visits from {start}")
        figures.by_name(lambda s, start=start: a.reach(s, start), cells["reach"], f"reach from {start}")
        figures.by_name(
            lambda o, start=start: a.probability(o, start=start), cells["probability"], f"from {start}"
        )
        for outcome, moments in cells["time_to"].items():
            got = a.time_to(None if outcome == "any exit" else outcome, start=start)
            figures.same(got.mean, moments["mean"], f"time from {start} to {outcome}")
            figures.same(got.sd, moments["sd"], f"sd of time from {start} to {outcome}")

    assert handled == set(expect), "every figure of the case is compared"
    assert figures.seen > 30


def operation_cases() -> list[Any]:
    return [
        pytest.param(case, id=case["name"])
        for case in DATA["operations"]
        if case["name"] in ("group and leaf",)
    ]


@pytest.mark.parametrize("case", operation_cases())
def test_setting_numbers_gives_the_reference_figures(case: dict[str, Any]) -> None:
    """Changes of numbers that take from no other number need no scenario: `get` and `set` do them."""
    funnel = funnel_of(case["base funnel"])
    for change in case["changes"]:
        parameter = parameter_of(change["parameter"])
        amount = change["value"]
        now = funnel.get(parameter)
        value = {"set": amount, "scale": now * amount, "shift": now + amount}[change["change"]]
        funnel.set(parameter, value)
    figures = Figures(case["relative_tolerance"])
    for row in case["expect"]["parameters"]:
        figures.same(funnel.get(parameter_of(row["parameter"])), row["value"], str(row["parameter"]))
    a = fg.analyze(funnel)
    figures.by_name(a.count, case["expect"]["count"], "count")
    figures.same(a.revenue, case["expect"]["revenue"], "revenue")
    figures.same(a.cost, case["expect"]["cost"], "cost")


@pytest.fixture
def shop() -> fg.Funnel:
    return funnel_of(CASES["shop with loops, skips and channels"]["funnel"])


def test_columns_are_those_of_the_contract(shop: fg.Funnel) -> None:
    a = shop.analyze()
    assert a.stages.columns == (
        *("stage", "owner", "unit", "visits", "reach", "conversion", "drop_off", "lost", "value_lost"),
        *("recoverable", "recoverable_low", "recoverable_high", "dwell_mean", "utilisation", "cost", "value"),
        *("arrivals", "shed"),
    )
    assert a.owners.columns == (
        *("owner", "received", "passed_on", "screened", "lost", "open", "waiting_days", "cost", "value"),
        *("recoverable", "recoverable_low", "recoverable_high"),
    )
    assert a.hand_offs.columns == ("from", "to", "giver", "receiver", "volume", "lag_mean", "breach", "lost")
    assert a.outcomes.columns == (
        *("outcome", "kind", "owner", "probability", "count", "value", "time_mean", "time_sd"),
    )
    assert fg.sensitivity(shop, fg.metric.profit()).columns == (
        *("parameter", "owner", "value", "source", "gradient", "elasticity"),
    )


def test_the_ledger_adds_up(shop: fg.Funnel) -> None:
    """Received = passed on + screened + lost + open, and money is the totals' (1e-9: sums of few numbers)."""
    a = shop.analyze()
    for row in a.owners:
        assert row.received == pytest.approx(row.passed_on + row.screened + row.lost + row.open, rel=1e-9)
    assert a.owners["cost"].sum() == pytest.approx(a.cost, rel=1e-9)
    assert a.owners["value"].sum() == pytest.approx(a.revenue, rel=1e-9)
    assert a.outcomes["probability"].sum() == pytest.approx(1, rel=1e-12)


def test_results_do_not_follow_later_changes(shop: fg.Funnel) -> None:
    a = shop.analyze()
    before = a.count("customer"), a.stages.to_dict()
    shop.set(fg.rate("enquiry", "order"), 0.1)
    assert a.count("customer") == before[0]
    assert a.probability("customer", start="enquiry") == pytest.approx(0.30637765735723216, rel=1e-12)
    assert shop.analyze().count("customer") < before[0]
    with pytest.raises(AttributeError, match="frozen"):
        a.revenue = 3  # type: ignore[misc]


def test_options(shop: fg.Funnel) -> None:
    own = fg.Funnel(shop)
    own.discount_rate = 0.1
    assert own.analyze().revenue == shop.analyze(discount_rate=0.1).revenue < shop.analyze().revenue
    assert own.analyze(discount_rate=0).revenue == shop.analyze().revenue
    assert shop.analyze(capacity=fg.CapacityRule.CAP).revenue == shop.analyze(capacity="Cap").revenue
    with pytest.raises(fg.UnknownNameError, match="report"):
        shop.analyze(capacity="reprot")
    with pytest.raises(fg.InvalidValueError):
        shop.analyze(discount_rate=-1)
    with pytest.raises(TypeError, match="Funnel, not str"):
        fg.analyze("shop")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Funnel, not dict"):
        fg.analyze(shop, reference={})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"fg\.metric\.profit"):
        fg.analyze(shop, metric="profit")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        fg.analyze(shop, 0.1)  # type: ignore[misc]


def test_a_reference_makes_recoverable_value() -> None:
    """By owner through the stages' shares; another metric than profit on request."""
    case = CASES["nine stages against a plan"]
    funnel, plan = funnel_of(case["funnel"]), funnel_of(case["reference"])
    a = fg.analyze(funnel, reference=plan)
    assert all(math.isfinite(x) for x in a.stages["recoverable"])
    known = [x for x in a.owners["recoverable"] if not math.isnan(x)]
    assert len(known) == 3, "unknown for owners without a stage"
    assert math.fsum(known) == pytest.approx(a.stages["recoverable"].sum(), rel=1e-9)
    revenue = fg.analyze(funnel, reference=plan, metric=fg.metric.revenue())
    assert not (revenue.stages["recoverable"] == a.stages["recoverable"]).all()
    assert fg.evaluate(funnel, fg.metric.recoverable(), reference=plan) == pytest.approx(
        a.stages["recoverable"].sum(), rel=1e-9
    )
    assert all(math.isnan(x) for x in fg.analyze(funnel).stages["recoverable"])


def test_metrics_are_the_analysis_numbers(shop: fg.Funnel) -> None:
    a = shop.analyze()
    m = fg.metric
    assert shop.evaluate(m.count("customer")) == pytest.approx(a.count("customer"), rel=1e-14)
    assert shop.evaluate(m.probability("customer")) == pytest.approx(a.probability("customer"), rel=1e-14)
    assert shop.evaluate(m.visits("order")) == pytest.approx(a.visits("order"), rel=1e-14)
    assert shop.evaluate(m.cost_per("customer")) == pytest.approx(a.cost_per("customer"), rel=1e-14)
    assert shop.evaluate(m.time_to("customer")) == pytest.approx(a.time_to("customer").mean, rel=1e-14)
    assert shop.evaluate(m.time_to()) == pytest.approx(a.time_to().mean, rel=1e-14)
    both = m.revenue() - 2 * m.cost()
    assert shop.evaluate(both) == pytest.approx(a.revenue - 2 * a.cost, rel=1e-12)
    assert shop.evaluate(m.profit() / m.cost()) == pytest.approx(a.profit / a.cost, rel=1e-12)


def test_gradients_are_what_finite_differences_say(shop: fg.Funnel) -> None:
    """Central differences at 1e-5 relative: their own error is near 1e-8, so 1e-6 is asked."""
    metric = fg.metric.profit()
    rows = {g.parameter: g for g in fg.gradients(shop, metric)}
    for parameter in (fg.cost("enquiry"), fg.value("order"), fg.volume("reached", channel="facebook")):
        step = 1e-5 * shop.get(parameter)
        up, down = fg.Funnel(shop), fg.Funnel(shop)
        up.set(parameter, shop.get(parameter) + step)
        down.set(parameter, shop.get(parameter) - step)
        slope = (up.evaluate(metric) - down.evaluate(metric)) / (2 * step)
        assert rows[parameter].gradient == pytest.approx(slope, rel=1e-6), parameter


def test_gradients_that_do_not_exist_say_so(shop: fg.Funnel) -> None:
    with pytest.raises(fg.InvalidValueError):
        fg.sensitivity(shop, fg.metric.recoverable())
    with pytest.raises(fg.InvalidValueError):
        fg.sensitivity(shop, fg.metric.lifetime_value(horizon=30))


def test_assumed_share_falls_when_numbers_are_measured(shop: fg.Funnel) -> None:
    assert shop.analyze().assumed_share == pytest.approx(1, rel=1e-12)
    known = fg.Funnel(shop)
    for parameter in known.parameters():
        if not math.isnan(known.get(parameter)):
            known.set(parameter, fg.measured(known.get(parameter), n=100))
    assert known.analyze().assumed_share == pytest.approx(0, abs=1e-12)


def test_lifetime_value_takes_durations() -> None:
    funnel = fg.Funnel("subscription")
    funnel.add_stage("member", value=10)
    funnel.add_outcome("left", kind="lost")
    funnel.add_transition("member", "member", rate=0.5, lag=30)
    funnel.add_transition("member", "left", rate=0.5, lag=0)
    funnel.add_entry("member", volume=1)
    a = funnel.analyze()
    assert a.lifetime_value("member") == pytest.approx(20, rel=1e-14)
    assert a.lifetime_value("member", horizon=timedelta(days=30)) == pytest.approx(15, rel=1e-14)
    assert a.lifetime_value("member", 29.5) == pytest.approx(10, rel=1e-14)


def test_unknown_names_name_the_nearest(shop: fg.Funnel) -> None:
    a = shop.analyze()
    with pytest.raises(fg.UnknownNameError, match="customer") as caught:
        a.count("custmer")
    assert (caught.value.kind, caught.value.given, caught.value.nearest) == ("outcome", "custmer", "customer")
    with pytest.raises(KeyError):
        a.visits("nowhere")
    with pytest.raises(fg.UnknownNameError):
        a.probability("customer", start="enqiry")


def test_a_broken_funnel_is_refused_with_every_issue(shop: fg.Funnel) -> None:
    shop.add_transition("care", "nowhere", rate=2)
    shop.add_stage("island", owner="Nobody")
    with pytest.raises(fg.InvalidFunnelError) as caught:
        fg.analyze(shop)
    codes = {issue.code for issue in caught.value.issues if issue.severity == fg.Severity.ERROR}
    assert len(codes) >= 3
    assert isinstance(caught.value, ValueError)


def test_must_pass_and_paths(shop: fg.Funnel) -> None:
    assert fg.must_pass(shop) == ["enquiry", "order"]
    assert fg.must_pass(shop, "lost") == ["enquiry"]
    paths = fg.most_probable_paths(shop, count=3, outcome="customer")
    assert len(paths) == 3
    assert paths[0].path.endswith("customer")
    assert list(paths["probability"]) == sorted(paths["probability"], reverse=True)
    assert paths["probability"].sum() <= shop.analyze().probability("customer")
    with pytest.raises(fg.InvalidValueError, match="1000"):
        fg.most_probable_paths(shop, count=0)
    with pytest.raises(TypeError, match="whole number"):
        fg.most_probable_paths(shop, count=1.5)  # type: ignore[arg-type]


def test_showing_an_analysis(shop: fg.Funnel) -> None:
    shop.name = "<b>Shop & co</b>"
    a = shop.analyze()
    assert "Shop & co" in repr(a)
    assert "Marketing" in str(a)
    html = a._repr_html_()
    assert "<b>Shop" not in html
    assert "&lt;b&gt;Shop &amp; co" in html


def test_results_that_are_tuples_pickle(shop: fg.Funnel) -> None:
    a = shop.analyze()
    assert pickle.loads(pickle.dumps(a.time_to("customer"))) == a.time_to("customer")
    assert pickle.loads(pickle.dumps(a.owners)) == a.owners


def test_owners_read_alike_in_every_table() -> None:
    """Shares are told to a tenth of a percent wherever they stand, so that tables join by owner [67, 68]."""
    shop = fg.Funnel("Shop")
    shop.add_stage("enquiry", owner={"A": 1 / 3, "B": 2 / 3})
    shop.add_outcome("order", kind="won", owner={"A": 0.125, "B": 0.875})
    shop.add_transition("enquiry", "order", rate=0.5)
    shop.add_entry("enquiry", volume=10)
    for owner in ("A", "B"):
        shop.add_owner(owner)
    analysis = shop.analyze()
    assert shop.stages()["owner"].tolist() == analysis.stages["owner"].tolist() == ["A 33.3 %, B 66.7 %"]
    assert shop.outcomes()["owner"].tolist() == ["A 12.5 %, B 87.5 %"]
    assert analysis.outcomes["owner"].tolist()[0] == "A 12.5 %, B 87.5 %"

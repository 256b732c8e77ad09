"""Comparing scenarios, strategies and futures, sweeps, goal seek, break-even, back-propagation, tornado."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funnelgraph as fg

RESPONSE = json.loads(
    (Path(__file__).resolve().parents[1] / "oracles" / "response.json").read_text(encoding="utf-8")
)
CLOSING = fg.rate("enquiry", "order")
REACH = fg.volume("reached")
CUSTOMERS = fg.metric.count("customer")


def shop() -> fg.Funnel:
    funnel = fg.Funnel("Sandal shop", currency="VND", period="week")
    funnel.add_owner("Marketing", role="marketing")
    funnel.add_owner("Sales", role="sales", fixed_cost=3_000)
    funnel.add_stage("reached", owner="Marketing", unit="people")
    funnel.add_stage("enquiry", owner="Sales", unit="people", cost=2, capacity=1_500)
    funnel.add_stage("order", owner="Sales", unit="people")
    funnel.add_outcome("customer", kind="won", owner="Sales", value=50)
    funnel.add_outcome("rival", kind="lost")
    funnel.add_transition("reached", "enquiry", rate=fg.measured(0.02, n=4_000), lag=1)
    funnel.add_transition("enquiry", "order", rate=0.35, lag=fg.Lag.gamma(mean=2, sd=1))
    funnel.add_transition("enquiry", "rival", rate=fg.between(0.1, 0.3), lag=3)
    funnel.add_transition("enquiry", "enquiry", rate=0.05, lag=7)
    funnel.add_transition("order", "customer", rate=0.96, lag=4)
    funnel.add_entry("reached", volume=40_000, cost=0.1, channel="facebook")
    funnel.add_entry("reached", volume=10_000, cost=0.2, channel="zalo")
    return funnel


QUICK = fg.Scenario("quick").scale_odds(CLOSING, 1.3)
ADVERT = fg.Scenario("advert").scale(fg.volume("reached", channel="facebook"), 2)


def test_compare_agrees_with_apply_and_evaluate() -> None:
    base = shop()
    metrics = [CUSTOMERS, fg.metric.profit(), fg.metric.cost_per("customer")]
    scenarios = [QUICK, ADVERT, QUICK | ADVERT]
    table = fg.compare(base, scenarios, metrics=metrics)
    assert table.columns == ("metric", "scenario", "value", "difference", "relative", "rank", "feasible")
    assert len(table) == 12
    for scenario in scenarios:
        applied = base.apply(scenario)
        for metric in metrics:
            row = table.row(scenario=scenario.name, metric=str(metric))
            assert row.value == fg.evaluate(applied, metric)
            assert row.difference == row.value - fg.evaluate(base, metric)
            assert row.feasible == applied.analyze().feasible
    assert table.reference == "base"
    assert table.best(CUSTOMERS) == "quick + advert"
    assert table.best(fg.metric.cost_per("customer")) == "quick + advert"
    wide = table.wide()
    assert wide.columns == ("scenario", "feasible", "count(customer)", "profit()", "cost_per(customer)")
    assert wide.row(scenario="quick")["profit()"] == fg.evaluate(base.apply(QUICK), fg.metric.profit())
    assert table.wide("rank")["count(customer)"].tolist() == [4, 3, 2, 1]


def test_compare_with_a_stated_reference_and_directions() -> None:
    base = shop()
    table = fg.compare(base, [QUICK, ADVERT], metrics=[CUSTOMERS], reference=QUICK)
    assert table.row(scenario="quick").difference == 0
    assert table.row(scenario="base").relative < 0
    turned = fg.compare(base, [QUICK], metrics=[CUSTOMERS], lower_is_better=[CUSTOMERS])
    assert turned.best() == "base"
    with pytest.raises(fg.UnknownNameError, match="profit"):
        fg.compare(base, [QUICK], metrics=[CUSTOMERS], lower_is_better=[fg.metric.profit()])


def test_compare_takes_structure_and_says_what_was_clipped() -> None:
    base = shop()
    triage = (
        fg.Scenario("triage")
        .add_stage("triage", owner="Sales")
        .add_transition("reached", "triage", rate=0.01)
        .add_transition("triage", "order", rate=0.5)
    )
    dream = fg.Scenario("dream").set(CLOSING, 0.99)
    table = fg.compare(base, [triage, dream], metrics=[CUSTOMERS, fg.metric.visits("triage")], clip=True)
    assert np.isnan(table.row(scenario="base", metric="visits(triage)").value)
    assert table.row(scenario="base", metric="visits(triage)").rank is None
    assert table.row(scenario="triage", metric="visits(triage)").value == pytest.approx(500)
    (note,) = table.notes
    assert (note.scenario, note.wanted) == ("dream", 0.99)
    assert note.given == pytest.approx(0.95)


def test_html_of_a_comparison_is_escaped() -> None:
    evil = fg.Scenario("<script>alert(1)</script>").scale(CLOSING, 1.1)
    html = fg.compare(shop(), [evil])._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "Comparison with base</caption>" in html


def test_a_comparison_can_be_copied_and_kept() -> None:
    table = fg.compare(shop(), [QUICK], metrics=[CUSTOMERS])
    for other in (copy.copy(table), pickle.loads(pickle.dumps(table))):
        assert other == table
        assert isinstance(other, fg.Comparison)
        assert other.reference == "base"
    assert list(table.to_pandas()["scenario"]) == ["base", "quick"]


def test_strategies_under_futures() -> None:
    base = shop()
    slump = fg.Scenario("slump").scale(fg.rate("reached", "enquiry"), 0.5)
    boom = fg.Scenario("boom").scale(fg.rate("reached", "enquiry"), 1.2)
    crossed = fg.compare(base, [QUICK, ADVERT], [fg.metric.profit()], futures=[slump, boom])
    assert isinstance(crossed, fg.Futures)
    assert len(crossed.cells) == 6
    for row in crossed.cells:
        strategy = {"base": fg.Scenario(), "quick": QUICK, "advert": ADVERT}[row.strategy]
        future = {"slump": slump, "boom": boom}[row.future]
        assert row.value == fg.evaluate(base.apply(future | strategy), fg.metric.profit())
    row = crossed.row(strategy="quick")
    of_quick = crossed.cells.filter(strategy="quick")
    assert row.mean == pytest.approx(of_quick["value"].mean())
    assert row.worst == of_quick["value"].min()
    assert row.worst_future == "slump"
    assert row.most_regret == of_quick["regret"].max()
    assert crossed.picks.columns == ("metric", "best_mean", "maximin", "minimax_regret")
    assert crossed.picks[0].maximin == "quick"  # advert floods the enquiries when times are good
    weighted = fg.compare(base, [QUICK], [fg.metric.profit()], futures=[slump, boom], weights=[3, 1])
    values = weighted.cells.filter(strategy="quick")["value"]
    assert weighted.row(strategy="quick").mean == pytest.approx(0.75 * values[0] + 0.25 * values[1])


def test_a_future_that_touches_what_a_strategy_does_conflicts() -> None:
    worse = fg.Scenario("rivals call faster").scale(CLOSING, 0.8)
    with pytest.raises(fg.ConflictError) as caught:
        fg.compare(shop(), [QUICK], futures=[worse])
    assert {caught.value.first, caught.value.second} == {"quick", "rivals call faster"}


def test_sweep_is_a_labelled_table() -> None:
    base = shop()
    table = fg.sweep(base, {CLOSING: [0.2, 0.3], REACH: (20_000, 50_000)}, [CUSTOMERS], feasible=True)
    assert table.columns == (
        "rate(enquiry, order)",
        "volume(reached)",
        "count(customer)",
        "feasible",
        "status",
    )
    assert len(table) == 4
    for row in table:
        there = base.apply(fg.Scenario().set(CLOSING, row[0]).set(REACH, row[1]))
        assert row[2] == pytest.approx(fg.evaluate(there, CUSTOMERS), rel=1e-13)
        assert row.status == "ok"


def test_a_million_points_come_as_arrays_without_a_copy() -> None:
    base = shop()
    grid = np.linspace(0.0, 0.9, 1_000_000)
    table = fg.sweep(base, {CLOSING: grid}, [CUSTOMERS])
    assert len(table) == 1_000_000
    column = table["count(customer)"]
    assert isinstance(column, np.ndarray)
    assert not column.flags.owndata
    assert not column.flags.writeable
    np.testing.assert_allclose(column, 1_000 * grid / 0.95 * 0.96, rtol=1e-12)


def test_sweep_kinds_counterparts_and_pairs() -> None:
    base = shop()
    odds = fg.sweep(base, {CLOSING: [1.3]}, [CUSTOMERS], kind="scale_odds")
    assert odds[0][1] == pytest.approx(fg.evaluate(base.apply(QUICK), CUSTOMERS), rel=1e-13)
    shift = fg.sweep(
        base,
        {CLOSING: [0.1, 0.2], REACH: [1, 2]},
        [CUSTOMERS],
        kind={CLOSING: "shift", REACH: "scale"},
        take_from={CLOSING: "siblings"},
        paired=True,
    )
    assert len(shift) == 2
    there = base.apply(fg.Scenario().shift(CLOSING, 0.2, take_from="siblings").scale(REACH, 2))
    assert shift[1][2] == pytest.approx(fg.evaluate(there, CUSTOMERS), rel=1e-13)
    days = fg.sweep(
        base, {fg.lag("enquiry", "order"): [timedelta(days=1), timedelta(hours=60)]}, [fg.metric.time_to()]
    )
    assert days[days.columns[0]].tolist() == [1.0, 2.5]
    hours = np.array([24, 60], dtype="timedelta64[h]")
    assert fg.sweep(base, {fg.lag("enquiry", "order"): hours}, [fg.metric.time_to()]) == days


def test_goal_seek_of_one_number() -> None:
    """[37]"""
    base = shop()
    found = fg.goal_seek(base, CUSTOMERS, target=1_000, vary=REACH)
    assert found.reached == pytest.approx(1_000)
    assert found.value == pytest.approx(50_000 * 1_000 / fg.evaluate(base, CUSTOMERS))
    assert not found.feasible
    assert found.iterations > 0
    assert fg.evaluate(base.apply(found.scenario), CUSTOMERS) == found.reached
    with pytest.raises(fg.UnreachableTargetError) as caught:
        fg.goal_seek(base, CUSTOMERS, target=5_000, vary=CLOSING)
    assert caught.value.high == pytest.approx(960)
    bounded = fg.goal_seek(base, CUSTOMERS, target=400, vary=CLOSING, bounds=(0.2, 0.5), take_from="siblings")
    assert bounded.reached == pytest.approx(400)
    assert base.apply(fg.Scenario().set(CLOSING, bounded.value, take_from="siblings")).get(CLOSING) > 0.38
    slow = fg.goal_seek(
        base,
        fg.metric.time_to("customer"),
        target=8,
        vary=fg.lag("enquiry", "order"),
        bounds=(timedelta(0), timedelta(days=9)),
    )
    assert slow.reached == pytest.approx(8)


def test_goal_seek_of_several_numbers_agrees_with_slsqp() -> None:
    """[37]"""
    optimize = pytest.importorskip("scipy.optimize")
    base = shop()
    profit = fg.metric.profit()
    vary = [REACH, fg.rate("reached", "enquiry"), CLOSING, fg.value("customer"), fg.fixed_cost("Sales")]
    bounds = {fg.value("customer"): (45, 51)}
    target = 1.8 * fg.evaluate(base, profit)
    found = fg.goal_seek(base, profit, target=target, vary=vary, bounds=bounds)
    assert found.reached == pytest.approx(target, rel=1e-10)
    before = np.array([base.get(one) for one in vary])

    def value(u: Any) -> float:
        scenario = fg.Scenario()
        for one, x in zip(vary, before * (1 + u), strict=True):
            scenario = scenario.set(one, x)
        return fg.evaluate(base.apply(scenario), profit)

    peer = optimize.minimize(
        lambda u: float(u @ u),
        np.zeros(5),
        method="SLSQP",
        bounds=[(-0.9, 2), (-0.9, 2), (-0.9, 0.9), (-0.1, 0.02), (-0.9, 2)],
        constraints={"type": "eq", "fun": lambda u: (value(u) - target) / target},
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert peer.success
    # SLSQP's own precision, with gradients by differences
    np.testing.assert_allclose(found.table["relative"], peer.x, atol=2e-5)
    assert found.distance == pytest.approx(float(np.sqrt(peer.fun)), rel=1e-6)
    assert found.table.row(parameter="value(customer)").at_bound
    assert found.values[fg.value("customer")] == pytest.approx(51)


def test_break_even_says_how_far() -> None:
    """[47]"""
    base = shop()
    seller = fg.Scenario("seller").shift(fg.fixed_cost("Sales"), 2_000).set(CLOSING, 0.5)
    found = fg.break_even(base, seller, vary=CLOSING)
    wanted = 0.35 + 2_000 / 48 / (1_000 / 0.95)
    assert found.value == pytest.approx(wanted)
    assert str(found).startswith("pays if rate(enquiry, order) rises by 11.3 %")
    price = fg.Scenario("price").shift(fg.fixed_cost("Sales"), 2_000)
    effect = fg.Scenario("effect").set(CLOSING, 0.5)
    assert fg.break_even(base, price, effect=effect).value == pytest.approx((wanted - 0.35) / 0.15)
    assert fg.break_even(base, effect).always
    with pytest.raises(fg.UnreachableTargetError):
        fg.break_even(
            base, fg.Scenario("dear").shift(fg.fixed_cost("Sales"), 1e6).set(CLOSING, 0.5), vary=CLOSING
        )


def test_back_propagation_of_the_sandal_plan() -> None:
    """[37, 38] 2,000,000,000 VND from 1,000 buyers."""
    plan = fg.datasets.sandal_shop_plan()
    given = fg.datasets.SANDAL_SHOP
    half = plan.apply(fg.Scenario().scale(fg.rate("enquiry", "order"), 0.5))
    back = fg.back_propagate(half, fg.metric.revenue(), given["target"])
    assert back.factor == pytest.approx(2)
    assert back.table.row(place="outcome").needed == pytest.approx(given["buyers"])
    assert back.table.row(place="entry", name="reached").needed == pytest.approx(2 * given["reach"])
    assert back.rates.row(**{"from": "enquiry"}).needed == pytest.approx(1_050 / 2_200)
    by_count = fg.back_propagate(half, "delivered", given["buyers"])
    assert by_count.table == back.table
    assert "reached" in str(back)
    assert "<table" in back._repr_html_()
    channel = fg.volume("reached", channel="zalo")
    grown = fg.back_propagate(shop(), CUSTOMERS, 400, grow=channel)
    assert grown.table.row(place="entry", channel="facebook").factor == 1


def test_what_the_sandal_case_needs_by_units() -> None:
    """[37, 38, 39] 2,000,000,000 VND from 1,000 buyers, where likes, shares and comments overlap."""
    given = RESPONSE["sandals"]
    expect, interactions = given["expect"], given["likes"] + given["shares"] + given["comments"]

    def sandals(people: float, closing: float) -> fg.Funnel:
        """Return the week, `people` behind one interaction, `closing` of whom buy."""
        funnel = fg.Funnel("sandals", currency="VND", period="week")
        funnel.add_stage("reached", unit="people")
        funnel.add_stage("interaction", unit="interactions")
        funnel.add_stage("interested", unit="people")
        funnel.add_outcome("buyer", kind="won", value=given["revenue_target"] / given["buyers"])
        funnel.add_transition("reached", "interaction", rate=interactions / given["reach"])
        funnel.add_transition("interaction", "interested", rate=people)
        funnel.add_transition("interested", "buyer", rate=closing)
        funnel.add_entry("reached", volume=0.7 * given["reach"], channel="facebook")
        funnel.add_entry("reached", volume=0.3 * given["reach"], channel="tiktok")
        return funnel

    # Every interaction a person of its own; only those who liked; only those who commented.
    for people, needed in (
        (1, expect["close_needed_of_interactions"]),
        (given["likes"] / interactions, given["buyers"] / given["likes"]),
        (given["comments"] / interactions, expect["close_needed_of_comments"]),
    ):
        found = fg.goal_seek(
            sandals(people, 0.05),
            fg.metric.revenue(),
            target=given["revenue_target"],
            vary=fg.rate("interested", "buyer"),
        )
        assert found.value == pytest.approx(needed, rel=1e-12)
    week = sandals(given["likes"] / interactions, 0.1)
    back = fg.back_propagate(week, fg.metric.revenue(), given["revenue_target"])
    needed = {(row.place, row.name, row.channel): row.needed for row in back.table}
    assert needed == {
        ("outcome", "buyer", ""): pytest.approx(1_000),
        ("stage", "interested", ""): pytest.approx(10_000),
        ("stage", "interaction", ""): pytest.approx(2 * interactions),
        ("stage", "reached", ""): pytest.approx(400_000),
        ("entry", "reached", "facebook"): pytest.approx(280_000),
        ("entry", "reached", "tiktok"): pytest.approx(120_000),
    }
    assert len(back.notes) == 2
    assert "people -> interactions" in back.notes[0]
    hours = given["seconds_per_profile"] / 3_600 * fg.evaluate(week, fg.metric.visits("interaction"))
    assert hours == pytest.approx(expect["review_hours_interactions"], rel=1e-12)


def test_tornado_of_intervals_and_of_stated_values() -> None:
    base = shop()
    own = fg.tornado(base, CUSTOMERS)
    assert own[0].parameter == "rate(reached, enquiry)"
    assert own[0].basis == "n = 4000 (95 %)"
    assert own.value == fg.evaluate(base, CUSTOMERS)
    assert "cost(enquiry)" in own.not_varied
    wide = fg.tornado(base, fg.metric.profit(), relative=0.1, low_high={CLOSING: (0.2, 0.5)})
    assert wide.row(parameter="rate(enquiry, order)").basis == "given"
    assert wide["swing"].tolist() == sorted(wide["swing"], reverse=True)
    assert isinstance(pickle.loads(pickle.dumps(own)), fg.Tornado)
    stated = fg.tornado(base, CUSTOMERS, low_high={CLOSING: (0.2, 0.5)}, take_from={CLOSING: "siblings"})
    high = base.apply(fg.Scenario().set(CLOSING, 0.5, take_from="siblings"))
    assert stated[0].metric_high == fg.evaluate(high, CUSTOMERS)


def test_sensitivity_takes_from_what_is_said() -> None:
    base = shop()
    step = 1e-6
    for counterpart in ("leak", "siblings", "drop_off", "rival"):
        for_all = counterpart if counterpart != "rival" else {CLOSING: "rival"}
        gradient = fg.sensitivity(base, CUSTOMERS, take_from=for_all).row(parameter=str(CLOSING)).gradient
        up = fg.evaluate(base.apply(fg.Scenario().shift(CLOSING, step, take_from=counterpart)), CUSTOMERS)
        down = fg.evaluate(base.apply(fg.Scenario().shift(CLOSING, -step, take_from=counterpart)), CUSTOMERS)
        assert gradient == pytest.approx((up - down) / (2 * step), rel=1e-6)
        (same,) = (g for g in fg.gradients(base, CUSTOMERS, take_from=for_all) if g.parameter == CLOSING)
        assert same.gradient == gradient
    with pytest.raises(fg.InvalidValueError):
        fg.sensitivity(base, CUSTOMERS, take_from="rival")
    with pytest.raises(fg.InvalidValueError):
        fg.sensitivity(base, CUSTOMERS, take_from={REACH: "leak"})
    with pytest.raises(fg.UnknownNameError):
        fg.sensitivity(base, CUSTOMERS, take_from={CLOSING: "nobody"})


def test_strength_of_a_scenario() -> None:
    base = shop()
    half = fg.at_strength(fg.Scenario("s").set(CLOSING, 0.45), base, 0.5)
    assert base.apply(half).get(CLOSING) == pytest.approx(0.4)
    with pytest.raises(fg.InvalidValueError):
        fg.at_strength(half, base, -1)


NAN = float("nan")
WRONG = fg.rate("enquiry", "odrer")
LATER = fg.Scenario("later").set(CLOSING, 0.4)

BAD: dict[str, tuple[type[Exception], Callable[[fg.Funnel], Any]]] = {
    "unknown number": (
        fg.UnknownNameError,
        lambda f: fg.compare(f, [fg.Scenario("x").scale(WRONG, 2)]),
    ),
    "unknown metric": (fg.UnknownNameError, lambda f: fg.compare(f, [QUICK], [fg.metric.count("custmer")])),
    "unknown reference": (fg.UnknownNameError, lambda f: fg.compare(f, [QUICK], reference="quik")),
    "impossible": (fg.ImpossibleChangeError, lambda f: fg.compare(f, [fg.Scenario("x").set(CLOSING, 0.99)])),
    "out of range": (
        fg.InvalidValueError,
        lambda f: fg.compare(f, [fg.Scenario("x").set(fg.cost("order"), -1)]),
    ),
    "a day that is none": (fg.InvalidValueError, lambda f: fg.compare(f, [QUICK], at=NAN)),
    "an unknown name like no other": (fg.UnknownNameError, lambda f: f.get(fg.cost("xyzzy"))),
    "an unknown outcome like no other": (
        fg.UnknownNameError,
        lambda f: fg.evaluate(f, fg.metric.count("xyzzy")),
    ),
    "an unknown reference like no other": (
        fg.UnknownNameError,
        lambda f: fg.compare(f, [QUICK], reference="xyzzy"),
    ),
    "an unknown donor like no other": (
        fg.UnknownNameError,
        lambda f: f.apply(fg.Scenario("x").scale(CLOSING, 1.1, take_from="xyzzy")),
    ),
    "two of one name": (fg.InvalidValueError, lambda f: fg.compare(f, [QUICK, QUICK])),
    "no metric": (fg.InvalidValueError, lambda f: fg.compare(f, [QUICK], [])),
    "no future": (fg.InvalidValueError, lambda f: fg.compare(f, [QUICK], futures=[])),
    "conflict": (fg.ConflictError, lambda f: fg.compare(f, [QUICK], futures=[LATER])),
    "weights": (fg.InvalidValueError, lambda f: fg.compare(f, [], futures=[QUICK], weights=[-1])),
    "empty grid": (fg.InvalidValueError, lambda f: fg.sweep(f, {CLOSING: []})),
    "no grid": (fg.InvalidValueError, lambda f: fg.sweep(f, {})),
    "NaN in a grid": (fg.InvalidValueError, lambda f: fg.sweep(f, {CLOSING: [0.1, NAN]})),
    "infinite grid": (fg.InvalidValueError, lambda f: fg.sweep(f, {REACH: [float("inf")]})),
    "two dimensions": (fg.InvalidValueError, lambda f: fg.sweep(f, {REACH: np.ones((2, 2))})),
    "unknown in a sweep": (fg.UnknownNameError, lambda f: fg.sweep(f, {WRONG: [0.1]})),
    "unknown kind": (fg.UnknownNameError, lambda f: fg.sweep(f, {CLOSING: [0.1]}, kind="ste")),
    "threads below 1": (fg.InvalidValueError, lambda f: fg.sweep(f, {CLOSING: [0.1]}, threads=-1)),
    "group and leaf": (
        fg.ConflictError,
        lambda f: fg.sweep(f, {REACH: [1], fg.volume("reached", channel="zalo"): [1]}),
    ),
    "unequal pairs": (
        fg.InvalidValueError,
        lambda f: fg.sweep(f, {CLOSING: [0.1], REACH: [1, 2]}, paired=True),
    ),
    "unreachable": (
        fg.UnreachableTargetError,
        lambda f: fg.goal_seek(f, CUSTOMERS, target=1e9, vary=CLOSING),
    ),
    "NaN target": (fg.InvalidValueError, lambda f: fg.goal_seek(f, CUSTOMERS, target=NAN, vary=CLOSING)),
    "bounds": (
        fg.InvalidValueError,
        lambda f: fg.goal_seek(f, CUSTOMERS, target=1, vary=REACH, bounds=(2, 1)),
    ),
    "bounds beyond": (
        fg.InvalidValueError,
        lambda f: fg.goal_seek(f, CUSTOMERS, target=1, vary=CLOSING, bounds=(1.5, 2)),
    ),
    "nothing to vary": (fg.InvalidValueError, lambda f: fg.goal_seek(f, CUSTOMERS, target=1, vary=[])),
    "several unreachable": (
        fg.UnreachableTargetError,
        lambda f: fg.goal_seek(f, CUSTOMERS, target=1e6, vary=[CLOSING, fg.rate("order", "customer")]),
    ),
    "never pays": (
        fg.UnreachableTargetError,
        lambda f: fg.break_even(f, fg.Scenario("x").shift(fg.fixed_cost("Sales"), 1)),
    ),
    "no target back": (fg.InvalidValueError, lambda f: fg.back_propagate(f, "customer", NAN)),
    "back from nowhere": (fg.UnknownNameError, lambda f: fg.back_propagate(f, "custmer", 1)),
    "low above high": (
        fg.InvalidValueError,
        lambda f: fg.tornado(f, CUSTOMERS, low_high={CLOSING: (0.5, 0.2)}),
    ),
    "no width": (fg.InvalidValueError, lambda f: fg.tornado(f, CUSTOMERS, relative=0)),
    "no smooth metric": (fg.InvalidValueError, lambda f: fg.sensitivity(f, fg.metric.recoverable())),
    "unknown counterpart": (fg.InvalidValueError, lambda f: fg.sensitivity(f, CUSTOMERS, take_from="leek")),
    "unknown metric of a gradient": (
        fg.UnknownNameError,
        lambda f: fg.sensitivity(f, fg.metric.count("custmer")),
    ),
    "no power of two": (fg.InvalidValueError, lambda f: fg.sobol(f, n=100)),
    "no draws": (fg.InvalidValueError, lambda f: fg.monte_carlo(f, n=0)),
    "NaN in a draw": (
        fg.InvalidValueError,
        lambda f: fg.monte_carlo(f, {CLOSING: fg.Empirical([0.3, NAN])}, n=10),
    ),
    "unknown in a draw": (
        fg.UnknownNameError,
        lambda f: fg.monte_carlo(f, {WRONG: fg.Uniform(0.1, 0.2)}, n=10),
    ),
    "one side": (fg.InvalidValueError, lambda f: fg.disagree({"Sales": f}, CUSTOMERS)),
    "negative budget": (
        fg.InvalidValueError,
        lambda f: fg.allocate(f, budget=-1, responses={REACH: fg.LogResponse(1000, 300)}),
    ),
    "starts below 0": (
        fg.InvalidValueError,
        lambda f: fg.allocate(f, budget=1, responses={REACH: fg.LogResponse(1000, 300)}, starts=-1),
    ),
    "branches below 0": (
        fg.InvalidValueError,
        lambda f: fg.allocate(f, budget=1, responses={REACH: fg.LogResponse(1000, 300)}, branches=-1),
    ),
    "seed below 0": (
        fg.InvalidValueError,
        lambda f: fg.allocate(f, budget=1, responses={REACH: fg.LogResponse(1000, 300)}, seed=-1),
    ),
    "money of nobody": (
        fg.UnknownNameError,
        lambda f: fg.allocate(
            f, budget=1, responses={REACH: fg.LogResponse(1000, 300)}, groups={"xyzzy": (0, 1)}
        ),
    ),
    "money today for what has no response": (
        fg.UnknownNameError,
        lambda f: fg.allocate(
            f, budget=1, responses={REACH: fg.LogResponse(1000, 300)}, current={fg.capacity("order"): 1}
        ),
    ),
    "lags below 0": (fg.InvalidValueError, lambda f: fg.Adstock.geometric(0.5, lags=-1)),
    "money for a rate": (
        fg.InvalidValueError,
        lambda f: fg.allocate(f, budget=1, responses={CLOSING: fg.LogResponse(1000, 300)}),
    ),
    "unknown hours": (
        fg.UnknownNameError,
        lambda f: fg.products_of(fg.SegmentedFunnel({"sandal": f}), hours={"enqiry": 0.5}),
    ),
    "unknown variant": (fg.UnknownNameError, lambda f: fg.Variants(f, [WRONG], [CUSTOMERS])),
    "variant twice": (fg.ConflictError, lambda f: fg.Variants(f, [CLOSING, CLOSING], [CUSTOMERS])),
    "no metric at all": (TypeError, lambda f: fg.compare(f, [QUICK], ["profit"])),  # type: ignore[list-item]
    "no scenario": (TypeError, lambda f: fg.compare(f, ["quick"])),  # type: ignore[list-item]
    "no pair": (TypeError, lambda f: fg.goal_seek(f, CUSTOMERS, target=1, vary=REACH, bounds=3)),  # type: ignore[call-overload]
    "text grid": (TypeError, lambda f: fg.sweep(f, {CLOSING: ["a"]})),
}


@pytest.mark.parametrize("what", BAD)
def test_after_every_failure_the_base_is_as_it_was(what: str) -> None:
    error, call = BAD[what]
    base = shop()
    with pytest.raises(error) as caught:
        call(base)
    text = str(caught.value)
    match caught.value:
        case fg.UnknownNameError():
            assert "did you mean" in text or "known: " in text or "allowed: " in text
        case fg.InvalidValueError():
            assert f"allowed {caught.value.allowed}" in text
        case fg.ConflictError():
            assert caught.value.number in text
        case fg.UnreachableTargetError():
            assert caught.value.low <= caught.value.high
            assert "what is allowed gives from" in text
        case _:
            assert "expected" in text or "takes" in text
    assert base == shop()


def test_a_notebook_shows_sentences_and_tables() -> None:
    """No line of field names and values as long as the page is wide."""
    funnel = fg.datasets.sandal_shop_plan()
    found = fg.goal_seek(funnel, fg.metric.count("delivered"), target=1_200, vary=fg.volume("reached"))
    assert found._repr_html_() == f"<p>{found}</p>"
    dearer = fg.Scenario("Dearer").scale(fg.entry_cost("reached"), 1.1)
    even = fg.break_even(funnel, dearer, vary=fg.rate("enquiry", "order"))
    assert even._repr_html_() == f"<p>{even.text}</p>"

"""Funnels, numbers, lags, parameters and metrics through Python [67, 68]."""

from __future__ import annotations

import copy
import math
import pickle
import unicodedata
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import funnelgraph as fg


@pytest.fixture
def shop() -> fg.Funnel:
    shop = fg.Funnel("Sandal shop", currency="VND", period="week", note="worked case")
    shop.add_owner("Marketing", role="marketing")
    shop.add_owner("Sales", role="sales")
    shop.add_owner("Care", role="care", fixed_cost=3_000_000)
    shop.add_stage("reached", owner="Marketing", unit="people")
    shop.add_stage("engaged", owner="Marketing", labels={"vi": "tương tác"})
    shop.add_stage(
        "enquiry",
        owner={"Marketing": 0.5, "Sales": 0.5},
        involved=["Care"],
        cost=5_000,
        definition="asked price or size",
        accept_if="phone or inbox known",
    )
    shop.add_stage("order", owner="Sales", value=2_000_000, capacity=1_200)
    shop.add_outcome("customer", kind="won", commission=0.02)
    shop.add_outcome("competitor", kind="lost", owner="Outside")
    shop.add_transition("reached", "engaged", rate=fg.measured(0.0356, n=200_000), lag=fg.Lag.zero())
    shop.add_transition("engaged", "enquiry", rate=0.28, lag=fg.Lag.exponential(mean=0.5))
    shop.add_transition(
        "enquiry",
        "order",
        rate=fg.estimated(0.35, by="Sales"),
        lag=fg.Lag.gamma(mean=2, sd=1.5),
        service_level=1.0,
    )
    shop.add_transition("enquiry", "competitor", rate=fg.between(0.1, 0.3))
    shop.add_transition("order", "customer", rate=fg.agreed(0.98, by=["Sales", "Care"]), lag=1)
    shop.add_entry("reached", volume=200_000, cost=150, channel="facebook")
    shop.add_lever("priming", owner="Marketing", value=1.0, reference=1.0)
    shop.add_influence("priming", "enquiry", "order", elasticity=0.4)
    return shop


# ---- funnels -----------------------------------------------------------------------------------------


def test_company_and_outside_are_always_there(shop):
    """Whoever names them need not add them; what is said of them later counts."""
    assert {owner.name: str(owner.role) for owner in shop.owners()}["Outside"] == "outside"
    assert shop.validate() == []
    shop.set_owner("competitor", {"Outside": 0.5, "Company": 0.5})
    shop.add_owner("Company", role="company", fixed_cost=7)
    assert [owner.name for owner in shop.owners()].count("Company") == 1
    assert shop.get(fg.fixed_cost("Company")) == 7
    assert shop.validate() == []
    assert fg.Funnel.from_json(shop.to_json()) == shop


def test_the_shop_of_the_documentation_is_well(shop: fg.Funnel) -> None:
    assert shop.validate() == []
    assert fg.validate(shop) == []
    assert shop.analyze().count("customer") == pytest.approx(200_000 * 0.0356 * 0.28 * 0.35 * 0.98, rel=1e-14)


def test_what_went_in_comes_out(shop: fg.Funnel) -> None:
    stage = shop.stage("enquiry")
    assert stage.name == stage["name"] == stage["stage"] == "enquiry"
    assert stage.owner == {"Marketing": 0.5, "Sales": 0.5}
    assert stage.involved == ("Care",)
    assert (stage.definition, stage.accept_if) == ("asked price or size", "phone or inbox known")
    assert shop.stage("engaged").labels == {"vi": "tương tác"}
    assert shop.stage("order").capacity == 1_200
    assert shop.stage("reached").capacity is None
    assert shop.owner("Care").role is fg.Role.CARE
    assert shop.owner("Care").fixed_cost == 3_000_000
    assert shop.outcome("customer").kind == "won"
    assert shop.outcome("customer").kind is fg.OutcomeKind.WON
    transition = shop.transition("enquiry", "order")
    assert (transition.source, transition["from"], transition.target, transition["to"]) == (
        *("enquiry", "enquiry", "order", "order"),
    )
    assert transition.rate.by == ("Sales",)
    assert transition.lag == fg.Lag.gamma(mean=2, sd=1.5)
    assert shop.lever("priming").reference == 1
    assert [dict(row) for row in shop.influences()] == [
        {"lever": "priming", "from": "enquiry", "to": "order", "elasticity": 0.4}
    ]
    assert shop.info.currency == shop.currency == "VND"
    with pytest.raises(AttributeError, match="immutable"):
        stage.cost = 3  # type: ignore[assignment]


def test_parts_are_tables_and_typed_rows(shop: fg.Funnel) -> None:
    stages = shop.stages()
    assert list(stages["stage"]) == [stage.name for stage in stages] == [stage["name"] for stage in stages]
    assert stages.to_pandas().loc[3, "capacity"] == 1_200
    assert stages.columns[0] == "stage"
    assert stages["drop_off"][2] == pytest.approx(0.45)
    from_enquiry = shop.transitions(source="enquiry")
    assert [t.target for t in from_enquiry] == ["order", "competitor"]
    assert [t.source for t in shop.transitions(target="competitor")] == ["enquiry"]
    assert from_enquiry.row(to="order").lag == fg.Lag.gamma(mean=2, sd=1.5)
    assert from_enquiry.sort_by("rate")[0].target == "competitor"
    assert [t.target for t in from_enquiry.filter(lambda t: t.rate > 0.3)] == ["order"]
    assert "rate=estimated(0.35, by='Sales')" in repr(from_enquiry[0])
    assert list(shop.entries()["channel"]) == ["facebook"]
    assert list(shop.levers()["lever"]) == ["priming"]
    assert list(shop.owners()["role"]) == ["marketing", "sales", "care", "outside"]
    assert list(shop.outcomes()["kind"]) == ["won", "lost"]
    with pytest.raises(fg.UnknownNameError, match="enquiry"):
        shop.transitions(source="enqiry")


def test_get_and_set(shop: fg.Funnel) -> None:
    rate = fg.rate("enquiry", "order")
    assert shop.get(rate) == 0.35
    assert shop.get_number(rate) == fg.estimated(0.35, by="Sales")
    shop.set(rate, 0.4)
    assert shop.get_number(rate).source == "assumed"
    assert shop.get(fg.drop_off("enquiry")) == pytest.approx(0.4)
    shop.set(fg.lag("enquiry", "order"), timedelta(days=4))
    assert shop.get(fg.lag_sd("enquiry", "order")) == pytest.approx(3)
    shop.set(fg.service_level("enquiry", "order"), fg.agreed(timedelta(hours=12), by="Sales"))
    assert shop.get_number(fg.service_level("enquiry", "order")) == fg.agreed(0.5, by="Sales")
    with pytest.raises(fg.InvalidValueError):
        shop.set(rate, 1.5)
    with pytest.raises(fg.UnknownNameError, match="order"):
        shop.set(fg.rate("enquiry", "ordr"), 0.1)
    assert shop.get(rate) == 0.4
    with pytest.raises(TypeError, match=r"fg\.rate"):
        shop.get("rate")  # type: ignore[arg-type]


def test_a_group_scales_its_leaves(shop: fg.Funnel) -> None:
    shop.add_entry("reached", volume=50_000, channel="search")
    group = fg.volume("reached")
    assert shop.get(group) == 250_000
    assert set(shop.leaves(group)) == {fg.volume("reached", c) for c in ("facebook", "search")}
    shop.set(group, 500_000)
    assert shop.get(fg.volume("reached", channel="search")) == 100_000


def test_ownership_of_numbers(shop: fg.Funnel) -> None:
    assert shop.ownership(fg.rate("enquiry", "order")) == {"Marketing": 0.5, "Sales": 0.5}
    assert shop.ownership(fg.lever("priming")) == {"Marketing": 1.0}
    assert shop.ownership(fg.value("customer")) == {}
    assert fg.rate("enquiry", "order") in shop.parameters()


def test_equality_and_copies(shop: fg.Funnel) -> None:
    for other in (fg.Funnel(shop), copy.copy(shop), copy.deepcopy(shop), pickle.loads(pickle.dumps(shop))):
        assert other == shop
        assert other is not shop
        other.set(fg.rate("enquiry", "order"), 0.36)
        assert other != shop
    assert shop.get(fg.rate("enquiry", "order")) == 0.35
    assert shop != 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(shop)
    with pytest.raises(TypeError, match="copies it as it is"):
        fg.Funnel(shop, currency="EUR")


def test_the_order_of_adding_does_not_matter() -> None:
    a, b = fg.Funnel("x"), fg.Funnel("x")
    for funnel, names in ((a, ("one", "two")), (b, ("two", "one"))):
        for name in names:
            funnel.add_stage(name)
    assert a == b


def test_names_are_compared_in_one_normal_form() -> None:
    funnel = fg.Funnel("x")
    funnel.add_stage("tư vấn")
    decomposed = unicodedata.normalize("NFD", "tư vấn")
    assert decomposed != "tư vấn"
    assert funnel.stage(decomposed).name == "tư vấn"
    assert fg.cost(decomposed) == fg.cost("tư vấn")


def test_changing_structure(shop: fg.Funnel) -> None:
    shop.rename_stage("order", "purchase")
    assert shop.transition("enquiry", "purchase").rate == 0.35
    assert shop.influences()[0].target == "purchase"
    shop.rename_stages({"purchase": "engaged", "engaged": "purchase"})
    assert shop.stage("engaged").value == 2_000_000
    shop.rename_stages({"purchase": "engaged", "engaged": "purchase"})
    shop.rename_owner("Sales", "Kinh doanh")
    assert shop.stage("purchase").owner == "Kinh doanh"
    shop.rename_outcome("customer", "khách hàng")
    assert shop.outcome("khách hàng").kind == "won"
    shop.rename_lever("priming", "brand")
    assert shop.ownership(fg.elasticity("brand", "enquiry", "purchase")) == {"Marketing": 1.0}
    shop.set_owner("purchase", {"Kinh doanh": 0.75, "Care": 0.25})
    assert shop.stage("purchase").owner == {"Kinh doanh": 0.75, "Care": 0.25}
    shop.set_owner("purchase", None)
    assert shop.stage("purchase").owner is None
    shop.remove_transition("enquiry", "competitor")
    assert shop.get(fg.drop_off("enquiry")) == pytest.approx(0.65)
    shop.remove_outcome("competitor")
    shop.remove_lever("brand")
    assert len(shop.influences()) == 0
    shop.remove_stage("purchase")
    assert shop.get(fg.drop_off("enquiry")) == 1
    shop.remove_entry("reached", channel="facebook")
    assert len(shop.entries()) == 0
    with pytest.raises(fg.UnknownNameError):
        shop.remove_stage("purchase")
    with pytest.raises(fg.InvalidValueError):
        shop.rename_stage("engaged", "enquiry")


def test_updating_fields(shop: fg.Funnel) -> None:
    before = shop.stage("order")
    shop.update_stage("order", definition="paid in full", capacity=None)
    after = shop.stage("order")
    assert (after.definition, after.capacity, after.value) == ("paid in full", None, before.value)
    shop.update_outcome("customer", value=5, kind="Won")
    assert shop.outcome("customer").value == 5
    shop.update_owner("Sales", name="Kinh doanh", role=fg.Role.SALES)
    assert shop.stage("order").owner == "Kinh doanh"
    shop.update_transition("enquiry", "order", lag=timedelta(days=3))
    assert shop.transition("enquiry", "order").rate == fg.estimated(0.35, by="Kinh doanh")
    shop.update_lever("priming", value=1.2)
    assert shop.get(fg.lever("priming")) == 1.2
    with pytest.raises(fg.UnknownNameError, match="capacity"):
        shop.update_stage("order", capcity=3)


def test_a_new_rate_forgets_what_was_observed(shop: fg.Funnel) -> None:
    shop.update_transition("engaged", "enquiry", observed=(28, 100, 0))
    assert shop.transition("engaged", "enquiry").observed == (28, 100, 0)
    assert shop.transitions()["entered"][1] == 100
    shop.update_transition("engaged", "enquiry", rate=0.3)
    assert shop.transition("engaged", "enquiry").observed is None


def test_views(shop: fg.Funnel) -> None:
    shop.add_view("buyer", stages={"enquiry": "I ask", "order": "I buy"})
    assert shop.views() == {"buyer": {"enquiry": "I ask", "order": "I buy"}}
    seen = shop.relabel("buyer")
    assert [stage.name for stage in seen.stages()] == ["reached", "engaged", "I ask", "I buy"]
    assert seen.relabel("buyer") == shop
    shop.remove_view("buyer")
    assert shop.views() == {}


def test_validation_lists_every_problem_at_once() -> None:
    funnel = fg.Funnel("broken")
    funnel.add_stage("a", owner="Nobody", cost=-1)
    funnel.add_stage("leak")
    funnel.add_transition("a", "b", rate=1.5)
    issues = funnel.validate()
    errors = [issue for issue in issues if issue.severity is fg.Severity.ERROR]
    assert len({issue.code for issue in errors}) >= 4
    assert all(issue.where and issue.message for issue in issues)
    severity, where, message = errors[0][:3]
    assert (severity, where, message) == (errors[0].severity, errors[0].where, errors[0].message)
    assert pickle.loads(pickle.dumps(issues)) == issues


def test_repr_looks_like_the_constructor(shop: fg.Funnel) -> None:
    text = repr(shop)
    assert text == "Funnel('Sandal shop', currency='VND', note='worked case', period='week')"
    assert eval(text, {"Funnel": fg.Funnel}).info == shop.info
    assert "5 transitions" in str(shop)
    assert "competitor" in str(shop)
    shop.name = "<script>"
    assert "<script>" not in shop._repr_html_()


def test_networkx(shop: fg.Funnel) -> None:
    graph = shop.to_networkx()
    assert isinstance(graph, nx.DiGraph)
    assert set(graph) == {"reached", "engaged", "enquiry", "order", "customer", "competitor"}
    assert graph.nodes["reached"]["volume"] == 200_000
    assert graph.nodes["customer"]["part"] == "outcome"
    assert graph.edges["enquiry", "order"]["weight"] == 0.35
    assert nx.shortest_path(graph, "reached", "customer") == [
        *("reached", "engaged", "enquiry", "order", "customer"),
    ]


@pytest.mark.parametrize("name", ["buying_funnel", "demand_waterfall", "online_shop", "pharmacy_channel"])
def test_reference_funnels(name: str) -> None:
    funnel = getattr(fg.reference, name)()
    assert [issue for issue in funnel.validate() if issue.severity == "error"] == []
    assert funnel == fg.reference.by_name(name)
    assert funnel.note
    assert len(fg.analyze(funnel).owners) >= 2
    assert pickle.loads(pickle.dumps(funnel)) == funnel


def test_an_unknown_reference_funnel_names_the_nearest() -> None:
    with pytest.raises(fg.UnknownNameError, match="online_shop"):
        fg.reference.by_name("onlin_shop")


# ---- segments ----------------------------------------------------------------------------------------


def test_segments_are_a_dictionary_of_copies(shop: fg.Funnel) -> None:
    both = fg.SegmentedFunnel({"city B": shop, "city A": fg.Funnel("a")})
    assert list(both) == ["city A", "city B"]
    assert len(both) == 2
    assert both["city B"] == shop
    shop.name = "another"
    assert both["city B"] != shop
    assert both == copy.deepcopy(both) == pickle.loads(pickle.dumps(both))
    assert fg.SegmentedFunnel.from_json(both.to_json()) == both
    both["city C"] = shop
    del both["city A"]
    assert list(both.items()) == [("city B", both["city B"]), ("city C", shop)]
    assert "city A" not in both
    assert dict(both)["city C"] == shop
    with pytest.raises(fg.UnknownNameError, match="city B"):
        both["city X"]
    with pytest.raises(KeyError):
        del both["Huế"]
    with pytest.raises(TypeError, match="Funnel, not int"):
        both["city D"] = 3  # type: ignore[assignment]


# ---- numbers -----------------------------------------------------------------------------------------


def test_numbers_are_floats_that_know_their_source() -> None:
    rate = fg.measured(0.25, n=400, interval=(0.2, 0.3))
    assert isinstance(rate, float)
    assert rate * 2 == 0.5
    assert f"{rate:.1%}" == "25.0%"
    assert (rate.source, rate.n, rate.interval) == (fg.SourceKind.MEASURED, 400, (0.2, 0.3, 0.95))
    assert rate == 0.25
    assert rate != fg.measured(0.25, n=401)
    assert rate != fg.placeholder(0.25)
    assert hash(rate) == hash(0.25)
    assert type(rate.value) is float
    assert type(float(rate)) is float
    assert math.fsum([rate, rate]) == 0.5
    for number in (rate, fg.agreed(1, by=["a", "b"]), fg.between(1, 2), fg.estimated(3, by="x")):
        assert pickle.loads(pickle.dumps(number)) == number
        assert copy.deepcopy(number) is number
    with pytest.raises(AttributeError, match="immutable"):
        rate.n = 3


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (fg.measured(0.25, n=400), "measured(0.25, n=400)"),
        (fg.measured(0.25, n=4, interval=(0, 1)), "measured(0.25, n=4, interval=(0, 1))"),
        (fg.agreed(0.98, by=["Sales", "Care"]), "agreed(0.98, by=['Sales', 'Care'])"),
        (fg.estimated(3, by="Sales"), "estimated(3, by='Sales')"),
        (fg.placeholder(0.1), "placeholder(0.1)"),
        (fg.between(0.1, 0.3), "between(0.1, 0.3)"),
    ],
)
def test_numbers_show_as_code(number: fg.Number, code: str) -> None:
    assert repr(number) == code
    names = {
        name: getattr(fg, name) for name in ("measured", "agreed", "estimated", "placeholder", "between")
    }
    assert eval(code, names) == number


def test_numbers_out_of_range() -> None:
    for make in (
        lambda: fg.measured(1, n=-1),
        lambda: fg.measured(1, n=math.inf),
        lambda: fg.agreed(1, by=[]),
        lambda: fg.estimated(1, by=[]),
        lambda: fg.between(2, 1),
        lambda: fg.between(0, math.inf),
    ):
        with pytest.raises(fg.InvalidValueError):
            make()


@pytest.mark.parametrize(
    "number",
    [5, 5.0, np.float64(5), np.float32(5), np.int64(5), np.uint8(5), np.array(5.0), Decimal(5), Fraction(5)],
)
def test_whatever_is_one_number_is_taken(number: Any) -> None:
    funnel = fg.Funnel("x")
    funnel.add_stage("a", cost=number)
    assert funnel.get(fg.cost("a")) == 5


@pytest.mark.parametrize(
    "other",
    ["5", b"5", True, np.True_, None, [5], np.array([5.0]), timedelta(5), np.timedelta64(5, "D"), object()],
)
def test_what_is_no_number_is_refused(other: Any) -> None:
    funnel = fg.Funnel("x")
    with pytest.raises(TypeError, match="cost= takes a number"):
        funnel.add_stage("a", cost=other)
    assert len(funnel.stages()) == 0


# ---- lags --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "half_a_day",
    [
        0.5,
        timedelta(hours=12),
        pd.Timedelta("12h"),
        np.timedelta64(12, "h"),
        np.timedelta64(43_200_000_000_000, "ns"),
        np.array(np.timedelta64(720, "m")),
        fg.measured(timedelta(hours=12), n=3),
    ],
)
def test_durations(half_a_day: Any) -> None:
    funnel = fg.Funnel("x")
    funnel.add_transition("a", "b", rate=1, lag=half_a_day, service_level=half_a_day)
    assert funnel.get(fg.lag("a", "b")) == 0.5
    assert funnel.get(fg.service_level("a", "b")) == 0.5
    assert fg.Lag.exponential(mean=half_a_day).mean == 0.5
    assert fg.Lag.gamma(mean=half_a_day, sd=half_a_day).sd == 0.5


@pytest.mark.parametrize(
    "other", ["2d", True, np.timedelta64(1, "M"), np.timedelta64(1, "Y"), [1], pd.Series([1])]
)
def test_what_is_no_duration_is_refused(other: Any) -> None:
    funnel = fg.Funnel("x")
    with pytest.raises(TypeError, match=r"lag= takes an fg\.Lag, a number of days"):
        funnel.add_transition("a", "b", rate=1, lag=other)


def test_lags() -> None:
    lags = [
        fg.Lag.unknown(),
        fg.Lag.zero(),
        fg.Lag.deterministic(2),
        fg.Lag.exponential(mean=fg.between(1, 3)),
        fg.Lag.gamma(mean=2, sd=1.5),
        fg.Lag.lognormal(mean=2, sd=1.5),
        fg.Lag.weibull(mean=2, sd=1.5),
        fg.Lag.empirical([(0, 0), (0.5, timedelta(days=1)), (1, 4)]),
    ]
    assert len(set(lags)) == len(lags)
    for lag in lags:
        assert pickle.loads(pickle.dumps(lag)) == lag
        assert eval(repr(lag), {"Lag": fg.Lag, "between": fg.between}) == lag
        assert lag.family in set(fg.LagFamily)
    assert math.isnan(lags[0].mean)
    assert lags[3].mean.source == "assumed"
    assert lags[7].quantiles == ((0, 0), (0.5, 1), (1, 4))
    assert lags[7].mean == pytest.approx(0.5 * 0.5 + 0.5 * 2.5, rel=1e-14)
    for quantiles in ([(0, 1)], [(0, 2), (1, 1)], [(0.5, 1), (1, 2)], [(0, -1), (1, 2)]):
        with pytest.raises(fg.InvalidValueError):
            fg.Lag.empirical(quantiles)
    with pytest.raises(TypeError, match="pairs"):
        fg.Lag.empirical([1, 2])  # type: ignore[list-item]


# ---- parameters and metrics --------------------------------------------------------------------------

PARAMETERS = [
    fg.rate("a", "b"),
    fg.drop_off("a"),
    fg.lag("a", "b"),
    fg.lag_sd("a", "b"),
    fg.cost("a"),
    fg.value("a"),
    fg.commission("a"),
    fg.transition_cost("a", "b"),
    fg.transition_value("a", "b"),
    fg.volume("a"),
    fg.volume("a", channel="b"),
    fg.entry_cost("a"),
    fg.entry_cost("a", channel="b"),
    fg.capacity("a"),
    fg.service_level("a", "b"),
    fg.lever("a"),
    fg.elasticity("l", "a", "b"),
    fg.fixed_cost("a"),
    fg.discount_rate(),
]


def test_parameters_are_values() -> None:
    assert len(set(PARAMETERS)) == len(PARAMETERS)
    for parameter in PARAMETERS:
        assert eval(repr(parameter), vars(fg).copy()) == parameter
        assert pickle.loads(pickle.dumps(parameter)) == parameter
    assert sorted(PARAMETERS, key=hash) != sorted(PARAMETERS) == sorted(sorted(PARAMETERS, key=hash))
    assert str(fg.rate("enquiry", "order")) == "rate(enquiry, order)"
    assert fg.volume("a", "b") == fg.volume("a", channel="b") != fg.volume("a")
    with pytest.raises(TypeError, match="text"):
        fg.rate("a", 3)  # type: ignore[arg-type]


METRICS = [
    fg.metric.count("customer"),
    fg.metric.probability("customer"),
    fg.metric.visits("order"),
    fg.metric.revenue(),
    fg.metric.cost(),
    fg.metric.profit(),
    fg.metric.cost_per("customer"),
    fg.metric.time_to(),
    fg.metric.time_to("customer"),
    fg.metric.recoverable(),
    fg.metric.recoverable("Sales"),
    fg.metric.lifetime_value(),
    fg.metric.lifetime_value(timedelta(days=90)),
    fg.metric.ratio(fg.metric.profit(), fg.metric.cost()),
    fg.metric.revenue() - 2 * fg.metric.count("customer"),
]


def test_metrics_are_values() -> None:
    assert len(set(METRICS)) == len(METRICS)
    for metric in METRICS:
        assert eval(repr(metric), {"metric": fg.metric}) == metric
        assert pickle.loads(pickle.dumps(metric)) == metric
    m = fg.metric
    assert m.revenue() + m.cost() == m.cost() + m.revenue()
    assert m.cost() + m.cost() == 2 * m.cost()
    assert -m.cost() == -1 * m.cost()
    assert m.cost() / 2 == 0.5 * m.cost()
    assert m.profit() / m.cost() == m.ratio(m.profit(), m.cost())
    assert m.lifetime_value(timedelta(days=90)).horizon == 90
    with pytest.raises(fg.InvalidValueError):
        m.lifetime_value(-1)
    with pytest.raises(TypeError):
        m.profit() + 3  # type: ignore[operator]


# ---- enums -------------------------------------------------------------------------------------------


def test_options_take_names_in_any_case() -> None:
    funnel = fg.Funnel("x")
    funnel.add_owner("a", role="R and D")
    funnel.add_owner("b", role=fg.Role.SALES)
    funnel.add_owner("c", role="SALES")
    assert [owner.role for owner in funnel.owners()] == [fg.Role.R_AND_D, fg.Role.SALES, fg.Role.SALES]
    assert fg.Role("Sales") is fg.Role.SALES
    with pytest.raises(fg.UnknownNameError, match=r"'salse'; did you mean 'sales'\?"):
        funnel.add_owner("d", role="salse")
    with pytest.raises(
        fg.UnknownNameError, match=r"unknown role 'boss'.* allowed: .*\bmarketing\b.*\bsales\b"
    ):
        funnel.add_owner("d", role="boss")
    with pytest.raises(fg.UnknownNameError, match=r"unknown outcome kind 'screend'.*'screened'"):
        fg.OutcomeKind("screend")
    with pytest.raises(TypeError, match="text"):
        funnel.add_outcome("e", kind=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="3"):
        fg.Role(3)

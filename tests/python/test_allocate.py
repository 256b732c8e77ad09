"""Response curves, allocation and product choice from Python; the same splits as SciPy finds."""

from __future__ import annotations

import copy
import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funnelgraph as fg

ORACLE = json.loads(
    (Path(__file__).resolve().parents[1] / "oracles" / "response.json").read_text(encoding="utf-8")
)
FACEBOOK = fg.volume("reached", channel="facebook")
SEARCH = fg.volume("reached", channel="search")
SALES = fg.capacity("enquiry")
PRIMING = fg.lever("priming")


@pytest.fixture
def shop() -> fg.Funnel:
    """Two channels, a stage that can be full, and a lever."""
    shop = fg.Funnel("Sandal shop", currency="VND", period="week")
    shop.add_owner("Marketing", role="marketing")
    shop.add_owner("Sales", role="sales")
    shop.add_stage("reached", owner="Marketing")
    shop.add_stage("enquiry", owner="Sales", capacity=300)
    shop.add_outcome("customer", kind="won", value=50)
    shop.add_transition("reached", "enquiry", rate=0.4)
    shop.add_transition("enquiry", "customer", rate=0.5)
    shop.add_entry("reached", volume=100, channel="facebook")
    shop.add_entry("reached", volume=80, channel="search")
    shop.add_lever("priming", owner="Marketing")
    shop.add_influence("priming", "enquiry", "customer", elasticity=0.6)
    return shop


def test_curves_of_the_oracle() -> None:
    """Hill, ADBUDG and adstock give the reference figures."""
    hill = ORACLE["hill"]
    curve = fg.Hill(half_saturation=hill["half_saturation"], slope=hill["slope"])
    np.testing.assert_allclose(curve.value(np.array(hill["at"])), hill["expect"], rtol=1e-14)
    judged = ORACLE["adbudg"]
    share = fg.Adbudg.from_judgement(
        minimum=judged["min"], maximum=judged["max"], at_1=judged["share_at_1"], at_1_5=judged["share_at_1_5"]
    )
    assert share.value(2) == pytest.approx(judged["expect"]["share_at_2"], rel=judged["tolerance"])
    adstock = ORACLE["adstock"]
    carried = fg.Adstock.geometric(
        adstock["retention"], lags=adstock["lags"], normalised=adstock["normalised"]
    )
    np.testing.assert_allclose(carried.transform(adstock["spend"]), adstock["expect"], atol=1e-12)


@pytest.mark.parametrize(
    "response",
    [
        fg.Hill(50, 2, minimum=3, maximum=80),
        fg.Adbudg(0, 2, gamma=1.5, delta=0.7, reference=30),
        fg.LogResponse(7, 12),
        fg.PowerResponse(3, 0.4, unit=20, minimum=1),
        fg.LinearResponse(0.25, minimum=4),
        fg.Hill(50, 2, adstock=fg.Adstock.weibull(shape=2, scale=3, lags=9, normalised=False)),
    ],
    ids=repr,
)
def test_a_response_is_a_value(response: fg.Response) -> None:
    """Equality, hash, repr, pickle, inverse."""
    assert eval(repr(response), {**vars(fg)}) == response
    for copied in (pickle.loads(pickle.dumps(response)), copy.deepcopy(response)):
        assert copied == response
        assert hash(copied) == hash(response)
    assert response.inverse(response.value(40)) == pytest.approx(40, rel=1e-12)
    assert response(40) == response.value(40)
    assert response.through(40, response.minimum + 9).value(40) == pytest.approx(response.minimum + 9)
    assert response.concave == (response.inflection == 0)
    with pytest.raises(AttributeError):
        response.minimum = 3  # type: ignore[misc]


def test_bad_curves() -> None:
    """Typed errors that say what is allowed."""
    for make in (
        lambda: fg.Hill(0),
        lambda: fg.Hill(5, math.nan),
        lambda: fg.Hill(5, minimum=2, maximum=1),
        lambda: fg.PowerResponse(1, 1.2),
        lambda: fg.LogResponse(1, -1),
        lambda: fg.Adstock.geometric(1),
        lambda: fg.Adbudg.from_judgement(minimum=0, maximum=1, at_1=0.6, at_1_5=0.5),
        lambda: fg.Hill(5).value(-1),
    ):
        with pytest.raises(fg.InvalidValueError):
            make()
    with pytest.raises(TypeError, match="number"):
        fg.Hill("50")  # type: ignore[arg-type]


def _slsqp(shop: fg.Funnel, plan: fg.Allocation, responses: dict[Any, fg.Response], budget: float) -> float:
    """Return the best metric that SciPy finds from the plan's neighbourhood and elsewhere."""
    optimize = pytest.importorskip("scipy.optimize")
    keys = list(responses)

    def metric(x: np.ndarray) -> float:
        scenario = fg.Scenario("x")
        for key, money in zip(keys, x * budget, strict=True):
            scenario = scenario.set(key, responses[key].value(max(0.0, money)))
        return -fg.evaluate(shop.apply(scenario), fg.metric.profit())

    def room(x: np.ndarray) -> float:
        rates = [responses[key].value(max(0.0, m)) for key, m in zip(keys, x * budget, strict=True)]
        seats = rates[keys.index(SALES)] if SALES in keys else 300
        return (seats - 0.4 * (rates[0] + rates[1])) / 300

    scale = abs(plan.metric_after)
    best = -math.inf
    generator = np.random.default_rng(3)
    for _ in range(6):
        found = optimize.minimize(
            lambda x: metric(x) / scale,
            generator.dirichlet(np.ones(len(keys))),
            method="SLSQP",
            bounds=[(0, 1)] * len(keys),
            constraints=[
                {"type": "ineq", "fun": lambda x: 1 - x.sum()},
                {"type": "ineq", "fun": room},
            ],
            options={"ftol": 1e-12, "maxiter": 400},
        )
        if room(found.x) > -1e-9 and found.x.sum() < 1 + 1e-9:
            best = max(best, -found.fun * scale)
    return best


@pytest.mark.parametrize("with_lever", [False, True])
def test_scipy_finds_nothing_better(shop: fg.Funnel, with_lever: bool) -> None:
    """SLSQP on the same problem, with whole funnels, ends at most at the same metric. [51]"""
    budget = 4_000.0
    responses: dict[Any, fg.Response] = {
        FACEBOOK: fg.Hill(900, 0.9, maximum=900),
        SEARCH: fg.LogResponse(150, 300),
        SALES: fg.LinearResponse(0.1, minimum=200),
    }
    if with_lever:
        responses[PRIMING] = fg.Hill(700, 1.4, minimum=1, maximum=2)
    plan = fg.allocate(shop, budget=budget, responses=responses)
    assert plan.feasible
    best = _slsqp(shop, plan, responses, budget)
    assert plan.metric_after >= best * (1 - 1e-8)
    assert plan.metric_after <= best * (1 + 1e-4)  # SciPy gets there too
    assert plan.guarantee == ("local" if with_lever else "global")
    for row in plan.table:
        if row.at_bound == "":
            assert row.net_marginal == pytest.approx(plan.shadow_price, rel=1e-5)


def test_a_plan_is_a_scenario(shop: fg.Funnel) -> None:
    """It applies, its numbers are estimated, and the base stays as it was."""
    before = shop.copy()
    plan = fg.allocate(
        shop,
        budget=2_000,
        responses={FACEBOOK: fg.Hill(900, maximum=900), SEARCH: fg.LogResponse(150, 300)},
        bounds={FACEBOOK: (100, None)},
        groups={"Marketing": (0, 1_500), (SEARCH,): (0, 700)},
        current={FACEBOOK: 500},
        name="spring",
    )
    assert shop == before
    assert plan.scenario.name == "spring"
    under = shop.apply(plan.scenario)
    assert fg.evaluate(under, fg.metric.profit()) == pytest.approx(plan.metric_after)
    assert under.get(FACEBOOK) == plan.table[0].after
    value = plan.scenario.changes[0].value
    assert value is not None
    assert value.source == fg.SourceKind.ESTIMATED
    assert plan.spent == pytest.approx(1_500)
    assert plan.unspent == pytest.approx(500)
    assert list(plan.spend) == [FACEBOOK, SEARCH]
    assert [row.group for row in plan.groups] == ["Marketing", repr(SEARCH)]
    assert plan.capacities[0].stage == "enquiry"
    assert "spring" in repr(plan)
    assert plan._repr_html_().startswith("<p>")
    assert any("today's money" in note for note in plan.notes)


def test_adbudg_and_adstock_in_an_allocation(shop: fg.Funnel) -> None:
    """ADBUDG is Hill with half_saturation = reference delta^(1 / gamma); steady money has its adstock."""
    decaying = fg.Adstock.geometric(0.5, normalised=False)  # 1 + 1/2 + 1/4 + ... = 2
    said: dict[Any, fg.Response] = {
        FACEBOOK: fg.Adbudg(0, 600, gamma=2, delta=4, reference=450),
        SEARCH: fg.LogResponse(150, 300, adstock=decaying),
    }
    same: dict[Any, fg.Response] = {FACEBOOK: fg.Hill(900, 2, maximum=600), SEARCH: fg.LogResponse(150, 150)}
    plan, other = (
        fg.allocate(shop, budget=2_000, responses=responses, respect_capacity=False)
        for responses in (said, same)
    )
    assert plan.guarantee == "global"
    assert min(plan.table["spend"]) > 300
    np.testing.assert_allclose(plan.table["spend"], other.table["spend"], rtol=1e-7)
    assert plan.metric_after == pytest.approx(other.metric_after, rel=1e-12)


def test_several_budgets_and_given_plans(shop: fg.Funnel) -> None:
    """Plans side by side, each with its shadow price."""
    responses: dict[Any, fg.Response] = {FACEBOOK: fg.LogResponse(100, 300), SEARCH: fg.LogResponse(60, 100)}
    plans = fg.allocate(shop, budget=[500, 1_000], responses=responses, respect_capacity=False)
    naive = fg.allocation_at(shop, {FACEBOOK: 500, SEARCH: 500}, responses=responses, name="half each")
    table = fg.compare_plans(shop, [*plans, naive], metrics=[fg.metric.profit(), fg.metric.count("customer")])
    assert list(table["plan"]) == ["as it is", "allocation of 500", "allocation of 1,000", "half each"]
    profit = table["profit()"]
    assert profit[2] > profit[1]
    assert profit[2] >= profit[3]
    assert naive.guarantee == "none"
    assert math.isnan(naive.shadow_price)


def test_cities_share_a_budget(shop: fg.Funnel) -> None:
    """A SegmentedFunnel, with groups by segment. [44]"""
    poor = shop.copy()
    poor.set(fg.rate("enquiry", "customer"), 0.25)
    cities = fg.SegmentedFunnel({"Hanoi": shop, "Hue": poor})
    responses: dict[Any, fg.Response] = {
        (city, FACEBOOK): fg.LogResponse(100, 500) for city in ("Hanoi", "Hue")
    }
    plan = fg.allocate(cities, budget=3_000, responses=responses, respect_capacity=False)
    first, second = plan.table["spend"]
    assert (500 + first) / (500 + second) == pytest.approx(2, rel=1e-7)
    assert set(plan.scenarios) == {"Hanoi", "Hue"}
    with pytest.raises(fg.InvalidValueError):
        _ = plan.scenario
    held = fg.allocate(
        cities, budget=3_000, responses=responses, respect_capacity=False, groups={"Hue": (2_000, None)}
    )
    assert held.spend["Hue", FACEBOOK] == pytest.approx(2_000)


def test_bad_allocations(shop: fg.Funnel) -> None:
    """Typed errors, and the base unchanged."""
    before = shop.copy()
    curve = fg.LogResponse(100, 300)
    good: dict[str, Any] = {"budget": 1_000, "responses": {FACEBOOK: curve, SEARCH: curve}}
    for change, error, says in [
        ({"budget": -1}, fg.InvalidValueError, "budget"),
        ({"budget": math.nan}, fg.InvalidValueError, "budget"),
        ({"budget": "much"}, TypeError, "number"),
        ({"responses": {}}, fg.InvalidValueError, "response"),
        ({"responses": {FACEBOOK: 3}}, TypeError, "fg.Hill"),
        ({"responses": {fg.volume("reach"): curve}}, fg.UnknownNameError, "reach"),
        ({"responses": {fg.rate("reached", "enquiry"): curve}}, fg.InvalidValueError, "a lever"),
        ({"bounds": {FACEBOOK: (3, 2)}}, fg.InvalidValueError, "at least low"),
        ({"bounds": {FACEBOOK: (2_000, None)}}, fg.InvalidValueError, "at most the budget"),
        ({"bounds": {SALES: (0, 1)}}, fg.UnknownNameError, "capacity"),
        ({"bounds": {FACEBOOK: 3}}, TypeError, "least, most"),
        ({"groups": {"Marketin": (0, 1)}}, fg.UnknownNameError, "Marketing"),
        ({"groups": {"Sales": (0, 1)}}, fg.InvalidValueError, "no spending"),
        ({"groups": {"Marketing": (2_000, None)}}, fg.InvalidValueError, "group Marketing"),
        ({"maximise": "profit"}, TypeError, "metric"),
    ]:
        with pytest.raises(error, match=says):
            fg.allocate(shop, **{**good, **change})
        assert shop == before


def test_product_choice() -> None:
    """A quota on revenue pushes the deal, a goal by margin the list price. [51]"""
    products = [
        fg.Product("sandal", 300, 200, 0.15, 0.5, deal_price=220, deal_closing=0.5),
        fg.Product("boot", 900, 400, 0.1, 1.0, deal_price=700, deal_closing=0.15),
    ]
    schemes = [
        fg.Reward("Sales", quota=15_000, bonus=500),
        fg.Reward("Marketing", "margin", 1.0, scarce="enquiries", paid=False),
    ]
    choice = fg.product_choice(products, schemes=schemes, hours=100)
    assert choice.sides.row(side="Sales").loss == pytest.approx(3_500)
    assert choice.sides.row(side="Sales").quota_reached
    assert [row.product for row in choice.ranking if row.rank == 1] == ["boot", "sandal", "boot"]
    assert choice.mixes.row(side="Sales").hours == pytest.approx(100)
    assert "sandal at deal price" in str(choice)
    for bad in (
        {"products": []},
        {"schemes": [fg.Reward("Sales")]},
        {"schemes": [fg.Reward("Sales", share=2)]},
        {"hours": math.nan},
    ):
        given: dict[str, Any] = {"products": products, "schemes": schemes, **bad}
        rows = given.pop("products")
        with pytest.raises(fg.InvalidValueError):
            fg.product_choice(rows, **given)
    with pytest.raises(fg.UnknownNameError, match="revenue"):
        fg.product_choice(products, schemes=[fg.Reward("Sales", "revenu", 0.1)])


def test_products_of_funnels(shop: fg.Funnel) -> None:
    """One funnel a product, at list and at deal price. [51]"""
    shop.remove_entry("reached", channel="facebook")
    deal = shop.copy()
    deal.set(fg.value("customer"), 40)
    deal.set(fg.rate("enquiry", "customer"), 0.8)
    found = fg.products_of(
        fg.SegmentedFunnel({"sandal": shop}),
        deals=fg.SegmentedFunnel({"sandal": deal}),
        hours={"enquiry": 0.5},
        start="enquiry",
    )
    assert found == [
        fg.Product(
            "sandal", 50, 0, 0.5, 0.5, deal_price=40, deal_closing=0.8, deal_hours=0.5, deal_unit_cost=0
        )
    ]
    with pytest.raises(fg.UnknownNameError, match="enquiry"):
        fg.products_of(fg.SegmentedFunnel({"sandal": shop}), hours={"enqiry": 0.5})

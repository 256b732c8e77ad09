"""Scenarios from Python: what the core computes arrives unchanged, and feels like Python."""

from __future__ import annotations

import copy
import json
import math
import pickle
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support import funnel_of

import funnelgraph as fg

ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "funnels.json"
OPERATIONS = json.loads(ORACLE.read_text(encoding="utf-8"))["operations"]
CLOSING = fg.rate("enquiry", "order")


def _parameter(words: list[str]) -> fg.Parameter:
    found: fg.Parameter = getattr(fg, words[0])(*words[1:])
    return found


def _scenario(changes: list[dict[str, Any]]) -> fg.Scenario:
    scenario = fg.Scenario("all")
    for number, change in enumerate(changes):
        options = {"take_from": change["take_from"]} if "take_from" in change else {}
        method = getattr(fg.Scenario(f"change {number}"), change["change"])
        scenario = scenario | method(_parameter(change["parameter"]), change["value"], **options)
    return scenario


def _figure(expected: float, tolerance: float) -> Any:
    return pytest.approx(expected, rel=tolerance, abs=1e-9 if expected == 0 else 0)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation["name"])
def test_operations_of_the_oracle(operation: dict[str, Any]) -> None:
    base = funnel_of(operation["base funnel"])
    before = base.copy()
    expect, tolerance = operation["expect"], operation["relative_tolerance"]
    if expect.get("error") == "conflict":
        with pytest.raises(fg.ConflictError):
            base.apply(_scenario(operation["changes"]))
        assert base == before
        return
    if "error" in expect:
        with pytest.raises(fg.ImpossibleChangeError) as caught:
            base.apply(_scenario(operation["changes"]))
        assert caught.value.largest == _figure(expect["largest"], tolerance)
        assert base == before
        return
    changed = base.apply(_scenario(operation["changes"]))
    assert base == before
    for stage, row in expect.get("rates", {}).items():
        for target, mass in row.items():
            number = fg.drop_off(stage) if target == "drop_off" else fg.rate(stage, target)
            assert changed.get(number) == _figure(mass, tolerance), (stage, target)
    for figure in expect["parameters"]:
        assert changed.get(_parameter(figure["parameter"])) == _figure(figure["value"], tolerance)
    analysis = changed.analyze()
    for outcome, count in expect["count"].items():
        assert analysis.count(outcome) == _figure(count, tolerance)
    assert analysis.revenue == _figure(expect["revenue"], tolerance)
    assert analysis.cost == _figure(expect["cost"], tolerance)
    for outcome, time in expect["time_to"].items():
        moments = analysis.time_to() if outcome == "any exit" else analysis.time_to(outcome)
        assert moments.mean == _figure(time["mean"], tolerance)
        assert moments.sd == _figure(time["sd"], tolerance)
    assert base.apply(fg.diff(base, changed)) == changed
    assert changed.apply(_scenario(operation["changes"]).inverse(base)) == base


@pytest.fixture
def shop() -> fg.Funnel:
    funnel = fg.Funnel("shop")
    funnel.add_owner("Sales", role="sales")
    funnel.add_stage("enquiry", owner="Sales", cost=5)
    funnel.add_stage("order", owner="Sales", value=50)
    funnel.add_outcome("customer", kind="won")
    funnel.add_outcome("rival", kind="lost")
    funnel.add_transition("enquiry", "order", rate=0.4, lag=2)
    funnel.add_transition("enquiry", "rival", rate=0.3)
    funnel.add_transition("order", "customer", rate=0.9, lag=fg.Lag.exponential(mean=2))
    funnel.add_entry("enquiry", volume=1000, channel="web")
    funnel.add_entry("enquiry", volume=500, channel="fair")
    return funnel


def _everything() -> fg.Scenario:
    return (
        fg.Scenario("All", description="every kind")
        .set(CLOSING, fg.measured(0.45, n=90), take_from="rival", clip=True)
        .scale(fg.volume("enquiry", channel="web"), 1.2, start=0, end=30)
        .shift(fg.cost("order"), -1.5)
        .scale_odds(fg.rate("order", "customer"), 2, take_from="siblings")
        .set(fg.rate("a", "b"), 0.1, take_from=None)
        .add_owner("Care", role="care")
        .add_stage("nurture", owner={"Care": 0.5, "Sales": 0.5}, cost=2, drop_off=0.1)
        .add_outcome("later", kind="silent")
        .add_transition("enquiry", "nurture", rate=0.1, take_from="drop_off")
        .add_transition("nurture", "enquiry", rate=fg.between(0.2, 0.4), lag=fg.Lag.gamma(mean=9, sd=4))
        .add_entry("nurture", volume=10, channel="old")
        .add_lever("speed", value=1.5)
        .add_influence("speed", "nurture", "enquiry", elasticity=0.3)
        .add_view("buyer", stages={"nurture": "I wait"})
        .remove_transition("p", "q")
        .remove_entry("p", channel="x")
        .remove_view("seller")
        .set_owner("order", "Care")
        .set_owner("later", None)
        .replace("stage", "r", value=3)
        .replace("stage", "s")
        .replace("entry", "t", "web", volume=4)
        .replace_info(name="new", currency="VND", period="week")
    )


def test_a_scenario_is_a_value() -> None:
    scenario = _everything()
    assert scenario == _everything()
    assert hash(scenario) == hash(_everything())
    assert scenario != scenario.named("other")
    assert scenario != "All"
    assert len(scenario) == len(scenario.changes) == len(list(scenario))
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert copy.deepcopy(scenario) == copy.copy(scenario) == scenario
    assert fg.Scenario.from_json(scenario.to_json()) == scenario
    assert fg.Scenario.from_json(scenario.to_json(indent=0).encode()) == scenario
    assert "scale the odds of rate(order, customer) by 2" in str(scenario)
    assert "<li>" in scenario._repr_html_()
    assert bool(fg.Scenario())
    first = scenario.changes[0]
    assert (first.change, first.parameter, first.value) == ("set", CLOSING, fg.measured(0.45, n=90))
    assert (first.take_from, first.clip, first.scenario) == ("rival", True, "All")
    assert str(first).startswith("set rate(enquiry, order) to 0.45")


def test_the_repr_is_code_that_makes_it_again() -> None:
    names = {name: getattr(fg, name) for name in fg.__all__ if name not in ("fit", "datasets")}
    for scenario in (_everything(), fg.Scenario(), fg.Scenario("a'b", description="x").remove_stage("c")):
        assert eval(repr(scenario), names) == scenario
    quick = fg.Scenario("Call").scale_odds(CLOSING, 1.3)
    assert repr(quick) == "Scenario('Call').scale_odds(rate('enquiry', 'order'), 1.3)"
    both = quick | fg.Scenario("More").scale(fg.volume("enquiry"), 1.2)
    assert repr(both).count(" | ") == 1
    assert eval(repr(both), names) == both
    for other in (both.described("x"), both.named("x"), quick.remove_stage("a").during(0, 3)):
        assert eval(repr(other), names) == other


def test_scenarios_join_and_conflict(shop: fg.Funnel) -> None:
    quick = fg.Scenario("Call").scale_odds(CLOSING, 1.3)
    advert = fg.Scenario("Advert").scale(fg.volume("enquiry"), 1.2)
    both = quick | advert
    assert shop.apply(both) == shop.apply(quick).apply(advert)
    assert shop.apply(advert | quick) == shop.apply(both)
    with pytest.raises(fg.ConflictError) as caught:
        both | fg.Scenario("Web").scale(fg.volume("enquiry", channel="web"), 2)
    assert (caught.value.first, caught.value.second) == ("Advert", "Web")
    assert "volume(enquiry" in caught.value.number
    with pytest.raises(TypeError):
        quick | {}  # type: ignore[operator]


def test_durations_and_dates(shop: fg.Funnel) -> None:
    day = timedelta(days=1)
    scenario = fg.Scenario("quick").set(
        fg.lag("enquiry", "order"), timedelta(hours=12), start=day, end=9 * day
    )
    assert scenario.changes[0].start == 1
    assert shop.apply(scenario, at=3 * day).get(fg.lag("enquiry", "order")) == 0.5
    assert shop.apply(scenario, at=9) == shop
    assert scenario.during(None, 2).changes[0].end == 2


def test_clipping_leaves_a_note(shop: fg.Funnel) -> None:
    dream = fg.Scenario("Dream").set(CLOSING, 0.99, take_from="rival", clip=True)
    funnel, notes = fg.apply_with_notes(shop, dream)
    assert funnel.get(CLOSING) == pytest.approx(0.7, rel=1e-15)
    (note,) = notes
    assert (note.scenario, note.parameter, note.wanted, note.given) == (
        "Dream",
        CLOSING,
        0.99,
        funnel.get(CLOSING),
    )
    assert "0.99" in str(note)
    assert fg.apply(shop, dream) == funnel
    assert fg.apply_with_notes(shop, fg.Scenario("Cheap").shift(fg.cost("enquiry"), -9), clip=True).notes


def test_an_impossible_change_carries_its_bounds(shop: fg.Funnel) -> None:
    with pytest.raises(fg.ImpossibleChangeError, match="largest possible") as caught:
        shop.apply(fg.Scenario("Dream").shift(CLOSING, 0.5, take_from="rival"))
    error = caught.value
    assert isinstance(error, fg.InvalidValueError)
    assert (error.least, error.largest, error.code) == (-0.4, pytest.approx(0.3), "impossible_change")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.largest, again.allowed) == (str(error), error.largest, error.allowed)
    made = fg.ImpossibleChangeError("here", "2", 0, 1)
    assert "1 is the largest possible" in str(made)


def test_diff_is_exact(shop: fg.Funnel) -> None:
    other = fg.reference.pharmacy_channel()
    assert shop.apply(fg.diff(shop, other)) == other
    assert other.apply(fg.diff(other, shop, name="back")) == shop
    assert fg.diff(shop, other, name="x").name == "x"
    assert len(fg.diff(shop, shop.copy())) == 0
    raised = shop.copy()
    raised.set(fg.cost("enquiry"), 6)
    assert repr(fg.diff(shop, raised)) == "Scenario('difference').set(cost('enquiry'), 6)"


Make = Callable[[], fg.Scenario]
X = fg.Scenario("x")
BAD: list[tuple[type[Exception], Make]] = [
    (fg.InvalidValueError, lambda: X.set(CLOSING, math.nan)),
    (fg.InvalidValueError, lambda: X.scale(CLOSING, math.inf)),
    (fg.InvalidValueError, lambda: X.scale_odds(CLOSING, 0)),
    (fg.InvalidValueError, lambda: X.scale_odds(fg.cost("order"), 2)),
    (fg.InvalidValueError, lambda: X.set(fg.cost("order"), 2, take_from="siblings")),
    (fg.InvalidValueError, lambda: X.set(CLOSING, 0.5, start=3, end=2)),
    (fg.InvalidValueError, lambda: X.add_stage("order")),
    (fg.InvalidValueError, lambda: X.set(fg.cost("order"), -1)),
    (fg.InvalidValueError, lambda: X.scale(fg.capacity("order"), 2)),
    (fg.InvalidValueError, lambda: X.shift(fg.lag("enquiry", "rival"), 2)),
    (fg.ImpossibleChangeError, lambda: X.set(CLOSING, 1.2)),
    (fg.ImpossibleChangeError, lambda: X.scale(CLOSING, -1)),
    (fg.ConflictError, lambda: X.scale(CLOSING, 1.1).shift(CLOSING, 0.1)),
    (fg.UnknownNameError, lambda: X.set(fg.cost("ordr"), 1)),
    (fg.UnknownNameError, lambda: X.scale(CLOSING, 1.1, take_from="rivl")),
    (fg.UnknownNameError, lambda: X.remove_stage("ordr")),
    (fg.UnknownNameError, lambda: X.set_owner("ordr", "Sales")),
    (fg.UnknownNameError, lambda: X.add_owner("Care", role="caer")),
    (fg.UnknownNameError, lambda: X.add_transition("enquiry", "nowhere", rate=0.1)),
    (fg.DataError, lambda: fg.Scenario.from_json('{"schema": 1, "kind": "funnel"}')),
    (TypeError, lambda: X.set("rate", 0.5)),  # type: ignore[arg-type]
    (TypeError, lambda: X.set(CLOSING, "0.5")),  # type: ignore[arg-type]
    (TypeError, lambda: X.add_stage("a", csot=3)),
    (TypeError, lambda: fg.Scenario(5)),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("error", "make"), BAD)
def test_bad_input_is_refused(error: type[Exception], make: Make, shop: fg.Funnel) -> None:
    before = shop.copy()
    with pytest.raises(error):
        shop.apply(make())
    assert shop == before


def test_apply_wants_a_scenario(shop: fg.Funnel) -> None:
    with pytest.raises(TypeError, match="Scenario"):
        fg.apply(shop, CLOSING)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Funnel"):
        fg.diff(shop, CLOSING)  # type: ignore[arg-type]

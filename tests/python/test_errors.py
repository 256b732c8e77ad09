"""Errors: kinds, attributes, messages and pickling."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import funnelgraph as fg
from funnelgraph import errors

CASES: list[tuple[fg.FunnelgraphError, type[Exception], dict[str, Any], str]] = [
    (
        fg.UnknownNameError("stage", "enqiry", "enquiry"),
        KeyError,
        {"kind": "stage", "given": "enqiry", "nearest": "enquiry"},
        "enquiry",
    ),
    (
        fg.InvalidValueError("rate", "1.5", "[0, 1]"),
        ValueError,
        {"where": "rate", "given": "1.5", "allowed": "[0, 1]"},
        "[0, 1]",
    ),
    (fg.UnsolvableError(["a", "b"]), ValueError, {"stages": ("a", "b")}, "a"),
    (
        fg.ConflictError("one", "two", "rate(a, b)", "both set it"),
        ValueError,
        {"first": "one", "second": "two", "number": "rate(a, b)"},
        "both set it",
    ),
    (
        fg.DataError("log.csv", 3, "date", "not a date"),
        ValueError,
        {"source": "log.csv", "row": 3, "column": "date", "why": "not a date"},
        "log.csv",
    ),
    (
        fg.UnreachableTargetError(5.0, 1.0, 2.0),
        ValueError,
        {"target": 5.0, "low": 1.0, "high": 2.0},
        "5",
    ),
    (
        fg.InvalidFunnelError([("error", "stage a", "has no owner", "no_owner", "", "")]),
        ValueError,
        {"issues": (fg.Issue(fg.Severity.ERROR, "stage a", "has no owner", "no_owner"),)},
        "has no owner",
    ),
]


@pytest.mark.parametrize(("error", "base", "attributes", "said"), CASES, ids=lambda x: type(x).__name__)
def test_kinds_and_attributes(
    error: fg.FunnelgraphError, base: type[Exception], attributes: dict[str, Any], said: str
) -> None:
    assert isinstance(error, fg.FunnelgraphError)
    assert isinstance(error, base)
    assert error.code
    assert said in str(error)
    assert str(error) == error.args[0], "a KeyError alone would show its repr"
    for again in (error, pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.code == error.code
        for name, value in attributes.items():
            assert getattr(again, name) == value


def test_codes_are_distinct() -> None:
    codes = {error.code for error, *_ in CASES}
    assert len(codes) == len(CASES)


def test_the_core_raises_the_same_classes() -> None:
    funnel = fg.Funnel("x")
    funnel.add_stage("enquiry")
    with pytest.raises(fg.UnknownNameError) as caught:
        funnel.stage("enqiry")
    assert type(caught.value) is errors.UnknownNameError
    assert str(caught.value) == str(fg.UnknownNameError("stage", "enqiry", "enquiry"))
    assert pickle.loads(pickle.dumps(caught.value)).nearest == "enquiry"
    funnel.add_transition("enquiry", "nowhere", rate=1)
    with pytest.raises(fg.InvalidFunnelError) as broken:
        fg.analyze(funnel)
    again = pickle.loads(pickle.dumps(broken.value))
    assert again.issues == broken.value.issues
    assert str(again) == str(broken.value)
    assert isinstance(broken.value.issues[0], fg.Issue)


def test_the_base_can_be_caught_and_pickled() -> None:
    error = fg.FunnelgraphError("something", code="odd")
    assert pickle.loads(pickle.dumps(error)).code == "odd"
    with pytest.raises(fg.FunnelgraphError):
        fg.reference.by_name("nothing like it")


@pytest.mark.parametrize(
    "call",
    [
        lambda f: f.add_stage(3),
        lambda f: f.add_stage("a", owner=3),
        lambda f: f.add_stage("a", owner={"Sales": "half"}),
        lambda f: f.add_stage("a", owner={3: 0.5}),
        lambda f: f.add_stage("a", involved=3),
        lambda f: f.add_stage("a", involved=[3]),
        lambda f: f.add_stage("a", labels=["vi"]),
        lambda f: f.add_stage("a", labels={"vi": 3}),
        lambda f: f.add_stage("a", unit=None),
        lambda f: f.add_stage("a", "Sales"),
        lambda f: f.add_stage("a", colour="red"),
        lambda f: f.add_outcome("a", kind=None),
        lambda f: f.add_transition("a"),
        lambda f: f.add_transition("a", "b"),
        lambda f: f.add_transition("a", "b", rate="x"),
        lambda f: f.add_transition("a", "b", rate=0.1, observed=3),
        lambda f: f.add_entry("a", volume=None),
        lambda f: f.add_lever("a", reference="x"),
        lambda f: f.add_influence("a", "b", "c", elasticity=None),
        lambda f: f.set("rate", 3),
        lambda f: f.rename_stages(3),
        lambda f: fg.Funnel(3),
        lambda f: fg.Funnel("a", discount_rate="b"),
        lambda f: fg.Funnel.from_json(3),
        lambda f: fg.analyze(f, discount_rate="high"),
        lambda f: fg.analyze(f, capacity=3),
        lambda f: fg.evaluate(f, 3),
        lambda f: fg.sensitivity(f, "profit"),
        lambda f: fg.measured(0.1),
        lambda f: fg.measured("0.1", n=3),
        lambda f: fg.measured(0.1, n=3, interval=3),
        lambda f: fg.agreed(0.1, by=3),
        lambda f: fg.metric.count(3),
        lambda f: fg.metric.lifetime_value("long"),
        lambda f: fg.Lag.gamma(mean=2),
    ],
)
def test_wrong_types_are_type_errors_and_change_nothing(call: Any) -> None:
    funnel = fg.Funnel("x")
    before = fg.Funnel(funnel)
    with pytest.raises(TypeError):
        call(funnel)
    assert funnel == before


@pytest.mark.parametrize("name", ["bad\x00name", "line\nbreak", "\ud800"])
def test_names_that_are_no_names(name: str) -> None:
    funnel = fg.Funnel("x")
    with pytest.raises(fg.InvalidValueError):
        funnel.add_stage(name)
    with pytest.raises(fg.InvalidValueError):
        fg.rate(name, "b")
    assert len(funnel.stages()) == 0

"""Funnels as JSON, DOT and GraphML."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import networkx as nx
import pytest

import funnelgraph as fg

HEAD = '{"kind": "funnel", "schema": 1, '
NAMES = ["buying_funnel", "demand_waterfall", "online_shop", "pharmacy_channel"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("indent", [0, 2])
def test_json_round_trip_is_equality(name: str, indent: int) -> None:
    funnel = fg.reference.by_name(name)
    text = funnel.to_json(indent=indent)
    assert fg.Funnel.from_json(text) == funnel
    assert fg.Funnel.from_json(text.encode()) == funnel
    assert json.loads(text)["schema"] == 1
    assert fg.Funnel.from_json(text).to_json(indent=indent) == text


def test_numbers_read_back_to_the_same_double() -> None:
    funnel = fg.Funnel("x")
    for i, number in enumerate((0.1, 1 / 3, 1e-134, 5e-324, 1.7976931348623157e308, 2.0**53 + 1)):
        funnel.add_stage(f"s{i}", cost=number, drop_off=fg.measured(number, n=3))
    again = fg.Funnel.from_json(funnel.to_json())
    assert again == funnel
    assert [stage.cost.hex() for stage in again.stages()] == [stage.cost.hex() for stage in funnel.stages()]
    assert again.stage("s1").drop_off == fg.measured(1 / 3, n=3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        '{"schema": 1}',
        '{"kind": "funnel", "schema": 99}',
        '{"kind": "metric", "schema": 1}',
        HEAD + '"colour": "red"}',
        HEAD + '"stages": [{"nme": "a"}]}',
        HEAD + '"stages": [{"name": 3}]}',
        HEAD + '"stages": [{"name": "a", "cost": "3"}]}',
        HEAD + '"name": "a", "name": "b"}',
        HEAD + '"stages": [{"name": "a", "cost": NaN}]}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_funnel_says_where(text: str | bytes) -> None:
    with pytest.raises(fg.DataError) as caught:
        fg.Funnel.from_json(text, source="shop.json")
    assert caught.value.source == "shop.json"
    assert "shop.json" in str(caught.value)
    assert caught.value.why


def test_the_path_of_an_error() -> None:
    with pytest.raises(fg.DataError) as caught:
        fg.Funnel.from_json(HEAD + '\n "stages": [{"name": "a"},\n {"name": "b", "csot": 3}]}')
    assert "stages[1]" in caught.value.column
    assert caught.value.row == 3


def test_dot_draws_every_part() -> None:
    funnel = fg.reference.online_shop()
    dot = funnel.to_dot()
    assert dot.startswith("digraph")
    for stage in funnel.stages():
        assert stage.name in dot


def test_graphml_is_read_by_networkx() -> None:
    funnel = fg.reference.online_shop()
    graph: Any = nx.read_graphml(io.BytesIO(funnel.to_graphml().encode()))
    assert graph.number_of_edges() == len(funnel.transitions())
    assert graph.number_of_nodes() >= len(funnel.stages()) + len(funnel.outcomes())


def test_names_are_escaped_wherever_they_go() -> None:
    funnel = fg.Funnel('shop "x" <y> & z')
    funnel.add_stage('a "quoted" <stage> & \\more')
    funnel.add_outcome("won", kind="won")
    funnel.add_transition('a "quoted" <stage> & \\more', "won", rate=0.5)
    assert fg.Funnel.from_json(funnel.to_json()) == funnel
    graph: Any = nx.read_graphml(io.BytesIO(funnel.to_graphml().encode()))
    assert graph.number_of_edges() == 1
    assert '"quoted"' not in funnel.to_dot().replace('\\"quoted\\"', "")


def test_unknown_lags_stay_unknown() -> None:
    funnel = fg.Funnel("x")
    funnel.add_transition("a", "b", rate=0.5)
    assert math.isnan(fg.Funnel.from_json(funnel.to_json()).get(fg.lag("a", "b")))

"""What several test modules need: public data, the command line, funnels as the oracles write them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import funnelgraph as fg
from funnelgraph.cli import main

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FUNNELGRAPH_DATA", ROOT.parent / "shared" / "data"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="no shared data: set FUNNELGRAPH_DATA")

#: A table for the command line, and what to say of it.
SMALL = "id,lead,call,sold\n1,2026-01-01,2026-01-02,2026-01-05\n2,2026-01-01,2026-01-03,\n3,2026-01-02,,\n"
OPTIONS = [
    "--journey",
    "id",
    "--stages",
    "lead=lead,call=call,sold=sold",
    "--owners",
    "lead=Marketing,call=Sales",
]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line; return its code, what it printed and what it said on stderr."""
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def lag_of(given: dict[str, Any] | None) -> fg.Lag | None:
    """Return the lag that an oracle describes; None is unknown."""
    if given is None or given["family"] == "unknown":
        return None
    if given["family"] == "zero":
        return fg.Lag.zero()
    if given["family"] == "deterministic":
        return fg.Lag.deterministic(given["mean"])
    if given["family"] == "exponential":
        return fg.Lag.exponential(given["mean"])
    make = {"gamma": fg.Lag.gamma, "lognormal": fg.Lag.lognormal, "weibull": fg.Lag.weibull}
    return make[given["family"]](mean=given["mean"], sd=given["sd"])


def funnel_of(given: dict[str, Any]) -> fg.Funnel:
    """Return the funnel that an oracle describes."""
    funnel = fg.Funnel(given.get("name", ""))
    for part in ("owner", "stage", "outcome", "entry", "lever"):
        plural = "entries" if part == "entry" else f"{part}s"
        for fields in given.get(plural, []):
            getattr(funnel, f"add_{part}")(**fields)
    for transition in given["transitions"]:
        rest = {key: cell for key, cell in transition.items() if key not in ("from", "to", "lag")}
        funnel.add_transition(transition["from"], transition["to"], lag=lag_of(transition.get("lag")), **rest)
    for influence in given.get("influences", []):
        funnel.add_influence(
            influence["lever"], influence["from"], influence["to"], elasticity=influence["elasticity"]
        )
    return funnel

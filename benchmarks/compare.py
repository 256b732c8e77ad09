"""Scenarios on a 50-stage funnel: `fg.compare` against a notebook's way with NetworkX and NumPy, in one run.

The notebook copies a NetworkX graph for each scenario, changes a rate (the drop-off gives), fills a
matrix from its edges and solves it with NumPy for the visits, then sums up the profit. Both compute the
same figures; the run fails where they differ by more than 1e-9 relative. `--check` makes it fail too when
`compare` takes more than its target.

Usage: python compare.py [--scenarios 1000] [--rounds 7] [--check]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from _timing import least_seconds

import funnelgraph as fg

STAGES = 50
TARGET_MS = 50.0  # for 1,000 scenarios


def line() -> fg.Funnel:
    """Return 50 stages in a line with ways back and a rival."""
    funnel = fg.Funnel("line")
    funnel.add_owner("Sales", role="sales")
    funnel.add_outcome("won", kind="won", value=100)
    funnel.add_outcome("rival", kind="lost")
    for i in range(STAGES):
        funnel.add_stage(f"stage {i}", owner="Sales", cost=1, value=2)
        funnel.add_transition(f"stage {i}", f"stage {i + 1}" if i + 1 < STAGES else "won", rate=0.8, lag=2)
        if i % 2 == 0 and i > 4:
            funnel.add_transition(f"stage {i}", f"stage {i - 4}", rate=0.1, lag=3)
        if i % 5 == 0:
            funnel.add_transition(f"stage {i}", "rival", rate=0.02, lag=1)
    funnel.add_entry("stage 0", volume=1_000, cost=3)
    return funnel


def changes(count: int) -> list[tuple[int, float]]:
    """Return for each scenario the stage whose forward rate rises, and by which factor."""
    return [(k % STAGES, 1 + 0.05 * ((k * 7) % 11) / 11) for k in range(count)]


def forward(i: int) -> str:
    return f"stage {i + 1}" if i + 1 < STAGES else "won"


def scenarios(count: int) -> list[fg.Scenario]:
    return [
        fg.Scenario(f"scenario {k}").scale(fg.rate(f"stage {i}", forward(i)), factor, take_from="drop_off")
        for k, (i, factor) in enumerate(changes(count))
    ]


def notebook(graph: object, count: int) -> list[float]:
    """Return the profit of every scenario the way a notebook does it."""
    profits = []
    for i, factor in changes(count):
        changed = graph.copy()  # type: ignore[attr-defined]
        changed.edges[f"stage {i}", forward(i)]["rate"] *= factor
        index = {f"stage {j}": j for j in range(STAGES)}
        matrix = np.zeros((STAGES, STAGES))
        won = np.zeros(STAGES)
        for source, target, data in changed.edges(data=True):
            if target in index:
                matrix[index[source], index[target]] = data["rate"]
            elif target == "won":
                won[index[source]] = data["rate"]
        entrants = np.zeros(STAGES)
        entrants[0] = 1_000
        visits = np.linalg.solve((np.eye(STAGES) - matrix).T, entrants)
        profits.append(float(visits @ (1 + 100 * won) - 3_000))
    return profits


def milliseconds(call: Callable[[], object], rounds: int) -> float:
    """Return the least time of a call."""
    return 1e3 * least_seconds(call, rounds)


def main() -> int:
    """Print times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    base, questions = line(), scenarios(options.scenarios)
    metrics = [fg.metric.profit(), fg.metric.count("won"), fg.metric.revenue()]

    table = fg.compare(base, questions, metrics)
    mine = milliseconds(lambda: fg.compare(base, questions, metrics), options.rounds)
    one = milliseconds(lambda: fg.compare(base, questions, metrics[:1]), options.rounds)
    print(f"{options.scenarios} scenarios on {STAGES} stages, least of {options.rounds} rounds")
    print(
        f"  fg.compare, three metrics         {mine:9.2f} ms  ({1e3 * mine / options.scenarios:.1f} µs each)"
    )
    print(f"  fg.compare, one metric            {one:9.2f} ms  ({1e3 * one / options.scenarios:.1f} µs each)")

    few = questions[: min(100, len(questions))]
    alone = milliseconds(lambda: [fg.evaluate(base.apply(s), metrics[0]) for s in few], 3)
    alone *= options.scenarios / len(few)
    print(f"  apply and evaluate, one metric    {alone:9.2f} ms  ({alone / one:.1f} times)")

    worst = 0.0
    try:
        import networkx
    except ImportError:
        print("  a notebook with NetworkX: networkx is not installed")
    else:
        graph = networkx.DiGraph()
        for transition in base.transitions():
            graph.add_edge(transition.source, transition.target, rate=float(transition.rate))
        theirs = notebook(graph, len(questions))
        ours = table.filter(metric="profit()")["value"][1:]
        worst = float(np.max(np.abs(ours / np.array(theirs) - 1)))
        times = [milliseconds(lambda: notebook(graph, len(few)), 1) for _ in range(3)]
        there = statistics.median(times) * options.scenarios / len(few)
        print(
            f"  NetworkX and NumPy, one metric    {there:9.2f} ms  ({there / one:.1f} times), off {worst:.1e}"
        )
        if worst > 1e-9:
            print("FAILED: the figures differ")
            return 1
    if options.check and mine > TARGET_MS * options.scenarios / 1_000:
        print(f"FAILED: above {TARGET_MS} ms")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

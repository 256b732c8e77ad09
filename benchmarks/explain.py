"""Exact Shapley of 20 groups on a funnel of 12 stages, against NumPy by whole columns and the `shap` package.

All compute the 2^20 coalitions of the same game: NumPy with one column of 2^20 numbers for every number that
varies and straight-line code written for this funnel; `shap` (where it is installed) on a smaller game of
`SHAP_PLAYERS` groups, its compiling done before, scaled by its own growth of 2 a group. Prints ratios, and
the memory of `explain`.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from _timing import least_seconds

import funnelgraph as fg

STAGES = 12
PLAYERS = 20
SHAP_PLAYERS = 14
RUNS = 5
#: What moves on its own: the rates of every stage, four values, two costs, the volume, the value of a win.
VALUED, COSTLY = (2, 5, 8, 11), (1, 7)

Column = npt.NDArray[np.float64]


def numbers(actual: bool) -> dict[tuple[str, ...], float]:
    """Every number of one side: 27 rates, values, costs and the volume."""
    shift = 1.04 if actual else 1.0
    out: dict[tuple[str, ...], float] = {("volume",): 10_000 * shift, ("won",): 900 * shift}
    for i in range(STAGES):
        wave = shift if i % 2 else 2 - shift
        out["rate", str(i), str(i + 1)] = (0.55 + 0.02 * (i % 4)) * wave
        if i < STAGES - 2:
            out["rate", str(i), str(i + 2)] = 0.08 * wave
        if i % 3 == 2:
            out["rate", str(i), "lost"] = 0.15 * (2 - wave)
    out["rate", "6", "4"] = 0.05 * shift
    for i in VALUED:
        out["value", str(i)] = 40.0 * shift
    for i in COSTLY:
        out["cost", str(i)] = 3.0 * shift
    return out


def funnel(side: dict[tuple[str, ...], float]) -> fg.Funnel:
    made = fg.Funnel("twelve stages")
    for i in range(STAGES):
        made.add_stage(f"s{i}", value=side.get(("value", str(i)), 0), cost=side.get(("cost", str(i)), 0))
    made.add_outcome("won", kind="won", value=side["won",])
    made.add_outcome("lost", kind="lost")
    for key, value in side.items():
        if key[0] == "rate":
            target = {str(STAGES): "won", "lost": "lost"}.get(key[2], f"s{key[2]}")
            made.add_transition(f"s{key[1]}", target, rate=value)
    made.add_entry("s0", volume=side["volume",])
    return made


def player_of(key: tuple[str, ...]) -> int:
    """Players in the order of the table: volume, rates by stage, costs, values, the win."""
    if key == ("volume",):
        return 0
    if key[0] == "rate":
        return 1 + int(key[1])
    if key[0] == "cost":
        return 13 + COSTLY.index(int(key[1]))
    return 19 if key == ("won",) else 15 + VALUED.index(int(key[1]))


def profit(x: Callable[[tuple[str, ...]], Column]) -> Column:
    """Straight-line elimination from the last stage back, the loop 4 -> 5 -> 6 -> 4 by hand."""

    def rate(i: int, j: int) -> Column:
        return x(("rate", str(i), str(j)))

    def own(i: int) -> Column | float:
        gain = x(("value", str(i))) if i in VALUED else 0.0
        return gain - x(("cost", str(i))) if i in COSTLY else gain

    ahead: dict[int, Column] = {STAGES: x(("won",))}
    for i in range(STAGES - 1, 6, -1):
        ahead[i] = own(i) + rate(i, i + 1) * ahead[i + 1]
        if i < STAGES - 2:
            ahead[i] = ahead[i] + rate(i, i + 2) * ahead[i + 2]
    # V4 = a + b V6, V5 = c + d V6, V6 = e + f V4.
    c, d = own(5) + rate(5, 7) * ahead[7], rate(5, 6)
    a, b = own(4) + rate(4, 5) * c, rate(4, 6) + rate(4, 5) * d
    e, f = own(6) + rate(6, 7) * ahead[7] + rate(6, 8) * ahead[8], rate(6, 4)
    ahead[6] = (e + f * a) / (1 - f * b)
    ahead[5], ahead[4] = c + d * ahead[6], a + b * ahead[6]
    for i in range(3, -1, -1):
        ahead[i] = own(i) + rate(i, i + 1) * ahead[i + 1] + rate(i, i + 2) * ahead[i + 2]
    return x(("volume",)) * ahead[0]


def by_columns(
    plan: dict[tuple[str, ...], float], actual: dict[tuple[str, ...], float], players: int
) -> Column:
    """Shapley values from whole columns over all coalitions of the first `players` groups."""
    coalition = np.arange(1 << players)
    inside = [(coalition >> p & 1).astype(bool) for p in range(players)]

    def column(key: tuple[str, ...]) -> Column:
        p = player_of(key)
        return np.where(inside[p], actual[key], plan[key]) if p < players else np.float64(plan[key])  # type: ignore[return-value]

    return shapley_of(profit(column), players)


def shapley_of(worth: Column, players: int) -> Column:
    from math import comb

    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    weight_in = np.array([0.0] + [1 / (players * comb(players - 1, s - 1)) for s in range(1, players + 1)])
    weight_out = np.array([1 / (players * comb(players - 1, s)) for s in range(players)] + [0.0])
    gained = worth - worth[0]
    lacking = float(gained @ weight_out[sizes])
    weighted = gained * (weight_in + weight_out)[sizes]
    parts = np.empty(players)
    for p in range(players - 1, -1, -1):
        halves = weighted.reshape(2, -1)
        parts[p] = halves[1].sum() - lacking
        weighted = halves[0] + halves[1]
    return parts


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1 << 20
    )


def main() -> int:
    plan, actual = numbers(False), numbers(True)
    first, second = funnel(plan), funnel(actual)

    def explained(threads: int | None) -> fg.Explanation:
        return fg.explain(
            first,
            second,
            metric=fg.metric.profit(),
            by=("stage", "factor"),
            method="shapley",
            threads=threads,
        )

    before = megabytes()
    e = explained(1)
    memory = megabytes() - before
    assert e.players == PLAYERS, e.players
    assert e.coalitions == 1 << PLAYERS, e.coalitions
    columns = by_columns(plan, actual, PLAYERS)
    worst = float(np.max(np.abs(columns - e.table["contribution"]) / abs(e.total)))
    ours, every = least_seconds(lambda: explained(1), RUNS), least_seconds(lambda: explained(None), RUNS)
    numpy_seconds = least_seconds(lambda: by_columns(plan, actual, PLAYERS), 3)
    print(f"2^{PLAYERS} coalitions, {STAGES} stages, 27 rates; NumPy agrees to {worst:.1e}")
    print(f"explain, one thread, with least and greatest   {ours:8.3f} s   +{memory:.0f} MB")
    print(f"explain, all threads                           {every:8.3f} s")
    ratio = f"{numpy_seconds / ours:6.1f} x one thread, {numpy_seconds / every:6.1f} x all"
    print(f"NumPy by whole columns, Shapley alone          {numpy_seconds:8.3f} s   {ratio}")
    try:
        import shap  # type: ignore[import-not-found]
    except ImportError:
        print("shap is not installed: pip install shap to compare")
        return 0

    def model(rows: Column) -> Column:
        def column(key: tuple[str, ...]) -> Column:
            p = player_of(key)
            if p >= SHAP_PLAYERS:
                return np.full(len(rows), plan[key])
            return np.where(rows[:, p] > 0.5, actual[key], plan[key])

        return profit(column)

    explainer = shap.explainers.Exact(model, np.zeros((1, SHAP_PLAYERS)))

    def explained_by_shap() -> Column:
        found: Column = explainer(np.ones((1, SHAP_PLAYERS)), silent=True).values[0]
        return found

    own = by_columns(plan, actual, SHAP_PLAYERS)
    worst = float(np.max(np.abs(explained_by_shap() - own)) / abs(own.sum()))
    assert worst < 1e-9, worst
    shap_seconds = least_seconds(explained_by_shap, 2)
    scaled = shap_seconds * 2 ** (PLAYERS - SHAP_PLAYERS)
    print(f"shap's exact explainer, {SHAP_PLAYERS} groups: {shap_seconds:.3f} s;", end=" ")
    print(f"for {PLAYERS} about {scaled:.1f} s, {scaled / ours:.0f} x one thread; agrees to {worst:.1e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

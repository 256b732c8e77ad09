"""Many variants of a funnel of 12 stages and 27 rates from NumPy columns to a NumPy column.

Against NumPy's batched ``linalg.solve`` (its matrices built, and given), NumPy by whole columns, and the
same elimination compiled by JAX where it is installed: once as it stands, which looks at 22 of the 27
columns and takes any number, and once saying as we do which variants are possible. All read the same memory:
where JAX is installed, that of its arrays (how pages and cache lines happen to lie moves a way by up to a
factor of two). Ways take turns of five runs, so that columns are as near as they can be; the best run counts,
in wall time, since JAX works on threads of its own. Needs an idle machine.
Usage: ``lanes.py [VARIANTS] [REPETITIONS] [THREADS]``
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "".join(sys.argv[3:4]) or "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", os.environ["OMP_NUM_THREADS"])
os.environ.setdefault(
    "XLA_FLAGS",
    f"--xla_cpu_multi_thread_eigen={'false' if os.environ['OMP_NUM_THREADS'] == '1' else 'true'} "
    f"intra_op_parallelism_threads={os.environ['OMP_NUM_THREADS']}",
)

import numpy as np

import funnelgraph as fg

THREADS = int(os.environ["OMP_NUM_THREADS"])
WON, LOST = 12, 13
#: As in tests/support/twelve_stages.hpp.
RATES = [
    (0, 1, 0.62), (0, 2, 0.08), (1, 2, 0.55), (1, LOST, 0.12), (2, 3, 0.48), (2, 4, 0.11), (3, 4, 0.57),
    (3, LOST, 0.15), (4, 5, 0.52), (4, 6, 0.13), (5, 6, 0.61), (5, LOST, 0.09), (6, 7, 0.58), (6, 8, 0.1),
    (7, 4, 0.14), (7, 8, 0.49), (7, LOST, 0.11), (8, 9, 0.54), (8, 10, 0.12), (8, WON, 0.05), (9, 10, 0.63),
    (9, WON, 0.06), (9, LOST, 0.07), (10, 11, 0.66), (10, LOST, 0.08), (11, WON, 0.7), (11, LOST, 0.1),
]  # fmt: skip


def name(place: int) -> str:
    """Return the name of a stage or an outcome."""
    return {WON: "won", LOST: "lost"}.get(place, f"stage {place}")


def funnel() -> fg.Funnel:
    """Return the funnel."""
    made = fg.Funnel("twelve stages")
    for i in range(12):
        made.add_stage(name(i))
    made.add_outcome("won", kind="won", value=250)
    made.add_outcome("lost", kind="lost")
    for source, target, rate in RATES:
        made.add_transition(name(source), name(target), rate=rate, lag=1)
    made.add_entry("stage 0", volume=1_000)
    return made


def by_columns(r: Any) -> Any:
    """Eliminate by whole columns: visits in order, the cycle of stages 4 to 7 by pivots of what leaves."""
    y1 = 1000 * r[0]
    y2 = 1000 * r[1] + y1 * r[2]
    y4 = y2 * r[5] + y2 * r[4] * r[6]
    exit4 = 1 - r[8] - r[9]
    exit5 = 1 - r[10]
    exit6 = 1 - r[12]
    exit7 = 1 - r[14]
    pivot4 = r[8] + r[9] + exit4
    back = r[14] / pivot4
    out7 = exit7 + back * exit4
    pivot5 = r[10] + exit5
    back5 = back * r[8] / pivot5
    row6 = back * r[9] + back5 * r[10]
    out7 = out7 + back5 * exit5
    pivot6 = r[12] + exit6
    back6 = row6 / pivot6
    pivot7 = out7 + back6 * exit6
    z4 = y4 / pivot4
    z5 = z4 * r[8] / pivot5
    z6 = (z4 * r[9] + z5 * r[10]) / pivot6
    z7 = z6 * r[12] / pivot7
    z6 = z6 + z7 * back6
    y8 = z6 * r[13] + z7 * r[15]
    y9 = y8 * r[17]
    y10 = y8 * r[18] + y9 * r[20]
    return y8 * r[19] + y9 * r[21] + y10 * r[23] * r[25]


def by_columns_checked(r: Any) -> tuple[Any, Any]:
    """Do the same and say which variants are possible: no rate below 0, no row above 1."""
    possible = r[0] >= 0
    for column in r[1:]:
        possible = possible & (column >= 0)
    for stage in range(12):
        row = [column for (source, *_), column in zip(RATES, r, strict=True) if source == stage]
        possible = possible & (sum(row[1:], row[0]) <= 1)
    return by_columns(r), possible


def matrices(r: list[np.ndarray]) -> np.ndarray:
    """Return (I - Q) transposed of every variant."""
    built = np.zeros((len(r[0]), 12, 12))
    built[:, np.arange(12), np.arange(12)] = 1
    for (source, target, _), column in zip(RATES, r, strict=True):
        if target < 12:
            built[:, target, source] -= column
    return built


def batched_solve(r: list[np.ndarray], built: np.ndarray) -> np.ndarray:
    """Solve for the visits of every variant."""
    start = np.zeros((1, 12, 1))
    start[0, 0, 0] = 1000
    visits = np.linalg.solve(built, np.broadcast_to(start, (len(built), 12, 1)))[:, :, 0]
    wins = [(source, column) for (source, target, _), column in zip(RATES, r, strict=True) if target == WON]
    return np.sum([visits[:, source] * column for source, column in wins], axis=0)


def held_by_jax(columns: list[np.ndarray]) -> list[Any] | None:
    """Return the columns as arrays of JAX; None without JAX."""
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    return [jax.numpy.array(column) for column in columns]


def compiled_by_jax(held: list[Any], checked: bool) -> Callable[[], Any]:
    """Return the same elimination compiled, from arrays that JAX holds."""
    import jax

    run = jax.jit(by_columns_checked if checked else by_columns)
    return lambda: jax.block_until_ready(run(held))


def main() -> None:
    """Print nanoseconds a variant."""
    variants = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    repetitions = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    rng = np.random.default_rng(1)
    columns = [rate * rng.uniform(0.8, 1.2, variants) for *_, rate in RATES]
    held = held_by_jax(columns)
    if held is not None:
        columns = [np.asarray(column) for column in held]  # views
    parameters = [fg.rate(name(source), name(target)) for source, target, _ in RATES]
    planned = fg.Variants(funnel(), parameters, [fg.metric.count("won")])
    few = min(variants, 20_000)
    some = [column[:few] for column in columns]
    built = matrices(some)
    ways: dict[str, tuple[int, Callable[[], Any]]] = {
        "fg.Variants.run": (variants, lambda: planned.run(columns, threads=THREADS).values[:, 0]),
        "fg.evaluate_variants, planning included": (
            variants,
            lambda: fg.evaluate_variants(
                funnel(), dict(zip(parameters, columns, strict=True)), fg.metric.count("won"), threads=THREADS
            ).values[:, 0],
        ),
        "NumPy by whole columns": (variants, lambda: by_columns(columns)),
        "NumPy batched solve": (few, lambda: batched_solve(some, matrices(some))),
        "NumPy batched solve, matrices given": (few, lambda: batched_solve(some, built)),
    }
    if held is not None:
        checked = compiled_by_jax(held, checked=True)
        ways["JAX, compiled, says what is possible"] = (variants, lambda: checked()[0])
        ways["JAX, compiled, checks nothing"] = (variants, compiled_by_jax(held, checked=False))
    best = dict.fromkeys(ways, float("inf"))
    results = {way: np.asarray(run()) for way, (_, run) in ways.items()}
    for _ in range(repetitions):
        for way, (count, run) in ways.items():
            for _ in range(5):
                start = time.perf_counter()
                run()
                best[way] = min(best[way], (time.perf_counter() - start) / count)
    ours = best["fg.Variants.run"]
    print(f"{variants} variants of 27 rates, {THREADS} thread(s), kernels {planned._core.instruction_set()}")
    for way, seconds in best.items():
        off = np.max(np.abs(results[way] / results["fg.Variants.run"][: len(results[way])] - 1))
        print(f"  {way:42} {1e9 * seconds:9.1f} ns  {seconds / ours:7.1f} x   differs by {off:.0e}")
    if held is None:
        print("  JAX is not installed")


if __name__ == "__main__":
    main()

"""Large chains against scipy's splu: ratios from one run, each chain solved by both in turn.

Usage: python large_chains.py [PROGRAM] [--stages 100000] [--rounds 5] [--check]

The C++ program writes each chain and its solution; splu factors and solves the same equations here. Both are
timed by the processor time of their own process (so that what else runs on the machine matters least), from
nothing: ordering, factorisation and one solve. A ratio is the median over rounds of splu's time over the
library's; `--check` makes the run fail when one is below its target, when two solutions differ by more than
1e-10 relative, when memory is above 500 MB or when time grows faster than the chain.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processor time of one thread, as on the other side

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

PROGRAM = Path(__file__).resolve().parent.parent / "build" / "bench" / "benchmarks" / "large_chains"
TARGETS = {
    "acyclic": 50.0,
    "acyclic_shuffled": None,
    "local": 8.0,
    "local_shuffled": None,
    "random_stages": 2.0,
    "random": 2.0,
}
AGREEMENT = 1e-10
MEMORY_LIMIT_MB = 500.0
GROWTH_LIMIT = 3.0  # time per stage at the largest size over that at the smallest: caches and page faults


def run(
    program: str, kind: str, stages: int, seed: int, repeats: int, file: Path | None = None
) -> dict[str, float]:
    command = [program, kind, str(stages), str(seed), str(repeats)]
    if file is not None:
        command.append(str(file))
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read(file: Path) -> tuple[scipy.sparse.csc_matrix, np.ndarray, np.ndarray]:
    """I - P from what each row loses, so that splu gets its best possible input; solution and visits."""
    raw = file.read_bytes()
    stages, edges = np.frombuffer(raw, np.uint32, 2)
    place = 8

    def take(kind: type, count: int) -> np.ndarray:
        nonlocal place
        values = np.frombuffer(raw, kind, count, place)
        place += values.nbytes
        return values

    row_begin, target = take(np.uint32, stages + 1), take(np.uint32, edges)
    rate, _drop_off = take(np.float64, edges), take(np.float64, stages)
    solution, visits = take(np.float64, stages), take(np.float64, stages)
    row = np.repeat(np.arange(stages), np.diff(row_begin))
    inside = target < stages
    p = scipy.sparse.csr_matrix((rate[inside], (row[inside], target[inside])), shape=(stages, stages))
    return (scipy.sparse.identity(stages) - p).tocsc(), solution, visits


def splu_seconds(matrix: scipy.sparse.csc_matrix) -> tuple[float, np.ndarray, np.ndarray]:
    ones, first = np.ones(matrix.shape[0]), np.zeros(matrix.shape[0])
    first[0] = 1.0
    start = time.process_time()
    factors = scipy.sparse.linalg.splu(matrix)
    solution = factors.solve(ones)
    taken = time.process_time() - start
    return taken, solution, factors.solve(first, trans="T")


def difference(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.max(np.abs(ours - theirs)) / np.max(np.abs(theirs)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", nargs="?", default=str(PROGRAM))
    parser.add_argument("--stages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", default=",".join(TARGETS))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    failures = []
    print(f"{options.stages} stages, three edges each; processor ms, median of {options.rounds} rounds")
    print(
        f"{'chain':18}{'ours':>9}{'splu':>9}{'ratio':>8}{'target':>8}{'plan':>11}{'numbers':>11}"
        f"{'solve':>11}{'visits':>11}{'self':>11}{'fill':>10}{'MB':>7}{'difference':>12}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind in options.kinds.split(","):
            file = Path(folder) / "chain.bin"
            ours, theirs, ratios, worst = [], [], [], 0.0
            for _ in range(options.rounds):
                result = run(options.program, kind, options.stages, 1, 3, file)
                matrix, solution, visits = read(file)
                taken, expected, expected_visits = splu_seconds(matrix)
                worst = max(worst, difference(solution, expected), difference(visits, expected_visits))
                ours.append(result)
                theirs.append(taken)
                ratios.append(taken / result["cold"])
            middle = {key: statistics.median(r[key] for r in ours) for key in ours[0] if key != "kind"}
            ratio, target = statistics.median(ratios), TARGETS.get(kind)
            memory = middle["solve_peak_megabytes"]
            steps = ("plan", "eliminate", "solve", "solve_transposed", "self_visits")
            print(
                f"{kind:18}{1e3 * middle['cold']:9.2f}{1e3 * statistics.median(theirs):9.1f}{ratio:8.1f}"
                f"{'' if target is None else target:>8}"
                + "".join(f"{1e3 * middle[step]:11.2f}" for step in steps)
                + f"{middle['fill']:10.0f}{memory:7.0f}{worst:12.1e}",
                flush=True,
            )
            if worst > AGREEMENT:
                failures.append(f"{kind}: solutions differ by {worst:.1e}")
            if target is not None and ratio < target:
                failures.append(f"{kind}: {ratio:.1f} times splu, wanted {target}")
            if max(r["peak_megabytes"] for r in ours) > MEMORY_LIMIT_MB:
                failures.append(f"{kind}: more than {MEMORY_LIMIT_MB:.0f} MB")
    print("\nnanoseconds a stage (ordering, factorisation and one solve)")
    sizes = [1_000, 10_000, 100_000]
    print(f"{'chain':18}" + "".join(f"{size:>10}" for size in sizes))
    for kind in ("acyclic", "local"):
        each = [1e9 * run(options.program, kind, size, 1, 4_000_000 // size)["cold"] / size for size in sizes]
        print(f"{kind:18}" + "".join(f"{value:10.1f}" for value in each))
        if each[-1] > GROWTH_LIMIT * each[0]:
            failures.append(f"{kind}: time a stage grows from {each[0]:.0f} to {each[-1]:.0f} ns")
    for failure in failures:
        print(f"missed: {failure}")
    return 1 if failures and options.check else 0


if __name__ == "__main__":
    sys.exit(main())

"""Chains that solving I - Q cannot solve: NumPy, SciPy and PyDTMC beside this library.

Reads tests/oracles/ill_conditioned.json (exact figures from rational elimination) and prints a Markdown
table for each chain; docs/ill_conditioned.md holds what it printed. Needs the packages funnelgraph, NumPy
and SciPy; PyDTMC is left out, and said to be, when it is not installed. Each way runs in a process of its
own: SuperLU reads memory that it never set when a matrix is exactly singular, and may end its process so.

Usage: python tools/compare_ill_conditioned.py
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import platform
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import scipy
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg

import funnelgraph as fg

SOUND = 1e-6  # a result further off, given without a word, is called silent
ORACLE = Path(__file__).resolve().parent.parent / "tests" / "oracles" / "ill_conditioned.json"


@dataclass
class Case:
    """One chain: `inside` between stages, `exits` to outcomes with the drop-off as last column."""

    name: str
    stages: list[str]
    outcomes: list[str]
    inside: np.ndarray
    exits: np.ndarray
    expected: np.ndarray
    story: dict[str, Any] = field(repr=False)


def read() -> list[Case]:
    cases = []
    for story in json.loads(ORACLE.read_text()):
        stages, outcomes = story["states"], story["outcomes"]
        inside, exits = np.zeros((len(stages), len(stages))), np.zeros((len(stages), len(outcomes) + 1))
        for source, target, rate in story["rates"]:  # several between two stages add up
            row = stages.index(source)
            if target in stages:
                inside[row, stages.index(target)] += rate
            else:
                exits[row, outcomes.index(target)] += rate
        exits[:, -1] = [story["drop_off"][stage] for stage in stages]
        expected = np.array(story["expect"]["absorption"])
        cases.append(Case(story["name"], stages, outcomes, inside, exits, expected, story))
    return cases


def ours(case: Case) -> np.ndarray:
    funnel = fg.Funnel("ill-conditioned")
    for stage in case.stages:
        funnel.add_stage(stage, drop_off=case.story["drop_off"][stage])
    for outcome in case.outcomes:
        funnel.add_outcome(outcome, kind="won")
    names = case.stages + case.outcomes
    for i, source in enumerate(case.stages):
        for target, rate in zip(names, [*case.inside[i], *case.exits[i, :-1]], strict=True):
            if rate > 0:
                funnel.add_transition(source, target, rate=rate)
    funnel.add_entry(case.stages[0], volume=1)
    analysis = fg.analyze(funnel)
    columns = [*case.outcomes, "drop_off"]
    return np.array([[analysis.probability(o, start=s) for o in columns] for s in case.stages])


def numpy_solve(case: Case) -> np.ndarray:
    return np.linalg.solve(np.eye(len(case.stages)) - case.inside, case.exits)


def numpy_inverse(case: Case) -> np.ndarray:
    return np.linalg.inv(np.eye(len(case.stages)) - case.inside) @ case.exits


def scipy_solve(case: Case) -> np.ndarray:
    return scipy.linalg.solve(np.eye(len(case.stages)) - case.inside, case.exits)


def scipy_spsolve(case: Case) -> np.ndarray:
    matrix = scipy.sparse.csc_matrix(np.eye(len(case.stages)) - case.inside)
    return np.asarray(scipy.sparse.linalg.spsolve(matrix, case.exits))


def scipy_splu_exact_exits(case: Case) -> np.ndarray:
    """The best that can be asked of splu: the diagonal is the sum of what leaves, nothing cancels in it."""
    between = case.inside - np.diag(np.diag(case.inside))
    diagonal = between.sum(axis=1) + case.exits.sum(axis=1)
    return scipy.sparse.linalg.splu(scipy.sparse.csc_matrix(np.diag(diagonal) - between)).solve(case.exits)


def pydtmc_absorption(case: Case) -> np.ndarray:
    logging.disable(logging.WARNING)  # matplotlib's, on import
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # also on import
        from pydtmc import MarkovChain

    n, m = case.exits.shape
    full = np.block([[case.inside, case.exits], [np.zeros((m, n)), np.eye(m)]])
    chain = MarkovChain(full, [*case.stages, *case.outcomes, "drop_off"])
    absorbed = chain.absorption_probabilities()  # absorbing states x transient states
    if absorbed is None or absorbed.shape != (m, n):
        raise ValueError("no absorption probabilities for this chain")
    return np.asarray(absorbed).T


WAYS: dict[str, Callable[[Case], np.ndarray]] = {
    "funnelgraph": ours,
    "numpy.linalg.solve(I - Q, R)": numpy_solve,
    "numpy.linalg.inv(I - Q) @ R": numpy_inverse,
    "scipy.linalg.solve(I - Q, R)": scipy_solve,
    "scipy.sparse.linalg.spsolve(I - Q, R)": scipy_spsolve,
    "scipy.sparse.linalg.splu, exact exits": scipy_splu_exact_exits,
    "PyDTMC absorption_probabilities": pydtmc_absorption,
}


def row(name: str, case: Case) -> str:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            found = WAYS[name](case)
        except ImportError as error:  # one that is installed and cannot be imported is no result
            if not (isinstance(error, ModuleNotFoundError) and error.name == "pydtmc"):
                raise
            return f"| {name} | not installed | | | | |"
        except Exception as error:  # what a peer raises is what this table is about
            first = str(error).strip().splitlines()[0].rstrip(".")[:60]
            return f"| {name} | raises {type(error).__name__}: {first} | | | | |"
    positive = case.expected > 0
    with np.errstate(all="ignore"):
        relative = np.abs(found[positive] - case.expected[positive]) / case.expected[positive]
    wrong = ~((found >= 0) & (found <= 1)) | (~positive & (found != 0))
    sums = np.max(np.abs(found.sum(axis=1) - 1))
    note = "warns" if caught else ("silent" if np.max(relative) > SOUND or wrong.any() else "")
    values = f"{np.min(found):.3g} to {np.max(found):.6g}"
    count = f"{np.count_nonzero(wrong)} of {found.size}"
    return f"| {name} | {np.max(relative):.1e} | {values} | {count} | {sums:.1e} | {note} |"


def row_of_process(name: str, case: Case) -> str:
    """Return the row that a process of its own finds, or that it crashed."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        try:
            return process.submit(row, name, case).result()
        except BrokenProcessPool:
            return f"| {name} | crashes | | | | |"


def main() -> None:
    versions = [f"funnelgraph {fg.__version__}", f"NumPy {np.__version__}", f"SciPy {scipy.__version__}"]
    try:
        versions.append(f"PyDTMC {version('pydtmc')}")
    except ImportError:
        versions.append("PyDTMC not installed")
    print(f"{', '.join(versions)}, Python {platform.python_version()} on {platform.machine()}.")
    for case in read():
        print(f"\n### {case.name}\n")
        print("| way | greatest relative error | values | out of range or not zero | row sums off by | |")
        print("|---|---|---|---|---|---|")
        for name in WAYS:
            print(row_of_process(name, case), flush=True)


if __name__ == "__main__":
    main()

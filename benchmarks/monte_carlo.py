"""Monte Carlo of 12 stages and 27 rates, 17 of them beta distributed, against NumPy and SciPy.

NumPy draws and computes by whole columns; SciPy's quantile function stands for what a Gaussian
copula needs. Prints times and ratios of one run on one thread.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from _timing import least_seconds

import funnelgraph as fg

DRAWS = 100_000
RUNS = 7
STAGES = 12
#: Skips of one stage, besides the way from each stage to the next.
SKIPS = (0, 2, 4, 6, 8)
#: Stages that lose journeys to a competitor.
LOSING = range(10)


def name(i: int) -> str:
    return f"s{i}" if i < STAGES else "won"


def rates() -> dict[tuple[str, str], tuple[float, float]]:
    """Return the shapes of the uncertain rates."""
    found = {(name(i), name(i + 1)): (40.0 + i, 40.0 - i) for i in range(STAGES)}
    found.update({(name(i), name(i + 2)): (10.0 + i, 90.0) for i in SKIPS})
    return found


def funnel() -> fg.Funnel:
    shop = fg.Funnel("twelve stages")
    for i in range(STAGES):
        shop.add_stage(name(i))
    shop.add_outcome("won", kind="won")
    shop.add_outcome("competitor", kind="lost")
    for (source, target), (a, b) in rates().items():
        shop.add_transition(source, target, rate=a / (a + b) * 0.8)
    for i in LOSING:
        shop.add_transition(name(i), "competitor", rate=0.1)
    shop.add_entry("s0", volume=1_000)
    return shop


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the least time in milliseconds."""
    return 1e3 * least_seconds(work, runs)


def numpy_columns() -> float:
    """Draw and evaluate by whole columns."""
    rng = np.random.default_rng(7)
    drawn = {key: rng.beta(a, b, DRAWS) for key, (a, b) in rates().items()}
    visits = {name(i): np.zeros(DRAWS) for i in range(STAGES + 1)}
    visits["s0"] += 1_000
    for i in range(STAGES):
        for (source, target), column in drawn.items():
            if source == name(i):
                visits[target] += visits[source] * column
    won = visits["won"]
    return float(won.mean() + won.std() + np.quantile(won, [0.05, 0.25, 0.5, 0.75, 0.95]).sum())


def numpy_draws() -> None:
    rng = np.random.default_rng(7)
    for a, b in rates().values():
        rng.beta(a, b, DRAWS)


def main() -> None:
    shop = funnel()
    beliefs = {fg.rate(*key): fg.Beta(a, b) for key, (a, b) in rates().items()}
    won = fg.metric.count("won")
    count = len(beliefs) * DRAWS

    def ours(**options: object) -> fg.MonteCarlo:
        return fg.monte_carlo(shop, beliefs, metrics=won, n=DRAWS, seed=7, threads=1, **options)  # type: ignore[arg-type]

    def our_draws() -> None:
        for distribution in beliefs.values():
            distribution.sample(DRAWS, seed=7)

    ours()
    print(f"{len(beliefs)} beta rates, {DRAWS:,} draws, one thread (best of {RUNS}, ms)")
    for what, numpy, own in (
        ("drawing alone", best(numpy_draws), best(our_draws)),
        ("Monte Carlo", best(numpy_columns), best(ours)),
    ):
        print(f"  {what:15} NumPy {numpy:8.1f}   funnelgraph {own:8.1f}   {numpy / own:6.1f} x")

    correlation = np.full((len(beliefs), len(beliefs)), 0.3)
    np.fill_diagonal(correlation, 1)
    coupled = 1e6 * best(lambda: ours(correlation=correlation)) / count
    print(f"coupled by a Gaussian copula, ns a drawn number, evaluation included: funnelgraph {coupled:.1f}")
    try:
        from scipy import stats
    except ImportError:
        print("  SciPy is not installed: no ratio")
        return
    u = np.random.default_rng(1).random(10_000)
    ppf = 1e6 * best(lambda: stats.beta.ppf(u, 35, 65), 3) / len(u)
    print(f"  scipy.stats.beta.ppf alone {ppf:.0f}   {ppf / coupled:.1f} x")


if __name__ == "__main__":
    main()

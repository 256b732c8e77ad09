"""How long work takes, where the machine may be busy: the least of several runs."""

from __future__ import annotations

import time
from collections.abc import Callable


def least_seconds(work: Callable[[], object], runs: int) -> float:
    """Return the least wall time of `runs` runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)

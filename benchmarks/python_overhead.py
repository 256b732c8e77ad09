"""What Python adds: import time beyond NumPy, the overhead of `analyze`, the size of the package."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from _timing import least_seconds

import funnelgraph as fg

RUNS = 15


def import_milliseconds(module: str) -> float:
    """Return the median wall time of a fresh interpreter's `import module`, the interpreter left out."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    times = [
        float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)
        for _ in range(RUNS + 1)
    ]
    return 1e3 * statistics.median(times[1:])  # the first writes the bytecode


def microseconds(call: Callable[[], object], calls: int = 200) -> float:
    """Return the least time of a call."""

    def many() -> None:
        for _ in range(calls):
            call()

    return 1e6 * least_seconds(many, RUNS) / calls


def line(stages: int) -> fg.Funnel:
    """Return a line of stages with ways back."""
    funnel = fg.Funnel("line")
    funnel.add_owner("Sales", role="sales")
    funnel.add_outcome("won", kind="won", value=100)
    for i in range(stages):
        funnel.add_stage(f"stage {i}", owner="Sales", cost=1, value=2)
        target = f"stage {i + 1}" if i + 1 < stages else "won"
        funnel.add_transition(f"stage {i}", target, rate=0.6, lag=fg.Lag.exponential(2))
        if i % 2 == 0 and i > 4:
            funnel.add_transition(f"stage {i}", f"stage {i - 4}", rate=0.1, lag=fg.Lag.exponential(3))
    funnel.add_entry("stage 0", volume=1000)
    return funnel


def main() -> None:
    """Print the figures."""
    numpy, both = import_milliseconds("numpy"), import_milliseconds("numpy, funnelgraph")
    print(f"import numpy {numpy:.1f} ms, with funnelgraph {both:.1f} ms: {both - numpy:.1f} ms more")
    funnel = line(50)
    rows = {
        "copy": lambda: fg.Funnel(funnel),
        "analyze": lambda: fg.analyze(funnel),
        "analyze and the stages table": lambda: fg.analyze(funnel).stages,
        "sensitivity": lambda: fg.sensitivity(funnel, fg.metric.profit()),
    }
    print("50 stages, microseconds (least)")
    for name, call in rows.items():
        print(f"  {name:<30} {microseconds(call):9.1f}")
    folder = Path(fg.__file__).parent
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    print(f"installed size without bytecode {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

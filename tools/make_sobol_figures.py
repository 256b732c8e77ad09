#!/usr/bin/env python3
"""Make tests/oracles/sobol.json: Sobol indices by SALib of the Ishigami function on Halton points.

SALib's estimators see the same values as ours, so that the indices agree to rounding; its bootstrap draws
other samples, so that the half widths of the intervals agree to a few per cent.

Usage: ``make_sobol_figures.py`` (needs SALib and NumPy).
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from SALib.analyze import sobol

POINTS = 256
BASES = (2, 3, 5, 7, 11, 13)
RESAMPLES = 20_000


def halton(index: int, base: int) -> float:
    """Return coordinate `index` of the van der Corput sequence."""
    value, part = 0.0, 1.0 / base
    while index > 0:
        value += (index % base) * part
        index //= base
        part /= base
    return value


def ishigami(u: np.ndarray) -> float:
    """Return the function of three uniform numbers in (0, 1), a = 7 and b = 0.1."""
    x, y, z = (2 * u - 1) * np.pi
    return float(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


def main() -> None:
    """Write the file."""
    values = []
    for i in range(1, POINTS + 1):
        point = np.array([halton(i, base) for base in BASES])
        a, b = point[:3], point[3:]
        values.append(ishigami(a))
        for d in range(3):
            mixed = a.copy()
            mixed[d] = b[d]
            values.append(ishigami(mixed))
        values.append(ishigami(b))
    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0, 1]] * 3}
    found = sobol.analyze(problem, np.array(values), calc_second_order=False, num_resamples=RESAMPLES, seed=1)
    figures = {
        "source": f"SALib {version('SALib')}, sobol.analyze, tools/make_sobol_figures.py",
        "points": POINTS,
        "bases": BASES,
        "first": list(found["S1"]),
        "total": list(found["ST"]),
        "first_half_width": list(found["S1_conf"]),
        "total_half_width": list(found["ST_conf"]),
    }
    path = Path(__file__).resolve().parent.parent / "tests" / "oracles" / "sobol.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

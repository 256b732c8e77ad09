#!/usr/bin/env python3
"""What it costs a consumer to compile one file that builds a funnel and analyses it.

Compares, in one run, the processor time of the compiler (the best of several, taken in turn) for

- an empty program that includes eight ordinary standard headers (the yardstick),
- the program through the umbrella header, for linking with funnelgraph::funnelgraph,
- the same program header-only.

``--limit`` fails when the compiled way costs more than so many yardsticks.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

YARDSTICK = (
    "".join(
        f"#include <{name}>\n"
        for name in ("algorithm", "functional", "map", "optional", "span", "string", "variant", "vector")
    )
    + "int main() {}\n"
)
PROGRAM = """#include "shop.hpp"
int main() {
  const funnelgraph::Analysis analysis = funnelgraph::analyze(consumer::shop());
  return analysis.count("customer") > 0 ? 0 : 1;
}
"""


def includes_of(build: Path) -> list[str]:
    """Include options for Eigen and Boost, from the cache of a build folder."""
    options = ["-I", str(ROOT / "include"), "-I", str(ROOT / "tests" / "consumers" / "program")]
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    for line in cache.splitlines():
        name, _, value = line.partition("=")
        if name == "Eigen3_DIR:PATH":
            for up in Path(value).parents:
                if (up / "include" / "eigen3").is_dir():
                    options += ["-isystem", str(up / "include" / "eigen3")]
                    break
    return options


def seconds(command: list[str]) -> float:
    """Processor time of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--build", type=Path, default=ROOT / "build" / "dev", help="a configured build folder"
    )
    parser.add_argument("--compiler", default=os.environ.get("CXX", "c++"))
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--limit", type=float, help="largest ratio of the compiled way")
    arguments = parser.parse_args()

    base = [arguments.compiler, "-std=c++20", "-O0", *includes_of(arguments.build), "-c"]
    with tempfile.TemporaryDirectory() as folder:
        cases: dict[str, list[str]] = {}
        for name, text, extra in (
            ("eight standard headers", YARDSTICK, []),
            ("compiled", PROGRAM, []),
            ("header-only", PROGRAM, ["-DFUNNELGRAPH_HEADER_ONLY"]),
        ):
            source = Path(folder) / f"{len(cases)}.cpp"
            source.write_text(text, encoding="utf-8")
            cases[name] = [*base, *extra, str(source), "-o", str(source.with_suffix(".o"))]
        best = dict.fromkeys(cases, float("inf"))
        for run in range(arguments.runs):
            for name, command in cases.items():
                if name == "header-only" and run >= 2:
                    continue
                best[name] = min(best[name], seconds(command))
    yardstick = best["eight standard headers"]
    for name, time in best.items():
        print(f"consumer cost: {name:<24} {time:6.2f} s  {time / yardstick:5.2f} x")
    ratio = best["compiled"] / yardstick
    if arguments.limit is not None and ratio > arguments.limit:
        print(f"consumer cost: {ratio:.2f} is above the limit of {arguments.limit}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

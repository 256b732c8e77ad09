#!/usr/bin/env python3
"""Build and run the projects of this folder as a user would, each from a fresh build folder.

The library is installed from a finished build folder into a fresh prefix for those that use
``find_package``. Everything is compiled without optimisation.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(*command: str | Path) -> None:
    """Run a command; show its output only when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(str(part) for part in command)}\n{done.stdout}")


def build_and_run(name: str, work: Path, prefix: Path) -> None:
    """One consumer, from nothing."""
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    run(
        *("cmake", "-G", "Ninja", "-S", HERE / name, "-B", folder),
        *(f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0"),
    )
    run("cmake", "--build", folder)
    run(folder / "consumer")


def main() -> int:
    """Run all consumers; the exit code is 1 when one fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "dev", help="finished build folder")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "consumers", help="where to build")
    parser.add_argument("--results", type=Path, default=ROOT / "build" / "results", help="for a JUnit file")
    parser.add_argument("names", nargs="*", help="which consumers (default: all)")
    arguments = parser.parse_args()

    prefix = arguments.work / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    run("cmake", "--install", arguments.build, "--prefix", prefix)

    suite = ElementTree.Element("testsuite", name="consumers")
    failed = 0
    for name in arguments.names or sorted(path.parent.name for path in HERE.glob("*/CMakeLists.txt")):
        started = time.monotonic()
        case = ElementTree.SubElement(suite, "testcase", name=name)
        try:
            build_and_run(name, arguments.work, prefix)
            words = "passed"
        except RuntimeError as error:
            failed += 1
            words = f"FAILED\n{error}"
            ElementTree.SubElement(case, "failure").text = str(error)
        print(f"{name}: {words} ({time.monotonic() - started:.1f} s)", flush=True)
    arguments.results.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(arguments.results / "consumers.xml")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

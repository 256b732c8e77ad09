#!/usr/bin/env python3
"""Say which test names each requirement of docs/requirements.md.

A C++ test names requirements in the title or the tags of ``TEST_CASE`` (and its kin) or ``SECTION``, a
Python test in its own, its class's or its module's docstring: ``[37]``, ``[14, 25]``, ``[33-35]``. A
bracket with anything else in it (a unit, ``[0, 1]``) is no mention.

A box is ``[x]`` (done), ``[~]`` (partly: a test names it, but more is to come) or ``[ ]`` (open: no test
names it). Fails when a test names a number that does not exist, when a number is missing from the list or
stands there twice, and when a box disagrees with the tests: done or partly without a test, or open with
one. ``--write`` empties the boxes that no test names and ticks the empty ones that a test does.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

STATES = {"x": "done", "~": "partly", " ": "open"}
LAST = 74  #: requirements are numbered 1 to 74 without a gap

_LINE = re.compile(r"^- \[([ x~])\] (\d+): (.+)$", re.MULTILINE)
_BRACKET = re.compile(r"\[\s*(\d+(?:\s*[-–,]\s*\d+)*)\s*\]")
_CPP_TEST = re.compile(
    r"\b(?:SCENARIO|SECTION|(?:TEMPLATE_(?:LIST_|PRODUCT_)?)?TEST_CASE(?:_METHOD)?(?:_SIG)?)\s*\("
)
_CPP_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CPP_COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|("(?:[^"\\\n]|\\.)*")', re.DOTALL)


def numbers_in(text: str) -> set[int]:
    """Requirement numbers that a title or docstring names."""
    found: set[int] = set()
    for bracket in _BRACKET.findall(text):
        numbers: set[int] = set()
        for part in bracket.split(","):
            ends = [int(end) for end in re.split(r"[-–]", part)]
            numbers.update(range(ends[0], ends[-1] + 1))
        if 0 not in numbers:  # requirements start at 1: [0, 1] is an interval
            found |= numbers
    return found


def cpp_mentions(source: str) -> Iterator[tuple[str, int]]:
    """Titles of C++ tests with the numbers they name."""
    source = _CPP_COMMENT.sub(lambda m: m.group(1) or " ", source)
    for test in _CPP_TEST.finditer(source):
        rest = source[test.end() :]
        head = rest[: rest.find("{")] if "{" in rest else rest
        strings = _CPP_STRING.findall(head)
        for number in sorted(numbers_in(" ".join(strings))):
            yield (strings[0], number)


def python_mentions(source: str) -> Iterator[tuple[str, int]]:
    """Names of Python tests with the numbers that their docstrings name."""

    def visit(node: ast.Module | ast.ClassDef, path: str) -> Iterator[tuple[str, int]]:
        for number in sorted(numbers_in(ast.get_docstring(node) or "")):
            yield (path, number)
        for child in node.body:
            name = f"{path}.{child.name}" if path and hasattr(child, "name") else getattr(child, "name", "")
            if isinstance(child, ast.ClassDef) and child.name.startswith("Test"):
                yield from visit(child, name)
            elif isinstance(child, ast.FunctionDef) and child.name.startswith("test"):
                for number in sorted(numbers_in(ast.get_docstring(child) or "")):
                    yield (name, number)

    yield from visit(ast.parse(source), "")


def find_mentions(tests: Path) -> dict[int, list[str]]:
    """All mentions under ``tests``: number to "file: title"."""
    found: dict[int, list[str]] = {}
    for path in sorted([*tests.rglob("test_*.cpp"), *tests.rglob("test_*.py")]):
        if path.parent.name == "tools":  # tests of the checks themselves speak of numbers as examples
            continue
        source = path.read_text(encoding="utf-8")
        mentions = cpp_mentions(source) if path.suffix == ".cpp" else python_mentions(source)
        for title, number in mentions:
            name = path.relative_to(tests).as_posix()
            found.setdefault(number, []).append(f"{name}: {title}" if title else name)
    return found


def read_requirements(text: str) -> tuple[dict[int, tuple[str, str]], list[str]]:
    """Requirements by number (box, words), and what is wrong with the list."""
    listed: dict[int, tuple[str, str]] = {}
    problems = []
    for box, digits, words in _LINE.findall(text):
        if int(digits) in listed:
            problems.append(f"{digits} stands in the list twice")
        listed[int(digits)] = (box, words)
    problems += [
        f"{number} is missing from the list" for number in range(1, LAST + 1) if number not in listed
    ]
    problems += [
        f"{number} is in the list but is no requirement" for number in listed if not 1 <= number <= LAST
    ]
    return listed, problems


def check(root: Path) -> tuple[list[str], list[str]]:
    """Report lines (one a requirement) and problems."""
    text = (root / "docs" / "requirements.md").read_text(encoding="utf-8")
    listed, problems = read_requirements(text)
    found = find_mentions(root / "tests")
    problems += [
        f"{number} is no requirement, but is named by {test}"
        for number in sorted(found)
        if number not in listed
        for test in found[number]
    ]
    lines = []
    for number in sorted(listed):
        box, words = listed[number]
        tests = found.get(number, [])
        lines.append(f"{number:>2} {STATES[box]:<6}  {words}")
        lines += [f"          {test}" for test in tests]
        if box != " " and not tests:
            problems.append(f"{number} is {STATES[box]} in the list, but no test names it")
        if tests and box == " ":
            problems.append(f"{number} is open in the list, but is named by {tests[0]}")
    count = Counter(STATES[box] for box, _ in listed.values())
    lines.append("check_requirements: " + ", ".join(f"{count[state]} {state}" for state in STATES.values()))
    return lines, problems


def write(root: Path) -> None:
    """Bring the boxes up to date with the tests."""
    path = root / "docs" / "requirements.md"
    found = find_mentions(root / "tests")

    def box(line: re.Match[str]) -> str:
        if int(line[2]) not in found:
            return " "
        return "x" if line[1] == " " else line[1]

    text = _LINE.sub(lambda m: f"- [{box(m)}] {m[2]}: {m[3]}", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")


def main() -> int:
    """Run the check; the exit code is 1 where something is wrong."""
    parser = argparse.ArgumentParser(description="Say which test names each requirement.")
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument(
        "--write", action="store_true", help="bring the boxes of docs/requirements.md up to date"
    )
    arguments = parser.parse_args()
    if arguments.write:
        write(arguments.root)
    lines, problems = check(arguments.root)
    print("\n".join(lines))
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

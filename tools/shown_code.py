#!/usr/bin/env python3
"""The code that README.md and the pages in docs/ show, so that tests can compile and run it.

In the README a fenced block of ``cpp`` or ``python`` followed by one of ``text`` is code with what it prints.
In docs/ a block of ``cpp`` is a piece of a program; what must stand before it is in a comment, right before
the block, that starts with ``<!-- cpp``. Python in docs/ is run by tests/python/test_docs.py.

Usage: ``shown_code.py extract cpp`` prints the README's code, ``shown_code.py check cpp PROGRAM...`` runs a
command and compares what it prints with what the README says, ``shown_code.py docs`` prints one program with
every C++ block of docs/.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_BLOCKS = re.compile(r"^```(cpp|python)\n(.*?)^```\n+(?:^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
_PIECES = re.compile(r"(?:^<!-- cpp\n(.*?)^-->\n+)?^```cpp\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One example of the README."""

    code: str
    output: str


def example(language: str, readme: Path = ROOT / "README.md") -> Example:
    """Return the README's example in ``cpp`` or ``python``; there is exactly one of each."""
    found = [
        Example(code, output)
        for name, code, output in _BLOCKS.findall(readme.read_text("utf-8"))
        if name == language
    ]
    if len(found) != 1 or not found[0].output:
        raise SystemExit(f"README.md should show one {language} example with its output, not {len(found)}")
    return found[0]


def check(language: str, command: list[str]) -> list[str]:
    """Run a command in the root of the repository; returns the lines that differ from the README's."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    printed, shown = done.stdout.rstrip("\n").splitlines(), example(language).output.rstrip("\n").splitlines()
    length = max(len(printed), len(shown))
    pairs = zip(printed + [""] * (length - len(printed)), shown + [""] * (length - len(shown)), strict=True)
    differences = [f"prints {a!r}\n shows {b!r}" for a, b in pairs if a.rstrip() != b.rstrip()]
    if done.returncode:
        differences.append(f"exit code {done.returncode}")
    return differences


def program(pages: list[Path]) -> str:
    """Return one program that runs the C++ blocks of pages in their order, each in a function of its own."""
    includes: set[str] = {"#include <funnelgraph/funnelgraph.hpp>"}
    functions: list[str] = []
    calls: list[str] = []
    for page in pages:
        text = page.read_text("utf-8")
        for number, piece in enumerate(_PIECES.finditer(text)):
            before, code = piece[1] or "", piece[2]
            lines = [f'#line {1 + text.count(chr(10), 0, piece.start(2))} "{page.name}"', *code.splitlines()]
            kept = []
            for line in [*before.splitlines(), *lines]:
                if line.startswith("#include"):
                    includes.add(line)
                    line = ""  # so that the compiler counts lines as the page does
                kept.append(line)
            name = f"{page.stem}_{number}"
            functions.append(f"void {name}() {{\n" + "\n".join(kept) + "\n}\n")
            calls.append(f"  {name}();")
    head = [*sorted(includes), "", "namespace fg = funnelgraph;", ""]
    return "\n".join([*head, *functions, "int main() {", *calls, "}", ""])


def main() -> int:
    """Extract or check."""
    match sys.argv[1:]:
        case ["extract", language]:
            sys.stdout.write(example(language).code)
            return 0
        case ["check", language, *command] if command:
            differences = check(language, command)
            print("\n".join(differences) or "as the README shows")
            return 1 if differences else 0
        case ["docs"]:
            sys.stdout.write(program(sorted((ROOT / "docs").glob("*.md"))))
            return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

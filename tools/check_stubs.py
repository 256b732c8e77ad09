#!/usr/bin/env python3
"""Whether python/funnelgraph/_core.pyi says what the built extension holds: names, and names of arguments.

Run it where `funnelgraph` can be imported. Exit code 1 with one line a difference.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

STUB = Path(__file__).resolve().parent.parent / "python" / "funnelgraph" / "_core.pyi"

#: Written by pybind11 or by Python itself for every class.
OWN = {"__module__", "__doc__", "__new__", "__init__", "__repr__", "__str__", "__getstate__", "__setstate__"}
OWN |= {"__dict__", "__weakref__", "__ne__", "__reduce__", "__reduce_ex__", "__float__", "__firstlineno__"}
OWN |= {"__static_attributes__", "_pybind11_conduit_v1_"}

Signature = tuple[str, ...]


def stub_names(body: list[ast.stmt], prefix: str = "") -> dict[str, set[Signature] | None]:
    """Names of a stub with the arguments of its functions; None for what is not called."""
    found: dict[str, set[Signature] | None] = {}
    for node in body:
        if isinstance(node, ast.ClassDef):
            found[prefix + node.name] = None
            found.update(stub_names(node.body, f"{prefix}{node.name}."))
        elif isinstance(node, ast.FunctionDef):
            decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
            name = prefix + node.name
            if any(decorator == "property" or decorator.endswith(".setter") for decorator in decorators):
                found[name] = None
                continue
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            arguments = tuple(a.arg for a in every if a.arg not in ("self", "cls"))
            known = found.setdefault(name, set())
            if known is not None:
                known.add(arguments)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[prefix + node.target.id] = None
    return found


def built_names(holder: ModuleType | type, prefix: str = "") -> dict[str, set[Signature] | None]:
    """Return the same of the built module, from the signatures that pybind11 writes into docstrings."""
    found: dict[str, set[Signature] | None] = {}
    for name, value in vars(holder).items():
        if name in OWN or (isinstance(holder, ModuleType) and name.startswith("_") and name != "__version__"):
            continue
        if isinstance(value, type):
            found[prefix + name] = None
            found.update(built_names(value, f"{prefix}{name}."))
        elif isinstance(value, property) or not callable(_function(value)):
            if name != "__hash__" or value is not None:
                found[prefix + name] = None
        else:
            found[prefix + name] = signatures(name, _function(value).__doc__ or "")
    return found


def _function(value: Any) -> Any:
    return value.__func__ if isinstance(value, staticmethod) else value


def signatures(name: str, doc: str) -> set[Signature]:
    """Return the argument names of every overload in a docstring of pybind11."""
    found = set()
    for match in re.finditer(rf"^(?:\d+\. )?{re.escape(name)}\((.*)\) ->", doc, re.MULTILINE):
        arguments = []
        for part in split(match.group(1)):
            argument = part.split(":")[0].split("=")[0].strip()
            if argument and argument not in ("self", "/") and not argument.startswith("*"):
                arguments.append(argument)
        found.add(tuple(arguments))
    return found


def split(text: str) -> list[str]:
    """Split a signature at its commas, those in brackets apart."""
    parts, depth, start = [], 0, 0
    for i, character in enumerate(text):
        depth += (character in "[({") - (character in "])}")
        if character == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def differences(stub: dict[str, set[Signature] | None], built: dict[str, set[Signature] | None]) -> list[str]:
    """Return one line a difference between a stub and a module."""
    lines = [f"{name}: in the module, not in the stub" for name in sorted(built.keys() - stub.keys())]
    lines += [
        f"{name}: in the stub, not in the module"
        for name in sorted(stub.keys() - built.keys())
        if name.rpartition(".")[2] not in OWN
    ]
    for name in sorted(stub.keys() & built.keys()):
        written, real = stub[name], built[name]
        operator = name.rpartition(".")[2].startswith("__")
        if (written is None) != (real is None):
            lines.append(f"{name}: a function on one side, a value on the other")
        elif written is not None and real is not None and not operator and written != real:
            lines.append(f"{name}: the stub has {sorted(written)}, the module {sorted(real)}")
    return lines


def main() -> int:
    """Compare and print."""
    module = importlib.import_module("funnelgraph._core")
    lines = differences(stub_names(ast.parse(STUB.read_text(encoding="utf-8")).body), built_names(module))
    for line in lines:
        print(f"{STUB.name}: {line}")
    if not lines:
        print(f"{STUB.name} says what {module.__file__} holds")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

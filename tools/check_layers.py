#!/usr/bin/env python3
"""Check that the include lines of the headers follow the one road through the house.

The rooms under include/funnelgraph/ may include each other only along the arrows of ``ROOMS``. The
tool reads the include lines, takes the transitive closure, and reports

- every header that reaches a room (or an external library) that its own room may not use,
- every cycle between headers (a header and the files of its definitions count as one) and between rooms,
- every header that includes an ``_inl`` file in another way than the library does,
- every folder that is no room.

Usage: ``check_layers.py [ROOT]`` (default: this repository), or ``check_layers.py --table``.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# ---- the table --------------------------------------------------------------------------------------

_TO_COMPILE = ("core", "model", "chain", "compile")
_TO_ANALYSIS = ("core", "chain", "analysis")
_TO_FIT = ("core", "model", "fit")
_ALL_BELOW = ("core", "model", "chain", "compile", "analysis", "scenario", "fit")

#: What the headers of a room may reach, their own room included.
ROOMS: dict[str, tuple[str, ...]] = {
    "core": ("core",),
    "model": ("core", "model"),
    "chain": ("core", "chain"),
    "compile": _TO_COMPILE,
    "analysis": _TO_ANALYSIS,
    "scenario": ("core", "model", "scenario"),
    "fit": _TO_FIT,
    "whatif": (*_ALL_BELOW, "whatif"),
    "explain": ("core", "model", "chain", "compile", "analysis", "fit", "explain"),
    "simulate": ("core", "model", "chain", "compile", "analysis", "scenario", "simulate"),
    "kpi": ("core", "model", "chain", "compile", "analysis", "fit", "kpi"),
    "process": (*_ALL_BELOW, "whatif", "simulate", "process"),
    "launch": (*_ALL_BELOW, "whatif", "simulate", "launch"),
    "maturity": ("core", "maturity"),
    "io": (*_ALL_BELOW, "whatif", "explain", "simulate", "kpi", "process", "launch", "maturity", "io"),
}

#: Single headers that may reach more than their room (their ``_inl`` twins with them).
MORE: dict[str, tuple[str, ...]] = {
    "analysis/analysis_options": (*_TO_COMPILE, "analysis"),
    "analysis/analyze": (*_TO_COMPILE, "analysis"),
    "analysis/detail/analysis_state": (*_TO_COMPILE, "analysis"),
    "analysis/detail/analysis_tables": (*_TO_COMPILE, "analysis"),
    "analysis/detail/named_chain": (*_TO_COMPILE, "analysis"),
    "analysis/detail/reference_rows": (*_TO_COMPILE, "analysis"),
    "analysis/evaluate": (*_TO_COMPILE, "analysis"),
    "analysis/sensitivity": (*_TO_COMPILE, "analysis"),
    "maturity/evidence": ("core", "model", "chain", "compile", "analysis", "fit", "kpi", "maturity"),
    "maturity/effects": ("core", "model", "scenario", "maturity"),
    # Where the two sides hand over is read off the funnel; what a move is worth needs its profit, and
    # so do the plain figures that friction and money_uses (core only) read.
    "maturity/owner_roles": ("core", "model", "maturity"),
    "maturity/funnel_figures": ("core", "model", "chain", "compile", "analysis", "maturity"),
    "maturity/break_even": ("core", "model", "chain", "compile", "analysis", "scenario", "maturity"),
}

_BOOST_GRAPH = ("boost/graph", "boost/iterator", "boost/property_map", "boost/range")

#: Libraries that the ``_inl`` files of a room may include; ordinary headers may include none.
EXTERNALS: dict[str, tuple[str, ...]] = {
    "core": ("boost/math",),
    "model": (),
    "chain": ("boost/math", "Eigen", *_BOOST_GRAPH),
    "compile": ("boost/math", "Eigen", *_BOOST_GRAPH),
    "whatif": ("boost/math", "boost/random", "Eigen"),
    "io": ("boost/math", *_BOOST_GRAPH),
}
_OTHER_EXTERNALS = ("boost/math", "Eigen")

#: Single headers that may include a library directly; whoever includes them may rely on it.
EXTERNALS_MORE: dict[str, tuple[str, ...]] = {
    "model/boost_graph": _BOOST_GRAPH,
    "model/detail/closed_cycles_inl": _BOOST_GRAPH,
}

#: Standard headers too dear for a header that every consumer reads.
DEAR = ("iostream", "regex", "random")

#: Headers beside the rooms: the configuration counts as core, the umbrella may include everything.
CONFIG = "config"
UMBRELLA = "funnelgraph"

# ---- reading ----------------------------------------------------------------------------------------

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
_CONDITION = re.compile(r"^\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b(.*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass
class Header:
    """One header: its name relative to include/funnelgraph without the ending, and what it includes."""

    name: str
    own: list[str] = field(default_factory=list)  #: always included headers of the library
    header_only: list[str] = field(default_factory=list)  #: included for header-only use alone
    external: list[str] = field(default_factory=list)

    @property
    def room(self) -> str:
        """Folder it lives in; the configuration counts as core."""
        return self.name.split("/")[0] if "/" in self.name else ("core" if self.name == CONFIG else "")

    @property
    def is_inl(self) -> bool:
        """Whether it holds definitions that ``src`` compiles."""
        return self.name.endswith("_inl")


def read_header(path: Path, base: Path, name: str | None = None) -> Header:
    """Read the include lines of one file; a source beside the headers passes its own name."""
    header = Header(name or path.relative_to(base).with_suffix("").as_posix())
    only_depth: list[bool] = []
    text = _COMMENT.sub(lambda m: "\n" * m.group().count("\n"), path.read_text(encoding="utf-8"))
    for line in text.splitlines():
        if condition := _CONDITION.match(line):
            word, rest = condition.groups()
            if word in ("if", "ifdef"):
                only_depth.append("FUNNELGRAPH_HEADER_ONLY" in rest and "!" not in rest)
            elif word == "ifndef":
                only_depth.append(False)
            elif word == "endif":
                if only_depth:
                    only_depth.pop()
            elif only_depth:
                only_depth[-1] = False
        if not (include := _INCLUDE.match(line)):
            continue
        quoted, target = include.groups()
        if target.startswith("funnelgraph/"):
            target_name = target.removeprefix("funnelgraph/").removesuffix(".hpp")
            (header.header_only if any(only_depth) else header.own).append(target_name)
        elif quoted == '"':
            beside = (path.parent / target).resolve()
            if not beside.is_relative_to(base.resolve()):
                continue
            target_name = beside.relative_to(base.resolve()).with_suffix("").as_posix()
            (header.header_only if any(only_depth) else header.own).append(target_name)
        else:
            header.external.append(target)
    return header


def read_headers(root: Path) -> dict[str, Header]:
    """Read all headers of the library under ``root``."""
    base = root / "include" / "funnelgraph"
    headers = [read_header(path, base) for path in sorted(base.rglob("*.hpp"))]
    return {header.name: header for header in headers}


def declaring(headers: Mapping[str, Header]) -> dict[str, str]:
    """The header that declares what each file defines; an ordinary header is its own.

    ``x_inl`` and ``x_part_inl`` define what ``x`` declares, ``x_impl`` its templates. An ``_inl`` file of
    another name belongs to the header that includes it for header-only use, or else to itself: it then
    holds what several others share.
    """
    includer = {to: name for name, header in headers.items() for to in header.header_only}
    found = {}
    for name in headers:
        twin = name
        if name.endswith(("_inl", "_impl")):
            while twin == name or (twin not in headers and "_" in twin.rpartition("/")[2]):
                twin = twin.rpartition("_")[0]
            twin = twin if twin in headers else includer.get(name, name)
        found[name] = twin
    return found


# ---- checking ---------------------------------------------------------------------------------------


def closure(start: str, arrows: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Everything reachable from ``start``, with one shortest path to each."""
    paths: dict[str, tuple[str, ...]] = {start: (start,)}
    queue = [start]
    for name in queue:
        for to in arrows.get(name, ()):
            if to not in paths:
                paths[to] = (*paths[name], to)
                queue.append(to)
    return paths


def cycles(arrows: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Groups of names that reach each other (strongly connected components of more than one)."""
    reached = {name: set(closure(name, arrows)) for name in arrows}
    found: list[list[str]] = []
    seen: set[str] = set()
    for name in sorted(arrows):
        group = sorted(other for other in reached[name] if name in reached.get(other, ()))
        if len(group) > 1 and not seen & set(group):
            found.append(group)
            seen |= set(group)
    return found


def allowed_rooms(header: Header, twin: str) -> tuple[str, ...]:
    """Rooms that a header may reach."""
    if header.name == UMBRELLA:
        return tuple(room for room in ROOMS if room != "io")
    return MORE.get(twin, ROOMS.get(header.room, ()))


def allowed_externals(header: Header) -> tuple[str, ...]:
    """Libraries that a header may include."""
    if header.name in EXTERNALS_MORE:
        return EXTERNALS_MORE[header.name] + (("boost/math",) if header.is_inl else ())
    return EXTERNALS.get(header.room, _OTHER_EXTERNALS) if header.is_inl else ()


def _is_library(external: str) -> bool:
    return "/" in external and external.split("/")[0] in ("boost", "Eigen", "unsupported")


def _permits(allowed: Iterable[str], external: str) -> bool:
    return any(external == a or external.startswith((a + "/", a + ".")) for a in allowed)


def _path(path: Iterable[str]) -> str:
    return " -> ".join(path)


def check_externals(headers: Mapping[str, Header]) -> list[str]:
    """Libraries and dear standard headers where they may not be."""
    problems = []
    arrows = {name: header.own for name, header in headers.items()}
    for header in headers.values():
        may = allowed_externals(header)
        problems += [
            f"{header.name}: may not include <{e}> (allowed: {', '.join(may) or 'no library'})"
            for e in header.external
            if _is_library(e) and not _permits(may, e)
        ]
        if header.is_inl or header.name in EXTERNALS_MORE:
            continue
        for reached, path in closure(header.name, arrows).items():
            if reached not in headers:
                continue
            dear = [e for e in headers[reached].external if _is_library(e) or e in DEAR]
            if reached == header.name:  # a library it includes itself is reported above
                dear = [e for e in dear if e in DEAR]
            problems += [f"{header.name}: a public header must not reach <{e}> ({_path(path)})" for e in dear]
    return problems


def check_sources(root: Path, headers: Mapping[str, Header]) -> list[str]:
    """``src/<room>.cpp``, ``src/<room>_part.cpp`` and ``src/<room>/*.cpp`` are bound like their room."""
    problems = []
    twins = declaring(headers)
    arrows = {name: header.own for name, header in headers.items()}
    for path in sorted((root / "src").rglob("*.cpp")):
        name = path.relative_to(root / "src").as_posix()
        room = name.split("/")[0].removesuffix(".cpp").partition("_")[0]
        if room not in ROOMS:
            problems.append(f"src/{name}: {room!r} is no room of the table")
            continue
        source = read_header(path, root / "include" / "funnelgraph", name)
        for to in (*source.own, *source.header_only):
            own_inl = {other for other in headers if other.split("/")[0] == room and other.endswith("_inl")}
            may = {*ROOMS[room]}
            for inl in own_inl & {to}:
                may |= set(allowed_rooms(headers[inl], twins[inl]))
            if to.endswith("_inl") and to not in own_inl:
                problems.append(f"src/{name}: includes {to}.hpp, which is not of its room or does not exist")
            problems += [
                f"src/{name}: may not reach room {headers[reached].room} ({_path(steps)})"
                for reached, steps in closure(to, arrows).items()
                if reached in headers and headers[reached].room not in {*may, ""}
            ]
        may_use = (
            *EXTERNALS.get(room, _OTHER_EXTERNALS),
            "boost/math",
            *(("boost/json", "boost/system") * (room == "io")),
        )
        problems += [
            f"src/{name}: may not include <{e}>"
            for e in source.external
            if _is_library(e) and not _permits(may_use, e)
        ]
    return problems


def check_inl(headers: Mapping[str, Header]) -> list[str]:
    """``_inl`` files are included for header-only use by who declares, and by each other in their room."""
    problems = []
    twins = declaring(headers)
    arrows = {name: [*header.own, *header.header_only] for name, header in headers.items()}
    for header in headers.values():
        for to in header.own:
            if to.endswith("_inl") and not (header.is_inl and to.split("/")[0] == header.room):
                problems.append(f"{header.name}: includes {to} outside of header-only use")
        for to in header.header_only:
            if twins.get(to, header.name) != header.name:
                problems.append(
                    f"{header.name}: includes {to} for header-only use, which {twins[to]} declares"
                )
        if not header.is_inl:
            continue
        twin = twins[header.name]
        if twin == header.name:
            if not any(header.name in other.own for other in headers.values()):
                problems.append(f"{header.name}: is included by no header")
        else:
            if twin not in closure(header.name, arrows):
                problems.append(f"{header.name}: does not include {twin}.hpp")
            # Whoever sees the declaration must see the definition in header-only use.
            users = [other.name for other in headers.values() if twin in other.own and not other.is_inl]
            if any(header.name not in closure(name, arrows) for name in users or (header.name,)):
                problems.append(f"{twin}: does not include {header.name}.hpp for header-only use")
            if not users and not any(
                header.name in other.own or header.name in other.header_only for other in headers.values()
            ):
                problems.append(f"{header.name}: is included by no header")
    return problems


def check(root: Path) -> list[str]:
    """All problems of the tree under ``root``; empty when it is well."""
    headers = read_headers(root)
    if not headers:
        return [f"no headers under {root / 'include' / 'funnelgraph'}"]
    problems = []
    for header in headers.values():
        if header.name == UMBRELLA:
            continue
        if header.room not in ROOMS:
            problems.append(f"{header.name}: {header.room or 'the root'!r} is no room of the table")
        problems += [
            f"{header.name}: includes {to}.hpp, which does not exist"
            for to in (*header.own, *header.header_only)
            if to not in headers
        ]

    twins = declaring(headers)
    arrows = {name: [*h.own, *h.header_only] for name, h in headers.items()}
    for header in headers.values():
        may = allowed_rooms(header, twins[header.name])
        # What a header brings in for header-only use is its twin's business, and checked there.
        reached = closure(header.name, {n: h.own for n, h in headers.items()})
        worst: dict[str, tuple[str, ...]] = {}
        for name, path in reached.items():
            room = headers[name].room if name in headers else ""
            if room and room not in may and room not in worst:
                worst[room] = path
        problems += [
            f"{header.name}: may not reach room {room} ({_path(path)})" for room, path in worst.items()
        ]

    problems += check_externals(headers)
    problems += check_inl(headers)
    problems += check_sources(root, headers)

    def pair(name: str) -> str:
        return twins.get(name, name)

    merged: dict[str, set[str]] = {}
    for name, targets in arrows.items():
        merged.setdefault(pair(name), set()).update(pair(t) for t in targets if pair(t) != pair(name))
    problems += [f"cycle of headers: {', '.join(group)}" for group in cycles(merged)]

    rooms: dict[str, set[str]] = {}
    for header in headers.values():
        if header.room:
            used = {headers[t].room for t in arrows[header.name] if t in headers}
            rooms.setdefault(header.room, set()).update(used - {header.room, ""})
    problems += [f"cycle of rooms: {', '.join(group)}" for group in cycles(rooms)]
    return problems


def table() -> str:
    """The table as Markdown."""
    lines = ["| room | may reach | libraries in its `_inl` files |", "|---|---|---|"]
    for room, may in ROOMS.items():
        libraries = ", ".join(EXTERNALS.get(room, _OTHER_EXTERNALS)) or "none"
        lines.append(f"| `{room}` | {', '.join(r for r in may if r != room) or 'nothing'} | {libraries} |")
    for name, may in MORE.items():
        room = name.split("/")[0]
        lines.append(f"| `{name}.hpp` | {', '.join(r for r in may if r != room)} | as its room |")
    for name, may in EXTERNALS_MORE.items():
        lines.append(f"| `{name}.hpp` | as its room | {', '.join(may)} |")
    return "\n".join(lines)


def main() -> int:
    """Run the check; the exit code is 1 where something is wrong."""
    parser = argparse.ArgumentParser(description="Check the layers of the headers.")
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--table", action="store_true", help="print the table and stop")
    arguments = parser.parse_args()
    if arguments.table:
        print(table())
        return 0
    problems = check(arguments.root)
    for problem in problems:
        print(problem)
    count = len(read_headers(arguments.root))
    print(f"check_layers: {count} headers, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

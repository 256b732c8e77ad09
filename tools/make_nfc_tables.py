#!/usr/bin/env python3
"""Writes include/funnelgraph/core/detail/nfc_tables.hpp from Python's Unicode database.

Uses the package `unicodedata2` (a newer database) when it is there. Run: python tools/make_nfc_tables.py
"""

import sys
from pathlib import Path

try:
    import unicodedata2 as unicodedata
except ImportError:
    import unicodedata

HANGUL = range(0xAC00, 0xAC00 + 11172)
TARGET = Path(__file__).resolve().parent.parent / "include/funnelgraph/core/detail/nfc_tables.hpp"


def decompositions() -> list[tuple[int, int, int]]:
    """(code, first, second) of every canonical decomposition, second 0 for singletons, no Hangul."""
    rows = []
    for code in range(sys.maxunicode + 1):
        text = unicodedata.decomposition(chr(code))
        if not text or text.startswith("<") or code in HANGUL:
            continue
        parts = [int(part, 16) for part in text.split()]
        rows.append((code, parts[0], parts[1] if len(parts) > 1 else 0))
    return rows


def compositions(rows: list[tuple[int, int, int]]) -> list[int]:
    """Rows that composition may use, in order of (first, second)."""
    usable = [
        index
        for index, (code, first, second) in enumerate(rows)
        if second and unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(code)
    ]
    return sorted(usable, key=lambda index: rows[index][1:])


def combining_classes() -> list[tuple[int, int, int]]:
    """(first, last, class) of runs of code points with the same non-zero combining class."""
    runs: list[tuple[int, int, int]] = []
    for code in range(sys.maxunicode + 1):
        kind = unicodedata.combining(chr(code))
        if not kind:
            continue
        if runs and runs[-1][1] == code - 1 and runs[-1][2] == kind:
            runs[-1] = (runs[-1][0], code, kind)
        else:
            runs.append((code, code, kind))
    return runs


def filled(items: list[str], width: int = 108) -> str:
    lines, line = [], ""
    for item in items:
        if len(line) + len(item) + 1 > width:
            lines.append(line)
            line = ""
        line += item + ","
    return "\n".join("    " + line for line in [*lines, line])


def main() -> None:
    rows = decompositions()
    usable = compositions(rows)
    runs = combining_classes()
    version = unicodedata.unidata_version
    text = f"""// Unicode {version}: canonical decompositions, compositions and combining classes.
// Written by tools/make_nfc_tables.py. Hangul syllables are left out: they follow from arithmetic.
// clang-format off
#pragma once

#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {{

/// `code` decomposes into `first` and, unless it is 0, `second`. Ascending by code.
struct Decomposition {{
  char32_t code, first, second;
}};
inline constexpr Decomposition decompositions[] = {{
{filled([f"{{{a:#x},{b:#x},{c:#x}}}" for a, b, c in rows])}
}};

/// Places in `decompositions` of the pairs that compose, ascending by (first, second).
inline constexpr std::uint16_t compositions[] = {{
{filled([str(index) for index in usable])}
}};

/// Code points from `first` to `last` have this non-zero combining class. Ascending.
struct CombiningClass {{
  char32_t first, last;
  std::uint8_t value;
}};
inline constexpr CombiningClass combining_classes[] = {{
{filled([f"{{{a:#x},{b:#x},{c}}}" for a, b, c in runs])}
}};

}}  // namespace funnelgraph::inline v0::detail
"""
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(
        f"{TARGET.name}: {len(rows)} decompositions, {len(usable)} compositions, {len(runs)} runs of classes"
    )


if __name__ == "__main__":
    main()

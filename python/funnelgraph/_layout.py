"""How cells look as text, and which columns and rows of a table a page has room for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

#: What stands where a number is unknown or a cell is missing.
UNKNOWN = "–"
#: Terminal cells of the widest text cell, and how many a page shows of one, which can break its lines.
SHOWN_CELL = 48
SHOWN_HTML_CELL = 400
#: Characters that a page keeps on one line, and the least width in em of a column that has more.
UNBROKEN_CELL = 24


class TextColumn:
    """A column as text, ready to be put beside others."""

    __slots__ = ("cells", "empty", "heading", "right")

    def __init__(self, heading: str, cells: list[str], right: bool, empty: bool) -> None:
        self.heading = heading
        self.cells = cells
        self.right = right
        self.empty = empty


def is_unknown(cell: Any) -> bool:
    """Whether a cell is missing or not a number."""
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def shown_rows(count: int, most: int) -> list[int | None]:
    """Return the rows to show of `count`, at most `most`; None stands for those left out in the middle."""
    if count <= max(most, 2):
        return list(range(count))
    first = max(most, 2) // 2
    return [*range(first), None, *range(count - (max(most, 2) - first), count)]


def _decimals(numbers: Sequence[float]) -> int | None:
    """Return how many digits after the point a column shows: four significant ones of its largest number.

    None where its numbers are too far apart for one rule.
    """
    sizes = [abs(number) for number in numbers if math.isfinite(number) and number]
    if not sizes or all(number == round(number) for number in sizes):
        return 0
    largest, smallest = max(sizes), min(sizes)
    if largest / smallest >= 1e4:
        return None
    of_largest = 3 - math.floor(math.log10(largest))
    of_smallest = 1 - math.floor(math.log10(smallest))
    return min(max(of_largest, of_smallest, 0), 6)


def number_text(number: float, decimals: int | None = None) -> str:
    """Return a number with its thousands apart; four significant digits unless `decimals` is given."""
    if math.isnan(number):
        return UNKNOWN
    if math.isinf(number):
        return "∞" if number > 0 else "-∞"
    size = abs(number)
    if decimals is None:
        if size and not 1e-4 <= size < 1e15:
            return f"{number:.4g}"
        decimals = max(3 - math.floor(math.log10(size)), 0) if size else 0
        text = f"{number:,.{decimals}f}"
        return text.rstrip("0").rstrip(".") if decimals else text
    if size >= 1e15 or 0 < size < 0.5 * 10.0**-decimals:
        return f"{number:.3g}"
    text = f"{number:,.{decimals}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def _texts_of(cells: Sequence[Any], kind: str, widest: int) -> list[str]:
    if kind == "number":
        numbers = [math.nan if cell is None else cell for cell in cells]
        decimals = _decimals(numbers)
        return [number_text(number, decimals) for number in numbers]
    if kind == "integer":
        return [UNKNOWN if cell is None else f"{cell:,}" for cell in cells]
    if kind == "flag":
        return [UNKNOWN if cell is None else "yes" if cell else "no" for cell in cells]
    return [UNKNOWN if cell is None else _cut(_clean(cell), widest) for cell in cells]


def text_column(
    name: str,
    kind: str,
    cells: Sequence[Any],
    shown: Sequence[int | None],
    *,
    right: bool,
    widest: int = SHOWN_CELL,
) -> TextColumn:
    """Return a column of the shown rows as text, cut at `widest`; numbers are always flush right."""
    texts = iter(_texts_of([cells[row] for row in shown if row is not None], kind, widest))
    spread = ["…" if row is None else next(texts) for row in shown]
    empty = bool(cells) and all(is_unknown(cell) or cell == "" for cell in cells)
    return TextColumn(_clean(name), spread, right or kind in ("number", "integer"), empty)


def text_of(
    columns: list[TextColumn], shown: Sequence[int | None], count: int, *, title: str, width: int
) -> str:
    """Return aligned text of lines up to `width` terminal cells; what does not fit is named below."""
    kept = _fitting(columns, width)
    lines = [title] if title else []
    if kept:
        widths = [max(text_width(cell) for cell in (column.heading, *column.cells)) for column in kept]
        lines.append(_line([column.heading for column in kept], widths, kept))
        lines.append("  ".join("─" * cells for cells in widths))
        for number, row in enumerate(shown):
            cells = ["…" if row is None else column.cells[number] for column in kept]
            lines.append(_line(cells, widths, kept))
    left_out = [column.heading for column in columns if column not in kept]
    if left_out:
        many = "column" if len(left_out) == 1 else "columns"
        lines.append(f"({len(left_out)} more {many}: {', '.join(left_out)})")
    if None in shown:
        lines.append(f"({count:,} rows)")
    if not count:
        lines.append("(no rows)")
    return "\n".join(lines)


def html_of(columns: list[TextColumn], shown: Sequence[int | None], count: int, *, title: str) -> str:
    """Return an HTML table in which every text is escaped; what is wider than its page scrolls by itself."""
    from html import escape

    def style(column: TextColumn) -> str:
        widest = max(text_width(cell) for cell in (column.heading, *column.cells))
        lines = "white-space:nowrap"
        if widest > UNBROKEN_CELL:
            lines = f"white-space:normal;min-width:{min(widest // 2, UNBROKEN_CELL)}em"
        return f"text-align:{'right' if column.right else 'left'};padding:0.2em 0.6em;{lines}"

    styles = [style(column) for column in columns]

    def row(tag: str, texts: list[str]) -> str:
        cells = zip(texts, styles, strict=True)
        return "".join(f'<{tag} style="{look}">{escape(text)}</{tag}>' for text, look in cells)

    lines = ['<div style="overflow-x:auto;margin-bottom:0.8em"><table class="funnelgraph">']
    if title:
        lines.append(f'<caption style="text-align:left;padding:0.2em 0.6em">{escape(title)}</caption>')
    heads = row("th", [column.heading for column in columns])
    lines.append(f"<thead><tr>{heads}</tr></thead><tbody>")
    for number in range(len(shown)):
        cells = row("td", [column.cells[number] for column in columns])
        lines.append(f"<tr>{cells}</tr>")
    lines.append("</tbody></table></div>")
    if None in shown:
        lines.append(f"<p>{count:,} rows</p>")
    return "\n".join(lines)


def _clean(text: str) -> str:
    """Return the text with what would break or disguise a line written out."""
    if text.isprintable():
        return text
    return "".join(
        c
        if c.isprintable() or c in "\u200c\u200d"
        else f"\\x{ord(c):02x}"
        if ord(c) < 256
        else f"\\u{ord(c):04x}"
        for c in text
    )


def text_width(text: str) -> int:
    """Return how many terminal cells a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    cells = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        cells += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return cells


def _cut(text: str, widest: int) -> str:
    if text_width(text) <= widest:
        return text
    while text_width(text) > widest - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _fitting(columns: list[TextColumn], width: int) -> list[TextColumn]:
    """Return the columns that a line has room for: those without any cell go first, then from the right."""

    def taken(some: list[TextColumn]) -> int:
        cells = [max(text_width(cell) for cell in (column.heading, *column.cells)) for column in some]
        return sum(cells) + 2 * max(len(cells) - 1, 0)

    kept = list(columns)
    for column in reversed(columns):
        if taken(kept) <= width:
            return kept
        if column.empty:
            kept.remove(column)
    while len(kept) > 1 and taken(kept) > width:
        kept.pop()
    return kept


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[TextColumn]) -> str:
    padded = []
    for cell, width, column in zip(cells, widths, columns, strict=True):
        space = " " * (width - text_width(cell))
        padded.append(space + cell if column.right else cell + space)
    return "  ".join(padded).rstrip()

"""Tables: immutable columns that print well and go to pandas, polars, Arrow, dictionaries and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Self, overload

from . import _core
from ._core import Table as CoreTable
from ._extras import needed
from ._layout import (
    SHOWN_CELL,
    SHOWN_HTML_CELL,
    TextColumn,
    html_of,
    is_unknown,
    shown_rows,
    text_column,
    text_of,
)

if TYPE_CHECKING:
    import os

    import numpy.typing as npt
    import pandas as pd
    import polars as pl

__all__ = ["Row", "Table"]

#: Rows that are printed before the middle is left out.
SHOWN_ROWS = 60
#: Width of a page where there is no terminal to ask.
PAGE_WIDTH = 120


class Row:
    """One row of a table: ``row["visits"]``, ``row.visits``, ``row[3]``, ``dict(row)``, its cells in turn."""

    __slots__ = ("_columns", "_values")

    _columns: tuple[str, ...]
    _values: tuple[Any, ...]

    def __init__(self, columns: Iterable[str], values: Iterable[Any]) -> None:
        object.__setattr__(self, "_columns", tuple(columns))
        object.__setattr__(self, "_values", tuple(values))

    def keys(self) -> tuple[str, ...]:
        """Return the names of the columns, so that ``dict(row)`` works."""
        return self._columns

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __getitem__(self, key: str | int) -> Any:
        if isinstance(key, str):
            return self._values[_position(self._columns, key)]
        return self._values[key]

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            try:
                return self._values[self._columns.index(name)]
            except ValueError:
                pass
        raise AttributeError(f"{type(self).__name__} has no column {name!r}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} is immutable: cannot set {name!r}")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Row):
            return self._columns == other._columns and self._values == other._values
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self._columns, self._values))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._columns, self._values)

    def __repr__(self) -> str:
        cells = ", ".join(
            f"{column}={value!r}" for column, value in zip(self._columns, self._values, strict=True)
        )
        return f"{type(self).__name__}({cells})"


class Table:
    """Immutable columns of one length.

    Iterates over its rows; ``table["visits"]`` is a column, ``table[0]`` a row, ``table[:3]`` a shorter
    table. Unknown numbers are NaN (printed as "–"), missing text is None. `print` fits the terminal; a
    notebook shows HTML. pandas, polars and pyarrow are only needed by what goes to them; anything that speaks
    the Arrow PyCapsule interface takes a table as it is.

    Parameters
    ----------
    columns : mapping of str to sequence
        Cells by column: numbers, whole numbers, flags or text, one kind a column, None where missing.
    title : str
        Stands above the printed table.
    right : iterable of str
        Text columns to print flush right.

    Raises
    ------
    InvalidValueError
        The columns differ in length.
    TypeError
        A column mixes kinds.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> table = fg.Table({"stage": ["enquiry", "order"], "visits": [9292.8, 4279.6]})
    >>> print(table)
    stage    visits
    ───────  ──────
    enquiry   9,293
    order     4,280
    >>> float(table["visits"].max()), table.row(stage="order").visits
    (9292.8, 4279.6)
    """

    __slots__ = ("_core", "_right", "_title")

    _core: CoreTable
    _title: str
    _right: frozenset[str]

    def __init__(
        self, columns: Mapping[str, Iterable[Any]], *, title: str = "", right: Iterable[str] = ()
    ) -> None:
        if not isinstance(columns, Mapping):
            raise TypeError(f"Table() takes a mapping of column names to cells, not {type(columns).__name__}")
        self._fill(_core.Table.from_columns(dict(columns)), title, frozenset(right))

    def _fill(self, core: CoreTable, title: str, right: frozenset[str]) -> None:
        object.__setattr__(self, "_core", core)
        object.__setattr__(self, "_title", title)
        object.__setattr__(self, "_right", right)

    @classmethod
    def _of(cls, core: CoreTable, title: str = "") -> Self:
        """Present columns that the core made."""
        table = cls.__new__(cls)
        table._fill(core, title, frozenset())
        return table

    def _like(self, core: CoreTable, _rows: Sequence[int] | None = None) -> Table:
        """Return the same table with other columns or rows."""
        table = Table.__new__(Table)
        table._fill(core, self._title, self._right)
        return table

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Table is immutable: cannot set {name!r}")

    # ---- reading -------------------------------------------------------------------------------

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return self._core.columns

    @property
    def title(self) -> str:
        """What stands above the printed table."""
        return self._title

    def __len__(self) -> int:
        return len(self._core)

    def __iter__(self) -> Iterator[Row]:
        columns = self.columns
        return (Row(columns, self._core.row(i)) for i in range(len(self)))

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    @overload
    def __getitem__(self, key: str) -> npt.NDArray[Any]: ...
    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice | list[str] | tuple[str, ...]) -> Table: ...
    def __getitem__(self, key: str | int | slice | list[str] | tuple[str, ...]) -> Any:
        if isinstance(key, str):
            return self._core.array(_position(self.columns, key))
        if isinstance(key, slice):
            return self._take(range(len(self))[key])
        if isinstance(key, list | tuple):
            return self.select(*key)
        try:
            return self._row_at(range(len(self))[key])
        except IndexError:
            raise IndexError(f"row {key} of a table of {len(self)} rows") from None

    def _row_at(self, row: int) -> Row:
        return Row(self.columns, self._core.row(row))

    def _take(self, rows: Iterable[int]) -> Table:
        chosen = list(rows)
        return self._like(self._core.take(chosen), chosen)

    def _cells(self, column: str) -> list[Any]:
        return self._core.cells(_position(self.columns, column))

    def select(self, *columns: str) -> Table:
        """Return a table of these columns, in this order.

        Raises
        ------
        UnknownNameError
            With the nearest column.
        """
        return self._like(self._core.select([_position(self.columns, column) for column in columns]))

    def head(self, rows: int = 5) -> Table:
        """Return the first rows."""
        return self[: max(rows, 0)]

    def tail(self, rows: int = 5) -> Table:
        """Return the last rows."""
        return self[max(len(self) - max(rows, 0), 0) :]

    def sort_by(self, column: str, *, descending: bool = False) -> Table:
        """Return the rows in the order of a column; equal rows keep theirs, unknown cells come last.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> fg.Table({"stage": ["a", "b"], "lost": [1, 2]}).sort_by("lost", descending=True)[0].stage
        'b'
        """
        cells = self._cells(column)
        known = [i for i, cell in enumerate(cells) if not is_unknown(cell)]
        unknown = [i for i, cell in enumerate(cells) if is_unknown(cell)]
        known.sort(key=cells.__getitem__, reverse=descending)
        return self._take(known + unknown)

    def filter(self, test: Callable[[Row], Any] | None = None, /, **equals: Any) -> Table:
        """Return the rows for which `test` holds and whose columns equal the given cells.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> table = fg.Table({"stage": ["a", "b"], "lost": [1, 2]})
        >>> len(table.filter(lambda row: row.lost > 1)), len(table.filter(stage="a"))
        (1, 1)
        """
        rows: Iterable[int] = range(len(self))
        for column, wanted in equals.items():
            cells = self._cells(column)
            rows = [i for i in rows if cells[i] == wanted]
        if test is not None:
            rows = [i for i in rows if test(self._row_at(i))]
        return self._take(rows)

    def row(self, **equals: Any) -> Row:
        """Return the first row whose columns equal the given cells.

        Raises
        ------
        UnknownNameError
            No row has them; with the nearest text of the first column asked for.
        """
        rows: Iterable[int] = range(len(self))
        for column, wanted in equals.items():
            cells = self._cells(column)
            rows = [i for i in rows if cells[i] == wanted]
        for first in rows:
            return self._row_at(first)
        from .errors import UnknownNameError

        if not equals:
            raise IndexError("the table has no rows")
        column, wanted = next(iter(equals.items()))
        names = [cell for cell in self._cells(column) if isinstance(cell, str)]
        given = wanted if isinstance(wanted, str) else repr(wanted)
        raise UnknownNameError(column, given, _core.nearest_name(given, names))

    # ---- leaving -------------------------------------------------------------------------------

    @overload
    def to_dict(self, orient: Literal["list"] = "list") -> dict[str, list[Any]]: ...
    @overload
    def to_dict(self, orient: Literal["records"]) -> list[dict[str, Any]]: ...
    def to_dict(self, orient: str = "list") -> dict[str, list[Any]] | list[dict[str, Any]]:
        """Return plain Python lists by column, or with ``orient="records"`` one dictionary a row.

        Raises
        ------
        UnknownNameError
            There is no such `orient`.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> fg.Table({"stage": ["a"], "lost": [1.5]}).to_dict()
        {'stage': ['a'], 'lost': [1.5]}
        """
        if _core.position_of("orient", orient, ["list", "records"]) == 1:
            return self.to_dicts()
        return {column: self._core.cells(i) for i, column in enumerate(self.columns)}

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dictionary a row."""
        columns = self.columns
        return [dict(zip(columns, self._core.row(i), strict=True)) for i in range(len(self))]

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas DataFrame."""
        pandas = needed("pandas")
        columns = {
            column: self._core.cells(i) if kind == "text" else self._core.array(i)
            for i, (column, kind) in enumerate(zip(self.columns, self._core.kinds, strict=True))
        }
        frame: pd.DataFrame = pandas.DataFrame(columns, columns=list(self.columns))
        return frame

    def to_polars(self) -> pl.DataFrame:
        """Return a polars DataFrame."""
        frame: pl.DataFrame = needed("polars").DataFrame(self)
        return frame

    def to_arrow(self) -> Any:
        """Return a pyarrow Table."""
        return needed("pyarrow").table(self)

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """Write comma-separated text in UTF-8 to `path`, or return it; unknown cells are empty.

        A text that a spreadsheet would take for a formula (it begins with =, +, -, @, tab or return) gets a
        quotation mark before it.
        """
        import csv
        import io

        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow([_no_formula(column) for column in self.columns])
        for i in range(len(self)):
            writer.writerow(["" if is_unknown(cell) else _no_formula(cell) for cell in self._core.row(i)])
        text = buffer.getvalue()
        if path is None:
            return text
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Export through the Arrow PyCapsule interface; one batch, numbers not copied."""
        return self._core.arrow_stream()

    def __arrow_c_schema__(self) -> object:
        """Export the schema through the Arrow PyCapsule interface."""
        return self._core.arrow_schema()

    # ---- comparing and keeping -------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return self._core == other._core

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.to_dict(), self._core.kinds, self._title, tuple(self._right))

    # ---- showing -------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return self.to_text()

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, width: int | None = None, rows: int = SHOWN_ROWS) -> str:
        """Return the table as aligned text.

        Parameters
        ----------
        width : int, optional
            Terminal cells a line may take; the terminal's unless given. Columns that do not fit are named
            below.
        rows : int
            Rows to show; the middle ones are left out.
        """
        if width is None:
            import shutil

            width = shutil.get_terminal_size((PAGE_WIDTH, 24)).columns
        shown = shown_rows(len(self), rows)
        return text_of(self._text_columns(shown), shown, len(self), title=self._title, width=width)

    def _text_columns(self, shown: Sequence[int | None], widest: int = SHOWN_CELL) -> list[TextColumn]:
        return [
            text_column(name, kind, self._core.cells(i), shown, right=name in self._right, widest=widest)
            for i, (name, kind) in enumerate(zip(self.columns, self._core.kinds, strict=True))
        ]

    def _repr_html_(self) -> str:
        shown = shown_rows(len(self), SHOWN_ROWS)
        return html_of(self._text_columns(shown, SHOWN_HTML_CELL), shown, len(self), title=self._title)


def _restore(
    columns: dict[str, list[Any]], kinds: tuple[str, ...], title: str, right: tuple[str, ...]
) -> Table:
    table = Table.__new__(Table)
    table._fill(_core.Table.from_columns(columns, kinds), title, frozenset(right))
    return table


def _position(columns: Sequence[str], name: str) -> int:
    try:
        return columns.index(name)
    except ValueError:
        pass
    from .errors import UnknownNameError

    raise UnknownNameError("column", name, _core.nearest_name(name, list(columns)))


def _no_formula(cell: Any) -> Any:
    return "'" + cell if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell

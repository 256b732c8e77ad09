"""From anybody's table to columns of NumPy arrays: pandas, polars, Arrow, mappings, structured arrays."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

from . import _core
from ._extras import needed
from .errors import DataError, InvalidValueError, unknown_among

if TYPE_CHECKING:
    from ._arguments import DateLike

__all__ = ["NO_TICK", "Source", "named_column", "tick_of", "ticks_of", "time_of", "until_tick"]

#: A missing time, in microseconds; the bits of NumPy's NaT.
NO_TICK = np.iinfo(np.int64).min
_TICKS_PER_DAY = 86_400_000_000
_EPOCH = dt.datetime(1970, 1, 1)


def tick_of(value: dt.date) -> int:
    """Return microseconds since 1970 of a date or datetime; one with an offset is taken to UTC."""
    if not isinstance(value, dt.datetime):
        if not isinstance(value, dt.date):
            raise TypeError(f"a date is wanted, not {type(value).__name__}")
        value = dt.datetime(value.year, value.month, value.day)
    elif value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    return (value - _EPOCH) // dt.timedelta(microseconds=1)


def time_of(tick: int) -> dt.datetime:
    """Return the time that so many microseconds since 1970 are, in UTC without saying so."""
    return _EPOCH + dt.timedelta(microseconds=tick)


def ticks_of(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return microseconds since 1970 of an array of datetime64."""
    return values.astype("datetime64[us]").view(np.int64)


def until_tick(until: DateLike | None) -> int | None:
    """Return the tick that an as-of date includes: a date without a time of day is meant whole."""
    if until is None:
        return None
    if isinstance(until, str):
        cells = np.asarray(_core.times_from_text([until], "until", "", None))
        tick = int(cells[0])
        whole_day = len(until.strip()) <= 10
    else:
        whole_day = (isinstance(until, dt.date) and not isinstance(until, dt.datetime)) or (
            isinstance(until, np.datetime64) and np.datetime_data(until)[0] in ("D", "W", "M", "Y")
        )
        tick = tick_of(until) if not isinstance(until, np.datetime64) else ticks_of(np.array([until]))[0]
    if tick == NO_TICK:
        raise InvalidValueError("until=", "a missing date", "a date")
    return int(tick) + _TICKS_PER_DAY - 1 if whole_day else int(tick)


def _is_missing(value: Any) -> bool:
    """None, NaN, NaT, pandas.NA and empty text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    kind = type(value).__name__
    return kind in ("NAType", "NaTType") or (isinstance(value, np.datetime64) and bool(np.isnat(value)))


def named_column(name: str, names: Iterable[str]) -> str:
    """Return the one of `names` that is `name` in any Unicode normal form; UnknownNameError otherwise."""
    known = list(names)
    if name in known:
        return name
    wanted = normalize("NFC", name)
    for one in known:
        if normalize("NFC", one) == wanted:
            return one
    raise unknown_among("column", name, known)


class Source:
    """A table of whatever kind, column by column."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._names = self._read_names()
        self.rows = self._read_rows()

    def _read_names(self) -> list[str]:
        table = self._table
        if isinstance(table, Mapping):
            return [name for name in table if isinstance(name, str)]
        if isinstance(table, np.ndarray) and table.dtype.names:
            return list(table.dtype.names)
        for attribute in ("column_names", "columns"):  # pyarrow; pandas, polars, funnelgraph
            names = getattr(table, attribute, None)
            if names is not None and not callable(names) and hasattr(table, "__getitem__"):
                return [name for name in names if isinstance(name, str)]
        if hasattr(table, "__arrow_c_stream__"):
            self._table = _imported(table)
            return self._read_names()
        path = " (fit.read_table reads a file)" if isinstance(table, str | os.PathLike) else ""
        raise TypeError(
            "a table is wanted: a pandas or polars DataFrame, an Arrow table or a mapping of columns, "
            f"not {type(table).__name__}{path}"
        )

    def _read_rows(self) -> int:
        if isinstance(self._table, Mapping):
            return len(self._table[self._names[0]]) if self._names else 0
        return len(self._table)

    def _raw(self, name: str) -> Any:
        column = named_column(name, self._names)
        if self._names.count(column) > 1:
            raise DataError("table", 0, name, "the table has two columns of this name")
        return self._table[column]

    @property
    def names(self) -> list[str]:
        """Names of its columns."""
        return list(self._names)

    def raw(self, name: str) -> Any:
        """Return a column as it is; UnknownNameError with the nearest where there is none."""
        return self._raw(name)

    def columns(self, wanted: Mapping[str, str]) -> dict[str, tuple[Any, ...]]:
        """Return the wanted columns in the core's forms."""
        return {name: self._column(name, kind) for name, kind in wanted.items()}

    def given_or_own(self, name: str | None, own: str) -> str:
        """Return the name that was given, else the own one where there is such a column, else nothing."""
        if name is None:
            return own if own in self._names else ""
        return name

    def _column(self, name: str, kind: str) -> tuple[Any, ...]:
        raw = self._raw(name)
        if kind == "any":
            dtype = str(getattr(raw, "dtype", getattr(raw, "type", ""))).lower()
            kind = "times" if "date" in dtype or "timestamp" in dtype else "labels"
        if kind == "labels":
            return self._labels(name, raw)
        values = array_of(raw)
        if kind == "moments":  # dates, or numbers of days
            kind = "numbers" if values.dtype.kind in "iuf" else "times"
        if kind == "times":
            return self._times(name, values)
        return self._numbers(name, values)

    def _times(self, name: str, values: npt.NDArray[Any]) -> tuple[Any, ...]:
        if values.dtype.kind == "M":
            return "times", ticks_of(values)
        if values.dtype.kind in "iufb":
            if values.dtype.kind == "f" and np.isnan(values).all():
                return "times", np.full(len(values), NO_TICK)
            known = values[values == values]
            days = values.dtype.kind != "b" and bool(((known >= 10_000) & (known < 100_000)).all())
            held = "numbers of days, as spreadsheets store dates" if days else "numbers"
            raise DataError("table", 0, name, f"holds {held}; dates are wanted")
        texts: list[str] = []
        rows: list[int] = []
        ticks = np.full(len(values), NO_TICK, dtype=np.int64)
        for row, value in enumerate(values.tolist()):
            if _is_missing(value):
                continue
            if isinstance(value, str):
                texts.append(value)
                rows.append(row)
            elif isinstance(value, dt.date):
                ticks[row] = tick_of(value)
            else:
                raise DataError(
                    "table", row + 1, name, f"is of type {type(value).__name__}, a date is wanted"
                )
        if texts:
            cells = [""] * len(values)  # so that an error tells the right row
            for row, text in zip(rows, texts, strict=True):
                cells[row] = text
            read = np.asarray(_core.times_from_text(cells, "table", name, None))
            ticks[rows] = read[rows]
        return "times", ticks

    def _numbers(self, name: str, values: npt.NDArray[Any]) -> tuple[Any, ...]:
        if values.dtype.kind in "fiub":
            return "numbers", values.astype(np.float64)
        if values.dtype.kind in "mM":
            raise DataError("table", 0, name, "holds dates, numbers are wanted")
        cells = [None if _is_missing(value) else value for value in values.tolist()]
        if any(isinstance(cell, str) for cell in cells):
            texts = ["" if cell is None else str(cell) for cell in cells]
            return "numbers", _core.numbers_from_text(texts, "table", name, None)
        numbers = np.full(len(cells), np.nan)
        for row, cell in enumerate(cells):
            if cell is None:
                continue
            try:
                numbers[row] = float(cell)
            except (TypeError, ValueError):
                why = f"is of type {type(cell).__name__}, a number is wanted"
                raise DataError("table", row + 1, name, why) from None
        return "numbers", numbers

    def _labels(self, name: str, raw: Any) -> tuple[Any, ...]:
        accessor: Any = getattr(raw, "cat", None)
        if hasattr(accessor, "codes") and hasattr(accessor, "categories"):  # pandas categorical
            codes = np.asarray(accessor.codes, dtype=np.int32)
            return "categories", codes, [str(category) for category in accessor.categories]
        values = array_of(raw)
        kind = values.dtype.kind
        if kind in "iu":
            if kind == "u" and values.size and int(values.max()) > np.iinfo(np.int64).max:
                return self._coded(name, values.astype(str))
            return "integers", values.astype(np.int64)
        if kind == "f":
            return "numbers", values.astype(np.float64)
        if kind in "mM":
            return "times", ticks_of(values) if kind == "M" else values.view(np.int64)
        if kind == "b":
            values = values.astype(str)
        return self._coded(name, values)

    def _coded(self, name: str, values: npt.NDArray[Any]) -> tuple[Any, ...]:
        """Give each text a number, in order of first appearance."""
        places: dict[Any, int] = {}
        names: list[str] = []
        codes = np.empty(len(values), dtype=np.int32)
        for row, value in enumerate(values.tolist()):
            try:
                place = places.get(value)
            except TypeError:
                raise DataError(
                    "table", row + 1, name, f"is of type {type(value).__name__}, text is wanted"
                ) from None
            if place is None:
                place = -1
                if not _is_missing(value):
                    place = len(names)
                    names.append(_text(value, row, name))
                places[value] = place
            codes[row] = place
        return "categories", codes, names


def _text(value: Any, row: int, column: str) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        if value.is_integer():
            return str(int(value))
        raise DataError("table", row + 1, column, "is not a whole number; ids and labels are text or whole")
    if isinstance(value, dt.date | list | tuple | dict):
        raise DataError("table", row + 1, column, f"is of type {type(value).__name__}, text is wanted")
    return str(value)


def array_of(raw: Any) -> npt.NDArray[Any]:
    """Return a column as an array of one dimension."""
    if isinstance(raw, np.ma.MaskedArray):
        masked: Any = raw.astype(object)
        raw = masked.filled(None)
    if isinstance(raw, np.ndarray):
        values = raw
    elif isinstance(raw, list | tuple):
        values = np.fromiter(raw, object, len(raw)) if _is_mixed(raw) else np.asarray(raw)
    else:
        dtype = getattr(raw, "dtype", None)
        if dtype is not None and getattr(dtype, "tz", None) is not None:  # pandas with a time zone
            raw = raw.dt.tz_convert("UTC").dt.tz_localize(None)
        values = _to_numpy(raw) if hasattr(raw, "to_numpy") else np.fromiter(raw, object)
    if values.ndim != 1:
        raise DataError("table", 0, "", f"a column has {values.ndim} dimensions, one is wanted")
    return values


def _is_mixed(cells: list[Any] | tuple[Any, ...]) -> bool:
    """Whether NumPy would turn the cells into something else, or refuse them."""
    kinds = {type(cell) for cell in cells}
    return not (len(kinds) == 1 and kinds <= {int, float, bool})


def _to_numpy(raw: Any) -> npt.NDArray[Any]:
    """Return a Series or Arrow column as an array; missing cells of whole numbers become NaN or None."""
    module = type(raw).__module__.partition(".")[0]
    if module == "pandas":
        kind = getattr(raw.dtype, "kind", "O")
        if kind in "iuf" and raw.isna().any():
            return np.asarray(raw.to_numpy(dtype=np.float64, na_value=np.nan))
        if kind == "M" and not isinstance(raw.dtype, np.dtype):  # Arrow-backed
            return np.asarray(raw.to_numpy(dtype="datetime64[us]", na_value=np.datetime64("NaT")))
        return np.asarray(raw.to_numpy())
    if module == "pyarrow":
        return np.asarray(raw.to_numpy(**({} if hasattr(raw, "chunks") else {"zero_copy_only": False})))
    return np.asarray(raw.to_numpy())


def _imported(table: Any) -> Any:
    """Bring an Arrow stream in through whichever library is there."""
    from importlib.util import find_spec

    if find_spec("pyarrow") is None and find_spec("polars") is not None:
        return needed("polars").DataFrame(table)
    return needed("pyarrow").table(table)

"""Paths of journeys from anybody's table, counted by the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from . import _core
from .errors import DataError, UnknownNameError

#: Names that columns are looked for under, unless they are said.
_USUAL: Final = {
    "path": ("path",),
    "conversions": ("conversions", "total_conversions"),
    "nulls": ("nulls", "total_null"),
    "value": ("value", "total_conversion_value"),
}


class CodedPaths(NamedTuple):
    """Paths in codes: row r is the touches ``codes[begin[r]:begin[r + 1]]``, positions in `channels`.

    Parameters
    ----------
    channels : sequence of str
    codes : array of int, (touches,)
    begin : array of int, (rows + 1,)
    conversions, nulls : array, (rows,), optional
        Journeys of the row with and without conversion. Without `conversions` every row is one.
    values : array, (rows,), optional
        Money, summed over the conversions of the row.
    """

    channels: Sequence[str]
    codes: Any
    begin: Any
    conversions: Any = None
    nulls: Any = None
    values: Any = None


def pieces_of(paths: Any) -> Iterable[Any]:
    """Return the tables of an iterator one by one; a table is the only piece of itself."""
    return paths if hasattr(paths, "__next__") else (paths,)


def _is_table(paths: Any) -> bool:
    if isinstance(paths, Mapping) or hasattr(paths, "columns") or hasattr(paths, "column_names"):
        return True
    return bool(getattr(getattr(paths, "dtype", None), "names", None))


def count_paths(
    counts: _core.JourneyCounts,
    piece: Any,
    columns: Mapping[str, str | None],
    separator: str,
    first_row: int,
    threads: int,
) -> int:
    """Count one table and return its number of rows."""
    if isinstance(piece, str):
        raise TypeError("a table of paths is wanted, not one text; a single path goes into a list")
    names = ["table", "path", "conversions", "nulls", "value"]
    if isinstance(piece, CodedPaths):
        begin = _numbers("begin", piece.begin, "int")
        counts.add_coded(
            list(piece.channels),
            _numbers("codes", piece.codes, "int"),
            begin,
            _numbers("conversions", piece.conversions, "float"),
            _numbers("nulls", piece.nulls, "float"),
            _numbers("values", piece.values, "float"),
            names,
            first_row,
            threads,
        )
        return max(len(begin) - 1, 0)
    if not _is_table(piece):
        cells = _cells(piece)
        counts.add_paths(cells, None, None, None, separator, names, first_row, threads)
        return len(cells) if isinstance(cells, list) else len(piece)
    from .frames import Source

    source = Source(piece)
    found = {what: _found(source, what, name) for what, name in columns.items()}
    for what in ("path", "conversions"):
        if found[what] is None:
            raise UnknownNameError("column", what, _core.nearest_name(what, source.names))

    def numbers(what: str) -> Any:
        name = found[what]
        return None if name is None else source.columns({name: "numbers"})[name][1]

    names = ["table", *(found[what] or what for what in columns)]
    cells = _cells(source.raw(str(found["path"])))
    ends = numbers("conversions"), numbers("nulls"), numbers("value")
    counts.add_paths(cells, ends[0], ends[1], ends[2], separator, names, first_row, threads)
    return source.rows


def _found(source: Any, what: str, name: str | None) -> str | None:
    """Return the column's name; None where nobody said one and none of the usual ones is there."""
    if name is not None:
        source.raw(name)  # that it is there
        return name
    return next((usual for usual in _USUAL[what] if usual in source.names), None)


def _numbers(name: str, values: Any, kind: str) -> Any:
    """Return an array of float64, or of whole numbers as wide as the core reads them."""
    if values is None:
        return None
    import numpy as np

    array = np.asarray(values)
    if array.ndim != 1:
        raise DataError("CodedPaths", 0, name, f"has {array.ndim} dimensions, one is wanted")
    if kind == "float":
        return array.astype(np.float64, copy=False)
    if array.dtype.kind not in "iu":
        raise DataError("CodedPaths", 0, name, f"holds {array.dtype}, whole numbers are wanted")
    target = np.uint32 if name == "codes" else np.uint64
    if array.dtype.itemsize == np.dtype(target).itemsize:
        return array  # read as it is; what is negative is found there
    if array.size and int(array.min()) < 0:
        raise DataError("CodedPaths", int((array < 0).argmax()) + 1, name, "is negative")
    if array.size and int(array.max()) > np.iinfo(target).max:
        raise DataError("CodedPaths", int(array.argmax()) + 1, name, "is beyond 32 bits")
    return array.astype(target)


def _cells(raw: Any) -> Any:
    """Return a column of paths as the core reads it: an Arrow stream, or a list."""
    if isinstance(raw, list):
        return raw
    dtype = getattr(raw, "dtype", None)
    if str(dtype) != "object" and not isinstance(raw, tuple):
        if hasattr(raw, "__arrow_c_stream__"):
            from importlib.util import find_spec

            without = type(raw).__module__.startswith("pandas") and find_spec("pyarrow") is None
            return raw.tolist() if without else raw
        if hasattr(raw, "__arrow_c_array__"):
            from ._extras import needed

            return needed("pyarrow").chunked_array([raw])
    if hasattr(raw, "tolist"):
        return raw.tolist()
    return list(raw)

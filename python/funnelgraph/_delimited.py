"""Delimited text (CSV and its kin) as columns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from . import _core
from .errors import DataError, InvalidValueError, UnknownNameError
from .frames import named_column

#: How spreadsheets and archives begin, and how UTF-16.
_OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_table(
    path: str | os.PathLike[str],
    *,
    delimiter: str | None = None,
    decimal: str | None = None,
    day_first: bool | None = None,
    encoding: str | None = None,
    dates: Iterable[str] = (),
    numbers: Iterable[str] = (),
    missing: Iterable[str] = (),
) -> dict[str, Any]:
    """Read a table in delimited text (CSV and its kin) as columns for :func:`milestones` and :func:`events`.

    Blank lines and rows of empty cells are left out.

    Parameters
    ----------
    path : path
    delimiter : str
        Found among comma, semicolon, tab and bar unless given.
    decimal : {".", ","}
        Decimal mark; a column tells by itself unless given.
    day_first : bool
        Whether 03/04/2024 is the 3rd of April; a column must tell by itself unless given.
    encoding : str
        UTF-8, with or without a byte order mark, unless given.
    dates, numbers : names
        Columns to read as such; all others are text.
    missing : texts
        That stand for a missing cell beside the empty one, as "NA".

    Returns
    -------
    dict of str to column
        Arrays of datetime64 and float64, and lists of str with None where missing.

    Raises
    ------
    DataError
        The file cannot be read, or a cell is not what is wanted; with row and column, never with the cell.
    UnknownNameError
        A column that is not there; with the nearest one.
    """
    name = os.path.basename(os.fspath(path))
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise DataError(name, 0, "", f"cannot be read: {error.strerror or error}") from error
    try:
        text = data.decode(encoding or "utf-8")
    except LookupError:
        raise InvalidValueError(
            "read_table(encoding=)", repr(encoding), "an encoding that Python knows"
        ) from None
    except UnicodeDecodeError as error:
        if encoding in (None, "utf-8") and data.startswith(_OTHER_FILES):
            _core.read_delimited(data, name, delimiter, [])  # says what kind of file it is instead
        if encoding in (None, "utf-8") and data.startswith(_UTF_16):
            why = "is UTF-16 text: save it as UTF-8, or give its encoding, utf-16"
            raise DataError(name, 0, "", why) from None
        row = data.count(b"\n", 0, error.start)
        why = f"is not {encoding or 'UTF-8'} text; give its encoding, as cp1252 or cp1258"
        raise DataError(name, row, "", why) from None
    columns: dict[str, Any] = dict(_core.read_delimited(text, name, delimiter, list(missing)))
    for column in dict.fromkeys(_own_name(column, columns) for column in dates):
        cells = _texts_of(columns[column])
        columns[column] = _core.times_from_text(cells, name, column, day_first).view("datetime64[us]")
    for column in dict.fromkeys(_own_name(column, columns) for column in numbers):
        columns[column] = _core.numbers_from_text(_texts_of(columns[column]), name, column, decimal)
    return columns


def _own_name(given: str, columns: Mapping[str, Any]) -> str:
    try:
        return named_column(given, columns)
    except UnknownNameError as error:
        if len(columns) > 1:
            raise
        message = f"{error}, one column: if it is several, give the delimiter between them"
        raise UnknownNameError("column", given, error.nearest, message=message) from None


def _texts_of(cells: Iterable[str | None]) -> list[str]:
    return ["" if cell is None else cell for cell in cells]

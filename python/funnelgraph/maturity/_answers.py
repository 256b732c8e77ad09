"""A table of answers: how it is read, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .. import _core
from ..errors import DataError
from ..table import Table
from ._instrument import Instrument
from ._instrument import instrument as own_instrument


class Answers(NamedTuple):
    core: _core.MaturityAnswers
    rows: int


def _text_cells(column: tuple[Any, ...]) -> list[str]:
    kind = column[0]
    if kind == "categories":
        names = column[2]
        return ["" if code < 0 else names[code] for code in column[1].tolist()]
    if kind == "integers":
        return [str(value) for value in column[1].tolist()]
    return ["" if value != value else f"{value:g}" for value in column[1].tolist()]


def read_answers(
    table: Any,
    inst: Instrument,
    respondent: str,
    side: str,
    level: str | None,
    seconds: str | None,
) -> Answers:
    import numpy as np

    from .._delimited import read_table
    from ..frames import Source

    name = "answers"
    if isinstance(table, str | Path):
        name = Path(table).name
        table = read_table(table)
    elif isinstance(table, Mapping):
        lengths = {key: len(cells) for key, cells in table.items() if hasattr(cells, "__len__")}
        if len(set(lengths.values())) > 1:
            key = next(key for key in lengths if lengths[key] != next(iter(lengths.values())))
            raise DataError(name, 0, str(key), "is not as long as the first column")
    source = Source(table)
    columns = _core.maturity_statement_columns(inst._core, source.names)
    wanted = {respondent: "labels", side: "labels"}
    if level is not None:
        wanted[level] = "labels"
    texts = source.columns(wanted)
    numbers = source.columns(dict.fromkeys(columns, "numbers"))
    cells = np.column_stack([numbers[column][1] for column in columns]) if columns else np.empty((0, 0))
    taken = None if seconds is None else source.columns({seconds: "numbers"})[seconds][1]
    rows = source.rows
    levels = ["staff"] * rows if level is None else _text_cells(texts[level])
    core = _core.MaturityAnswers(
        _text_cells(texts[respondent]),
        _text_cells(texts[side]),
        levels,
        np.ascontiguousarray(cells, dtype=np.float64),
        taken,
        [name, respondent, side, level or "level"],
    )
    return Answers(core, rows)


def check_answers(
    answers: Any,
    *,
    respondent: str = "respondent",
    side: str = "department",
    level: str | None = "level",
    instrument: Instrument | None = None,
) -> Table:
    """Return everything that is wrong with a table of answers.

    Parameters
    ----------
    answers, respondent, side, level, instrument
        As for :func:`assess`.

    Returns
    -------
    Table
        Columns: row, column, code, why.

    Raises
    ------
    DataError, UnknownNameError
        A column is missing or is not made of numbers.
    """
    inst = instrument if instrument is not None else own_instrument()
    read = read_answers(answers, inst, respondent, side, level, None)
    return Table._of(_core.maturity_check_answers(inst._core, read.core))

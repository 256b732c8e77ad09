"""Formulas over named figures, and the figures that a table has for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsFloat

from . import _core
from ._frozen import Frozen
from .model import Funnel, core_of

if TYPE_CHECKING:
    from ._arguments import TableLike
    from ._core import Formula as CoreFormula

__all__ = ["Formula", "FormulaValue", "table_figures"]


class FormulaValue(NamedTuple):
    """What a formula gives.

    Attributes
    ----------
    value : float
        NaN after a division by zero.
    numerator, denominator : float
        Of the first division by zero; else of the outermost division of a quotient; else NaN.
    divided_by_zero : bool
    """

    value: float
    numerator: float
    denominator: float
    divided_by_zero: bool


class Formula(Frozen):
    """A formula over named figures: + - * / and parentheses. Nothing else runs.

    Names are words in any script, text in double quotes, or a word with one argument: ``count(delivered)``,
    ``visits("site visit")``.

    Parameters
    ----------
    text : str

    Raises
    ------
    InvalidValueError
        It is no formula; the message says at which character and what is wanted there.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> rate = fg.Formula("won / (won + lost)")
    >>> rate.names
    ('won', 'lost')
    >>> rate.evaluate({"won": 30, "lost": 90}).value
    0.25
    >>> rate.evaluate({"won": 0, "lost": 0})
    FormulaValue(value=nan, numerator=0.0, denominator=0.0, divided_by_zero=True)
    """

    __slots__ = ("_core",)

    _core: CoreFormula

    def __init__(self, text: str) -> None:
        self._put(_core=_core.Formula(text))

    @property
    def text(self) -> str:
        """As it was written."""
        return self._core.text

    @property
    def names(self) -> tuple[str, ...]:
        """Its figures, each once."""
        return tuple(self._core.names)

    def evaluate(
        self, figures: Mapping[str, SupportsFloat | None] | None = None, *, funnel: Funnel | None = None
    ) -> FormulaValue:
        """Return its value; None and NaN are unknown.

        Parameters
        ----------
        figures : mapping of str to number
            By name; :func:`table_figures` makes them of a table.
        funnel : Funnel, optional
            For the names that `figures` lacks: revenue, wins, ``count(customer)``, ... as in
            :func:`scorecard`.

        Raises
        ------
        UnknownNameError
            A figure that is not there; with the nearest one and its place in the formula.
        """
        known = dict(figures or {})
        if funnel is not None:
            core = core_of(funnel)
            for name in self.names:
                if name not in known and (value := _core.funnel_figure(core, name)) is not None:
                    known[name] = value
        return FormulaValue(*self._core.evaluate(known))

    def gradient(self, figures: Mapping[str, SupportsFloat | None]) -> dict[str, float]:
        """Return the partial derivative by each figure.

        Parameters
        ----------
        figures : mapping of str to number
            By name, every figure of the formula.

        Returns
        -------
        dict of str to float

        Raises
        ------
        UnknownNameError
            A figure that is not there; with the nearest one and its place in the formula.
        """
        return dict(zip(self.names, self._core.gradient(dict(figures)), strict=True))

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Formula) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return Formula, (self.text,)

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"


def table_figures(table: TableLike) -> dict[str, float]:
    """Return figures of a table for formulas: rows, and count, sum, mean, least, greatest of its columns.

    Parameters
    ----------
    table : table

    Returns
    -------
    dict of str to float
        "rows", and by column "count(x)" (cells that are not missing); of numbers also "sum(x)", "mean(x)",
        "least(x)" and "greatest(x)".

    Examples
    --------
    >>> import funnelgraph as fg
    >>> figures = fg.table_figures({"amount": [10.0, None, 30.0], "channel": ["inbox", "phone", None]})
    >>> figures["rows"], figures["sum(amount)"], figures["count(channel)"]
    (3.0, 40.0, 2.0)
    """
    from .frames import Source, array_of

    source = Source(table)
    kinds: dict[str, str] = {}
    for name in source.names:
        raw = source.raw(name)
        kinds[name] = _kind_of(raw, array_of(raw).dtype.kind)
    return dict(_core.table_figures(source.rows, source.columns(kinds)))


def _kind_of(raw: Any, kind: str) -> str:
    """How to read a column: numbers where all cells are, else times or labels."""
    if kind == "M":
        return "times"
    if kind in "iufb":
        return "numbers"
    cells = [cell for cell in raw if cell is not None and cell == cell]
    numbers = cells and all(isinstance(c, SupportsFloat) and not isinstance(c, str) for c in cells)
    return "numbers" if numbers else "labels"

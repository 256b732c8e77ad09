"""How well answers hang together and judges agree: coefficients of any table of ratings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import _core

if TYPE_CHECKING:
    import numpy.typing as npt


class Coefficient(NamedTuple):
    """A number with its interval."""

    value: float
    low: float
    high: float


class IntraclassCorrelation(NamedTuple):
    """Shrout and Fleiss (1979): one judge (1, 2, 3) or the mean of all (1k, 2k, 3k)."""

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float


def _grid(rows: Any) -> npt.NDArray[Any]:
    import numpy as np

    cells = [[float("nan") if cell is None else cell for cell in row] for row in rows]
    return np.asarray(cells, dtype=np.float64)


def cronbach_alpha(rows: Any, *, confidence: float = 0.95) -> Coefficient:
    """Return Cronbach's alpha of respondents by items, with Feldt's interval.

    Parameters
    ----------
    rows : rows of numbers, (respondents, items)
        None or NaN where one did not answer; incomplete rows do not count.
    confidence : float
        Level of the interval, in (0, 1).

    Returns
    -------
    Coefficient
        NaN where it is not defined.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> round(fg.maturity.cronbach_alpha([[4, 5, 4], [3, 4, 3], [5, 5, 5], [2, 3, 2]]).value, 4)
    0.9796
    """
    return Coefficient(*_core.cronbach_alpha(_grid(rows), confidence))


def mcdonald_omega(rows: Any) -> float:
    """Return McDonald's omega of one common factor; NaN below three items or three complete rows.

    Parameters
    ----------
    rows : rows of numbers, (respondents, items)
        None or NaN where one did not answer; incomplete rows do not count.

    Returns
    -------
    float
    """
    return _core.mcdonald_omega(_grid(rows))[0]


def item_total_correlations(rows: Any) -> list[float]:
    """Return the correlation of each item with the sum of the others.

    Parameters
    ----------
    rows : rows of numbers, (respondents, items)
        None or NaN where one did not answer; incomplete rows do not count.

    Returns
    -------
    list of float
        One an item.
    """
    return _core.item_total_correlations(_grid(rows))


def krippendorff_alpha(units: Any, *, scale: str = "interval") -> float:
    """Return Krippendorff's alpha of units (rows) by raters; None or NaN where a rater gave nothing.

    Parameters
    ----------
    units : rows of numbers
    scale : {"nominal", "ordinal", "interval", "ratio"}

    Returns
    -------
    float

    Raises
    ------
    UnknownNameError
        There is no such scale.
    """
    return _core.krippendorff_alpha(_grid(units), scale)


def rwg(ratings: Iterable[float], *, options: int = 5) -> float:
    """Return the agreement of raters on one item against a uniform spread over `options` answers.

    Parameters
    ----------
    ratings : iterable of float
    options : int
        Answers to choose from, >= 2.

    Returns
    -------
    float
        NaN below two ratings.

    Raises
    ------
    InvalidValueError
        Too few `options`.
    """
    import numpy as np

    return _core.rwg(np.asarray(list(ratings), dtype=np.float64), options)


def rwg_j(rows: Any, *, options: int = 5) -> float:
    """Return the agreement of raters (rows) over several items.

    Parameters
    ----------
    rows : rows of numbers, (raters, items)
    options : int
        Answers to choose from, >= 2.

    Returns
    -------
    float

    Raises
    ------
    InvalidValueError
        Too few `options`.
    """
    return _core.rwg_j(_grid(rows), options)


def intraclass_correlation(rows: Any) -> IntraclassCorrelation:
    """Return the six intraclass correlations of targets (rows) by judges.

    Parameters
    ----------
    rows : rows of numbers, (targets, judges)

    Returns
    -------
    IntraclassCorrelation
    """
    return IntraclassCorrelation(*_core.intraclass_correlation(_grid(rows)))

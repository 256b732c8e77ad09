"""The quality of advice, from a random sample of recorded consultations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, SupportsFloat

from . import _core

__all__ = ["AdviceQuality", "advice_quality", "sample_recordings"]


class AdviceQuality(NamedTuple):
    """Mean score of advice with its 95 % interval (NaN below five consultations)."""

    mean: float
    low: float
    high: float
    scored: int


def advice_quality(
    scores: Sequence[SupportsFloat], *, stock: int = 0, lowest: float = 0, highest: float = 100
) -> AdviceQuality:
    """Return the quality of advice from a random sample of recorded consultations.

    Stands beside Marketing's reach, so that both sides' work can be seen. Of advice, never of a person.

    Parameters
    ----------
    scores : numbers
        In [lowest, highest]. :func:`sample_recordings` says which recordings to score.
    stock : int
        How many recordings there are; 0 is unknown.
    lowest, highest : number

    Returns
    -------
    AdviceQuality

    Raises
    ------
    InvalidValueError
        No scores, or one out of range.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> quality = fg.advice_quality([62, 70, 55, 81, 77, 68], stock=400)
    >>> round(quality.mean, 1), round(quality.low, 1), round(quality.high, 1)
    (68.8, 58.9, 78.8)
    """
    return AdviceQuality(*_core.advice_quality([float(score) for score in scores], stock, lowest, highest))


def sample_recordings(stock: int, wanted: int, *, seed: int = 0) -> list[int]:
    """Return which recordings to listen to: `wanted` of `stock`, drawn without preference, from 0.

    Parameters
    ----------
    stock, wanted : int
        How many there are, and how many of them to draw.
    seed : int
        The same seed gives the same recordings.

    Returns
    -------
    list of int
        Positions from 0.

    Raises
    ------
    InvalidValueError
        More are wanted than there are.
    """
    return _core.sample_recordings(stock, wanted, seed)

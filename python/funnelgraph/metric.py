"""Metrics: the one name of a result, as data.

Sums, differences and multiples of metrics are metrics: ``metric.revenue() - 2 * metric.count("customer")``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import SupportsFloat

from . import _core
from ._core import Metric

__all__ = [
    "Metric",
    "cost",
    "cost_per",
    "count",
    "lifetime_value",
    "probability",
    "profit",
    "ratio",
    "recoverable",
    "revenue",
    "time_to",
    "visits",
]


def count(outcome: str) -> Metric:
    """Return the expected number per period that ends in `outcome`.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.metric.count("customer")
    metric.count('customer')
    """
    return _core.metric("count", outcome)


def probability(outcome: str) -> Metric:
    """Return the probability that an average entrant ends in `outcome`."""
    return _core.metric("probability", outcome)


def visits(stage: str) -> Metric:
    """Return the expected visits of `stage` per period, repeats counted."""
    return _core.metric("visits", stage)


def revenue() -> Metric:
    """Return the discounted revenue of one period's entrants."""
    return _core.metric("revenue")


def cost() -> Metric:
    """Return the discounted cost of one period's entrants."""
    return _core.metric("cost")


def profit() -> Metric:
    """Return revenue less cost."""
    return _core.metric("profit")


def cost_per(outcome: str) -> Metric:
    """Return the total cost per journey that ends in `outcome`."""
    return _core.metric("cost_per", outcome)


def time_to(outcome: str | None = None) -> Metric:
    """Return the mean days to `outcome` of those who end there; without one, to any exit."""
    return _core.metric("time_to", outcome)


def recoverable(owner: str | None = None) -> Metric:
    """Return what would be gained if the stages of `owner` (or all) reached the reference."""
    return _core.metric("recoverable", owner)


def lifetime_value(horizon: SupportsFloat | timedelta | None = None) -> Metric:
    """Return the discounted value less cost ahead of an average entrant.

    Parameters
    ----------
    horizon : float or duration, optional
        Count what falls within so many days; none is the whole life.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> from datetime import timedelta
    >>> fg.metric.lifetime_value(horizon=timedelta(weeks=52))
    metric.lifetime_value(horizon=364)
    """
    return _core.metric("lifetime_value", horizon)


def ratio(numerator: Metric, denominator: Metric) -> Metric:
    """Return one metric divided by another.

    Parameters
    ----------
    numerator, denominator : Metric

    Returns
    -------
    Metric
        NaN where the denominator is 0.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.metric.ratio(fg.metric.profit(), fg.metric.cost())
    metric.ratio(metric.profit(), metric.cost())
    """
    return _core.ratio(numerator, denominator)

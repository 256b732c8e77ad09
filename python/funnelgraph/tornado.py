"""What a metric becomes at the low and at the high value of each number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsFloat

from . import _core
from ._checks import metric_of
from ._core import Metric, Parameter
from ._told import Told
from .enums import CapacityRule
from .goal_seek import ends_of
from .model import Funnel, core_of

__all__ = ["Tornado", "tornado"]


class Tornado(Told):
    """What :func:`tornado` returns: a table with a row a number, the widest swing first.

    Columns: parameter, owner, value, low, high, metric_low, metric_high, swing, basis (where low and high
    come from), source (of the number), clipped (its row could not bear as much).
    """

    __slots__ = ()

    @property
    def metric(self) -> str:
        """The metric, as it is written in code."""
        metric: str = self._about["metric"]
        return metric

    @property
    def value(self) -> float:
        """What the metric is now."""
        value: float = self._about["value"]
        return value

    @property
    def not_varied(self) -> tuple[str, ...]:
        """Numbers without a low and a high value; with `relative`, those of 0."""
        return tuple(self._about["not_varied"])


def tornado(
    funnel: Funnel,
    metric: Metric,
    *,
    low_high: Mapping[Parameter, tuple[Any, Any]] | None = None,
    relative: SupportsFloat | None = None,
    take_from: Mapping[Parameter, str | None] | None = None,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
) -> Tornado:
    """Return what a metric becomes at each number's low and high value, all others as they are.

    Parameters
    ----------
    funnel : Funnel
    metric : Metric
    low_high : mapping of Parameter to (low, high), optional
        Stated values; groups are allowed.
    relative : float, optional
        For all numbers that `low_high` does not name: this share down and up. With neither, each number's own
        interval counts, or for a measured rate with a count Jeffreys' 95 % interval.
    take_from : mapping of Parameter to str or None, optional
        Of rates: what they take from; the leak unless given.
    discount_rate, capacity
        As for :func:`analyze`.

    Returns
    -------
    Tornado
        A table; `not_varied` names the numbers without low and high.

    Raises
    ------
    InvalidValueError
        An end that is not finite or outside the number's range, low above high, a share that is not above 0.
    UnknownNameError, InvalidFunnelError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("customer", kind="won", value=50)
    >>> shop.add_transition("enquiry", "customer", rate=fg.between(0.2, 0.4))
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> found = fg.tornado(shop, fg.metric.revenue())
    >>> print(found.select("parameter", "low", "high", "metric_low", "metric_high", "basis"))
    Tornado of revenue()
    parameter                   low    high  metric_low  metric_high  basis
    ───────────────────────  ──────  ──────  ──────────  ───────────  ───────────────
    rate(enquiry, customer)  0.2000  0.4000      10,000       20,000  interval (90 %)
    >>> len(found.not_varied)
    10
    """
    core, name, value, not_varied = _core.tornado(
        core_of(funnel),
        metric_of(metric),
        {one: ends_of(ends, f"low and high of {one}") for one, ends in (low_high or {}).items()},
        None if relative is None else float(relative),
        dict(take_from or {}),
        discount_rate,
        capacity,
    )
    return Tornado._made(core, f"Tornado of {name}", metric=name, value=value, not_varied=not_varied)

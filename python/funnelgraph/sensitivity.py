"""What a metric owes to every number of a funnel: exact gradients and elasticities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, SupportsFloat

from . import _core
from ._checks import analysis_options, metric_of
from ._core import Metric, Parameter
from .enums import CapacityRule
from .model import Funnel, core_of
from .table import Table

__all__ = ["Gradient", "gradients", "sensitivity"]


class Gradient(NamedTuple):
    """What a metric owes to one number.

    Attributes
    ----------
    parameter : Parameter
    value : float
        The number.
    gradient : float
        Change of the metric per unit of it. What a rate gains the leak loses in proportion; what a drop-off
        gains its siblings lose; a lag's mean moves at the same coefficient of variation.
    elasticity : float
        gradient * value / metric; NaN where the metric is 0.
    """

    parameter: Parameter
    value: float
    gradient: float
    elasticity: float


def sensitivity(
    funnel: Funnel,
    metric: Metric,
    *,
    take_from: str | Mapping[Parameter, str] = "leak",
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
) -> Table:
    """Return what a metric owes to every number, the largest absolute elasticity first.

    Exact, from two solves for each linear part of the metric.

    Parameters
    ----------
    funnel : Funnel
    metric : Metric
    take_from : str, or mapping of Parameter to str
        What a rate takes from as it moves: "leak", "siblings" or "drop_off" for all of them; the same or a
        target of the stage for single ones (the leak for those that the mapping does not name).
    discount_rate, capacity, reference
        As for :func:`analyze`.

    Returns
    -------
    Table
        Columns: parameter (as written in code), owner, value, source, gradient, elasticity. See
        :class:`Gradient`.

    Raises
    ------
    InvalidFunnelError
        With every issue.
    InvalidValueError
        The metric has no gradient: `recoverable`, or a `lifetime_value` with a horizon.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("customer", kind="won", value=100)
    >>> shop.add_transition("enquiry", "customer", rate=fg.measured(0.25, n=400), lag=1)
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> table = fg.sensitivity(shop, fg.metric.revenue())
    >>> table.row(parameter="rate(enquiry, customer)").gradient
    100000.0
    """
    options = analysis_options(discount_rate, capacity, reference, None)
    counterparts = _counterparts(take_from)
    return Table._of(_core.sensitivity(core_of(funnel), metric_of(metric), *counterparts, *options))


def gradients(
    funnel: Funnel,
    metric: Metric,
    *,
    take_from: str | Mapping[Parameter, str] = "leak",
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
) -> list[Gradient]:
    """Return the same as :func:`sensitivity` with parameters in place of their text, by parameter.

    Parameters
    ----------
    funnel, metric, take_from, discount_rate, capacity, reference
        As for :func:`sensitivity`.

    Returns
    -------
    list of Gradient

    Raises
    ------
    InvalidFunnelError, InvalidValueError, UnknownNameError
        As :func:`sensitivity`.
    """
    options = analysis_options(discount_rate, capacity, reference, None)
    found = _core.gradients(core_of(funnel), metric_of(metric), *_counterparts(take_from), *options)
    return [Gradient(*gradient) for gradient in found]


def _counterparts(take_from: str | Mapping[Parameter, str]) -> tuple[str, dict[Parameter, str]]:
    """Return what all rates take from, and what single ones do."""
    if isinstance(take_from, str):
        return take_from, {}
    return "leak", dict(take_from)

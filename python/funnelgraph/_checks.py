"""Arguments taken for what they should be, or a TypeError that says what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, SupportsFloat

from ._core import Metric, Parameter
from .enums import CapacityRule
from .model import Funnel, core_of

if TYPE_CHECKING:
    from ._core import Funnel as CoreFunnel


def metric_of(metric: object) -> Metric:
    """Return a metric that is one."""
    if not isinstance(metric, Metric):
        raise TypeError(f"expected a metric, as fg.metric.profit(), not {type(metric).__name__}")
    return metric


def said_of(parameter: Parameter, given: Any, otherwise: Any) -> Any:
    """Return what a mapping says of a parameter, or what is said of all."""
    return given.get(parameter, otherwise) if isinstance(given, Mapping) else given


def analysis_options(
    discount_rate: SupportsFloat | None,
    capacity: CapacityRule | str,
    reference: Funnel | None,
    metric: Metric | None,
) -> tuple[Any, Any, CoreFunnel | None, Metric | None]:
    """Return the options of an analysis as the core takes them; `metric` is what recoverable is about."""
    core = None if reference is None else core_of(reference)
    if metric is not None:
        metric_of(metric)
    return discount_rate, capacity, core, metric

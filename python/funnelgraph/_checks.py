"""Arguments taken for what they should be, or a TypeError that says what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._core import Metric, Parameter


def metric_of(metric: object) -> Metric:
    """Return a metric that is one."""
    if not isinstance(metric, Metric):
        raise TypeError(f"expected a metric, as fg.metric.profit(), not {type(metric).__name__}")
    return metric


def said_of(parameter: Parameter, given: Any, otherwise: Any) -> Any:
    """Return what a mapping says of a parameter, or what is said of all."""
    return given.get(parameter, otherwise) if isinstance(given, Mapping) else given

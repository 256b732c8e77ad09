"""Marketing and sales funnels as graphs: who owns what, who loses what, and what if.

Build a :class:`Funnel` from stages, outcomes, transitions and owners, or fit one from data
(``funnelgraph.fit``), then ask it: :func:`analyze`, :func:`sensitivity`, :func:`must_pass`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import metric, reference
from ._core import Lag, Metric, Parameter, __version__
from .allocation import Allocation, SpendGroup, allocate, allocation_at, compare_plans
from .analysis import (
    Analysis,
    Gradient,
    TimeMoments,
    analyze,
    evaluate,
    gradients,
    most_probable_paths,
    must_pass,
    sensitivity,
)
from .enums import CapacityRule, LagFamily, OutcomeKind, Role, Severity, SourceKind
from .errors import (
    ConflictError,
    DataError,
    FunnelgraphError,
    ImpossibleChangeError,
    InvalidFunnelError,
    InvalidValueError,
    Issue,
    UnknownNameError,
    UnreachableTargetError,
    UnsolvableError,
)
from .model import Funnel, validate
from .number import Interval, Number, agreed, between, estimated, measured, placeholder
from .parameters import (
    capacity,
    commission,
    cost,
    discount_rate,
    drop_off,
    elasticity,
    entry_cost,
    fixed_cost,
    lag,
    lag_sd,
    lever,
    rate,
    service_level,
    transition_cost,
    transition_value,
    value,
    volume,
)
from .products import Product, ProductChoice, Reward, product_choice, products_of
from .responses import Adbudg, Adstock, Hill, LinearResponse, LogResponse, PowerResponse, Response
from .scenario import Applied, Change, Clipped, Scenario, apply, apply_with_notes, diff
from .segmented import SegmentedFunnel
from .table import Row, Table

if TYPE_CHECKING:
    from . import datasets, fit, maturity

__all__ = [
    "Adbudg",
    "Adstock",
    "Allocation",
    "Analysis",
    "Applied",
    "CapacityRule",
    "Change",
    "Clipped",
    "ConflictError",
    "DataError",
    "Funnel",
    "FunnelgraphError",
    "Gradient",
    "Hill",
    "ImpossibleChangeError",
    "Interval",
    "InvalidFunnelError",
    "InvalidValueError",
    "Issue",
    "Lag",
    "LagFamily",
    "LinearResponse",
    "LogResponse",
    "Metric",
    "Number",
    "OutcomeKind",
    "Parameter",
    "PowerResponse",
    "Product",
    "ProductChoice",
    "Response",
    "Reward",
    "Role",
    "Row",
    "Scenario",
    "SegmentedFunnel",
    "Severity",
    "SourceKind",
    "SpendGroup",
    "Table",
    "TimeMoments",
    "UnknownNameError",
    "UnreachableTargetError",
    "UnsolvableError",
    "__version__",
    "agreed",
    "allocate",
    "allocation_at",
    "analyze",
    "apply",
    "apply_with_notes",
    "between",
    "capacity",
    "commission",
    "compare_plans",
    "cost",
    "datasets",
    "diff",
    "discount_rate",
    "drop_off",
    "elasticity",
    "entry_cost",
    "estimated",
    "evaluate",
    "fit",
    "fixed_cost",
    "gradients",
    "lag",
    "lag_sd",
    "lever",
    "maturity",
    "measured",
    "metric",
    "most_probable_paths",
    "must_pass",
    "placeholder",
    "product_choice",
    "products_of",
    "rate",
    "reference",
    "sensitivity",
    "service_level",
    "transition_cost",
    "transition_value",
    "validate",
    "value",
    "volume",
]

#: Rooms that bring NumPy with them are imported when they are first asked for.
_LAZY = ("datasets", "fit", "maturity")


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        import importlib

        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

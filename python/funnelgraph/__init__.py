"""Marketing and sales funnels as graphs: who owns what, who loses what, and what if.

Build a :class:`Funnel` from stages, outcomes, transitions and owners, or fit one from data
(``funnelgraph.fit``), then ask it: :func:`analyze`, :func:`sensitivity`, :func:`must_pass`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import metric, reference
from ._core import Lag, Metric, Parameter, __version__
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
from .explain import (
    ENQUIRER_CLASSES,
    Explanation,
    ExplanationSummary,
    LeadQuality,
    MixExplanation,
    Reversal,
    Sentence,
    class_rates,
    explain,
    explain_mix,
    lead_quality,
    lead_sources,
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
from .scenario import Applied, Change, Clipped, Scenario, apply, apply_with_notes, diff
from .segmented import SegmentedFunnel
from .table import Row, Table

if TYPE_CHECKING:
    from . import datasets, fit, maturity

__all__ = [
    "ENQUIRER_CLASSES",
    "Analysis",
    "Applied",
    "CapacityRule",
    "Change",
    "Clipped",
    "ConflictError",
    "DataError",
    "Explanation",
    "ExplanationSummary",
    "Funnel",
    "FunnelgraphError",
    "Gradient",
    "ImpossibleChangeError",
    "Interval",
    "InvalidFunnelError",
    "InvalidValueError",
    "Issue",
    "Lag",
    "LagFamily",
    "LeadQuality",
    "Metric",
    "MixExplanation",
    "Number",
    "OutcomeKind",
    "Parameter",
    "Reversal",
    "Role",
    "Row",
    "Scenario",
    "SegmentedFunnel",
    "Sentence",
    "Severity",
    "SourceKind",
    "Table",
    "TimeMoments",
    "UnknownNameError",
    "UnreachableTargetError",
    "UnsolvableError",
    "__version__",
    "agreed",
    "analyze",
    "apply",
    "apply_with_notes",
    "between",
    "capacity",
    "class_rates",
    "commission",
    "cost",
    "datasets",
    "diff",
    "discount_rate",
    "drop_off",
    "elasticity",
    "entry_cost",
    "estimated",
    "evaluate",
    "explain",
    "explain_mix",
    "fit",
    "fixed_cost",
    "gradients",
    "lag",
    "lag_sd",
    "lead_quality",
    "lead_sources",
    "lever",
    "maturity",
    "measured",
    "metric",
    "most_probable_paths",
    "must_pass",
    "placeholder",
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

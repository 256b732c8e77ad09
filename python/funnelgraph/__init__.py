"""Marketing and sales funnels as graphs: who owns what, who loses what, and what if.

Build a :class:`Funnel` from stages, outcomes, transitions and owners, take one of ``funnelgraph.reference``,
or fit one from data (``funnelgraph.fit``). Then ask it:

- what comes of it, and who owns and loses what: :func:`analyze`, :func:`sensitivity`, :func:`must_pass`;
- what if: :class:`Scenario`, :func:`compare`, :func:`sweep`, :func:`goal_seek`, :func:`break_even`,
  :func:`tornado`, :func:`allocate`;
- how sure that is: :func:`monte_carlo`, :func:`sobol`, :func:`disagree`;
- why two funnels differ, and whose it is: :func:`explain`, :func:`lead_quality`, :func:`attribute_channels`;
- what both sides agreed on and kept: :func:`hand_off_record`, :func:`service_levels`, :func:`scorecard`,
  :func:`agreement`;
- how well they work together: ``funnelgraph.maturity``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import metric, reference
from ._core import Lag, Metric, Parameter, __version__
from .adstock import Adstock
from .advice_quality import AdviceQuality, advice_quality, sample_recordings
from .agreement_page import Agreement, agreement
from .allocation import Allocation, SpendGroup, allocate, allocation_at, compare_plans
from .analysis import Analysis, TimeMoments, analyze, evaluate
from .apply import Applied, Clipped, apply, apply_with_notes, diff
from .attribution import ChannelAttribution, CodedPaths, attribute_channels
from .compare import Comparison, Futures, at_strength, compare
from .control_share import ControlShare, control_share, control_shares
from .disagree import Disagreements, disagree
from .distributions import (
    Beta,
    Constant,
    Dirichlet,
    Distribution,
    Empirical,
    Gamma,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    uncertain,
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
from .explain import Explanation, ExplanationSummary, Sentence, explain
from .explain_mix import MixExplanation, Reversal, explain_mix
from .formula import Formula, FormulaValue, table_figures
from .goal_seek import (
    BackPropagation,
    BreakEven,
    GoalSeek,
    LeastChange,
    back_propagate,
    break_even,
    goal_seek,
)
from .hand_off import HandOffRecord, hand_off_record
from .kpi import Kpi, Scorecard, measurement_gaps, scorecard, standard_kpis
from .lead_quality import ENQUIRER_CLASSES, LeadQuality, class_rates, lead_quality, lead_sources
from .loss_reasons import LossReasons, loss_reasons
from .model import Funnel, validate
from .monte_carlo import MonteCarlo, Sobol, monte_carlo, sobol
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
from .paths import most_probable_paths, must_pass
from .products import Product, ProductChoice, Reward, product_choice, products_of
from .responses import Adbudg, Hill, LinearResponse, LogResponse, PowerResponse, Response
from .scenario import Change, Scenario
from .segmented import SegmentedFunnel
from .sensitivity import Gradient, gradients, sensitivity
from .service_levels import ServiceLevel, ServiceLevels, service_levels
from .sweep import sweep
from .table import Row, Table
from .tornado import Tornado, tornado
from .variants import VariantResults, Variants, evaluate_variants

if TYPE_CHECKING:
    from . import datasets, fit, maturity

__all__ = [
    "ENQUIRER_CLASSES",
    "Adbudg",
    "Adstock",
    "AdviceQuality",
    "Agreement",
    "Allocation",
    "Analysis",
    "Applied",
    "BackPropagation",
    "Beta",
    "BreakEven",
    "CapacityRule",
    "Change",
    "ChannelAttribution",
    "Clipped",
    "CodedPaths",
    "Comparison",
    "ConflictError",
    "Constant",
    "ControlShare",
    "DataError",
    "Dirichlet",
    "Disagreements",
    "Distribution",
    "Empirical",
    "Explanation",
    "ExplanationSummary",
    "Formula",
    "FormulaValue",
    "Funnel",
    "FunnelgraphError",
    "Futures",
    "Gamma",
    "GoalSeek",
    "Gradient",
    "HandOffRecord",
    "Hill",
    "ImpossibleChangeError",
    "Interval",
    "InvalidFunnelError",
    "InvalidValueError",
    "Issue",
    "Kpi",
    "Lag",
    "LagFamily",
    "LeadQuality",
    "LeastChange",
    "LinearResponse",
    "LogResponse",
    "Lognormal",
    "LossReasons",
    "Metric",
    "MixExplanation",
    "MonteCarlo",
    "Normal",
    "Number",
    "OutcomeKind",
    "Parameter",
    "Pert",
    "PowerResponse",
    "Product",
    "ProductChoice",
    "Response",
    "Reversal",
    "Reward",
    "Role",
    "Row",
    "Scenario",
    "Scorecard",
    "SegmentedFunnel",
    "Sentence",
    "ServiceLevel",
    "ServiceLevels",
    "Severity",
    "Sobol",
    "SourceKind",
    "SpendGroup",
    "Table",
    "TimeMoments",
    "Tornado",
    "Triangular",
    "Uniform",
    "UnknownNameError",
    "UnreachableTargetError",
    "UnsolvableError",
    "VariantResults",
    "Variants",
    "__version__",
    "advice_quality",
    "agreed",
    "agreement",
    "allocate",
    "allocation_at",
    "analyze",
    "apply",
    "apply_with_notes",
    "at_strength",
    "attribute_channels",
    "back_propagate",
    "between",
    "break_even",
    "capacity",
    "class_rates",
    "commission",
    "compare",
    "compare_plans",
    "control_share",
    "control_shares",
    "cost",
    "datasets",
    "diff",
    "disagree",
    "discount_rate",
    "drop_off",
    "elasticity",
    "entry_cost",
    "estimated",
    "evaluate",
    "evaluate_variants",
    "explain",
    "explain_mix",
    "fit",
    "fixed_cost",
    "goal_seek",
    "gradients",
    "hand_off_record",
    "lag",
    "lag_sd",
    "lead_quality",
    "lead_sources",
    "lever",
    "loss_reasons",
    "maturity",
    "measured",
    "measurement_gaps",
    "metric",
    "monte_carlo",
    "most_probable_paths",
    "must_pass",
    "placeholder",
    "product_choice",
    "products_of",
    "rate",
    "reference",
    "sample_recordings",
    "scorecard",
    "sensitivity",
    "service_level",
    "service_levels",
    "sobol",
    "standard_kpis",
    "sweep",
    "table_figures",
    "tornado",
    "transition_cost",
    "transition_value",
    "uncertain",
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

"""How mature the working relationship of Marketing and Sales is: measured, explained, and what to do next.

``instrument`` has the statements, ``assess`` scores a table of answers. Both sides always stand beside each
other; nothing is averaged in silence, and small groups are protected (see ``docs/maturity.md``).
"""

from __future__ import annotations

from ._advice import Advice, actions, conditions, marketing_roles
from ._answers import check_answers
from ._assessment import Assessment, Benchmark, Overall, Review, SideScore, assess, series
from ._effects import BreakEven, Effects, effect_table, effects, efforts
from ._evidence import Evidence, evidence
from ._friction import Friction, friction, friction_figures, money_uses
from ._instrument import Band, Instrument, Item, instrument
from ._reliability import (
    Coefficient,
    IntraclassCorrelation,
    cronbach_alpha,
    intraclass_correlation,
    item_total_correlations,
    krippendorff_alpha,
    mcdonald_omega,
    rwg,
    rwg_j,
)

__all__ = [
    "Advice",
    "Assessment",
    "Band",
    "Benchmark",
    "BreakEven",
    "Coefficient",
    "Effects",
    "Evidence",
    "Friction",
    "Instrument",
    "IntraclassCorrelation",
    "Item",
    "Overall",
    "Review",
    "SideScore",
    "actions",
    "assess",
    "check_answers",
    "conditions",
    "cronbach_alpha",
    "effect_table",
    "effects",
    "efforts",
    "evidence",
    "friction",
    "friction_figures",
    "instrument",
    "intraclass_correlation",
    "item_total_correlations",
    "krippendorff_alpha",
    "marketing_roles",
    "mcdonald_omega",
    "money_uses",
    "rwg",
    "rwg_j",
    "series",
]

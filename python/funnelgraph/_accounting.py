"""What every explanation of a difference says, and the two sides that it compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from . import _core
from ._frozen import Frozen
from .model import core_of
from .segmented import SegmentedFunnel
from .table import Table

if TYPE_CHECKING:
    from ._core import Explanation as CoreExplanation
    from ._core import Funnel as CoreFunnel
    from ._core import MixExplanation as CoreMix

#: What stands above every explanation.
HEADING: Final = _core.explanation_heading[0].upper() + _core.explanation_heading[1:]


class Accounting(Frozen):
    """A difference between a plan and an actual, accounted for without residual."""

    __slots__ = ("_core", "_table")

    _core: CoreExplanation | CoreMix
    _table: Table

    def __init__(self, core: CoreExplanation | CoreMix) -> None:
        self._put(_core=core, _table=Table._of(core.table(), title=f"{HEADING}: {core.basis}"))

    @property
    def metric(self) -> str:
        """The metric as written in code."""
        return self._core.metric

    @property
    def basis(self) -> str:
        """What is compared, in words."""
        return self._core.basis

    @property
    def heading(self) -> str:
        """What stands above every explanation."""
        return HEADING

    @property
    def plan(self) -> float:
        """The metric of the plan, all its segments together."""
        return self._core.plan

    @property
    def actual(self) -> float:
        """The metric of the actual, all its segments together."""
        return self._core.actual

    @property
    def total(self) -> float:
        """Metric of the actual less that of the plan."""
        return self._core.total

    @property
    def within_chance(self) -> bool | None:
        """Whether the interval of the total holds 0; None where no counts say."""
        return self._core.within_chance

    @property
    def reading(self) -> str:
        """`within_chance` in words, as "not distinguishable from chance"."""
        return self._core.reading

    @property
    def residual(self) -> float:
        """Total less the sum of the parts: rounding."""
        return self._core.residual


Segments: TypeAlias = "dict[str, CoreFunnel]"


def sides_of(plan: object, actual: object) -> tuple[Segments, Segments, bool]:
    """Return the segments of both sides, and whether they have any; a plain funnel is its only segment."""
    if isinstance(plan, SegmentedFunnel) and isinstance(actual, SegmentedFunnel):
        return segments_of(plan), segments_of(actual), True
    if isinstance(plan, SegmentedFunnel) or isinstance(actual, SegmentedFunnel):
        raise TypeError("plan and actual must both be segmented, or both be plain funnels")
    return {"": core_of(plan)}, {"": core_of(actual)}, False  # type: ignore[arg-type]


def segments_of(funnels: object) -> Segments:
    """Return what the core computes with, by segment."""
    if not isinstance(funnels, SegmentedFunnel):
        raise TypeError(f"expected a SegmentedFunnel, not {type(funnels).__name__}")
    return {name: core_of(funnel) for name, funnel in funnels.items()}

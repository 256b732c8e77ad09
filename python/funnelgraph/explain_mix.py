"""Volume, mix and rate of segments: how a difference splits, and where the whole moves against its parts.

See ``docs/explain.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, SupportsFloat

from . import _core
from ._accounting import Accounting, segments_of
from ._checks import metric_of
from ._core import Metric
from ._layout import number_text
from .enums import CapacityRule
from .metric import revenue
from .segmented import SegmentedFunnel
from .table import Table

if TYPE_CHECKING:
    from ._core import MixExplanation as CoreMix

__all__ = ["MixExplanation", "Reversal", "explain_mix"]


class Reversal(NamedTuple):
    """The overall rate moved against that of its segments.

    Attributes
    ----------
    all : bool
        Every segment (that moved) went the other way; else on balance.
    segments : tuple of str
        Those that went the other way.
    text : str
    """

    all: bool
    segments: tuple[str, ...]
    text: str


class MixExplanation(Accounting):
    """Volume, mix and rate of segments, without residual. Frozen; made by :func:`explain_mix`."""

    __slots__ = ("_effects",)

    _core: CoreMix
    _effects: Table

    def __init__(self, core: CoreMix) -> None:
        super().__init__(core)
        self._put(_effects=Table._of(core.effects()))

    @property
    def table(self) -> Table:
        """One row a segment.

        Columns: segment, share_plan and share_actual (of what `per` says), rate_plan and rate_actual (the
        metric per one), the parts volume, mix and rate, contribution (their sum) with low and high (95 %) and
        within_chance.
        """
        return self._table

    @property
    def effects(self) -> Table:
        """Volume, mix, rate and total, each with its 95 % interval and within_chance."""
        return self._effects

    @property
    def per(self) -> str:
        """What shares and rates are of: "entrant", or the metric's denominator."""
        return self._core.per

    @property
    def method(self) -> str:
        """How the effects are defined."""
        return self._core.method

    @property
    def overall_rates(self) -> tuple[float, float]:
        """The metric per one of all, plan and actual."""
        return self._core.overall_rate_plan, self._core.overall_rate_actual

    @property
    def volume(self) -> float:
        """What the number of all explains."""
        return self._core.volume

    @property
    def mix(self) -> float:
        """What the shares of the segments explain."""
        return self._core.mix

    @property
    def rate(self) -> float:
        """What the rates within segments explain."""
        return self._core.rate

    @property
    def reversals(self) -> tuple[Reversal, ...]:
        """Simpson's reversals, named."""
        return tuple(Reversal(every, tuple(names), text) for every, names, text in self._core.reversals)

    def __repr__(self) -> str:
        return (
            f"<MixExplanation of {self.metric}: total {number_text(self.total)} = volume "
            f"{number_text(self.volume)} + mix {number_text(self.mix)} + rate {number_text(self.rate)}>"
        )

    def __str__(self) -> str:
        texts = [str(self.effects), "", str(self.table), ""]
        return "\n".join([*texts, self.method, *(found.text for found in self.reversals)])

    def _repr_html_(self) -> str:
        from html import escape

        texts = "".join(f"<p>{escape(found.text)}</p>" for found in self.reversals)
        return f"{self.effects._repr_html_()}\n{self.table._repr_html_()}\n{texts}"


def explain_mix(
    plan: SegmentedFunnel,
    actual: SegmentedFunnel,
    *,
    metric: Metric | None = None,
    basis: str = "",
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
) -> MixExplanation:
    """Split a difference into volume, mix and rate by segment, without residual; name Simpson's reversals.

    The metric is N x sum over segments of share x rate; the effects are the Shapley values of the three
    factors, segment by segment, a segment's mix counted against the overall rate. A metric per one of
    something (probability, cost_per, ratio) has shares of its denominator and no volume.

    Parameters
    ----------
    plan, actual : SegmentedFunnel
    metric : Metric, optional
        Revenue unless given.
    basis : str
        What is compared, in words.
    discount_rate, capacity
        As for :func:`analyze`.

    Returns
    -------
    MixExplanation

    Raises
    ------
    InvalidValueError
        A segment without entrants on both sides, no segment on both, a metric that a segment does not know.
    InvalidFunnelError, UnknownNameError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> def city(volume, rate):
    ...     funnel = fg.Funnel()
    ...     funnel.add_stage("lead")
    ...     funnel.add_outcome("sold", kind="won")
    ...     funnel.add_transition("lead", "sold", rate=rate)
    ...     funnel.add_entry("lead", volume=volume)
    ...     return funnel
    >>> before = fg.SegmentedFunnel({"A": city(4_000, 0.05), "B": city(1_000, 0.20)})
    >>> after = fg.SegmentedFunnel({"A": city(1_000, 0.03), "B": city(4_000, 0.18)})
    >>> m = fg.explain_mix(before, after, metric=fg.metric.probability("sold"))
    >>> round(m.rate, 6), round(m.mix, 6), m.reversals[0].segments
    (-0.02, 0.09, ('A', 'B'))
    """
    core = _core.explain_mix(
        segments_of(plan),
        segments_of(actual),
        revenue() if metric is None else metric_of(metric),
        basis,
        discount_rate,
        capacity,
    )
    return MixExplanation(core)

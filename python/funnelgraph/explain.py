"""Why two funnels differ: an exact, order-free accounting that both sides can check.

It is an accounting of the difference, not proof of cause. See ``docs/explain.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, SupportsFloat

from . import _core
from ._core import Metric
from ._layout import number_text
from .enums import CapacityRule
from .language import check_language
from .model import Funnel, core_of
from .segmented import SegmentedFunnel
from .table import Row, Table

__all__ = [
    "ENQUIRER_CLASSES",
    "Explanation",
    "ExplanationSummary",
    "LeadQuality",
    "MixExplanation",
    "Reversal",
    "Sentence",
    "class_rates",
    "explain",
    "explain_mix",
    "lead_quality",
    "lead_sources",
]

#: Classes of enquirers that are usual.
ENQUIRER_CLASSES: Final[tuple[str, ...]] = tuple(_core.enquirer_classes)

_HEADING: Final = _core.explanation_heading[0].upper() + _core.explanation_heading[1:]


class Sentence(NamedTuple):
    """One sentence of a summary.

    Attributes
    ----------
    about : str
        "heading", "basis", "total", "part", "between", "not measured" or "needs".
    text : str
    rows : tuple of int
        The rows of the summary's table that it rests on; empty for what is said of the total.
    """

    about: str
    text: str
    rows: tuple[int, ...]


class ExplanationSummary(Sequence[Sentence]):
    """A one-page verdict in plain sentences; ``str`` of it is the page, ``table`` what it rests on."""

    __slots__ = ("_sentences", "explanation", "language")

    def __init__(self, explanation: Explanation, sentences: Iterable[Sentence], language: str) -> None:
        self.explanation = explanation
        self.language = language
        self._sentences = tuple(sentences)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in order."""
        return self._sentences

    @property
    def table(self) -> Table:
        """The rows that the sentences rest on: by owner only where the plan was agreed by all of them."""
        return self.explanation.table

    def rows_of(self, sentence: Sentence) -> list[Row]:
        """Return the rows that a sentence rests on."""
        table = self.table
        return [table[row] for row in sentence.rows]

    def __len__(self) -> int:
        return len(self._sentences)

    def __getitem__(self, key: Any) -> Any:
        return self._sentences[key]

    def __contains__(self, value: object) -> bool:
        if isinstance(value, str):
            return value in str(self)
        return value in self._sentences

    def __str__(self) -> str:
        return "\n".join(sentence.text for sentence in self._sentences)

    def __repr__(self) -> str:
        return f"<ExplanationSummary: {len(self)} sentences, {self.language}>"

    def _repr_html_(self) -> str:
        from html import escape

        return "".join(f"<p>{escape(sentence.text)}</p>" for sentence in self._sentences)


class Explanation:
    """Parts that sum to a difference. Frozen; made by :func:`explain`."""

    __slots__ = ("_core", "_table")

    def __init__(self, core: _core.Explanation) -> None:
        object.__setattr__(self, "_core", core)
        object.__setattr__(self, "_table", Table._of(core.table(), title=f"{_HEADING}: {core.basis}"))

    _core: _core.Explanation
    _table: Table

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Explanation is frozen: cannot set {name!r}")

    @property
    def table(self) -> Table:
        """One row a part.

        Columns: the names of `by`, contribution, low and high (95 % from the counts; NaN where no number says
        how sure it is), least and greatest (over all orders; NaN without orders), within_chance (None where
        no counts say), standard_error (of ``method="sampled"`` only), source (of the actual's numbers) and
        note.
        """
        return self._table

    @property
    def by(self) -> tuple[str, ...]:
        """What the rows are named by."""
        return tuple(self._core.by)

    @property
    def method(self) -> str:
        """What was done: "shapley", "owen", "sequential", "lmdi" or "sampled"."""
        return self._core.method

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
        return _HEADING

    @property
    def plan(self) -> float:
        """The metric of the plan."""
        return self._core.plan

    @property
    def actual(self) -> float:
        """The metric of the actual."""
        return self._core.actual

    @property
    def total(self) -> float:
        """Metric of the actual less that of the plan."""
        return self._core.total

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the total from the counts; NaN where there are none."""
        return self._core.low, self._core.high

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

    @property
    def players(self) -> int:
        """How many things moved on their own."""
        return self._core.players

    @property
    def coalitions(self) -> int:
        """How many mixtures of both sides were computed."""
        return self._core.coalitions

    @property
    def notes(self) -> tuple[str, ...]:
        """How it was made, and what differs without playing a part."""
        return tuple(self._core.notes)

    @property
    def agreed_by(self) -> tuple[str, ...]:
        """Who agreed to every number of the plan that differs."""
        return tuple(self._core.agreed_by)

    def summary(self, language: str = "en") -> ExplanationSummary:
        """Return a one-page verdict in plain sentences, each traceable to rows of its table.

        What was missed, what each part explains and how sure it is, what lies between, what is not measured,
        what each side needs from the other; never fault. Rows by owner are shown only if all owners in them
        have agreed to the numbers of the plan (`fg.agreed`), else the same difference by stage.

        Parameters
        ----------
        language : {"en", "vi"}

        Raises
        ------
        InvalidValueError
            The metric rests on placeholders, or the language is another one.
        """
        core, sentences = self._core.summary(check_language(language))
        said = (Sentence(about, text, tuple(rows)) for about, text, rows in sentences)
        return ExplanationSummary(Explanation(core), said, language)

    def _head(self) -> str:
        low, high = self.interval
        interval = "" if low != low else f" (95 %: {number_text(low)} to {number_text(high)})"
        return (
            f"{self.metric}: {number_text(self.actual)} against {number_text(self.plan)}, "
            f"difference {number_text(self.total)}{interval}: {self.reading}"
        )

    def __repr__(self) -> str:
        return f"<Explanation by {', '.join(self.by)} ({self.method}): {self._head()}>"

    def __str__(self) -> str:
        return "\n".join([self._head(), "", str(self.table), "", *self.notes])

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        return f"<p>{escape(self._head())}</p>\n{self.table._repr_html_()}\n{notes}"


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


class MixExplanation:
    """Volume, mix and rate of segments, without residual. Frozen; made by :func:`explain_mix`."""

    __slots__ = ("_core", "_effects", "_table")

    def __init__(self, core: _core.MixExplanation) -> None:
        object.__setattr__(self, "_core", core)
        object.__setattr__(self, "_table", Table._of(core.table(), title=f"{_HEADING}: {core.basis}"))
        object.__setattr__(self, "_effects", Table._of(core.effects()))

    _core: _core.MixExplanation
    _table: Table
    _effects: Table

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a MixExplanation is frozen: cannot set {name!r}")

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
        return _HEADING

    @property
    def per(self) -> str:
        """What shares and rates are of: "entrant", or the metric's denominator."""
        return self._core.per

    @property
    def method(self) -> str:
        """How the effects are defined."""
        return self._core.method

    @property
    def plan(self) -> float:
        """The metric of all segments of the plan."""
        return self._core.plan

    @property
    def actual(self) -> float:
        """The metric of all segments of the actual."""
        return self._core.actual

    @property
    def overall_rates(self) -> tuple[float, float]:
        """The metric per one of all, plan and actual."""
        return self._core.overall_rate_plan, self._core.overall_rate_actual

    @property
    def total(self) -> float:
        """The difference."""
        return self._core.total

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
    def within_chance(self) -> bool | None:
        """Whether the interval of the total holds 0; None where no counts say."""
        return self._core.within_chance

    @property
    def reading(self) -> str:
        """`within_chance` in words."""
        return self._core.reading

    @property
    def residual(self) -> float:
        """Total less volume, mix and rate: rounding."""
        return self._core.residual

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


class LeadQuality(NamedTuple):
    """What stages received and what they made of it.

    Attributes
    ----------
    rows : Table
        One a stage that receives from another owner. Columns: stage, giver, receiver, rate_plan,
        rate_actual, change, mix (the giver's), within (the receiver's), note.
    classes : Table
        One a class at such a stage. Columns: stage, segment, share_plan, share_actual, rate_plan,
        rate_actual, mix, within.
    """

    rows: Table
    classes: Table


_Segments = dict[str, _core.Funnel]


def _sides(plan: object, actual: object) -> tuple[_Segments, _Segments, bool]:
    if isinstance(plan, SegmentedFunnel) and isinstance(actual, SegmentedFunnel):
        return _segments(plan), _segments(actual), True
    if isinstance(plan, SegmentedFunnel) or isinstance(actual, SegmentedFunnel):
        raise TypeError("plan and actual must both be segmented, or both be plain funnels")
    return {"": core_of(plan)}, {"": core_of(actual)}, False  # type: ignore[arg-type]


def _segments(funnels: object) -> _Segments:
    if not isinstance(funnels, SegmentedFunnel):
        raise TypeError(f"expected a SegmentedFunnel, not {type(funnels).__name__}")
    return {name: core_of(funnel) for name, funnel in funnels.items()}


def _checked(metric: object) -> Metric:
    if not isinstance(metric, Metric):
        raise TypeError(f"expected a metric, as fg.metric.revenue(), not {type(metric).__name__}")
    return metric


def _names(by: object) -> list[str]:
    if isinstance(by, str):
        return [by]
    if isinstance(by, Iterable) and all(isinstance(name, str) for name in by):
        return list(by)
    raise TypeError('explain(by=) takes a name or several, as "owner" or ("owner", "factor")')


def explain(
    plan: Funnel | SegmentedFunnel,
    actual: Funnel | SegmentedFunnel,
    *,
    metric: Metric | None = None,
    by: str | Sequence[str] = "owner",
    method: str = "auto",
    owners: str | None = None,
    basis: str = "",
    together: Sequence[Sequence[str]] = (),
    order: Sequence[str] = (),
    samples: int = 2_000,
    seed: int = 0,
    allow_immature: bool = False,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    threads: int = 0,
) -> Explanation:
    """Split the difference of a metric between two funnels over what differs in them.

    Exact Shapley values over all orders (Shapley 1953); a pair with the owner uses Owen values with the owner
    as union (Owen 1977). The same accounting serves plan and actual, two periods and two scenarios.

    Parameters
    ----------
    plan, actual : Funnel or SegmentedFunnel
        As they are now. With segments the mix of classes that a stage receives is the giver's.
    metric : Metric, optional
        Revenue unless given.
    by : str or sequence of str
        "owner", "stage", "factor", "lever", "segment", or up to three of them.
    method : {"auto", "shapley", "owen", "sequential", "lmdi", "sampled"}
        "auto": exact up to 20 players, above that "sampled" with a standard error.
    owners : {"plan", "actual"}, optional
        Whose ownership counts where it differs; a difference is an error otherwise.
    basis : str
        What is compared, in words: "leads that entered in 2024 against 2025".
    together : sequence of sequences of str
        Stages whose rates move as one, as an UnsolvableError proposes.
    order : sequence of str
        Of ``method="sequential"``: what is replaced first.
    samples, seed : int
        Of ``method="sampled"``.
    allow_immature : bool
        Compare although over 10 % of a side's journeys are still open.
    discount_rate, capacity
        As for :func:`analyze`.
    threads : int
        0 for all; results are the same bits at any number.

    Returns
    -------
    Explanation

    Raises
    ------
    InvalidValueError
        A metric that is unknown on one side, no common stage, ownership that differs, over 20 players with an
        exact method, what "lmdi" cannot take.
    UnsolvableError
        Rows of both sides together close a cycle: it names them and proposes to group them.
    DataError
        An immature side.
    InvalidFunnelError, UnknownNameError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> def shop(volume, rate):
    ...     funnel = fg.Funnel("Shop")
    ...     for owner in ("Marketing", "Sales"):
    ...         funnel.add_owner(owner)
    ...     funnel.add_stage("lead", owner="Marketing")
    ...     funnel.add_stage("offer", owner="Sales")
    ...     funnel.add_outcome("customer", kind="won", value=100)
    ...     funnel.add_transition("lead", "offer", rate=0.5)
    ...     funnel.add_transition("offer", "customer", rate=rate)
    ...     funnel.add_entry("lead", volume=volume)
    ...     return funnel
    >>> e = fg.explain(shop(1_000, 0.4), shop(1_200, 0.3), metric=fg.metric.revenue(), by="owner")
    >>> e.total, [(row.owner, round(row.contribution, 6)) for row in e.table]
    (-2000.0, [('Marketing', 3500.0), ('Sales', -5500.0)])
    """
    first, second, segmented = _sides(plan, actual)
    from .metric import revenue

    core = _core.explain(
        first,
        second,
        segmented,
        revenue() if metric is None else _checked(metric),
        _names(by),
        method,
        owners,
        basis,
        [list(group) for group in together],
        list(order),
        samples,
        seed,
        allow_immature,
        discount_rate,
        capacity,
        threads,
    )
    return Explanation(core)


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
    from .metric import revenue

    core = _core.explain_mix(
        _segments(plan),
        _segments(actual),
        revenue() if metric is None else _checked(metric),
        basis,
        discount_rate,
        capacity,
    )
    return MixExplanation(core)


def lead_quality(plan: Funnel | SegmentedFunnel, actual: Funnel | SegmentedFunnel) -> LeadQuality:
    """Split the change of each receiving stage's rate into the mix it was given and its rate within a class.

    The rate is that to a stage or a win, per visit. Without segments the whole change stands under `within`
    and is noted "rate, including lead quality".
    """
    first, second, segmented = _sides(plan, actual)
    rows, classes = _core.lead_quality(first, second, segmented)
    return LeadQuality(Table._of(rows), Table._of(classes))


def lead_sources(
    sources: SegmentedFunnel,
    *,
    fits_at: str | None = None,
    receiver: str = "Sales",
    minutes: Mapping[str, SupportsFloat] | None = None,
) -> Table:
    """Return the share of leads that fit by source, and the receiver's time that goes to those that do not.

    Parameters
    ----------
    sources : SegmentedFunnel
        Funnels by source.
    fits_at : str, optional
        The stage that says that a lead fits; without it leads fit unless they end screened.
    receiver : str
        Whose stages are counted, by its share.
    minutes : mapping of str to float, optional
        Minutes that one visit of a stage takes (half a minute to look at a profile).

    Returns
    -------
    Table
        Columns: source, entrants, fitting, share, low and high (95 %, where entrants were counted), visits,
        visits_unfit, hours, hours_unfit.
    """
    times = {stage: float(value) for stage, value in (minutes or {}).items()}
    return Table._of(_core.lead_sources(_segments(sources), fits_at, receiver, times))


def class_rates(classes: SegmentedFunnel) -> Table:
    """Return how the journeys of each class of enquirers end; silence is a leak that is counted.

    Returns
    -------
    Table
        Columns: segment, entrants, share, won, lost, screened, silent, drop_off (probabilities), value
        (revenue per entrant). The last row is of all.
    """
    return Table._of(_core.class_rates(_segments(classes)))

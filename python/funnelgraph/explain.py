"""Why two funnels differ: an exact, order-free accounting that both sides can check.

It is an accounting of the difference, not proof of cause. See ``docs/explain.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsFloat

from . import _core
from ._accounting import Accounting, sides_of
from ._checks import metric_of
from ._core import Metric
from ._layout import number_text
from .enums import CapacityRule
from .language import check_language
from .metric import revenue
from .model import Funnel
from .segmented import SegmentedFunnel
from .table import Row, Table

if TYPE_CHECKING:
    from ._core import Explanation as CoreExplanation

__all__ = ["Explanation", "ExplanationSummary", "Sentence", "explain"]


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


class Explanation(Accounting):
    """Parts that sum to a difference. Frozen; made by :func:`explain`."""

    __slots__ = ()

    _core: CoreExplanation

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
    def interval(self) -> tuple[float, float]:
        """95 % interval of the total from the counts; NaN where there are none."""
        return self._core.low, self._core.high

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
    threads: int | None = None,
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
    threads : int, optional
        None for as many as the machine has; results are the same bits at any number.

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
    first, second, segmented = sides_of(plan, actual)
    core = _core.explain(
        first,
        second,
        segmented,
        revenue() if metric is None else metric_of(metric),
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

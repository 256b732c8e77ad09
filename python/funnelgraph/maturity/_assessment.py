"""What the answers say: scores of both sides, the gap between them, advice and review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .. import _core
from .._frozen import FrozenTables
from .._layout import number_text
from ..errors import DataError, InvalidValueError, UnknownNameError
from ..table import Table
from ._advice import TYPES, Advice, Replies, read_replies
from ._answers import Answers, read_answers
from ._instrument import Instrument
from ._instrument import instrument as own_instrument
from ._reliability import Coefficient

if TYPE_CHECKING:
    from .._core import MaturityAssessment as CoreAssessment

SIDES: Final = ("marketing", "sales")


@dataclass(frozen=True, slots=True)
class SideScore:
    """One side's score.

    Attributes
    ----------
    score, low, high : float
        Mean of the respondents' scores with its interval; NaN where unknown or withheld.
    band : str or None
    band_probability : mapping of str to float
        Share of bootstrap scores in each band; empty below five respondents.
    respondents, scored : int
    hidden : bool
        Only heads answered, and they did not agree to be shown.
    structure, behaviour : float
        Mean answers to the statements about how things are set up, and about what people do.
    """

    score: float
    low: float
    high: float
    band: str | None
    band_probability: Mapping[str, float] = field(repr=False)
    respondents: int = 0
    scored: int = 0
    hidden: bool = False
    structure: float = float("nan")
    behaviour: float = float("nan")


@dataclass(frozen=True, slots=True)
class Overall:
    """One number made of two scores; `method` says how, `marketing` and `sales` stand beside it."""

    score: float
    low: float
    high: float
    band: str | None
    band_probability: Mapping[str, float] = field(repr=False)
    marketing_weight: float
    method: str
    marketing: float
    sales: float


class Benchmark(NamedTuple):
    """The share of others' scores below this one, ties counting half, and at the ends of its interval."""

    share_below: float
    low: float
    high: float
    others: int


class Review(NamedTuple):
    """What changed between two assessments.

    Attributes
    ----------
    statements : Table
        side, statement, topic, earlier, later, change, low, high, paired, answers; the worst falls first.
    sides : Table
        side, earlier, later, change, low, high, paired, respondents.
    """

    statements: Table
    sides: Table

    def __str__(self) -> str:
        return f"{self.sides}\n\n{self.statements}"

    def _repr_html_(self) -> str:
        return f"{self.sides._repr_html_()}\n{self.statements._repr_html_()}"


class Assessment(FrozenTables):
    """What the answers say. Made by :func:`assess`. Frozen."""

    __slots__ = ("_instrument", "_options", "_read", "_sides")

    _core: CoreAssessment
    _instrument: Instrument
    _read: Answers
    _options: dict[str, Any]
    _sides: Mapping[str, SideScore]

    def __init__(
        self, core: CoreAssessment, inst: Instrument, read: Answers, options: dict[str, Any]
    ) -> None:
        sides = MappingProxyType({which: SideScore(**core.side(which)) for which in SIDES})
        self._put(_core=core, _instrument=inst, _read=read, _options=options, _sides=sides, _tables={})

    @property
    def instrument(self) -> Instrument:
        """The instrument that was answered."""
        return self._instrument

    @property
    def sides(self) -> Mapping[str, SideScore]:
        """Scores by side: "marketing" and "sales"."""
        return self._sides

    @property
    def overall(self) -> Overall:
        """One number made of both scores, with how it was made and both of them beside it."""
        return Overall(
            **self._core.overall(self._instrument.language),
            marketing=self._sides["marketing"].score,
            sales=self._sides["sales"].score,
        )

    @property
    def score_gap(self) -> Coefficient:
        """Marketing's score less Sales', with its interval."""
        return Coefficient(*self._core.score_gap())

    @property
    def gap(self) -> Table:
        """The statements as both sides see them, those with the most certain difference first.

        Columns: statement, topic, marketing, sales (mean answers), gap (Marketing less Sales), low, high, p,
        p_adjusted (permutation test, corrected for looking at every statement), different,
        marketing_answers, sales_answers.
        """
        return self._table("gap", self._instrument.language)

    @property
    def levels(self) -> Table:
        """Heads and staff apart, where they may be shown.

        Columns: side, level, scored, score, low, high, band, hidden.
        """
        return self._table("levels")

    @property
    def respondents(self) -> Table:
        """Each respondent's score; empty unless everybody agreed (`respondent_consent`)."""
        return self._table("respondents")

    @property
    def reliability(self) -> Table:
        """How well each side's answers hang together, over respondents without a missing answer.

        Columns: side, complete, alpha with alpha_low and alpha_high (Cronbach; Feldt's interval), omega
        (McDonald), heywood (do not trust omega), rwg_j, krippendorff_interval, _ordinal and _nominal, icc1 to
        icc3k (Shrout and Fleiss; statements as targets, respondents as judges).
        """
        return self._table("reliability")

    @property
    def items(self) -> Table:
        """Each statement within each side: mean, sd, item_total, alpha_without, rwg."""
        return self._table("items", self._instrument.language)

    @property
    def flags(self) -> Table:
        """Rows to look at: "straight_line" (one answer throughout), "too_fast". They still count."""
        return self._table("flags")

    @property
    def notes(self) -> Table:
        """What was left out, prorated or withheld, and why: code, count, note."""
        return self._table("notes", self._instrument.language)

    @property
    def normal_limit(self) -> bool:
        """Whether p-values come from the limit of the permutation distribution (over 2,000 rows)."""
        return self._core.normal_limit

    @property
    def relationship(self) -> str | None:
        """The overall score's type, or None where there is no overall score or the bands are others."""
        band = self.overall.band
        return band if band in TYPES else None

    @property
    def actions(self) -> Table:
        """What can be done for the next move, those actions first whose statements are weakest.

        Columns: action, name, owner, cadence, cost_to_other, lifts (statements), changes (in the funnel),
        weakest (statement), weakest_side, weakest_answer, need (mean of the lower side's answers), text.
        """
        return Table._of(self._core.plan(self._now(None), self._instrument.language))

    def _now(self, now: str | None) -> str:
        chosen = now if now is not None else self.relationship
        if chosen is None:
            raise InvalidValueError("now", "unknown", "one of " + ", ".join(TYPES) + ", to be given here")
        return chosen

    def advice(
        self,
        replies: Replies | None = None,
        *,
        marketing_role: str | None = None,
        now: str | None = None,
    ) -> Advice:
        """Read the decision table: whether to stay or to tighten.

        Parameters
        ----------
        replies : mapping of str to bool, None or "yes", "no", "unknown"
            Conditions by id (:func:`conditions` lists them); those left out are unknown.
        marketing_role : str, optional
            How large a part Marketing plays (:func:`marketing_roles`); frames the advice.
        now : str, optional
            The type of relationship instead of that of the overall score.

        Returns
        -------
        Advice

        Raises
        ------
        UnknownNameError
            A condition or role that does not exist.
        """
        given = read_replies(replies, "advice")
        core = _core.maturity_advise(self._now(now), given, marketing_role or "", self._instrument.language)
        bands = {self._sides[which].band for which in SIDES}
        return Advice(core, sides_differ=None not in bands and len(bands) > 1)

    def review(self, earlier: Assessment) -> Review:
        """Return what changed since an earlier assessment with the same instrument.

        Paired over respondents who answered both times, where that gives nobody away.

        Parameters
        ----------
        earlier : Assessment

        Returns
        -------
        Review

        Raises
        ------
        InvalidValueError
            It answers another instrument.
        """
        if not (self._instrument._core == earlier._instrument._core):
            raise InvalidValueError("review", "another instrument", "assessments of one instrument")
        statements, sides = _core.maturity_review(
            self._instrument._core,
            earlier._read.core,
            self._read.core,
            self._options,
            self._instrument.language,
        )
        return Review(Table._of(statements), Table._of(sides))

    def benchmark(self, others: Iterable[float], *, of: str = "overall") -> Benchmark:
        """Return where a score stands among those of others, which you supply (five or more).

        Parameters
        ----------
        others : iterable of float
        of : {"overall", "marketing", "sales"}

        Returns
        -------
        Benchmark

        Raises
        ------
        UnknownNameError
            There is no such score; with the nearest.
        """
        import numpy as np

        if of not in ("overall", *SIDES):
            raise UnknownNameError("score", of, _core.nearest_name(of, ["overall", *SIDES]))
        values = np.asarray(list(others), dtype=np.float64)
        return Benchmark(*self._core.benchmark(of, values))

    def __repr__(self) -> str:
        parts = []
        for which in SIDES:
            side = self._sides[which]
            parts.append(f"{which}={number_text(side.score, 1)} {side.band}")
        return f"Assessment({', '.join(parts)}, gap={number_text(self.score_gap.value, 1)})"

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes["note"])
        scores = f"<p>{escape(repr(self))}</p>\n{self.gap._repr_html_()}"
        return f"{scores}\n<ul>{notes}</ul>" if notes else scores


def assess(
    answers: Any,
    *,
    respondent: str = "respondent",
    side: str = "department",
    level: str | None = "level",
    seconds: str | None = None,
    instrument: Instrument | None = None,
    language: str | None = None,
    answered_share: float = 0.8,
    head_consent: bool = False,
    respondent_consent: bool = False,
    marketing_weight: float = 0.5,
    confidence: float = 0.95,
    replications: int = 2000,
    permutations: int = 4999,
    seed: int = 1,
    fast_seconds: float = 2.0,
    threads: int = 0,
) -> Assessment:
    """Score a table of answers.

    Parameters
    ----------
    answers : table or path
        One row a respondent: a pandas or polars DataFrame, an Arrow table, a mapping of columns, or the path
        of a CSV file. Statements are columns by id, or by number ("1", "q1", "Q01", "item_1", ...).
    respondent, side, level : str
        Columns: who; "Marketing" or "Sales"; "head" or "staff" (also in Vietnamese). `level=None` takes
        everybody for staff.
    seconds : str, optional
        Column with the time that a respondent took.
    instrument : Instrument, optional
        The project's own unless given.
    language : {"en", "vi"}, optional
        Of texts in the results; the instrument's unless given.
    answered_share : float
        Share of statements that must be answered for a score; what is missing counts as the mean of the
        respondent's own answers.
    head_consent, respondent_consent : bool
        The heads agreed to be shown apart; every respondent agreed to be shown.
    marketing_weight : float
        Of Marketing's score in the overall one.
    confidence : float
        Level of intervals.
    replications, permutations, seed : int
        Of the bootstrap and of the permutation test; the same seed gives the same figures at any number of
        threads.
    fast_seconds : float
        Seconds a statement below which a respondent is flagged.
    threads : int
        0 for as many as the machine has.

    Returns
    -------
    Assessment

    Raises
    ------
    DataError
        A cell or a column that cannot be used, with row and column.
    UnknownNameError
        A column that is not there, with the nearest.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> inst = fg.maturity.instrument()
    >>> table = {"id": list(range(12)), "department": ["Marketing", "Sales"] * 6, "level": ["staff"] * 12}
    >>> table |= {item.id: [4, 3] * 6 for item in inst.items}
    >>> m = fg.maturity.assess(table, respondent="id", side="department", level="level")
    >>> m.sides["sales"].score, m.sides["sales"].band, m.sides["marketing"].band
    (60.0, 'aligned', 'integrated')
    """
    inst = instrument if instrument is not None else own_instrument()
    if language is not None:
        inst = Instrument(inst._core, language=language)
    problems = inst.problems
    if len(problems):
        first = problems[0]
        more = f" (and {len(problems) - 1} more to mend)" if len(problems) > 1 else ""
        raise DataError("instrument", first.row, first.column, first.why + more)
    read = read_answers(answers, inst, respondent, side, level, seconds)
    options: dict[str, Any] = {
        "answered_share": answered_share,
        "head_consent": bool(head_consent),
        "respondent_consent": bool(respondent_consent),
        "marketing_weight": marketing_weight,
        "level_of_intervals": confidence,
        "replications": replications,
        "permutations": permutations,
        "seed": seed,
        "fast_seconds": fast_seconds,
        "threads": threads,
    }
    return Assessment(_core.maturity_assess(inst._core, read.core, options), inst, read, options)


def series(assessments: Mapping[str, Assessment]) -> Table:
    """Return several assessments in the order given, by their labels.

    Parameters
    ----------
    assessments : mapping of str to Assessment
        By label, the earliest first.

    Returns
    -------
    Table
        Columns: label, side, score, low, high, band, change (from the time before), scored.
    """
    cores = [one._core for one in assessments.values()]
    return Table._of(_core.maturity_series([str(label) for label in assessments], cores))

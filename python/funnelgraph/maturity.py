"""How mature the working relationship of Marketing and Sales is: measured, explained, and what to do next.

``instrument`` has the statements, ``assess`` scores a table of answers. Both sides always stand beside each
other; nothing is averaged in silence, and small groups are protected (see ``docs/maturity.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from . import _core
from ._layout import number_text
from .errors import DataError, InvalidValueError, UnknownNameError
from .language import check_language
from .relationship import (
    BreakEven,
    Effects,
    Evidence,
    Friction,
    Replies,
    effect_table,
    effects,
    efforts,
    evidence,
    friction,
    friction_figures,
    money_uses,
    read_replies,
)
from .table import Table

if TYPE_CHECKING:
    import numpy.typing as npt

    from ._core import MaturityAssessment as CoreAssessment
    from ._core import MaturityInstrument as CoreInstrument

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

SIDES: Final = ("marketing", "sales")
_TYPES: Final = ("undefined", "defined", "aligned", "integrated")


# ---- instrument ------------------------------------------------------------------------------------


class Item(NamedTuple):
    """One statement.

    Attributes
    ----------
    id : str
        The column of its answers.
    topic, text : str
        In the instrument's language.
    aspect : str
        "structure" (how things are set up) or "behaviour" (what people do).
    touches : tuple of str
        Kinds of numbers or parts of a funnel that it is about.
    reversed : bool
        Agreeing speaks against maturity.
    weight : float
    """

    id: str
    topic: str
    text: str
    aspect: str
    touches: tuple[str, ...]
    reversed: bool
    weight: float


class Band(NamedTuple):
    """A range of the score from `low` up to but without the next band's `low`."""

    id: str
    name: str
    description: str
    low: float


class Instrument:
    """Statements, scale and bands, shown in one language. Made by :func:`instrument`. Frozen."""

    __slots__ = ("_core", "_language")

    _core: CoreInstrument
    _language: str

    def __init__(self, core: CoreInstrument, *, language: str = "en") -> None:
        known = core.languages
        if known and language not in known:
            raise UnknownNameError("language", language, _core.nearest_name(language, known))
        object.__setattr__(self, "_core", core)
        object.__setattr__(self, "_language", language)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Instrument is frozen: cannot set {name!r}")

    @classmethod
    def from_json(cls, text: str, *, language: str = "en", source: str = "JSON") -> Instrument:
        """Read an own instrument.

        Raises
        ------
        DataError
            The form is wrong, with line and path; or the content, with the number of the statement or band
            and the field. :meth:`problems` of an instrument has all of them at once.
        """
        return cls(_core.instrument_from_json(text, source), language=language)

    def to_json(self, *, indent: int = 2) -> str:
        """Return the instrument in all its languages, to edit and read back."""
        return self._core.to_json(indent)

    @property
    def name(self) -> str:
        """Its name."""
        return self._core.name

    @property
    def language(self) -> str:
        """The language that it is shown in."""
        return self._language

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every statement is written."""
        return tuple(self._core.languages)

    @property
    def scale(self) -> tuple[int, int]:
        """Lowest and highest answer."""
        return self._core.lowest, self._core.highest

    @property
    def items(self) -> tuple[Item, ...]:
        """The statements, in order."""
        return tuple(Item(*row) for row in self._core.statements(self._language))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands, in order."""
        return tuple(Band(*row) for row in self._core.bands(self._language))

    def band_of(self, score: float) -> str:
        """Return the id of the band of a score; 39.99 is still below a band that starts at 40."""
        return self._core.band_of(score)

    @property
    def problems(self) -> Table:
        """Everything that is wrong with it, at once. Columns: row, column, code, why."""
        return Table._of(self._core.problems())

    def to_html(self) -> str:
        """Return a page to print and fill in."""
        return self._core.to_html(self._language)

    def to_csv(self) -> str:
        """Return the first line of the table of answers."""
        return self._core.to_csv()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Instrument):
            return NotImplemented
        return bool(self._core == other._core) and self._language == other._language

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Instrument({self.name!r}, language={self._language!r}, items={len(self)})"


def instrument(*, language: str = "en") -> Instrument:
    """Return the project's own instrument: 20 statements from 1 to 5, in English or Vietnamese.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> inst = fg.maturity.instrument(language="en")
    >>> len(inst.items), inst.items[1].topic
    (20, 'no blame')
    >>> inst.band_of(39.99), inst.band_of(40)
    ('undefined', 'defined')
    """
    return Instrument(_core.standard_instrument(), language=check_language(language))


# ---- answers ---------------------------------------------------------------------------------------


class _Read(NamedTuple):
    core: _core.MaturityAnswers
    rows: int


def _text_cells(column: tuple[Any, ...]) -> list[str]:
    kind = column[0]
    if kind == "categories":
        names = column[2]
        return ["" if code < 0 else names[code] for code in column[1].tolist()]
    if kind == "integers":
        return [str(value) for value in column[1].tolist()]
    return ["" if value != value else f"{value:g}" for value in column[1].tolist()]


def _answers(
    table: Any,
    inst: Instrument,
    respondent: str,
    side: str,
    level: str | None,
    seconds: str | None,
) -> _Read:
    import numpy as np

    from .frames import Source

    name = "answers"
    if isinstance(table, str | Path):
        path = Path(table)
        name = path.name
        table = _core.read_delimited(path.read_text(encoding="utf-8-sig"), name, None, [""])
    elif isinstance(table, Mapping):
        lengths = {key: len(cells) for key, cells in table.items() if hasattr(cells, "__len__")}
        if len(set(lengths.values())) > 1:
            key = next(key for key in lengths if lengths[key] != next(iter(lengths.values())))
            raise DataError(name, 0, str(key), "is not as long as the first column")
    source = Source(table)
    columns = _core.maturity_statement_columns(inst._core, list(source._names))
    wanted = {respondent: "labels", side: "labels"}
    if level is not None:
        wanted[level] = "labels"
    texts = source.columns(wanted)
    numbers = source.columns(dict.fromkeys(columns, "numbers"))
    cells = np.column_stack([numbers[column][1] for column in columns]) if columns else np.empty((0, 0))
    taken = None if seconds is None else source.columns({seconds: "numbers"})[seconds][1]
    rows = source.rows
    levels = ["staff"] * rows if level is None else _text_cells(texts[level])
    core = _core.MaturityAnswers(
        _text_cells(texts[respondent]),
        _text_cells(texts[side]),
        levels,
        np.ascontiguousarray(cells, dtype=np.float64),
        taken,
        [name, respondent, side, level or "level"],
    )
    return _Read(core, rows)


def check_answers(
    answers: Any,
    *,
    respondent: str = "respondent",
    side: str = "department",
    level: str | None = "level",
    instrument: Instrument | None = None,
) -> Table:
    """Return everything that is wrong with a table of answers. Columns: row, column, code, why.

    Raises
    ------
    DataError, UnknownNameError
        A column is missing or is not made of numbers.
    """
    inst = instrument if instrument is not None else globals()["instrument"]()
    read = _answers(answers, inst, respondent, side, level, None)
    return Table._of(_core.maturity_check_answers(inst._core, read.core))


# ---- assessment ------------------------------------------------------------------------------------


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


class Coefficient(NamedTuple):
    """A number with its interval."""

    value: float
    low: float
    high: float


class Benchmark(NamedTuple):
    """The share of others' scores below this one, ties counting half, and at the ends of its interval."""

    share_below: float
    low: float
    high: float
    others: int


class Advice:
    """Reasons to stay and to tighten, side by side.

    Attributes
    ----------
    now : str
    next : str or None
        One step further and never more.
    verdict : str
        "stay", "tighten", "conflict" (both hold: not decided), "no_reason", "unknown", "highest".
    conflict : bool
    sides_differ : bool
        The two sides' scores lie in different bands: talk about that first.
    stay_if, tighten_if : Table
        condition, text, reply, information (what its answer would tell of the verdict, in bits).
    ask_next : tuple of str
        Unknown conditions, those that would decide most first.
    elsewhere : tuple of str
        Replies to conditions of other types, which say nothing here.
    text, frame : str
        The verdict in a sentence; what Marketing's role in the company adds.
    """

    __slots__ = (
        "ask_next",
        "conflict",
        "elsewhere",
        "frame",
        "next",
        "now",
        "sides_differ",
        "stay_if",
        "text",
        "tighten_if",
        "verdict",
    )

    def __init__(self, core: Mapping[str, Any], *, sides_differ: bool = False) -> None:
        self.now: str = core["now"]
        self.next: str | None = core["next"]
        self.verdict: str = core["verdict"]
        self.conflict: bool = core["conflict"]
        self.sides_differ = sides_differ
        self.stay_if = Table._of(core["stay_if"], "stay")
        self.tighten_if = Table._of(core["tighten_if"], "tighten")
        self.ask_next: tuple[str, ...] = core["ask_next"]
        self.elsewhere: tuple[str, ...] = core["elsewhere"]
        self.text: str = core["text"]
        self.frame: str = core["frame"]

    def __repr__(self) -> str:
        lines = [f"{self.now}: {self.verdict}. {self.text}"]
        if self.frame:
            lines.append(self.frame)
        columns = ("condition", "text", "reply")
        for table in (self.stay_if, self.tighten_if):
            if len(table):
                lines.append(str(table.select(*columns)))
        if self.ask_next:
            lines.append("? " + ", ".join(self.ask_next))
        return "\n".join(lines)


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


class Assessment:
    """What the answers say. Made by :func:`assess`. Frozen."""

    __slots__ = ("_core", "_instrument", "_options", "_read", "_sides", "_tables")

    _core: CoreAssessment
    _instrument: Instrument
    _read: _Read
    _options: dict[str, Any]
    _sides: Mapping[str, SideScore]
    _tables: dict[str, Table]

    def __init__(self, core: CoreAssessment, inst: Instrument, read: _Read, options: dict[str, Any]) -> None:
        put = object.__setattr__
        put(self, "_core", core)
        put(self, "_instrument", inst)
        put(self, "_read", read)
        put(self, "_options", options)
        put(self, "_sides", MappingProxyType({which: SideScore(**core.side(which)) for which in SIDES}))
        put(self, "_tables", {})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Assessment is frozen: cannot set {name!r}")

    def _table(self, name: str, *, worded: bool = False, title: str = "") -> Table:
        table = self._tables.get(name)
        if table is None:
            arguments = (self._instrument.language,) if worded else ()
            table = self._tables[name] = Table._of(getattr(self._core, name)(*arguments), title)
        return table

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
        return self._table("gap", worded=True)

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
        return self._table("items", worded=True)

    @property
    def flags(self) -> Table:
        """Rows to look at: "straight_line" (one answer throughout), "too_fast". They still count."""
        return self._table("flags")

    @property
    def notes(self) -> Table:
        """What was left out, prorated or withheld, and why: code, count, note."""
        return self._table("notes", worded=True)

    @property
    def normal_limit(self) -> bool:
        """Whether p-values come from the limit of the permutation distribution (over 2,000 rows)."""
        return self._core.normal_limit

    @property
    def relationship(self) -> str | None:
        """The overall score's type, or None where there is no overall score or the bands are others."""
        band = self.overall.band
        return band if band in _TYPES else None

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
            raise InvalidValueError("now", "unknown", "one of " + ", ".join(_TYPES) + ", to be given here")
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
    inst = instrument if instrument is not None else globals()["instrument"]()
    if language is not None:
        inst = Instrument(inst._core, language=language)
    problems = inst.problems
    if len(problems):
        first = problems[0]
        more = f" (and {len(problems) - 1} more to mend)" if len(problems) > 1 else ""
        raise DataError("instrument", first.row, first.column, first.why + more)
    read = _answers(answers, inst, respondent, side, level, seconds)
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

    Columns: label, side, score, low, high, band, change (from the time before), scored.
    """
    cores = [one._core for one in assessments.values()]
    return Table._of(_core.maturity_series([str(label) for label in assessments], cores))


# ---- data ------------------------------------------------------------------------------------------


def conditions(*, language: str = "en") -> Table:
    """Return the decision table: condition, now (type), for ("stay" or "tighten"), text."""
    return Table._of(_core.maturity_conditions(check_language(language)))


def marketing_roles(*, language: str = "en") -> Table:
    """Return how Marketing's role grows with a company: role, name, kind and words of friction, ask_first."""
    return Table._of(_core.maturity_marketing_roles(check_language(language)))


def actions(now: str | None = None, target: str | None = None, *, language: str = "en") -> Table:
    """Return all actions, or those of one move.

    Raises
    ------
    InvalidValueError
        `target` is not the type right after `now`: two moves at once are not advised.
    """
    check_language(language)
    if now is None:
        return Table._of(_core.maturity_all_actions(language))
    if target is None:
        target = _TYPES[min(_TYPES.index(now) + 1, 3)] if now in _TYPES else "defined"
    return Table._of(_core.maturity_actions(now, target, language))


# ---- reliability -----------------------------------------------------------------------------------


class IntraclassCorrelation(NamedTuple):
    """Shrout and Fleiss (1979): one judge (1, 2, 3) or the mean of all (1k, 2k, 3k)."""

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float


def _grid(rows: Any) -> npt.NDArray[Any]:
    import numpy as np

    cells = [[float("nan") if cell is None else cell for cell in row] for row in rows]
    return np.asarray(cells, dtype=np.float64)


def cronbach_alpha(rows: Any, *, confidence: float = 0.95) -> Coefficient:
    """Return Cronbach's alpha of respondents by items, with Feldt's interval.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> round(fg.maturity.cronbach_alpha([[4, 5, 4], [3, 4, 3], [5, 5, 5], [2, 3, 2]]).value, 4)
    0.9796
    """
    return Coefficient(*_core.cronbach_alpha(_grid(rows), confidence))


def mcdonald_omega(rows: Any) -> float:
    """Return McDonald's omega of one common factor; NaN below three items or three complete rows."""
    return _core.mcdonald_omega(_grid(rows))[0]


def item_total_correlations(rows: Any) -> list[float]:
    """Return the correlation of each item with the sum of the others."""
    return _core.item_total_correlations(_grid(rows))


def krippendorff_alpha(units: Any, *, scale: str = "interval") -> float:
    """Return Krippendorff's alpha of units (rows) by raters; None or NaN where a rater gave nothing.

    Parameters
    ----------
    units : rows of numbers
    scale : {"nominal", "ordinal", "interval", "ratio"}
    """
    return _core.krippendorff_alpha(_grid(units), scale)


def rwg(ratings: Iterable[float], *, options: int = 5) -> float:
    """Return the agreement of raters on one item against a uniform spread over `options` answers."""
    import numpy as np

    return _core.rwg(np.asarray(list(ratings), dtype=np.float64), options)


def rwg_j(rows: Any, *, options: int = 5) -> float:
    """Return the agreement of raters (rows) over several items."""
    return _core.rwg_j(_grid(rows), options)


def intraclass_correlation(rows: Any) -> IntraclassCorrelation:
    """Return the six intraclass correlations of targets (rows) by judges."""
    return IntraclassCorrelation(*_core.intraclass_correlation(_grid(rows)))

"""Key figures as data: formulas, scorecards by role, control shares, and what nobody measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsFloat

from . import _core
from ._frozen import Frozen
from .enums import Role
from .language import check_language
from .model import Funnel, core_of
from .table import Table

if TYPE_CHECKING:
    from ._arguments import TableLike
    from ._core import Formula as CoreFormula
    from ._core import Metric

__all__ = [
    "AdviceQuality",
    "ControlShare",
    "Formula",
    "FormulaValue",
    "Kpi",
    "Scorecard",
    "advice_quality",
    "control_share",
    "control_shares",
    "measurement_gaps",
    "sample_recordings",
    "scorecard",
    "standard_kpis",
    "table_figures",
]


class FormulaValue(NamedTuple):
    """What a formula gives.

    Attributes
    ----------
    value : float
        NaN after a division by zero.
    numerator, denominator : float
        Of the first division by zero; else of the outermost division of a quotient; else NaN.
    divided_by_zero : bool
    """

    value: float
    numerator: float
    denominator: float
    divided_by_zero: bool


class Formula(Frozen):
    """A formula over named figures: + - * / and parentheses. Nothing else runs.

    Names are words in any script, text in double quotes, or a word with one argument: ``count(delivered)``,
    ``visits("site visit")``.

    Parameters
    ----------
    text : str

    Raises
    ------
    InvalidValueError
        It is no formula; the message says at which character and what is wanted there.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> rate = fg.Formula("won / (won + lost)")
    >>> rate.names
    ('won', 'lost')
    >>> rate.evaluate({"won": 30, "lost": 90}).value
    0.25
    >>> rate.evaluate({"won": 0, "lost": 0})
    FormulaValue(value=nan, numerator=0.0, denominator=0.0, divided_by_zero=True)
    """

    __slots__ = ("_core",)

    _core: CoreFormula

    def __init__(self, text: str) -> None:
        self._put(_core=_core.Formula(text))

    @property
    def text(self) -> str:
        """As it was written."""
        return self._core.text

    @property
    def names(self) -> tuple[str, ...]:
        """Its figures, each once."""
        return tuple(self._core.names)

    def evaluate(
        self, figures: Mapping[str, SupportsFloat | None] | None = None, *, funnel: Funnel | None = None
    ) -> FormulaValue:
        """Return its value; None and NaN are unknown.

        Parameters
        ----------
        figures : mapping of str to number
            By name; :func:`table_figures` makes them of a table.
        funnel : Funnel, optional
            For the names that `figures` lacks: revenue, wins, ``count(customer)``, ... as in
            :func:`scorecard`.

        Raises
        ------
        UnknownNameError
            A figure that is not there; with the nearest one and its place in the formula.
        """
        known = dict(figures or {})
        if funnel is not None:
            core = core_of(funnel)
            for name in self.names:
                if name not in known and (value := _core.funnel_figure(core, name)) is not None:
                    known[name] = value
        return FormulaValue(*self._core.evaluate(known))

    def gradient(self, figures: Mapping[str, SupportsFloat | None]) -> dict[str, float]:
        """Return the partial derivative by each figure."""
        return dict(zip(self.names, self._core.gradient(dict(figures)), strict=True))

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Formula) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return Formula, (self.text,)

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"


class Kpi(NamedTuple):
    """A key figure as data.

    Attributes
    ----------
    id : str
        Its name among the figures of a scorecard.
    labels : mapping of str to str
        By language.
    formula : str
        Over given figures and a funnel's; "" is the figure `id` itself.
    funnel_formula : str
        Over a funnel's figures, where those of `formula` are not given.
    unit : str
        "people", "orders", "money", "share", "days", "points", "count".
    direction : {"up", "down"}
        Which way is good.
    role : Role or str
        Who answers for it; "other" is both sides.
    soft : bool
        Of the longer run: judge it by its trend.
    """

    id: str
    labels: Mapping[str, str] = MappingProxyType({})
    formula: str = ""
    funnel_formula: str = ""
    unit: str = ""
    direction: str = "up"
    role: Role | str = "other"
    soft: bool = False

    def _given(self) -> dict[str, Any]:
        return {**self._asdict(), "labels": dict(self.labels), "role": str(self.role)}


def standard_kpis(role: str) -> tuple[Kpi, ...]:
    """Return the key figures of a card: marketing, sales, care, shared, upstream_marketing, economics.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> [kpi.id for kpi in fg.standard_kpis("shared")][:2]
    ['quota_attained', 'new_customers']
    """
    return tuple(Kpi(**kpi) for kpi in _core.standard_kpis(role))


class Scorecard(NamedTuple):
    """A role's key figures. Made by :func:`scorecard`.

    Attributes
    ----------
    role, title : str
    basis : str
        What the figures are and how status is told, in a sentence.
    near, steady : float
        The thresholds of status and trend.
    table : Table
        kpi, label, unit, direction, actual, target, gap (how far on the good side of the target, as a share
        of it), status (on, near, off, no_target, not_measured), previous, change, trend (better, steady,
        worse, unknown), control_share, numerator, denominator, source, formula, soft.
    warnings : Table
        code, where, message: what is not measured, has no target, is divided by zero or not controlled.
    """

    role: str
    title: str
    basis: str
    near: float
    steady: float
    table: Table
    warnings: Table

    def row(self, kpi: str) -> Any:
        """Return the row of a KPI."""
        return self.table.row(kpi=kpi)

    def to_pandas(self) -> Any:
        """Return `table` as a pandas DataFrame."""
        return self.table.to_pandas()

    def __str__(self) -> str:
        columns = ("label", "actual", "target", "gap", "status", "trend", "control_share")
        lines = [str(self.table.select(*columns)), self.basis]
        lines += [f"! {row.message}" for row in self.warnings]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def scorecard(
    funnel: Funnel | None = None,
    *,
    role: str = "sales",
    actual: Mapping[str, SupportsFloat | None] | None = None,
    target: Mapping[str, SupportsFloat | None] | None = None,
    previous: Mapping[str, SupportsFloat | Iterable[SupportsFloat | None]] | None = None,
    plan: Funnel | None = None,
    kpis: Iterable[Kpi] = (),
    standard: bool = True,
    near: SupportsFloat = 0.10,
    steady: SupportsFloat = 0.01,
    language: str = "en",
) -> Scorecard:
    """Return a role's key figures with actual, target, status and trend, and what is not measured.

    An actual is, in this order: given by the KPI's id; its formula over given figures and the funnel's; its
    formula over the funnel's figures alone. Targets alike, from `target` and `plan`. Status: "on" where the
    target is reached, "near" up to `near` short of it, else "off". Trend: the median of the slopes between
    all pairs of the earlier values and the actual (Theil and Sen), "steady" below `steady` per step.

    Parameters
    ----------
    funnel : Funnel, optional
        Its figures: revenue, cost, profit, entrants, wins, win_rate, cycle_time, lifetime_value, a stage's
        name (visits), an outcome's (count), ``count(x)``, ``visits(x)``, ``cost_per(x)``, ...
    role : str
        "marketing", "sales", "care", "shared", "upstream_marketing", "economics".
    actual, target : mapping of str to number
        KPIs by id, or figures that stand in their formulas; None is unknown. :func:`table_figures` makes
        figures of a table.
    previous : mapping of str to number or numbers
        Earlier values of KPIs, oldest first.
    plan : Funnel, optional
        Where targets come from that are not given.
    kpis : Kpi, ...
        Beside the standard ones; one of the same id replaces it.
    standard : bool
        Whether the standard ones are in.
    near, steady : number
        Thresholds, as shares.
    language : {"en", "vi"}

    Raises
    ------
    UnknownNameError
        A figure that neither names a KPI nor stands in a formula; with the nearest one.
    InvalidValueError
        A threshold, an infinite figure, a formula (with the place), a KPI given twice.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> card = fg.scorecard(
    ...     role="shared",
    ...     actual={"revenue": 950, "quota": 1_000, "closings": 12},
    ...     target={"quota_attained": 1, "closings": 10},
    ...     previous={"closings": [8, 9]},
    ... )
    >>> card.row("quota_attained").status, card.row("closings").status, card.row("closings").trend
    ('near', 'on', 'better')
    """
    options: dict[str, Any] = {
        "role": role,
        "actual": None if actual is None else dict(actual),
        "target": None if target is None else dict(target),
        "previous": None if previous is None else {k: _series(v) for k, v in previous.items()},
        "plan": None if plan is None else core_of(plan),
        "kpis": [kpi._given() for kpi in kpis],
        "standard": standard,
        "near": near,
        "steady": steady,
        "language": language,
    }
    made = _core.scorecard(None if funnel is None else core_of(funnel), options)
    made["table"] = Table._of(made.pop("rows"), made["title"])
    made["warnings"] = Table._of(made["warnings"], "Warnings")
    return Scorecard(**made)


def _series(values: Any) -> list[Any]:
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


class ControlShare(float):
    """A share that knows whose it is. Made by :func:`control_share`.

    Attributes
    ----------
    owner : str
    share, weight : float
        The share, and the owner's sum of absolute elasticities (as money or counts: gradient times value).
    enough : bool
        At least one half.
    warning : str
        A sentence where it is not; else empty.
    unknown : int
        Numbers whose effect is unknown; they are in no sum.
    """

    __slots__ = ("owner", "unknown", "warning", "weight")

    owner: str
    unknown: int
    warning: str
    weight: float

    def __new__(
        cls, share: float, owner: str = "", weight: float = 0, unknown: int = 0, warning: str = ""
    ) -> ControlShare:
        """Return the share with its owner."""
        self = super().__new__(cls, share)
        self.owner, self.weight, self.unknown, self.warning = owner, weight, unknown, warning
        return self

    @property
    def share(self) -> float:
        """The share as a plain number."""
        return float(self)

    @property
    def enough(self) -> bool:
        """Whether it is at least one half."""
        return not self.warning and float(self) == float(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return ControlShare, (float(self), self.owner, self.weight, self.unknown, self.warning)

    def __repr__(self) -> str:
        return f"ControlShare({float(self):.4g}, owner={self.owner!r})"


def control_shares(
    funnel: Funnel,
    metric: Metric,
    *,
    discount_rate: SupportsFloat | None = None,
    language: str = "en",
) -> Table:
    """Return every owner's control share: owner, share, weight, enough, warning; the largest first."""
    rows = _core.control_shares(core_of(funnel), metric, discount_rate, check_language(language))
    return Table(
        {
            "owner": [row[0] for row in rows],
            "share": [row[1] for row in rows],
            "weight": [row[2] for row in rows],
            "enough": [row[5] for row in rows],
            "warning": [row[4] or None for row in rows],
        },
        title="Control shares",
    )


def control_share(
    funnel: Funnel,
    metric: Metric,
    *,
    owner: str,
    discount_rate: SupportsFloat | None = None,
    language: str = "en",
) -> ControlShare:
    """Return the part of a metric's sensitivity that lies in an owner's own numbers.

    The sum of absolute elasticities over the owner's parameters, joint ones by its share, divided by that
    over all. Who answers for a number should control it: below one half there is a warning.

    Parameters
    ----------
    funnel : Funnel
    metric : Metric
    owner : str
    discount_rate : number, optional
        In place of the funnel's.
    language : {"en", "vi"}
        Of the warning.

    Raises
    ------
    UnknownNameError
        An owner, stage or outcome that is not there; with the nearest one.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> plan = fg.datasets.sandal_shop_plan()
    >>> share = fg.control_share(plan, fg.metric.revenue(), owner="Marketing")
    >>> share
    ControlShare(0.5, owner='Marketing')
    >>> share.enough, share.warning
    (True, '')
    """
    core = core_of(funnel)
    name = _core.owner_name(core, owner)
    for row in _core.control_shares(core, metric, discount_rate, check_language(language)):
        if row[0] == name:
            return ControlShare(row[1], *(row[0], row[2], row[3], row[4]))
    return ControlShare(float("nan"), name)


def measurement_gaps(funnel: Funnel, *, language: str = "en") -> Table:
    """Return what nobody measures: kind (stage, owner, side, placeholder), name, message.

    A number counts as measured when its source says so: one side must not be judged by figures alone while
    the other has none.
    """
    return Table._of(_core.measurement_gaps(core_of(funnel), check_language(language)), "Not measured")


def table_figures(table: TableLike) -> dict[str, float]:
    """Return figures of a table for formulas: rows, and count, sum, mean, least, greatest of its columns.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> figures = fg.table_figures({"amount": [10.0, None, 30.0], "channel": ["inbox", "phone", None]})
    >>> figures["rows"], figures["sum(amount)"], figures["count(channel)"]
    (3.0, 40.0, 2.0)
    """
    from .frames import Source, _array

    source = Source(table)
    kinds: dict[str, str] = {}
    for name in source._names:
        raw = source._raw(name)
        kind = getattr(_array(raw), "dtype", None)
        kinds[name] = _kind_of(raw, "O" if kind is None else kind.kind)
    return dict(_core.table_figures(source.rows, source.columns(kinds)))


def _kind_of(raw: Any, kind: str) -> str:
    """How to read a column: numbers where all cells are, else times or labels."""
    if kind == "M":
        return "times"
    if kind in "iufb":
        return "numbers"
    cells = [cell for cell in raw if cell is not None and cell == cell]
    numbers = cells and all(isinstance(c, SupportsFloat) and not isinstance(c, str) for c in cells)
    return "numbers" if numbers else "labels"


class AdviceQuality(NamedTuple):
    """Mean score of advice with its 95 % interval (NaN below five consultations)."""

    mean: float
    low: float
    high: float
    scored: int


def advice_quality(
    scores: Sequence[SupportsFloat], *, stock: int = 0, lowest: float = 0, highest: float = 100
) -> AdviceQuality:
    """Return the quality of advice from a random sample of recorded consultations.

    Stands beside Marketing's reach, so that both sides' work can be seen. Of advice, never of a person.

    Parameters
    ----------
    scores : numbers
        In [lowest, highest]. :func:`sample_recordings` says which recordings to score.
    stock : int
        How many recordings there are; 0 is unknown.
    lowest, highest : number

    Raises
    ------
    InvalidValueError
        No scores, or one out of range.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> quality = fg.advice_quality([62, 70, 55, 81, 77, 68], stock=400)
    >>> round(quality.mean, 1), round(quality.low, 1), round(quality.high, 1)
    (68.8, 58.9, 78.8)
    """
    return AdviceQuality(*_core.advice_quality([float(score) for score in scores], stock, lowest, highest))


def sample_recordings(stock: int, wanted: int, *, seed: int = 0) -> list[int]:
    """Return which recordings to listen to: `wanted` of `stock`, drawn without preference, from 0.

    Raises
    ------
    InvalidValueError
        More are wanted than there are.
    """
    return _core.sample_recordings(stock, wanted, seed)

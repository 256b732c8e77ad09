"""Exact counts of journeys: what a fit leaves, and the funnel that it describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self, SupportsFloat

from . import _core
from ._core import Statistics as Counted
from .enums import LagFamily, OutcomeKind, Role
from .frames import Source, until_tick
from .model import Funnel
from .segmented import SegmentedFunnel
from .table import Table

if TYPE_CHECKING:
    from ._arguments import DateLike, OwnerLike, TableLike


class Statistics:
    """What a table of journeys says, counted exactly: transitions, open journeys, durations, money, losses.

    Made by :func:`milestones` and :func:`events`; an empty one merges with anything. ``north + south`` joins
    statistics of different journeys, in any order with equal results; :meth:`update` adds a later slice of
    the same ones. Equality is by content; it can be copied and pickled. Ids of journeys are kept as
    pseudonyms only, single rows not at all.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> leads = {
    ...     "id": [1, 2, 3, 4],
    ...     "lead": ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"],
    ...     "sold": ["2026-01-09", None, "2026-01-20", None],
    ...     "reason": [None, "price", None, None],
    ... }
    >>> stats = fg.fit.milestones(leads, journey="id", stages={"lead": "lead", "sold": "sold"}, lost="reason")
    >>> stats
    <Statistics of 4 journeys: lead > sold, 1 open>
    >>> print(stats.transitions.select("from", "to", "count", "rate", "rate_closed", "lag_mean"))
    Transitions
    from  to    count    rate  rate_closed  lag_mean
    ────  ────  ─────  ──────  ───────────  ────────
    lead  sold      2  0.5000       0.6667     8.500
    lead  lost      1  0.2500       0.3333         –
    >>> funnel = stats.to_funnel(owners={"lead": "Sales"})
    >>> round(funnel.analyze().probability("sold"), 4)
    0.6667
    """

    __slots__ = ("_core",)

    _core: Counted

    def __init__(self) -> None:
        self._core = _core.Statistics()

    @classmethod
    def _of(cls, core: Counted) -> Self:
        """Present statistics that the core made."""
        statistics = cls.__new__(cls)
        statistics._core = core
        return statistics

    # ---- joining -------------------------------------------------------------------------------

    def __add__(self, other: object) -> Statistics:
        if not isinstance(other, Statistics):
            return NotImplemented
        return Statistics._of(self._core.merged(other._core))

    def __radd__(self, other: object) -> Statistics:
        if isinstance(other, int) and other == 0:  # sum([...])
            return self
        return NotImplemented

    def merge(self, other: Statistics) -> Statistics:
        """Add statistics of other journeys to these, and return these.

        Raises
        ------
        DataError
            Both hold the same journeys: a later slice of them goes through :meth:`update`.
        InvalidValueError
            They were read differently: milestones and events, another silence, other outcomes.
        ConflictError
            A reason of loss has two owners.
        """
        self._core = self._core.merged(other._core)
        return self

    def update(self, table: TableLike, *, until: DateLike | None = None) -> Statistics:
        """Add a later slice of the same table or log, with the same columns, and return these.

        Of a log each journey goes on where it stood. Of a table of milestones, the row of an open journey
        replaces what was known of it; rows of ended journeys are noted and ignored, so that a whole later
        export can be given.

        Parameters
        ----------
        table : table
            With the columns that the first one had.
        until : date, optional
            The new as-of date; what was open may be silent by then.

        Raises
        ------
        DataError
            A row of a log is earlier than what is counted of its journey. Nothing is changed then.
        InvalidValueError
            Nothing was fitted, or with ``keep_journeys=False``; `until` moves back.
        """
        source = Source(table)
        columns = source.columns(self._core.columns)
        self._core = self._core.updated(source.rows, columns, until_tick(until))
        return self

    def segment(self, name: str) -> Statistics:
        """Return one segment's counts; they cannot be updated.

        Raises
        ------
        UnknownNameError
            With the nearest segment.
        """
        return Statistics._of(self._core.segment(name))

    # ---- reading -------------------------------------------------------------------------------

    @property
    def journeys(self) -> int:
        """How many journeys began."""
        return self._core.journeys

    @property
    def stage_names(self) -> list[str]:
        """Stages in their order."""
        return self._core.stage_names

    @property
    def segment_names(self) -> list[str]:
        """Segments by name; [""] where the fit had none."""
        return self._core.segment_names

    def entered(self, stage: str) -> int:
        """Return the visits of a stage.

        Raises
        ------
        UnknownNameError
            With the nearest stage.
        """
        return self._core.entered(stage)

    def count(self, source: str, target: str) -> int:
        """Return how often a transition was taken.

        Parameters
        ----------
        source : str
            A stage.
        target : str
            A stage, "lost", "screened" or "silent".

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
            With the nearest stage.
        """
        return self._core.count(source, target)

    def lag_quantile(self, source: str, target: str, probability: float) -> float:
        """Return the days that this share of the known lags does not exceed; NaN where none is known.

        Parameters
        ----------
        source, target : str
        probability : float
            In [0, 1].

        Returns
        -------
        float
            Days, linear between neighbours (Hyndman and Fan's type 7).

        Raises
        ------
        UnknownNameError
            With the nearest stage.
        InvalidValueError
            `probability` lies outside its range.
        """
        return self._core.lag_quantile(source, target, probability)

    @property
    def transitions(self) -> Table:
        """One row a transition.

        Columns: from, to ("lost", "screened" and "silent" beside the stages), count, entered and open (visits
        of `from`), rate = count / entered, rate_closed = count / (entered - open) with its 95 % interval low,
        high (Jeffreys), lag_mean, lag_sd (n - 1) and lag_median in days over the lag_number known lags.
        """
        return Table._of(self._core.transitions(), "Transitions")

    @property
    def stages(self) -> Table:
        """One row a stage: entered (visits), started, open, drop_off (ended here without any outcome)."""
        return Table._of(self._core.stages(), "Stages")

    @property
    def stages_by_segment(self) -> Table:
        """The same by segment."""
        return Table._of(self._core.stages_by_segment(), "Stages by segment")

    @property
    def losses(self) -> Table:
        """Losses by stage and reason, with the reason's owner ("not assigned" where it has none)."""
        return Table._of(self._core.losses(), "Losses")

    @property
    def measures(self) -> Table:
        """Amounts, costs and other measures by segment and stage: sum, number given, mean, sd."""
        return Table._of(self._core.measures(), "Measures")

    @property
    def cycles(self) -> Table:
        """Days from the first date of a journey to its end, by end."""
        return Table._of(self._core.cycles(), "Days from first date to end")

    @property
    def notes(self) -> Table:
        """What was irregular: code, count, message, and the first row numbers. Never the values of rows."""
        return Table._of(self._core.notes(), "Notes")

    def persons(self, source: str, target: str) -> Table:
        """Return how often each person's journeys took a transition, by name, never ranked.

        Only of those with at least 30 closed visits of `source`. `rate` is shrunk towards everybody's, with
        its 95 % interval. Not for reports.

        Returns
        -------
        Table
            Columns: person, count, closed, rate, low, high.

        Raises
        ------
        InvalidValueError
            The fit was not asked for persons.
        """
        return Table._of(self._core.persons(source, target), "Persons")

    # ---- leaving -------------------------------------------------------------------------------

    def to_funnel(
        self,
        *,
        name: str = "",
        currency: str = "",
        period: str = "period",
        periods: SupportsFloat = 1,
        owners: Mapping[str, OwnerLike] | None = None,
        roles: Mapping[str, Role | str] | None = None,
        outcomes: Mapping[str, OutcomeKind | str] | Iterable[str] | None = None,
        open: str = "exclude",  # noqa: A002
        values: Mapping[str, str] | None = None,
        costs: Mapping[str, str] | None = None,
        lag: LagFamily | str = LagFamily.EMPIRICAL,
        losses: str = "owner",
    ) -> Funnel:
        """Return the funnel that these counts describe.

        Rates are measured, with their n and 95 % interval, and carry what was `observed`; what is missing
        from a row is drop-off: journeys that ended without any outcome. Entries count the journeys that began
        at a stage, one a segment as its channel.

        Parameters
        ----------
        name, currency : str
        period : str
            Label of what one unit of volume covers.
        periods : number
            How many of them the data cover: volumes are per period.
        owners : mapping of str to str or shares
            Of stages and outcomes.
        roles : mapping of str to Role or str
            Of owners; one called Marketing, Sales, Care, R&D, Company or Outside has that role unless said.
        outcomes : mapping of str to OutcomeKind or str, or names
            Stages that are outcomes, over what the fit was told; names alone are won.
        open : {"exclude", "lost", "matured"}
            Visits still open are left out of the rates, or count as drop-off. "matured" is not available yet.
        values : mapping of str to str
            Stage or outcome to measure ("amount", or its column): its mean is the value. Without any, nothing
            is known of revenue.
        costs : mapping of str to str
            Stage to measure, the cost of a visit. Unless given, "cost" of milestones is the cost of an
            entrant by channel, "cost" of events that of a visit.
        lag : LagFamily or str
            "empirical": the observed durations; another family matches their mean and deviation.
        losses : {"owner", "reason", "total"}
            One outcome an owner of reasons ("lost (Outside)", and "lost" for what is not assigned), one a
            reason, or one "lost".

        Raises
        ------
        UnknownNameError
            A stage or an owner that is not there; with the nearest one.
        DataError
            A measure that the fit did not take or that is given nowhere at that stage.
        InvalidValueError
            An option outside its range.
        """
        options = fit_options(locals())
        return Funnel._of(self._core.to_funnel(options))

    def to_segmented_funnel(
        self,
        *,
        name: str = "",
        currency: str = "",
        period: str = "period",
        periods: SupportsFloat = 1,
        owners: Mapping[str, OwnerLike] | None = None,
        roles: Mapping[str, Role | str] | None = None,
        outcomes: Mapping[str, OutcomeKind | str] | Iterable[str] | None = None,
        open: str = "exclude",  # noqa: A002
        values: Mapping[str, str] | None = None,
        costs: Mapping[str, str] | None = None,
        lag: LagFamily | str = LagFamily.EMPIRICAL,
        losses: str = "owner",
    ) -> SegmentedFunnel:
        """Return one funnel a segment, with the options of :meth:`to_funnel`.

        Parameters
        ----------
        name, currency, period, periods, owners, roles, outcomes, open, values, costs, lag, losses
            As for :meth:`to_funnel`, the same for every segment.

        Returns
        -------
        SegmentedFunnel

        Raises
        ------
        InvalidValueError
            The fit had no segments.
        """
        options = fit_options(locals())
        segments = self._core.to_segments(options)
        return SegmentedFunnel({segment: Funnel._of(core) for segment, core in segments.items()})

    def to_bytes(self) -> bytes:
        """Return all of it as bytes with a format number, the same on every machine."""
        return self._core.save()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what :meth:`to_bytes` wrote.

        Raises
        ------
        DataError
            It is anything else, or was changed.
        """
        return cls._of(_core.Statistics.load(bytes(data)))

    def copy(self) -> Statistics:
        """Return a copy."""
        return Statistics._of(self._core)  # what the core made never changes

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Statistics:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return _loaded, (self.to_bytes(),)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Statistics):
            return NotImplemented
        return self._core == other._core

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if self._core.is_empty:
            return "Statistics()"
        names = self.stage_names
        stages = " > ".join(names) if len(names) <= 8 else f"{len(names)} stages"
        still_open = int(sum(self.stages["open"].tolist()))
        tail = f", {still_open:,} open" if still_open else ""
        return f"<Statistics of {self.journeys:,} journeys: {stages}{tail}>"

    def _repr_html_(self) -> str:
        return self.transitions._repr_html_()


def _loaded(data: bytes) -> Statistics:
    return Statistics.from_bytes(data)


def fit_options(arguments: dict[str, Any], *without: str) -> dict[str, Any]:
    """Return options as the core takes them: mappings as dictionaries, dates as ticks."""
    options = {key: value for key, value in arguments.items() if key not in ("self", *without)}
    for key, value in options.items():
        if isinstance(value, Mapping):
            options[key] = dict(value)
        elif key in ("outcomes", "stages") and value is not None and not isinstance(value, str):
            options[key] = list(value)
    if "until" in options:
        options["until"] = until_tick(options["until"])
    return options

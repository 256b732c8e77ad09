"""From CRM tables and event logs to statistics, and from these to a funnel.

:func:`milestones` reads a wide table (a row a journey, a date a stage), :func:`events` a long log (a row an
event). Both give a :class:`Statistics`: exact counts that merge in any order, with notes on all that was
irregular. :meth:`Statistics.to_funnel` makes the funnel that they describe.

Tables can be a pandas or polars DataFrame, a pyarrow Table, a mapping of columns, a NumPy structured array, a
:class:`~funnelgraph.Table`, or anything that speaks the Arrow PyCapsule interface.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self, SupportsFloat, TypeAlias

import numpy as np

from . import _core
from ._core import Statistics as Counted
from .enums import LagFamily, OutcomeKind, Role
from .errors import DataError, InvalidValueError, UnknownNameError
from .frames import NO_TICK, Source, tick_of, ticks_of
from .model import Funnel
from .segmented import SegmentedFunnel
from .table import Table

if TYPE_CHECKING:
    from .model import OwnerLike

__all__ = ["Statistics", "events", "milestones", "read_table"]

#: A date: text as "2026-06-30", a date, a datetime, a pandas Timestamp, a NumPy datetime64.
DateLike: TypeAlias = str | dt.date | np.datetime64
#: Days, a timedelta, a pandas or NumPy duration.
DurationLike: TypeAlias = SupportsFloat | dt.timedelta
#: A pandas or polars DataFrame, an Arrow table, a mapping of columns, ...
TableLike: TypeAlias = Any

_TICKS_PER_DAY = 86_400_000_000


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
        self._core = self._core.updated(source.rows, columns, _until(until))
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
        """Return the visits of a stage."""
        return self._core.entered(stage)

    def count(self, source: str, target: str) -> int:
        """Return how often a transition was taken; `target` may be "lost", "screened" or "silent"."""
        return self._core.count(source, target)

    def lag_quantile(self, source: str, target: str, probability: float) -> float:
        """Return the days that this share of the known lags does not exceed; NaN where none is known."""
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
        options = _given(locals())
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

        Raises
        ------
        InvalidValueError
            The fit had no segments.
        """
        options = _given(locals())
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


def milestones(
    table: TableLike,
    *,
    journey: str | None,
    stages: Mapping[str, str],
    outcomes: Mapping[str, OutcomeKind | str] | Iterable[str] | None = None,
    lost: str | None = None,
    status: str | None = None,
    statuses: Mapping[str, str] | None = None,
    lost_at: str | None = None,
    reasons: Mapping[str, str] | None = None,
    amount: str | None = None,
    cost: str | None = None,
    measures: Mapping[str, str] | None = None,
    segment: str | None = None,
    person: str | None = None,
    until: DateLike | None = None,
    silence: DurationLike | None = None,
    durations: str = "exact",
    keep_journeys: bool = True,
) -> Statistics:
    """Read a wide table: a row a journey, a date a stage.

    A journey moves through its dated stages in the order of `stages`, past those without a date. It ends at
    an outcome; otherwise it is lost when a reason or the status says so, else open at its last stage, or
    silent. Everything irregular is counted in ``notes``.

    Parameters
    ----------
    table : table
    journey : str, or None
        Column of ids; the first row of an id counts. None: every row is a journey, and none is kept.
    stages : mapping of str to str
        Stage to column of dates, in order of the funnel.
    outcomes : mapping of str to OutcomeKind or str, or names
        Stages that end a journey; the last one, won, unless given.
    lost, status, lost_at : str
        Columns: reason of loss (any says lost), status, date of loss (else the lag of a loss is unknown).
    statuses : mapping of str to str
        What values of `status` mean: "open", "won", "lost", "screened", "silent"; these words themselves
        unless given. Other values say nothing. An explicit status overrides the date of an outcome.
    reasons : mapping of str to str
        Reason of loss to the owner it belongs to.
    amount, cost : str
        Columns of money, >= 0.
    measures : mapping of str to str
        Further measures by name, >= 0.
    segment, person : str
        Columns of a channel, city, ... and of a person (only when asked, see :meth:`Statistics.persons`).
    until : date
        As-of date, whole days included: what is dated later is not known yet.
    silence : days or duration
        How long nothing happens until an open journey is silent; wants `until`.
    durations : {"exact", "log"}
        Keep every duration, or its 8 leading bits (quantiles within 0.8 %, moments exact).
    keep_journeys : bool
        Remember journeys by pseudonym, for :meth:`Statistics.update` and to see overlaps.

    Returns
    -------
    Statistics

    Raises
    ------
    UnknownNameError
        A column or an outcome that is not there; with the nearest one.
    InvalidValueError
        An option outside its range, a stage given twice.
    DataError
        With row and column: a missing id, text that is no date, negative money, a table without anything.
    """
    options = _given(locals(), "table")
    source = Source(table)
    columns = source.columns(_core.milestone_columns(options))
    return Statistics._of(_core.fit_milestones(source.rows, columns, options))


def events(
    log: TableLike,
    *,
    journey: str,
    stage: str,
    time: str,
    ties: str = "row",
    tie_column: str | None = None,
    segment: str | None = None,
    outcomes: Mapping[str, OutcomeKind | str] | Iterable[str] | None = None,
    end: str | None = None,
    stages: Iterable[str] | None = None,
    amount: str | None = None,
    cost: str | None = None,
    measures: Mapping[str, str] | None = None,
    person: str | None = None,
    until: DateLike | None = None,
    silence: DurationLike | None = None,
    durations: str = "exact",
    keep_journeys: bool = True,
) -> Statistics:
    """Read a long log: a row an event, in any order.

    Events are sorted by journey, time and tie, equal ones in their order. Each is a visit of its stage, each
    pair of neighbours a transition, revisits and stays included. The first event of an outcome ends the
    journey; later ones are noted.

    Parameters
    ----------
    log : table
    journey, stage, time : str
        Columns: id, stage, date or time.
    ties : {"row", "stage"}
        Order of events of one journey at one time: that of the rows, or of the names of their stages.
    tie_column : str
        Orders such events first, ascending; with it a shuffled log is the same log.
    segment, person : str
        Columns; the first event of a journey counts.
    outcomes : names, or mapping of str to OutcomeKind or str
        Stages that end a journey; names alone are won.
    end : {"drop_off", "open", "silent"}
        What a journey without an outcome is at its end. "drop_off" unless given, "open" with `silence`.
    stages : names
        Order of the stages in tables; others follow by name.
    amount, cost, measures, until, silence, durations, keep_journeys
        As in :func:`milestones`; money is that of the event.

    Returns
    -------
    Statistics

    Raises
    ------
    UnknownNameError, InvalidValueError, DataError
        As :func:`milestones`.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> log = {
    ...     "user": ["a", "a", "b", "a"],
    ...     "event": ["home", "cart", "home", "buy"],
    ...     "at": ["2026-01-01 10:00", "2026-01-01 10:05", "2026-01-02 09:00", "2026-01-01 10:30"],
    ... }
    >>> stats = fg.fit.events(log, journey="user", stage="event", time="at", outcomes=["buy"])
    >>> stats.count("cart", "buy"), stats.stages.row(stage="home").drop_off
    (1, 1)
    """
    options = _given(locals(), "log")
    source = Source(log)
    columns = source.columns(_core.event_columns(options))
    return Statistics._of(_core.fit_events(source.rows, columns, options))


def read_table(
    path: str | os.PathLike[str],
    *,
    delimiter: str | None = None,
    decimal: str | None = None,
    day_first: bool | None = None,
    encoding: str | None = None,
    dates: Iterable[str] = (),
    numbers: Iterable[str] = (),
    missing: Iterable[str] = (),
) -> dict[str, Any]:
    """Read a table in delimited text (CSV and its kin) as columns for :func:`milestones` and :func:`events`.

    Parameters
    ----------
    path : path
    delimiter : str
        Found among comma, semicolon, tab and bar unless given.
    decimal : {".", ","}
        Decimal mark; a column tells by itself unless given.
    day_first : bool
        Whether 03/04/2024 is the 3rd of April; a column must tell by itself unless given.
    encoding : str
        UTF-8, with or without a byte order mark, unless given.
    dates, numbers : names
        Columns to read as such; all others are text.
    missing : texts
        That stand for a missing cell beside the empty one, as "NA".

    Returns
    -------
    dict of str to column
        Arrays of datetime64 and float64, and lists of str with None where missing.

    Raises
    ------
    DataError
        The file cannot be read, or a cell is not what is wanted; with row and column, never with the cell.
    UnknownNameError
        A column that is not there; with the nearest one.
    """
    name = os.path.basename(os.fspath(path))
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise DataError(name, 0, "", f"cannot be read: {error.strerror or error}") from error
    try:
        text = data.decode(encoding or "utf-8")
    except LookupError:
        raise InvalidValueError(
            "read_table(encoding=)", repr(encoding), "an encoding that Python knows"
        ) from None
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start)
        why = f"is not {encoding or 'UTF-8'} text; give its encoding, as cp1252 or cp1258"
        raise DataError(name, row, "", why) from None
    columns: dict[str, Any] = dict(_core.read_delimited(text, name, delimiter, list(missing)))
    for column in dict.fromkeys(dates):
        cells = _texts_of(columns, column)
        columns[column] = _core.times_from_text(cells, name, column, day_first).view("datetime64[us]")
    for column in dict.fromkeys(numbers):
        columns[column] = _core.numbers_from_text(_texts_of(columns, column), name, column, decimal)
    return columns


def _texts_of(columns: Mapping[str, Any], column: str) -> list[str]:
    if column not in columns:
        raise UnknownNameError("column", column, _core.nearest_name(column, list(columns)))
    return ["" if cell is None else cell for cell in columns[column]]


def _given(arguments: dict[str, Any], *without: str) -> dict[str, Any]:
    """Return options as the core takes them: mappings as dictionaries, dates as ticks."""
    options = {key: value for key, value in arguments.items() if key not in ("self", *without)}
    for key, value in options.items():
        if isinstance(value, Mapping):
            options[key] = dict(value)
        elif key in ("outcomes", "stages") and value is not None and not isinstance(value, str):
            options[key] = list(value)
    if "until" in options:
        options["until"] = _until(options["until"])
    return options


def _until(until: DateLike | None) -> int | None:
    """Return the tick that an as-of date includes: a date without a time of day is meant whole."""
    if until is None:
        return None
    if isinstance(until, str):
        cells = np.asarray(_core.times_from_text([until], "until", "", None))
        tick = int(cells[0])
        whole_day = len(until.strip()) <= 10
    else:
        whole_day = (isinstance(until, dt.date) and not isinstance(until, dt.datetime)) or (
            isinstance(until, np.datetime64) and np.datetime_data(until)[0] in ("D", "W", "M", "Y")
        )
        tick = tick_of(until) if not isinstance(until, np.datetime64) else ticks_of(np.array([until]))[0]
    if tick == NO_TICK:
        raise InvalidValueError("until=", "a missing date", "a date")
    return int(tick) + _TICKS_PER_DAY - 1 if whole_day else int(tick)

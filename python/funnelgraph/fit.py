"""From CRM tables and event logs to statistics, and from these to a funnel.

:func:`milestones` reads a wide table (a row a journey, a date a stage), :func:`events` a long log (a row an
event). Both give a :class:`Statistics`: exact counts that merge in any order, with notes on all that was
irregular. :meth:`Statistics.to_funnel` makes the funnel that they describe.

Tables can be a pandas or polars DataFrame, a pyarrow Table, a mapping of columns, a NumPy structured array, a
:class:`~funnelgraph.Table`, or anything that speaks the Arrow PyCapsule interface.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from . import _core
from ._delimited import read_table
from ._statistics import Statistics, fit_options
from .enums import OutcomeKind
from .frames import Source

if TYPE_CHECKING:
    from ._arguments import DateLike, DurationLike, TableLike

__all__ = ["Statistics", "events", "milestones", "read_table"]


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
        Columns: reason of loss (any says lost, so a column of yes and no is refused), status, date of loss
        (else the lag of a loss is unknown).
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
    options = fit_options(locals(), "table")
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
    options = fit_options(locals(), "log")
    source = Source(log)
    columns = source.columns(_core.event_columns(options))
    return Statistics._of(_core.fit_events(source.rows, columns, options))

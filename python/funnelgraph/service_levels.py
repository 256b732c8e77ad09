"""Service levels: what one side promised the other about time, and how it was kept.

:func:`service_levels` counts what was answered in time. See ``docs/kpi.md``.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _core
from ._arguments import DurationLike
from .errors import InvalidValueError
from .model import Funnel, core_of
from .table import Table

if TYPE_CHECKING:
    from ._arguments import DateLike, TableLike
    from ._core import ServiceLevels as CoreLevels

__all__ = ["ServiceLevel", "ServiceLevels", "service_levels"]


class ServiceLevel(NamedTuple):
    """What one side promised the other about time: `stop` follows `start` within so many days.

    Attributes
    ----------
    start, stop : str
        Stages, or events of a log. A report has no start.
    within : days or duration
        The limit itself is in time. Of a report: how often it is due, in whole days.
    promise : str
        "answer", "feedback" or "report".

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.ServiceLevel("enquiry", "call", within=1.0)
    ServiceLevel('enquiry', 'call', within=1.0)
    """

    start: str
    stop: str
    within: DurationLike = 1.0
    promise: str = "answer"

    @classmethod
    def feedback(cls, start: str, stop: str, *, within: DurationLike = math.inf) -> ServiceLevel:
        """Return the promise that `stop`, a word on how it went, follows every `start`.

        Parameters
        ----------
        start, stop : str
            Stages, or events of a log.
        within : days or duration
            Any time counts unless given.

        Returns
        -------
        ServiceLevel
        """
        return cls(start, stop, within, "feedback")

    @classmethod
    def report(cls, event: str, *, every: DurationLike = 1) -> ServiceLevel:
        """Return the promise of a regular report: the daily report back.

        Parameters
        ----------
        event : str
        every : whole days or duration
            At least one report in every so many.

        Returns
        -------
        ServiceLevel
        """
        return cls("", event, every, "report")

    def __repr__(self) -> str:
        if self.promise == "report":
            return f"ServiceLevel.report({self.stop!r}, every={self.within!r})"
        name = "ServiceLevel.feedback" if self.promise == "feedback" else "ServiceLevel"
        return f"{name}({self.start!r}, {self.stop!r}, within={self.within!r})"


class ServiceLevels:
    """How service levels were kept. Made by :func:`service_levels`."""

    __slots__ = ("_core",)

    _core: CoreLevels

    def __init__(self, core: CoreLevels) -> None:
        self._core = core

    @property
    def table(self) -> Table:
        """One row a rule and group.

        Columns: from, to, promise, within (days), giver, receiver, week, month, segment (None where rows are
        not split by it), entered = young + closed + in_time + late, share = in_time / (in_time + late) with
        its 95 % interval low, high (Jeffreys), share_censored (Kaplan and Meier's estimate, from the young
        and the closed ones too) and wait_median (days of those answered).
        """
        return Table._of(self._core.rows(), "Service levels")

    @property
    def notes(self) -> Table:
        """What was irregular: code, count, message, and the first row numbers."""
        return Table._of(self._core.notes(), "Notes")

    @property
    def until(self) -> dt.datetime:
        """The as-of time."""
        from .frames import time_of

        return time_of(self._core.until)

    def to_pandas(self) -> Any:
        """Return `table` as a pandas DataFrame."""
        return self.table.to_pandas()

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, key: Any) -> Any:
        return self.table[key]

    def __repr__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def service_levels(
    log: TableLike | Funnel,
    rules: Iterable[ServiceLevel] = (),
    *,
    by: str | Iterable[str] = (),
    journey: str | None = None,
    stage: str = "stage",
    time: str = "time",
    stages: Mapping[str, str] | None = None,
    closed_at: str | None = None,
    closing: Iterable[str] = (),
    owners: Mapping[str, str] | Funnel | None = None,
    giver_column: str | None = None,
    receiver_column: str | None = None,
    segment: str | None = None,
    days_off: Iterable[int] = (),
    until: DateLike | None = None,
) -> ServiceLevels | Table:
    """Count how service levels were kept, from a log or a table; or tell it from a funnel's lags.

    Every arrival at a rule's start begins a clock, which the next stop ends. Clocks whose limit is not over
    by `until` are young and count neither way, answered or not: of the same age only the answered ones
    could be counted, and the share would be too high. Journeys that closed otherwise before the limit count
    neither way either. ``share_censored`` uses both as far as they ran.

    Parameters
    ----------
    log : table, or Funnel
        Long (a row an event), or wide with `stages`. Of a Funnel: a :class:`Table` with the breach of every
        transition that has a service level (or of the rules) from its lag: from, to, giver, receiver, within,
        flow, share, breach, late.
    rules : ServiceLevel, ...
    by : names
        "owner" (giver and receiver; of a log that knows one owner only, in its column "owner" where the
        clock begins, the receiver), "giver", "receiver", "week" (ISO 8601, of the start), "month", "segment".
    journey : str
        Column of ids; "journey" unless given. Logs of reports alone do without.
    stage, time : str
        Columns of a log.
    stages : mapping of str to str
        Stage to column of dates: then the table is wide.
    closed_at : str
        Column of a wide table: when the journey ended otherwise.
    closing : names
        Events or stages that end a journey: lost, sold, ...
    owners : mapping of str to str, or Funnel
        Of stages: the giver is the start's, the receiver the stop's.
    giver_column, receiver_column, segment : str
        Columns, read where the clock begins. For `by`, the columns "giver" and "receiver" unless given.
    days_off : whole numbers
        Days of the week on which no report is due, 0 = Monday.
    until : date
        As-of date, whole days included; the latest time in the table unless given.

    Returns
    -------
    ServiceLevels, or Table of a Funnel

    Raises
    ------
    UnknownNameError, InvalidValueError, DataError
        As :func:`hand_off_record`.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> log = {
    ...     "journey": ["a", "a", "b", "b", "c"],
    ...     "stage": ["enquiry", "call", "enquiry", "call", "enquiry"],
    ...     "time": ["2026-03-02 09:00", "2026-03-02 15:00", "2026-03-02 09:00", "2026-03-05 09:00",
    ...              "2026-03-05 08:00"],
    ... }
    >>> levels = fg.service_levels(log, rules=[fg.ServiceLevel("enquiry", "call", within=1.0)])
    >>> row = levels.table[0]
    >>> row.in_time, row.late, row.young, row.share
    (1, 1, 1, 0.5)
    """
    wanted = [rule_of(rule) for rule in rules]
    if isinstance(log, Funnel):
        return Table._of(_core.transition_levels(core_of(log), wanted), "Service levels from lags")
    from .frames import Source, until_tick

    groups = [by] if isinstance(by, str) else list(by)
    source = Source(log)
    columns_of_sides = giver_column or receiver_column or {"giver", "receiver"} & set(source.names)
    if "owner" in groups and owners is None and not columns_of_sides and "owner" in source.names:
        # The column says in whose hands the journey was when the clock began.
        groups, receiver_column = ["receiver" if name == "owner" else name for name in groups], "owner"
    groups = [side for name in groups for side in (("giver", "receiver") if name == "owner" else (name,))]
    if owners is None and "giver" in groups:
        giver_column = giver_column or source.given_or_own(None, "giver")
    if owners is None and "receiver" in groups:
        receiver_column = receiver_column or source.given_or_own(None, "receiver")
    if any(rule[3] != "report" for rule in wanted) and journey is None:
        journey = "journey"
    columns: dict[str, str] = {}
    for name in (journey, giver_column, receiver_column, segment):
        if name:
            columns[name] = "labels"
    if stages is None:
        columns[stage] = "labels"
        columns[time] = "times"
    else:
        if not isinstance(stages, Mapping):
            raise TypeError("service_levels(stages=) takes a mapping of stages to columns")
        columns.update(dict.fromkeys(stages.values(), "times"))
        if closed_at:
            columns[closed_at] = "times"
    off = sorted({_weekday(day) for day in days_off})
    options = {
        "journey": journey or "",
        "stage": stage,
        "time": time,
        "stages": None if stages is None else dict(stages),
        "closed_at": closed_at,
        "closing": closing if isinstance(closing, str) else list(closing),
        "owners": _owner_texts(owners),
        "giver_column": giver_column,
        "receiver_column": receiver_column,
        "segment": segment,
        "by": groups,
        "days_off": off,
        "until": until_tick(until),
    }
    return ServiceLevels(_core.service_levels(source.rows, source.columns(columns), wanted, options))


def _weekday(day: int) -> int:
    if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day <= 6:
        raise InvalidValueError("service_levels(days_off=)", repr(day), "0 (Monday) to 6 (Sunday)")
    return day


def rule_of(rule: ServiceLevel | tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a rule as the core takes it, or a TypeError that says what is allowed."""
    if not isinstance(rule, tuple) or not 2 <= len(rule) <= 4:
        raise TypeError(f"a rule is a ServiceLevel, not {type(rule).__name__}")
    return tuple(ServiceLevel(*rule))


def _owner_texts(owners: Mapping[str, str] | Funnel | None) -> dict[str, str] | None:
    """Owners of stages as text: "Sales", or "Marketing 50 %, Sales 50 %"."""
    if owners is None:
        return None
    if isinstance(owners, Funnel):
        return dict(_core.stage_owners(core_of(owners)))
    return dict(owners)

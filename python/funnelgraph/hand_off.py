"""Hand-offs as they were recorded: who let which one down, service levels, reasons of loss.

:func:`hand_off_record` judges each hand-off by one rule and shows every other way of counting beside it;
:func:`service_levels` counts what was answered in time; :func:`loss_reasons` says whose the reasons are.
See ``docs/kpi.md``.
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
from .table import Row, Table

if TYPE_CHECKING:
    from ._arguments import DateLike, TableLike
    from ._core import HandOffRecord as CoreRecord
    from ._core import ServiceLevels as CoreLevels
    from .frames import Source

__all__ = [
    "HandOffRecord",
    "LossReasons",
    "ServiceLevel",
    "ServiceLevels",
    "hand_off_record",
    "loss_reasons",
    "service_levels",
]

_EPOCH = dt.datetime(1970, 1, 1)


def _time_of(tick: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=tick)


def _tick_until(until: DateLike | None) -> int | None:
    if until is None:
        return None
    from .fit import _until

    return _until(until)


def _source(table: TableLike) -> Source:
    from .frames import Source

    return Source(table)


class HandOffRecord:
    """What the record of the hand-offs says. Made by :func:`hand_off_record`."""

    __slots__ = ("_core",)

    _core: CoreRecord

    def __init__(self, core: CoreRecord) -> None:
        self._core = core

    @property
    def total(self) -> Row:
        """Counts over all hand-offs, with the columns of `pairs` but for giver and receiver."""
        return Table._of(self._core.total())[0]

    @property
    def pairs(self) -> Table:
        """One row a giver and a receiver.

        Columns: giver, receiver, delivered = young + judged, judged = in_order + receivers + givers +
        between, and of the judged ones accepted, rejected, feedback (either is on record), touched,
        touched_in_time, repeated (delivered again), breach (share not touched in time) with its 95 %
        interval breach_low and breach_high, feedback_share, repeated_share, touch_mean and touch_median in
        days.
        """
        return Table._of(self._core.pairs(), "Hand-offs by giver and receiver")

    @property
    def causes(self) -> Table:
        """Why hand-offs lie between: cause, count."""
        return Table._of(self._core.causes(), "Why hand-offs lie between")

    @property
    def policies(self) -> Table:
        """What each owner bears under each policy, side by side.

        Columns: policy ("nobody" is the rule: what lies between stays there; then "giver", "receiver",
        "halves", "in_proportion"), owner, borne, part (judged hand-offs that it gave or received), share with
        its 95 % interval low, high, and rank (1 = the largest share).
        """
        return Table._of(self._core.policies(), "Borne by owner, under each policy")

    @property
    def ranking_changes(self) -> bool:
        """Whether some two owners stand in another order under another policy."""
        return self._core.ranking_changes

    @property
    def reasons(self) -> Table:
        """Rejections by reason: reason, against_definition, count, in_time."""
        return Table._of(self._core.reasons(), "Rejections")

    @property
    def notes(self) -> Table:
        """What was irregular: code, count, message, and the first row numbers. Never the values of rows."""
        return Table._of(self._core.notes(), "Notes")

    @property
    def within(self) -> float:
        """Days to the first touch."""
        return self._core.within

    @property
    def reject_within(self) -> float:
        """Days to reject."""
        return self._core.reject_within

    @property
    def until(self) -> dt.datetime:
        """The as-of time."""
        return _time_of(self._core.until)

    def __repr__(self) -> str:
        total = self.total
        return (
            f"<HandOffRecord of {total.delivered:,}: {total.in_order:,} in order, "
            f"{total.givers:,} giver's, {total.receivers:,} receiver's, {total.between:,} between, "
            f"{total.young:,} too young>"
        )

    def _repr_html_(self) -> str:
        return self.policies._repr_html_()


def hand_off_record(
    log: TableLike,
    *,
    delivered: str = "delivered",
    accepted: str | None = None,
    rejected: str | None = None,
    touched: str | None = None,
    reason: str | None = None,
    meets: str | None = None,
    journey: str | None = None,
    event: str | None = None,
    time: str = "time",
    giver: str = "Marketing",
    receiver: str = "Sales",
    giver_column: str | None = None,
    receiver_column: str | None = None,
    within: DurationLike = 1,
    reject_within: DurationLike | None = None,
    against_definition: Iterable[str] = (),
    until: DateLike | None = None,
) -> HandOffRecord:
    """Judge every hand-off by its record.

    The receiver's: it met the definition (accepted, or `meets` says so) and was not touched within the
    service level. The giver's: rejected in time for a reason that is against the definition. In order:
    touched in time and not rejected. All else, and all that is not recorded, lies between. A hand-off whose
    time is not over by `until` is too young and counts neither way.

    Parameters
    ----------
    log : table
        Wide, a row a hand-off and a date a step; or, with `event`, long, a row an event: each delivery then
        begins a hand-off, and what follows up to the journey's next delivery belongs to it.
    delivered, accepted, rejected, touched : str
        Columns of dates, or names of events. The last three are those of the same name where the table has
        them; "" says that a step is not recorded.
    reason, meets : str
        Columns: why it was rejected; whether it meets the definition (yes or no, as checked by somebody).
        Unless given, the columns of that name where they are there.
    journey : str
        Column of ids; needed for a log. Of a table it counts repeated deliveries.
    event, time : str
        Columns of a log.
    giver, receiver : str
        The two owners, unless `giver_column` or `receiver_column` tells by hand-off. Owners are sides or
        teams; do not put persons there.
    within, reject_within : days or duration
        To the first touch, and to reject (as `within` unless given); the limit itself is in time.
    against_definition : names
        Reasons that say that the definition is not met.
    until : date
        As-of date, whole days included; the latest time in the table unless given.

    Raises
    ------
    UnknownNameError
        A column, an event or a reason that is not there; with the nearest one.
    InvalidValueError
        A limit that is not above 0, a log without `journey`, one owner on both sides.
    DataError
        No rows, nothing delivered, a missing id, a word that is neither yes nor no.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> record = fg.hand_off_record(
    ...     {
    ...         "delivered": ["2026-03-02 09:00"] * 4,
    ...         "accepted": ["2026-03-02 10:00", "2026-03-02 10:00", None, None],
    ...         "touched": ["2026-03-02 11:00", None, None, None],
    ...         "rejected": [None, None, "2026-03-02 15:00", None],
    ...         "reason": [None, None, "no budget", None],
    ...     },
    ...     within=1,
    ...     against_definition=["no budget"],
    ...     until="2026-03-31",
    ... )
    >>> record
    <HandOffRecord of 4: 1 in order, 1 giver's, 1 receiver's, 1 between, 0 too young>
    >>> record.ranking_changes
    True
    """
    source = _source(log)
    columns: dict[str, str] = {}

    def column(name: str | None, kind: str) -> str:
        if name:
            columns[name] = kind
        return name or ""

    options: dict[str, Any] = {
        "delivered": delivered,
        "reason": column(_or_same(reason, "reason", source), "labels"),
        "meets": column(_or_same(meets, "meets", source), "labels"),
        "journey": column(journey, "labels"),
        "event": column(event, "labels"),
        "time": time,
        "giver_column": column(giver_column, "labels"),
        "receiver_column": column(receiver_column, "labels"),
        "giver": giver,
        "receiver": receiver,
        "within": within,
        "reject_within": reject_within,
        "against_definition": against_definition
        if isinstance(against_definition, str)
        else list(against_definition),
        "until": _tick_until(until),
    }
    steps = {"accepted": accepted, "rejected": rejected, "touched": touched}
    if event:
        columns[time] = "times"
        read = source.columns(columns)
        there = _events_in(read[event])
        for step, name in steps.items():
            options[step] = (step if step in there else "") if name is None else name
    else:
        column(delivered, "times")
        for step, name in steps.items():
            options[step] = column(_or_same(name, step, source), "times")
        read = source.columns(columns)
    return HandOffRecord(_core.hand_off_record(source.rows, read, options))


def _or_same(name: str | None, own: str, source: Source) -> str:
    """Return the name that was given, else the own one where the table has such a column."""
    if name is None:
        return own if own in source._names else ""
    return name


def _events_in(column: tuple[Any, ...]) -> set[str]:
    return set(column[2]) if column[0] == "categories" else set()


# ---- service levels --------------------------------------------------------------------------------


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
        """Return the promise that `stop`, a word on how it went, follows every `start`, in time or at all."""
        return cls(start, stop, within, "feedback")

    @classmethod
    def report(cls, event: str, *, every: DurationLike = 1) -> ServiceLevel:
        """Return the promise of a report at least once in every so many days: the daily report back."""
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
        return _time_of(self._core.until)

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
    wanted = [_rule(rule) for rule in rules]
    if isinstance(log, Funnel):
        return Table._of(_core.transition_levels(core_of(log), wanted), "Service levels from lags")
    groups = [by] if isinstance(by, str) else list(by)
    source = _source(log)
    columns_of_sides = giver_column or receiver_column or {"giver", "receiver"} & set(source._names)
    if "owner" in groups and owners is None and not columns_of_sides and "owner" in source._names:
        # The column says in whose hands the journey was when the clock began.
        groups, receiver_column = ["receiver" if name == "owner" else name for name in groups], "owner"
    groups = [side for name in groups for side in (("giver", "receiver") if name == "owner" else (name,))]
    if owners is None and "giver" in groups:
        giver_column = giver_column or _or_same(None, "giver", source)
    if owners is None and "receiver" in groups:
        receiver_column = receiver_column or _or_same(None, "receiver", source)
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
        "until": _tick_until(until),
    }
    return ServiceLevels(_core.service_levels(source.rows, source.columns(columns), wanted, options))


def _weekday(day: int) -> int:
    if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day <= 6:
        raise InvalidValueError("service_levels(days_off=)", repr(day), "0 (Monday) to 6 (Sunday)")
    return day


def _rule(rule: ServiceLevel | tuple[Any, ...]) -> tuple[Any, ...]:
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


# ---- loss reasons ----------------------------------------------------------------------------------


class LossReasons(NamedTuple):
    """Why journeys were lost, and whose the reasons are. Made by :func:`loss_reasons`.

    Attributes
    ----------
    losses : int
    owners : Table
        owner ("not assigned" last), count, share with its 95 % interval low, high, and by_itself, by_others,
        by_unknown: who wrote the reasons down.
    reasons : Table
        owner, reason, recorded_by, count, share.
    recorded_by_others : float
        Share of the reasons with owner and recorder that another side wrote down; NaN without any.
    """

    losses: int
    owners: Table
    reasons: Table
    recorded_by_others: float

    def _repr_html_(self) -> str:
        return self.owners._repr_html_()


def loss_reasons(
    table: TableLike,
    *,
    reason: str = "reason",
    lost_at: str | None = None,
    recorded_by: str | None = None,
    owners: Mapping[str, str] | None = None,
    recorders: Mapping[str, str] | None = None,
) -> LossReasons:
    """Count reasons of loss by owner (Company and Outside too), and say who wrote them down.

    Parameters
    ----------
    table : table
        A row with a reason is a loss.
    reason, lost_at, recorded_by : str
        Columns: the reason, the date of loss (a row with one is a loss even without a reason), and who wrote
        the reason down: a side or a team, never a person.
    owners : mapping of str to str
        Reason to owner; what is not in it is "not assigned".
    recorders : mapping of str to str
        What is in `recorded_by` to its side.

    Raises
    ------
    UnknownNameError
        A column, or a reason of `owners` that never occurs beside a near one.
    InvalidValueError, DataError
        A bad name of an owner; no rows or no losses.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> lost = {"reason": ["price", "late answer", "late answer", "visa"], "by": ["Sales"] * 4}
    >>> found = fg.loss_reasons(
    ...     lost, recorded_by="by", owners={"price": "Company", "late answer": "Sales", "visa": "Outside"}
    ... )
    >>> found.owners.row(owner="Sales").by_itself, found.recorded_by_others
    (2, 0.5)
    """
    source = _source(table)
    columns = {reason: "labels"}
    if lost_at:
        columns[lost_at] = "times"
    if recorded_by:
        columns[recorded_by] = "labels"
    options = {
        "reason": reason,
        "lost_at": lost_at,
        "recorded_by": recorded_by,
        "owners": None if owners is None else dict(owners),
        "recorders": None if recorders is None else dict(recorders),
    }
    found = _core.loss_reasons(source.rows, source.columns(columns), options)
    return LossReasons(
        found["losses"],
        Table._of(found["owners"], "Losses by owner"),
        Table._of(found["reasons"], "Losses by reason"),
        found["recorded_by_others"],
    )

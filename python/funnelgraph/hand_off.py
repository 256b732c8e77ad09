"""Hand-offs as they were recorded: who let which one down.

:func:`hand_off_record` judges each hand-off by one rule and shows every other way of counting beside it. See
``docs/kpi.md``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from . import _core
from .table import Row, Table

if TYPE_CHECKING:
    from ._arguments import DateLike, DurationLike, TableLike
    from ._core import HandOffRecord as CoreRecord

__all__ = ["HandOffRecord", "hand_off_record"]


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
        from .frames import time_of

        return time_of(self._core.until)

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

    Returns
    -------
    HandOffRecord

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
    from .frames import Source, until_tick

    source = Source(log)
    columns: dict[str, str] = {}

    def column(name: str | None, kind: str) -> str:
        if name:
            columns[name] = kind
        return name or ""

    options: dict[str, Any] = {
        "delivered": delivered,
        "reason": column(source.given_or_own(reason, "reason"), "labels"),
        "meets": column(source.given_or_own(meets, "meets"), "labels"),
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
        "until": until_tick(until),
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
            options[step] = column(source.given_or_own(name, step), "times")
        read = source.columns(columns)
    return HandOffRecord(_core.hand_off_record(source.rows, read, options))


def _events_in(column: tuple[Any, ...]) -> set[str]:
    return set(column[2]) if column[0] == "categories" else set()

"""Reasons of loss: whose they are, and who wrote them down.

See ``docs/kpi.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from . import _core
from .table import Table

if TYPE_CHECKING:
    from ._arguments import TableLike

__all__ = ["LossReasons", "loss_reasons"]


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

    Returns
    -------
    LossReasons

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
    from .frames import Source

    source = Source(table)
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

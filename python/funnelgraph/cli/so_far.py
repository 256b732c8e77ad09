"""What the journeys of a table have come to so far, beside what they will come to at its rates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..fit import Statistics


class SoFar(NamedTuple):
    """Journeys that began, those still open, and what was counted; `revenue` is NaN without amounts."""

    journeys: int
    open: int
    wins: int
    revenue: float
    open_as: str


def so_far(statistics: Statistics, won: Sequence[str], open_as: str) -> SoFar:
    """Return what is counted in statistics.

    Parameters
    ----------
    statistics : Statistics
    won : sequence of str
        Stages whose visits are wins.
    open_as : {"exclude", "lost"}
        What :meth:`Statistics.to_funnel` is told of open journeys.

    Returns
    -------
    SoFar
    """
    amounts = [
        row["sum"]
        for row in statistics.measures
        if row["measure"] == "amount" and row["stage"] in won and row["number"]
    ]
    return SoFar(
        journeys=statistics.journeys,
        open=int(sum(statistics.stages["open"].tolist())),
        wins=sum(statistics.entered(stage) for stage in won),
        revenue=math.fsum(amounts) if amounts else math.nan,
        open_as=open_as,
    )

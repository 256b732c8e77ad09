"""Whose numbers a metric rests on: who answers for it should control it."""

from __future__ import annotations

from typing import Any, SupportsFloat

from . import _core
from ._core import Metric
from .language import check_language
from .model import Funnel, core_of
from .table import Table

__all__ = ["ControlShare", "control_share", "control_shares"]


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
    """Return every owner's control share, the largest first.

    Parameters
    ----------
    funnel, metric, discount_rate, language
        As for :func:`control_share`.

    Returns
    -------
    Table
        Columns: owner, share, weight, enough, warning (None where there is none).

    Raises
    ------
    UnknownNameError
        A stage or outcome of the metric that is not there; with the nearest one.
    InvalidFunnelError
    """
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

    Returns
    -------
    ControlShare

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

"""Ways through a funnel: what every win passes, and the most probable paths."""

from __future__ import annotations

from collections.abc import Sequence

from . import _core
from .enums import OutcomeKind
from .model import Funnel, core_of
from .table import Table

__all__ = ["most_probable_paths", "must_pass"]


def must_pass(funnel: Funnel, kind: OutcomeKind | str = OutcomeKind.WON) -> list[str]:
    """Return the stages that every journey to an outcome of this kind passes, in their order.

    Empty where no such outcome can be reached, or nothing is passed by all.

    Parameters
    ----------
    funnel : Funnel
    kind : OutcomeKind or str
        "won", "lost", "screened" or "silent".

    Returns
    -------
    list of str

    Raises
    ------
    UnknownNameError
        There is no such kind; with the nearest.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.must_pass(fg.reference.demand_waterfall())
    ['SAL', 'SQL']
    """
    return _core.must_pass(core_of(funnel), kind)


def most_probable_paths(
    funnel: Funnel, *, count: int = 10, outcome: str | None = None, start: str | None = None
) -> Table:
    """Return the most probable paths that visit no stage twice, the most probable first.

    Yen's algorithm (1971, Management Science 17(11):712-716).

    Parameters
    ----------
    funnel : Funnel
    count : int
        How many at most, from 1 to 1000.
    outcome : str, optional
        Where they end; any won outcome unless given.
    start : str, optional
        The stage they start from; the entries by their volume unless given.

    Returns
    -------
    Table
        Columns: path (stages and outcome, joined by arrows), outcome, steps, probability, mean_time (days).

    Raises
    ------
    InvalidFunnelError, UnknownNameError, InvalidValueError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("customer", kind="won")
    >>> shop.add_transition("enquiry", "customer", rate=0.25, lag=2)
    >>> shop.add_entry("enquiry", volume=1)
    >>> print(fg.most_probable_paths(shop))
    path                outcome   steps  probability  mean_time
    ──────────────────  ────────  ─────  ───────────  ─────────
    enquiry → customer  customer      1       0.2500          2
    """
    paths: Sequence[tuple[list[str], str, float, float]] = _core.most_probable_paths(
        core_of(funnel), count, outcome, start
    )
    return Table(
        {
            "path": [" → ".join([*stages, end]) for stages, end, _, _ in paths],
            "outcome": [end for _, end, _, _ in paths],
            "steps": [len(stages) for stages, _, _, _ in paths],
            "probability": [float(probability) for _, _, probability, _ in paths],
            "mean_time": [float(days) for _, _, _, days in paths],
        }
    )

"""Funnels under a scenario, and the scenario between two funnels; the base stays as it is."""

from __future__ import annotations

from typing import NamedTuple

from . import _core
from ._arguments import DurationLike
from ._core import Parameter
from .model import Funnel, core_of
from .scenario import Scenario, core_of_scenario

__all__ = ["Applied", "Clipped", "apply", "apply_with_notes", "diff"]


class Clipped(NamedTuple):
    """A change that got less than it asked for: who asked, for which number, how much, and what it got."""

    scenario: str
    parameter: Parameter
    wanted: float
    given: float
    message: str

    def __str__(self) -> str:
        return self.message


class Applied(NamedTuple):
    """A funnel under a scenario, and the notes on changes that were clipped."""

    funnel: Funnel
    notes: tuple[Clipped, ...]


def apply(
    funnel: Funnel, scenario: Scenario, *, at: DurationLike | None = None, clip: bool = False
) -> Funnel:
    """Return the funnel under a scenario; the base is never changed.

    Parameters
    ----------
    funnel : Funnel
    scenario : Scenario
    at : days, or duration, optional
        Only the changes in force on that day; all of them unless given.
    clip : bool
        Let every change that meets a bound take what is possible; :func:`apply_with_notes` tells which did.

    Returns
    -------
    Funnel
        Numbers that changed are assumed unless the change says otherwise.

    Raises
    ------
    ImpossibleChangeError
        The donors of a rate cannot give so much; `largest` says what the change could be.
    ConflictError
        Changes of one row exclude each other; with the names of both scenarios.
    UnknownNameError, InvalidValueError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Sandal shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("order", kind="won")
    >>> shop.add_outcome("competitor", kind="lost")
    >>> shop.add_transition("enquiry", "order", rate=0.4)
    >>> shop.add_transition("enquiry", "competitor", rate=0.3)
    >>> more = fg.apply(shop, fg.Scenario("Call at once").scale(fg.rate("enquiry", "order"), 1.5))
    >>> round(more.get(fg.rate("enquiry", "competitor")), 12)
    0.2
    >>> try:
    ...     fg.apply(shop, fg.Scenario("Dream").set(fg.rate("enquiry", "order"), 1.2))
    ... except fg.ImpossibleChangeError as error:
    ...     print(error.largest)
    1.0
    """
    return apply_with_notes(funnel, scenario, at=at, clip=clip).funnel


def apply_with_notes(
    funnel: Funnel, scenario: Scenario, *, at: DurationLike | None = None, clip: bool = False
) -> Applied:
    """Return the funnel under a scenario, and a note for each change that was clipped; see :func:`apply`.

    Parameters
    ----------
    funnel, scenario, at, clip
        As for :func:`apply`.

    Returns
    -------
    Applied

    Raises
    ------
    ImpossibleChangeError, ConflictError, UnknownNameError, InvalidValueError
        As :func:`apply`.
    """
    core, notes = _core.apply(core_of(funnel), core_of_scenario(scenario), at, clip)
    return Applied(Funnel._of(core), tuple(Clipped(*note) for note in notes))


def diff(before: Funnel, after: Funnel, *, name: str = "difference") -> Scenario:
    """Return the scenario that turns one funnel into another, exactly.

    Parts that differ in numbers only give a `set` for each; others are replaced, added or taken away.

    Parameters
    ----------
    before, after : Funnel
    name : str
        Of the scenario.

    Returns
    -------
    Scenario
        ``before.apply(scenario) == after``.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> plan, actual = fg.reference.online_shop(), fg.reference.demand_waterfall()
    >>> plan.apply(fg.diff(plan, actual)) == actual
    True
    """
    return Scenario._of(_core.diff(core_of(before), core_of(after), name))

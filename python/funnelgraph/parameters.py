"""Parameters: the one address of a number in a funnel.

Each function returns a :class:`Parameter`, which `Funnel.get` and `Funnel.set` take, and with them everything
that varies, draws or differentiates by numbers. Times are in days, money in the funnel's currency, volumes
and capacities per period.
"""

from __future__ import annotations

from ._core import Parameter, parameter

__all__ = [
    "Parameter",
    "capacity",
    "commission",
    "cost",
    "discount_rate",
    "drop_off",
    "elasticity",
    "entry_cost",
    "fixed_cost",
    "lag",
    "lag_sd",
    "lever",
    "rate",
    "service_level",
    "transition_cost",
    "transition_value",
    "value",
    "volume",
]


def rate(source: str, target: str) -> Parameter:
    """Return the address of a transition's base rate: probability per visit of `source`, in [0, 1].

    Parameters
    ----------
    source : str
        A stage.
    target : str
        A stage or an outcome.

    Returns
    -------
    Parameter

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.rate("enquiry", "order")
    rate('enquiry', 'order')
    """
    return parameter("rate", source, target)


def drop_off(stage: str) -> Parameter:
    """Return the address of a stage's drop-off, in [0, 1]."""
    return parameter("drop_off", stage)


def lag(source: str, target: str) -> Parameter:
    """Return the address of a transition's mean lag, in days; set, it keeps the coefficient of variation."""
    return parameter("lag", source, target)


def lag_sd(source: str, target: str) -> Parameter:
    """Return the address of the standard deviation of a transition's lag, in days, >= 0."""
    return parameter("lag_sd", source, target)


def cost(stage: str) -> Parameter:
    """Return the address of a stage's cost per visit, >= 0."""
    return parameter("cost", stage)


def value(stage_or_outcome: str) -> Parameter:
    """Return the address of the revenue per visit of a stage, or per journey of an outcome."""
    return parameter("value", stage_or_outcome)


def commission(stage_or_outcome: str) -> Parameter:
    """Return the address of a cost as a share of the value, in [0, 1]."""
    return parameter("commission", stage_or_outcome)


def transition_cost(source: str, target: str) -> Parameter:
    """Return the address of a transition's cost per passage, >= 0."""
    return parameter("transition_cost", source, target)


def transition_value(source: str, target: str) -> Parameter:
    """Return the address of a transition's revenue per passage."""
    return parameter("transition_value", source, target)


def volume(stage: str, channel: str | None = None) -> Parameter:
    """Return the address of the entrants per period; without a channel, the group of all channels.

    Parameters
    ----------
    stage : str
    channel : str, optional

    Returns
    -------
    Parameter

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.volume("reached", channel="facebook")
    volume('reached', channel='facebook')
    """
    return parameter("volume", stage, channel)


def entry_cost(stage: str, channel: str | None = None) -> Parameter:
    """Return the address of the cost per entrant, >= 0.

    Parameters
    ----------
    stage : str
    channel : str, optional
        The group of all channels unless given.

    Returns
    -------
    Parameter
    """
    return parameter("entry_cost", stage, channel)


def capacity(stage: str) -> Parameter:
    """Return the address of a stage's capacity, visits per period."""
    return parameter("capacity", stage)


def service_level(source: str, target: str) -> Parameter:
    """Return the address of the days within which a transition should happen."""
    return parameter("service_level", source, target)


def lever(name: str) -> Parameter:
    """Return the address of a lever's value, > 0."""
    return parameter("lever", name)


def elasticity(lever: str, source: str, target: str) -> Parameter:
    """Return the address of the elasticity of a lever's influence on a transition.

    Parameters
    ----------
    lever : str
    source, target : str
        Of the transition.

    Returns
    -------
    Parameter
    """
    return parameter("elasticity", lever, source, target)


def fixed_cost(owner: str) -> Parameter:
    """Return the address of an owner's fixed cost per period, >= 0."""
    return parameter("fixed_cost", owner)


def discount_rate() -> Parameter:
    """Return the address of the funnel's discount rate, effective per 365 days, > -1."""
    return parameter("discount_rate")

"""Distributions of uncertain numbers, for Monte Carlo and Sobol indices.

Each function checks its parameters and returns a :class:`Distribution`; all raise
:class:`InvalidValueError` with what is allowed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, SupportsFloat

from . import _core
from ._core import Distribution, Parameter
from .errors import InvalidValueError
from .model import Funnel, core_of

__all__ = [
    "Beta",
    "Constant",
    "Dirichlet",
    "Distribution",
    "Empirical",
    "Gamma",
    "Lognormal",
    "Normal",
    "Pert",
    "Triangular",
    "Uniform",
    "uncertain",
]


def Constant(value: SupportsFloat) -> Distribution:  # noqa: N802
    """Return the distribution that is always `value`.

    Parameters
    ----------
    value : float
        Finite.
    """
    return _core.distribution("constant", [value])


def Uniform(low: SupportsFloat, high: SupportsFloat) -> Distribution:  # noqa: N802
    """Return the uniform distribution between two numbers.

    Parameters
    ----------
    low, high : float
        Finite, low <= high.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.Uniform(100, 300).mean
    200.0
    """
    return _core.distribution("uniform", [low, high])


def Triangular(low: SupportsFloat, mode: SupportsFloat, high: SupportsFloat) -> Distribution:  # noqa: N802
    """Return the triangular distribution with its peak at `mode`.

    Parameters
    ----------
    low, mode, high : float
        Finite, low <= mode <= high.
    """
    return _core.distribution("triangular", [low, mode, high])


def Pert(low: SupportsFloat, mode: SupportsFloat, high: SupportsFloat) -> Distribution:  # noqa: N802
    """Return the PERT distribution: a beta on [low, high] with the mean (low + 4 mode + high) / 6.

    Parameters
    ----------
    low, mode, high : float
        Finite, low <= mode <= high.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.Pert(2, 3, 10).mean
    4.0
    """
    return _core.distribution("pert", [low, mode, high])


def Beta(  # noqa: N802
    a: SupportsFloat | None = None,
    b: SupportsFloat | None = None,
    *,
    between: tuple[SupportsFloat, SupportsFloat] | None = None,
    level: SupportsFloat = 0.9,
) -> Distribution:
    """Return a beta distribution, for rates and other shares.

    Parameters
    ----------
    a, b : float
        Shapes > 0: as after `a - 1` successes and `b - 1` failures of what could have been any rate.
    between : (low, high), optional
        In place of the shapes: what holds `level` of it, half of the rest on each side.
    level : float
        In (0, 1).

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.Beta(35, 65).mean
    0.35
    >>> rate = fg.Beta(between=(0.2, 0.4))
    >>> round(rate.cdf(0.2), 6), round(rate.exceedance(0.4), 6)
    (0.05, 0.05)
    """
    if _is_between("Beta", "a, b", between, a, b):
        return _core.distribution_between("beta", *_pair(between, "Beta(between=)"), level)
    return _core.distribution("beta", [a, b])


def Gamma(  # noqa: N802
    mean: SupportsFloat | None = None,
    sd: SupportsFloat | None = None,
    *,
    shape: SupportsFloat | None = None,
    scale: SupportsFloat | None = None,
) -> Distribution:
    """Return a gamma distribution, for positive numbers, by its mean and sd or by shape and scale, all > 0.

    Parameters
    ----------
    mean, sd : float
        Of the number itself, > 0.
    shape, scale : float, optional
        In place of them, > 0.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.Gamma(mean=2, sd=1).quantile(0.5) < 2
    True
    """
    if _is_between(
        "Gamma", "mean, sd", None if shape is None and scale is None else (shape, scale), mean, sd
    ):
        return _core.distribution("gamma", [_given(shape, "shape"), _given(scale, "scale")])
    return _core.distribution_of_moments("gamma", mean, sd)


def Lognormal(  # noqa: N802
    mean: SupportsFloat | None = None,
    sd: SupportsFloat | None = None,
    *,
    between: tuple[SupportsFloat, SupportsFloat] | None = None,
    level: SupportsFloat = 0.9,
    log_mean: SupportsFloat | None = None,
    log_sd: SupportsFloat | None = None,
) -> Distribution:
    """Return a lognormal distribution, for positive numbers.

    Parameters
    ----------
    mean, sd : float
        Of the number itself, > 0.
    between : (low, high), optional
        In place of them: what holds `level` of it, half of the rest on each side. From 0 on it is an
        exponential distribution, which has `level` below `high`.
    level : float
        In (0, 1).
    log_mean, log_sd : float, optional
        In place of them: mean and sd of the logarithm.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> round(fg.Lognormal(between=(100, 400)).quantile(0.5), 9)
    200.0
    """
    if log_mean is not None or log_sd is not None:
        _is_between("Lognormal", "mean, sd", between, mean, sd, log_mean, log_sd)
        return _core.distribution("lognormal", [_given(log_mean, "log_mean"), _given(log_sd, "log_sd")])
    if _is_between("Lognormal", "mean, sd", between, mean, sd):
        return _core.distribution_between("lognormal", *_pair(between, "Lognormal(between=)"), level)
    return _core.distribution_of_moments("lognormal", mean, sd)


def Normal(  # noqa: N802
    mean: SupportsFloat | None = None,
    sd: SupportsFloat | None = None,
    *,
    low: SupportsFloat = -math.inf,
    high: SupportsFloat = math.inf,
    between: tuple[SupportsFloat, SupportsFloat] | None = None,
    level: SupportsFloat = 0.9,
) -> Distribution:
    """Return a normal distribution, cut to [low, high] where these are given.

    Parameters
    ----------
    mean, sd : float
        Before it is cut; sd > 0.
    low, high : float
        Where it is cut.
    between : (low, high), optional
        In place of mean and sd: what holds `level` of it, half of the rest on each side.
    level : float
        In (0, 1).

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.Normal(0.3, 0.1, low=0, high=1)
    Normal(0.3, 0.1, low=0, high=1)
    """
    if _is_between("Normal", "mean, sd", between, mean, sd):
        if low != -math.inf or high != math.inf:
            raise TypeError("Normal() takes mean and sd with low= and high=, not between=")
        return _core.distribution_between("normal", *_pair(between, "Normal(between=)"), level)
    return _core.distribution("normal", [mean, sd, low, high])


def Empirical(  # noqa: N802
    values: Iterable[SupportsFloat] | None = None,
    *,
    quantiles: Mapping[SupportsFloat, SupportsFloat] | None = None,
) -> Distribution:
    """Return the distribution of values that were seen, or one given by quantiles.

    Parameters
    ----------
    values : sequence or array of float
        Each is drawn as often.
    quantiles : mapping of probability to value
        From probability 0 to 1; linear between them.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.Empirical([120, 150, 150, 400]).mean
    205.0
    >>> fg.Empirical(quantiles={0: 100, 0.5: 150, 1: 400}).quantile(0.75)
    275.0
    """
    if (values is None) == (quantiles is None):
        raise TypeError("Empirical() takes values, or quantiles={probability: value}")
    if quantiles is not None:
        flat = [number for pair in sorted(quantiles.items(), key=lambda p: float(p[0])) for number in pair]
        return _core.distribution("quantiles", flat)
    return _core.distribution_of_values(values)


class Dirichlet:
    """The shares of the exits of one stage, drawn together.

    The exits that are named divide what they have in the funnel (all, where every exit is named); the others
    keep theirs. The weight of an exit is like the number of journeys that were seen to take it.

    Parameters
    ----------
    weights : mapping of target to weight
        Targets of the stage, ``"drop_off"`` for the drop-off; at least two, each > 0.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.Dirichlet({"order": 35, "competitor": 20, "drop_off": 45})
    Dirichlet({'order': 35.0, 'competitor': 20.0, 'drop_off': 45.0})
    """

    __slots__ = ("_weights",)

    _weights: dict[str, float]

    def __init__(self, weights: Mapping[str, SupportsFloat]) -> None:
        if not isinstance(weights, Mapping):
            raise TypeError(
                f"Dirichlet() takes a mapping of targets to weights, not {type(weights).__name__}"
            )
        checked = {}
        for target, weight in weights.items():
            number = float(weight)
            if not (number > 0 and math.isfinite(number)):
                raise InvalidValueError(f"Dirichlet, weight of {target}", str(number), "a finite number > 0")
            checked[_core.normalise_name(target)] = number
        if len(checked) < 2:
            raise InvalidValueError("Dirichlet", f"{len(checked)} exits", "at least 2")
        self._weights = checked

    @property
    def weights(self) -> dict[str, float]:
        """Weights by target."""
        return dict(self._weights)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dirichlet) and self._weights == other._weights

    def __hash__(self) -> int:
        return hash(frozenset(self._weights.items()))

    def __repr__(self) -> str:
        return f"Dirichlet({self._weights!r})"


def uncertain(funnel: Funnel) -> dict[Parameter | str, Distribution | Dirichlet | tuple[Distribution, str]]:
    """Return the distribution of everything in a funnel that has an interval or counts.

    What :func:`monte_carlo` and :func:`sobol` draw when they are given ``"uncertain"``; a plain dictionary,
    to be looked at and changed. Shares that were measured with n are Beta(x n + 1/2, (1 - x) n + 1/2); rows
    that a fit counted are Dirichlet distributions under the stage's name; a mean lag that was measured with n
    is a gamma; an interval is a beta (shares), a lognormal (numbers >= 0) or a normal (others) that holds its
    level between its ends. Where a row has nothing left to take from, its largest uncertain rate gives to the
    others instead of being drawn: these are pairs of a distribution and what it takes from.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry", cost=fg.between(2, 4))
    >>> shop.add_outcome("customer", kind="won", value=100)
    >>> shop.add_transition("enquiry", "customer", rate=fg.measured(0.25, n=400))
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> fg.uncertain(shop)[fg.rate("enquiry", "customer")]
    Beta(100.5, 300.5)
    """
    numbers, rows = _core.uncertain(core_of(funnel))
    found: dict[Parameter | str, Distribution | Dirichlet | tuple[Distribution, str]] = {}
    for parameter, distribution, take_from in numbers:
        found[parameter] = distribution if take_from == "leak" else (distribution, take_from)
    found.update((stage, Dirichlet(weights)) for stage, weights in rows)
    return found


def _given(value: SupportsFloat | None, name: str) -> SupportsFloat:
    if value is None:
        raise TypeError(f"{name}= is missing")
    return value


def _is_between(name: str, usual: str, between: Any, *others: Any) -> bool:
    """Whether the other form was used; a TypeError where both or neither were."""
    given = [value is not None for value in others]
    if between is None and all(given[:2]) and not any(given[2:]):
        return False
    if between is not None and not any(given):
        return True
    if len(given) > 2 and between is None and not any(given[:2]):
        return False
    raise TypeError(f"{name}() takes either {usual}, or its keywords alone")


def _pair(between: Any, where: str) -> tuple[Any, Any]:
    try:
        low, high = between
    except (TypeError, ValueError):
        raise TypeError(f"{where} takes two numbers (low, high)") from None
    if isinstance(low, timedelta) and isinstance(high, timedelta):
        return _core.days(low), _core.days(high)
    return low, high

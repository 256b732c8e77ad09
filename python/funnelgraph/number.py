"""Numbers that know where they come from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple, NoReturn, Self, SupportsFloat

from .enums import SourceKind


class Interval(NamedTuple):
    """A range around a number; `level` is the probability that it holds (0.90 of :func:`between`)."""

    low: float
    high: float
    level: float = 0.95


class Number(float):
    """A float that knows where it comes from.

    Made by :func:`measured`, :func:`agreed`, :func:`estimated`, :func:`placeholder` and :func:`between`. It
    computes as a float does, and the result is a plain float. Two Numbers are equal when value and source
    are; a Number equals a plain number of its value. Immutable.

    Attributes
    ----------
    source : SourceKind
        How it came to be; a bare number is `assumed`.
    n : float
        Observations behind a measured number, NaN otherwise.
    by : tuple of str
        Who agreed or estimated.
    interval : Interval or None
        The range that was given with it.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> rate = fg.measured(0.25, n=400)
    >>> rate.n, rate * 2
    (400.0, 0.5)
    >>> fg.between(0.1, 0.3)
    between(0.1, 0.3)
    """

    __slots__ = ("by", "interval", "n", "source")

    source: SourceKind
    n: float
    by: tuple[str, ...]
    interval: Interval | None

    def __new__(
        cls,
        value: SupportsFloat = 0.0,
        *,
        source: str = "assumed",
        n: float = math.nan,
        by: Iterable[str] = (),
        interval: Iterable[float] | None = None,
    ) -> Self:
        """Make it as the core has checked it; users call the functions of this module."""
        number = super().__new__(cls, value)
        put = object.__setattr__
        put(number, "source", SourceKind(source))
        put(number, "n", n)
        put(number, "by", tuple(by))
        put(number, "interval", None if interval is None else Interval(*interval))
        return number

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Number is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Number is immutable: cannot delete {name!r}")

    @property
    def value(self) -> float:
        """The plain float."""
        return float(self)

    def __float__(self) -> float:
        return float.__pos__(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Number):
            return float.__eq__(self, other)
        from . import _core

        same_value = float.__eq__(self, other) or (math.isnan(self) and math.isnan(other))
        return bool(same_value) and _core.same_source(self, other)

    def __ne__(self, other: object) -> bool:
        if not isinstance(other, Number):
            return float.__ne__(self, other)
        return not self == other

    def __hash__(self) -> int:
        return 0 if math.isnan(self) else float.__hash__(self)

    def __repr__(self) -> str:
        from . import _core

        if self.source is SourceKind.ASSUMED and self.interval is None:
            return float.__repr__(self)
        return _core.number_code(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (float(self), str(self.source), self.n, self.by, self.interval)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def _restore(
    value: float, source: str, n: float, by: tuple[str, ...], interval: tuple[float, float, float] | None
) -> Number:
    return Number(value, source=source, n=n, by=by, interval=interval)


def measured(
    value: SupportsFloat | timedelta,
    *,
    n: SupportsFloat,
    interval: tuple[float, float] | tuple[float, float, float] | None = None,
) -> Number:
    """Return a measured number with the count behind it.

    Parameters
    ----------
    value : float or duration
        A duration becomes days.
    n : float
        Observations behind it, >= 0.
    interval : (low, high) or (low, high, level), optional
        Its interval, 95 % unless `level` says otherwise.

    Raises
    ------
    InvalidValueError
        `n` is negative or not finite.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.measured(0.0356, n=200_000)
    measured(0.0356, n=200000)
    """
    from . import _core

    return _core.measured(value, n, interval)


def agreed(value: SupportsFloat | timedelta, *, by: str | Iterable[str]) -> Number:
    """Return a number that `by` agreed on.

    Parameters
    ----------
    value : float or duration
        A duration becomes days.
    by : str or iterable of str
        Who agreed; at least one.

    Raises
    ------
    InvalidValueError
        `by` is empty.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.agreed(0.98, by=["Sales", "Care"])
    agreed(0.98, by=['Sales', 'Care'])
    """
    from . import _core

    return _core.agreed(value, by)


def estimated(value: SupportsFloat | timedelta, *, by: str | Iterable[str]) -> Number:
    """Return a number that `by` estimated.

    Parameters
    ----------
    value : float or duration
        A duration becomes days.
    by : str or iterable of str
        Who estimated it; at least one.

    Raises
    ------
    InvalidValueError
        `by` is empty.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.estimated(0.35, by="Sales")
    estimated(0.35, by='Sales')
    """
    from . import _core

    return _core.estimated(value, by)


def placeholder(value: SupportsFloat | timedelta) -> Number:
    """Return a number that only holds a place: verdicts on it are refused.

    Parameters
    ----------
    value : float or duration
        A duration becomes days.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.placeholder(0.1).source
    <SourceKind.PLACEHOLDER: 'placeholder'>
    """
    from . import _core

    return _core.placeholder(value)


def between(low: SupportsFloat | timedelta, high: SupportsFloat | timedelta) -> Number:
    """Return a 90 % interval where a number can stand; its point is the middle.

    Parameters
    ----------
    low, high : float or duration
        Finite, low <= high.

    Raises
    ------
    InvalidValueError
        Unless low <= high and both are finite.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> fg.between(0.1, 0.3).value
    0.2
    """
    from . import _core

    return _core.between(low, high)

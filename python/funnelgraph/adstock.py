"""How long the effect of money goes on after it is spent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsFloat

from . import _core
from ._core import Adstock as CoreAdstock
from ._frozen import Frozen

__all__ = ["Adstock"]


class Adstock(Frozen):
    """How the effect of money spreads over the periods after it is spent. Immutable.

    Made by :meth:`geometric`, :meth:`delayed` or :meth:`weibull`. The weights of a period's money in its
    own and the following periods are divided by their sum unless ``normalised=False``. A field outside its
    range is an :class:`InvalidValueError` that names both. Sources: Broadbent (1979); Jin, Wang, Sun, Chan
    and Koehler (2017).

    Examples
    --------
    >>> import funnelgraph as fg
    >>> carried = fg.Adstock.geometric(0.5, lags=3)
    >>> [round(money, 2) for money in carried.transform([100, 0, 0, 0])]
    [57.14, 28.57, 14.29, 0.0]
    """

    __slots__ = ("_arguments", "_core")

    _arguments: tuple[str, dict[str, float], int, bool]
    _core: CoreAdstock

    def __init__(self, kind: str, fields: dict[str, float], lags: int, normalised: bool) -> None:
        arguments = (kind, fields, lags, normalised)
        self._put(_arguments=arguments, _core=_core.Adstock(*arguments))

    @classmethod
    def geometric(
        cls, retention: SupportsFloat, *, lags: int | None = None, normalised: bool = True
    ) -> Adstock:
        """Return weights ``retention ** l``.

        Parameters
        ----------
        retention : float
            Share that is left after a period, in [0, 1).
        lags : int, optional
            Weights in all, >= 1; without end unless given.
        normalised : bool
            Divide the weights by their sum.
        """
        return cls("geometric", {"retention": float(retention)}, lags or 0, normalised)

    @classmethod
    def delayed(
        cls, retention: SupportsFloat, *, peak: SupportsFloat, lags: int, normalised: bool = True
    ) -> Adstock:
        """Return weights ``retention ** (l - peak) ** 2``: the effect is greatest `peak` periods later.

        Parameters
        ----------
        retention : float
            In (0, 1).
        peak : float
            Periods after the money at which its effect is greatest, in [0, lags).
        lags : int
            Weights in all, >= 1.
        normalised : bool
            Divide the weights by their sum.
        """
        return cls("delayed", {"retention": float(retention), "peak": float(peak)}, lags, normalised)

    @classmethod
    def weibull(
        cls, *, shape: SupportsFloat, scale: SupportsFloat, lags: int, normalised: bool = True
    ) -> Adstock:
        """Return weights ``exp(-(l / scale) ** shape)``: the share of the effect alive after l periods.

        Parameters
        ----------
        shape, scale : float
            > 0; the scale in periods.
        lags : int
            Weights in all, >= 1.
        normalised : bool
            Divide the weights by their sum.
        """
        return cls("weibull", {"shape": float(shape), "scale": float(scale)}, lags, normalised)

    @property
    def steady_state(self) -> float:
        """What a unit of money in every period counts as, once it has gone on long enough."""
        return self._core.steady_state

    @property
    def mean_lag(self) -> float:
        """Mean number of periods that the effect comes after the money."""
        return self._core.mean_lag()

    @property
    def weights(self) -> list[float]:
        """The weights, the own period first."""
        return self._core.weights()

    def transform(self, spend: Sequence[SupportsFloat]) -> list[float]:
        """Return money by period as it counts in each, nothing having been spent before.

        Parameters
        ----------
        spend : sequence of float, (periods,)
            Money, >= 0.

        Returns
        -------
        list of float, (periods,)

        Raises
        ------
        InvalidValueError
            Money below 0, infinite or NaN, with its period.
        """
        return self._core.transform(spend)

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Adstock) else NotImplemented

    def __hash__(self) -> int:
        kind, fields, lags, normalised = self._arguments
        return hash((kind, *fields.items(), lags, normalised))

    def __reduce__(self) -> tuple[Any, ...]:
        return Adstock, self._arguments

    def __repr__(self) -> str:
        kind, fields, lags, normalised = self._arguments
        names = [f"{name}={value!r}" for name, value in fields.items()]
        if kind != "weibull":
            names[0] = repr(fields["retention"])
        names += [f"lags={lags}"] * (lags > 0) + ["normalised=False"] * (not normalised)
        return f"Adstock.{kind}({', '.join(names)})"

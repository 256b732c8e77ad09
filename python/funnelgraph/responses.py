"""Response curves: what money brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self, SupportsFloat

from . import _core
from ._core import Response as CoreResponse
from ._frozen import Frozen
from .adstock import Adstock

__all__ = [
    "Adbudg",
    "Hill",
    "LinearResponse",
    "LogResponse",
    "PowerResponse",
    "Response",
]


class Response(Frozen):
    """An increasing curve of the money that is spent in every period. Immutable.

    What a volume, a lever or a capacity becomes when that much is spent on it. With an adstock the curve is
    read at what steady money counts as; :meth:`over` follows money that changes. Made as :class:`Hill`,
    :class:`Adbudg`, :class:`LogResponse`, :class:`PowerResponse` or :class:`LinearResponse`; a field outside
    its range is an :class:`InvalidValueError` that names both.
    """

    __slots__ = ("_adstock", "_core")

    _adstock: Adstock | None
    _core: CoreResponse

    def _made(self, kind: str, adstock: Adstock | None, **fields: SupportsFloat) -> None:
        if adstock is not None and not isinstance(adstock, Adstock):
            raise TypeError(
                f"adstock= takes an Adstock, as fg.Adstock.geometric(0.5), not {type(adstock).__name__}"
            )
        core = _core.Response(kind, dict(fields), None if adstock is None else adstock._core)
        self._put(_core=core, _adstock=adstock)

    @classmethod
    def _of(cls, core: CoreResponse, adstock: Adstock | None) -> Self:
        response = cls.__new__(cls)
        response._put(_core=core, _adstock=adstock)
        return response

    @property
    def adstock(self) -> Adstock | None:
        """Its carry-over, or None."""
        return self._adstock

    @property
    def minimum(self) -> float:
        """The response without money."""
        return self._core.minimum

    @property
    def maximum(self) -> float:
        """The response to money without end; infinite where the curve never saturates."""
        return self._core.maximum

    @property
    def half_saturation(self) -> float:
        """Money that brings half of what can be had; NaN without a maximum."""
        return self._core.half_saturation()

    @property
    def inflection(self) -> float:
        """Money up to which every unit brings more than the one before; 0 for a concave curve."""
        return self._core.inflection()

    @property
    def concave(self) -> bool:
        """Whether every unit of money brings no more than the one before."""
        return self.inflection == 0

    def value(self, spend: Any) -> Any:
        """Return the response to an amount of money, or to each of an array of amounts.

        Parameters
        ----------
        spend : float or array_like
            Money per period, >= 0.

        Returns
        -------
        float or numpy.ndarray of the shape of `spend`

        Raises
        ------
        InvalidValueError
            Money below 0, infinite or NaN.
        """
        return self._core.value(spend)

    __call__ = value

    def derivative(self, spend: Any) -> Any:
        """Return what a further unit of money brings, as :meth:`value`; infinite at 0 where it is steep."""
        return self._core.derivative(spend)

    def elasticity(self, spend: Any) -> Any:
        """Return the per cent that one per cent of money brings, as :meth:`value`."""
        return self._core.elasticity(spend)

    def inverse(self, value: Any) -> Any:
        """Return the money that brings `value`.

        Parameters
        ----------
        value : float or array_like
            Within [minimum, maximum).

        Returns
        -------
        float or numpy.ndarray of the shape of `value`

        Raises
        ------
        InvalidValueError
            A value outside that range.
        """
        return self._core.inverse(value)

    def through(self, spend: SupportsFloat, value: SupportsFloat) -> Self:
        """Return the same shape, its effect above the minimum scaled to pass through what is known.

        Parameters
        ----------
        spend : float
            Money per period, > 0.
        value : float
            What it is known to bring, above the minimum.

        Returns
        -------
        Response
            Of the same kind, with the same adstock.

        Raises
        ------
        InvalidValueError
            Naming field and range.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> reach = fg.Hill(half_saturation=20e6, slope=1.5).through(30e6, 200_000)
        >>> reach.value(30e6)
        200000.0
        """
        return type(self)._of(self._core.through(spend, value), self._adstock)

    def over(self, spend: Sequence[SupportsFloat]) -> list[float]:
        """Return responses by period for money that changes, nothing having been spent before.

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
            Money below 0, infinite or NaN.
        """
        return self._core.over(spend)

    def __eq__(self, other: object) -> bool:
        return self._core == other._core if isinstance(other, Response) else NotImplemented

    def __hash__(self) -> int:
        kind, fields = self._core.fields()
        return hash((kind, *fields.items(), self._adstock))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), *self._core.fields(), self._adstock)

    def __repr__(self) -> str:
        names = [f"{name}={value!r}" for name, value in self._core.fields()[1].items()]
        if self._adstock is not None:
            names.append(f"adstock={self._adstock!r}")
        return f"{type(self).__name__}({', '.join(names)})"


def _restored(cls: type[Response], kind: str, fields: dict[str, float], adstock: Adstock | None) -> Response:
    return cls._of(_core.Response(kind, fields, None if adstock is None else adstock._core), adstock)


class Hill(Response):
    """minimum + (maximum - minimum) x^slope / (half_saturation^slope + x^slope).

    S-shaped where slope > 1, concave where slope <= 1.

    Parameters
    ----------
    half_saturation : float
        Money that brings half of what can be had, > 0.
    slope : float
        > 0.
    minimum, maximum : float
        Without money, and with money without end.
    adstock : Adstock, optional

    Examples
    --------
    >>> import funnelgraph as fg
    >>> curve = fg.Hill(half_saturation=50, slope=2)
    >>> [round(curve.value(x), 6) for x in (25, 50, 100)]
    [0.2, 0.5, 0.8]
    """

    __slots__ = ()

    def __init__(
        self,
        half_saturation: SupportsFloat,
        slope: SupportsFloat = 1.0,
        *,
        minimum: SupportsFloat = 0.0,
        maximum: SupportsFloat = 1.0,
        adstock: Adstock | None = None,
    ) -> None:
        self._made(
            "hill",
            adstock,
            half_saturation=half_saturation,
            slope=slope,
            minimum=minimum,
            maximum=maximum,
        )


class Adbudg(Response):
    """minimum + (maximum - minimum) x^gamma / (delta + x^gamma), x in multiples of `reference`.

    Little (1970), "Models and managers: the concept of a decision calculus". :meth:`from_judgement` finds
    gamma and delta from what people who know the market say.

    Parameters
    ----------
    minimum, maximum : float
        Without money, and with money without end.
    gamma, delta : float
        > 0.
    reference : float
        Money, > 0.
    adstock : Adstock, optional
    """

    __slots__ = ()

    def __init__(
        self,
        minimum: SupportsFloat = 0.0,
        maximum: SupportsFloat = 1.0,
        *,
        gamma: SupportsFloat,
        delta: SupportsFloat,
        reference: SupportsFloat = 1.0,
        adstock: Adstock | None = None,
    ) -> None:
        self._made(
            "adbudg",
            adstock,
            minimum=minimum,
            maximum=maximum,
            gamma=gamma,
            delta=delta,
            reference=reference,
        )

    @classmethod
    def from_judgement(
        cls,
        *,
        minimum: SupportsFloat,
        maximum: SupportsFloat,
        at_1: SupportsFloat,
        at_1_5: SupportsFloat,
        reference: SupportsFloat = 1.0,
    ) -> Adbudg:
        """Return the curve through the responses to today's money and to one and a half times that.

        Parameters
        ----------
        minimum, maximum : float
            Without money, and with money without end.
        at_1, at_1_5 : float
            At `reference` and at 1.5 times `reference`; minimum < at_1 < at_1_5 < maximum.
        reference : float
            Today's money.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> share = fg.Adbudg.from_judgement(minimum=0.05, maximum=0.4, at_1=0.2, at_1_5=0.28)
        >>> round(share.value(2), 9)
        0.32599794
        """
        fields = {
            "minimum": minimum,
            "maximum": maximum,
            "at_1": at_1,
            "at_1_5": at_1_5,
            "reference": reference,
        }
        return cls._of(_core.Response.adbudg_from(fields), None)


class LogResponse(Response):
    """minimum + scale ln(1 + x / unit): concave, without a maximum.

    Parameters
    ----------
    scale : float
        > 0.
    unit : float
        Money, > 0.
    minimum : float
        Without money.
    adstock : Adstock, optional
    """

    __slots__ = ()

    def __init__(
        self,
        scale: SupportsFloat = 1.0,
        unit: SupportsFloat = 1.0,
        *,
        minimum: SupportsFloat = 0.0,
        adstock: Adstock | None = None,
    ) -> None:
        self._made("log", adstock, scale=scale, unit=unit, minimum=minimum)


class PowerResponse(Response):
    """minimum + scale (x / unit)^exponent: concave, without a maximum.

    Parameters
    ----------
    scale : float
        > 0.
    exponent : float
        In (0, 1].
    unit : float
        Money, > 0.
    minimum : float
        Without money.
    adstock : Adstock, optional
    """

    __slots__ = ()

    def __init__(
        self,
        scale: SupportsFloat = 1.0,
        exponent: SupportsFloat = 0.5,
        *,
        unit: SupportsFloat = 1.0,
        minimum: SupportsFloat = 0.0,
        adstock: Adstock | None = None,
    ) -> None:
        self._made("power", adstock, scale=scale, exponent=exponent, unit=unit, minimum=minimum)


class LinearResponse(Response):
    """minimum + slope x: a seller who costs 5,000,000 and makes 80 visits is ``slope=80 / 5e6``.

    Parameters
    ----------
    slope : float
        What a unit of money brings, > 0.
    minimum : float
        Without money.
    adstock : Adstock, optional
    """

    __slots__ = ()

    def __init__(
        self,
        slope: SupportsFloat = 1.0,
        *,
        minimum: SupportsFloat = 0.0,
        adstock: Adstock | None = None,
    ) -> None:
        self._made("linear", adstock, slope=slope, minimum=minimum)

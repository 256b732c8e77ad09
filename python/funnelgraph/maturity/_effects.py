"""What a move between two types of relationship may do to a funnel, and when it pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsFloat, TypeAlias

from .. import _core
from .._arguments import DurationLike, NumberLike
from ..language import check_language
from ..model import Funnel, core_of
from ..scenario import Scenario
from ..table import Table
from ._advice import next_type

if TYPE_CHECKING:
    from .._core import MaturityEffects as CoreEffects

#: A number, or its low and high end.
RangeLike: TypeAlias = SupportsFloat | tuple[SupportsFloat, SupportsFloat]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """What would have to be true for a move to pay, and only then what it would be worth.

    Attributes
    ----------
    text : str
        "Pays from 43 % of the assumed effects on.", or why nothing can be said.
    strength, strength_low, strength_high : float
        Smallest strength (1 = the effect table) at which the gain covers the middle, the low and the high
        cost; NaN where none up to 10 does.
    alone : Table
        effect, text ("pays if ... falls by 4 %"), change (as a share), needed (multiplier), multiplier
        (assumed), within (whether `needed` lies in the assumed range), begins (day), gain (money).
    actions : Table
        action, days_low, days_high (person-days), cost_low, cost_high, until_low, until_high (days until the
        funnel shows it).
    cost, until_effect : tuple of float
        Low and high: money over the horizon; days until the slowest action works.
    periods : float
        Periods of the funnel in the horizon.
    placeholders : int
        Numbers of the funnel that only hold a place: with any there is no verdict.
    profit_before, profit_after : float
        A period, without and with the effects at strength 1.
    gain, gain_low, gain_high : float
        Over the horizon, before the actions' cost; 90 % of the draws of the multipliers.
    paying : float
        Share of the draws in which the gain covers the cost.
    """

    text: str
    strength: float
    strength_low: float
    strength_high: float
    alone: Table
    actions: Table
    cost: tuple[float, float]
    until_effect: tuple[float, float]
    periods: float
    placeholders: int
    profit_before: float
    profit_after: float
    gain: float
    gain_low: float
    gain_high: float
    paying: float

    def __repr__(self) -> str:
        return "\n".join([self.text, *(f"- {line}" for line in self.alone["text"].tolist())])


class Effects(Scenario):
    """A move between two types of relationship as a scenario of assumptions. Made by :func:`effects`.

    It is a :class:`Scenario`: apply it, compare it, join it with others (the result of which is a plain
    one). Every factor carries its range, so that whoever draws numbers can draw it.
    """

    __slots__ = ("_language", "_made")

    _made: CoreEffects
    _language: str

    @classmethod
    def _of(cls, core: _core.Scenario) -> Scenario:  # type: ignore[override]
        return Scenario._of(core)

    def __reduce__(self) -> tuple[Any, ...]:
        return Scenario._of(self._core).__reduce__()

    @property
    def table(self) -> Table:
        """The rows used.

        Columns: effect, from, name, label ("assumption" unless its multiplier says where it comes from),
        multiplier, low, high, actions (by which it should come about), numbers (how many it changes).
        """
        return Table._of(self._made.table(self._language))

    @property
    def addressed(self) -> Table:
        """The numbers changed: effect, parameter, value (before), change, factor, low, high."""
        return Table._of(self._made.addressed())

    @property
    def left_out(self) -> Table:
        """What could not be changed, and why; nothing is skipped in silence.

        Columns: effect, code ("no_owner", "no_hand_off", "nothing_there", "unknown", "zero", "no_leak",
        "taken"), where (a parameter, or empty for the whole funnel), why.
        """
        return Table._of(self._made.left_out(self._language))

    def break_even(
        self,
        *,
        day_cost: SupportsFloat | None = None,
        cost: RangeLike | None = None,
        horizon: DurationLike = 365,
        period_days: DurationLike | None = None,
        until_effect: RangeLike | None = None,
        efforts: Mapping[str, tuple[RangeLike, RangeLike, RangeLike]] | None = None,
        draws: int = 500,
        seed: int = 1,
        independent: bool = False,
        discount_rate: SupportsFloat | None = None,
        capacity: str = "report",
    ) -> BreakEven:
        """Return how strong the effects must be to pay for the actions, and what they may be worth.

        Parameters
        ----------
        day_cost : number
            Money for a person's day; the actions' days come from :func:`efforts`.
        cost : number or (low, high)
            Money that the actions cost over the horizon, instead.
        horizon : days or duration
            From the day on which the actions begin.
        period_days : days or duration
            Of one period of the funnel; unless given, as its label says (day, week, month, quarter, year).
        until_effect : days or (low, high)
            Until the funnel shows it; unless given, each effect waits for the slowest of its actions.
        efforts : mapping of action to (once, yearly, until_effect)
            Own figures over those of :func:`efforts`; each a number or (low, high).
        draws, seed : int
            Of multipliers, for the range of the gain.
        independent : bool
            Draw each effect by itself; otherwise all turn out well or badly together.
        discount_rate, capacity
            As in :func:`analyze`.

        Returns
        -------
        BreakEven

        Raises
        ------
        InvalidValueError
            Neither `day_cost` nor `cost`, or a number outside its range.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Shop", period="month")
        >>> shop.add_owner("Marketing", role="marketing")
        >>> shop.add_owner("Sales", role="sales")
        >>> shop.add_stage("lead", owner="Marketing")
        >>> shop.add_stage("offer", owner="Sales", cost=50)
        >>> shop.add_outcome("won", kind="won", value=2_000)
        >>> shop.add_transition("lead", "offer", rate=0.4, lag=2)
        >>> shop.add_transition("offer", "won", rate=0.25, lag=10)
        >>> shop.add_entry("lead", volume=1_000, cost=10)
        >>> move = fg.maturity.effects("undefined", "defined", shop)
        >>> move.break_even(day_cost=300).text
        'Pays from 3.7 % of the assumed effects on.'
        """
        core = self._made.break_even(
            {
                "day_cost": day_cost,
                "cost": cost,
                "horizon": horizon,
                "period_days": period_days,
                "until_effect": until_effect,
                "efforts": None if efforts is None else dict(efforts),
                "draws": draws,
                "seed": seed,
                "independent": bool(independent),
                "discount_rate": discount_rate,
                "capacity": capacity,
            },
            self._language,
        )
        core["alone"] = Table._of(core["alone"])
        core["actions"] = Table._of(core["actions"])
        return BreakEven(**core)


def effects(
    now: str,
    target: str,
    funnel: Funnel,
    *,
    multipliers: Mapping[str, NumberLike] | None = None,
    actions: Iterable[str] = (),
    strength: SupportsFloat = 1,
    language: str = "en",
) -> Effects:
    """Return a move between two types of relationship as a scenario on a funnel.

    Shorter waits at hand-offs and in Sales' own steps, more of what Marketing hands over taken by Sales and
    moving on, cheaper selling and reaching: numbers found by the roles of their owners, each multiplied by an
    assumption whose 90 % range holds no effect at all. No study stands behind the figures; put own ones over
    them.

    Parameters
    ----------
    now, target : str
        "undefined", "defined", "aligned", "integrated"; one step, never two.
    funnel : Funnel
        Its owners need the roles "marketing" and "sales".
    multipliers : mapping of str to number
        Own multipliers by effect; an assumed range (:func:`between`) must hold 1, a measured, agreed or
        estimated one need not.
    actions : str
        Only effects of these actions (:func:`actions`); all unless given.
    strength : number
        Each multiplier is raised to this power; 0 is no effect.
    language : {"en", "vi"}

    Returns
    -------
    Effects

    Raises
    ------
    InvalidValueError
        Not one step; a multiplier that is not above 0, or an assumed one whose range does not hold 1.
    UnknownNameError
        A type, effect or action that is not there, with the nearest.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> move = fg.maturity.effects("aligned", "integrated", fg.reference.online_shop())
    >>> move.name, set(move.table["label"].tolist())
    ('aligned to integrated', {'assumption'})
    """
    check_language(language)
    names = [actions] if isinstance(actions, str) else [str(action) for action in actions]
    made = _core.maturity_effects(now, target, core_of(funnel), dict(multipliers or {}), names, strength)
    scenario = Effects.__new__(Effects)
    scenario._core = made.scenario()
    scenario._made = made
    scenario._language = language
    return scenario


def effect_table(now: str | None = None, target: str | None = None, *, language: str = "en") -> Table:
    """Return the assumptions about what a move does; parameters and errors as :func:`actions`.

    Columns: effect, from, name, label, multiplier, low, high (90 %), actions.
    """
    check_language(language)
    if now is not None and target is None:
        target = next_type(now)
    return Table._of(_core.maturity_effect_table(now or "", target or "", language))


def efforts() -> Table:
    """Return what each action asks of both sides together: assumptions to put own figures over.

    Columns: action, once_low, once_high (person-days to set it up), yearly_low, yearly_high (person-days a
    year), until_low, until_high (days until the funnel can show it), label.
    """
    return Table._of(_core.maturity_efforts())

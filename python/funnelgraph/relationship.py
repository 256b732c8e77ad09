"""What joins the maturity of a relationship to a funnel: effects and break-even, friction, evidence.

Used as ``fg.maturity.effects``, ``fg.maturity.friction`` and ``fg.maturity.evidence``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, SupportsFloat

from . import _core
from ._layout import number_text
from .errors import InvalidValueError
from .fit import Statistics
from .language import check_language
from .model import DurationLike, Funnel, NumberLike, OwnerLike, core_of
from .scenario import Scenario
from .table import Table

if TYPE_CHECKING:
    from ._core import MaturityEffects as CoreEffects
    from ._core import MaturityEvidence as CoreEvidence
    from .enums import Role
    from .maturity import Assessment

Replies = Mapping[str, bool | str | None]
#: A number, or its low and high end.
RangeLike = SupportsFloat | tuple[SupportsFloat, SupportsFloat]

_TYPES: Final = ("undefined", "defined", "aligned", "integrated")
_REPLIES: Final = {"yes": True, "có": True, "no": False, "không": False, "unknown": None, "chưa biết": None}


class HandOffs(Protocol):
    """A hand-off record."""

    @property
    def _core(self) -> Any: ...


def read_replies(replies: Replies | None, where: str) -> dict[str, bool | None]:
    """Return replies as True, False or None."""
    given: dict[str, bool | None] = {}
    for name, reply in (replies or {}).items():
        if isinstance(reply, str):
            if reply.lower() not in _REPLIES:
                raise InvalidValueError(f"{where}({name})", repr(reply), "yes, no or unknown")
            given[name] = _REPLIES[reply.lower()]
        else:
            given[name] = None if reply is None else bool(reply)
    return given


# ---- effects ---------------------------------------------------------------------------------------


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
    """Return the assumptions about what a move does, of all moves or of one.

    Columns: effect, from, name, label, multiplier, low, high (90 %), actions.
    """
    check_language(language)
    if now is not None and target is None:
        target = _TYPES[min(_TYPES.index(now) + 1, 3)] if now in _TYPES else "defined"
    return Table._of(_core.maturity_effect_table(now or "", target or "", language))


def efforts() -> Table:
    """Return what each action asks of both sides together: assumptions to put own figures over.

    Columns: action, once_low, once_high (person-days to set it up), yearly_low, yearly_high (person-days a
    year), until_low, until_high (days until the funnel can show it), label.
    """
    return Table._of(_core.maturity_efforts())


# ---- friction --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Friction:
    """What the two sides rub against each other about.

    Attributes
    ----------
    rows : Table
        indicator, topic, kind ("economic" or "cultural"), shows ("yes", "no", "unknown"), expected (of the
        kind that Marketing's role leads one to expect), statement, side and answer (the lowest mean answer),
        figure_of, figure, threshold, condition, by_answers, by_figure, by_condition, text.
    economic, cultural, unknown : int
        How many show; of how many nothing is known.
    text, frame : str
        Which kind prevails; what Marketing's role in the company leads one to expect.
    """

    rows: Table
    economic: int
    cultural: int
    unknown: int
    text: str
    frame: str

    def __repr__(self) -> str:
        shown = [row for row in self.rows if row.shows == "yes"]
        return "\n".join(
            [self.text, *([self.frame] if self.frame else []), *(f"- {row.text}" for row in shown)]
        )


def friction(
    assessment: Assessment | None = None,
    funnel: Funnel | None = None,
    *,
    figures: Mapping[str, SupportsFloat] | None = None,
    replies: Replies | None = None,
    marketing_role: str | None = None,
    low_answer: SupportsFloat = 0.375,
    language: str | None = None,
) -> Friction:
    """Name the friction between the sides: economic (price, promotion, product, budget) or cultural.

    Parameters
    ----------
    assessment : Assessment, optional
        A low mean answer of either side to one of an indicator's statements is a sign. What it withholds
        stays unknown.
    funnel : Funnel, optional
        Its figures (:func:`friction_figures`) are signs where they reach the indicator's threshold.
    figures : mapping of str to number
        Own figures, over those of the funnel; "price_losses" and "unanswered" are never in a funnel.
    replies : mapping of str to bool, None or str
        Conditions as in :meth:`Assessment.advice`.
    marketing_role : str, optional
        How large a part Marketing plays (:func:`marketing_roles`); frames the friction to expect.
    low_answer : number
        Place on the scale, 0 to 1, at or below which an answer is a sign: 2.5 of 1 to 5.
    language : {"en", "vi"}, optional
        The assessment's unless given.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> found = fg.maturity.friction(figures={"price_losses": 0.4}, replies={"compete_for_resources": True})
    >>> found.text
    'Signs of friction: 2 economic, 0 cultural; it is mostly about money.'
    """
    if language is None:
        language = assessment.instrument.language if assessment is not None else "en"
    core = _core.maturity_friction(
        None if assessment is None else assessment._core,
        None if funnel is None else core_of(funnel),
        dict(figures or {}),
        read_replies(replies, "friction"),
        marketing_role or "",
        float(low_answer),
        language,
    )
    core["rows"] = Table._of(core["rows"])
    return Friction(**core)


def friction_figures(funnel: Funnel) -> dict[str, float]:
    """Return what a funnel says of friction, NaN where it says nothing.

    commission: share of revenue. promotion: what Marketing pays for entrants, share of all cost. unfit: share
    of what Sales received that it screened out. budget: the larger side's part of what both spend. load:
    highest utilisation of a stage of Sales. horizon: days a journey waits with Marketing for each day with
    Sales. undefined: share of the stages next to hand-offs without definition or acceptance rule. unmeasured:
    how much smaller the measured share of the less measured side's numbers is. price_losses and unanswered
    are for the user to give.
    """
    return _core.maturity_friction_figures(core_of(funnel))


def money_uses(
    funnel: Funnel, amount: SupportsFloat, *, seller: SupportsFloat = float("nan"), language: str = "en"
) -> Table:
    """Return what one sum of money a period buys as a lower price, promotion, product work and sellers.

    Columns: use, name, buys (cut of prices as a share; entrants; sellers), brings (profit at today's rates:
    known of promotion; the sum itself for a price cut), wins_needed (more wins that pay for it), share_needed
    (of today's wins).

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("lead")
    >>> shop.add_outcome("won", kind="won", value=100)
    >>> shop.add_transition("lead", "won", rate=0.5)
    >>> shop.add_entry("lead", volume=200, cost=10)
    >>> uses = fg.maturity.money_uses(shop, 1_000)
    >>> float(uses.row(use="price").buys), float(uses.row(use="promotion").buys)
    (0.1, 100.0)
    """
    return Table._of(
        _core.maturity_money_uses(core_of(funnel), float(amount), float(seller), check_language(language))
    )


# ---- evidence --------------------------------------------------------------------------------------


class Evidence:
    """The type of relationship that the data shows. Made by :func:`evidence`. Frozen.

    Attributes
    ----------
    score, low, high : float
        Mean score of the known indicators, 20 to 100; its ends if all unknown ones were at their worst or
        best and the known ones at the ends of their intervals. NaN below three known indicators.
    band, band_low, band_high : str or None
    known : int
    unknown : tuple of str
        Indicators of which nothing is known.
    text : str
    """

    __slots__ = ("_core", "_language")

    _core: CoreEvidence
    _language: str

    def __init__(self, core: CoreEvidence, *, language: str = "en") -> None:
        object.__setattr__(self, "_core", core)
        object.__setattr__(self, "_language", language)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Evidence is frozen: cannot set {name!r}")

    @property
    def score(self) -> float:
        """Mean score of the known indicators."""
        return self._core.score

    @property
    def low(self) -> float:
        """The score if everything unknown were at its worst."""
        return self._core.low

    @property
    def high(self) -> float:
        """The score if everything unknown were at its best."""
        return self._core.high

    @property
    def band(self) -> str | None:
        """The type of the score."""
        return self._core.band

    @property
    def band_low(self) -> str | None:
        """The type of `low`."""
        return self._core.band_low

    @property
    def band_high(self) -> str | None:
        """The type of `high`."""
        return self._core.band_high

    @property
    def known(self) -> int:
        """How many indicators are known."""
        return self._core.known

    @property
    def unknown(self) -> tuple[str, ...]:
        """Indicators of which nothing is known."""
        return self._core.unknown

    @property
    def text(self) -> str:
        """The band, how sure it is, and how much is known."""
        return self._core.text(self._language)

    @property
    def rows(self) -> Table:
        """Every indicator, unknown ones too.

        Columns: indicator, name, value, low, high (95 %), n, from ("funnel", "record", "given"), score (20 to
        100), band, defined, aligned, integrated (thresholds), basis (where these come from).
        """
        return Table._of(self._core.rows(self._language))

    def beside(self, assessment: Assessment, *, least_difference: SupportsFloat = 20) -> Table:
        """Return what each side says beside what the data shows; where they disagree is the finding.

        Columns: indicator ("score" for the whole), side, finding ("agree", "opinion_higher",
        "opinion_lower", "unknown"), opinion (mean answer to the indicator's statements, as 20 to 100),
        evidence, difference, text. The widest disagreement comes first.
        """
        return Table._of(self._core.beside(assessment._core, float(least_difference), self._language))

    def __repr__(self) -> str:
        shown = f"{number_text(self.score, 1)} {self.band}" if self.band else "unknown"
        return f"<Evidence: {shown}, {self.known} of {len(self.rows)} indicators known>"


def evidence(
    source: Statistics | Funnel | None = None,
    *,
    owners: Mapping[str, OwnerLike] | None = None,
    roles: Mapping[str, Role | str] | None = None,
    outcomes: Mapping[str, Any] | Iterable[str] | None = None,
    record: HandOffs | None = None,
    figures: Mapping[str, NumberLike] | None = None,
    thresholds: Mapping[str, Sequence[SupportsFloat]] | None = None,
    language: str = "en",
) -> Evidence:
    """Return the type of relationship that the data shows, from eight indicators.

    Wait and loss at the hand-offs from Marketing to Sales, breaches of service levels, leads given back
    instead of lost, hand-offs with feedback, stages with a definition, stages that both take part in, shared
    measures. What is not known is named.

    Parameters
    ----------
    source : Statistics or Funnel, optional
        Counts become a funnel by `owners`, `roles` and `outcomes`, as in :meth:`Statistics.to_funnel`;
        without owners little can be known.
    record : HandOffRecord, optional
        Of ``fg.hand_off_record``: its wait, breaches and feedback go before those of the funnel, since they
        rest on single hand-offs.
    figures : mapping of str to number
        Own figures by indicator, over all others; ``fg.measured(0.4, n=120)`` gives a share its
        interval. "feedback" and "shared_measures" are never in a funnel.
    thresholds : mapping of str to three numbers
        Where the types defined, aligned and integrated begin.
    language : {"en", "vi"}

    Raises
    ------
    InvalidValueError
        A share outside 0 to 1; thresholds that do not run from worst to best.
    UnknownNameError
        An indicator that is not there, with the nearest.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shown = fg.maturity.evidence(figures={"wait": 2, "loss": 0.5, "feedback": fg.measured(0.4, n=120)})
    >>> shown.band, shown.unknown[:2]
    ('defined', ('breach', 'recycled'))
    """
    check_language(language)
    if isinstance(source, Statistics):
        source = source.to_funnel(owners=owners, roles=roles, outcomes=outcomes)
    elif owners is not None or roles is not None or outcomes is not None:
        raise InvalidValueError(
            "evidence(owners=)", "with a funnel", "only with Statistics: a funnel has owners"
        )
    core = None if source is None else core_of(source)
    return Evidence(
        _core.maturity_evidence(
            core, None if record is None else record._core, dict(figures or {}), dict(thresholds or {})
        ),
        language=language,
    )

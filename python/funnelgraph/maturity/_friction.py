"""What the two sides rub against each other about, and what one sum of money buys on either side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsFloat

from .. import _core
from ..language import check_language
from ..model import Funnel, core_of
from ..table import Table
from ._advice import Replies, read_replies

if TYPE_CHECKING:
    from ._assessment import Assessment


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

    Returns
    -------
    Friction

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

    Parameters
    ----------
    funnel : Funnel
    amount : number
        Money per period, > 0.
    seller : number
        Money per period that one seller costs; NaN is unknown.
    language : {"en", "vi"}

    Returns
    -------
    Table
        Columns: use, name, buys (cut of prices as a share; entrants; sellers), brings (profit at today's
        rates: known of promotion; the sum itself for a price cut), wins_needed (more wins that pay for it),
        share_needed (of today's wins).

    Raises
    ------
    InvalidValueError
        `amount` is not above 0.

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

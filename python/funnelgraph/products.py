"""What each side pushes under its own reward, and what the company loses by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from . import _core
from .model import core_of
from .segmented import SegmentedFunnel
from .table import Table

__all__ = ["Product", "ProductChoice", "Reward", "product_choice", "products_of"]


class Product(NamedTuple):
    """A product as its sellers see it.

    Attributes
    ----------
    name : str
    list_price, unit_cost : float
    list_closing : float
        Probability that an enquiry buys at the list price.
    list_hours : float
        A seller's hours an enquiry, sold or not.
    deal_price : float, optional
        Without one it is sold at list only.
    deal_closing, deal_hours, deal_unit_cost : float, optional
        At the deal price; as at list unless given.
    enquiries : float, optional
        That there are in a period; without end unless given.
    """

    name: str
    list_price: float
    unit_cost: float
    list_closing: float
    list_hours: float = 1.0
    deal_price: float | None = None
    deal_closing: float | None = None
    deal_hours: float | None = None
    deal_unit_cost: float | None = None
    enquiries: float | None = None


class Reward(NamedTuple):
    """How a side is rewarded, or judged.

    Attributes
    ----------
    side : str
    basis : {"revenue", "margin", "units"}
    share : float
        Of the basis; money a unit where the basis is units. 0 with a quota: works for the quota alone.
    quota : float, optional
        The threshold of `quota_basis` from which the bonus is paid.
    quota_basis : {"revenue", "margin", "units"}
    bonus : float
    scarce : {"hours", "enquiries"}
        What the side is short of, and so ranks by.
    paid : bool
        Whether the company pays it; else it is how the side is judged.
    """

    side: str
    basis: str = "revenue"
    share: float = 0.0
    quota: float | None = None
    quota_basis: str = "revenue"
    bonus: float = 0.0
    scarce: str = "hours"
    paid: bool = True


class ProductChoice(NamedTuple):
    """What each side would do.

    Attributes
    ----------
    sides : Table
        Columns: side ("Company" first), pushes, revenue, margin, reward (its own), quota_reached, paid (all
        rewards together), net (margin - paid), loss (against the company's own choice).
    ranking : Table
        Columns: side, rank, product, at ("list" or "deal"), price, reward (per unit of what the side is short
        of), margin_per_hour, margin_per_enquiry.
    mixes : Table
        What is done with the hours: side, product, at, enquiries, hours, units, revenue, margin.
    """

    sides: Table
    ranking: Table
    mixes: Table

    def __str__(self) -> str:
        return f"{self.sides}\n\n{self.mixes}"

    def _repr_html_(self) -> str:
        return f"{self.sides._repr_html_()}\n{self.mixes._repr_html_()}"


def product_choice(
    products: Sequence[Product],
    *,
    schemes: Sequence[Reward],
    hours: float = 1.0,
    enquiries: float | None = None,
) -> ProductChoice:
    """Return what each side pushes under its own reward, at list and at deal price, and what that costs.

    Who is short of hours chooses the mix that is worth most to it within the hours (a linear program);
    a quota is met by the expected amount. Who is short of enquiries works through its ranking from the top.
    The company chooses the greatest margin net of what it pays.

    Parameters
    ----------
    products : sequence of Product
    schemes : sequence of Reward
    hours : float
        Of selling in the period, > 0.
    enquiries : float, optional
        Of all products together; without end unless given.

    Returns
    -------
    ProductChoice

    Raises
    ------
    InvalidValueError
        No products or rewards, a name twice, a number out of its range or NaN.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> choice = fg.product_choice(
    ...     [
    ...         fg.Product("sandal", 300, 200, 0.15, 0.5, deal_price=220, deal_closing=0.5),
    ...         fg.Product("boot", 900, 400, 0.1, 1.0, deal_price=700, deal_closing=0.15),
    ...     ],
    ...     schemes=[
    ...         fg.Reward("Sales", quota=15_000, bonus=500),
    ...         fg.Reward("Marketing", "margin", 1.0, scarce="enquiries", paid=False),
    ...     ],
    ...     hours=100,
    ... )
    >>> [(row.side, row.pushes, round(row.loss)) for row in choice.sides]  # doctest: +NORMALIZE_WHITESPACE
    [('Company', 'boot at list price', 0), ('Sales', 'sandal at deal price', 3500),
     ('Marketing', 'boot at list price', 0)]
    """
    found = _core.product_choice(
        [product._asdict() for product in products],
        [scheme._asdict() for scheme in schemes],
        hours,
        enquiries,
    )
    return ProductChoice(*(Table._of(table) for table in found))


def products_of(
    products: SegmentedFunnel,
    *,
    hours: Mapping[str, float],
    start: str | None = None,
    deals: SegmentedFunnel | None = None,
) -> list[Product]:
    """Return products from funnels, one funnel a product.

    Closing is the probability of a won outcome, price the revenue per win, unit cost the cost per win (of
    stages, transitions and commissions, without entry and fixed costs).

    Parameters
    ----------
    products : SegmentedFunnel
        At list price.
    hours : mapping of stage to float
        A seller's hours a visit; other stages take none.
    start : str, optional
        The stage where an enquiry begins; an average entrant unless given.
    deals : SegmentedFunnel, optional
        The funnels at deal price, of some products or all.

    Returns
    -------
    list of Product

    Raises
    ------
    UnknownNameError, InvalidValueError, InvalidFunnelError
    """
    found = _core.products_of(
        {name: core_of(funnel) for name, funnel in products.items()},
        {name: core_of(funnel) for name, funnel in (deals or SegmentedFunnel()).items()},
        start,
        {name: float(value) for name, value in hours.items()},
    )
    return [Product(**fields) for fields in found]

"""Data to try the library on: made by a seeded generator, the same on every machine.

The sandal shop is a small online seller that wants 2,000,000,000 VND from 1,000 buyers. One week
brings 200,000 people reached, 5,000 likes, 120 shares and 2,000 comments. Likes, shares and comments
overlap: they are interactions, not that many people, so the table has one row a person and the stage
"engaged" counts people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from . import Funnel

#: The worked case: what the week brought and what was wanted of it.
SANDAL_SHOP = {
    "target": 2_000_000_000,
    "buyers": 1_000,
    "reach": 200_000,
    "likes": 5_000,
    "shares": 120,
    "comments": 2_000,
}

#: Why enquirers do not buy, who answers for it, and how often (of those who say why).
_REASONS = (
    ("size not in stock", "Company", 0.26),
    ("price too high", "Company", 0.22),
    ("answered too late", "Sales", 0.24),
    ("bought elsewhere", "Outside", 0.18),
    ("waits for the season", "Outside", 0.10),
)

_CHANNELS = (("facebook", 0.62, 140), ("tiktok", 0.27, 110), ("zalo", 0.11, 60))


def sandal_shop(*, seed: int = 7, people: int = 200_000) -> dict[str, npt.NDArray[Any]]:
    """One week of the sandal shop as a table with one row a person reached.

    Parameters
    ----------
    seed : int
        Key of the generator (Philox), at least 0; the same seed gives the same table.
    people : int
        Rows, at least 1,000. The counts of the worked case are scaled in proportion.

    Returns
    -------
    dict of str to numpy.ndarray
        Columns ``person`` (text), ``channel`` (text), ``reached``, ``engaged``, ``enquiry``, ``order``
        and ``delivered`` (datetime64[s], NaT where the person never got there), ``lost_reason`` (text,
        empty where there is none) with its date ``lost_at``, ``status`` ("silent" where an enquirer never
        answered again and was given up after a week, else empty), ``amount`` (VND, NaN without an
        order), ``cost`` (VND of advertising
        for the row), ``liked``, ``shared`` and ``commented`` (bool: interactions, which overlap).

    Raises
    ------
    InvalidValueError
        `people` is below 1,000.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> week = fg.datasets.sandal_shop()
    >>> int(week["liked"].sum()), int(week["shared"].sum()), int(week["commented"].sum())
    (5000, 120, 2000)
    """
    import numpy as np

    from .errors import InvalidValueError

    if people < 1_000:
        raise InvalidValueError("people", str(people), "[1000, inf)")
    if not 0 <= seed < 2**128:
        raise InvalidValueError("seed", str(seed), "[0, 2^128)")
    uniform = np.random.Generator(np.random.Philox(key=seed)).random
    scale = people / SANDAL_SHOP["reach"]
    likes, shares, comments = (round(SANDAL_SHOP[k] * scale) for k in ("likes", "shares", "comments"))

    channel = _draw(uniform, people, [c[1] for c in _CHANNELS])
    # Interactions: who comments often likes as well, who shares has nearly always liked.
    commented = _first(uniform(people), comments)
    liked = _first(uniform(people) - 0.995 * (commented & (uniform(people) < 0.55)), likes)
    shared = _first(uniform(people) - 0.999 * (liked & (uniform(people) < 0.9)), shares)
    engaged = liked | shared | commented
    # Most comments ask for a price or a size, and some of those who only liked write to the inbox.
    enquiry = (commented & (uniform(people) < 0.86)) | (engaged & ~commented & (uniform(people) < 0.055))
    order = enquiry & (uniform(people) < np.choose(channel, [0.37, 0.31, 0.46]))
    delivered = order & (uniform(people) < 0.94)
    # Of the enquirers without an order most say why; the others stay silent.
    says_why = ((enquiry & ~order) & (uniform(people) < 0.64)) | (order & ~delivered)
    reason = np.array([r[0] for r in _REASONS])[_draw(uniform, people, [r[2] for r in _REASONS])]

    def later(earlier: npt.NDArray[Any], mean_days: float, there: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
        wait = np.round(-mean_days * 86_400 * np.log1p(-uniform(people))).astype("timedelta64[s]")
        return np.where(there, earlier + wait, np.datetime64("NaT"))

    monday = np.datetime64("2026-03-02T06:00:00", "s")
    reached_at = monday + np.round(uniform(people) * 7 * 86_400).astype("timedelta64[s]")
    engaged_at = later(reached_at, 0.02, engaged)
    enquiry_at = later(engaged_at, 0.4, enquiry)
    order_at = later(enquiry_at, 1.1, order)
    delivered_at = later(order_at, 3.0, delivered)
    # A lost enquiry is closed some days after it was made, a lost order after it was placed; who stays
    # silent is given up after a week.
    silent = enquiry & ~order & ~says_why
    closed_at = later(np.where(order, order_at, enquiry_at), 2.5, says_why)
    closed_at = np.where(silent, enquiry_at + np.timedelta64(7, "D"), closed_at)
    pairs = 1 + (uniform(people) < 0.18)
    price = np.array([1_750_000.0, 1_900_000.0, 2_150_000.0])[_draw(uniform, people, [0.4, 0.4, 0.2])]
    return {
        "person": np.char.mod("P%06d", np.arange(1, people + 1)),
        "channel": np.array([c[0] for c in _CHANNELS])[channel],
        "reached": reached_at,
        "engaged": engaged_at,
        "enquiry": enquiry_at,
        "order": order_at,
        "delivered": delivered_at,
        "lost_reason": np.where(says_why, reason, ""),
        "lost_at": closed_at,
        "status": np.where(silent, "silent", ""),
        "amount": np.where(order, price * pairs, np.nan),
        "cost": np.array([c[2] for c in _CHANNELS], dtype=float)[channel],
        "liked": liked,
        "shared": shared,
        "commented": commented,
    }


def sandal_shop_reasons() -> dict[str, str]:
    """Return which owner each loss reason of `sandal_shop` belongs to.

    Returns
    -------
    dict of str to str
        Owner by reason.
    """
    return {reason: owner for reason, owner, _ in _REASONS}


def sandal_shop_plan() -> Funnel:
    """Return what Marketing and Sales agreed for the week: 1,000 buyers and 2,000,000,000 VND.

    Its stages have the names of `sandal_shop`'s columns, so it serves as the reference of an analysis
    of that table.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> plan = fg.datasets.sandal_shop_plan().analyze()
    >>> round(plan.count("delivered")), round(plan.revenue)
    (1000, 2000000000)
    """
    from . import Funnel, agreed

    both = ["Marketing", "Sales"]
    target, buyers, reach = SANDAL_SHOP["target"], SANDAL_SHOP["buyers"], SANDAL_SHOP["reach"]
    # 200,000 reached, 6,000 people engaged, 2,200 enquiries, 1,050 orders, 1,000 delivered.
    people, enquiries, orders = 6_000, 2_200, 1_050
    plan = Funnel("Sandal shop, plan", currency="VND", period="week")
    plan.add_owner("Marketing", role="marketing")
    plan.add_owner("Sales", role="sales")
    plan.add_owner("Care", role="care")
    plan.add_owner("Company", role="company")
    plan.add_owner("Outside", role="outside")
    plan.add_stage("reached", owner="Marketing", unit="people", labels={"vi": "tiếp cận"})
    plan.add_stage("engaged", owner="Marketing", unit="people", labels={"vi": "tương tác"})
    plan.add_stage("enquiry", owner="Sales", unit="people", labels={"vi": "hỏi mua"})
    plan.add_stage("order", owner="Sales", unit="people", labels={"vi": "đặt hàng"})
    plan.add_outcome(
        "delivered",
        kind="won",
        owner="Sales",
        value=agreed(target / buyers, by=both),
        labels={"vi": "đã giao"},
    )
    plan.add_transition("reached", "engaged", rate=agreed(people / reach, by=both), lag=0.02)
    plan.add_transition("engaged", "enquiry", rate=agreed(enquiries / people, by=both), lag=0.4)
    plan.add_transition("enquiry", "order", rate=agreed(orders / enquiries, by=both), lag=1, service_level=1)
    plan.add_transition("order", "delivered", rate=agreed(buyers / orders, by=both), lag=3)
    plan.add_entry("reached", volume=agreed(reach, by=both), cost=130)
    return plan


def _draw(uniform: Any, n: int, shares: list[float]) -> npt.NDArray[Any]:
    """Return indices 0, 1, ... with the given shares."""
    import numpy as np

    indices: npt.NDArray[Any] = np.searchsorted(np.cumsum(shares)[:-1], uniform(n), side="right")
    return indices


def _first(keys: npt.NDArray[Any], n: int) -> npt.NDArray[np.bool_]:
    """Return a mask of exactly `n` rows: those with the smallest keys."""
    import numpy as np

    mask = np.zeros(len(keys), dtype=bool)
    mask[np.argpartition(keys, n)[:n]] = True
    return mask

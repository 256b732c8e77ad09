"""Reference funnels: editable starting points whose numbers are placeholders.

The note of each says where its shape comes from.
"""

from __future__ import annotations

from . import _core
from .model import Funnel

__all__ = ["buying_funnel", "by_name", "demand_waterfall", "online_shop", "pharmacy_channel"]


def buying_funnel() -> Funnel:
    """Return the eight-stage buying funnel with the selling sub-funnel inside intention and purchase.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> funnel = fg.reference.buying_funnel()
    >>> [issue for issue in funnel.validate() if issue.severity == "error"]
    []
    """
    return by_name("buying_funnel")


def demand_waterfall() -> Funnel:
    """Return the demand waterfall: inquiry, MQL, SAL, SQL, won."""
    return by_name("demand_waterfall")


def online_shop() -> Funnel:
    """Return the online flow from reach to loyal customers, with a nurture pool and feedback."""
    return by_name("online_shop")


def pharmacy_channel() -> Funnel:
    """Return the pharmacy channel: rep visit, listed, stocked, sell-out, reorder or return."""
    return by_name("pharmacy_channel")


def by_name(name: str) -> Funnel:
    """Return a reference funnel by its name: "online_shop", ...

    Raises
    ------
    UnknownNameError
        With the nearest name.
    """
    return Funnel._of(_core.reference_funnel(name))

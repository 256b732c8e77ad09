"""Lead quality before blame: what each stage received, which sources fit, how each class ends.

See ``docs/explain.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, SupportsFloat

from . import _core
from ._accounting import segments_of, sides_of
from .model import Funnel
from .segmented import SegmentedFunnel
from .table import Table

__all__ = ["ENQUIRER_CLASSES", "LeadQuality", "class_rates", "lead_quality", "lead_sources"]

#: Classes of enquirers that are usual.
ENQUIRER_CLASSES: Final[tuple[str, ...]] = tuple(_core.enquirer_classes)


class LeadQuality(NamedTuple):
    """What stages received and what they made of it.

    Attributes
    ----------
    rows : Table
        One a stage that receives from another owner. Columns: stage, giver, receiver, rate_plan,
        rate_actual, change, mix (the giver's), within (the receiver's), note.
    classes : Table
        One a class at such a stage. Columns: stage, segment, share_plan, share_actual, rate_plan,
        rate_actual, mix, within.
    """

    rows: Table
    classes: Table


def lead_quality(plan: Funnel | SegmentedFunnel, actual: Funnel | SegmentedFunnel) -> LeadQuality:
    """Split the change of each receiving stage's rate into the mix it was given and its rate within a class.

    The rate is that to a stage or a win, per visit. Without segments the whole change stands under `within`
    and is noted "rate, including lead quality".

    Parameters
    ----------
    plan, actual : Funnel or SegmentedFunnel
        Both plain, or both by class of enquirer.

    Returns
    -------
    LeadQuality

    Raises
    ------
    TypeError
        One has segments and the other has not.
    InvalidFunnelError
    """
    first, second, segmented = sides_of(plan, actual)
    rows, classes = _core.lead_quality(first, second, segmented)
    return LeadQuality(Table._of(rows), Table._of(classes))


def lead_sources(
    sources: SegmentedFunnel,
    *,
    fits_at: str | None = None,
    receiver: str = "Sales",
    minutes: Mapping[str, SupportsFloat] | None = None,
) -> Table:
    """Return the share of leads that fit by source, and the receiver's time that goes to those that do not.

    Parameters
    ----------
    sources : SegmentedFunnel
        Funnels by source.
    fits_at : str, optional
        The stage that says that a lead fits; without it leads fit unless they end screened.
    receiver : str
        Whose stages are counted, by its share.
    minutes : mapping of str to float, optional
        Minutes that one visit of a stage takes (half a minute to look at a profile).

    Returns
    -------
    Table
        Columns: source, entrants, fitting, share, low and high (95 %, where entrants were counted), visits,
        visits_unfit, hours, hours_unfit.

    Raises
    ------
    UnknownNameError
        An owner or a stage that is not there; with the nearest.
    """
    times = {stage: float(value) for stage, value in (minutes or {}).items()}
    return Table._of(_core.lead_sources(segments_of(sources), fits_at, receiver, times))


def class_rates(classes: SegmentedFunnel) -> Table:
    """Return how the journeys of each class of enquirers end; silence is a leak that is counted.

    Parameters
    ----------
    classes : SegmentedFunnel
        Funnels by class of enquirer (:data:`ENQUIRER_CLASSES` has the usual ones).

    Returns
    -------
    Table
        Columns: segment, entrants, share, won, lost, screened, silent, drop_off (probabilities), value
        (revenue per entrant). The last row is of all.

    Raises
    ------
    InvalidFunnelError
    """
    return Table._of(_core.class_rates(segments_of(classes)))

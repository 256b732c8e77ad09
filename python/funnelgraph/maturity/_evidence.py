"""The type of relationship that the funnel's own figures show, beside what the sides say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, SupportsFloat

from .. import _core
from .._arguments import NumberLike, OwnerLike
from .._frozen import Frozen
from .._layout import number_text
from ..errors import InvalidValueError
from ..fit import Statistics
from ..language import check_language
from ..model import Funnel, core_of
from ..table import Table

if TYPE_CHECKING:
    from .._core import MaturityEvidence as CoreEvidence
    from ..enums import Role
    from ._assessment import Assessment


class HandOffs(Protocol):
    """A hand-off record."""

    @property
    def _core(self) -> Any: ...


class Evidence(Frozen):
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
        self._put(_core=core, _language=language)

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

        Parameters
        ----------
        assessment : Assessment
        least_difference : number
            Points of the score, > 0, from which opinion and evidence disagree.

        Returns
        -------
        Table
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

    Returns
    -------
    Evidence

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

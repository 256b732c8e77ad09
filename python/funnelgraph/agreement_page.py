"""The one page that both sides sign, and the report that measures it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, SupportsFloat

from . import _core
from ._arguments import DurationLike
from .hand_off import HandOffRecord
from .model import Funnel, core_of
from .service_levels import ServiceLevel, ServiceLevels, rule_of
from .table import Table

if TYPE_CHECKING:
    from ._core import Agreement as CoreAgreement
    from .fit import Statistics

__all__ = ["Agreement", "agreement"]


class Agreement:
    """What both sides agreed on, as data, text and a page. Made by :func:`agreement`."""

    __slots__ = ("_core",)

    _core: CoreAgreement

    def __init__(self, core: CoreAgreement) -> None:
        self._core = core

    @property
    def language(self) -> str:
        """The language it is written in."""
        return self._core.language

    @property
    def giver(self) -> str:
        """The owner that hands over."""
        return self._core.giver

    @property
    def receiver(self) -> str:
        """The owner that takes over."""
        return self._core.receiver

    @property
    def stages(self) -> Table:
        """What the words mean: stage, label, owner, definition, accept_if (None = open), handed_over."""
        return Table._of(self._core.stages(), "What our words mean")

    @property
    def promises(self) -> Table:
        """One row a promise.

        Columns: kind (volume, quality, answer, feedback, report, wins), by (None = both), from, to, within
        (days), promised (per period, or a share; NaN = not agreed), agreed (by both; else proposed), text.
        """
        return Table._of(self._core.promises(), "Promises")

    @property
    def gives(self) -> dict[str, list[str]]:
        """What each side gives, in sentences."""
        return self._core.gives

    @property
    def needs(self) -> dict[str, list[str]]:
        """What each side needs, in sentences."""
        return self._core.needs

    @property
    def reasons(self) -> dict[str, str]:
        """Reasons of loss, and whose they are."""
        return dict(self._core.reasons)

    @property
    def review(self) -> str:
        """How often it is looked at again; empty where that is not agreed."""
        return self._core.review

    @property
    def review_date(self) -> str:
        """When next."""
        return self._core.review_date

    @property
    def missing(self) -> list[str]:
        """What is not agreed yet, in sentences."""
        return self._core.missing

    def to_text(self) -> str:
        """Return the page as plain text."""
        return self._core.to_text()

    def to_html(self) -> str:
        """Return the page as HTML to print on A4; every text is escaped."""
        return self._core.to_html()

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        core = self._core
        return {
            "language": core.language,
            "funnel": core.funnel,
            "date": core.date,
            "giver": core.giver,
            "receiver": core.receiver,
            "stages": self.stages.to_dict(),
            "promises": self.promises.to_dict(),
            "gives": core.gives,
            "needs": core.needs,
            "reasons": dict(core.reasons),
            "review": core.review,
            "review_date": core.review_date,
            "missing": core.missing,
            "signatures": dict(core.signatures),
        }

    def measure(
        self,
        actual: Funnel | Statistics | HandOffRecord | None = None,
        record: HandOffRecord | None = None,
        *,
        funnel: Funnel | None = None,
        statistics: Statistics | None = None,
        levels: ServiceLevels | None = None,
        periods: SupportsFloat = 1,
        near: SupportsFloat = 0.10,
    ) -> Table:
        """Return promised against actual, one row a promise.

        Parameters
        ----------
        actual : Funnel, Statistics or HandOffRecord, optional
            Where flows come from; `funnel` and `statistics` give both, counts first.
        record : HandOffRecord, optional
            Quality, feedback, and answers where its limit is the promised one.
        levels : ServiceLevels, optional
            Answers and reports.
        periods : number
            How many periods the statistics and the record cover.
        near : number
            Short by at most this share is near.

        Returns
        -------
        Table
            kind, by, from, to, within, promised, agreed, actual, low, high (95 % of a counted share), n, gap,
            status (kept, near, missed, proposed, not_agreed, not_measured), measured_by.

        Raises
        ------
        InvalidValueError
            `periods` or `near` out of range.
        """
        from .fit import Statistics

        if isinstance(actual, Funnel):
            funnel = actual
        elif isinstance(actual, Statistics):
            statistics = actual
        elif isinstance(actual, HandOffRecord) and record is None:
            record = actual
        elif actual is not None:
            raise TypeError(f"measure() takes a Funnel or Statistics, not {type(actual).__name__}")
        return Table._of(
            self._core.measure(
                None if funnel is None else core_of(funnel),
                None if statistics is None else statistics._core,
                None if record is None else record._core,
                None if levels is None else levels._core,
                periods,
                near,
            ),
            "Promised and actual",
        )

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        open_points = f", {len(self.missing)} not agreed yet" if self.missing else ""
        return f"<Agreement of {self.giver} and {self.receiver}, {len(self.promises)} promises{open_points}>"

    def _repr_html_(self) -> str:
        # In a frame, so that the page's style stays its own.
        from html import escape

        page = escape(self.to_html())
        return f'<iframe srcdoc="{page}" style="width:100%;height:900px;border:0"></iframe>'


def agreement(
    funnel: Funnel,
    *,
    language: str = "en",
    giver: str | None = None,
    receiver: str | None = None,
    quality: SupportsFloat | None = None,
    answer_within: DurationLike | None = None,
    answered_share: SupportsFloat | None = None,
    feedback_share: SupportsFloat | None = None,
    feedback_within: DurationLike | None = None,
    report_every: DurationLike | None = None,
    service_levels: Iterable[ServiceLevel] = (),
    reasons: Mapping[str, str] | None = None,
    definitions: Mapping[str, str] | None = None,
    accept_if: Mapping[str, str] | None = None,
    gives: Mapping[str, Iterable[str]] | None = None,
    needs: Mapping[str, Iterable[str]] | None = None,
    review: str = "",
    review_date: str | dt.date = "",
    date: str | dt.date = "",
    signatories: Mapping[str, str] | None = None,
) -> Agreement:
    """Return the one-page agreement of both sides, in English or Vietnamese.

    Definitions, owners, volumes and service levels come from the funnel, the rest from the options. A number
    counts as agreed when its source says so of both sides (``fg.agreed(x, by=[...])``). What nobody said is
    named as not agreed yet, never filled in; placeholders are such.

    Parameters
    ----------
    funnel : Funnel
    language : {"en", "vi"}
    giver, receiver : str
        Owners; the first one of role marketing and of role sales unless given.
    quality : number
        Share of what is handed over that meets the definition.
    answer_within : days or duration
        Time to answer what is handed over; the service levels of the funnel unless given.
    answered_share : number
        Share that must be answered in time.
    feedback_share, feedback_within : number, days or duration
        Share that is accepted or rejected on record, and how soon.
    report_every : days
        How often the receiver reports back.
    service_levels : ServiceLevel, ...
        Further answers of the receiver.
    reasons : mapping of str to str
        Reason of loss to owner; the funnel's lost outcomes unless given.
    definitions, accept_if : mapping of str to str
        By stage, over the funnel's: to write them in the page's language.
    gives, needs : mapping of str to texts
        By owner, beside the promises.
    review, review_date, date : str or date
        How often the page is looked at, when next, and its own date.
    signatories : mapping of str to str
        Owner to who signs.

    Returns
    -------
    Agreement

    Raises
    ------
    UnknownNameError
        An owner or a stage that is not there; with the nearest one.
    InvalidValueError
        No owner of a role, one owner on both sides, a share or a time out of range.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> page = fg.agreement(fg.datasets.sandal_shop_plan(), feedback_share=0.9, review="every two weeks")
    >>> page
    <Agreement of Marketing and Sales, 6 promises, 11 not agreed yet>
    >>> page.promises.row(kind="volume").promised
    2200.0
    """
    options: dict[str, Any] = {
        "language": language,
        "giver": giver,
        "receiver": receiver,
        "quality": quality,
        "answer_within": answer_within,
        "answered_share": answered_share,
        "feedback_share": feedback_share,
        "feedback_within": feedback_within,
        "report_every": report_every,
        "service_levels": [rule_of(rule) for rule in service_levels],
        "reasons": _plain(reasons),
        "definitions": _plain(definitions),
        "accept_if": _plain(accept_if),
        "gives": _lists(gives),
        "needs": _lists(needs),
        "review": review,
        "review_date": str(review_date),
        "date": str(date),
        "signatories": _plain(signatories),
    }
    return Agreement(_core.agreement(core_of(funnel), options))


def _plain(given: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if given is None else dict(given)


def _lists(given: Mapping[str, Iterable[str]] | None) -> dict[str, list[str]] | None:
    if given is None:
        return None
    return {owner: [texts] if isinstance(texts, str) else list(texts) for owner, texts in given.items()}

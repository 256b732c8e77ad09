"""What a report is about: a funnel in JSON or one fitted from a table, and those of its segments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import DataError, InvalidValueError
from .names_in_language import in_language
from .small_file import read_small
from .table_options import TableOptions

if TYPE_CHECKING:
    from .. import Funnel
    from .._by_segment import Segment
    from ..fit import Statistics

#: Owner names that say their role. Others are `other`, unless --roles says.
_ROLES = {
    "marketing": "marketing",
    "tiếp thị": "marketing",
    "sales": "sales",
    "kinh doanh": "sales",
    "bán hàng": "sales",
    "care": "care",
    "customer care": "care",
    "chăm sóc": "care",
    "chăm sóc khách hàng": "care",
    "r&d": "r_and_d",
    "company": "company",
    "công ty": "company",
    "outside": "outside",
    "bên ngoài": "outside",
}


class Given(NamedTuple):
    """What a report is about; `funnels` has one a segment of the statistics, or else one a channel."""

    funnel: Funnel
    statistics: Statistics | None
    funnels: dict[str, Funnel]


def given_funnel(funnel: Funnel) -> Given:
    """Return a funnel as it is, with those of its entry channels."""
    from .._by_segment import funnels_by_channel

    return Given(funnel, None, funnels_by_channel(funnel))


def segments(given: Given, discount_rate: float | None) -> list[Segment]:
    """Return each segment with its analysis."""
    from .. import analyze
    from .._by_segment import Segment

    return [  # whose journeys all begin at an outcome has no stage, and nothing to analyse
        Segment(name, funnel, analyze(funnel, discount_rate=discount_rate) if len(funnel.stages()) else None)
        for name, funnel in given.funnels.items()
    ]


def given_in_language(given: Given, language: str, labels: Funnel) -> Given:
    """Return a report's funnels with the names that `labels` gives in a language."""
    return given._replace(
        funnel=in_language(given.funnel, language, labels),
        funnels={name: in_language(funnel, language, labels) for name, funnel in given.funnels.items()},
    )


def read_given(path: Path, settings: TableOptions) -> Given:
    """Return a funnel from a JSON file, or fitted from a table; and those of its segments."""
    from .. import Funnel, fit

    if path.suffix.lower() == ".json":
        return given_funnel(Funnel.from_json(read_small(path), source=path.name))
    if not settings.stages:
        raise InvalidValueError("--stages", "nothing", "name=COLUMN,... with the stages in their order")
    table = fit.read_table(
        path,
        delimiter=settings.delimiter,
        decimal=settings.decimal,
        day_first=settings.day_first,
        encoding=settings.encoding,
        dates=[*settings.stages.values(), *([settings.lost_at] if settings.lost_at else [])],
        numbers=[column for column in (settings.amount, settings.cost) if column],
    )
    statistics = fit.milestones(
        table,
        journey=settings.journey or None,
        stages=settings.stages,
        lost=settings.lost,
        lost_at=settings.lost_at,
        status=settings.status,
        statuses=settings.statuses or None,
        reasons=settings.reasons,
        amount=settings.amount,
        cost=settings.cost,
        segment=settings.segment,
        until=_until(settings),
        silence=settings.silence,
    )
    last = list(settings.stages)[-1]
    outcomes = settings.outcomes or {last: "won"}
    if not settings.stages.keys() - outcomes.keys():
        given = ", ".join(settings.stages)
        raise InvalidValueError("--stages", given, "at least one stage before the outcomes (the last is won)")
    owners = {stage: _shares(owner) for stage, owner in settings.owners.items()}
    won = [name for name, kind in outcomes.items() if kind == "won" and name in settings.stages]
    options: dict[str, Any] = {
        "name": settings.name or path.stem,
        "currency": settings.currency,
        "period": settings.period,
        "owners": owners,
        "roles": _roles(owners, settings),
        "outcomes": outcomes,
        "open": settings.open,
        "values": dict.fromkeys(won, "amount") if settings.amount else {},
    }
    funnels = dict(statistics.to_segmented_funnel(**options).items()) if settings.segment else {}
    return Given(statistics.to_funnel(**options), statistics, funnels)


def _until(settings: TableOptions) -> Any:
    """Read the as-of date as the dates of the table are read."""
    if settings.until is None:
        return None
    from .. import _core

    try:
        ticks = _core.times_from_text([settings.until], "--until", "", settings.day_first)
    except DataError:
        allowed = "a date such as 2026-01-31, or one such as 31/01/2026 (03/04/2026 needs --day-first)"
        raise InvalidValueError("--until", settings.until, allowed) from None
    until = ticks.view("datetime64[us]")[0]
    return until.astype("datetime64[D]") if len(settings.until.strip()) <= len("2026-01-31") else until


def _shares(owner: Any) -> Any:
    """Read Marketing+Sales as owned by both in equal parts."""
    if isinstance(owner, str) and "+" in owner:
        names = [part.strip() for part in owner.split("+")]
        if len(set(names)) < len(names):
            raise InvalidValueError("--owners", owner, "OWNER+OWNER, each name once")
        return {name: 1 / len(names) for name in names}
    return owner


def _roles(owners: Mapping[str, Any], settings: TableOptions) -> dict[str, str]:
    names = {name for owner in owners.values() for name in ([owner] if isinstance(owner, str) else owner)}
    names.update(settings.reasons.values())
    roles = {name: _ROLES[name.casefold()] for name in sorted(names) if name.casefold() in _ROLES}
    return {**roles, **settings.roles}

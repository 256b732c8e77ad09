"""What a report is about: a funnel in JSON or one fitted from a table, and those of its segments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import DataError, InvalidValueError, UnknownNameError
from .names_in_language import in_language
from .remarks import ROLES, Remark, remarks
from .small_file import read_small
from .so_far import SoFar, so_far
from .table_options import TableOptions

if TYPE_CHECKING:
    from .. import Funnel
    from ..fit import Statistics
    from .segments import Segment


class Given(NamedTuple):
    """What a report is about; `funnels` has one a segment of the statistics, or else one a channel."""

    funnel: Funnel
    statistics: Statistics | None
    funnels: dict[str, Funnel]
    so_far: SoFar | None = None
    remarks: tuple[Remark, ...] = ()


def given_funnel(funnel: Funnel) -> Given:
    """Return a funnel as it is, with those of its entry channels."""
    from .segments import funnels_by_channel

    return Given(funnel, None, funnels_by_channel(funnel))


def segments(given: Given, discount_rate: float | None) -> list[Segment]:
    """Return each segment with its analysis."""
    from .. import analyze
    from .segments import Segment

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
    from .. import Funnel

    if path.suffix.lower() == ".json":
        return given_funnel(Funnel.from_json(read_small(path), source=path.name))
    if not settings.stages:
        raise InvalidValueError("--stages", "nothing", "name=COLUMN,... with the stages in their order")
    try:
        return _fitted(path, settings)
    except DataError as error:
        raise _said_of(path.name, error) from None
    except UnknownNameError as error:
        if error.kind != "column":
            raise
        message = f"{path.name}: {_with_options(str(error))}"
        raise UnknownNameError(error.kind, error.given, error.nearest, message=message) from None
    except InvalidValueError as error:
        where = re.sub(r"^\w+\((\w+)=\)$", lambda found: "--" + found[1].replace("_", "-"), error.where)
        raise InvalidValueError(where, error.given, error.allowed) from None


#: What an error says of reading a table, and what to say instead to whoever has the command line.
_OPTIONS = {
    "say day_first": "say --day-first or --no-day-first",
    "say decimal_mark (point or comma)": "say --decimal . or --decimal ,",
    "give the delimiter": "give the --delimiter",
    "give its encoding": "give its --encoding",
    "name it as the status, with what its values mean": (
        "give it as --status, with what its values mean as --statuses"
    ),
}


def _with_options(why: str) -> str:
    for words, option in _OPTIONS.items():
        why = why.replace(words, option)
    return why


def _said_of(name: str, error: DataError) -> DataError:
    """Return the error with the file's name and the options of the command line."""
    why = _with_options(error.why)
    if why.startswith(("expected a date", "expected a number")):
        why += "; text that stands for an empty cell is named by --missing"
    source = name if error.source in ("table", "statistics") else error.source
    return DataError(source, error.row, error.column, why)


def _fitted(path: Path, settings: TableOptions) -> Given:
    """Return what a table comes to."""
    from .. import fit

    table = fit.read_table(
        path,
        delimiter=settings.delimiter,
        decimal=settings.decimal,
        day_first=settings.day_first,
        encoding=settings.encoding,
        missing=[text.strip() for text in settings.missing.split(",") if text.strip()],
        dates=[*settings.stages.values(), *([settings.lost_at] if settings.lost_at else [])],
        numbers=[column for column in (settings.amount, settings.cost) if column],
    )
    statistics = fit.milestones(
        table,
        journey=settings.journey or None,
        stages=settings.stages,
        outcomes=settings.outcomes or None,
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
    with_amount = {
        row["stage"] for row in statistics.measures if row["measure"] == "amount" and row["number"]
    }
    valued = [name for name in won if name in with_amount]
    options: dict[str, Any] = {
        "name": settings.name or path.stem,
        "currency": settings.currency,
        "period": settings.period,
        "owners": owners,
        "roles": _roles(owners, settings),
        "outcomes": outcomes,
        "open": settings.open,
        "values": dict.fromkeys(valued, "amount"),
    }
    funnels = dict(statistics.to_segmented_funnel(**options).items()) if settings.segment else {}
    return Given(
        statistics.to_funnel(**options),
        statistics,
        funnels,
        so_far(statistics, won, settings.open),
        remarks(statistics, table, settings),
    )


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
    roles = {name: ROLES[name.casefold()] for name in sorted(names) if name.casefold() in ROLES}
    return {**roles, **settings.roles}

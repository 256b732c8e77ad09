"""What a person reads in a terminal, and what a program reads as JSON, of one analysed funnel."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._layout import SHOWN_CELL, text_width
from ..language import issue, note, word
from ..table import PAGE_WIDTH, Table
from .segments import Segment, segment_rows, stages_all_open
from .so_far import SoFar

if TYPE_CHECKING:
    from .. import Analysis, Funnel
    from ..errors import Issue
    from ..fit import Statistics

#: How many stages below their reference are named.
STAGES_BELOW_REFERENCE = 3
_BAR_WIDTH = 24


def revenue_or_none(analysis: Analysis) -> float | None:
    """Return the revenue, None where a value is unknown."""
    return None if analysis.unknown_values else analysis.revenue


def profit_or_none(analysis: Analysis) -> float | None:
    """Return the profit, None where a value is unknown."""
    return None if analysis.unknown_values else analysis.profit


def _local(number: str, language: str) -> str:
    """Return a number as a language writes it: 1,234.5 is 1.234,5 in Vietnamese."""
    return number.translate(str.maketrans(",.", ".,")) if language == "vi" else number


def whole(value: float, language: str = "en") -> str:
    """Return a count, thousands apart; below 20 with one decimal where it is no whole number."""
    if not math.isfinite(value):
        return "–"
    few = abs(value) < 20 and abs(value - round(value)) >= 0.05
    return _local(f"{value:,.1f}" if few else f"{value:,.0f}", language)


def money(value: float, language: str = "en") -> str:
    """Return an amount: without decimals from 100 on, else with two."""
    if not math.isfinite(value):
        return "–"
    return _local(f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}", language)


def percent(value: float, language: str = "en") -> str:
    """Return a share in per cent with three significant digits where they matter."""
    if not math.isfinite(value):
        return "–"
    share = 100 * value
    return _local(f"{share:.0f} %" if share >= 99.95 or share == 0 else f"{share:.3g} %", language)


def days(value: float, language: str = "en") -> str:
    """Return days with one decimal, or hours below one day."""
    if not math.isfinite(value):
        return "–"
    if value >= 1 or value == 0:
        return f"{_local(f'{value:.1f}', language)} {word('days_short', language)}"
    return f"{_local(f'{24 * value:.1f}', language)} {word('hours_short', language)}"


def stages_below_reference(
    funnel: Funnel, analysis: Analysis, reference: Funnel | None, count: int = STAGES_BELOW_REFERENCE
) -> list[dict[str, Any]]:
    """Return the stages whose reference row would be worth most, the greatest first.

    Each is a dict with ``stage``, ``owner``, ``goes_on`` and ``goes_on_reference`` (the share of visits
    that go on to a stage or a win), ``recoverable``, ``low`` and ``high`` (95 %, NaN where the counts
    are not known). Only stages below their reference; none without a reference.
    """
    if reference is None:
        return []
    goes_on, wanted = _going_on(funnel), _going_on(reference)
    rows = [
        {
            "stage": row["stage"],
            "owner": row["owner"],
            "goes_on": goes_on[row["stage"]],
            "goes_on_reference": wanted.get(row["stage"], math.nan),
            "recoverable": row["recoverable"],
            "low": row["recoverable_low"],
            "high": row["recoverable_high"],
        }
        for row in analysis.stages.to_dicts()
        if row["recoverable"] > 0
    ]
    return sorted(rows, key=lambda row: -row["recoverable"])[:count]


def report_text(
    funnel: Funnel,
    analysis: Analysis,
    *,
    reference: Funnel | None = None,
    statistics: Statistics | None = None,
    segments: Sequence[Segment] = (),
    so_far: SoFar | None = None,
    remarks: Sequence[str] = (),
    language: str = "en",
) -> str:
    """Return the funnel, its totals, the owner ledger, the hand-offs and the stages furthest below.

    With `segments` also what each comes to: segments of the statistics, or else channels of entry. With
    `so_far` what is counted where journeys are still open. `remarks` stand before the notes.
    """
    info = funnel.info
    period = word(info.period, language)
    basis = "basis" if info.currency else "basis_no_currency"
    parts = [
        f"{word('funnel', language)}: {info.name}" if info.name else word("funnel", language),
        word(basis, language, period=period, currency=info.currency),
        *_open_text(so_far, language),
        "",
        _stage_table(funnel, analysis, language),
        "",
        word("outcomes", language),
        _outcome_table(analysis, language),
        "",
        word("totals", language),
        _totals(analysis, statistics, language),
        "",
        word("owner_ledger", language),
        _owner_table(analysis, statistics, language),
        "",
        word("hand_offs", language),
        _hand_off_table(analysis, language) if len(analysis.hand_offs) else word("no_hand_offs", language),
        "",
        word("below_reference", language),
        _below_text(funnel, analysis, reference, language),
    ]
    if segments:
        by = "by_channel" if statistics is None else "by_segment"
        parts += ["", word(by, language), _segment_text(segments, analysis, statistics, language)]
    notes = [f"- {remark}" for remark in remarks] + _notes(funnel, statistics, segments, language)
    if notes:
        parts += ["", word("notes", language), *notes]
    return "\n".join(parts)


def report_data(
    funnel: Funnel,
    analysis: Analysis,
    *,
    reference: Funnel | None = None,
    statistics: Statistics | None = None,
    segments: Sequence[Segment] = (),
    so_far: SoFar | None = None,
) -> dict[str, Any]:
    """Return the same as plain data: numbers as they are, unknown ones as None."""
    data: dict[str, Any] = {
        "funnel": {"name": funnel.info.name, "currency": funnel.info.currency, "period": funnel.info.period},
        "entrants": analysis.entrants,
        "revenue": revenue_or_none(analysis),
        "cost": analysis.cost,
        "profit": profit_or_none(analysis),
        "feasible": analysis.feasible,
        "assumed_share": analysis.assumed_share,
        "stages": analysis.stages.to_dicts(),
        "outcomes": analysis.outcomes.to_dicts(),
        "owners": analysis.owners.to_dicts(),
        "hand_offs": analysis.hand_offs.to_dicts(),
        "below_reference": stages_below_reference(funnel, analysis, reference),
        "all_open": stages_all_open(funnel),
        "segments": segment_rows(segments),
        "issues": [issue_data(one) for one in funnel.validate()],
    }
    if statistics is not None:
        data["transitions"] = statistics.transitions.to_dicts()
        data["notes"] = statistics.notes.to_dicts()
    if so_far is not None:
        data["so_far"] = so_far._asdict()
    plain: dict[str, Any] = _plain(data)
    return plain


def issue_data(found: Issue) -> dict[str, str]:
    """Return what validation found as plain data."""
    return {**found._asdict(), "severity": str(found.severity)}


def _open_text(so_far: SoFar | None, language: str) -> list[str]:
    """Say what open journeys count as and what is counted without them; nothing where none is open."""
    if so_far is None or not so_far.open:
        return []
    counts = {
        "open": whole(so_far.open, language),
        "journeys": whole(so_far.journeys, language),
        "wins": whole(so_far.wins, language),
        "revenue": money(so_far.revenue, language),
    }
    if so_far.open_as == "lost":
        return [word("open_as_lost", language, **counts)]
    counted = "counted_so_far" if math.isnan(so_far.revenue) else "counted_so_far_with_revenue"
    return [word("open_left_out", language, **counts), word(counted, language, **counts)]


def _has(statistics: Statistics | None, measure: str) -> bool:
    """Whether statistics have a measure; a funnel that is not from a table has all."""
    return statistics is None or measure in statistics.measures["measure"]


def _stage_table(funnel: Funnel, analysis: Analysis, language: str) -> str:
    rows = analysis.stages.to_dicts()
    top = max((row["visits"] for row in rows), default=0)
    goes_on = _going_on(funnel)
    return _table(
        language,
        {
            "stage": [row["stage"] for row in rows],
            "owner": [row["owner"] or word("nobody", language) for row in rows],
            "visits": [whole(row["visits"], language) for row in rows],
            " ": [_bar(row["visits"], top) for row in rows],
            "next_rate": [percent(goes_on[row["stage"]], language) for row in rows],
            "lost": [whole(row["lost"], language) for row in rows],
            "conversion": [percent(row["conversion"], language) for row in rows],
            "dwell_mean": [days(row["dwell_mean"], language) for row in rows],
        },
        right=("visits", "next_rate", "lost", "conversion", "dwell_mean"),
        picture=" ",
    )


def _outcome_table(analysis: Analysis, language: str) -> str:
    rows = analysis.outcomes.to_dicts()
    return _table(
        language,
        {
            "outcome": [_name(row["outcome"], language) for row in rows],
            "kind": [word(row["kind"], language) for row in rows],
            "owner": [row["owner"] or word("nobody", language) for row in rows],
            "count": [whole(row["count"], language) for row in rows],
            "probability": [percent(row["probability"], language) for row in rows],
            "dwell_mean": [days(row["time_mean"], language) for row in rows],
        },
        right=("count", "probability", "dwell_mean"),
    )


def _owner_table(analysis: Analysis, statistics: Statistics | None, language: str) -> str:
    rows = analysis.owners.to_dicts()
    columns: dict[str, list[str]] = {"owner": [_name(row["owner"], language) for row in rows]}
    for key in ("received", "passed_on", "screened", "lost"):
        columns[key] = [whole(row[key], language) for row in rows]
    columns["waiting_days"] = [whole(row["waiting_days"], language) for row in rows]
    for key, known in (("cost", _has(statistics, "cost")), ("value", not analysis.unknown_values)):
        if known:
            columns[key] = [money(row[key], language) for row in rows]
    if any(math.isfinite(row["recoverable"]) for row in rows):
        columns["recoverable"] = [money(row["recoverable"], language) for row in rows]
    return _table(language, columns, right=tuple(columns)[1:])


def _hand_off_table(analysis: Analysis, language: str) -> str:
    rows = analysis.hand_offs.to_dicts()
    columns: dict[str, list[str]] = {
        key: [row[key] for row in rows] for key in ("from", "to", "giver", "receiver")
    }
    columns["volume"] = [whole(row["volume"], language) for row in rows]
    columns["dwell_mean"] = [days(row["lag_mean"], language) for row in rows]
    columns["breach"] = [percent(row["breach"], language) for row in rows]
    columns["lost"] = [whole(row["lost"], language) for row in rows]
    return _table(language, columns, right=("volume", "dwell_mean", "breach", "lost"), keys=2)


def _below_text(funnel: Funnel, analysis: Analysis, reference: Funnel | None, language: str) -> str:
    if reference is None:
        return word("no_reference", language)
    if not {row["name"] for row in funnel.stages()} & {row["name"] for row in reference.stages()}:
        return word("other_reference", language)
    rows = stages_below_reference(funnel, analysis, reference)
    if not rows:
        return word("none_below", language)
    table = _table(
        language,
        {
            "stage": [row["stage"] for row in rows],
            "owner": [row["owner"] or word("nobody", language) for row in rows],
            "rate": [percent(row["goes_on"], language) for row in rows],
            "reference_rate": [percent(row["goes_on_reference"], language) for row in rows],
            "recoverable": [money(row["recoverable"], language) for row in rows],
            "low": [money(row["low"], language) for row in rows],
            "high": [money(row["high"], language) for row in rows],
            "chance": [_chance(row["low"], row["high"], language) for row in rows],
        },
        right=("rate", "reference_rate", "recoverable", "low", "high"),
    )
    lines = [table]
    if analysis.unknown_values:
        lines.append(word("counted_in_wins", language))
    lines.append(word("accounting", language))
    return "\n".join(lines)


def _segment_text(
    segments: Sequence[Segment], analysis: Analysis, statistics: Statistics | None, language: str
) -> str:
    """Return a row a segment, then, by stage, how many of each went on."""
    column = "channel" if statistics is None else "segment"
    rows = segment_rows(segments)
    name = {row["segment"]: row["segment"] or word("no_channel", language) for row in rows}
    columns = {
        column: [name[row["segment"]] for row in rows],
        "entrants": [whole(row["entrants"], language) for row in rows],
        "wins": [whole(row["wins"], language) for row in rows],
        "conversion": [percent(row["conversion"], language) for row in rows],
        "dwell_mean": [days(row["days"], language) for row in rows],
    }
    for key in ("revenue", "cost", "cost_per_win"):
        if _has(statistics, "cost") if key != "revenue" else not analysis.unknown_values:
            columns[key] = [money(row[key], language) for row in rows]
    lines = [_table(language, columns, right=tuple(columns)[1:])]
    if statistics is None:
        return "\n".join([*lines, word("channels_share_rates", language)])
    found = [
        (segment.name, _going_on(segment.funnel), {stage["stage"]: stage for stage in row["stages"]})
        for segment, row in zip(segments, rows, strict=True)
    ]
    stages = [
        (segment, goes_on[name], own[name])
        for name in analysis.stages["stage"]
        for segment, goes_on, own in found
        if name in own
    ]
    by_stage = {
        "stage": [row["stage"] for _, _, row in stages],
        column: [segment for segment, _, _ in stages],
        "visits": [whole(row["visits"], language) for _, _, row in stages],
        "next_rate": [percent(share, language) for _, share, _ in stages],
        "lost": [whole(row["lost"], language) for _, _, row in stages],
        "dwell_mean": [days(row["dwell_mean"], language) for _, _, row in stages],
    }
    right = ("visits", "next_rate", "lost", "dwell_mean")
    return "\n\n".join([*lines, _table(language, by_stage, right=right, keys=2)])


def _chance(low: float, high: float, language: str) -> str:
    """Say whether an interval holds zero; a dash where there is no interval."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    return word("yes" if low <= 0 <= high else "no", language)


def _totals(analysis: Analysis, statistics: Statistics | None, language: str) -> str:
    won = [row for row in analysis.outcomes.to_dicts() if row["kind"] == "won"]
    wins = sum(row["count"] for row in won)
    lines = [
        f"{word('entrants', language)}: {whole(analysis.entrants, language)}",
        f"{word('wins', language)}: {whole(wins, language)}",
    ]
    costs = _has(statistics, "cost")
    if analysis.unknown_values:
        asked = statistics is not None and _has(statistics, "amount")
        lines.append(word("no_amount_known" if asked else "no_values", language))
    else:
        lines.append(f"{word('revenue', language)}: {money(analysis.revenue, language)}")
    if costs:
        lines.append(f"{word('cost', language)}: {money(analysis.cost, language)}")
        if not analysis.unknown_values:
            lines.append(f"{word('profit', language)}: {money(analysis.profit, language)}")
        if wins > 0:
            lines.append(f"{word('cost_per_win', language)}: {money(analysis.cost / wins, language)}")
    else:
        lines.append(word("no_costs", language))
    if len(won) == 1 and math.isfinite(won[0]["time_mean"]):
        mean = _local(f"{won[0]['time_mean']:.1f}", language)
        lines.append(f"{word('days_to_win', language)}: {mean}")
    return "\n".join(f"  {line}" for line in lines)


def _notes(
    funnel: Funnel, statistics: Statistics | None, segments: Sequence[Segment], language: str
) -> list[str]:
    lines = [f"- {issue(i.code, i.where, i.message, language)}" for i in funnel.validate()]
    for name, some in [("", funnel), *((segment.name, segment.funnel) for segment in segments)]:
        if stages := stages_all_open(some):
            where = ", ".join(stages) + (f" ({name})" if name else "")
            lines.append(f"- {word('all_open', language, where=where)}")
    if statistics is not None:
        lines += [
            f"- {note(row['code'], row['message'], row['count'], language)}"
            for row in statistics.notes.to_dicts()
        ]
    return lines


def _going_on(funnel: Funnel) -> dict[str, float]:
    """Return, by stage, the share of visits that go on to a stage or a win; NaN where all are open yet."""
    kinds = {row["name"]: row["kind"] for row in funnel.outcomes()}
    rates: dict[str, list[float]] = {row["name"]: [] for row in funnel.stages()}
    for row in funnel.transitions():
        if kinds.get(row["to"], "won") == "won":
            rates[row["from"]].append(row["rate"])
    shares = {stage: math.fsum(some) for stage, some in rates.items()}
    return shares | dict.fromkeys(stages_all_open(funnel), math.nan)


def _name(name: str, language: str) -> str:
    """Translate what the analysis named itself; names from data stay."""
    return word(name, language) if name in ("drop_off", "unowned") else name


def _bar(value: float, top: float) -> str:
    filled = round(_BAR_WIDTH * value / top) if top > 0 else 0
    return "█" * filled if filled or value <= 0 else "▏"


def _table(
    language: str, columns: dict[str, list[str]], right: Sequence[str], *, keys: int = 1, picture: str = ""
) -> str:
    """Return columns as text no wider than the page.

    What does not fit loses its `picture` first; then it goes on in further tables, each with the first
    `keys` columns.
    """
    page = shutil.get_terminal_size((PAGE_WIDTH, 24)).columns
    headings = {key: word(key, language) if key.strip() else key for key in columns}
    widths = {
        key: max(min(text_width(cell), SHOWN_CELL) for cell in (headings[key], *cells)) + 2
        for key, cells in columns.items()
    }
    rest = list(columns)
    if picture and sum(widths.values()) - 2 > page:
        rest.remove(picture)
    table = Table(
        {headings[key]: cells for key, cells in columns.items()}, right=[headings[key] for key in right]
    )
    first, rest = rest[:keys], rest[keys:]
    parts = []
    while rest:
        kept = [*first, rest.pop(0)]
        while rest and sum(widths[key] for key in (*kept, rest[0])) - 2 <= page:
            kept.append(rest.pop(0))
        parts.append(table.select(*(headings[key] for key in kept)).to_text(width=sum(widths.values())))
    return "\n\n".join(parts)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value

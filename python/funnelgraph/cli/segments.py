"""The same report for each segment, or each channel of entry: its own conversion, money and waiting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .. import Analysis, Funnel


class Segment(NamedTuple):
    """One segment's funnel and what comes of it; None where no journey enters at a stage."""

    name: str
    funnel: Funnel
    analysis: Analysis | None


def funnels_by_channel(funnel: Funnel) -> dict[str, Funnel]:
    """Return a copy of the funnel for each channel of entry, with the entrants of that channel only.

    A channel may enter at several stages; an entry without a channel stands under an empty name. Fixed
    costs belong to no channel and are 0 in the copies. Empty where there are fewer than two channels.
    """
    from ..parameters import fixed_cost, volume

    entries = [(row["stage"], row["channel"]) for row in funnel.entries()]
    channels = dict.fromkeys(channel for _, channel in entries)
    if len(channels) < 2:
        return {}
    found: dict[str, Funnel] = {}
    for channel in channels:
        only = funnel.copy()
        for stage, other in entries:
            if other != channel:
                only.set(volume(stage, channel=other), 0)
        for owner in only.owners():
            if owner["fixed_cost"]:
                only.set(fixed_cost(owner["name"]), 0)
        found[channel] = only
    return found


def stages_all_open(funnel: Funnel) -> list[str]:
    """Return the stages of a fitted funnel in which everybody still is: where they go is not known."""
    from ..enums import SourceKind

    left = {row["from"] for row in funnel.transitions()}
    return [
        row["name"]
        for row in funnel.stages()
        if row["drop_off"] == 1
        and row["drop_off"].source == SourceKind.PLACEHOLDER
        and row["name"] not in left
    ]


def segment_rows(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    """Return what each segment comes to, in the order given.

    Each is a dict with ``segment``, ``entrants``, ``wins``, ``conversion`` (wins per entrant), ``days`` (to
    a win), ``revenue``, ``cost``, ``cost_per_win``, ``stages``, the table of its stages as dicts, and
    ``all_open``, those of which nothing is known yet. NaN is unknown.
    """
    rows: list[dict[str, Any]] = []
    nan = float("nan")
    unknown = ("wins", "conversion", "days", "revenue", "cost", "cost_per_win")
    for name, funnel, analysis in segments:
        if analysis is None:
            empty: dict[str, Any] = {"stages": [], "all_open": []}
            rows.append({"segment": name, "entrants": 0.0, **dict.fromkeys(unknown, nan), **empty})
            continue
        won = [row for row in analysis.outcomes.to_dicts() if row["kind"] == "won"]
        wins = sum(row["count"] for row in won)
        entrants = analysis.entrants
        arrived = [row for row in won if row["count"] > 0]
        rows.append(
            {
                "segment": name,
                "entrants": entrants,
                "wins": wins,
                "conversion": wins / entrants if entrants > 0 else nan,
                "days": sum(row["count"] * row["time_mean"] for row in arrived) / wins if arrived else nan,
                "revenue": nan if analysis.unknown_values else analysis.revenue,
                "cost": analysis.cost,
                "cost_per_win": analysis.cost / wins if wins > 0 else nan,
                "stages": analysis.stages.to_dicts(),
                "all_open": stages_all_open(funnel),
            }
        )
    return rows

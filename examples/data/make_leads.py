"""Make leads.csv: 600 leads of an invented language school, from a fixed seed.

A row a lead, with a date per stage: lead -> trial (a trial lesson) -> offer -> enrolled. Most of those
who are lost say why; the most recent leads are still open.
"""

from __future__ import annotations

import csv
import math
import random
from datetime import date, timedelta
from pathlib import Path

CHANNELS = (("search", 0.45, 14.0), ("social", 0.40, 6.0), ("referral", 0.15, 0.0))
TRIAL = {"search": 0.48, "social": 0.22, "referral": 0.71}
REASONS = ("price", "no suitable hours", "answered too late", "went elsewhere", "never answered")
UNTIL = date(2025, 12, 31)


def pick(draw: random.Random, choices: tuple[tuple[str, float, float], ...]) -> tuple[str, float, float]:
    """One of the choices by its share."""
    rest = draw.random()
    for choice in choices:
        rest -= choice[1]
        if rest < 0:
            return choice
    return choices[-1]


def wait(draw: random.Random, mean: float) -> timedelta:
    """Whole days, exponential before rounding."""
    return timedelta(days=round(-mean * math.log1p(-draw.random())))


def lead(draw: random.Random, number: int) -> dict[str, str]:
    """One lead with all that is known of it at the end of the year."""
    channel, _, cost = pick(draw, CHANNELS)
    made = date(2025, 7, 1) + timedelta(days=int(draw.random() * 184))
    dates = {"lead": made}
    reason, lost = "", made
    steps = (("trial", TRIAL[channel], 5.0), ("offer", 0.72, 3.0), ("enrolled", 0.58, 9.0))
    today = made
    for stage, rate, days in steps:
        today += wait(draw, days)
        if draw.random() < rate:
            dates[stage] = today
            continue
        if today + timedelta(days=21) <= UNTIL:
            reason = REASONS[int(draw.random() * len(REASONS))]
            lost = today + timedelta(days=7 + int(draw.random() * 14))
        break
    known = {stage: day for stage, day in dates.items() if day <= UNTIL}
    paid = 480 + 120 * int(draw.random() * 4)
    return {
        "lead_id": f"L{number:04}",
        "channel": channel,
        **{
            stage: known[stage].isoformat() if stage in known else ""
            for stage in ("lead", "trial", "offer", "enrolled")
        },
        "lost_reason": reason,
        "lost_on": lost.isoformat() if reason else "",
        "amount": str(paid) if "enrolled" in known else "",
        "cost": f"{cost * (0.6 + 0.8 * draw.random()):.2f}",
    }


def main() -> None:
    """Write leads.csv beside this file."""
    draw = random.Random(20251231)
    rows = sorted((lead(draw, n) for n in range(1, 601)), key=lambda row: row["lead"])
    with Path(__file__).with_name("leads.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()

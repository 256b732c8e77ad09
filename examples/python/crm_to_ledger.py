"""From a CRM table to who loses what.

Usage: python crm_to_ledger.py [FOLDER], with leads.csv in the folder (examples/data).
"""

import sys
from pathlib import Path

import pandas as pd

import funnelgraph as fg


def main() -> None:
    """Read, count, build, analyse."""
    # 1. Read the table.
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "data"
    dates = ["lead", "trial", "offer", "enrolled", "lost_on"]
    leads = pd.read_csv(folder / "leads.csv", parse_dates=dates)

    # 2. Count journeys: a row a lead, a date a stage. Who answers for which reason is said here.
    stats = fg.fit.milestones(
        leads,
        journey="lead_id",
        stages={"lead": "lead", "trial": "trial", "offer": "offer", "enrolled": "enrolled"},
        lost="lost_reason",
        lost_at="lost_on",
        reasons={
            "price": "Company",
            "no suitable hours": "Company",
            "answered too late": "Sales",
            "went elsewhere": "Outside",
        },
        amount="amount",
        cost="cost",
        segment="channel",
    )
    for note in stats.notes.to_dict("records"):
        print("note:", note["message"])

    # 3. A funnel with owners: all numbers measured, with their n.
    school = stats.to_funnel(
        name="Language school",
        currency="EUR",
        period="half year",
        owners={"lead": "Marketing", "trial": "Care", "offer": "Sales"},
        values={"enrolled": "amount"},
    )

    # 4. The ledger: its rows add up to the totals.
    result = fg.analyze(school)
    print(f"{result.count('enrolled'):.1f} enrolments worth {result.revenue:.0f}, ", end="")
    print(f"for {result.cost:.0f} of advertising\n")
    print(f"{'owner':<10} {'received':>9} {'passed on':>9} {'lost':>9} {'days':>9}")
    for row in result.owners.to_dict("records"):
        print(
            f"{row['owner']:<10} {row['received']:9.1f} {row['passed_on']:9.1f} {row['lost']:9.1f} "
            f"{row['waiting_days']:9.0f}"
        )
    print(f"\n{'hand-off':<22} {'':<22} {'volume':>9} {'days':>9}")
    for row in result.hand_offs.to_dict("records"):
        giver, receiver = f"{row['from']} ({row['giver']})", f"{row['to']} ({row['receiver']})"
        print(f"{giver:<22} {receiver:<22} {row['volume']:9.1f} {row['lag_mean']:9.1f}")


if __name__ == "__main__":
    main()

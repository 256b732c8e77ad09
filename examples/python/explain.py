"""Who caused it: two years of a school's leads, explained by owner, with a page that both heads can read."""

from pathlib import Path

import pandas as pd

import funnelgraph as fg

leads = pd.read_csv(
    Path(__file__).parents[1] / "data" / "leads.csv", parse_dates=["lead", "trial", "offer", "enrolled"]
)


def half(rows: pd.DataFrame, name: str) -> fg.Funnel:
    """Return the funnel of the leads that entered in one half of the year."""
    stats = fg.fit.milestones(
        rows,
        journey="lead_id",
        stages={"lead": "lead", "trial": "trial", "offer": "offer", "enrolled": "enrolled"},
        lost="lost_reason",
        amount="amount",
        until="2025-12-31",
    )
    return stats.to_funnel(
        name=name,
        period="half-year",
        owners={"lead": "Marketing", "trial": "Care", "offer": "Sales"},
        outcomes={"enrolled": "won"},
        values={"enrolled": "amount"},
        losses="total",
    )


early = leads["lead"] < leads["lead"].median()
first, second = half(leads[early], "first half"), half(leads[~early], "second half")

e = fg.explain(
    first,
    second,
    metric=fg.metric.count("enrolled"),
    by="owner",
    basis="leads of the second half of the list against those of the first",
    allow_immature=True,
)
print(e)
print(
    fg.explain(first, second, metric=fg.metric.revenue(), by=("owner", "factor"), allow_immature=True).table
)
for language in ("en", "vi"):
    print(f"\n{e.summary(language=language)}")

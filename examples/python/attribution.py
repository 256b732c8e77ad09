"""Which channels the conversions of journeys are credited to, by seven methods, with owners and intervals.

Also of the public sample of 10,000 paths, where FUNNELGRAPH_DATA names the folder that has it.
"""

import os
from pathlib import Path

import funnelgraph as fg

SIDES = {"M": "Marketing", "S": "Sales"}

# Touches as a CRM and a web log give them: a row a touch, with its owner.
touches = {
    "lead": [1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5],
    "channel": ["ad", "search", "call", "search", "call", "ad", "mail", "visit", "ad", "mail", "call"],
    "day": [0, 4, 6, 1, 2, 0, 9, 12, 3, 2, 5],
    "sold": [1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0],
    "price": [900, 900, 900, None, None, 1500, 1500, 1500, None, None, None],
    "owner": [SIDES[side] for side in "MMSMSMMSMMS"],
}
result = fg.attribute_channels(
    touches,
    method="all",
    journey="lead",
    channel="channel",
    time="day",
    converted="sold",
    value="price",
    owner="owner",
)
print(result.header)
print(result.side_by_side())
print(result.owners)

# Without Sales' touches nothing can be said between owners.
web = {name: [cell for cell, owner in zip(cells, touches["owner"], strict=True) if owner != "Sales"]
       for name, cells in touches.items()}  # fmt: skip
alone = fg.attribute_channels(
    web, journey="lead", channel="channel", time="day", converted="sold", owner="owner"
)
print(*alone.notes, sep="\n")

folder = os.environ.get("FUNNELGRAPH_DATA")
if folder and (Path(folder) / "channelattribution" / "Data.csv").is_file():
    paths = fg.fit.read_table(Path(folder) / "channelattribution" / "Data.csv")
    real = fg.attribute_channels(paths, method="all")
    print(real.side_by_side())
    sure = fg.attribute_channels(paths, method=["markov", "last"], bootstrap=200, seed=1)
    print(sure.table.select("method", "channel", "share", "share_low", "share_high"))
    print(*sure.notes, sep="\n")
    for order in (1, 2, 3):
        effect = fg.attribute_channels(paths, order=order).credit("alpha").removal_effect
        print(f"order {order}: {effect:.4f} of the conversions are lost without alpha")

"""From one week's table to the page that Marketing and Sales sign, and to what became of it."""

import numpy as np

import funnelgraph as fg

# What both agreed for the week.
both = ["Marketing", "Sales"]
plan = fg.datasets.sandal_shop_plan()
plan.set(fg.service_level("enquiry", "order"), fg.agreed(1, by=both))
page = fg.agreement(
    plan,
    quality=0.8,
    answered_share=0.6,
    feedback_share=0.9,
    definitions={
        "reached": "saw a post of the shop",
        "engaged": "liked, shared or wrote",
        "enquiry": "asked for a price or a size",
        "order": "confirmed by phone or inbox",
    },
    accept_if={"enquiry": "phone or inbox known"},
    reasons=fg.datasets.sandal_shop_reasons(),
    review="every two weeks",
)
print(page.to_text())

# What the week brought.
week = fg.datasets.sandal_shop()
asked = {name: column[~np.isnat(week["enquiry"])] for name, column in week.items()}
record = fg.hand_off_record(
    asked, delivered="enquiry", touched="order", reason="", within=1, until="2026-03-31"
)
print(record)
print(record.policies.select("policy", "owner", "borne", "share", "rank"))
print("The ranking rests on how one counts." if record.ranking_changes else "Every policy ranks alike.")

levels = fg.service_levels(
    asked,
    rules=[fg.ServiceLevel("enquiry", "order", within=1)],
    by=["segment"],
    stages={"enquiry": "enquiry", "order": "order"},
    journey="person",
    segment="channel",
    until="2026-03-31",
)
print(levels.table.select("segment", "in_time", "late", "share", "low", "high"))
print(fg.loss_reasons(week, reason="lost_reason", owners=fg.datasets.sandal_shop_reasons()).owners)

stages = {name: name for name in ("reached", "engaged", "enquiry", "order", "delivered")}
stats = fg.fit.milestones(
    week, journey="person", stages=stages, lost="lost_reason", amount="amount", cost="cost"
)
owners = {"reached": "Marketing", "engaged": "Marketing", "enquiry": "Sales", "order": "Sales"}
values = {"delivered": "amount"}
shop = stats.to_funnel(owners=owners, values=values, open="lost", currency="VND", period="week")
print(page.measure(stats, record, levels=levels).select("kind", "by", "promised", "actual", "status"))
print(fg.scorecard(shop, role="economics", plan=plan))
print(fg.control_shares(shop, fg.metric.revenue()).select("owner", "share", "enough"))

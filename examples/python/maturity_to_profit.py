"""From answers to advice, to a scenario, to profit: a sandal shop whose two sides see two companies.

``maturity_to_profit.py [en | vi]``
"""

import sys

import funnelgraph as fg

language = sys.argv[1] if len(sys.argv) > 1 else "en"
sys.stdout.reconfigure(encoding="utf-8")
words = {
    "en": {
        "marketing": "Marketing",
        "sales": "Sales",
        "to": "to",
        "profit": "profit a week",
        "if": "VND, if all is as assumed",
        "year": "gain in a year",
        "for": "VND, for a cost of",
        "draws": "of the draws pay",
    },
    "vi": {
        "marketing": "Marketing",
        "sales": "Bán hàng",
        "to": "đến",
        "profit": "lợi nhuận mỗi tuần",
        "if": "đồng, nếu mọi giả định đều đúng",
        "year": "lợi ích trong một năm",
        "for": "đồng, với chi phí",
        "draws": "số lần thử có lãi",
    },
}[language]

# ---- the funnel: a week of the shop -----------------------------------------------------------------
shop = fg.Funnel("Sandal shop", currency="VND", period="week")
shop.add_owner("Marketing", role="marketing")
shop.add_owner("Sales", role="sales", fixed_cost=24_000_000)
shop.add_stage("reached", owner="Marketing", unit="people")
shop.add_stage("engaged", owner="Marketing", unit="people")
shop.add_stage("enquiry", owner="Sales", cost=5_000, definition="asked price or size")
shop.add_stage("order", owner="Sales", cost=12_000)
shop.add_outcome("customer", kind="won", owner="Sales", value=420_000, commission=0.02)  # margin
shop.add_transition("reached", "engaged", rate=fg.measured(0.0356, n=200_000), lag=0)
shop.add_transition("engaged", "enquiry", rate=fg.measured(0.28, n=7_120), lag=0.5, service_level=1)
shop.add_transition("enquiry", "order", rate=fg.estimated(0.35, by="Sales"), lag=2)
shop.add_transition("order", "customer", rate=fg.agreed(0.98, by=["Marketing", "Sales"]), lag=1)
shop.add_entry("reached", volume=200_000, cost=150, channel="facebook")
profit = shop.analyze().profit

# ---- 1. what the two sides say ----------------------------------------------------------------------
inst = fg.maturity.instrument(language=language)
people = [("Marketing", "staff")] * 8 + [("Sales", "staff")] * 8
table = {
    "id": [f"p{i}" for i in range(len(people))],
    "department": [department for department, _ in people],
    "level": [level for _, level in people],
}
for number, item in enumerate(inst.items):
    table[item.id] = [
        (3 if department == "Marketing" else 2) + (person + number) % 2
        for person, (department, _) in enumerate(people)
    ]
table["feedback"] = [4 if department == "Marketing" else 1 for department, _ in people]
m = fg.maturity.assess(table, respondent="id", side="department", instrument=inst)
bands = {band.id: band.name for band in inst.bands}
for which in ("marketing", "sales"):
    side = m.sides[which]
    sure = f"{side.low:.1f} {words['to']} {side.high:.1f}"
    print(f"1. {words[which]}: {side.score:.1f} ({sure}), {bands[side.band]}")

# ---- 2. what the data shows, and where the two disagree ---------------------------------------------
shown = fg.maturity.evidence(
    shop, figures={"feedback": fg.measured(0.2, n=150), "shared_measures": 0.1}, language=language
)
print("2.", shown.text)
for row in shown.beside(m).filter(lambda row: row.finding in ("opinion_higher", "opinion_lower")).head(2):
    print("  ", row.text)

# ---- 3. what they rub against each other about, and whether to move ---------------------------------
print("3.", fg.maturity.friction(m, shop, marketing_role="own_function").text)
advice = m.advice({"life_cycles_shorten": True, "no_compelling_reason": False}, marketing_role="own_function")
print("  ", f"{bands[advice.now]} -> {bands[advice.next]}:", advice.text)
chosen = [row.action for row in m.actions.head(3)]
print("  ", ", ".join(m.actions.head(3)["name"].tolist()))

# ---- 4. the move as a scenario: break-even first ----------------------------------------------------
move = fg.maturity.effects(advice.now, advice.next, shop, actions=chosen, language=language)
pays = move.break_even(day_cost=1_200_000, horizon=365)
print("4.", pays.text)
for row in pays.alone:
    print("  ", row.text)
for row in move.left_out:
    print("   -", row.effect, row.where, row.why)

# ---- 5. and only then the value ---------------------------------------------------------------------
after = shop.apply(move).analyze()
print(f"5. {words['profit']}: {profit:,.0f} -> {after.profit:,.0f} {words['if']}")
print(
    f"   {words['year']}: {pays.gain:,.0f} ({pays.gain_low:,.0f} {words['to']} {pays.gain_high:,.0f})",
    end=" ",
)
print(f"{words['for']} {pays.cost[0]:,.0f} {words['to']} {pays.cost[1]:,.0f};", end=" ")
print(f"{pays.paying:.0%} {words['draws']}")

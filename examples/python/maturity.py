"""From answers to advice and actions: a small company whose two sides see two different ones."""

import funnelgraph as fg

inst = fg.maturity.instrument(language="en")

# Eight of each side and Sales' head. Marketing thinks feedback flows; Sales does not.
people = [("Marketing", "staff")] * 8 + [("Sales", "staff")] * 8 + [("Sales", "head")]
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
table["feedback"] = [5 if department == "Marketing" else 1 for department, _ in people]

m = fg.maturity.assess(table, respondent="id", side="department", level="level")
for which in ("marketing", "sales"):
    side = m.sides[which]
    print(f"{which}: {side.score:.1f} ({side.low:.1f} to {side.high:.1f}), {side.band}")
print(f"overall: {m.overall.score:.2f}, {m.overall.band}: {m.overall.method}")
print(m.gap.select("topic", "marketing", "sales", "gap", "p_adjusted").head(3))
print(m.levels)  # the head did not agree to be shown apart
print(m.advice({"life_cycles_shorten": True, "traditional_roles_work": True}, marketing_role="own_function"))
print(m.actions.select("name", "owner", "cadence", "weakest").head(3))

vietnamese = fg.maturity.assess(table, respondent="id", side="department", language="vi")
print(vietnamese.advice({"life_cycles_shorten": True}).text)
print(vietnamese.actions.select("name", "cadence").head(3))

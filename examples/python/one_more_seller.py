"""One more seller, or that money to Marketing? And what commission by quota does to the choice of product.

Every number is made up: the rates are assumed, the response curves are placeholders for a company's own.
"""

import funnelgraph as fg

SELLER = 12_000_000  # VND a week, with her desk
TALKS = 120  # enquiries that one seller can talk to in a week


def sandal_shop(enquiry_rate: float = 0.02, talks: float = 4 * TALKS) -> fg.Funnel:
    """Return the shop with four sellers; `enquiry_rate` of those reached ask."""
    shop = fg.Funnel("Sandal shop", currency="VND", period="week")
    shop.add_owner("Marketing", role="marketing")
    shop.add_owner("Sales", role="sales")
    shop.add_stage("reached", owner="Marketing", unit="people")
    shop.add_stage("talk", owner="Sales", unit="people", capacity=talks)
    shop.add_outcome("customer", kind="won", value=900_000)
    shop.add_transition("reached", "talk", rate=enquiry_rate)
    shop.add_transition("talk", "customer", rate=fg.placeholder(0.35))
    shop.add_entry("reached", volume=20_000, channel="facebook")
    return shop


reach = fg.Hill(half_saturation=60_000_000, maximum=80_000)  # 20,000 people for 20 million
talks = fg.LinearResponse(TALKS / SELLER)
REACH, SEATS = fg.volume("reached", channel="facebook"), fg.capacity("talk")
spent = {REACH: 20_000_000, SEATS: 4 * SELLER}

# 1. The same money for one or the other. Who is not talked to is lost: capacity="cap".
shop = sandal_shop()


def profit_with(funnel: fg.Funnel, advertising: float, sellers: float) -> float:
    """Return the week's profit, the budget paid."""
    plan = fg.Scenario("x").set(REACH, reach(advertising)).set(SEATS, talks(sellers))
    return fg.evaluate(funnel.apply(plan), fg.metric.profit(), capacity="cap") - advertising - sellers


def seller_less_marketing(enquiry_rate: float) -> float:
    """Return what one more seller brings beyond the same money in advertising."""
    funnel = sandal_shop(enquiry_rate)
    with_seller = profit_with(funnel, spent[REACH], spent[SEATS] + SELLER)
    with_marketing = profit_with(funnel, spent[REACH] + SELLER, spent[SEATS])
    return with_seller - with_marketing


for rate in (0.02, 0.03):
    worth = seller_less_marketing(rate)
    print(f"at {rate:.1%} asking: one more seller is worth {worth:+,.0f} VND more than advertising")

# 2. The break-even: the share that asks from which the seller is the better use of the money.
low, high = 0.01, 0.03
while high - low > 1e-7:
    middle = (low + high) / 2
    low, high = (middle, high) if seller_less_marketing(middle) < 0 else (low, middle)
print(f"break-even: {high:.2%} of those reached ask")

# 3. The best split of the same money, and what a further unit of it brings.
plan = fg.allocate(
    shop,
    budget=sum(spent.values()),
    responses={REACH: reach, SEATS: talks},
    current=spent,
    name="best split",
)
today = fg.allocation_at(shop, spent, responses={REACH: reach, SEATS: talks}, name="today")
print(plan.table.select("parameter", "spend", "current", "net_marginal", "at_bound"))
print(fg.compare_plans(shop, [today, plan]))
print(f"{plan.guarantee}: a further 1,000 VND a week is worth {1000 * plan.shadow_price:,.0f}")

# 4. Sales has a quota on revenue, Marketing is judged by margin: what would each side push?
choice = fg.product_choice(
    [
        fg.Product("sandal", 300_000, 200_000, 0.15, 0.5, deal_price=220_000, deal_closing=0.5),
        fg.Product("boot", 900_000, 400_000, 0.10, 1.0, deal_price=700_000, deal_closing=0.15),
    ],
    schemes=[
        fg.Reward("Sales", quota=30_000_000, bonus=1_000_000),
        fg.Reward("Marketing", "margin", 1.0, scarce="enquiries", paid=False),
    ],
    hours=160,
)
print(choice.sides.select("side", "pushes", "revenue", "margin", "net", "loss"))

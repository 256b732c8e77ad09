"""How sure is the plan? Draw the uncertain numbers, find the one that matters, and settle two beliefs."""

import funnelgraph as fg


def shop(order, by):
    """The sandal shop as one side sees it."""
    funnel = fg.Funnel("Sandal shop", currency="VND", period="week")
    funnel.add_owner("Marketing", role="marketing")
    funnel.add_owner("Sales", role="sales")
    funnel.add_stage("reached", owner="Marketing", unit="people")
    funnel.add_stage("enquiry", owner="Sales", cost=fg.between(3_000, 8_000))
    funnel.add_outcome("order", kind="won", value=2_000_000, owner="Sales")
    funnel.add_outcome("competitor", kind="lost", owner="Sales")
    funnel.add_transition("reached", "enquiry", rate=fg.measured(0.01, n=20_000), lag=1)
    funnel.add_transition("enquiry", "order", rate=fg.estimated(order, by=by), lag=fg.Lag.exponential(mean=2))
    funnel.add_transition("enquiry", "competitor", rate=fg.between(0.1, 0.3), lag=1)
    funnel.add_entry("reached", volume=200_000, cost=150, channel="facebook")
    return funnel


marketing, sales = shop(0.35, "Marketing"), shop(0.25, "Sales")
order = fg.rate("enquiry", "order")
profit, orders = fg.metric.profit(), fg.metric.count("order")

# Everything that has an interval or counts, and what nobody has measured yet.
beliefs = {**fg.uncertain(marketing), order: fg.Beta(between=(0.2, 0.4))}
quick = fg.Scenario("Call within a day").scale_odds(order, 1.3)
result = fg.monte_carlo(
    marketing, beliefs, metrics=[orders, profit], scenarios=quick, n=20_000, seed=7, targets={orders: 700}
)
print(result.table.select("scenario", "metric", "point", "mean", "sd", "q5", "q50", "q95"))
print(result.differences.select("scenario", "metric", "mean", "sd", "more"))
print(result.targets)

# Which number makes the profit unsure?
print(fg.sobol(marketing, beliefs, metrics=profit, n=1024).table.select("parameter", "first", "total"))

# The two sides disagree: what is it worth, and does it matter for the decision?
advert = fg.Scenario("More advertising").scale(fg.volume("reached"), 1.5)
found = fg.disagree({"Marketing": marketing, "Sales": sales}, profit, scenarios=[quick, advert])
print(found.table)

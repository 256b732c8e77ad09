"""What if: the sandal shop wants 3,000,000,000 VND instead of 2. What would it take, and what is it worth?"""

import numpy as np

import funnelgraph as fg

shop = fg.datasets.sandal_shop_plan()
closing, reach = fg.rate("enquiry", "order"), fg.volume("reached")
buyers, profit = fg.metric.count("delivered"), fg.metric.profit()

# Scenarios beside each other.
quick = fg.Scenario("Call within a day").scale_odds(closing, 1.3)
advert = fg.Scenario("More advertising").scale(reach, 1.2).scale(fg.entry_cost("reached"), 1.05)
print(fg.compare(shop, [quick, advert, quick | advert], metrics=[buyers, profit]).wide())

# The same under futures that nobody chooses.
slump = fg.Scenario("Slump").scale(fg.rate("engaged", "enquiry"), 0.7)
boom = fg.Scenario("Boom").scale(fg.rate("engaged", "enquiry"), 1.2)
print(fg.compare(shop, [quick, advert], [profit], futures=[slump, boom]).picks)

# From the target back along the whole funnel, and the other way: one number, or the least of several.
back = fg.back_propagate(shop, fg.metric.revenue(), 3_000_000_000)
print(back.table.select("place", "name", "now", "needed", "feasible"))
print(back.rates.select("from", "to", "now", "needed"))
print(fg.goal_seek(shop, buyers, target=1_500, vary=closing))
print(fg.goal_seek(shop, buyers, target=1_500, vary=[reach, closing, fg.rate("engaged", "enquiry")]))

# Before any gain: what must come true for it to pay?
print(
    fg.break_even(shop, quick | fg.Scenario("Wages").shift(fg.fixed_cost("Sales"), 60_000_000), vary=closing)
)

# A whole curve, and what matters most.
curve = fg.sweep(shop, {closing: np.linspace(0.3, 0.7, 5)}, metrics=[buyers, profit])
print(curve)
tornado = fg.tornado(shop, profit, relative=0.1)
print(tornado.select("parameter", "metric_low", "metric_high", "owner").head(4))

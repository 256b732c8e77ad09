"""Distributions, Monte Carlo, Sobol indices and two beliefs from Python."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funnelgraph as fg

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shop() -> fg.Funnel:
    funnel = fg.Funnel("Sandal shop", currency="VND")
    funnel.add_owner("Marketing", role="marketing")
    funnel.add_owner("Sales", role="sales")
    funnel.add_stage("reached", owner="Marketing")
    funnel.add_stage("enquiry", owner="Sales", cost=fg.between(4, 6))
    funnel.add_stage("order", owner="Sales", value=200)
    funnel.add_outcome("customer", kind="won")
    funnel.add_outcome("competitor", kind="lost")
    funnel.add_transition("reached", "enquiry", rate=fg.measured(0.2, n=500), lag=1)
    funnel.add_transition("enquiry", "order", rate=fg.between(0.2, 0.4), lag=fg.Lag.gamma(mean=2, sd=1))
    funnel.add_transition("enquiry", "competitor", rate=0.3, lag=1)
    funnel.add_transition("order", "customer", rate=0.9, lag=1)
    funnel.add_entry("reached", volume=1_000, cost=2, channel="facebook")
    return funnel


ORDER = fg.rate("enquiry", "order")
CUSTOMERS = fg.metric.count("customer")


# ---- distributions -----------------------------------------------------------------------------------


def all_distributions() -> list[fg.Distribution]:
    return [
        fg.Beta(35, 65),
        fg.Beta(between=(0.2, 0.4)),
        fg.Gamma(mean=2, sd=1.5),
        fg.Gamma(shape=2, scale=3),
        fg.Lognormal(mean=2, sd=1),
        fg.Lognormal(between=(100, 400)),
        fg.Lognormal(log_mean=0, log_sd=1),
        fg.Normal(1, 2),
        fg.Normal(0.3, 0.1, low=0, high=1),
        fg.Normal(between=(-1, 3), level=0.95),
        fg.Triangular(0, 1, 5),
        fg.Pert(0, 1, 5),
        fg.Uniform(-1, 1),
        fg.Constant(3),
        fg.Empirical([1.0, 5.0, 5.0, 7.0]),
        fg.Empirical(np.array([1, 5, 7])),
        fg.Empirical(quantiles={0: 1, 1: 9, 0.5: 2}),
    ]


@pytest.mark.parametrize("distribution", all_distributions(), ids=repr)
def test_a_distribution_is_a_value(distribution: fg.Distribution) -> None:
    assert pickle.loads(pickle.dumps(distribution)) == distribution
    assert copy.copy(distribution) == distribution
    assert hash(pickle.loads(pickle.dumps(distribution))) == hash(distribution)
    draws = distribution.sample(20_000, seed=3)
    assert abs(draws.mean() - distribution.mean) <= 5 * distribution.sd / np.sqrt(len(draws))
    assert distribution.low <= draws.min() <= draws.max() <= distribution.high
    assert np.array_equal(draws[:100], distribution.sample(100, seed=3))


def test_distributions_agree_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    pairs = [
        (fg.Beta(35, 65), stats.beta(35, 65)),
        (fg.Gamma(mean=2, sd=1), stats.gamma(4, scale=0.5)),
        (fg.Lognormal(log_mean=1, log_sd=0.5), stats.lognorm(0.5, scale=np.e)),
        (fg.Normal(0.3, 0.1, low=0, high=1), stats.truncnorm(-3, 7, loc=0.3, scale=0.1)),
        (fg.Triangular(0, 1, 5), stats.triang(0.2, 0, 5)),
        (fg.Pert(0, 1, 5), stats.beta(1.8, 4.2, scale=5)),
    ]
    for ours, theirs in pairs:
        assert ours.mean == pytest.approx(theirs.mean(), rel=1e-10)
        assert ours.sd == pytest.approx(theirs.std(), rel=1e-10)
        for p in (0.001, 0.2, 0.5, 0.99):
            assert ours.quantile(p) == pytest.approx(theirs.ppf(p), rel=1e-9)
            assert ours.cdf(theirs.ppf(p)) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: fg.Beta(0, 1), fg.InvalidValueError),
        (lambda: fg.Beta(float("nan"), 1), fg.InvalidValueError),
        (lambda: fg.Beta(1), TypeError),
        (lambda: fg.Beta(1, 2, between=(0.1, 0.2)), TypeError),
        (lambda: fg.Beta(between=(0.1, 1.2)), fg.InvalidValueError),
        (lambda: fg.Beta(between=0.1), TypeError),
        (lambda: fg.Beta("a", "b"), TypeError),
        (lambda: fg.Gamma(mean=-1, sd=1), fg.InvalidValueError),
        (lambda: fg.Gamma(shape=1), TypeError),
        (lambda: fg.Gamma(), TypeError),
        (lambda: fg.Lognormal(log_mean=1), TypeError),
        (lambda: fg.Lognormal(1, 1, log_mean=1, log_sd=1), TypeError),
        (lambda: fg.Normal(0, 0), fg.InvalidValueError),
        (lambda: fg.Normal(between=(0, 1), low=0), TypeError),
        (lambda: fg.Uniform(2, 1), fg.InvalidValueError),
        (lambda: fg.Triangular(0, 7, 5), fg.InvalidValueError),
        (lambda: fg.Empirical([]), fg.InvalidValueError),
        (lambda: fg.Empirical([1, float("nan")]), fg.InvalidValueError),
        (lambda: fg.Empirical(), TypeError),
        (lambda: fg.Empirical("abc"), TypeError),
        (lambda: fg.Empirical(quantiles={0: 1, 0.9: 2}), fg.InvalidValueError),
        (lambda: fg.Dirichlet({"order": 1}), fg.InvalidValueError),
        (lambda: fg.Dirichlet({"order": 1, "lost": 0}), fg.InvalidValueError),
        (lambda: fg.Dirichlet([1, 2]), TypeError),
        (lambda: fg.Beta(1, 1).quantile(2), fg.InvalidValueError),
        (lambda: fg.Beta(1, 1).sample(-1), fg.InvalidValueError),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(make, error) -> None:
    with pytest.raises(error):
        make()


def test_everything_with_an_interval_or_counts_is_uncertain(shop: fg.Funnel) -> None:
    """An interval can stand wherever a number can, and is drawn from."""
    found = fg.uncertain(shop)
    assert found == {
        fg.rate("reached", "enquiry"): fg.Beta(100.5, 400.5),
        ORDER: fg.Beta(between=(0.2, 0.4)),
        fg.cost("enquiry"): fg.Lognormal(between=(4, 6)),
    }
    both = [fg.monte_carlo(shop, parameters, n=200) for parameters in ("uncertain", found)]
    assert both[0].table == both[1].table


# ---- Monte Carlo -------------------------------------------------------------------------------------


def test_scenarios_share_the_draws(shop: fg.Funnel) -> None:
    """What if Sales called at once, with numbers that nobody is sure of."""
    before = fg.Funnel(shop)
    quick = fg.Scenario("Call within a day").scale_odds(ORDER, 1.3)
    advert = fg.Scenario("More advertising").scale(fg.volume("reached", channel="facebook"), 1.2)
    result = fg.monte_carlo(
        shop,
        {ORDER: fg.Beta(35, 65), fg.cost("enquiry"): fg.Gamma(mean=5, sd=1)},
        metrics=[CUSTOMERS, fg.metric.profit()],
        scenarios=[quick, advert, quick | advert],
        n=4_000,
        seed=7,
        targets={CUSTOMERS: 70, fg.metric.cost(): ("<=", 3_200)},
        keep_draws=True,
    )
    assert shop == before
    assert result.draws == 4_000
    assert result.table["scenario"].tolist()[::3] == ["base", quick.name, advert.name, (quick | advert).name]
    # Draw by draw what Python finds by itself.
    p = result.drawn[ORDER]
    base = result.results(CUSTOMERS)
    assert np.allclose(base, 1_000 * 0.2 * p * 0.9, rtol=1e-12)
    x = (1 - p) * 0 + (1 - p)  # the leak: competitor and drop-off
    odds = (p + x) * 1.3 * p / (1.3 * p + x)
    assert np.allclose(result.results(CUSTOMERS, scenario=quick), 1_000 * 0.2 * odds * 0.9, rtol=1e-12)
    assert np.allclose(result.results(CUSTOMERS, scenario=advert), 1.2 * base, rtol=1e-12)
    row = result.table[0]
    assert row.mean == pytest.approx(base.mean(), rel=1e-12)
    assert row.sd == pytest.approx(base.std(ddof=1), rel=1e-10)
    assert row.q5 == pytest.approx(np.quantile(base, 0.05), rel=1e-12)
    assert row.point == pytest.approx(fg.evaluate(shop, CUSTOMERS))
    difference = result.differences.row(scenario=quick.name)
    gain = result.results(CUSTOMERS, scenario=quick) - base
    assert difference.mean == pytest.approx(gain.mean(), rel=1e-10)
    assert difference.more == 1
    reached = result.targets.row(scenario="base", metric="count(customer)")
    assert reached.probability == pytest.approx((base >= 70).mean())
    assert result.targets.row(scenario="base", metric="cost()").wanted == "at most"
    assert set(result.counts["ok"]) == {4_000}
    assert result.notes == ()
    assert not base.flags.writeable
    for text in (str(result), repr(result), result._repr_html_()):
        assert "4,000" in text or quick.name in text


def test_the_same_seed_gives_the_same_bits(shop: fg.Funnel) -> None:
    def run(**options):
        return fg.monte_carlo(shop, metrics=CUSTOMERS, n=5_000, seed=3, keep_draws=True, **options)

    one = run(threads=1)
    assert np.array_equal(one.results(CUSTOMERS), run(threads=3).results(CUSTOMERS))
    assert one.table == run().table
    scenario = fg.Scenario("s").scale(fg.value("order"), 2)
    assert np.array_equal(one.results(CUSTOMERS), run(scenarios=scenario).results(CUSTOMERS))
    other = fg.monte_carlo(shop, metrics=CUSTOMERS, n=5_000, seed=4, keep_draws=True)
    assert not np.array_equal(one.results(CUSTOMERS), other.results(CUSTOMERS))


def test_numbers_can_be_correlated(shop: fg.Funnel) -> None:
    cost = fg.cost("enquiry")
    beliefs = {ORDER: fg.Beta(35, 65), cost: fg.Lognormal(mean=5, sd=1)}

    def correlation(given):
        drawn = fg.monte_carlo(shop, beliefs, n=20_000, correlation=given, keep_draws=True).drawn
        return np.corrcoef(drawn[ORDER], drawn[cost])[0, 1]

    assert abs(correlation(None)) < 0.03
    assert correlation({(ORDER, cost): -0.7}) == pytest.approx(-0.69, abs=0.03)
    assert correlation([[1, -0.7], [-0.7, 1]]) == correlation({(ORDER, cost): -0.7})
    assert correlation(np.array([[1, 0.5], [0.5, 1]])) == pytest.approx(0.49, abs=0.03)


def test_a_row_can_be_drawn_as_a_whole(shop: fg.Funnel) -> None:
    row = fg.Dirichlet({"order": 30, "competitor": 30, "drop_off": 40})
    result = fg.monte_carlo(shop, {"enquiry": row}, metrics=CUSTOMERS, n=20_000, keep_draws=True)
    assert set(result.drawn) == {ORDER, fg.rate("enquiry", "competitor")}  # the drop-off gives
    assert result.drawn[ORDER].mean() == pytest.approx(0.3, abs=0.002)
    assert (result.drawn[ORDER] + result.drawn[fg.rate("enquiry", "competitor")]).max() < 1
    assert result.counts[0].fitted == 0


def test_draws_that_do_not_fit_are_counted(shop: fg.Funnel) -> None:
    wide = {ORDER: fg.Uniform(0.3, 0.9), fg.rate("enquiry", "competitor"): fg.Uniform(0.2, 0.6)}
    result = fg.monte_carlo(shop, wide, metrics=CUSTOMERS, n=1_000)
    assert 0 < result.counts[0].fitted < 1_000
    assert "scaled to fit" in result.notes[0]


NAN = float("nan")
BAD = [
    ({"n": 0}, fg.InvalidValueError),
    ({"n": -5}, fg.InvalidValueError),
    ({"n": 1.5}, TypeError),
    ({"seed": -1}, fg.InvalidValueError),
    ({"quantiles": [0]}, fg.InvalidValueError),
    ({"quantiles": [0.5, 1.5]}, fg.InvalidValueError),
    ({"quantiles": [NAN]}, fg.InvalidValueError),
    ({"targets": {CUSTOMERS: NAN}}, fg.InvalidValueError),
    ({"targets": {CUSTOMERS: ("~", 3)}}, TypeError),
    ({"metrics": [fg.metric.count("custmer")]}, fg.UnknownNameError),
    ({"metrics": ["profit"]}, TypeError),
    ({"threads": 0}, fg.InvalidValueError),
    ({"capacity": "capp"}, fg.UnknownNameError),
    ({"discount_rate": -0.5}, fg.InvalidValueError),
    ({"progress": 3}, TypeError),
    ({"parameters": {}}, fg.InvalidValueError),
    ({"parameters": "uncertian"}, fg.UnknownNameError),
    ({"parameters": [ORDER]}, TypeError),
    ({"parameters": {"enquiry": fg.Beta(1, 1)}}, TypeError),
    ({"parameters": {ORDER: 0.3}}, TypeError),
    ({"parameters": {ORDER: fg.estimated(0.3, by="Sales")}}, TypeError),
    ({"parameters": {fg.rate("enquiry", "ordr"): fg.Beta(1, 1)}}, fg.UnknownNameError),
    ({"parameters": {ORDER: fg.Gamma(mean=0.3, sd=0.1)}}, fg.InvalidValueError),
    ({"parameters": {ORDER: (fg.Beta(1, 1), "nowhere")}}, fg.UnknownNameError),
    (
        {"parameters": {ORDER: fg.Beta(1, 1), "enquiry": fg.Dirichlet({"order": 1, "competitor": 1})}},
        fg.ConflictError,
    ),
    ({"parameters": {"enquiri": fg.Dirichlet({"order": 1, "competitor": 1})}}, fg.UnknownNameError),
    ({"parameters": {fg.volume("reached"): fg.Normal(0, 1)}}, fg.InvalidValueError),
    ({"correlation": {(ORDER, fg.cost("enquiry")): 1.0}}, fg.InvalidValueError),
    ({"correlation": {(ORDER, fg.value("order")): 0.5}}, fg.UnknownNameError),
    ({"correlation": {ORDER: 0.5}}, TypeError),
    ({"correlation": [[1, 0.5], [0.4, 1]]}, fg.InvalidValueError),
    ({"correlation": [[1, 0.5, 0], [0.5, 1, 0], [0.2, 0, 1]]}, fg.InvalidValueError),
    ({"correlation": [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]}, fg.InvalidValueError),
    ({"scenarios": [fg.Scenario("a").set(ORDER, 1.5)]}, fg.ImpossibleChangeError),
    ({"scenarios": [fg.Scenario("a"), fg.Scenario("a")]}, fg.InvalidValueError),
    ({"scenarios": ["a"]}, TypeError),
]


@pytest.mark.parametrize(("options", "error"), BAD, ids=[str(row[0])[:60] for row in BAD])
def test_monte_carlo_that_cannot_be_is_refused_and_the_base_stays(shop: fg.Funnel, options, error) -> None:
    before = fg.Funnel(shop)
    with pytest.raises(error):
        fg.monte_carlo(shop, **{"metrics": CUSTOMERS, "n": 10, **options})
    assert shop == before


def test_columns_that_were_not_kept_are_not_there(shop: fg.Funnel) -> None:
    result = fg.monte_carlo(shop, metrics=CUSTOMERS, n=10)
    assert result.drawn == {}
    with pytest.raises(fg.UnknownNameError, match="keep_draws"):
        result.results(CUSTOMERS)
    with pytest.raises(AttributeError):
        result.draws = 3


def test_progress_is_reported_and_can_end_the_work(shop: fg.Funnel) -> None:
    calls: list[tuple[int, int]] = []
    fg.monte_carlo(shop, metrics=CUSTOMERS, n=3_000, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (3_000, 3_000)
    assert calls == sorted(calls)
    assert len(set(calls)) == len(calls)

    def enough(done: int, total: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        fg.monte_carlo(shop, metrics=CUSTOMERS, n=10_000_000, progress=enough)


INTERRUPTED = """
import os, signal, threading, time
import funnelgraph as fg
signal.signal(signal.SIGINT, signal.default_int_handler)
shop = fg.Funnel("Shop")
shop.add_stage("enquiry")
shop.add_outcome("customer", kind="won", value=100)
shop.add_transition("enquiry", "customer", rate=0.35)
shop.add_entry("enquiry", volume=1_000)
sent = []
def interrupt():
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
threading.Timer(0.05, interrupt).start()
try:
    {call}
except KeyboardInterrupt:
    print("interrupted after", time.monotonic() - sent[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a process of one's own")
@pytest.mark.parametrize(
    "call",
    [
        'fg.monte_carlo(shop, {fg.rate("enquiry", "customer"): fg.Beta(35, 65)}, n=30_000_000)',
        'fg.sobol(shop, {fg.rate("enquiry", "customer"): fg.Beta(35, 65)}, n=2**22)',
    ],
)
def test_ctrl_c_works_within_half_a_second(call: str) -> None:
    best = 99.0
    for _ in range(3):  # a machine that is busy with other things may need another try
        done = subprocess.run(
            [sys.executable, "-c", INTERRUPTED.format(call=call)], capture_output=True, text=True, timeout=120
        )
        assert "interrupted after" in done.stdout, done.stderr
        best = min(best, float(done.stdout.split()[-1]))
        if best < 0.5:
            break
    assert best < 0.5


def test_other_threads_go_on_meanwhile(shop: fg.Funnel) -> None:
    ticks = 0
    over = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not over.wait(0.001):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    fg.monte_carlo(shop, metrics=CUSTOMERS, n=5_000_000)
    over.set()
    thread.join()
    assert ticks > 3


# ---- Sobol indices -----------------------------------------------------------------------------------


def test_sobol_indices_say_which_number_matters(shop: fg.Funnel) -> None:
    """Which number makes the result unsure."""
    found = fg.sobol(shop, metrics=[CUSTOMERS, fg.metric.cost()], n=512, seed=1)
    customers = found.table.filter(metric="count(customer)")
    assert customers[0].parameter == "rate(enquiry, order)"
    assert customers[2].parameter == "cost(enquiry)"
    assert customers[2].total == 0
    assert sum(customers["first"]) == pytest.approx(1, abs=0.05)
    assert (found.table["total_low"] <= found.table["total"]).all()
    assert "rate(enquiry, order)" in str(found)
    assert found.notes == ()


FIRST, SECOND, THIRD = fg.rate("first", "up"), fg.rate("second", "wave"), fg.rate("third", "first")


def ishigami() -> fg.Funnel:
    """Return a funnel whose profit is Ishigami's function (a = 7, b = 0.1) of three angles.

    sin(x1) = 2 u - 1 is what a visit of `first` brings, and 1 + 0.1 x3^4 come there; 7 sin(x2)^2 is `second`.
    """
    funnel = fg.Funnel("Ishigami")
    funnel.add_stage("first", cost=1)
    funnel.add_stage("second")
    funnel.add_stage("third")
    funnel.add_outcome("up", kind="won", value=2)
    funnel.add_outcome("wave", kind="won", value=1)
    funnel.add_transition("first", "up", rate=0.5)
    funnel.add_transition("second", "wave", rate=0.5)
    funnel.add_transition("third", "first", rate=0.5)
    funnel.add_entry("first", volume=1)
    funnel.add_entry("second", volume=7)
    funnel.add_entry("third", volume=0.1 * np.pi**4)
    return funnel


#: Of uniform angles: (1 + sin x) / 2 and sin(x)^2 follow the arcsine law, (x / pi)^4 a power of a uniform.
ANGLES = {FIRST: fg.Beta(0.5, 0.5), SECOND: fg.Beta(0.5, 0.5), THIRD: fg.Beta(0.25, 1)}


def test_sobol_indices_of_ishigamis_function() -> None:
    """First and total indices are those of the closed form (Ishigami and Homma 1990)."""
    table = fg.sobol(ishigami(), ANGLES, n=2**14, seed=1).table
    first, second, joint = 0.5 * (1 + np.pi**4 / 50) ** 2, 49 / 8, 8 * np.pi**8 / 22_500
    variance = first + second + joint
    # 16,384 points: the estimates are within 1e-3 to 2e-3 of the truth, whatever the seed.
    for number, alone, together in (
        (FIRST, first, first + joint),
        (SECOND, second, second),
        (THIRD, 0, joint),
    ):
        row = table.row(parameter=str(number))
        assert row.first == pytest.approx(alone / variance, abs=4e-3)
        assert row.total == pytest.approx(together / variance, abs=4e-3)
        assert row.first_low < alone / variance < row.first_high
        assert row.total_low < together / variance < row.total_high


def test_sobol_indices_are_salibs() -> None:
    """SALib samples, the batch path evaluates, SALib estimates: the same indices and intervals."""
    reason = "SALib is not installed: nothing to compare with"
    sample = pytest.importorskip("SALib.sample.sobol", reason=reason)
    analyze = pytest.importorskip("SALib.analyze.sobol", reason=reason)
    points = 2**12
    names = np.array(["x1", "x2", "x3"])  # SALib 1.5 hands them to pandas, whose 3.0 takes no list
    problem = {"num_vars": 3, "names": names, "bounds": [[-np.pi, np.pi]] * 3}
    x = sample.sample(problem, points, calc_second_order=False, seed=3)
    variants = fg.Variants(ishigami(), list(ANGLES), [fg.metric.profit()])
    shares = [(1 + np.sin(x[:, 0])) / 2, np.sin(x[:, 1]) ** 2, (x[:, 2] / np.pi) ** 4]
    values = variants.run(shares).values[:, 0]
    expected = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    np.testing.assert_allclose(values, expected, rtol=0, atol=1e-13)
    theirs = analyze.analyze(problem, values, calc_second_order=False, num_resamples=1000, seed=5)
    ours = fg.sobol(ishigami(), ANGLES, n=points, seed=3, resamples=1000).table
    for i, number in enumerate(ANGLES):
        row = ours.row(parameter=str(number))
        # Two scrambled sequences of 4,096 points, each within 2e-3 of the truth.
        assert row.first == pytest.approx(theirs["S1"][i], abs=5e-3)
        assert row.total == pytest.approx(theirs["ST"][i], abs=5e-3)
        # Two bootstraps of 1,000, over different points: a tenth apart at most.
        assert (row.first_high - row.first_low) / 2 == pytest.approx(theirs["S1_conf"][i], rel=0.15)
        assert (row.total_high - row.total_low) / 2 == pytest.approx(theirs["ST_conf"][i], rel=0.15)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"n": 100}, fg.InvalidValueError),
        ({"n": 0}, fg.InvalidValueError),
        ({"level": 1}, fg.InvalidValueError),
        ({"parameters": {}}, fg.InvalidValueError),
        ({"metrics": [3]}, TypeError),
    ],
)
def test_sobol_indices_that_cannot_be_are_refused(shop: fg.Funnel, options, error) -> None:
    with pytest.raises(error):
        fg.sobol(shop, **options)


# ---- two beliefs -------------------------------------------------------------------------------------


def test_what_two_sides_disagree_on_is_ranked_by_its_worth(shop: fg.Funnel) -> None:
    """Two beliefs: ranked by worth, with source and owner, and what changes nothing listed as such."""
    marketing, sales = fg.Funnel(shop), fg.Funnel(shop)
    marketing.set(ORDER, fg.estimated(0.35, by="Marketing"))
    sales.set(ORDER, fg.estimated(0.25, by="Sales"))
    sales.set(fg.rate("reached", "enquiry"), fg.measured(0.21, n=900))
    sales.set(fg.lag("order", "customer"), 4)
    sales.add_stage("care", owner="Sales")
    found = fg.disagree({"Marketing": marketing, "Sales": sales}, fg.metric.profit())
    assert found.values["Marketing"] == pytest.approx(fg.evaluate(marketing, fg.metric.profit()))
    first = found.table[0]
    assert first.parameter == "rate(enquiry, order)"
    assert first.owner == "Sales"
    assert first["Marketing"] == 0.35
    assert first["Sales source"] == "estimated by Sales"
    a = marketing.apply(fg.Scenario("x").set(ORDER, 0.25))
    b = sales.apply(fg.Scenario("x").set(ORDER, 0.35))
    profit = fg.metric.profit()
    change = (
        fg.evaluate(a, profit)
        - fg.evaluate(marketing, profit)
        + fg.evaluate(sales, profit)
        - fg.evaluate(b, profit)
    ) / 2
    assert first.change == pytest.approx(change)
    assert first.worth == pytest.approx(abs(change))
    assert found.parameters[0] == ORDER
    assert found.measure_first[0].parameter == "rate(enquiry, order)"
    assert 0.9 < first.removed_spread <= 1
    assert "lag(order, customer)" in found.idle["parameter"]
    assert "care" in found.structure[0].difference
    assert "decision_gain" not in found.table
    assert not found.sampled
    more = fg.Scenario("More advertising").scale(fg.volume("reached", channel="facebook"), 2)
    assert (
        "decision_gain" in fg.disagree({"Marketing": marketing, "Sales": sales}, profit, scenarios=more).table
    )
    for text in (str(found), found._repr_html_()):
        assert "estimated by Sales" in text or "rate(enquiry, order)" in text


@pytest.mark.parametrize(
    ("sides", "error"),
    [
        (lambda shop: {}, fg.InvalidValueError),
        (lambda shop: {"a": shop}, fg.InvalidValueError),
        (lambda shop: [shop, shop], TypeError),
        (lambda shop: {"a": shop, "b": 3}, TypeError),
        (lambda shop: {"": shop, "b": shop}, fg.InvalidValueError),
    ],
)
def test_a_disagreement_that_cannot_be_is_refused(shop: fg.Funnel, sides, error) -> None:
    with pytest.raises(error):
        fg.disagree(sides(shop), fg.metric.profit())


def test_the_page_about_uncertainty_runs() -> None:
    page = (ROOT / "docs" / "uncertainty.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for code in page.split("```python\n")[1:]:
        exec(compile(code.split("```")[0], "docs/uncertainty.md", "exec"), names)
    assert names["result"].draws == 100_000
    assert names["found"].table[0].parameter == "rate(enquiry, order)"

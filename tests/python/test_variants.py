"""Many variants from Python: NumPy columns in, NumPy columns out."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

import funnelgraph as fg


def test_the_kernels_have_a_name() -> None:
    assert fg.variants.instruction_set() in {"avx512", "avx2", "baseline"}


@pytest.fixture
def shop() -> fg.Funnel:
    shop = fg.Funnel("Shop")
    shop.add_stage("reached", cost=0.5)
    shop.add_stage("enquiry", capacity=250)
    shop.add_outcome("order", kind="won", value=100)
    shop.add_outcome("rival", kind="lost")
    shop.add_transition("reached", "enquiry", rate=0.2, lag=1)
    shop.add_transition("enquiry", "order", rate=0.3, lag=2)
    shop.add_transition("enquiry", "rival", rate=0.2, lag=3)
    shop.add_entry("reached", volume=600, channel="facebook")
    shop.add_entry("reached", volume=400, channel="google")
    return shop


def test_agrees_with_each_scenario_by_itself(shop: fg.Funnel) -> None:
    """Figures of variants are those of applied scenarios [36, 37]."""
    rng = np.random.default_rng(5)
    columns = {
        fg.rate("enquiry", "order"): rng.uniform(0.1, 0.6, 50),
        fg.volume("reached"): rng.uniform(0.5, 2, 50),
        fg.cost("reached"): rng.uniform(0, 1, 50),
    }
    metrics = [fg.metric.profit(), fg.metric.count("order"), fg.metric.time_to()]
    change = {fg.volume("reached"): "scale"}
    found = fg.evaluate_variants(shop, columns, metrics, change=change, feasible=True)
    assert found.values.shape == (50, 4)
    assert not found.status.any()
    for v in range(50):
        scenario = (
            fg.Scenario("v")
            .set(fg.rate("enquiry", "order"), columns[fg.rate("enquiry", "order")][v])
            .scale(fg.volume("reached"), columns[fg.volume("reached")][v])
            .set(fg.cost("reached"), columns[fg.cost("reached")][v])
        )
        changed = fg.apply(shop, scenario)
        for m, metric in enumerate(metrics):
            # Sums in another order: some ulps of the amounts.
            assert found.values[v, m] == pytest.approx(fg.evaluate(changed, metric), rel=1e-12)
        assert found.values[v, 3] == fg.analyze(changed).feasible
    assert found.column(metrics[1]) is not None
    with pytest.raises(KeyError):
        found.column(fg.metric.revenue())


def test_statuses(shop: fg.Funnel) -> None:
    order = fg.rate("enquiry", "order")
    found = fg.evaluate_variants(shop, {order: [0.3, 1.2, np.nan, 0.9]}, fg.metric.revenue())
    assert found.statuses == ["ok", "impossible", "out_of_range", "ok"]
    assert (found.impossible, found.out_of_range, found.fitted, found.unsolvable) == (1, 1, 0, 0)
    assert np.isnan(found.values[1:3]).all()
    fitted = fg.evaluate_variants(shop, {order: [1.2]}, fg.metric.count("order"), fit_rows=True)
    assert fitted.fitted == 1
    assert fitted.values[0, 0] == pytest.approx(200, rel=1e-12)


def test_columns_lie_where_they_lay(shop: fg.Funnel) -> None:
    """Lists, integers, strided views and None columns are as good as plain ones."""
    variants = fg.Variants(shop, [fg.volume("reached"), fg.rate("enquiry", "order")], [fg.metric.revenue()])
    plain = variants.run([np.array([500.0, 1000.0]), None]).values
    assert plain[:, 0].flags.c_contiguous
    for same in ([500, 1000], np.array([500, 1000]), np.array([500.0, 0, 1000.0, 0])[::2]):
        assert np.array_equal(variants.run([same, None]).values, plain)
    assert variants.run([None, None]).values.shape == (1, 1)


def test_errors_say_what_is_allowed(shop: fg.Funnel) -> None:
    copy = shop.copy()
    revenue = fg.metric.revenue()
    with pytest.raises(fg.UnknownNameError, match="order"):
        fg.evaluate_variants(shop, {fg.rate("enquiry", "ordr"): [0.1]}, revenue)
    both = {fg.volume("reached"): [1.0], fg.volume("reached", channel="google"): [1.0]}
    with pytest.raises(fg.ConflictError):
        fg.evaluate_variants(shop, both, revenue)
    with pytest.raises(fg.InvalidValueError, match="3 numbers"):
        fg.evaluate_variants(shop, {fg.cost("reached"): [1, 2], fg.cost("enquiry"): [1, 2, 3]}, revenue)
    with pytest.raises(TypeError, match="one-dimensional"):
        fg.evaluate_variants(shop, {fg.cost("reached"): [[1, 2]]}, revenue)
    with pytest.raises(fg.UnknownNameError, match="scale"):
        fg.evaluate_variants(shop, {fg.cost("reached"): [1]}, revenue, change="scael")
    with pytest.raises(TypeError, match="Metric"):
        fg.Variants(shop, [fg.cost("reached")], ["revenue"])  # type: ignore[list-item]
    assert shop == copy


def test_the_same_bits_at_any_number_of_threads(shop: fg.Funnel) -> None:
    column = np.random.default_rng(1).uniform(0, 1.1, 40_000)
    variants = fg.Variants(shop, [fg.rate("enquiry", "order")], [fg.metric.profit()])
    one, three = (variants.run([column], threads=threads) for threads in (1, 3))
    assert np.array_equal(one.values, three.values, equal_nan=True)
    assert np.array_equal(one.status, three.status)


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C raises, also where the tests were started in the background, which may leave it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_ends_a_run_within_half_a_second(shop: fg.Funnel) -> None:
    """A horizon goes one by one, which takes long."""
    variants = fg.Variants(shop, [fg.rate("enquiry", "order")], [fg.metric.lifetime_value(horizon=9)])
    column = np.linspace(0.1, 0.6, 10_000_000)
    pressed = []

    def press() -> None:
        pressed.append(time.perf_counter())
        _thread.interrupt_main()

    timer = threading.Timer(0.05, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        variants.run([column])
    assert time.perf_counter() - pressed[0] < 0.5

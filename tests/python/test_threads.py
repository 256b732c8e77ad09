"""The interpreter lock is let go in long calls, and results do not depend on threads."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import funnelgraph as fg


def chain(stages: int) -> fg.Funnel:
    funnel = fg.Funnel("long")
    funnel.add_owner("Sales", role="sales")
    funnel.add_outcome("customer", kind="won", value=1)
    for i in range(stages):
        funnel.add_stage(f"stage {i}", owner="Sales", cost=1)
    for i in range(stages - 1):
        funnel.add_transition(f"stage {i}", f"stage {i + 1}", rate=0.999, lag=1)
        if i >= 10 and i % 7 == 0:
            funnel.add_transition(f"stage {i}", f"stage {i - 10}", rate=0.0005, lag=2)
    funnel.add_transition(f"stage {stages - 1}", "customer", rate=0.5, lag=1)
    funnel.add_entry("stage 0", volume=1000)
    return funnel


def test_many_threads_get_the_same_bits() -> None:
    funnel = fg.reference.online_shop()
    expected = fg.analyze(funnel)
    shared = fg.analyze(funnel)
    starts = [stage.name for stage in funnel.stages()]

    def work(i: int) -> tuple[float, ...]:
        own = fg.analyze(funnel)
        start = starts[i % len(starts)]
        return (
            own.profit,
            own.time_to().mean,
            shared.probability("customer", start=start),
            shared.time_to("customer", start=start).sd,
            shared.assumed_share,
            fg.sensitivity(funnel, fg.metric.profit())[0].gradient,
        )

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(200)))
    for i, result in enumerate(results):
        start = starts[i % len(starts)]
        assert result == (
            expected.profit,
            expected.time_to().mean,
            expected.probability("customer", start=start),
            expected.time_to("customer", start=start).sd,
            expected.assumed_share,
            fg.sensitivity(funnel, fg.metric.profit())[0].gradient,
        )


def test_a_funnel_may_change_while_another_thread_analyses_it() -> None:
    """Each analysis sees the funnel as it was at its start: one of the two rates, nothing between."""
    funnel = chain(300)
    rate = fg.rate("stage 299", "customer")
    allowed = set()
    for value in (0.5, 0.25):
        funnel.set(rate, value)
        allowed.add(fg.analyze(funnel).count("customer"))
    stop = threading.Event()

    def change() -> None:
        value = 0.25
        while not stop.is_set():
            value = 0.75 - value
            funnel.set(rate, value)

    changer = threading.Thread(target=change)
    changer.start()
    try:
        seen = {fg.analyze(funnel).count("customer") for _ in range(100)}
    finally:
        stop.set()
        changer.join()
    assert seen <= allowed


def test_another_thread_keeps_running_during_a_long_call() -> None:
    """A thread that counts goes on while the core computes; under the lock it would stand still."""
    funnel = chain(20_000)
    metric = fg.metric.profit()
    ticks: list[float] = []
    stop = threading.Event()

    def tick() -> None:
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        spans = []
        for _ in range(5):
            start = time.perf_counter()
            fg.analyze(funnel)
            fg.evaluate(funnel, metric)
            spans.append((start, time.perf_counter()))
    finally:
        stop.set()
        ticker.join()
    longest = max(end - start for start, end in spans)
    if longest < 0.02:
        pytest.skip("the calls are too short here to see a thread run beside them")
    during = sum(any(start < t < end for start, end in spans) for t in ticks)
    assert during >= 5


def test_errors_raised_without_the_lock_arrive() -> None:
    funnel = chain(50)
    funnel.add_transition("stage 0", "nowhere", rate=0.1)

    def work(_: int) -> str:
        with pytest.raises(fg.InvalidFunnelError) as caught:
            fg.analyze(funnel)
        return caught.value.code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, range(40))) == {"invalid_funnel"}

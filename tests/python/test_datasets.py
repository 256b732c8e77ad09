"""The data that the library makes for its own demonstration."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import funnelgraph as fg


def test_sandal_shop_has_the_counts_of_the_worked_case() -> None:
    """200,000 reached, 5,000 likes, 120 shares, 2,000 comments [38]: interactions, not people."""
    week = fg.datasets.sandal_shop()
    assert len(week["person"]) == 200_000
    interactions = [int(week[kind].sum()) for kind in ("liked", "shared", "commented")]
    assert interactions == [5_000, 120, 2_000]
    people = int((~np.isnat(week["engaged"])).sum())
    assert people < sum(interactions), "they overlap"


def test_the_same_seed_gives_the_same_table() -> None:
    first, second = fg.datasets.sandal_shop(seed=3), fg.datasets.sandal_shop(seed=3)
    for column, cells in first.items():
        np.testing.assert_array_equal(cells, second[column])
    other = fg.datasets.sandal_shop(seed=4)
    assert not np.array_equal(first["liked"], other["liked"])


def test_stages_come_in_order() -> None:
    week = fg.datasets.sandal_shop(people=5_000)
    order = ["reached", "engaged", "enquiry", "order", "delivered"]
    for earlier, later in itertools.pairwise(order):
        there = ~np.isnat(week[later])
        assert not np.isnat(week[earlier][there]).any()
        assert (week[later][there] >= week[earlier][there]).all()


def test_every_reason_has_an_owner() -> None:
    week = fg.datasets.sandal_shop(people=5_000)
    assert set(week["lost_reason"]) - {""} <= set(fg.datasets.sandal_shop_reasons())


def test_the_plan_meets_its_target() -> None:
    """1,000 buyers and 2,000,000,000 VND [38, 39]."""
    plan = fg.datasets.sandal_shop_plan().analyze()
    assert plan.count("delivered") == pytest.approx(1_000, rel=1e-12)
    assert plan.revenue == pytest.approx(2e9, rel=1e-12)


def test_too_few_people() -> None:
    with pytest.raises(fg.InvalidValueError, match="people"):
        fg.datasets.sandal_shop(people=10)

"""Explaining a difference from Python: api.md, real data, four methods side by side, verdicts, errors."""

import itertools
import json
import math
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support import DATA, ROOT, funnel_of, needs_data

import funnelgraph as fg

STAGES = {
    "lead": "Lead_Date",
    "qualified": "Qualification_Date",
    "visit": "Site_Visit_Date",
    "negotiation": "Negotiation_Date",
    "booking": "Booking_Date",
    "sold": "Sale_Date",
}
OWNERS = {
    "lead": "Marketing",
    "qualified": "Marketing",
    "visit": "Sales",
    "negotiation": "Sales",
    "booking": "Sales",
}


def shop(volume: Any = 1_000, qualified: Any = 0.5, won: Any = 0.4, value: Any = 100) -> fg.Funnel:
    funnel = fg.Funnel("Shop")
    funnel.add_owner("Marketing", role="marketing")
    funnel.add_owner("Sales", role="sales")
    funnel.add_stage("lead", owner="Marketing")
    funnel.add_stage("offer", owner="Sales", accept_if="phone known")
    funnel.add_outcome("customer", kind="won", value=value)
    funnel.add_transition("lead", "offer", rate=qualified)
    funnel.add_transition("offer", "customer", rate=won)
    funnel.add_entry("lead", volume=volume)
    return funnel


@pytest.fixture(scope="module")
def leads() -> pd.DataFrame:
    folder = DATA / "realestate_funnel"
    sales = pd.read_csv(folder / "Sales.csv")[["Lead_ID", "Sale_Date", "Sale_Value_AED"]]
    return pd.read_csv(folder / "Leads.csv").merge(sales, on="Lead_ID", how="left")


def fitted(rows: pd.DataFrame, name: str) -> fg.Funnel:
    stats = fg.fit.milestones(
        rows, journey="Lead_ID", stages=STAGES, lost="Lost_Reason", amount="Sale_Value_AED"
    )
    return stats.to_funnel(
        name=name,
        period="year",
        owners=OWNERS,
        outcomes={"sold": "won"},
        values={"sold": "amount"},
        losses="total",
    )


def in_year(rows: pd.DataFrame, column: str, year: int) -> pd.DataFrame:
    return rows[pd.to_datetime(rows[column]).dt.year == year]


@needs_data
def test_leads_entered_are_within_chance_and_sales_closed_are_not(leads: pd.DataFrame) -> None:
    """The basis decides and is named. [19] [27]"""
    entered = [fitted(in_year(leads, "Lead_Date", year), str(year)) for year in (2024, 2025)]
    basis = "leads that entered in 2025 against 2024"
    e = fg.explain(*entered, metric=fg.metric.count("sold"), by="owner", basis=basis)
    assert (e.plan, e.actual) == (pytest.approx(343), pytest.approx(353))
    assert [funnel.get(fg.volume("lead")) for funnel in entered] == [2021, 1961]
    assert e.within_chance is True
    assert e.reading == "not distinguishable from chance"
    assert e.reading in str(e)
    assert basis in str(e.table)
    assert "not distinguishable from chance" in e.summary()
    assert basis in e.summary()
    share = fg.explain(*entered, metric=fg.metric.probability("sold"))
    assert share.within_chance is True

    closed = [fitted(in_year(leads, "Sale_Date", year), str(year)) for year in (2024, 2025)]
    e = fg.explain(
        *closed, metric=fg.metric.count("sold"), by="factor", basis="sales closed in 2025 against 2024"
    )
    assert (e.plan, e.actual) == (pytest.approx(284), pytest.approx(352))
    assert e.within_chance is False
    assert e.reading == "more than chance"
    assert "sales closed" in str(e.table)
    # Without a basis of one's own, one is made.
    assert "2025 against 2024" in fg.explain(*closed, metric=fg.metric.count("sold")).basis


@needs_data
def test_four_methods_side_by_side(leads: pd.DataFrame) -> None:
    """By owner: lead and qualification are Marketing's, the rest Sales'; brute force agrees with Shapley."""
    plan, actual = (fitted(in_year(leads, "Lead_Date", year), str(year)) for year in (2024, 2025))
    metric = fg.metric.count("sold")
    by = ("owner", "stage", "factor")
    tables = {}
    for method in ("shapley", "owen", "sequential", "lmdi", "sampled"):
        e = fg.explain(plan, actual, metric=metric, by="owner", method=method)
        assert e.method == method
        assert abs(e.residual) <= 1e-9 * abs(e.total)
        tables[method] = {row.owner: row.contribution for row in e.table}
        assert set(tables[method]) == {"Marketing", "Sales"}
    # Within 3 % of a year's sales of each other: the order matters little here.
    for method, owner in itertools.product(tables, ("Marketing", "Sales")):
        assert tables[method][owner] == pytest.approx(tables["shapley"][owner], abs=3)

    # Brute force: every order of the atoms, the funnels mixed by hand.
    e = fg.explain(plan, actual, metric=metric, by=("stage", "factor"))
    atoms = [(row.stage, row.factor) for row in e.table]
    assert {stage for stage, _ in atoms} == {"lead", "qualified", "visit", "negotiation", "booking"}
    worth = {}
    for inside in itertools.product((False, True), repeat=len(atoms)):
        moved = dict(zip(atoms, inside, strict=True))
        mixed = fg.Funnel(plan)
        for stage in OWNERS:
            if moved.get((stage, "rates")):
                for transition in plan.transitions(source=stage):
                    parameter = fg.rate(stage, transition.target)
                    mixed.set(parameter, float(actual.get(parameter)))
        if moved["lead", "volume"]:
            mixed.set(fg.volume("lead"), float(actual.get(fg.volume("lead"))))
        worth[inside] = fg.evaluate(mixed, metric)
    for position, row in enumerate(e.table):
        part = 0.0
        added = []
        for inside, before in worth.items():
            if inside[position]:
                continue
            after = worth[(*inside[:position], True, *inside[position + 1 :])]
            size, players = sum(inside), len(atoms)
            weight = math.factorial(size) * math.factorial(players - size - 1) / math.factorial(players)
            part += weight * (after - before)
            added.append(after - before)
        assert row.contribution == pytest.approx(part, abs=1e-9 * abs(e.total))
        assert row.least == pytest.approx(min(added), abs=1e-9 * abs(e.total))
        assert row.greatest == pytest.approx(max(added), abs=1e-9 * abs(e.total))
    pairs = fg.explain(plan, actual, metric=metric, by=by)
    for owner, part in tables["shapley"].items():
        assert sum(row.contribution for row in pairs.table if row.owner == owner) == pytest.approx(part)


@needs_data
def test_sales_teams_and_products() -> None:
    """B2B deals by team and by product: mix and rate without residual. [44]"""
    folder = DATA / "crm_maven"
    deals = pd.read_csv(folder / "sales_pipeline.csv").merge(
        pd.read_csv(folder / "sales_teams.csv"), on="sales_agent", how="left"
    )
    deals["product"] = deals["product"].replace("GTXPro", "GTX Pro")
    deals = deals[deals["deal_stage"].isin(["Won", "Lost"])]
    deals["won_on"] = deals["close_date"].where(deals["deal_stage"] == "Won")
    deals["lost_because"] = np.where(deals["deal_stage"] == "Lost", "not said", None)
    quarter = pd.to_datetime(deals["close_date"]).dt.quarter

    def segmented(rows: pd.DataFrame, segment: str) -> fg.SegmentedFunnel:
        stats = fg.fit.milestones(
            rows,
            journey="opportunity_id",
            stages={"engaged": "engage_date", "won": "won_on"},
            lost="lost_because",
            amount="close_value",
            segment=segment,
        )
        return stats.to_segmented_funnel(
            period="quarter", owners={"engaged": "Sales"}, outcomes={"won": "won"}, values={"won": "amount"}
        )

    for column in ("manager", "product"):
        plan, actual = (segmented(deals[quarter == q], column) for q in (2, 3))
        m = fg.explain_mix(plan, actual, metric=fg.metric.revenue(), basis="deals closed in Q3 against Q2")
        by_hand = [deals[quarter == q]["close_value"].sum() for q in (2, 3)]
        assert (m.plan, m.actual) == (pytest.approx(by_hand[0]), pytest.approx(by_hand[1]))
        assert abs(m.residual) <= 1e-9 * abs(m.total)
        assert m.volume + m.mix + m.rate == pytest.approx(m.total)
        assert m.table["contribution"].sum() == pytest.approx(m.total)
        assert set(m.table["segment"]) == set(deals[column])
        e = fg.explain(plan, actual, metric=fg.metric.revenue(), by="segment", method="auto", samples=200)
        assert e.total == pytest.approx(m.total)
        assert abs(e.residual) <= 1e-9 * abs(e.total)
    rate = fg.explain_mix(plan, actual, metric=fg.metric.probability("won"))
    wins = [(deals[quarter == q]["deal_stage"] == "Won").mean() for q in (2, 3)]
    assert rate.overall_rates == (pytest.approx(wins[0]), pytest.approx(wins[1]))


def test_the_table_and_the_views() -> None:
    plan, actual = shop(), shop(1_200, 0.45, 0.35, 110)
    e = fg.explain(plan, actual, metric=fg.metric.revenue(), by="owner")
    assert e.table.columns[:7] == (
        "owner",
        "contribution",
        "low",
        "high",
        "least",
        "greatest",
        "within_chance",
    )
    assert e.heading == "Accounting of the difference, not proof of cause"
    assert e.heading in str(e)
    assert e.table[0].within_chance is None
    assert math.isnan(e.interval[0])
    assert e.total == pytest.approx(1_200 * 0.45 * 0.35 * 110 - 20_000)
    assert e.table["contribution"].sum() == pytest.approx(e.total, rel=1e-12)
    pair = fg.explain(plan, actual, metric=fg.metric.revenue(), by=("owner", "factor"))
    assert pair.table.columns[:2] == ("owner", "factor")
    assert pair.method == "owen"
    for view in ("stage", "factor", "lever", ("stage", "factor")):
        assert abs(fg.explain(plan, actual, by=view).residual) < 1e-6
    assert (
        fg.explain(plan, actual, by="factor", threads=1).table == fg.explain(plan, actual, by="factor").table
    )
    for threads in (0, -1):
        with pytest.raises(fg.InvalidValueError, match="1 to 1024, or None for all"):
            fg.explain(plan, actual, threads=threads)
    assert "<table" in e._repr_html_()
    with pytest.raises(AttributeError):
        e.total = 3  # type: ignore[misc]


def test_priming_is_credited_to_marketing() -> None:
    """The same gain through Marketing's lever and through Sales' own rate. [19] [20]"""
    plan = shop(won=0.3)
    plan.add_lever("priming", owner="Marketing", value=1.0, reference=1.0)
    plan.add_influence("priming", "offer", "customer", elasticity=0.5)
    primed, closed = fg.Funnel(plan), fg.Funnel(plan)
    primed.set(fg.lever("priming"), 1.44)
    closed.set(fg.rate("offer", "customer"), 0.36 / 1.06)
    by_lever, by_rate = fg.explain(plan, primed), fg.explain(plan, closed)
    assert by_lever.total == pytest.approx(by_rate.total)
    assert [row.owner for row in by_lever.table] == ["Marketing"]
    assert [row.owner for row in by_rate.table] == ["Sales"]


def test_lead_quality_and_classes() -> None:
    """Mix to the giver, rate within a class to the receiver; silence counted. [12] [39] [42]"""

    def classes(buyers: float, askers: float, won: float) -> fg.SegmentedFunnel:
        made = {}
        for name, volume, rate in (("buyer", buyers, won), ("price-asker", askers, won / 4)):
            made[name] = shop(volume, 0.5, rate)
            made[name].add_outcome("no answer", kind="silent")
            made[name].add_transition("offer", "no answer", rate=0.2)
        return fg.SegmentedFunnel(made)

    plan, actual = classes(600, 400, 0.5), classes(300, 700, 0.5)
    assert [row.owner for row in fg.explain(plan, actual).table] == ["Marketing"]
    row = fg.lead_quality(plan, actual).rows[0]
    assert (row.giver, row.receiver) == ("Marketing", "Sales")
    assert row.mix == pytest.approx(row.change)
    assert fg.lead_quality(plan["buyer"], actual["buyer"]).rows[0].note == "rate, including lead quality"
    rates = fg.class_rates(plan)
    assert rates[-1].silent == pytest.approx(0.1)
    assert set(fg.ENQUIRER_CLASSES) >= {"buyer", "price-asker", "later", "seasonal"}
    table = fg.lead_sources(plan, fits_at="offer", minutes={"offer": 0.5})
    assert table["share"] == pytest.approx([0.5, 0.5])
    assert table["hours"] == pytest.approx([300 * 0.5 / 60, 200 * 0.5 / 60])


def test_the_summary_is_for_both_heads() -> None:
    """By owner when both agreed, else by stage; never on placeholders; sentences have rows. [13] [31]"""

    def both(x: float) -> fg.Number:
        return fg.agreed(x, by=["Marketing", "Sales"])

    actual = shop(fg.measured(2_100, n=2_100), fg.measured(0.4, n=2_100), fg.measured(0.27, n=840))
    e = fg.explain(shop(both(2_000), both(0.5), both(0.3)), actual, metric=fg.metric.count("customer"))
    for language in ("en", "vi"):
        page = e.summary(language=language)
        assert page.explanation.by == ("owner",)
        for sentence in page:
            assert sentence.rows or sentence.about in ("heading", "basis", "total")
            assert len(page.rows_of(sentence)) == len(sentence.rows)
        assert "phone known" in page
    assert "chance" in e.summary()
    assert "ngẫu nhiên" in e.summary("vi")
    alone = fg.explain(shop(2_000, 0.5, 0.3), actual, metric=fg.metric.count("customer"))
    assert alone.summary().explanation.by == ("stage",)
    unsure = fg.explain(shop(fg.placeholder(2_000), 0.5, 0.3), actual, metric=fg.metric.count("customer"))
    with pytest.raises(fg.InvalidValueError, match="placeholders: volume"):
        unsure.summary()
    with pytest.raises(fg.InvalidValueError):
        e.summary("fr")


def test_errors_say_what_to_do() -> None:
    plan, actual = shop(), shop(won=0.3)
    with pytest.raises(fg.InvalidValueError, match="unknown lags"):
        fg.explain(plan, actual, metric=fg.metric.time_to("customer"))
    with pytest.raises(fg.InvalidValueError, match="fit with values="):
        fg.explain(plan, shop(value=math.nan), metric=fg.metric.revenue())
    other = fg.Funnel()
    other.add_stage("x")
    other.add_outcome("customer", kind="won")
    other.add_transition("x", "customer", rate=1)
    other.add_entry("x", volume=1)
    with pytest.raises(fg.InvalidValueError, match="no common stage"):
        fg.explain(plan, other)
    moved = fg.Funnel(actual)
    moved.set_owner("offer", "Marketing")
    with pytest.raises(fg.InvalidValueError, match="owners="):
        fg.explain(plan, moved)
    assert [row.owner for row in fg.explain(plan, moved, owners="actual").table] == ["Marketing"]
    with pytest.raises(fg.UnknownNameError):
        fg.explain(plan, actual, by="onwer")
    with pytest.raises(fg.UnknownNameError):
        fg.explain(plan, actual, method="shapely")
    with pytest.raises(TypeError):
        fg.explain(plan, fg.SegmentedFunnel({"a": actual}))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        fg.explain(plan, actual, metric="revenue")  # type: ignore[arg-type]
    empty = fg.SegmentedFunnel({"a": shop(), "b": shop(0)})
    with pytest.raises(fg.InvalidValueError, match="empty on both sides"):
        fg.explain_mix(empty, empty, metric=fg.metric.count("customer"))


def test_what_no_mixture_solves_and_what_is_too_young_is_refused() -> None:
    """Rows that close a cycle together name the group; a side still open says how to compare."""

    def looped(a: dict[str, float], b: dict[str, float]) -> fg.Funnel:
        funnel = fg.Funnel()
        for name in ("a", "b"):
            funnel.add_stage(name)
        funnel.add_outcome("won", kind="won", value=1)
        for source, exits in (("a", a), ("b", b)):
            for target, rate in exits.items():
                funnel.add_transition(source, target, rate=rate)
        funnel.add_entry("a", volume=100)
        return funnel

    plan = looped({"b": 0.5, "won": 0.4}, {"a": 1})
    actual = looped({"b": 1}, {"a": 0.5, "won": 0.4})
    with pytest.raises(fg.UnsolvableError, match="together="):
        fg.explain(plan, actual, metric=fg.metric.count("won"), by="stage")
    e = fg.explain(plan, actual, metric=fg.metric.count("won"), by="stage", together=[["a", "b"]])
    assert abs(e.residual) <= 1e-9

    def cohort(still_open: int) -> fg.Funnel:
        won = ["2025-01-05"] * 8 + [None] * 12
        reasons = [None] * 8 + ["price"] * (12 - still_open) + [None] * still_open
        table = {"id": list(range(20)), "lead": ["2025-01-01"] * 20, "won": won, "reason": reasons}
        stats = fg.fit.milestones(table, journey="id", stages={"lead": "lead", "won": "won"}, lost="reason")
        return stats.to_funnel(outcomes={"won": "won"})

    with pytest.raises(fg.DataError, match="allow_immature"):
        fg.explain(cohort(0), cohort(5), metric=fg.metric.count("won"))
    assert fg.explain(cohort(0), cohort(5), metric=fg.metric.count("won"), allow_immature=True).total != 0


def test_a_reversal_of_simpson_is_found_and_named() -> None:
    """Every segment fell, all together rose: published mix and rate effects. [44]"""
    oracle = json.loads((ROOT / "tests" / "oracles" / "decomposition.json").read_text(encoding="utf-8"))
    for example in oracle["mix_rate"]:

        def side(volumes: list[float], rates: list[float]) -> fg.SegmentedFunnel:
            made = {}
            for k, (volume, rate) in enumerate(zip(volumes, rates, strict=True)):
                made[f"segment {k}"] = funnel = fg.Funnel()
                funnel.add_stage("lead")
                funnel.add_outcome("sold", kind="won")
                funnel.add_transition("lead", "sold", rate=rate)
                funnel.add_entry("lead", volume=volume)
            return fg.SegmentedFunnel(made)

        plan, actual = (side(example[f"volume_{x}"], example[f"rate_{x}"]) for x in ("before", "after"))
        m = fg.explain_mix(plan, actual, metric=fg.metric.probability("sold"))
        expected, near = example["expect"], example["tolerance"]
        assert m.mix == pytest.approx(expected["mix_effect"], abs=near)
        assert m.rate == pytest.approx(expected["rate_effect"], abs=near)
        assert len(m.reversals) == 1
        assert "rose from 0.08 to 0.15" in str(m)


def test_every_published_view() -> None:
    """Contribution, least and greatest of each row as computed elsewhere. [11] [19] [20]"""
    oracle = json.loads((ROOT / "tests" / "oracles" / "funnels.json").read_text(encoding="utf-8"))
    for example in oracle["explanations"]:
        plan, actual = (funnel_of(example[side]) for side in ("plan", "actual"))
        name, *arguments = example["metric"]
        for by in example["by"]:
            e = fg.explain(
                plan,
                actual,
                metric=getattr(fg.metric, name)(*arguments),
                by=by if isinstance(by, str) else tuple(by),
                discount_rate=example["options"]["discount_rate"],
            )
            expected = example["expect"][by if isinstance(by, str) else ", ".join(by)]
            near = example["relative_tolerance"] * abs(example["expect"]["total"])
            assert e.total == pytest.approx(example["expect"]["total"], abs=near)
            for row, wanted in zip(e.table.to_dicts(), expected, strict=True):
                for key, value in wanted.items():
                    assert row[key] == (value if isinstance(value, str) else pytest.approx(value, abs=near))


def test_products_of_five_factors() -> None:
    """Each factor an atom of its own: Shapley, LMDI and one order as published elsewhere. [11]"""
    oracle = json.loads((ROOT / "tests" / "oracles" / "decomposition.json").read_text(encoding="utf-8"))
    for example in oracle["product"]:

        def side(x: list[float]) -> fg.Funnel:
            funnel = fg.Funnel()
            rates = [1, *x[1:4]]
            for k in range(4):
                funnel.add_stage(f"s{k}")
            funnel.add_outcome("won", kind="won", value=x[4])
            for k, rate in enumerate(rates):
                funnel.add_transition(f"s{k}", f"s{k + 1}" if k < 3 else "won", rate=rate)
            funnel.add_entry("s0", volume=x[0])
            return funnel

        plan, actual = side(example["before"]), side(example["after"])
        names = {"shapley": "shapley", "lmdi": "lmdi", "sequential": "sequential_in_order"}
        for method, name in names.items():
            e = fg.explain(plan, actual, by=("stage", "factor"), method=method)
            assert e.total == pytest.approx(example["expect"]["total"], rel=example["tolerance"])
            wanted = example["expect"][name]
            assert e.table["contribution"] == pytest.approx(wanted, rel=example["tolerance"])


def test_planted_effects_lie_within_their_intervals() -> None:
    """300 pairs drawn from known funnels: 95 % intervals hold the planted parts. [23]"""
    random = np.random.default_rng(11)
    metric = fg.metric.count("customer")
    truth = fg.explain(shop(2_000, 0.5, 0.4), shop(2_300, 0.44, 0.46), metric=metric)

    def drawn(volume: float, qualified: float, won: float) -> fg.Funnel:
        n = int(random.poisson(volume))
        offers = int(random.binomial(n, qualified))
        wins = int(random.binomial(offers, won))
        return shop(fg.measured(n, n=n), fg.measured(offers / n, n=n), fg.measured(wins / offers, n=offers))

    runs, inside = 300, dict.fromkeys(("Marketing", "Sales"), 0)
    for _ in range(runs):
        e = fg.explain(drawn(2_000, 0.5, 0.4), drawn(2_300, 0.44, 0.46), metric=metric)
        for row, planted in zip(e.table, truth.table, strict=True):
            inside[row.owner] += row.low <= planted.contribution <= row.high
    # 95 % of 300 runs within 3.5 standard deviations of a binomial share (1.3 % each).
    for share in (count / runs for count in inside.values()):
        assert 0.906 <= share <= 0.99


def test_amounts_that_a_fit_took_have_an_interval() -> None:
    """The spread of what was fitted makes the interval, by every method."""

    def side(seed: int, mean: float) -> tuple[fg.fit.Statistics, fg.Funnel]:
        random = np.random.default_rng(seed)
        won = random.random(400) < 0.5
        table = {
            "id": list(range(400)),
            "lead": ["2025-01-01"] * 400,
            "won": ["2025-01-05" if w else None for w in won],
            "reason": [None if w else "price" for w in won],
            "paid": [float(random.normal(mean, 20)) if w else None for w in won],
        }
        stats = fg.fit.milestones(
            table, journey="id", stages={"lead": "lead", "won": "won"}, lost="reason", amount="paid"
        )
        return stats, stats.to_funnel(outcomes={"won": "won"}, values={"won": "amount"})

    (stats, plan), (_, actual) = side(1, 100), side(2, 120)
    row = next(row for row in stats.measures.to_dicts() if row["stage"] == "won")
    assert row["sd"] == pytest.approx(20, rel=0.2)  # some 200 draws know a deviation to 5 %; four of these
    for method in ("shapley", "lmdi", "sequential", "sampled"):
        e = fg.explain(plan, actual, by="factor", method=method)
        values = next(row for row in e.table if row.factor == "values")
        # Two means of about 200, 20 apart, at some 200 wins: 2 * 1.96 * 20 * sqrt(2 / 200) * 200 wide.
        assert values.high - values.low == pytest.approx(2 * 1.96 * 20 * math.sqrt(2 / 200) * 200, rel=0.3)
        assert values.within_chance is False
        assert e.within_chance is not None


def test_the_example_runs() -> None:
    printed = subprocess.run(
        [sys.executable, ROOT / "examples" / "python" / "explain.py"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ).stdout
    assert "not distinguishable from chance" in printed
    assert "không phân biệt được với ngẫu nhiên" in printed


def test_too_many_players() -> None:
    def long(rate: float, cost: float) -> fg.Funnel:
        funnel = fg.Funnel()
        for k in range(12):
            funnel.add_stage(f"s{k}", cost=cost)
        funnel.add_outcome("won", kind="won", value=10_000)
        for k in range(12):
            funnel.add_transition(f"s{k}", f"s{k + 1}" if k < 11 else "won", rate=rate)
        funnel.add_entry("s0", volume=1_000)
        return funnel

    plan, actual = long(0.9, 1), long(0.88, 2)
    by = ("stage", "factor")
    with pytest.raises(fg.InvalidValueError, match="sampled"):
        fg.explain(plan, actual, metric=fg.metric.profit(), by=by, method="shapley")
    e = fg.explain(plan, actual, metric=fg.metric.profit(), by=by, samples=100, seed=3)
    assert e.method == "sampled"
    assert (e.table["standard_error"] >= 0).all()
    assert e.table["standard_error"].max() > 0
    assert e.table["contribution"].sum() == pytest.approx(e.total)
    again = fg.explain(plan, actual, metric=fg.metric.profit(), by=by, samples=100, seed=3)
    assert again.table == e.table

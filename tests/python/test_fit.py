"""Fitting from Python: real tables against their reference figures, every kind of table, bad input."""

from __future__ import annotations

import copy
import datetime as dt
import gzip
import itertools
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from support import DATA, ROOT, needs_data

import funnelgraph as fg

STAGES = {
    "lead": "Lead_Date",
    "qualified": "Qualification_Date",
    "site visit": "Site_Visit_Date",
    "negotiation": "Negotiation_Date",
    "booking": "Booking_Date",
    "sold": "Sale_Date",
}
OWNERS = {"lead": "Marketing", "qualified": "Sales", "site visit": "Sales", "negotiation": "Sales"}


def reference(folder: str, name: str = "reference.json") -> dict[str, Any]:
    text: dict[str, Any] = json.loads((DATA / folder / name).read_text(encoding="utf-8"))
    return text


# ---- real tables -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def leads() -> pd.DataFrame:
    folder = DATA / "realestate_funnel"
    sales = pd.read_csv(folder / "Sales.csv")[["Lead_ID", "Sale_Date", "Sale_Value_AED"]]
    return pd.read_csv(folder / "Leads.csv").merge(sales, on="Lead_ID", how="left")


def fitted(table: Any, **options: Any) -> fg.fit.Statistics:
    known: dict[str, Any] = {
        "journey": "Lead_ID",
        "stages": STAGES,
        "lost": "Lost_Reason",
        "reasons": {"Financing / mortgage rejected": "Outside", "Chose competitor project": "Outside"},
        "amount": "Sale_Value_AED",
        "cost": "Marketing_Cost_AED",
        "segment": "Marketing_Channel",
    }
    return fg.fit.milestones(table, **{**known, **options})


@needs_data
def test_leads_give_their_reference_figures(leads: pd.DataFrame) -> None:
    """Counts exactly, rates and days to 1e-12: pandas rounds each step, we round once. [42] [44]"""
    expected = reference("realestate_funnel")
    stats = fitted(leads)
    assert stats.journeys == 5000
    names = list(STAGES)
    transitions = {(row["from"], row["to"]): row for row in stats.transitions.to_dicts()}
    for before, after in itertools.pairwise(names):
        step = f"{STAGES[before]}->{STAGES[after]}"
        row, days = transitions[before, after], expected["step_days"][step]
        assert row["count"] == days["n"] == expected["reached"][STAGES[after]]
        assert row["entered"] == expected["reached"][STAGES[before]]
        assert row["rate"] == pytest.approx(expected["step_rate"][step], rel=1e-12)
        assert row["lag_mean"] == pytest.approx(days["mean"], rel=1e-12)
        assert row["lag_sd"] == pytest.approx(days["sd"], rel=1e-12)
        assert row["lag_median"] == days["median"]
        assert stats.lag_quantile(before, after, 0.9) == pytest.approx(days["p90"], rel=1e-12)
    for before in names[:-1]:
        assert stats.count(before, "lost") == expected["status_x_last_stage"][f"Lost|{STAGES[before]}"]
    reasons: dict[str, int] = {}
    for row in stats.losses.to_dicts():
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + row["count"]
    assert reasons == {key: n for key, n in expected["lost_reason"].items() if key != "(null)"}
    measures = {(row["segment"], row["stage"], row["measure"]): row for row in stats.measures.to_dicts()}
    for channel, figures in expected["by_channel"].items():
        assert measures[channel, "lead", "cost"]["sum"] == pytest.approx(figures["cost"], rel=1e-12)
        assert measures[channel, "sold", "amount"]["sum"] == figures["revenue"]
        assert stats.segment(channel).entered("sold") == figures["sold"]


@needs_data
def test_the_road_from_leads_to_the_owner_ledger(leads: pd.DataFrame) -> None:
    funnel = fitted(leads).to_funnel(
        owners={**OWNERS, "booking": "Sales"}, values={"sold": "amount"}, currency="AED", open="lost"
    )
    assert funnel.validate() == []
    analysis = funnel.analyze()
    # Open journeys count as dropped: every count comes back as it was, to the rounding of a few products.
    assert analysis.count("sold") == pytest.approx(813, rel=1e-12)
    assert analysis.revenue == pytest.approx(2225544000, rel=1e-12)
    assert analysis.visits("negotiation") == pytest.approx(1184, rel=1e-12)
    cost = sum(figures["cost"] for figures in reference("realestate_funnel")["by_channel"].values())
    assert analysis.cost == pytest.approx(cost, rel=1e-12)
    owners = {row["owner"]: row for row in analysis.owners.to_dicts()}
    assert owners["Marketing"]["received"] == pytest.approx(5000, rel=1e-12)
    assert owners["Marketing"]["passed_on"] == pytest.approx(2278, rel=1e-12)
    assert owners["Sales"]["received"] == pytest.approx(2278, rel=1e-12)
    assert owners["Sales"]["passed_on"] == pytest.approx(813, rel=1e-12)
    # Losses have no date in this table, but every sale has.
    days = reference("realestate_funnel")["lead_to_sale_days"]
    # Means of the steps add up where every sale took every step: exactly, but for who took them.
    assert analysis.time_to("sold").mean == pytest.approx(days["mean"], rel=0.01)


@needs_data
def test_every_kind_of_table_is_the_same_table(leads: pd.DataFrame) -> None:
    expected = fitted(leads)
    dates = leads.assign(**{column: pd.to_datetime(leads[column]) for column in STAGES.values()})
    assert fitted(dates) == expected
    assert fitted(dates.convert_dtypes(dtype_backend="pyarrow")) == expected
    assert fitted(dates.astype({"Lost_Reason": "category", "Marketing_Channel": "category"})) == expected
    assert fitted({name: leads[name].tolist() for name in leads.columns}) == expected
    assert fitted({name: dates[name].to_numpy() for name in dates.columns}) == expected
    frame = pl.from_pandas(dates)
    assert fitted(frame) == expected
    assert fitted(frame.with_columns(pl.col("Lost_Reason").cast(pl.Categorical))) == expected
    assert fitted(frame.to_arrow()) == expected
    assert fitted(pa.Table.from_pandas(leads)) == expected

    class OnlyArrow:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return pa.Table.from_pandas(leads).__arrow_c_stream__(requested_schema)

    assert fitted(OnlyArrow()) == expected
    python_dates = leads.assign(
        **{
            name: [None if pd.isna(x) else dt.date.fromisoformat(x) for x in leads[name]]
            for name in STAGES.values()
        }
    )
    assert fitted(python_dates) == expected


@needs_data
def test_read_table_reads_the_same(leads: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    leads.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-8-sig")
    table = fg.fit.read_table(
        path, dates=STAGES.values(), numbers=["Sale_Value_AED", "Marketing_Cost_AED"], decimal=","
    )
    assert fitted(table) == fitted(leads)


@pytest.fixture(scope="module")
def shop_log() -> pd.DataFrame:
    with gzip.open(DATA / "ecom_retentioneering" / "ecom.csv.gz") as file:
        return pd.read_csv(file, parse_dates=["timestamp"])


@needs_data
@pytest.mark.parametrize(("by", "journey"), [("by_user", "user_id"), ("by_session", "session_id")])
def test_a_shop_log_gives_its_reference_figures(shop_log: pd.DataFrame, by: str, journey: str) -> None:
    expected = reference("ecom_retentioneering")[by]
    stats = fg.fit.events(shop_log, journey=journey, stage="event", time="timestamp")
    assert stats.journeys == expected["n_cases"]
    stages = {row["stage"]: row for row in stats.stages.to_dicts()}
    assert sum(row["entered"] for row in stages.values()) == expected["n_events"]
    assert len(stages) == expected["n_activities"]
    assert {name: row["entered"] for name, row in stages.items()} == expected["activity_event_counts"]
    started = {name: row["started"] for name, row in stages.items() if row["started"]}
    assert started == expected["start_activities"]
    ended = {name: row["drop_off"] for name, row in stages.items() if row["drop_off"]}
    assert ended == expected["end_activities"]
    transitions = {(row["from"], row["to"]): row for row in stats.transitions.to_dicts()}
    assert len(transitions) == expected["n_distinct_transitions"]
    assert sum(row["count"] for row in transitions.values()) == expected["n_transitions"]
    for step in expected["transitions"]:
        row = transitions[step["from_"], step["to"]]
        assert row["count"] == step["n"]
        # pandas sums doubles, we whole microseconds; below 1e-12 of its mean gap
        assert row["lag_mean"] * 86400 == pytest.approx(step["mean_s"], rel=1e-12)
        assert row["lag_median"] * 86400 == pytest.approx(step["median_s"], rel=1e-12)
    notes = {row["code"]: row["count"] for row in stats.notes.to_dicts()}
    assert notes.get("ties", 0) == expected["ties_same_timestamp_consecutive"]
    assert "unordered" not in notes


@needs_data
def test_visits_of_the_fitted_chain_are_the_events_a_journey(shop_log: pd.DataFrame) -> None:
    expected = reference("ecom_retentioneering", "reference_markov_session.json")
    stats = fg.fit.events(shop_log, journey="session_id", stage="event", time="timestamp")
    analysis = stats.to_funnel().analyze()
    journeys = stats.journeys
    for stage, visits in expected["expected_visits_per_case"].items():
        # The reference solves I - Q densely; we eliminate: 1e-9 is its error.
        assert analysis.visits(stage) / journeys == pytest.approx(visits, rel=1e-9)
    hit = expected["hit"]["purchase"]
    assert analysis.reach("purchase") == pytest.approx(hit["markov_from_start"], rel=1e-9)
    # The share of journeys that ever buy is counted, not modelled, where a purchase ends the journey.
    columns = {"journey": "session_id", "stage": "event", "time": "timestamp"}
    bought = fg.fit.events(shop_log, outcomes=["purchase"], **columns).entered("purchase")
    assert bought / journeys == pytest.approx(hit["empirical_share_of_cases"], rel=1e-12)


@needs_data
def test_a_shuffled_log_with_its_row_number_is_the_same_log(shop_log: pd.DataFrame) -> None:
    numbered = shop_log.assign(row=range(len(shop_log)))
    columns = {"journey": "user_id", "stage": "event", "time": "timestamp"}
    expected = fg.fit.events(shop_log, **columns)
    shuffled = numbered.sample(frac=1, random_state=3)
    again = fg.fit.events(shuffled, tie_column="row", **columns)
    assert again.transitions.to_pandas().equals(expected.transitions.to_pandas())
    assert again.stages.to_pandas().equals(expected.stages.to_pandas())
    plain = fg.fit.events(shuffled, **columns)
    assert plain.notes.row(code="ties_between_stages").count > 0


@needs_data
def test_parts_in_any_order_and_slices_in_time_add_up(shop_log: pd.DataFrame) -> None:
    columns: dict[str, Any] = {"journey": "user_id", "stage": "event", "time": "timestamp"}
    options: dict[str, Any] = {"outcomes": ["purchase"], "segment": "acquisition_channel", **columns}
    whole = fg.fit.events(shop_log, **options)
    users = shop_log["user_id"].unique()
    parts = [
        fg.fit.events(shop_log[shop_log["user_id"].isin(some)], **options)
        for some in np.array_split(users, 7)
    ]
    assert sum(parts, fg.fit.Statistics()) == whole
    assert sum(reversed(parts), fg.fit.Statistics()) == whole
    ordered = shop_log.sort_values("timestamp", kind="stable")
    cut = pd.Timestamp("2024-04-01")
    sliced = fg.fit.events(ordered[ordered["timestamp"] < cut], **options)
    assert sliced.update(ordered[ordered["timestamp"] >= cut]) == fg.fit.events(ordered, **options)


# ---- what a user can lean on -------------------------------------------------------------------------


def small() -> dict[str, list[Any]]:
    return {
        "id": ["a", "b", "c", "d"],
        "lead": ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"],
        "offer": ["2026-01-07", None, "2026-01-09", None],
        "sold": ["2026-01-09", None, None, None],
        "reason": [None, "price", None, None],
        "amount": [100.0, None, 50.0, None],
        "channel": ["ads", "ads", "friends", None],
    }


def small_fit(table: Any = None, **options: Any) -> fg.fit.Statistics:
    stages = {"lead": "lead", "offer": "offer", "sold": "sold"}
    known: dict[str, Any] = {"journey": "id", "stages": stages, "lost": "reason"}
    return fg.fit.milestones(small() if table is None else table, **{**known, **options})


def test_statistics_are_values() -> None:
    stats = small_fit(segment="channel", amount="amount")
    assert stats == small_fit(segment="channel", amount="amount")
    assert stats != small_fit()
    for twin in (copy.copy(stats), copy.deepcopy(stats), pickle.loads(pickle.dumps(stats)), stats.copy()):
        assert twin == stats
    assert fg.fit.Statistics.from_bytes(stats.to_bytes()) == stats
    with pytest.raises(TypeError):
        hash(stats)
    assert repr(stats) == "<Statistics of 4 journeys: lead > offer > sold, 2 open>"
    assert repr(fg.fit.Statistics()) == "Statistics()"
    assert stats.segment_names == ["(none)", "ads", "friends"]
    assert "<table" in stats._repr_html_()
    copied = stats.copy()
    later = small()
    later["sold"][2] = "2026-02-01"
    copied.update(later)
    assert copied.entered("sold") == 2
    assert stats.entered("sold") == 1  # the original stays


def test_until_includes_its_day_and_silence_shows() -> None:
    """Silence is a leak that must show. [42]"""
    table = {"id": [1, 2], "lead": ["2026-01-01", "2026-01-30 16:00"], "sold": [None, None]}
    for until in (
        "2026-01-30",
        dt.date(2026, 1, 30),
        np.datetime64("2026-01-30"),
        dt.datetime(2026, 1, 30, 23),
        pd.Timestamp("2026-01-30 17:00"),
    ):
        stats = fg.fit.milestones(
            table, journey="id", stages={"lead": "lead", "sold": "sold"}, until=until, silence=14
        )
        assert stats.journeys == 2, until
        assert stats.count("lead", "silent") == 1
    before = fg.fit.milestones(table, journey="id", stages={"lead": "lead"}, until=dt.datetime(2026, 1, 30))
    assert before.journeys == 1
    days = fg.fit.milestones(
        table,
        journey="id",
        stages={"lead": "lead", "sold": "sold"},
        until="2026-01-30",
        silence=dt.timedelta(days=14),
    )
    funnel = days.to_funnel()
    assert {row["name"]: row["kind"] for row in funnel.outcomes()}["silent"] == "silent"
    assert funnel.analyze().stages.row(stage="lead").lost == pytest.approx(2)


def test_times_with_a_zone_are_taken_to_utc() -> None:
    naive = pd.DataFrame({"id": [1], "lead": pd.to_datetime(["2026-01-01 00:30"]), "sold": ["2026-01-02"]})
    zoned = naive.assign(lead=naive["lead"].dt.tz_localize("UTC").dt.tz_convert("Asia/Ho_Chi_Minh"))
    stages = {"lead": "lead", "sold": "sold"}
    expected = fg.fit.milestones(naive, journey="id", stages=stages)
    assert fg.fit.milestones(zoned, journey="id", stages=stages) == expected
    assert fg.fit.milestones(pl.from_pandas(zoned), journey="id", stages=stages) == expected


def test_ids_of_any_type_are_one_id() -> None:
    table = small()
    expected = small_fit({**table, "id": ["1", "2", "3", "4"]})
    for ids in (
        [1, 2, 3, 4],
        np.array([1, 2, 3, 4], np.uint8),
        np.array([1.0, 2, 3, 4]),
        ("1", "2", "3", "4"),
    ):
        assert small_fit({**table, "id": ids}) == expected
    rows = small_fit(journey=None)
    assert rows.journeys == 4
    with pytest.raises(fg.InvalidValueError):
        rows.update(table)


def test_the_funnel_of_a_fit() -> None:
    stats = small_fit(amount="amount", reasons={"price": "Company"}, until="2026-03-01", silence=20)
    funnel = stats.to_funnel(
        name="Small",
        owners={"lead": "Marketing", "offer": {"Marketing": 0.5, "Sales": 0.5}, "sold": "Sales"},
        roles={"Sales": "sales"},
        outcomes={"sold": "won"},
        values={"sold": "amount"},
        periods=2,
    )
    transition = funnel.transition("lead", "offer")
    assert float(transition.rate) == 0.5
    assert transition.rate.source == "measured"
    assert transition.rate.n == 4
    assert transition.observed == (2, 4, 0)
    assert funnel.get(fg.volume("lead")) == 2
    assert funnel.get(fg.value("sold")) == 100
    kinds = {row["name"]: row["kind"] for row in funnel.outcomes()}
    assert kinds == {"sold": "won", "lost (Company)": "lost", "silent": "silent"}
    by_reason = stats.to_funnel(losses="reason")
    assert "price" in {row["name"] for row in by_reason.outcomes()}
    assert {row["name"] for row in stats.to_funnel(losses="total").outcomes()} == {"sold", "lost", "silent"}
    funnel.set(fg.rate("lead", "offer"), 0.4)
    assert funnel.transition("lead", "offer").observed is None


def test_a_funnel_by_segment() -> None:
    """Reports by channel. [44]"""
    segments = small_fit(segment="channel").to_segmented_funnel(owners={"lead": "Marketing"})
    assert list(segments) == ["(none)", "ads", "friends"]
    assert segments["ads"].get(fg.volume("lead")) == 2
    with pytest.raises(fg.InvalidValueError):
        small_fit().to_segmented_funnel()


def test_the_share_of_leads_that_fit_by_channel() -> None:
    """Lead quality by channel; who is rightly sent away is no loss. [12] [44]"""
    n = 60
    table = {
        "id": range(n),
        "lead": ["2026-01-01"] * n,
        "fits": ["2026-01-03" if i % 3 == 0 else None for i in range(n)],
        "status": ["won" if i % 3 == 0 else "screened" if i % 3 == 1 else "lost" for i in range(n)],
        "channel": ["ads" if i < 24 else "friends" for i in range(n)],
    }
    stages = {"lead": "lead", "fits": "fits"}
    stats = fg.fit.milestones(table, journey="id", stages=stages, status="status", segment="channel")
    shares = {
        channel: stats.segment(channel).count("lead", "fits") / stats.segment(channel).entered("lead")
        for channel in stats.segment_names
    }
    assert shares == {"ads": 8 / 24, "friends": 12 / 36}
    assert stats.count("lead", "screened") == stats.count("lead", "lost") == 20
    ledger = stats.to_funnel(owners={"lead": "Marketing"}).analyze().owners.row(owner="Marketing")
    assert ledger.screened == pytest.approx(20)
    assert ledger.lost == pytest.approx(20)


def test_the_page_about_fitting_runs() -> None:
    page = (ROOT / "docs" / "fitting.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, "docs/fitting.md", "exec"), names)
    assert names["stats"].count("lead", "silent") == 1
    assert names["stats"].count("offer", "silent") == 1
    assert names["funnel"].get(fg.value("sold")) == 100


def test_notes_tell_rows_and_never_values() -> None:
    table = small()
    table["id"][3] = "a"
    table["offer"][0] = "2025-12-31"
    stats = small_fit(table)
    notes = {row["code"]: row for row in stats.notes.to_dicts()}
    assert notes["duplicate_journey"]["rows"] == "4"
    assert notes["out_of_order"]["rows"] == "1"
    assert notes["duplicate_journey"]["message"].endswith(": 1")
    for note in notes.values():
        assert "price" not in note["message"]
        assert "2025" not in note["message"]


def test_persons_only_when_asked_and_never_ranked() -> None:
    n = 120
    table = {
        "id": range(n),
        "lead": ["2026-01-01"] * n,
        "sold": ["2026-01-05" if i % 3 == 0 else None for i in range(n)],
        "reason": [None if i % 3 == 0 else "price" for i in range(n)],
        "seller": ["Zoe" if i < 50 else "An" if i < 100 else "Few" for i in range(n)],
    }
    options: dict[str, Any] = {"journey": "id", "stages": {"lead": "lead", "sold": "sold"}, "lost": "reason"}
    with pytest.raises(fg.InvalidValueError, match="person="):
        fg.fit.milestones(table, **options).persons("lead", "sold")
    persons = fg.fit.milestones(table, person="seller", **options).persons("lead", "sold")
    assert persons["person"].tolist() == ["An", "Zoe"]
    assert persons["closed"].tolist() == [50, 50]


def test_the_interpreter_is_free_while_counting() -> None:
    import threading

    n = 20_000
    rng = np.random.default_rng(1)
    log = {
        "journey": rng.integers(0, 500, n),
        "stage": rng.choice(["a", "b", "c"], n),
        "time": np.datetime64("2026-01-01", "us") + rng.integers(0, 10**12, n),
    }
    expected = fg.fit.events(log, journey="journey", stage="stage", time="time")
    found: list[fg.fit.Statistics] = []

    def fit_one() -> None:
        found.append(fg.fit.events(log, journey="journey", stage="stage", time="time"))

    threads = [threading.Thread(target=fit_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(stats == expected for stats in found)
    assert len(found) == 4


# ---- bad input ---------------------------------------------------------------------------------------


def changed(**columns: Any) -> dict[str, Any]:
    return {**small(), **columns}


LOG = {"journey": ["a", "a"], "stage": ["x", "y"], "time": ["2026-01-01", "2026-01-02"]}
ALL = {"journey": "journey", "stage": "stage", "time": "time"}


def log_fit(table: Any = None, **options: Any) -> fg.fit.Statistics:
    return fg.fit.events(LOG if table is None else table, **{**ALL, **options})


BAD: list[tuple[str, Any, type[Exception], str]] = [
    ("a column that is not there", lambda: small_fit(lost="reasn"), fg.UnknownNameError, "reason"),
    ("a stage column", lambda: small_fit(stages={"lead": "led"}), fg.UnknownNameError, "lead"),
    ("columns of two lengths", lambda: small_fit(changed(lead=["2026-01-01"])), fg.DataError, "1 rows"),
    ("an empty table", lambda: small_fit({k: [] for k in small()}), fg.DataError, "no rows"),
    ("no table", lambda: small_fit(42), TypeError, "table is wanted"),
    (
        "nothing dated",
        lambda: small_fit(changed(lead=[None] * 4, offer=[None] * 4, sold=[None] * 4)),
        fg.DataError,
        "date",
    ),
    (
        "text that is no date",
        lambda: small_fit(changed(sold=["soon", None, None, None])),
        fg.DataError,
        "row 1",
    ),
    (
        "a day that is not",
        lambda: small_fit(changed(offer=["2026-02-30", None, None, None])),
        fg.DataError,
        "row 1",
    ),
    ("numbers for dates", lambda: small_fit(changed(sold=[1, 2, 3, 4])), fg.DataError, "numbers"),
    ("dates for ids", lambda: small_fit(changed(id=pd.to_datetime(small()["lead"]))), fg.DataError, "dates"),
    ("a missing id", lambda: small_fit(changed(id=["a", None, "c", "d"])), fg.DataError, "row 2"),
    ("an id of NaN", lambda: small_fit(changed(id=[1.0, 2.0, np.nan, 4.0])), fg.DataError, "row 3"),
    ("an id of 1.5", lambda: small_fit(changed(id=[1.0, 1.5, 2.0, 3.0])), fg.DataError, "row 2"),
    ("lists as ids", lambda: small_fit(changed(id=[[1], [2], [3], [4]])), fg.DataError, "text is wanted"),
    (
        "negative money",
        lambda: small_fit(changed(amount=[1, -2, 3, 4]), amount="amount"),
        fg.DataError,
        "row 2",
    ),
    (
        "infinite money",
        lambda: small_fit(changed(amount=[1, 2, np.inf, 4]), cost="amount"),
        fg.DataError,
        "row 3",
    ),
    (
        "text for money",
        lambda: small_fit(changed(amount=["dear"] * 4), amount="amount"),
        fg.DataError,
        "amount",
    ),
    ("no stage", lambda: small_fit(stages={}), fg.InvalidValueError, "stages="),
    ("stages as a list", lambda: small_fit(stages=["lead"]), TypeError, "mapping"),
    ("a reserved stage", lambda: small_fit(stages={"drop_off": "lead"}), fg.InvalidValueError, "reserved"),
    (
        "a stage called lost",
        lambda: small_fit(stages={"lead": "lead", "lost": "sold"}),
        fg.InvalidValueError,
        "lost_at",
    ),
    ("an outcome that is no stage", lambda: small_fit(outcomes=["sol"]), fg.UnknownNameError, "sold"),
    ("an outcome of no kind", lambda: small_fit(outcomes={"sold": "wonn"}), fg.UnknownNameError, "won"),
    (
        "reasons without lost=",
        lambda: small_fit(lost=None, reasons={"price": "Company"}),
        fg.InvalidValueError,
        "lost=",
    ),
    (
        "a reserved owner",
        lambda: small_fit(reasons={"price": "not assigned"}),
        fg.InvalidValueError,
        "reserved",
    ),
    (
        "a meaning that is none",
        lambda: small_fit(status="reason", statuses={"x": "gone"}),
        fg.UnknownNameError,
        "status",
    ),
    ("silence without until", lambda: small_fit(silence=3), fg.InvalidValueError, "until"),
    ("no silence", lambda: small_fit(silence=0, until="2026-02-01"), fg.InvalidValueError, "silence"),
    ("silence as text", lambda: small_fit(silence="long", until="2026-02-01"), TypeError, "silence"),
    ("until before all", lambda: small_fit(until="2020-01-01"), fg.DataError, "until"),
    ("until in no year", lambda: small_fit(until="soon"), fg.DataError, "until"),
    ("until as a number", lambda: small_fit(until=2026), TypeError, "date"),
    ("durations of no kind", lambda: small_fit(durations="some"), fg.UnknownNameError, "durations"),
    ("a log without a column", lambda: log_fit(time="tim"), fg.UnknownNameError, "time"),
    ("ties of no kind", lambda: log_fit(ties="rows"), fg.UnknownNameError, "row"),
    ("an end of no kind", lambda: log_fit(end="opened"), fg.UnknownNameError, "open"),
    (
        "silence and drop-off",
        lambda: log_fit(silence=3, until="2026-03-01", end="drop_off"),
        fg.InvalidValueError,
        "open",
    ),
    ("a log without times", lambda: log_fit({**LOG, "time": [None, None]}), fg.DataError, "time"),
    ("a log without stages", lambda: log_fit({**LOG, "stage": ["", None]}), fg.DataError, "stage"),
    (
        "a reserved stage in a log",
        lambda: log_fit({**LOG, "stage": ["leak", "x"]}),
        fg.InvalidValueError,
        "reserved",
    ),
    (
        "an owner of no stage",
        lambda: small_fit().to_funnel(owners={"ofer": "Sales"}),
        fg.UnknownNameError,
        "offer",
    ),
    (
        "a role of no owner",
        lambda: small_fit().to_funnel(owners={"lead": "Sales"}, roles={"Sale": "sales"}),
        fg.UnknownNameError,
        "Sales",
    ),
    (
        "values without amounts",
        lambda: small_fit().to_funnel(values={"sold": "amount"}),
        fg.DataError,
        "amount=",
    ),
    (
        "values of no stage",
        lambda: small_fit(amount="amount").to_funnel(values={"sols": "amount"}),
        fg.UnknownNameError,
        "sold",
    ),
    (
        "another measure",
        lambda: small_fit(amount="amount").to_funnel(values={"sold": "amonut"}),
        fg.DataError,
        "amount",
    ),
    ("matured", lambda: small_fit().to_funnel(open="matured"), fg.InvalidValueError, "not available yet"),
    (
        "an open rule that is none",
        lambda: small_fit().to_funnel(open="closed"),
        fg.UnknownNameError,
        "open rule",
    ),
    ("no periods", lambda: small_fit().to_funnel(periods=0), fg.InvalidValueError, "periods"),
    (
        "an outcome that never occurs",
        lambda: log_fit({**LOG, "stage": ["x", "purchase"]}, outcomes=["purchse"]).to_funnel(
            outcomes={"purchse": "won"}
        ),
        fg.UnknownNameError,
        "purchase",
    ),
    ("a funnel of nothing", lambda: fg.fit.Statistics().to_funnel(), fg.InvalidValueError, "nothing"),
    ("an update of nothing", lambda: fg.fit.Statistics().update(LOG), fg.InvalidValueError, "nothing"),
    ("the same journeys twice", lambda: small_fit() + small_fit(), fg.DataError, "update"),
    ("bytes of something else", lambda: fg.fit.Statistics.from_bytes(b"{}"), fg.DataError, "format"),
    ("a file that is not", lambda: fg.fit.read_table("no/such.csv"), fg.DataError, "cannot be read"),
]


@pytest.mark.parametrize(
    ("fails", "error", "says"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input_is_refused(fails: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        fails()
    assert says in str(caught.value)
    if isinstance(caught.value, fg.DataError):
        assert caught.value.row >= 0
        # A cell may be personal: none is ever repeated.
        assert "soon" not in str(caught.value)
        assert "dear" not in str(caught.value)


def test_revenue_without_values_raises() -> None:
    leads = {
        "id": ["a", "b", "c"],
        "lead": ["2026-01-01"] * 3,
        "sold": ["2026-01-02", "2026-01-03", None],
        "reason": [None, None, "price"],
    }
    stages = {"lead": "lead", "sold": "sold"}
    stats = fg.fit.milestones(leads, journey="id", stages=stages, lost="reason", until="2026-02-01")
    funnel = stats.to_funnel(outcomes={"sold": "won"})
    analysis = fg.analyze(funnel)
    assert analysis.count("sold") == pytest.approx(2, rel=1e-12)
    assert analysis.cost == 0
    assert analysis.unknown_values == ["sold"]
    for ask in (lambda: analysis.revenue, lambda: analysis.profit):
        with pytest.raises(fg.InvalidValueError, match=r"value\(sold\)") as caught:
            ask()
        assert caught.value.given == "unknown"
    assert "revenue –" in repr(analysis)
    assert fg.Funnel.from_json(funnel.to_json()) == funnel
    assert funnel.apply(fg.Scenario("priced").set(fg.value("sold"), 10)).analyze().revenue == pytest.approx(
        20
    )


def test_a_column_is_found_in_any_normal_form() -> None:
    """Files from macOS have names in form D; a keyboard gives form C."""
    decomposed = {"ma\u0303": ["a", "b"], "nga\u0300y": ["2026-01-01"] * 2, "ba\u0301n": ["2026-01-02", None]}
    stages = {"khách": "ngày", "bán": "bán"}
    for leads in (decomposed, pd.DataFrame(decomposed)):
        stats = fg.fit.milestones(leads, journey="mã", stages=stages)
        assert stats.count("khách", "bán") == 1
    with pytest.raises(fg.UnknownNameError, match="unknown column 'mãx'"):
        fg.fit.milestones(decomposed, journey="mãx", stages=stages)


def test_names_that_look_alike_are_told_apart() -> None:
    """What nobody sees in a name is spelt out where the name is proposed."""
    leads = {"id": ["a"], "lead\u00a0date": ["2026-01-01"]}
    with pytest.raises(fg.UnknownNameError, match=r"did you mean 'lead\\xa0date'"):
        fg.fit.milestones(leads, journey="id", stages={"lead": "lead date"})


def test_two_columns_of_one_name_are_refused() -> None:
    leads = pd.DataFrame([["a", "2026-01-01", "2026-01-02"]], columns=["id", "lead", "lead"])
    with pytest.raises(fg.DataError, match="two columns of this name"):
        fg.fit.milestones(leads, journey="id", stages={"lead": "lead"})


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([46_023, 46_024], "as spreadsheets store dates"),
        ([46_023.5, None], "as spreadsheets store dates"),
        ([1, 2], "holds numbers; dates are wanted"),
        ([dt.date(2026, 1, 1), 46_023], "row 2.*is of type int, a date is wanted"),
    ],
)
def test_numbers_are_no_dates(cells: list[Any], said: str) -> None:
    with pytest.raises(fg.DataError, match=said):
        fg.fit.milestones(
            pd.DataFrame({"id": ["a", "b"], "lead": cells}), journey="id", stages={"lead": "lead"}
        )


def test_a_path_is_no_table() -> None:
    with pytest.raises(TypeError, match="read_table reads a file"):
        fg.fit.milestones("leads.csv", journey="id", stages={"lead": "lead"})  # type: ignore[arg-type]


def test_a_file_of_one_column_asks_for_the_delimiter(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id^lead\na^2026-01-01\n", encoding="utf-8")
    with pytest.raises(fg.UnknownNameError, match="if it is several, give the delimiter"):
        fg.fit.read_table(tmp_path / "leads.csv", dates=["lead"])
    assert list(fg.fit.read_table(tmp_path / "leads.csv", dates=["lead"], delimiter="^")) == ["id", "lead"]

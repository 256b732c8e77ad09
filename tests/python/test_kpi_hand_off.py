"""Hand-off records, service levels and reasons of loss from Python, checked against pandas."""

import math
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from support import DATA

import funnelgraph as fg


def data(*parts):
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    return path


def generated(n=4000, seed=3):
    """A record with every irregularity, by a seeded generator."""
    rng = np.random.Generator(np.random.Philox(key=seed))
    start = np.datetime64("2026-03-01T08:00", "us")
    delivered = start + (rng.random(n) * 40 * 86_400_000_000).astype("timedelta64[us]")

    def after(share, mean_days):
        wait = (rng.exponential(mean_days, n) * 86_400_000_000).astype("timedelta64[us]")
        return np.where(rng.random(n) < share, delivered + wait, np.datetime64("NaT"))

    rejected = after(0.3, 0.8)
    return pd.DataFrame(
        {
            "delivered": delivered,
            "accepted": np.where(rng.random(n) < 0.9, after(0.5, 0.5), rejected),
            "rejected": rejected,
            "touched": after(0.7, 0.7),
            "reason": np.where(
                pd.isna(rejected), None, rng.choice(["no budget", "not reachable", "competitor", None], n)
            ),
            "meets": rng.choice(["yes", "no", None], n, p=[0.3, 0.1, 0.6]),
            "team": rng.choice(["north", "south"], n),
            "who": rng.choice(["events", "ads", "partners"], n),
        }
    )


def judged_by_pandas(frame, until, within=1.0, against=("no budget", "not reachable")):
    """The rule of the hand-off record, written anew."""
    day = pd.Timedelta(days=1)
    known = frame.copy()
    for column in ("accepted", "rejected", "touched"):
        known[column] = known[column].where(known[column] <= until)
    known = known[known.delivered <= until]
    later = frame.rejected.notna() & known.rejected.isna()
    rejected = known.rejected.notna() | (known.reason.notna() & ~later)
    reason = known.reason.where(rejected)
    accepted = known.accepted.notna()
    meets, fails = known.meets == "yes", known.meets == "no"
    backwards = (
        (known.accepted < known.delivered)
        | (known.rejected < known.delivered)
        | (known.touched < known.delivered)
    )
    wait = (known.touched - known.delivered) / day
    verdict = pd.Series("between", index=known.index)
    in_time = wait <= within
    verdict[~rejected & in_time] = "in_order"
    verdict[~rejected & ~in_time & (accepted | meets)] = "receiver"
    verdict[
        rejected & reason.isin(against) & ~meets & ((known.rejected - known.delivered) / day <= within)
    ] = "giver"
    verdict[backwards | (accepted & rejected) | (accepted & fails)] = "between"
    verdict[(until - known.delivered) / day < within] = "young"
    return verdict


def test_the_rule_agrees_with_pandas():
    """4,000 generated hand-offs, by giver and receiver. [31, 57]"""
    frame = generated()
    until = pd.Timestamp("2026-04-05 12:00")
    record = fg.hand_off_record(
        frame,
        giver_column="who",
        receiver_column="team",
        against_definition=["no budget", "not reachable"],
        until=until,
    )
    verdict = judged_by_pandas(frame, until)
    known = frame.loc[verdict.index]
    columns = {
        "in_order": "in_order",
        "receivers": "receiver",
        "givers": "giver",
        "between": "between",
        "young": "young",
    }
    for row in record.pairs:
        here = verdict[(known.who == row.giver) & (known.team == row.receiver)]
        for column, name in columns.items():
            assert getattr(row, column) == (here == name).sum(), (row.giver, row.receiver, column)
    total = record.total
    assert total.judged == (verdict != "young").sum()
    assert sum(record.causes["count"].tolist()) == total.between
    never = [row.cause for row in record.causes if row.count == 0]
    assert never == ["rejected_undated"]  # whoever rejects here says when
    assert record.until == datetime(2026, 4, 5, 12)

    # Every policy shares out the same hand-offs; the rule leaves some between.
    policies = record.policies.to_pandas()
    borne = policies.groupby("policy").borne.sum()
    assert borne["nobody"] == total.givers + total.receivers
    for policy in ("giver", "receiver", "halves", "in_proportion"):
        assert borne[policy] == pytest.approx(total.givers + total.receivers + total.between)
    ranks = policies.pivot(index="owner", columns="policy", values="share").rank(
        ascending=False, method="min"
    )
    changes = any((ranks[policy] != ranks["nobody"]).any() for policy in ranks)
    assert record.ranking_changes == changes
    low_to_high = policies[["low", "share", "high"]].to_numpy()
    assert (np.diff(low_to_high, axis=1) >= 0).all()


def test_columns_of_the_usual_names_are_found():
    frame = generated(200).drop(columns=["meets"])
    until = "2026-04-05"
    same = {"accepted": "accepted", "rejected": "rejected", "touched": "touched", "reason": "reason"}
    assert repr(fg.hand_off_record(frame, until=until)) == repr(
        fg.hand_off_record(frame, until=until, **same)
    )
    without = fg.hand_off_record(frame, until=until, accepted="", touched="")
    assert without.total.touched == 0
    assert without.total.in_order == 0
    with pytest.raises(fg.UnknownNameError, match="touched"):
        fg.hand_off_record(frame, touched="toched")


def test_a_log_and_a_table_say_the_same():
    """A row an event instead of a row a hand-off."""
    frame = generated(500, seed=9).drop(columns=["meets"])
    steps = ["delivered", "accepted", "rejected", "touched"]
    log = (
        frame.reset_index(names="lead")
        .melt(["lead", "reason"], steps, "event", "time")
        .dropna(subset=["time"])
    )
    log = log[log.time.notna()].sample(frac=1, random_state=1)
    # In a log nothing can happen to a lead before it is delivered.
    order = log.merge(frame.delivered.rename("begun"), left_on="lead", right_index=True)
    assert (order.time >= order.begun).all()
    options = {"against_definition": ["no budget"], "until": "2026-04-05"}
    wide = fg.hand_off_record(frame, **options)
    long = fg.hand_off_record(log, journey="lead", event="event", **options)
    assert repr(long) == repr(wide)
    assert long.total.repeated == 0


def test_real_estate_leads():
    """Leads handed over to agents, touched when they are qualified, against pandas. [57]"""
    leads = pd.read_csv(
        data("realestate_funnel", "Leads.csv"), parse_dates=["Lead_Date", "Qualification_Date"]
    )
    record = fg.hand_off_record(
        leads,
        delivered="Lead_Date",
        accepted="Qualification_Date",
        touched="Qualification_Date",
        journey="Lead_ID",
        within=timedelta(days=7),
        giver_column="Marketing_Channel",
    )
    until = max(leads.Lead_Date.max(), leads.Qualification_Date.max())
    mature = leads[(until - leads.Lead_Date).dt.days >= 7]
    wait = (mature.Qualification_Date - mature.Lead_Date).dt.days
    total = record.total
    assert total.delivered == len(leads)
    assert total.judged == len(mature)
    assert total.in_order == (wait <= 7).sum()
    assert total.receivers == (wait > 7).sum()
    assert total.between == wait.isna().sum()
    assert total.touch_mean == pytest.approx(wait.mean())
    assert total.touch_median == wait.median()
    by_channel = mature.groupby("Marketing_Channel").size()
    for row in record.pairs:
        assert row.judged == by_channel[row.giver]
        assert row.receiver == "Sales"


def kaplan_meier(waits, answered, limit):
    """1 - S(limit), written anew."""
    order = np.lexsort((~answered, waits))
    waits, answered = waits[order], answered[order]
    still = 1.0
    for time in np.unique(waits[answered & (waits <= limit)]):
        still *= 1 - (answered & (waits == time)).sum() / (waits >= time).sum()
    return 1 - still


def test_service_levels_of_real_estate_by_channel_and_month():
    """Share qualified within a week, young ones neither way. [30, 57]"""
    leads = pd.read_csv(
        data("realestate_funnel", "Leads.csv"), parse_dates=["Lead_Date", "Qualification_Date"]
    )
    levels = fg.service_levels(
        leads,
        rules=[fg.ServiceLevel("lead", "qualified", within=7)],
        by=["segment", "month"],
        journey="Lead_ID",
        stages={"lead": "Lead_Date", "qualified": "Qualification_Date"},
        segment="Marketing_Channel",
    )
    until = max(leads.Lead_Date.max(), leads.Qualification_Date.max())
    frame = leads.assign(
        month=leads.Lead_Date.dt.strftime("%Y-%m"),
        wait=(leads.Qualification_Date - leads.Lead_Date).dt.days,
        age=(until - leads.Lead_Date).dt.days,
    )
    assert levels.until == until.to_pydatetime()
    assert sum(levels["entered"].tolist()) == len(frame)
    for row in levels.table:
        here = frame[(frame.month == row.month) & (frame.Marketing_Channel == row.segment)]
        mature = here[here.age >= 7]
        assert (row.entered, row.young) == (len(here), len(here) - len(mature))
        assert row.in_time == (mature.wait <= 7).sum()
        assert row.late == len(mature) - row.in_time
        if row.in_time + row.late:
            assert row.share == row.in_time / (row.in_time + row.late)
            assert row.low <= row.share <= row.high
    whole = fg.service_levels(
        leads,
        rules=[fg.ServiceLevel("lead", "qualified", within=7)],
        journey="Lead_ID",
        stages={"lead": "Lead_Date", "qualified": "Qualification_Date"},
    ).table[0]
    run = frame.wait.fillna(frame.age).to_numpy()
    # Products of some hundred factors: 1e-12.
    assert whole.share_censored == pytest.approx(
        kaplan_meier(run, frame.wait.notna().to_numpy(), 7), rel=1e-12
    )


def test_service_levels_of_deals_by_office():
    """Engaged deals closed within 30 days, by regional office. [30]"""
    deals = pd.read_csv(data("crm_maven", "sales_pipeline.csv"), parse_dates=["engage_date", "close_date"])
    teams = pd.read_csv(data("crm_maven", "sales_teams.csv"))
    frame = deals.merge(teams, on="sales_agent")
    levels = fg.service_levels(
        frame,
        rules=[fg.ServiceLevel("engaged", "closed", within=30)],
        by="receiver",
        journey="opportunity_id",
        stages={"engaged": "engage_date", "closed": "close_date"},
        receiver_column="regional_office",
    )
    until = max(frame.engage_date.max(), frame.close_date.max())
    engaged = frame[frame.engage_date.notna()]
    engaged = engaged[(until - engaged.engage_date).dt.days >= 30]
    in_time = (engaged.close_date - engaged.engage_date).dt.days <= 30
    for row in levels.table:
        assert row.in_time == in_time[engaged.regional_office == row.receiver].sum()
        assert row.in_time + row.late == (engaged.regional_office == row.receiver).sum()


def test_service_levels_of_an_event_log():
    """From the cart to the purchase within an hour, against a loop over the log. [30]"""
    log = pd.read_csv(data("ecom_retentioneering", "ecom.csv.gz"), parse_dates=["timestamp"])
    start, stop = "cart", "purchase"
    levels = fg.service_levels(
        log,
        rules=[fg.ServiceLevel(start, stop, within=timedelta(hours=1))],
        journey="user_id",
        stage="event",
        time="timestamp",
    )
    until, hour = log.timestamp.max(), pd.Timedelta(hours=1)
    in_time = late = young = 0
    for _, events in log.sort_values("timestamp", kind="stable").groupby("user_id"):
        begun = None
        clocks = []
        for event, time in zip(events.event, events.timestamp, strict=True):
            if begun is None and event == start:
                begun = time
            elif begun is not None and event == stop:
                clocks.append((begun, time))
                begun = None
        if begun is not None:
            clocks.append((begun, pd.NaT))
        for begun, answered in clocks:
            if until - begun < hour:
                young += 1
            elif answered - begun <= hour:
                in_time += 1
            else:
                late += 1
    row = levels.table[0]
    assert (row.in_time, row.late, row.young) == (in_time, late, young)
    assert in_time > 0


def test_by_owner_of_stages():
    """Giver and receiver by the owners of the two ends, from a mapping or a funnel. [30, 57]"""
    log = {
        "journey": ["a", "a", "b"],
        "stage": ["enquiry", "order", "enquiry"],
        "time": pd.to_datetime(["2026-03-02 09:00", "2026-03-02 12:00", "2026-03-02 09:00"]),
    }
    rules = [fg.ServiceLevel("enquiry", "order", within=1.0)]
    until = "2026-03-31"
    levels = fg.service_levels(
        log, rules=rules, by="owner", owners={"enquiry": "Marketing", "order": "Sales"}, until=until
    )
    assert levels.table[0][:6] == ("enquiry", "order", "answer", 1.0, "Marketing", "Sales")
    assert levels.table[0].share == 0.5
    plan = fg.datasets.sandal_shop_plan()
    assert (
        fg.service_levels(log, rules=rules, by="owner", owners=plan, until=until).table[0].receiver == "Sales"
    )
    with_columns = {**log, "giver": ["ads", "", "fair"], "receiver": ["north", "north", "south"]}
    by_column = fg.service_levels(with_columns, rules=rules, by="owner", until=until)
    assert by_column["giver"].tolist() == ["ads", "fair"]
    held = fg.service_levels(
        {**log, "owner": ["Lan's team", "x", "Sales"]}, rules=rules, by="owner", until=until
    )
    assert held["receiver"].tolist() == ["Lan's team", "Sales"]
    with pytest.raises(fg.InvalidValueError, match="owners="):
        fg.service_levels(log, rules=rules, by="owner")


def test_breach_of_a_funnels_transitions():
    """From the lag alone. [30]"""
    shop = fg.datasets.sandal_shop_plan()
    table = fg.service_levels(shop)
    row = table.row(**{"from": "enquiry", "to": "order"})
    assert row.breach == 0
    shop.set(fg.lag("enquiry", "order"), 1.5)
    assert fg.service_levels(shop)[0].breach == 1
    other = fg.service_levels(shop, [fg.ServiceLevel("order", "delivered", within=timedelta(days=4))])
    assert (other[0].within, other[0].share) == (4, 1)
    assert other[0].flow == pytest.approx(1000)


def test_reports_and_feedback():
    """Daily report back and feedback share. [30, 57]"""
    days = pd.date_range("2026-03-02", "2026-03-13", freq="B") + pd.Timedelta(hours=17)
    log = pd.DataFrame({"journey": "x", "stage": "report", "time": days[:-3]})
    log.loc[len(log)] = ["y", "enquiry", pd.Timestamp("2026-03-02")]
    levels = fg.service_levels(
        log,
        rules=[fg.ServiceLevel.report("report"), fg.ServiceLevel.feedback("enquiry", "feedback")],
        days_off=[5, 6],
        until="2026-03-13",
    )
    report, feedback = levels.table
    assert (report.in_time, report.late) == (7, 3)
    assert (feedback.in_time, feedback.late) == (0, 1)
    assert math.isinf(feedback.within)


def test_nothing_to_count_is_a_row():
    levels = fg.service_levels(LOG, [fg.ServiceLevel("visit", "offer", within=1)])
    assert levels.table[0].entered == 0
    assert math.isnan(levels.table[0].share)


def test_loss_reasons_of_the_sandal_shop():
    """Company, Outside, Sales, not assigned, against pandas. [31]"""
    week = pd.DataFrame(fg.datasets.sandal_shop(people=20_000))
    owners = {k: v for k, v in fg.datasets.sandal_shop_reasons().items() if k != "price too high"}
    week["writer"] = np.where(week.person.str[-1].isin(list("01234")), "Sales", "MKT")
    found = fg.loss_reasons(
        week, reason="lost_reason", recorded_by="writer", owners=owners, recorders={"MKT": "Marketing"}
    )
    lost = week[week.lost_reason != ""]
    counts = lost.lost_reason.map(owners).fillna("not assigned").value_counts()
    assert found.losses == len(lost)
    assert (
        dict(zip(found.owners["owner"].tolist(), found.owners["count"].tolist(), strict=True))
        == counts.to_dict()
    )
    assert found.owners["owner"].tolist()[-1] == "not assigned"
    mine = lost[lost.lost_reason.map(owners) == "Sales"]
    assert found.owners.row(owner="Sales").by_itself == (mine.writer == "Sales").sum()
    named = lost[lost.lost_reason.isin(owners)]
    other = (named.lost_reason.map(owners) != named.writer.replace("MKT", "Marketing")).mean()
    assert found.recorded_by_others == pytest.approx(other)


ROWS = {"delivered": ["2026-03-01", "2026-03-02"], "touched": ["2026-03-01", None], "reason": ["late", None]}
LOG = {"journey": ["a", "a"], "stage": ["enquiry", "call"], "time": ["2026-03-01", "2026-03-02"]}
CALLED = [fg.ServiceLevel("enquiry", "call", within=1)]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: fg.hand_off_record({"delivered": []}), fg.DataError, "no rows"),
        (lambda: fg.hand_off_record({"delivered": [None]}), fg.DataError, "nothing was delivered"),
        (lambda: fg.hand_off_record({"sent": ["2026-03-01"]}), fg.UnknownNameError, "delivered"),
        (lambda: fg.hand_off_record(ROWS, within=-1), fg.InvalidValueError, "within"),
        (lambda: fg.hand_off_record(ROWS, within=0), fg.InvalidValueError, "within"),
        (lambda: fg.hand_off_record(ROWS, within=float("nan")), fg.InvalidValueError, "within"),
        (lambda: fg.hand_off_record(ROWS, within="a day"), TypeError, "within"),
        (lambda: fg.hand_off_record(ROWS, reject_within=-2), fg.InvalidValueError, "reject_within"),
        (lambda: fg.hand_off_record(ROWS, giver="Sales"), fg.InvalidValueError, "giver itself"),
        (lambda: fg.hand_off_record(ROWS, giver=""), fg.InvalidValueError, "giver"),
        (lambda: fg.hand_off_record(ROWS, receiver="between"), fg.InvalidValueError, "reserved"),
        (lambda: fg.hand_off_record(ROWS, accepted="reason"), fg.DataError, "reason"),
        (lambda: fg.hand_off_record(ROWS, against_definition=["lat"]), fg.UnknownNameError, "late"),
        (lambda: fg.hand_off_record({**ROWS, "meets": ["maybe", "no"]}), fg.DataError, "neither yes nor no"),
        (lambda: fg.hand_off_record(LOG, event="stage"), fg.InvalidValueError, "journey"),
        (
            lambda: fg.hand_off_record(LOG, event="stage", journey="journey", delivered="enquir"),
            fg.UnknownNameError,
            "enquiry",
        ),
        (lambda: fg.hand_off_record(ROWS, until="31/31/2026"), fg.DataError, "until"),
        (lambda: fg.service_levels(LOG), fg.InvalidValueError, "no rule"),
        (
            lambda: fg.service_levels(LOG, [fg.ServiceLevel("enquiry", "call", -1)]),
            fg.InvalidValueError,
            "days",
        ),
        (lambda: fg.service_levels(LOG, [fg.ServiceLevel("enquiry", "cal")]), fg.UnknownNameError, "call"),
        (lambda: fg.service_levels(LOG, ["enquiry"]), TypeError, "ServiceLevel"),
        (lambda: fg.service_levels(LOG, CALLED, by="weak"), fg.UnknownNameError, "week"),
        (lambda: fg.service_levels(LOG, CALLED, by="segment"), fg.InvalidValueError, "segment"),
        (lambda: fg.service_levels(LOG, CALLED, journey="user"), fg.UnknownNameError, "user"),
        (lambda: fg.service_levels(LOG, CALLED, days_off=[7]), fg.InvalidValueError, "Sunday"),
        (lambda: fg.service_levels(LOG, CALLED, owners={"enqiry": "Sales"}), fg.UnknownNameError, "enquiry"),
        (lambda: fg.service_levels({k: [] for k in LOG}, CALLED), fg.DataError, "no rows"),
        (
            lambda: fg.service_levels(LOG, [fg.ServiceLevel.report("call", every=0.5)]),
            fg.InvalidValueError,
            "whole number",
        ),
        (
            lambda: fg.service_levels(
                fg.datasets.sandal_shop_plan(), [fg.ServiceLevel("enquiry", "deliverd")]
            ),
            fg.UnknownNameError,
            "delivered",
        ),
        (lambda: fg.loss_reasons(ROWS, reason="reasn"), fg.UnknownNameError, "reason"),
        (lambda: fg.loss_reasons(ROWS, owners={"lte": "Sales"}), fg.UnknownNameError, "late"),
        (lambda: fg.loss_reasons(ROWS, owners={"late": ""}), fg.InvalidValueError, "owners"),
        (lambda: fg.loss_reasons(ROWS, recorders={"a": "Sales"}), fg.InvalidValueError, "recorded_by"),
        (lambda: fg.loss_reasons({"reason": [None]}), fg.DataError, "no losses"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call()

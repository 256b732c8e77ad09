"""The command line as a person and as a program use it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import DATA, OPTIONS, SMALL, needs_data, run

import funnelgraph as fg

TABLE = """\ufeffM\u00e3;Ng\u00e0y;Li\u00ean h\u1ec7;B\u00e1n;L\u00fd do;Ti\u1ec1n
a;01/03/2026;03/03/2026;10/03/2026;;1.250.000,50
b;02/03/2026;05/03/2026;;qu\u00e1 \u0111\u1eaft;
c;02/03/2026;;;;
d;13/03/2026;15/03/2026;20/03/2026;;2.000.000,00
e;14/03/2026;;;kh\u00f4ng h\u1ee3p;
"""

CONFIG = """
journey = "M\u00e3"
lost = "L\u00fd do"
amount = "Ti\u1ec1n"
currency = "VND"
[stages]
"kh\u00e1ch" = "Ng\u00e0y"
"h\u1eb9n" = "Li\u00ean h\u1ec7"
"b\u00e1n" = "B\u00e1n"
[owners]
"kh\u00e1ch" = "Marketing"
"h\u1eb9n" = "Kinh doanh"
[reasons]
"qu\u00e1 \u0111\u1eaft" = "C\u00f4ng ty"
"""


def test_demo_shows_the_week_and_the_shortfall(capsys: pytest.CaptureFixture[str]) -> None:
    """The worked case of a week's reach, likes, shares and comments [38, 39]."""
    code, out, err = run(capsys, "demo")
    assert (code, err) == (0, "")
    for text in (
        "200,000",
        "5,000 likes",
        "120 shares",
        "2,000 comments",
        "2,000,000,000 VND",
        "Marketing",
        "Sales",
    ):
        assert text in out
    assert run(capsys, "demo")[1] == out, "the same seed gives the same page"
    assert run(capsys, "demo", "--seed", "8")[1] != out


def test_demo_in_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "demo", "--language", "vi")
    assert code == 0
    assert "bên giao" in out
    assert "giai đoạn" in out
    assert "2.000.000.000 VND" in out
    assert "đặt hàng" in out
    assert "rơi rụng (Công ty)" in out
    for english in ("engaged", "lost (", "Company", "Outside"):
        assert english not in out


def test_demo_json_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "demo", "--json")
    assert code == 0
    data = json.loads(out)
    assert sum(row["cost"] for row in data["owners"]) == pytest.approx(data["cost"], rel=1e-9)
    assert sum(row["value"] for row in data["owners"]) == pytest.approx(data["revenue"], rel=1e-9)
    assert len(data["below_reference"]) <= 3
    worth = [row["recoverable"] for row in data["below_reference"]]
    assert worth == sorted(worth, reverse=True)
    assert all(value > 0 for value in worth)


@pytest.mark.parametrize("template", ["buying_funnel", "demand_waterfall", "online_shop", "pharmacy_channel"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_new_writes_a_funnel_that_can_be_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, template: str, language: str
) -> None:
    path = tmp_path / "new.json"
    code, out, _ = run(capsys, "new", "--template", template, "--language", language, "-o", str(path))
    assert code == 0
    assert str(path) in out
    funnel = fg.Funnel.from_json(path.read_text(encoding="utf-8"))
    assert not [issue for issue in funnel.validate() if issue.severity == "error"]
    code, out, _ = run(capsys, "analyze", str(path), "--json")
    assert code == 0
    assert json.loads(out)["stages"]


def test_analyze_a_vietnamese_table_with_a_config(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Semicolons, decimal comma, dd/mm/yyyy and a byte order mark."""
    table, config = tmp_path / "khach.csv", tmp_path / "khach.toml"
    table.write_text(TABLE, encoding="utf-8")
    config.write_text(CONFIG, encoding="utf-8")
    code, out, err = run(capsys, "analyze", str(table), "--config", str(config), "--json")
    assert code == 0, err
    data = json.loads(out)
    # Five leads, one of them open: the four closed ones brought two sales, so five bring two and a half.
    assert data["revenue"] == pytest.approx((1_250_000.50 + 2_000_000) * 5 / 4, rel=1e-12)
    counts = {(row["from"], row["to"]): row["count"] for row in data["transitions"]}
    assert counts["khách", "hẹn"] == 3
    assert counts["hẹn", "bán"] == 2
    code, out, _ = run(capsys, "analyze", str(table), "--config", str(config), "--language", "vi")
    assert code == 0
    assert "Kinh doanh" in out


def test_a_page_is_no_wider_than_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit goes on below; no column is left out."""
    wide = run(capsys, "new", "--template", "online_shop")[1]
    monkeypatch.setenv("COLUMNS", "80")
    narrow = run(capsys, "new", "--template", "online_shop")[1]
    assert max(len(line) for line in wide.splitlines() if "──" in line) > 80
    assert max(len(line) for line in narrow.splitlines() if "──" in line) <= 80
    assert "more column" not in wide + narrow
    assert all(heading in narrow for heading in ("reach a win", "waiting days", "value", "late"))


@needs_data
def test_segments_have_their_own_figures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A public table of leads by marketing channel; its reference counts open ones as lost [44]."""
    import pandas as pd

    folder = DATA / "realestate_funnel"
    sales = pd.read_csv(folder / "Sales.csv")[["Lead_ID", "Sale_Date", "Sale_Value_AED"]]
    leads = pd.read_csv(folder / "Leads.csv").merge(sales, on="Lead_ID", how="left")
    leads.to_csv(tmp_path / "leads.csv", index=False)
    dates = ["Lead_Date", "Qualification_Date", "Site_Visit_Date", "Negotiation_Date", "Booking_Date"]
    stages = ",".join(f"{name}={name}" for name in [*dates, "Sale_Date"])
    money = ["--amount", "Sale_Value_AED", "--cost", "Marketing_Cost_AED", "--open", "lost"]
    table = [str(tmp_path / "leads.csv"), "--journey", "Lead_ID", "--stages", stages, *money]
    code, out, err = run(capsys, "analyze", *table, "--segment", "Marketing_Channel", "--json")
    assert code == 0, err
    found = {row["segment"]: row for row in json.loads(out)["segments"]}
    known = json.loads((folder / "reference.json").read_text(encoding="utf-8"))["by_channel"]
    assert found.keys() == known.keys()
    for channel, figures in known.items():
        row = found[channel]
        stage = {row["stage"]: row for row in row["stages"]}
        assert row["entrants"] == figures["leads"]
        # Sums of rounded products of rates: a few units in the last place.
        assert row["wins"] == pytest.approx(figures["sold"], rel=1e-12)
        assert row["conversion"] == pytest.approx(figures["sold"] / figures["leads"], rel=1e-12)
        assert stage["Qualification_Date"]["visits"] == pytest.approx(figures["qualified"], rel=1e-12)
        assert row["revenue"] == pytest.approx(figures["revenue"], rel=1e-12)
        assert row["cost"] == pytest.approx(figures["cost"], rel=1e-12)
        assert row["cost_per_win"] == pytest.approx(figures["cost_per_sale"], rel=1e-12)
    for language, heading in (("en", "By segment"), ("vi", "Theo nhóm")):
        out = run(capsys, "analyze", *table, "--segment", "Marketing_Channel", "--language", language)[1]
        page = out.split(heading)[1]
        assert all(channel in page for channel in known), language
    assert "By segment" not in run(capsys, "analyze", *table)[1]


def test_channels_of_a_plan_add_up(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """All of a funnel but its fixed costs, which belong to no channel [44]."""
    path = tmp_path / "plan.json"
    plan = fg.reference.online_shop()
    plan.set(fg.fixed_cost("Sales"), 3e6)
    path.write_text(plan.to_json(), encoding="utf-8")
    whole = json.loads(run(capsys, "analyze", str(path), "--json")[1])
    rows = whole["segments"]
    assert [row["segment"] for row in rows] == ["paid", "owned", "earned"]
    won = sum(row["count"] for row in whole["outcomes"] if row["kind"] == "won")
    assert sum(row["wins"] for row in rows) == pytest.approx(won, rel=1e-12)
    assert sum(row["revenue"] for row in rows) == pytest.approx(whole["revenue"], rel=1e-12)
    assert sum(row["cost"] for row in rows) == pytest.approx(whole["cost"] - 3e6, rel=1e-12)
    assert rows[0]["conversion"] == pytest.approx(rows[1]["conversion"], rel=1e-12)
    assert rows[2]["conversion"] > 100 * rows[1]["conversion"], "who enquires is nearer to a win"
    assert fg.Funnel.from_json(path.read_text(encoding="utf-8")) == plan
    for language, said in (("en", "By channel"), ("vi", "Theo kênh")):
        assert said in run(capsys, "analyze", str(path), "--language", language)[1]
    plan.remove_entry("reached", channel="owned")
    plan.remove_entry("enquiry", channel="earned")
    path.write_text(plan.to_json(), encoding="utf-8")
    assert json.loads(run(capsys, "analyze", str(path), "--json")[1])["segments"] == [], "one channel is all"


def test_a_plan_of_thousands_of_stages(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Its report takes time in proportion (a second or two; reading all stages for each takes minutes)."""
    stages = 4_000
    plan = fg.Funnel("long")
    plan.add_outcome("won", kind="won")
    for i in range(stages):
        plan.add_stage(f"stage {i}")
        plan.add_transition(f"stage {i}", f"stage {i + 1}" if i + 1 < stages else "won", rate=0.999)
    plan.add_entry("stage 0", volume=10)
    path = tmp_path / "long.json"
    path.write_text(plan.to_json(), encoding="utf-8")
    started = time.process_time()
    code, out, err = run(capsys, "analyze", str(path), "--reference", str(path))
    assert code == 0, err
    assert "stage 3999" in out
    assert time.process_time() - started < 60


def test_a_segment_of_which_nothing_is_known_says_so(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    """Everybody of north is still at a call; those of south begin where a journey ends."""
    table.write_text(
        "id,lead,call,sold,city\n1,2026-01-01,2026-01-02,2026-01-05,west\n"
        "2,2026-01-01,2026-01-03,,north\n3,,,2026-01-05,south\n",
        encoding="utf-8",
    )
    code, out, err = run(capsys, "analyze", str(table), *OPTIONS, "--segment", "city", "--json")
    assert code == 0, err
    rows = {row["segment"]: row for row in json.loads(out)["segments"]}
    assert rows["north"]["all_open"] == ["call"]
    assert (rows["south"]["entrants"], rows["south"]["wins"], rows["south"]["stages"]) == (0, None, [])
    assert (rows["west"]["wins"], rows["west"]["all_open"]) == (1, [])
    out = run(capsys, "analyze", str(table), *OPTIONS, "--segment", "city")[1]
    assert "call (north): everybody who came is still there" in out
    line = next(line for line in out.splitlines() if line.split()[:2] == ["call", "north"])
    assert line.split()[3] == "–", "no share where none is known"


def test_warnings_are_in_the_language_of_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Every warning that validation has, place and sentence; the English page says them as they are."""
    from funnelgraph.language import issue

    plan = fg.Funnel("plan")
    plan.add_stage("khách", unit="người", owner="Company", involved=["Company", "Company"])
    plan.add_stage("đơn", unit="đơn", owner="Company")
    plan.add_stage("xa")
    plan.add_outcome("bán", kind="won")
    plan.add_outcome("thua", kind="lost")
    plan.add_lever("đơn", owner="Company", value=1.0)
    plan.add_transition("khách", "đơn", rate=fg.Number(0.3, interval=(0.4, 1.5)))
    plan.add_transition("đơn", "bán", rate=0.5)
    plan.add_transition("xa", "bán", rate=0.5)
    plan.add_entry("khách", volume=0)
    found = plan.validate()
    assert {one.code for one in found} >= {
        *("unowned_stage", "unit_change", "unreachable_stage", "unreachable_outcome", "no_volume"),
        *("ambiguous_name", "duplicate_involved"),
    }
    path = tmp_path / "plan.json"
    path.write_text(plan.to_json(), encoding="utf-8")
    vietnamese = run(capsys, "analyze", str(path), "--language", "vi")[1]
    english = run(capsys, "analyze", str(path))[1]
    for one in found:
        said = issue(one.code, one.where, one.message, "vi")
        assert f"- {said}" in vietnamese
        assert one.message not in vietnamese
        assert f"- {one.where}: {one.message}" in english
    assert "- giai đoạn xa: giai đoạn chưa ai phụ trách" in vietnamese


def test_analyze_with_options(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    code, out, err = run(capsys, "analyze", str(table), *OPTIONS)
    assert code == 0, err
    assert "Sales" in out
    assert "--reference" in out, "without a reference it says how to give one"


def test_analyze_against_a_reference_table(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    better = tmp_path / "before.csv"
    better.write_text(
        SMALL.replace("2,2026-01-01,2026-01-03,", "2,2026-01-01,2026-01-03,2026-01-09"), encoding="utf-8"
    )
    code, out, err = run(capsys, "analyze", str(table), *OPTIONS, "--reference", str(better), "--json")
    assert code == 0, err
    assert "below_reference" in json.loads(out)


def test_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "funnelgraph", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == f"funnelgraph {fg.__version__}"


def test_a_table_without_amounts_shows_no_revenue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ["1,2026-01-01,2026-01-02,2026-01-05,", "2,2026-01-01,2026-01-03,,price", "3,2026-01-02,,,price"]
    head = "id,lead,call,sold,reason"
    table, plan = tmp_path / "leads.csv", tmp_path / "plan.csv"
    table.write_text("\n".join([head, *rows]), encoding="utf-8")
    plan.write_text("\n".join([head, *rows[:2], "3,2026-01-02,2026-01-03,,price"]), encoding="utf-8")
    options = [*OPTIONS, "--lost", "reason"]
    code, out, _ = run(capsys, "analyze", str(table), *options, "--reference", str(plan))
    assert code == 0
    assert "No amounts were given" in out
    assert "revenue:" not in out
    assert "counted in wins" in out
    code, out, _ = run(capsys, "analyze", str(table), *options, "--json")
    data = json.loads(out)
    assert data["revenue"] is None
    assert data["profit"] is None
    assert data["cost"] == 0


def test_a_page_says_what_open_journeys_count_as(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What is counted stands beside what it is taken to come to, in both languages and in JSON."""
    table = tmp_path / "deals.csv"
    table.write_text(
        "id,lead,sold,reason,price\n1,2026-01-01,2026-01-05,,100\n2,2026-01-01,,price,\n3,2026-01-02,,,\n",
        encoding="utf-8",
    )
    options = [str(table), "--journey", "id", "--stages", "lead=lead,sold=sold", "--lost", "reason"]
    options += ["--amount", "price"]
    out = run(capsys, "analyze", *options)[1]
    assert "1 of 3 journeys are still open. They are left out of the rates" in out
    assert "Counted so far: 1 won, 100 revenue." in out
    assert "wins: 1.5" in out
    assert "1 trong 3 hành trình còn mở" in run(capsys, "analyze", *options, "--language", "vi")[1]
    assert json.loads(run(capsys, "analyze", *options, "--json")[1])["so_far"] == {
        "journeys": 3,
        "open": 1,
        "wins": 1,
        "revenue": 100,
        "open_as": "exclude",
    }
    out = run(capsys, "analyze", *options, "--open", "lost")[1]
    assert "1 of 3 journeys are still open; they count as lost here." in out
    assert "wins: 1\n" in out
    assert "still open; they count as lost" in run(capsys, "demo")[1]
    closed = table.read_text(encoding="utf-8").replace("3,2026-01-02,,,", "3,2026-01-02,,price,")
    table.write_text(closed, encoding="utf-8")
    assert "still open" not in run(capsys, "analyze", *options)[1]


def test_what_nobody_gave_is_not_shown(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    """No cost column: no profit and no cost per win, rather than those of costs that are 0."""
    out = run(capsys, "analyze", str(table), *OPTIONS)[1]
    assert "No costs were given (--cost COLUMN)" in out
    for heading in ("cost:", "profit:", "cost per win:", "value"):
        assert heading not in out
    table.write_text(
        SMALL.replace("sold\n", "sold,price,spent\n").replace("05\n", "05,,3\n"), encoding="utf-8"
    )
    text = table.read_text(encoding="utf-8").replace("03,\n", "03,,,3\n").replace("02,,\n", "02,,,,3\n")
    table.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "analyze", str(table), *OPTIONS, "--amount", "price", "--cost", "spent")
    assert code == 0, err
    assert "No win has an amount" in out
    assert "cost per win: 3.00" in out
    assert "profit" not in out.replace("no revenue or profit", "")


def test_a_table_in_which_nobody_won_yet(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    table.write_text(
        "id,lead,call,sold,price\n1,2026-01-01,2026-01-02,,\n2,2026-01-01,,,\n", encoding="utf-8"
    )
    code, out, err = run(capsys, "analyze", str(table), *OPTIONS, "--amount", "price")
    assert code == 0, err
    assert "Counted so far: 0 won." in out

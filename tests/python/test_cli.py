"""The command line as a person and as a program use it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import DATA, needs_data

import funnelgraph as fg
from funnelgraph.cli import main

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

OPTIONS = [
    "--journey",
    "id",
    "--stages",
    "lead=lead,call=call,sold=sold",
    "--owners",
    "lead=Marketing,call=Sales",
]
SMALL = "id,lead,call,sold\n1,2026-01-01,2026-01-02,2026-01-05\n2,2026-01-01,2026-01-03,\n3,2026-01-02,,\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


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


def test_options_of_tables_are_not_ignored(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    """A funnel in JSON has no columns; with a table as reference the options are the table's."""
    path = tmp_path / "plan.json"
    run(capsys, "new", "--template", "demand_waterfall", "-o", str(path))
    code, _, err = run(capsys, "analyze", str(path), "--journey", "id")
    assert code == 2
    assert "--journey" in err
    code, out, err = run(capsys, "analyze", str(path), *OPTIONS, "--reference", str(table))
    assert code == 0, err
    assert "None of these stages is in the reference" in out


def test_until_is_read_as_the_dates_of_the_table(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    """The whole of the 2nd of January is known, and nothing after it."""
    code, out, err = run(
        capsys, "analyze", str(table), *OPTIONS, "--until", "02/01/2026", "--day-first", "--json"
    )
    assert code == 0, err
    counts = {(row["from"], row["to"]): row["count"] for row in json.loads(out)["transitions"]}
    assert counts == {("lead", "call"): 1}


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


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (["analyze", "nowhere.csv", *OPTIONS], None, "nowhere.csv"),
        (["analyze", "T"], None, "--stages"),
        (["analyze", "T", "--stages", "lead"], None, "name=value"),
        (["analyze", "T", "--stages", "lead=lead,lead=call"], None, "each name once"),
        (["analyze", "T", "--stages", "sold=sold"], None, "before the outcomes"),
        (["analyze", "T", *OPTIONS, "--until", "03/04/2026"], None, "--day-first"),
        (["analyze", "T", *OPTIONS, "--until", "soon"], None, "--until"),
        (["analyze", "T", *OPTIONS, "--silence", "30"], None, "--until: given none"),
        (["analyze", "T", *OPTIONS, "--encoding", "utf8x"], None, "--encoding: given 'utf8x'"),
        (["analyze", "T", *OPTIONS, "--delimiter", ";;"], None, "--delimiter: given ';;'"),
        (["demo", "--seed", "-1"], None, "seed"),
        (["analyze", "T", "--journey", "id", "--stages", "lead=laed,sold=sold"], None, "lead"),
        (["analyze", "T", "--journey", "ID2", "--stages", "lead=lead,sold=sold"], None, "id"),
        (["analyze", "T", *OPTIONS, "--amount", "price"], None, "price"),
        (["analyze", "T", *OPTIONS, "--config", "nowhere.toml"], None, "nowhere.toml"),
        (["analyze", "T", *OPTIONS], "", "T"),
        (["analyze", "T", *OPTIONS], "id,lead,call,sold\n", "no rows"),
        (["analyze", "T", *OPTIONS], "id,lead,call,sold\n1,2026-02-30,,\n", "row 1"),
        (["analyze", "T", *OPTIONS], "id,lead,call,sold\n1,03/04/2026,,\n", "day"),
        (["analyze", "T", *OPTIONS], "id,lead,call,sold\n1,yesterday,,\n", "row 1"),
        (["analyze", "T", *OPTIONS], "id,lead,call,sold\n1,2026-01-01\n", "row 1"),
        (["analyze", "T", *OPTIONS], 'id,lead,call,sold\n1,"2026-01-01,,\n', "quote"),
        (["analyze", "T", *OPTIONS, "--owners", "laed=Marketing"], None, "lead"),
        (["analyze", "T", *OPTIONS, "--owners", "lead=Sales+Sales"], None, "each name once"),
        (["analyze", "T", *OPTIONS, "--segment", "channel"], None, "'id', 'lead', 'call', 'sold'"),
        (["analyze", "T", *OPTIONS, "--stagse", "x"], None, "did you mean '--stages'?"),
        (["analyze", "T", *OPTIONS, "--open", "won"], None, "'exclude', 'lost'"),
        (["analyze", "T", *OPTIONS, "--discount-rate", "-2"], None, "[0, inf)"),
        (["analyse", "T"], None, "'analyze'"),
        ([], None, "COMMAND"),
        (["new", "--template", "shop"], None, "'buying_funnel', 'demand_waterfall'"),
        (["analyze", "T", *OPTIONS, "--reference", "nowhere.json"], None, "nowhere.json"),
        (["new", "--template", "onlineshop"], None, "online_shop"),
        (["new", "--template", "online_shop", "-o", "no/such/folder/x.json"], None, "no/such/folder"),
    ],
)
def test_bad_input_is_said_and_nothing_crashes(
    capsys: pytest.CaptureFixture[str], table: Path, arguments: list[str], text: str | None, said: str
) -> None:
    if text is not None:
        table.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, *[str(table) if argument == "T" else argument for argument in arguments])
    assert code == 2
    assert (said if said != "T" else table.name) in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04\x14\x00\x08\x99\xff", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
        ("id,lead\n".encode("utf-16"), "UTF-16"),
        (b"id,lead,call,sold\n\xe9,2026-01-01,,\n", "cp1252"),
    ],
)
def test_what_is_no_csv_in_utf_8(
    capsys: pytest.CaptureFixture[str], table: Path, data: bytes, said: str
) -> None:
    table.write_bytes(data)
    code, _, err = run(capsys, "analyze", str(table), *OPTIONS)
    assert code == 2
    assert said in err
    assert table.name in err


def test_what_a_status_means(capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path) -> None:
    """Words of one's own for how a journey stands, on the command line and in a file."""
    table.write_text(
        "id,lead,call,sold,state\n1,2026-01-01,2026-01-02,2026-01-05,Signed\n"
        "2,2026-01-01,2026-01-03,,Closed off\n3,2026-01-02,,,\n",
        encoding="utf-8",
    )
    config = tmp_path / "words.toml"
    config.write_text('[statuses]\n"Closed off" = "lost"\nSigned = "won"\n', encoding="utf-8")
    options = [*OPTIONS, "--status", "state"]
    for more in (["--statuses", "Closed off=lost,Signed=won"], ["--config", str(config)]):
        code, out, err = run(capsys, "analyze", str(table), *options, *more, "--json")
        assert code == 0, err
        counts = {(row["from"], row["to"]): row["count"] for row in json.loads(out)["transitions"]}
        assert counts["call", "lost"] == 1
        assert counts["call", "sold"] == 1
    code, _, err = run(capsys, "analyze", str(table), *options, "--statuses", "Signed=wonn")
    assert code == 2
    assert "did you mean 'won'" in err


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("stages = 3", "stages"),
        ("stagse = {}", "stages"),
        ("= 1", "TOML"),
        ('silence = "long"', "silence"),
        ("day_first = 1", "true or false"),
        ("journey = 3", "text in quotes"),
        ('language = "fr"', '"en" or "vi"'),
        ('discount_rate = "high"', "a number"),
        ("json = true", "no option"),
        ("[stages]\nlead = 3", "'stages.lead': expected text in quotes"),
        ("[owners]\nlead = 3", "'owners.lead': expected text in quotes, or a table of shares"),
        ('[owners]\nlead = ["Sales"]', "'owners.lead'"),
        ('[owners]\nlead = { Sales = "half" }', "'owners.lead.Sales': expected a share"),
        ("[reasons]\nprice = true", "'reasons.price'"),
        ("[stages]\nkhách = 'lead'", "other letters than a to z stands in quotes"),
        ("[stages]\nlead = khách", "it is not TOML: Invalid value (at line 2, column 8)\n"),
    ],
)
def test_bad_config(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path, config: str, said: str
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(config, encoding="utf-8")
    code, _, err = run(capsys, "analyze", str(table), "--config", str(path))
    assert code == 2
    assert said in err


def test_all_that_a_report_needs_may_stand_in_the_config(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    path = tmp_path / "all.toml"
    path.write_text(
        f"journey = 'id'\nlanguage = 'vi'\nreference = '{table}'\ndiscount_rate = 0.1\n"
        "[stages]\nlead = 'lead'\ncall = 'call'\nsold = 'sold'\n",
        encoding="utf-8",
    )
    code, out, err = run(capsys, "analyze", str(table), "--config", str(path))
    assert code == 0, err
    assert "Không giai đoạn nào thấp hơn mức tham chiếu" in out
    out = run(capsys, "analyze", str(table), "--config", str(path), "--language", "en")[1]
    assert "No stage is below its reference" in out
    path.write_text(path.read_text(encoding="utf-8").replace("0.1", "-0.1"), encoding="utf-8")
    assert "discount_rate" in run(capsys, "analyze", str(table), "--config", str(path))[2]


def test_every_problem_for_programs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With its place, value and allowed range; a wrong command line is data as well."""
    broken = fg.Funnel()
    broken.add_stage("lead", owner="Sales")
    broken.add_outcome("sold", kind="won")
    broken.add_transition("lead", "sold", rate=1.5)
    path = tmp_path / "broken.json"
    path.write_text(broken.to_json(), encoding="utf-8")
    code, out, _ = run(capsys, "analyze", str(path), "--json")
    assert code == 2
    found = {issue["code"]: issue for issue in json.loads(out)["error"]["issues"]}
    assert (found["rate_range"]["where"], found["rate_range"]["value"]) == ("transition lead -> sold", "1.5")
    assert found["rate_range"]["allowed"] == "[0, 1]"
    assert {"unknown_owner", "no_entry"} <= found.keys()
    for arguments in (["analyze", "x.csv", "--open", "won"], ["analyze", "x.csv", "--stagse", "a"], ["new"]):
        code, out, err = run(capsys, *arguments, "--json")
        assert code == 2
        assert json.loads(out)["error"]["code"] == "usage"
        assert json.loads(out)["error"]["message"] in err


def test_errors_for_programs(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    code, out, _ = run(capsys, "analyze", str(table), "--stages", "lead=laed", "--json")
    assert code == 2
    assert json.loads(out)["error"]["nearest"] == "lead"


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


@pytest.mark.parametrize(
    ("options", "said", "in_vietnamese"),
    [
        (["--owners", "lead=Marketing,call=Maketing"], "owner Maketing is nearly Marketing", "gần giống"),
        (
            ["--stages", "lead=lead,call=lead,sold=sold"],
            "lead and call have one column, lead",
            "chung một cột",
        ),
        (["--reasons", "prcie=Company"], "for the reason prcie; did you mean price?", "có phải là price?"),
        (
            ["--status", "state", "--statuses", "Closd=lost"],
            "status Closd; did you mean Closed?",
            "là Closed?",
        ),
    ],
)
def test_what_looks_like_a_slip_is_said(
    capsys: pytest.CaptureFixture[str], table: Path, options: list[str], said: str, in_vietnamese: str
) -> None:
    """A name nearly that of another, a word that no row has: said below the page, and nothing is changed."""
    table.write_text(
        "id,lead,call,sold,reason,state\n1,2026-01-01,2026-01-02,2026-01-05,,Signed\n"
        "2,2026-01-01,2026-01-03,,price,Closed\n",
        encoding="utf-8",
    )
    arguments = ["analyze", str(table), *OPTIONS, "--lost", "reason", *options]
    assert said in run(capsys, *arguments)[1]
    assert in_vietnamese in run(capsys, *arguments, "--language", "vi")[1]
    assert said in json.loads(run(capsys, *arguments, "--json")[1])["remarks"][0]["message"]
    assert "did you mean" not in run(capsys, "analyze", str(table), *OPTIONS, "--lost", "reason")[1]


def test_nobody_lost_is_said(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    """A table of closed deals with one closing date: all of them look like wins."""
    said = "nothing says who was lost, so every journey that ended is a win"
    assert said in run(capsys, "analyze", str(table), *OPTIONS)[1]
    lost = SMALL.replace("sold\n", "sold,reason\n").replace("05\n", "05,\n").replace("03,\n", "03,,price\n")
    table.write_text(lost.replace("02,,\n", "02,,,\n"), encoding="utf-8")
    assert said not in run(capsys, "analyze", str(table), *OPTIONS, "--lost", "reason")[1]


def test_text_that_stands_for_nothing(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path
) -> None:
    table.write_text(SMALL.replace("03,\n", "03,NA\n").replace("02,,\n", "02,-,NA\n"), encoding="utf-8")
    code, _, err = run(capsys, "analyze", str(table), *OPTIONS)
    assert code == 2
    assert "--missing" in err
    config = tmp_path / "missing.toml"
    config.write_text('missing = "NA, -"', encoding="utf-8")
    for more in (["--missing", "NA,-"], ["--config", str(config)]):
        code, out, err = run(capsys, "analyze", str(table), *OPTIONS, *more, "--json")
        assert code == 0, err
        assert json.loads(out)["so_far"]["open"] == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,lead,call,sold\n,2026-01-01,,\n", "before.csv, row 1, column 'id'"),
        ("id,lead,call\n1,2026-01-01,\n", "before.csv: unknown column 'sold'"),
        ("id^lead^call^sold\n", "if it is several, give the --delimiter"),
        ("id,lead,call,sold\n1,03/04/2026,,\n", "say --day-first or --no-day-first"),
        ("id,\u200blead,call,sold\n1,2026-01-01,,\n", "did you mean '\\u200blead'?"),
    ],
)
def test_an_error_names_the_file_and_the_option(
    capsys: pytest.CaptureFixture[str], table: Path, tmp_path: Path, text: str, said: str
) -> None:
    """Also where it is the reference that cannot be read."""
    other = tmp_path / "before.csv"
    other.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "analyze", str(table), *OPTIONS, "--reference", str(other))
    assert code == 2
    assert said in err


def test_marks_that_could_be_either_name_the_option(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    table.write_text('id,lead,call,sold,price\n1,2026-01-01,,2026-01-05,"1,000"\n', encoding="utf-8")
    err = run(capsys, "analyze", str(table), *OPTIONS, "--amount", "price")[2]
    assert "say --decimal . or --decimal ," in err


def test_utf_16_with_its_encoding(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    table.write_bytes(SMALL.replace(",", "\t").encode("utf-16"))
    assert "give its --encoding, utf-16" in run(capsys, "analyze", str(table), *OPTIONS)[2]
    assert run(capsys, "analyze", str(table), *OPTIONS, "--encoding", "utf-16")[0] == 0


def test_one_owner_in_two_spellings(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    code, _, err = run(capsys, "analyze", str(table), *OPTIONS, "--owners", "lead=Marketing,call=marketing")
    assert code == 2
    assert "--owners: given marketing, allowed Marketing" in err


def test_outcomes_end_a_journey(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    """Who is sold is not open for having no date of cancelling, which stands after it."""
    table.write_text(
        "id,lead,sold,cancelled\n1,2026-01-01,2026-01-05,\n2,2026-01-01,,2026-01-09\n3,2026-01-02,,\n",
        encoding="utf-8",
    )
    options = ["--journey", "id", "--stages", "lead=lead,sold=sold,cancelled=cancelled"]
    options += ["--outcomes", "sold=won,cancelled=lost", "--until", "2026-06-30"]
    data = json.loads(run(capsys, "analyze", str(table), *options, "--json")[1])
    assert (data["so_far"]["open"], data["so_far"]["wins"]) == (1, 1)
    data = json.loads(run(capsys, "analyze", str(table), *options, "--silence", "30", "--json")[1])
    assert {row["outcome"]: row["count"] for row in data["outcomes"]} == {
        "sold": 1,
        "cancelled": 1,
        "silent": 1,
        "drop_off": 0,
    }
    code, _, err = run(capsys, "analyze", str(table), *options[:-4], "--outcomes", "slod=won")
    assert code == 2
    assert "did you mean 'sold'?" in err


def test_a_column_of_yes_and_no_is_a_status(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    """Any reason says lost, "no" too: the error names the options that read such a column."""
    table.write_text(
        "id,lead,call,sold,is_lost\n1,2026-01-01,2026-01-02,2026-01-05,no\n2,2026-01-01,,,Yes\n"
        "3,2026-01-02,,,no\n",
        encoding="utf-8",
    )
    code, _, err = run(capsys, "analyze", str(table), *OPTIONS, "--lost", "is_lost")
    assert code == 2
    assert "give it as --status, with what its values mean as --statuses" in err
    options = [*OPTIONS, "--status", "is_lost", "--statuses", "Yes=lost", "--json"]
    code, out, err = run(capsys, "analyze", str(table), *options)
    assert code == 0, err
    assert json.loads(out)["so_far"] == {
        "journeys": 3,
        "open": 1,
        "wins": 1,
        "revenue": None,
        "open_as": "exclude",
    }


def test_what_spreadsheets_leave_behind(capsys: pytest.CaptureFixture[str], table: Path) -> None:
    """Rows of empty cells below the table, spaces around a label, days as numbers."""
    table.write_text(
        "id,lead,call,sold,city\n1,2026-01-01,2026-01-02,2026-01-05,Huế\n2,2026-01-01,,, Huế \n,,,,\n,,,,\n",
        encoding="utf-8",
    )
    data = json.loads(run(capsys, "analyze", str(table), *OPTIONS, "--segment", "city", "--json")[1])
    assert [row["segment"] for row in data["segments"]] == ["Huế"]
    assert data["entrants"] == 2
    table.write_text("id,lead,call,sold\n1,46023,46024,46027\n", encoding="utf-8")
    assert "as spreadsheets store dates" in run(capsys, "analyze", str(table), *OPTIONS)[2]

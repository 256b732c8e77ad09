"""What the command line is given: options, files of options, tables with slips, and what it says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import OPTIONS, SMALL, run

import funnelgraph as fg


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

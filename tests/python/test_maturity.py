"""The maturity of the relationship from Python: api.md, tables, privacy, errors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import funnelgraph as fg

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "reliability.json").read_text(encoding="utf-8"))


def answers(rows, *, seed=1):
    """Rows of (department, level, mean); answers vary by one."""
    inst = fg.maturity.instrument()
    rng = np.random.default_rng(seed)
    table = {
        "id": [f"r{i}" for i in range(len(rows))],
        "department": [row[0] for row in rows],
        "level": [row[1] for row in rows],
    }
    for item in inst.items:
        table[item.id] = [int(np.clip(row[2] + rng.integers(-1, 2), 1, 5)) for row in rows]
    return table


STAFF = [("Marketing", "staff", 4)] * 8 + [("Sales", "staff", 2)] * 8


def assess(table, **options):
    return fg.maturity.assess(table, respondent="id", side="department", level="level", **options)


def test_instrument():
    """Twenty statements in two languages, four bands. [53, 54, 55]"""
    english, vietnamese = fg.maturity.instrument(language="en"), fg.maturity.instrument(language="vi")
    assert len(english.items) == len(vietnamese.items) == 20
    assert [a.id for a in english.items] == [b.id for b in vietnamese.items]
    assert all(a.text != b.text for a, b in zip(english.items, vietnamese.items, strict=True))
    assert [band.name for band in vietnamese.bands] == ["chưa xác định", "xác định", "gắn kết", "hợp nhất"]
    assert [band.low for band in english.bands] == [20, 40, 60, 80]
    assert {item.aspect for item in english.items} == {"structure", "behaviour"}
    with pytest.raises(fg.InvalidValueError):
        fg.maturity.instrument(language="fr")


def test_a_notebook_shows_tables():
    """Scores and gaps of an assessment, both tables of a review, the reasons of an advice, all escaped."""
    first, second = assess(answers(STAFF)), assess(answers(STAFF, seed=2))
    page = first._repr_html_()
    assert repr(first) in page
    assert page.count("<tr>") == 21
    review = second.review(first)
    assert review._repr_html_().count("<table") == 2
    assert str(review).startswith("side")
    assert str(review.statements) in str(review)
    advice = first.advice({"conflict_evident": True}, marketing_role="own_function")
    assert advice.text in advice._repr_html_()
    assert advice.frame in advice._repr_html_()


def test_sides_stand_apart():
    """Scores, bands, gap and overall. [53, 56]"""
    m = assess(answers(STAFF))
    marketing, sales = m.sides["marketing"], m.sides["sales"]
    assert marketing.score > sales.score
    assert sales.low < sales.score < sales.high
    assert sum(sales.band_probability.values()) == pytest.approx(1)
    assert m.gap.columns[:7] == ("statement", "topic", "marketing", "sales", "gap", "low", "high")
    assert len(m.gap) == 20
    assert m.gap[0].different
    assert (m.gap["p_adjusted"] >= m.gap["p"]).all()
    assert m.overall.score == pytest.approx((marketing.score + sales.score) / 2)
    assert (m.overall.marketing, m.overall.sales) == (marketing.score, sales.score)
    assert "50 % Marketing" in m.overall.method
    assert m.score_gap.low < m.score_gap.value < m.score_gap.high
    assert len(m.reliability) == 2
    assert not m.normal_limit
    assert "marketing=" in repr(m)
    assert "sales=" in repr(m)


def test_small_sides_have_no_interval():
    """Below five: no interval, p-value or probability. [56]"""
    m = assess(answers([("Marketing", "staff", 4)] * 4 + [("Sales", "staff", 2)] * 8))
    assert math.isnan(m.sides["marketing"].low)
    assert m.sides["marketing"].band_probability == {}
    assert np.isnan(m.gap["p"]).all()
    assert math.isnan(m.overall.low)
    assert "small_marketing" in m.notes["code"].tolist()


def test_heads_only_with_consent():
    """Heads are shown apart only with their consent. [56]"""
    table = answers([*STAFF, ("Sales", "trưởng phòng", 5)])
    hidden = assess(table).levels.row(side="sales", level="head")
    assert hidden.hidden
    assert math.isnan(hidden.score)
    shown = assess(table, head_consent=True).levels.row(side="sales", level="head")
    assert shown.score > 80
    assert len(assess(table).respondents) == 0
    assert len(assess(table, head_consent=True, respondent_consent=True).respondents) == 17
    with pytest.raises(fg.InvalidValueError):
        assess(table, respondent_consent=True)


def test_advice_flags_the_conflict():
    """Both sets of reasons are shown; a conflict is not decided. [58, 59, 65, 74]"""
    m = assess(answers([("Marketing", "staff", 1)] * 6 + [("Sales", "staff", 2)] * 6))
    advice = m.advice({"conflict_evident": True, "small_company": "yes"}, now="undefined")
    assert advice.conflict
    assert advice.verdict == "conflict"
    assert advice.next == "defined"
    assert advice.stay_if.row(condition="small_company").reply == "yes"
    assert advice.tighten_if.row(condition="conflict_evident").reply == "yes"
    assert set(advice.ask_next) == {
        "good_informal_relations",
        "marketing_supports_sales",
        "work_duplicated_or_dropped",
        "compete_for_resources",
    }
    assert "conflict_evident" in repr(advice)
    with pytest.raises(fg.UnknownNameError) as error:
        m.advice({"small_compny": True})
    assert error.value.nearest == "small_company"
    with pytest.raises(fg.InvalidValueError):
        m.advice({"small_company": "maybe"})


def test_marketing_role_frames_the_advice():
    """Marketing's role, economic and cultural friction. [49, 50, 51, 52]"""
    m = assess(answers(STAFF))
    plain = m.advice(now="undefined")
    framed = m.advice(now="undefined", marketing_role="own_function")
    assert plain.frame == ""
    assert framed.frame
    assert plain.ask_next != framed.ask_next
    assert set(fg.maturity.marketing_roles()["kind"]) == {"economic", "cultural"}
    assert len(fg.maturity.marketing_roles(language="vi")) == 5


def test_actions():
    """The next move's actions, the weakest statements first. [10, 24, 28, 57, 60–64, 66, 71]"""
    m = assess(answers(STAFF))
    assert m.relationship == "aligned" or m.relationship == "defined"
    assert {"action", "owner", "cadence", "cost_to_other", "lifts", "changes"} <= set(m.actions.columns)
    needs = m.actions["need"]
    assert (np.diff(needs) >= 0).all()
    everything = fg.maturity.actions()["action"].tolist()
    for action in (
        "information_duty",
        "hand_off_points",
        "regular_meeting",
        "joint_assignments",
        "rotation",
        "liaison",
        "sit_together",
        "easy_feedback",
        "revenue_officer",
        "shared_targets",
    ):
        assert action in everything
    assert len(fg.maturity.actions("undefined", "defined", language="vi")) == 3
    with pytest.raises(fg.InvalidValueError):
        fg.maturity.actions("undefined", "integrated")


def test_review_series_and_benchmark():
    """A second assessment against the first. [56]"""
    first = assess(answers(STAFF))
    better = [("Marketing", "staff", 4)] * 8 + [("Sales", "staff", 4)] * 8
    second = assess(answers(better, seed=2))
    review = second.review(first)
    sales = review.sides.row(side="sales")
    assert sales.paired
    assert 0 < sales.low < sales.change < sales.high
    assert len(review.statements) == 40
    table = fg.maturity.series({"2025": first, "2026": second})
    assert table["label"].tolist() == ["2025", "2025", "2026", "2026"]
    standing = second.benchmark([30, 40, 50, 60, 70], of="sales")
    assert standing.others == 5
    assert 0 <= standing.low <= standing.share_below <= standing.high <= 1


def test_frames_csv_and_numbered_columns(tmp_path):
    """Any table gives the same figures, by id or by number. [54]"""
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    table = answers(STAFF)
    wanted = assess(table).gap
    assert assess(pandas.DataFrame(table)).gap == wanted
    assert assess(polars.DataFrame(table)).gap == wanted
    path = tmp_path / "answers.csv"
    pandas.DataFrame(table).to_csv(path, index=False)
    assert assess(path).gap == wanted
    ids = [item.id for item in fg.maturity.instrument().items]
    numbered = {f"q{ids.index(k) + 1}" if k in ids else k: v for k, v in table.items()}
    assert assess(numbered).gap == wanted


def test_form_and_questionnaire(tmp_path):
    """The CSV form names the columns that `assess` reads; the page is in the language. [54]"""
    inst = fg.maturity.instrument(language="vi")
    assert inst.to_csv().strip().split(",")[3:] == [item.id for item in inst.items]
    page = inst.to_html()
    assert 'lang="vi"' in page
    assert all(item.text in page for item in inst.items)


@pytest.mark.parametrize(
    ("damage", "row", "column"),
    [
        (lambda t: t["no_blame"].__setitem__(2, 6), 3, "no_blame"),
        (lambda t: t["no_blame"].__setitem__(2, 2.5), 3, "no_blame"),
        (lambda t: t["no_blame"].__setitem__(2, "often"), 3, "no_blame"),
        (lambda t: t["department"].__setitem__(4, "Finance"), 5, "department"),
        (lambda t: t["department"].__setitem__(4, None), 5, "department"),
        (lambda t: t["level"].__setitem__(0, "boss"), 1, "level"),
        (lambda t: t["id"].__setitem__(1, "r0"), 2, "id"),
        (lambda t: t["id"].pop(), 0, "id"),
    ],
)
def test_broken_tables(damage, row, column):
    """The error has row and column."""
    table = answers(STAFF)
    damage(table)
    with pytest.raises(fg.DataError) as error:
        assess(table)
    if column != "id" or row:
        assert (error.value.row, error.value.column) == (row, column)


def test_missing_column_has_the_nearest():
    """A statement's column that is misspelt."""
    table = answers(STAFF)
    table["no_blam"] = table.pop("no_blame")
    with pytest.raises(fg.UnknownNameError) as error:
        assess(table)
    assert error.value.nearest == "no_blam"


def test_own_instrument():
    """Other statements, scale, bands; problems all at once."""
    document = {
        "schema": 1,
        "kind": "instrument",
        "name": "short",
        "scale": [0, 10],
        "statements": [
            {"id": "a", "text": {"en": "A"}},
            {"id": "b", "text": {"en": "B"}, "reversed": True, "weight": 3},
        ],
        "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 10}],
    }
    inst = fg.maturity.Instrument.from_json(json.dumps(document))
    assert fg.maturity.Instrument.from_json(inst.to_json()) == inst
    table = {"respondent": ["x", "y"], "department": ["Marketing", "Sales"], "a": [10, 2], "b": [0, 6]}
    m = fg.maturity.assess(table, level=None, instrument=inst)
    assert (m.sides["marketing"].score, m.sides["sales"].score) == (20, 7)
    assert m.relationship is None
    with pytest.raises(fg.InvalidValueError):
        m.advice()
    assert m.advice(now="defined").verdict == "unknown"

    document["statements"][0]["weight"] = 0
    document["statements"][1]["id"] = "a"
    broken = fg.maturity.Instrument.from_json(json.dumps(document))
    assert broken.problems["code"].tolist() == ["weight", "duplicate"]
    with pytest.raises(fg.DataError) as error:
        fg.maturity.assess(table, level=None, instrument=broken)
    assert (error.value.source, error.value.row, error.value.column) == ("instrument", 1, "weight")
    with pytest.raises(fg.DataError) as error:
        fg.maturity.Instrument.from_json(json.dumps(document | {"scale": [1]}))
    assert error.value.column == "$.scale"


def test_reliability_oracle():
    """Published figures, through Python."""
    for case in ORACLE["cronbach_alpha"]:
        assert fg.maturity.cronbach_alpha(case["rows"]).value == pytest.approx(case["expect"], abs=1e-10)
    for case in ORACLE["krippendorff_alpha"]:
        for scale, expected in case["expect"].items():
            assert fg.maturity.krippendorff_alpha(case["units"], scale=scale) == pytest.approx(
                expected, abs=case["tolerance"]
            )
    for case in ORACLE["icc"]:
        got = fg.maturity.intraclass_correlation(case["rows"])._asdict()
        assert got == pytest.approx(case["expect"], abs=case["tolerance"])
    for case in ORACLE["mcdonald_omega"]:
        assert fg.maturity.mcdonald_omega(case["rows"]) == pytest.approx(
            case["expect"], abs=case["tolerance"]
        )
    for case in ORACLE["rwg"]:
        got = fg.maturity.rwg(case["ratings"], options=case["options"])
        assert got == pytest.approx(case["expect"], abs=case["tolerance"])


def test_flags_keep_the_respondent():
    """Straight lines and haste are flagged by row."""
    table = answers(STAFF)
    for item in fg.maturity.instrument().items:
        table[item.id][3] = 3
    table["took"] = [200.0] * 16
    table["took"][5] = 10
    m = assess(table, seconds="took")
    assert list(zip(m.flags["row"].tolist(), m.flags["kind"].tolist(), strict=True)) == [
        (4, "straight_line"),
        (6, "too_fast"),
    ]
    assert m.sides["marketing"].scored == 8


def test_a_file_that_cannot_be_read_says_so(tmp_path):
    with pytest.raises(fg.DataError, match=r"nowhere\.csv: cannot be read"):
        fg.maturity.assess(str(tmp_path / "nowhere.csv"))
    (tmp_path / "answers.csv").write_bytes("respondent,department\np1,Bán hàng\n".encode("utf-16"))
    with pytest.raises(fg.DataError, match="UTF-16"):
        fg.maturity.assess(tmp_path / "answers.csv")

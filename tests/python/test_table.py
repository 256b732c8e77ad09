"""Tables: reading, showing, and leaving for pandas, polars, Arrow and CSV."""

from __future__ import annotations

import copy
import gc
import math
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import funnelgraph as fg

NAN = math.nan


@pytest.fixture
def table() -> fg.Table:
    return fg.Table(
        {
            "stage": ["enquiry", "tư vấn", None, "注文"],
            "visits": [9292.76, 4279.5, NAN, 0.0],
            "count": [1, None, 3, 2**53 + 1],
            "won": [True, False, None, True],
        }
    )


def test_reading(table: fg.Table) -> None:
    assert table.columns == ("stage", "visits", "count", "won")
    assert len(table) == 4
    assert table[1].stage == table[1]["stage"] == table[1][0] == "tư vấn"
    assert table[-1].count == 2**53 + 1
    assert dict(table[0]) == {"stage": "enquiry", "visits": 9292.76, "count": 1, "won": True}
    stage, visits, *_ = table[0]
    assert (stage, visits) == ("enquiry", 9292.76)
    assert [row.stage for row in table] == ["enquiry", "tư vấn", None, "注文"]
    assert len(table[1:3]) == 2
    assert table["stage", "won"].columns == ("stage", "won")
    assert table.select("won").to_dict() == {"won": [True, False, None, True]}
    assert "won" in table
    assert "lost" not in table
    assert len(table.head(2)) == len(table.tail(2)) == 2
    assert table.tail(1)[0].stage == "注文"
    assert len(table.head(-1)) == 0
    with pytest.raises(fg.UnknownNameError, match="visits"):
        table["visit"]
    with pytest.raises(KeyError):
        table[0]["nothing"]
    with pytest.raises(AttributeError, match="nothing"):
        _ = table[0].nothing
    with pytest.raises(IndexError, match="4 rows"):
        table[4]


def test_columns_are_read_only_arrays(table: fg.Table) -> None:
    visits = table["visits"]
    assert visits.dtype == np.float64
    assert not visits.flags.writeable
    assert not visits.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        visits[0] = 1
    assert fg.Table({"a": [1, 2]})["a"].dtype == np.int64
    assert fg.Table({"a": [True]})["a"].dtype == np.bool_
    assert table["stage"].tolist() == ["enquiry", "tư vấn", None, "注文"]
    assert table["count"].tolist() == [1, None, 3, 2**53 + 1]
    with pytest.raises(ValueError, match="read-only"):
        table["stage"][0] = "x"


def test_an_array_keeps_its_table_alive() -> None:
    values = fg.Table({"a": [float(i) for i in range(1000)]})["a"]
    gc.collect()
    assert values.sum() == 499_500


def test_immutable(table: fg.Table) -> None:
    with pytest.raises(AttributeError, match="immutable"):
        table.columns = ()  # type: ignore[misc, assignment]
    with pytest.raises(AttributeError, match="immutable"):
        table[0].stage = "x"
    with pytest.raises(TypeError):
        hash(table)
    assert copy.copy(table) is copy.deepcopy(table) is table


def test_equal_and_pickled(table: fg.Table) -> None:
    again = pickle.loads(pickle.dumps(table))
    assert again == table
    assert table[1:] != table
    assert table != 3
    empty = fg.Table({"a": [1], "b": ["x"], "c": [True], "d": [1.5]})[:0]
    assert pickle.loads(pickle.dumps(empty)) == empty
    assert fg.Table({"a": [1]}) != fg.Table({"a": [1.0]})


def test_sorting_and_filtering(table: fg.Table) -> None:
    assert [row.visits for row in table.sort_by("visits")][:3] == [0, 4279.5, 9292.76]
    assert math.isnan(table.sort_by("visits", descending=True)[3].visits)
    assert table.sort_by("stage")[3].stage is None
    assert table.filter(stage="enquiry")[0].count == 1
    assert len(table.filter(lambda row: row.won)) == 2
    assert len(table.filter(lambda row: row.won, stage="注文")) == 1
    assert table.row(stage="注文").won is True
    with pytest.raises(fg.UnknownNameError, match="enquiry"):
        table.row(stage="enqiry")
    with pytest.raises(fg.UnknownNameError):
        table.filter(nothing=1)


def test_building() -> None:
    assert fg.Table({"a": np.arange(3), "b": pd.Series(["x", "y", "z"])}).to_dicts() == [
        {"a": 0, "b": "x"},
        {"a": 1, "b": "y"},
        {"a": 2, "b": "z"},
    ]
    assert fg.Table({"a": (x for x in (1, 2.5))})["a"].dtype == np.float64
    assert math.isnan(fg.Table({"a": [1.5, None]})[1].a)
    assert len(fg.Table({})) == 0
    with pytest.raises(fg.InvalidValueError, match="2 cells"):
        fg.Table({"a": [1], "b": [1, 2]})
    with pytest.raises(TypeError, match="one kind"):
        fg.Table({"a": [1, "b"]})
    with pytest.raises(TypeError, match="one kind"):
        fg.Table({"a": [True, 2]})
    with pytest.raises(TypeError, match="list or an array"):
        fg.Table({"a": "abc"})
    with pytest.raises(TypeError, match="mapping"):
        fg.Table([1, 2])  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        fg.Table({"a": [object()]})


# ---- leaving -------------------------------------------------------------------------------------------


def test_dictionaries(table: fg.Table) -> None:
    assert table.to_dict()["count"] == [1, None, 3, 2**53 + 1]
    assert table[:2].to_dict("records") == table[:2].to_dicts()
    with pytest.raises(fg.UnknownNameError, match="records"):
        table.to_dict("record")  # type: ignore[call-overload]
    assert table.to_dicts()[1] == {"stage": "tư vấn", "visits": 4279.5, "count": None, "won": False}


def test_pandas(table: fg.Table) -> None:
    frame = table.to_pandas()
    assert list(frame.columns) == list(table.columns)
    assert frame["visits"].dtype == np.float64
    assert frame["stage"].iloc[1] == "tư vấn"
    assert pd.isna(frame["stage"].iloc[2])
    assert fg.Table({"a": [1, 2]}).to_pandas()["a"].dtype == np.int64
    assert len(fg.Table({"a": [1]})[:0].to_pandas()) == 0
    through_arrow = pd.DataFrame.from_arrow(table)
    assert through_arrow["visits"].iloc[0] == 9292.76


def test_polars(table: fg.Table) -> None:
    frame = table.to_polars()
    assert frame.schema == {"stage": pl.String, "visits": pl.Float64, "count": pl.Int64, "won": pl.Boolean}
    assert frame.to_dicts()[1] == {"stage": "tư vấn", "visits": 4279.5, "count": None, "won": False}
    assert math.isnan(frame["visits"][2])
    assert frame["stage"].null_count() == frame["count"].null_count() == frame["won"].null_count() == 1


def test_pyarrow(table: fg.Table) -> None:
    arrow = table.to_arrow()
    arrow.validate(full=True)
    assert arrow.schema == pa.schema(
        [("stage", pa.string()), ("visits", pa.float64()), ("count", pa.int64()), ("won", pa.bool_())]
    )
    assert arrow.schema == pa.schema(table)
    assert arrow.column("count").to_pylist() == [1, None, 3, 2**53 + 1]
    assert arrow.column("won").to_pylist() == [True, False, None, True]
    assert arrow.column("stage").to_pylist() == ["enquiry", "tư vấn", None, "注文"]


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 1000])
def test_arrow_at_every_length(rows: int) -> None:
    table = fg.Table(
        {
            "x": [float(i) for i in range(rows)],
            "i": list(range(rows)),
            "f": [i % 3 == 0 for i in range(rows)],
            "t": ["é" * (i % 5) for i in range(rows)],
            "m": [None if i % 2 else i for i in range(rows)],
        }
    )
    arrow = pa.table(table)
    arrow.validate(full=True)
    if rows:
        assert arrow.to_pydict() == table.to_dict()
    assert pl.DataFrame(table).height == rows


def test_arrow_outlives_the_table() -> None:
    """Buffers are shared, so whoever imports them keeps them: columns too, when the rest is let go."""
    table = fg.Table({"x": [1.5] * 1000, "t": ["text"] * 1000})
    arrow = pa.table(table)
    column = arrow.column("t")
    del table, arrow
    gc.collect()
    assert column.to_pylist() == ["text"] * 1000


def test_arrow_capsules_that_nobody_takes_are_released() -> None:
    held = [fg.Table({"x": [1.0] * 10_000}) for _ in range(3)]
    for _ in range(200):
        capsule = held[0].__arrow_c_stream__()
        assert "arrow_array_stream" in repr(capsule)
        held[0].__arrow_c_schema__()
    del capsule
    gc.collect()


def test_duckdb(table: fg.Table) -> None:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("funnel_rows", table.to_arrow())
    assert connection.execute("select sum(count) from funnel_rows where won").fetchone() == (2**53 + 2,)
    connection.close()


def test_csv(table: fg.Table, tmp_path: Path) -> None:
    text = table.to_csv()
    assert text is not None
    assert text.splitlines()[0] == "stage,visits,count,won"
    assert text.splitlines()[3] == ",,3,"
    path = tmp_path / "table.csv"
    assert table.to_csv(path) is None
    assert path.read_text(encoding="utf-8") == text
    assert pd.read_csv(path)["visits"].iloc[0] == 9292.76
    tricky = fg.Table({"t": ["=1+1", "a,b", 'say "x"', "@cmd", "-2"]}).to_csv()
    assert tricky is not None
    assert tricky.splitlines()[1:] == ["'=1+1", '"a,b"', '"say ""x"""', "'@cmd", "'-2"]


def test_what_is_missing_says_what_to_install(table: fg.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ImportError, match="pip install polars"):
        table.to_polars()


# ---- showing -------------------------------------------------------------------------------------------


def test_printing_aligns_wide_and_combining_text() -> None:
    table = fg.Table({"tên": ["tư vấn", "t\u01b0 v\u00e2\u0301n", "注文", "x"], "số": [1, 20, 300, 4000]})
    assert table.to_text(width=80).splitlines() == [
        "tên        số",
        "──────  ─────",
        "tư vấn      1",
        "t\u01b0 v\u00e2\u0301n     20",
        "注文      300",
        "x       4,000",
    ]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([200_000.0, 5.0], ["200,000", "5"]),
        ([0.0356, 0.28], ["0.0356", "0.2800"]),
        ([9292.76, 4279.5], ["9,293", "4,280"]),
        ([1.5, NAN], ["1.500", "–"]),
        ([2_000_000.0, 0.35], ["2,000,000", "0.35"]),
        ([1e-134, 0.5], ["1e-134", "0.5"]),
        ([math.inf, -math.inf], ["∞", "-∞"]),
        ([0.0, -0.0], ["0", "0"]),
        ([-12.5, 3.25], ["-12.50", "3.25"]),
        ([1e18, 1e17], ["1e+18", "1e+17"]),
    ],
)
def test_numbers_as_a_person_reads_them(cells: list[float], shown: list[str]) -> None:
    lines = fg.Table({"x": cells}).to_text(width=80).splitlines()[2:]
    assert [line.strip() for line in lines] == shown


def test_columns_that_do_not_fit_are_named() -> None:
    table = fg.Table({"stage": ["a"], "unknown": [NAN], "visits": [1.0], "a long heading": [2.0]})
    text = table.to_text(width=20)
    assert text.splitlines()[-1] == "(2 more columns: unknown, a long heading)"
    assert "visits" in text
    assert all(len(line) <= 20 for line in text.splitlines()[:-1])
    assert "unknown" in table.to_text(width=80).splitlines()[0]


def test_long_tables_and_long_cells_are_cut() -> None:
    table = fg.Table({"i": list(range(10_000)), "t": ["x" * 500] * 10_000}, title="Many")
    text = str(table)
    assert text.splitlines()[0] == "Many"
    assert len(text.splitlines()) < 70
    assert "(10,000 rows)" in text
    assert "9,999" in text
    assert "x" * 60 not in text
    assert str(fg.Table({"a": [1]})[:0]).splitlines()[-1] == "(no rows)"
    assert "(no rows)" in str(fg.Table({}))


def test_text_cannot_break_a_line_or_disguise_itself() -> None:
    text = fg.Table({"a": ["one\ntwo", "\x1b[31mred", "\u202eabc", "tab\there"]}).to_text(width=80)
    assert len(text.splitlines()) == 6
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_flush_right_on_request() -> None:
    text = fg.Table({"a": ["1 %", "20 %"]}, right=["a"]).to_text(width=80)
    assert text.splitlines()[2:] == [" 1 %", "20 %"]


def test_html_has_whole_texts_and_scrolls_by_itself() -> None:
    """A page can break its lines and scroll a table, which a terminal cannot."""
    long = "journeys without a date for the first stage; they enter at their first date"
    table = fg.Table({"code": ["first"], "message": [long], "count": [3]})
    html = table._repr_html_()
    assert long in html
    assert long not in str(table)
    assert html.startswith('<div style="overflow-x:auto')
    cells = {row.split("</td>")[0].rsplit(">", 1)[1]: row for row in html.split("<td ")[1:]}
    assert "white-space:nowrap" in cells["first"]
    assert "white-space:normal" in cells[long]
    assert f">{'x' * 399}…<" in fg.Table({"text": ["x" * 500]})._repr_html_(), "but not without end"


def test_html_is_escaped() -> None:
    table = fg.Table({"<i>": ["<script>alert(1)</script>", "a & b"]}, title="<b>t</b>")
    html = table._repr_html_()
    assert "<script>" not in html
    assert "<i>" not in html
    assert "<b>" not in html
    assert "a &amp; b" in html
    assert html.count("<tr>") == 3


def test_a_table_of_an_analysis_behaves_the_same() -> None:
    stages: Any = fg.reference.online_shop().analyze().stages
    assert pa.table(stages).num_rows == len(stages)
    assert stages.to_pandas()["visits"].sum() == pytest.approx(stages["visits"].sum())
    assert stages.sort_by("lost", descending=True)[0].lost == max(stages["lost"])

"""Channel attribution from Python: tables of all kinds, rules, owners, intervals, errors."""

from __future__ import annotations

import csv
import datetime as dt
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from support import DATA, ROOT

import funnelgraph as fg

FOLDER = DATA / "channelattribution"

PATHS = {
    "path": ["search > mail > call", "search", "mail > call", "call > search"],
    "conversions": [3, 1, 0, 2],
    "nulls": [1, 4, 2, 0],
    "value": [30.0, 12.5, 0.0, 7.0],
}
METHODS = ("markov", "shapley", "first", "last", "linear", "time_decay", "position")


def numbers(result: fg.ChannelAttribution) -> list[float]:
    """All numbers of a result, to compare bit by bit; NaN as -1."""
    columns = [c for c in result.table.columns if c not in ("method", "channel", "owner")]
    return [-1.0 if np.isnan(x) else x for c in columns for x in result.table[c]]


EXPECTED = numbers(fg.attribute_channels(PATHS, method="all"))


def oracle_cases() -> list[dict]:
    return json.loads((ROOT / "tests" / "oracles" / "attribution.json").read_text())


@pytest.mark.parametrize("case", oracle_cases(), ids=lambda case: case["name"])
def test_published_figures(case: dict) -> None:
    table = {
        "path": [" > ".join(path["path"]) for path in case["paths"]],
        "conversions": [path["conversions"] for path in case["paths"]],
        "nulls": [path["nulls"] for path in case["paths"]],
    }
    result = fg.attribute_channels(table)
    tolerance = case["tolerance"]
    for channel, effect in case["expect"].get("removal_effect", {}).items():
        assert result.credit(channel).removal_effect == pytest.approx(effect, rel=tolerance)
    for channel, credit in case["expect"]["credit"].items():
        assert result.credit(channel).conversions == pytest.approx(credit, rel=tolerance)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared data folder has no channelattribution")
def test_real_paths() -> None:
    """Ten thousand paths, read from the file, agree with independent figures [44]."""
    reference = json.loads((FOLDER / "reference.json").read_text())
    table = fg.fit.read_table(FOLDER / "Data.csv")
    result = fg.attribute_channels(table, method="all")
    assert result.conversions == reference["total_conversions"]
    assert result.nulls == reference["total_null"]
    assert result.value == pytest.approx(reference["total_value"], rel=1e-12)
    rules = {"first": "first", "last": "last", "linear": "linear", "position_40_20_40": "position"}
    rules["unique_equal(shapley)"] = "shapley"
    for key, method in rules.items():
        for figure in ("conversions", "value"):
            ours = dict(zip(result.channels, result.side_by_side(figure)[method], strict=True))
            assert ours == pytest.approx(reference[key][figure], rel=1e-10)
    # The reference subtracts probabilities; ours are products.
    markov = dict(zip(result.channels, result.side_by_side()["markov"], strict=True))
    assert markov == pytest.approx(reference["markov1"]["attributed_conversions"], abs=1e-8)
    steps = {f"{row['from']}->{row['to']}": row["count"] for row in result.transitions}
    assert steps == reference["markov_counts"]


def test_tables_of_every_kind_give_the_same_bits() -> None:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    tables = {
        "mapping": PATHS,
        "pandas": pd.DataFrame(PATHS),
        "pandas objects": pd.DataFrame(PATHS).astype({"path": object}),
        "pandas categorical": pd.DataFrame(PATHS).astype({"path": "category"}),
        "polars": pl.DataFrame(PATHS),
        "polars categorical": pl.DataFrame(PATHS).with_columns(pl.col("path").cast(pl.Categorical)),
        "polars lists": pl.DataFrame(PATHS).with_columns(pl.col("path").str.split(" > ")),
        "polars lists of categories": pl.DataFrame(PATHS).with_columns(
            pl.col("path").str.split(" > ").cast(pl.List(pl.Categorical))
        ),
        "arrow": pa.table(PATHS),
        "arrow in chunks": pa.concat_tables([pa.table(PATHS).slice(0, 1), pa.table(PATHS).slice(1)]),
        "arrow large": pa.table(PATHS | {"path": pa.array(PATHS["path"], pa.large_string())}),
        "arrow view": pa.table(PATHS | {"path": pa.array(PATHS["path"], pa.string_view())}),
        "arrow dictionary": pa.table(PATHS | {"path": pa.array(PATHS["path"]).dictionary_encode()}),
        "arrow column alone": PATHS | {"path": pa.array(PATHS["path"])},
        "numpy": {name: np.asarray(column) for name, column in PATHS.items()},
        "lists of lists": PATHS | {"path": [path.split(" > ") for path in PATHS["path"]]},
        "funnelgraph": fg.Table(PATHS),
        "other order of columns": dict(reversed(PATHS.items())),
    }
    for kind, table in tables.items():
        assert numbers(fg.attribute_channels(table, method="all")) == EXPECTED, kind
    names = ["call", "mail", "search"]
    coded = fg.CodedPaths(
        names,
        [2, 1, 0, 2, 1, 0, 0, 2],
        [0, 3, 4, 6, 8],
        conversions=PATHS["conversions"],
        nulls=PATHS["nulls"],
        values=PATHS["value"],
    )
    assert numbers(fg.attribute_channels(coded, method="all")) == EXPECTED


def test_structured_arrays_and_usual_names() -> None:
    kinds = [("path", "U40"), ("total_conversions", "i8"), ("total_null", "i8")]
    kinds.append(("total_conversion_value", "f8"))
    rows = np.array(list(zip(*PATHS.values(), strict=True)), dtype=kinds)
    assert numbers(fg.attribute_channels(rows, method="all")) == EXPECTED
    named = {"p": PATHS["path"], "c": PATHS["conversions"], "n": PATHS["nulls"], "v": PATHS["value"]}
    result = fg.attribute_channels(named, method="all", path="p", conversions="c", nulls="n", value="v")
    assert numbers(result) == EXPECTED


def test_threads_pieces_and_order_of_rows_change_no_bit() -> None:
    random = np.random.default_rng(3)
    lengths = random.integers(1, 9, 40_000)
    paths = [" > ".join(f"c{c}" for c in random.integers(0, 20, n)) for n in lengths]
    conversions = random.integers(0, 3, len(paths))
    table = {
        "path": np.array(paths, dtype=object),
        "conversions": conversions,
        "nulls": random.integers(0, 4, len(paths)),
        "value": np.where(conversions > 0, random.random(len(paths)), 0),
    }
    for order in (1, 2):
        expected = numbers(fg.attribute_channels(table, method="all", order=order, threads=1))
        assert numbers(fg.attribute_channels(table, method="all", order=order, threads=4)) == expected
        turned = {name: column[::-1] for name, column in table.items()}
        assert numbers(fg.attribute_channels(turned, method="all", order=order)) == expected
        pieces = ({k: v[i : i + 7_000] for k, v in table.items()} for i in range(0, len(paths), 7_000))
        assert numbers(fg.attribute_channels(pieces, method="all", order=order)) == expected


def test_many_threads_at_once() -> None:
    found: list[list[float]] = []
    workers = [
        threading.Thread(target=lambda: found.append(numbers(fg.attribute_channels(PATHS, method="all"))))
        for _ in range(8)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [EXPECTED] * 8


def test_sequences_of_paths_are_conversions() -> None:
    result = fg.attribute_channels(["a > b", "b", "a > b"], method=["linear", "markov"])
    assert (result.conversions, result.nulls, result.conversion_rate) == (3, 0, 1)
    assert result.credit("b").conversions == 2
    assert np.isnan(result.value)
    assert "value" not in result.table.columns
    assert result.credit("b", "markov").removal_effect == 1
    again = fg.attribute_channels([["a", "b"], ["b"], ("a", "b")], method=["linear", "markov"])
    assert numbers(again) == numbers(result)


def test_methods_side_by_side() -> None:
    result = fg.attribute_channels(PATHS, method="all")
    table = result.side_by_side()
    assert list(table.columns) == ["channel", *METHODS]
    for method in METHODS:
        assert sum(table[method]) == pytest.approx(result.conversions, rel=1e-12)
        assert sum(result.side_by_side("value")[method]) == pytest.approx(result.value, rel=1e-12)
        assert sum(result.side_by_side("share")[method]) == pytest.approx(1, rel=1e-12)
    with pytest.raises(fg.UnknownNameError, match="conversions"):
        result.side_by_side("conversion")


def test_orders() -> None:
    """At an order beyond the longest path the effect is the share of conversions that meet the channel."""
    result = fg.attribute_channels(PATHS, order=16)
    assert result.credit("search").removal_effect == pytest.approx(1, rel=1e-12)
    assert result.credit("mail").removal_effect == pytest.approx(3 / 6, rel=1e-12)
    assert result.credit("call").removal_effect == pytest.approx(5 / 6, rel=1e-12)
    assert ("search > mail", "call") in {(row["from"], row["to"]) for row in result.transitions}


def test_rules_take_their_options() -> None:
    paths = ["a > b > c"]
    steep = fg.attribute_channels(paths, method="time_decay", half_life=0.5)
    assert steep.credit("c").conversions == pytest.approx(16 / 21, rel=1e-12)
    ends = fg.attribute_channels(paths, method="position", position=(3, 0, 1))
    assert [row.conversions for row in ends.table] == [0.75, 0, 0.25]


def test_touches() -> None:
    """Touches of any order of rows, with dates and owners [19]."""
    import pandas as pd
    import polars as pl

    touches = {
        "user": ["x", "y", "x", "x", "z"],
        "channel": ["call", "search", "mail", "search", "mail"],
        "time": ["2026-03-05", "2026-03-01", "2026-03-03", "2026-03-01", "2026-03-02"],
        "sold": [1, 0, 1, 1, 1],
        "price": [20.0, None, 20.0, 20.0, 5.0],
        "owner": ["Sales", "Marketing", "Marketing", "Marketing", "Marketing"],
    }
    options = {"journey": "user", "channel": "channel", "time": "time", "converted": "sold"}
    options |= {"value": "price", "owner": "owner"}
    frame = pd.DataFrame(touches)
    tables = [
        touches,
        frame.assign(time=pd.to_datetime(frame["time"])),
        pl.DataFrame(touches).with_columns(pl.col("time").str.to_date()),
        frame.assign(time=pd.to_datetime(frame["time"]), channel=frame["channel"].astype("category")),
        frame.assign(time=[5.0, 1, 3, 1, 2], user=[7, 8, 7, 7, 9]),
    ]
    results = [fg.attribute_channels(table, method="all", **options) for table in tables]
    for result in results:
        assert numbers(result) == numbers(results[0])
    result = results[0]
    assert (result.conversions, result.nulls, result.value) == (2, 1, 25)
    assert result.credit("call", "last").conversions == 1
    decay = 2 ** (np.array([0, -2, -4]) / 7)
    assert result.credit("call", "time_decay").conversions == pytest.approx(1 / decay.sum(), rel=1e-12)
    assert result.credit("call").owner == "Sales"
    last = [row for row in result.owners if row.method == "last"]
    assert {row.owner: row.conversions for row in last} == {"Marketing": 1, "Sales": 1}
    faster = fg.attribute_channels(touches, method="time_decay", half_life=dt.timedelta(days=1), **options)
    assert faster.credit("call").conversions == pytest.approx(16 / 21, rel=1e-12)


def test_conversions_of_touches_cut_paths() -> None:
    touches = {
        "user": [1, 1, 1],
        "channel": ["a", "b", "c"],
        "day": [1, 2, 3],
        "sold": [False, True, False],
    }
    options = {"journey": "user", "channel": "channel", "time": "day", "converted": "sold"}
    result = fg.attribute_channels(touches, converted_per="touch", **options)
    assert (result.conversions, result.nulls) == (1, 1)
    assert result.credit("c").removal_effect == 0
    with pytest.raises(fg.DataError, match="converted_per") as error:
        fg.attribute_channels(touches, **options)
    assert (error.value.row, error.value.column) == (2, "sold")


def test_owners() -> None:
    """Credit between owners needs touches of Sales and of another owner; else a note says why [19]."""
    none = "credit between owners is not shown."
    assert any(none in note for note in fg.attribute_channels(PATHS).notes)
    marketing = {"search": "Marketing", "mail": "Marketing"}
    without = fg.attribute_channels(PATHS, owners=marketing)
    assert f"No touch of Sales is in these journeys: {none}" in without.notes
    assert len(without.owners) == 0
    result = fg.attribute_channels(PATHS, owners=marketing | {"call": {"Kinh doanh": 0.5, "Care": 0.5}})
    assert len(result.owners) == 0
    owners = marketing | {"call": {"Kinh doanh": 0.5, "Care": 0.5}}
    shown = fg.attribute_channels(PATHS, owners=owners, roles={"Kinh doanh": "sales"})
    by_owner = {row.owner: row for row in shown.owners}
    assert by_owner["Care"].conversions == pytest.approx(shown.credit("call").conversions / 2)
    assert by_owner["Care"].removal_effect == pytest.approx(shown.credit("call").removal_effect)
    assert sum(row.conversions for row in shown.owners) == pytest.approx(shown.conversions)
    assert shown.credit("call").owner == "Kinh doanh 50 %, Care 50 %"


def test_never_called_incremental() -> None:
    result = fg.attribute_channels(PATHS)
    assert "Not incremental" in result.header
    assert str(result).startswith(result.header)
    assert "not incremental" in result._repr_html_()
    for text in (str(result), result._repr_html_()):
        assert text.lower().count("incremental") == text.lower().count("not incremental")


def test_intervals() -> None:
    result = fg.attribute_channels(PATHS, method=["markov", "linear"], bootstrap=200, seed=5)
    again = fg.attribute_channels(PATHS, method=["markov", "linear"], bootstrap=200, seed=5, threads=3)
    assert numbers(again) == numbers(result)
    for row in result.table:
        assert row.conversions_low <= row.conversions <= row.conversions_high
        assert row.share_low <= row.share <= row.share_high
    assert any("seed 5" in note and "95 %" in note for note in result.notes)
    other = fg.attribute_channels(PATHS, method=["markov", "linear"], bootstrap=200, seed=6)
    assert numbers(other) != numbers(result)


def test_presentation() -> None:
    result = fg.attribute_channels(PATHS, method=["markov", "last"])
    assert repr(result) == "<ChannelAttribution of 13 journeys, 3 channels: markov, last>"
    assert "<table" in result._repr_html_()
    assert list(result.table.to_pandas()["channel"]) == ["call", "mail", "search"] * 2
    with pytest.raises(AttributeError, match="frozen"):
        result.conversions = 3  # type: ignore[misc]
    with pytest.raises(TypeError, match="attribute_channels"):
        fg.ChannelAttribution()
    with pytest.raises(fg.UnknownNameError) as error:
        result.credit("serch")
    assert error.value.nearest == "search"
    with pytest.raises(fg.UnknownNameError, match="attribution method"):
        result.credit("call", "linear")


def changed(column: str, row: int, value: object) -> dict:
    table = {name: list(cells) for name, cells in PATHS.items()}
    table[column][row] = value
    return table


@pytest.mark.parametrize(
    ("table", "row", "column", "why"),
    [
        (changed("path", 1, ""), 2, "path", "empty path"),
        (changed("path", 1, None), 2, "path", "missing"),
        (changed("path", 1, float("nan")), 2, "path", "missing"),
        (changed("path", 1, 7), 2, "path", "is a int, text is wanted"),
        (changed("path", 2, "mail >  > call"), 3, "path", "touch without a name"),
        (changed("conversions", 3, -1), 4, "conversions", "negative"),
        (changed("conversions", 3, 1.5), 4, "conversions", "not a whole number"),
        (changed("conversions", 3, None), 4, "conversions", "missing"),
        (changed("nulls", 0, float("nan")), 1, "nulls", "missing"),
        (changed("value", 0, float("nan")), 1, "value", "missing"),
        (changed("value", 0, float("inf")), 1, "value", "not finite"),
        (changed("value", 2, 1.0), 3, "value", "without a conversion"),
        (PATHS | {"conversions": [0] * 4, "value": [0] * 4}, 0, "conversions", "no journey has a conversion"),
        ({"path": [], "conversions": []}, 0, "path", "no journeys"),
        (PATHS | {"path": ["a | b", "b | c", "a | b", "c"]}, 1, "path", "separator"),
        (PATHS | {"nulls": [1]}, 0, "nulls", "has 1 rows"),
    ],
)
def test_bad_tables(table: dict, row: int, column: str, why: str) -> None:
    with pytest.raises(fg.DataError, match=why) as error:
        fg.attribute_channels(table)
    assert (error.value.row, error.value.column) == (row, column)


def test_bad_rows_of_arrow_and_of_later_pieces_are_named() -> None:
    import polars as pl

    with pytest.raises(fg.DataError) as error:
        fg.attribute_channels(pl.DataFrame(changed("path", 2, None)))
    assert error.value.row == 3
    with pytest.raises(fg.DataError) as error:
        fg.attribute_channels(iter([PATHS, changed("conversions", 1, -2)]))
    assert error.value.row == 6
    lists = pl.DataFrame(PATHS | {"path": [["a", None], ["b"], ["c"], ["a"]]})
    with pytest.raises(fg.DataError, match="touch that is missing"):
        fg.attribute_channels(lists)
    with pytest.raises(fg.DataError, match="text or lists of text"):
        fg.attribute_channels(pl.DataFrame(PATHS | {"path": [1.5, 2, 3, 4]}))


def test_bad_options() -> None:
    with pytest.raises(fg.UnknownNameError) as error:
        fg.attribute_channels(PATHS, method="markow")
    assert error.value.nearest == "markov"
    for options in (
        {"method": []},
        {"method": ["last", "last"]},
        {"order": 0},
        {"order": -1},
        {"order": 17},
        {"half_life": 0},
        {"half_life": -2},
        {"position": (1, 2)},
        {"position": (0, 0, 0)},
        {"position": (-1, 1, 1)},
        {"bootstrap": 10},
        {"bootstrap": 100, "level": 1.5},
        {"separator": ""},
        {"owners": {"call": {"Sales": 0.5}}},
        {"threads": 0},
        {"threads": -1},
        {"converted": "x"},
        {"owner": "x"},
        {"journey": "path"},
    ):
        with pytest.raises(fg.InvalidValueError):
            fg.attribute_channels(PATHS, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="whole number"):
        fg.attribute_channels(PATHS, order=1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="list"):
        fg.attribute_channels("a > b")


def test_missing_columns() -> None:
    with pytest.raises(fg.UnknownNameError) as error:
        fg.attribute_channels(PATHS, conversions="conversion")
    assert error.value.nearest == "conversions"
    with pytest.raises(fg.UnknownNameError):
        fg.attribute_channels({"path": ["a"]})
    with pytest.raises(fg.UnknownNameError):
        fg.attribute_channels({"conversions": [1]})
    with pytest.raises(fg.UnknownNameError) as error:
        fg.attribute_channels(
            {"user": [1], "chanel": ["a"], "t": [1]}, journey="user", channel="channel", time="t"
        )
    assert error.value.nearest == "chanel"


def test_bad_codes() -> None:
    with pytest.raises(fg.DataError, match="code 5"):
        fg.attribute_channels(fg.CodedPaths(["a"], [0, 5], [0, 1, 2]))
    with pytest.raises(fg.DataError, match="negative"):
        fg.attribute_channels(fg.CodedPaths(["a"], [0, -1], [0, 1, 2]))
    for kind in (np.int32, np.int64, np.uint32, np.int16):
        codes, begin = np.array([0, 1, 0], kind), np.array([0, 1, 3], kind)
        assert fg.attribute_channels(fg.CodedPaths(["a", "b"], codes, begin)).conversions == 2
        assert fg.attribute_channels(fg.CodedPaths(["a", "b"], codes[::-1], begin)).conversions == 2
    with pytest.raises(fg.DataError, match="code -1"):
        fg.attribute_channels(fg.CodedPaths(["a"], np.array([0, -1], np.int32), [0, 1, 2]))
    with pytest.raises(fg.DataError):
        fg.attribute_channels(fg.CodedPaths(["a"], [0, 0], np.array([0, -1, 2])))
    with pytest.raises(fg.DataError, match="empty path"):
        fg.attribute_channels(fg.CodedPaths(["a"], [0], [0, 1, 1]))
    with pytest.raises(fg.DataError, match="whole numbers"):
        fg.attribute_channels(fg.CodedPaths(["a"], [0.5], [0, 1]))


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared data folder has no channelattribution")
def test_file_with_row_numbers(tmp_path: Path) -> None:
    with (FOLDER / "Data.csv").open() as file:
        rows = list(csv.reader(file, delimiter=";"))
    rows[124][1] = "-1"
    broken = tmp_path / "broken.csv"
    with broken.open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    with pytest.raises(fg.DataError) as error:
        fg.attribute_channels(fg.fit.read_table(broken))
    assert (error.value.row, error.value.column) == (124, "total_conversions")

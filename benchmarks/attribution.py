"""Channel attribution against its peers: ratios from one run, all on the same journeys.

Usage: python attribution.py [--journeys 1000000] [--channels 200] [--rounds 5] [--slow-rounds 1] [--check]

The task is the Markov attribution of order 1: counting and removal effects (`removal_effects.cpp` times the
latter alone). Peers: polars for the counts with the closed form in NumPy; the packages ChannelAttribution
(which simulates) and marketing_attribution_models (DP6's mam), each where it is installed. Times are wall
clock, the least of the rounds, ours and polars' taken in turn, with all threads that each takes; beside them
the processor time, which what else runs on the machine disturbs less. `--check` makes the run fail when a
ratio misses its target or results differ.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import funnelgraph as fg

TARGETS = {
    ("text", "polars"): 3.0,
    ("codes", "polars"): 10.0,
    ("text", "ChannelAttribution"): 40.0,
    ("text", "mam"): 40.0,
}
AGREEMENT = 1e-9

Timing = tuple[float, float]  # wall and processor seconds


def journeys(rows: int, channels: int, seed: int) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Names, codes, begins and conversions: four touches a journey in the mean, one in ten converts."""
    random = np.random.default_rng(seed)
    names = [f"channel_{c:03d}" for c in range(channels)]
    length = np.minimum(random.geometric(0.25, rows), 30)
    begin = np.concatenate([[0], np.cumsum(length)])
    weights = 1 / np.arange(1, channels + 1) ** 0.7  # some channels are met more than others
    codes = random.choice(channels, size=int(begin[-1]), p=weights / weights.sum()).astype(np.int32)
    return names, codes, begin, (random.random(rows) < 0.1).astype(np.int64)


def closed_form(
    counts: np.ndarray, started: np.ndarray, converted: np.ndarray, lost: np.ndarray
) -> np.ndarray:
    """Removal effects in NumPy: one inverse for all channels."""
    total = counts.sum(1) + converted + lost
    fundamental = np.linalg.inv(np.eye(len(counts)) - counts / total[:, None])
    convert = fundamental @ (converted / total)
    visits = started / started.sum() @ fundamental
    return visits / np.diag(fundamental) * convert / (started / started.sum() @ convert)


def with_polars(table: Any, channels: int) -> np.ndarray:
    """Removal effects with polars' counts."""
    import polars as pl

    flat = (
        table.lazy()
        .with_row_index("row")
        .select("row", "conversions", pl.col("path").str.split(" > ").alias("channel"))
        .explode("channel")
        .with_columns(pl.col("channel").cast(pl.Categorical))
        .with_columns(
            pl.col("channel").shift(1).alias("before"),
            (pl.col("row") != pl.col("row").shift(1)).fill_null(True).alias("first"),
            (pl.col("row") != pl.col("row").shift(-1)).fill_null(True).alias("last"),
        )
    )
    steps = flat.filter(~pl.col("first")).group_by("before", "channel").len()
    starts = flat.filter("first").group_by("channel").len()
    ends = flat.filter("last").group_by("channel", "conversions").len()
    steps, starts, ends = pl.collect_all([steps, starts, ends])
    names = sorted(starts["channel"].cast(pl.String).to_list())
    place = {name: i for i, name in enumerate(names)}

    def places(column: Any) -> np.ndarray:
        return column.cast(pl.String).replace_strict(place, return_dtype=pl.Int64).to_numpy()

    counts, started = np.zeros((channels, channels)), np.zeros(channels)
    ended = np.zeros((2, channels))
    counts[places(steps["before"]), places(steps["channel"])] = steps["len"].to_numpy()
    started[places(starts["channel"])] = starts["len"].to_numpy()
    ended[ends["conversions"].to_numpy(), places(ends["channel"])] = ends["len"].to_numpy()
    return closed_form(counts, started, ended[1], ended[0])


def with_channel_attribution(table: Any) -> np.ndarray:
    import ChannelAttribution

    with contextlib.redirect_stdout(io.StringIO()):
        result = ChannelAttribution.markov_model(
            table,
            "path",
            "conversions",
            var_null="nulls",
            sep=">",
            out_more=True,
            verbose=False,
            flg_pro=False,
        )
    effects = (
        result["removal_effects"]
        if isinstance(result, dict)
        else next(r for r in result if "removal" in str(r.columns))
    )
    effects = effects.sort_values("channel_name")
    return effects.iloc[:, 1].to_numpy(dtype=float)


def with_mam(table: Any) -> np.ndarray:
    from mam import MAM

    model = MAM(
        table,
        format_type="grouped_journey",
        channels_colname="path",
        journey_with_conv_colname="conversions",
        occurrences_colname="journeys",
    )
    result = model.run_markov(transition_to_same_state=True)
    return np.asarray(result.metadata["removal_effect"].to_numpy()[:, -1], dtype=float)


def timed(work: Callable[[], Any]) -> tuple[Timing, Any]:
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return (time.perf_counter() - wall, time.process_time() - processor), result


def least(times: list[Timing]) -> Timing:
    return min(t[0] for t in times), min(t[1] for t in times)


def effects_of(result: fg.ChannelAttribution) -> np.ndarray:
    return np.asarray(result.table["removal_effect"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--channels", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--slow-rounds", type=int, default=1, help="rounds of the slow packages; 0 leaves them out"
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    try:
        import polars as pl
    except ImportError:
        pl = None

    names, codes, begin, conversions = journeys(options.journeys, options.channels, 1)
    texts = np.array(names, dtype=object)[codes]
    paths = [" > ".join(texts[a:b]) for a, b in zip(begin[:-1].tolist(), begin[1:].tolist(), strict=True)]
    del texts
    columns = {"path": paths, "conversions": conversions, "nulls": 1 - conversions}
    table = pl.DataFrame(columns) if pl is not None else columns
    coded = fg.CodedPaths(names, codes, begin, conversions=conversions, nulls=1 - conversions)
    size = sum(map(len, paths))
    print(
        f"{options.journeys:,} journeys, {len(codes):,} touches, {options.channels} channels, "
        f"{size / 1e6:.0f} MB of text; seconds, the least of {options.rounds} rounds"
    )

    ours: dict[str, Callable[[], fg.ChannelAttribution]] = {
        "text": lambda: fg.attribute_channels(table),
        "text, 1 thread": lambda: fg.attribute_channels(table, threads=1),
        "text, Python str": lambda: fg.attribute_channels(columns),
        "codes": lambda: fg.attribute_channels(coded),
        "codes, 1 thread": lambda: fg.attribute_channels(coded, threads=1),
        "text, all methods": lambda: fg.attribute_channels(table, method="all"),
        "text, order 2": lambda: fg.attribute_channels(table.head(50_000) if pl else table, order=2),
    }
    if pl is not None:
        lists = pl.DataFrame(
            {
                "path": pl.Series(paths).str.split(" > ").cast(pl.List(pl.Categorical)),
                "conversions": conversions,
                "nulls": 1 - conversions,
            }
        )
        ours["lists of categories"] = lambda: fg.attribute_channels(lists)
    times: dict[str, list[Timing]] = {}
    results: dict[str, np.ndarray] = {}
    for _ in range(options.rounds):
        for name, work in ours.items():
            taken, result = timed(work)
            times.setdefault(name, []).append(taken)
            results[name] = effects_of(result)
        if pl is not None:
            taken, result = timed(lambda: with_polars(table, options.channels))
            times.setdefault("polars", []).append(taken)
            results["polars"] = result
    slow: dict[str, Callable[[], np.ndarray]] = {}
    if options.slow_rounds > 0:
        frame = fg.Table(columns).to_pandas()
        slow["ChannelAttribution"] = lambda: with_channel_attribution(frame)
        if pl is not None:
            grouped = table.with_columns(pl.lit(1).alias("journeys"))
            slow["mam"] = lambda: with_mam(grouped)
    for name, work in slow.items():
        for _ in range(options.slow_rounds):
            try:
                taken, results[name] = timed(work)
            except ImportError:
                print(f"{name} is not installed")
                break
            times.setdefault(name, []).append(taken)
    failures = []
    for name, taken in times.items():
        wall, processor = least(taken)
        print(f"{name:22}{wall:9.4f} s{processor:9.4f} s of processor", flush=True)
    print()
    for (mine, peer), target in TARGETS.items():
        if peer not in times:
            print(f"{mine:8}against {peer:20} not measured (not installed)")
            continue
        ratios = [least(times[peer])[k] / least(times[mine])[k] for k in (0, 1)]
        print(
            f"{mine:8}against {peer:20}{ratios[0]:9.1f} times (wanted {target:.0f}), "
            f"{ratios[1]:.1f} by processor time"
        )
        if ratios[0] < target:
            failures.append(f"{mine} against {peer}: {ratios[0]:.1f} times, wanted {target:.0f}")
    for name in ("polars", "mam", "ChannelAttribution"):
        if name in results and len(results[name]) == len(results["text"]):
            worst = float(np.max(np.abs(results[name] - results["text"])))
            print(f"removal effects differ from {name} by at most {worst:.1e}")
            if name == "polars" and worst > AGREEMENT:
                failures.append(f"removal effects differ from polars by {worst:.1e}")
    print(f"peak memory of all of this {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    for failure in failures:
        print(f"missed: {failure}")
    return 1 if failures and options.check else 0


if __name__ == "__main__":
    sys.exit(main())

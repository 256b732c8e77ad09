"""The command line: ``funnelgraph demo``, ``funnelgraph new`` and ``funnelgraph analyze``."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FunnelgraphError, unknown_among
from ..language import LANGUAGES, word
from .arguments import Parser
from .given import Given, given_funnel, given_in_language, read_given, segments
from .names_in_language import in_language
from .table_options import refuse_table_options, table_options

if TYPE_CHECKING:
    from .. import Analysis, Funnel
    from .._core import Metric


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code (0 well, 2 a problem that is said on stderr)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = _parser().parse_args(given)
        output: str = options.run(options)
    except (FunnelgraphError, OSError) as error:
        if "--json" in given:
            _print(json.dumps({"error": _error_data(error)}, ensure_ascii=False, indent=2))
        print(f"funnelgraph: {_error_text(error)}", file=sys.stderr)
        return 2
    _print(output)
    return 0


def _print(text: str) -> None:
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="funnelgraph", description="The marketing and sales funnel: who owns what, and who loses what."
    )
    from .. import __version__

    parser.add_argument("--version", action="version", version=f"funnelgraph {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="a sandal shop's week, from its table to who loses what")
    demo.add_argument("--seed", type=int, default=7, help="key of the data generator, from 0 (default 7)")
    _add_presentation(demo)
    demo.set_defaults(run=_demo)

    new = commands.add_parser("new", help="start a funnel from a template")
    new.add_argument("--template", required=True, metavar="NAME", help=", ".join(_templates()))
    new.add_argument("-o", "--output", metavar="FILE", help="where to write the funnel (JSON)")
    _add_presentation(new)
    new.set_defaults(run=_new)

    analyze = commands.add_parser(
        "analyze", help="a table with a date per stage, or a funnel file: the ledger of its owners"
    )
    analyze.add_argument("table", metavar="TABLE", help="a CSV file, or a funnel in JSON")
    analyze.add_argument(
        "--config", metavar="FILE.toml", help="the options below but --json, by the same names"
    )
    analyze.add_argument("--journey", metavar="COLUMN", help="what tells one journey from another")
    analyze.add_argument("--stages", metavar="name=COLUMN,...", help="in order, each with its date column")
    analyze.add_argument(
        "--outcomes", metavar="name=won,...", help="which stages end a journey (default: the last, won)"
    )
    analyze.add_argument(
        "--owners", metavar="name=OWNER,...", help="who owns each stage; OWNER+OWNER for equal shares"
    )
    analyze.add_argument("--roles", metavar="OWNER=role,...", help="roles that the names do not say")
    analyze.add_argument("--lost", metavar="COLUMN", help="the reason of loss")
    analyze.add_argument("--lost-at", metavar="COLUMN", help="the date of loss")
    analyze.add_argument("--reasons", metavar="REASON=OWNER,...", help="who answers for a reason of loss")
    analyze.add_argument("--status", metavar="COLUMN", help="a column that says open, won, lost, ...")
    analyze.add_argument(
        "--statuses", metavar="VALUE=lost,...", help="what its values mean: open, won, lost, screened, silent"
    )
    analyze.add_argument("--amount", metavar="COLUMN", help="what a won journey brought")
    analyze.add_argument("--cost", metavar="COLUMN", help="what a journey cost to bring in")
    analyze.add_argument("--segment", metavar="COLUMN", help="a channel or another segment")
    analyze.add_argument("--until", metavar="DATE", help="the day the table was taken")
    analyze.add_argument("--silence", type=float, metavar="DAYS", help="open for longer counts as silent")
    analyze.add_argument("--open", choices=("exclude", "lost"), help="what open journeys count as")
    analyze.add_argument("--name", help="what the funnel is called")
    analyze.add_argument("--currency", help="the label of money")
    analyze.add_argument("--period", help="what the table covers: week, month, ...")
    analyze.add_argument("--delimiter", help="between cells (default: found out)")
    analyze.add_argument("--decimal", choices=(".", ","), help="the decimal mark (default: found out)")
    analyze.add_argument(
        "--day-first", action=argparse.BooleanOptionalAction, help="03/04/2026 is the 3rd of April"
    )
    analyze.add_argument("--encoding", help="of the file (default utf-8)")
    analyze.add_argument("--missing", metavar="TEXT,...", help="what stands for an empty cell, as NA,-")
    analyze.add_argument(
        "--reference",
        metavar="FILE",
        help="a plan (JSON), or a table of an earlier period with the same columns",
    )
    analyze.add_argument("--discount-rate", type=float, help="effective per year")
    _add_presentation(analyze)
    analyze.set_defaults(run=_analyze)
    return parser


def _add_presentation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=LANGUAGES, help="en (default) or vi")
    parser.add_argument("--json", action="store_true", help="for programs")


def _templates() -> tuple[str, ...]:
    return ("buying_funnel", "demand_waterfall", "online_shop", "pharmacy_channel")


# ---- commands ------------------------------------------------------------------------------------


def _demo(options: argparse.Namespace) -> str:
    from .. import analyze, datasets, fit
    from .so_far import so_far

    week = datasets.sandal_shop(seed=options.seed)
    plan = datasets.sandal_shop_plan()
    stages = ["reached", "engaged", "enquiry", "order", "delivered"]
    language = options.language or "en"
    statistics = fit.milestones(
        week,
        journey="person",
        stages={stage: stage for stage in stages},
        lost="lost_reason",
        lost_at="lost_at",
        status="status",
        reasons=datasets.sandal_shop_reasons(),
        amount="amount",
        cost="cost",
        segment="channel",
    )
    owners = {"reached": "Marketing", "engaged": "Marketing"}
    owners.update(enquiry="Sales", order="Sales", delivered="Sales")
    settings: dict[str, Any] = {
        "name": "Sandal shop",
        "currency": "VND",
        "period": "week",
        "owners": owners,
        "roles": {"Marketing": "marketing", "Sales": "sales", "Company": "company", "Outside": "outside"},
        "outcomes": {"delivered": "won"},
        "values": {"delivered": "amount"},
        "open": "lost",  # who went no further within six weeks will not
    }
    funnel = statistics.to_funnel(**settings)
    channels = dict(statistics.to_segmented_funnel(**settings).items())
    analysis = analyze(funnel, reference=plan)
    given = Given(funnel, statistics, channels, so_far(statistics, ["delivered"], settings["open"]))
    if options.json:
        return _json(given, analysis, plan)
    from .report import money, whole

    counts = {key: whole(value, language) for key, value in datasets.SANDAL_SHOP.items()}
    people = whole(analysis.visits("engaged"), language)
    intro = word("demo_intro", language, people=people, **counts)
    result = word(
        "demo_result",
        language,
        wins=whole(analysis.count("delivered"), language),
        revenue=money(analysis.revenue, language),
        gap=money(datasets.SANDAL_SHOP["target"] - analysis.revenue, language),
    )
    if language != "en":
        given, plan = given_in_language(given, language, plan), in_language(plan, language)
        analysis = analyze(given.funnel, reference=plan)
    return "\n".join([intro, result, "", _text(given, analysis, plan, language)])


def _new(options: argparse.Namespace) -> str:
    from .. import analyze, reference

    names = _templates()
    language = options.language or "en"
    if options.template not in names:
        raise unknown_among("template", options.template, names)
    funnel: Funnel = getattr(reference, options.template)()
    funnel = in_language(funnel, language)
    text = funnel.to_json()
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")
    if options.json:
        return text
    lines = [
        _text(given_funnel(funnel), analyze(funnel), None, language),
        "",
        word("placeholders", language),
    ]
    if options.output:
        lines.append(word("written", language, path=options.output))
    return "\n".join(lines)


def _analyze(options: argparse.Namespace) -> str:
    from .. import analyze

    settings = table_options(options)
    language = options.language or "en"
    given = read_given(Path(options.table), settings)
    reference = read_given(Path(options.reference), settings).funnel if options.reference else None
    if given.statistics is None and (
        not options.reference or Path(options.reference).suffix.lower() == ".json"
    ):
        refuse_table_options(options)
    if not options.json and language != "en":
        labels = given.funnel
        given = given_in_language(given, language, labels)
        reference = in_language(reference, language, labels) if reference else None
    worth = None if _are_valued(given.funnel) else _wins(given.funnel)
    rate = options.discount_rate
    analysis = analyze(given.funnel, reference=reference, discount_rate=rate, metric=worth)
    if options.json:
        return _json(given, analysis, reference, rate)
    return _text(given, analysis, reference, language, rate)


def _are_valued(funnel: Funnel) -> bool:
    """Whether the value of some win is known."""
    return any(row["kind"] == "won" and not math.isnan(row["value"]) for row in funnel.outcomes())


def _wins(funnel: Funnel) -> Metric | None:
    """Return the number of wins as a metric, for tables without amounts."""
    from .. import metric

    wins = [metric.count(row["name"]) for row in funnel.outcomes() if row["kind"] == "won"]
    return sum(wins[1:], start=wins[0]) if wins else None


def _text(
    given: Given,
    analysis: Analysis,
    reference: Funnel | None,
    language: str,
    discount_rate: float | None = None,
) -> str:
    from .report import report_text

    return report_text(
        given.funnel,
        analysis,
        reference=reference,
        statistics=given.statistics,
        segments=segments(given, discount_rate),
        so_far=given.so_far,
        remarks=[remark.text(language) for remark in given.remarks],
        language=language,
    )


def _json(
    given: Given, analysis: Analysis, reference: Funnel | None, discount_rate: float | None = None
) -> str:
    from .report import report_data

    data = report_data(
        given.funnel,
        analysis,
        reference=reference,
        statistics=given.statistics,
        segments=segments(given, discount_rate),
        so_far=given.so_far,
    )
    if given.statistics is not None:
        data["remarks"] = [{"code": remark.key, "message": remark.text("en")} for remark in given.remarks]
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def _error_text(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return str(error)


def _error_data(error: Exception) -> dict[str, Any]:
    names = ("kind", "given", "nearest", "where", "allowed", "source", "row", "column", "why", "stages")
    data: dict[str, Any] = {"type": type(error).__name__, "message": _error_text(error)}
    if code := getattr(error, "code", None):
        data["code"] = code
    data.update(
        {name: getattr(error, name) for name in names if isinstance(getattr(error, name, None), str | int)}
    )
    if issues := getattr(error, "issues", None):
        from .report import issue_data

        data["issues"] = [issue_data(issue) for issue in issues]
    return data

"""The command line: ``funnelgraph demo``, ``funnelgraph new`` and ``funnelgraph analyze``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import DataError, FunnelgraphError, InvalidValueError
from .language import LANGUAGES, word

if TYPE_CHECKING:
    from . import Analysis, Funnel
    from ._core import Metric
    from .fit import Statistics
    from .table import Table

#: A TOML or JSON file larger than this is refused.
MAX_CONFIG_BYTES = 16 * 1024 * 1024

#: Owner names that say their role. Others are `other`, unless --roles says.
_ROLES = {
    "marketing": "marketing",
    "tiếp thị": "marketing",
    "sales": "sales",
    "kinh doanh": "sales",
    "bán hàng": "sales",
    "care": "care",
    "customer care": "care",
    "chăm sóc": "care",
    "chăm sóc khách hàng": "care",
    "r&d": "r_and_d",
    "company": "company",
    "công ty": "company",
    "outside": "outside",
    "bên ngoài": "outside",
}


@dataclass
class TableOptions:
    """How a person's table is read: the options of ``analyze``, from the command line or a TOML file."""

    journey: str = ""
    stages: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    owners: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    lost: str | None = None
    lost_at: str | None = None
    status: str | None = None
    amount: str | None = None
    cost: str | None = None
    segment: str | None = None
    until: str | None = None
    silence: float | None = None
    open: str = "exclude"
    name: str = ""
    currency: str = ""
    period: str = "period"
    delimiter: str | None = None
    decimal: str | None = None
    day_first: bool | None = None
    encoding: str = "utf-8"


_MAPPINGS = ("stages", "outcomes", "owners", "roles", "reasons")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code (0 well, 2 a problem that is said on stderr)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        output: str = options.run(options)
    except (FunnelgraphError, OSError) as error:
        if options.json:
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
    parser = argparse.ArgumentParser(
        prog="funnelgraph", description="The marketing and sales funnel: who owns what, and who loses what."
    )
    from . import __version__

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
    analyze.add_argument("--config", metavar="FILE.toml", help="the options below, by the same names")
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
    analyze.add_argument("--status", metavar="COLUMN", help="a column that says lost")
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
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="en (default) or vi")
    parser.add_argument("--json", action="store_true", help="for programs")


def _templates() -> tuple[str, ...]:
    return ("buying_funnel", "demand_waterfall", "online_shop", "pharmacy_channel")


# ---- commands ------------------------------------------------------------------------------------


def _demo(options: argparse.Namespace) -> str:
    from . import analyze, datasets, fit

    week = datasets.sandal_shop(seed=options.seed)
    plan = datasets.sandal_shop_plan()
    stages = ["reached", "engaged", "enquiry", "order", "delivered"]
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
    funnel = statistics.to_funnel(
        name="Sandal shop",
        currency="VND",
        period="week",
        owners=owners,
        roles={"Marketing": "marketing", "Sales": "sales", "Company": "company", "Outside": "outside"},
        outcomes={"delivered": "won"},
        values={"delivered": "amount"},
        open="lost",  # who went no further within six weeks will not
    )
    analysis = analyze(funnel, reference=plan)
    if options.json:
        return _json(funnel, analysis, plan, statistics)
    from .show import money, whole

    language = options.language
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
        funnel, plan = _in_language(funnel, language, plan), _in_language(plan, language)
        analysis = analyze(funnel, reference=plan)
    return "\n".join([intro, result, "", _text(funnel, analysis, plan, statistics, language)])


def _new(options: argparse.Namespace) -> str:
    from . import analyze, reference

    names = _templates()
    if options.template not in names:
        from .errors import UnknownNameError

        raise UnknownNameError("template", options.template, _nearest(options.template, names))
    funnel: Funnel = getattr(reference, options.template)()
    funnel = _in_language(funnel, options.language)
    text = funnel.to_json()
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")
    if options.json:
        return text
    analysis = analyze(funnel)
    lines = [
        _text(funnel, analysis, None, None, options.language),
        "",
        word("placeholders", options.language),
    ]
    if options.output:
        lines.append(word("written", options.language, path=options.output))
    return "\n".join(lines)


def _analyze(options: argparse.Namespace) -> str:
    from . import analyze

    settings = _table_options(options)
    funnel, statistics = _funnel_of(Path(options.table), settings)
    reference = _funnel_of(Path(options.reference), settings)[0] if options.reference else None
    if statistics is None and (not options.reference or Path(options.reference).suffix.lower() == ".json"):
        _no_table_options(options)
    if not options.json and options.language != "en":
        labels = funnel
        funnel = _in_language(funnel, options.language, labels)
        reference = _in_language(reference, options.language, labels) if reference else None
    worth = None if settings.amount else _wins(funnel)
    analysis = analyze(funnel, reference=reference, discount_rate=options.discount_rate, metric=worth)
    if options.json:
        return _json(funnel, analysis, reference, statistics)
    return _text(funnel, analysis, reference, statistics, options.language)


def _wins(funnel: Funnel) -> Metric | None:
    """Return the number of wins as a metric, for tables without amounts."""
    from . import metric

    wins = [metric.count(row["name"]) for row in funnel.outcomes() if row["kind"] == "won"]
    return sum(wins[1:], start=wins[0]) if wins else None


def _text(
    funnel: Funnel, analysis: Analysis, reference: Funnel | None, statistics: Statistics | None, language: str
) -> str:
    from .show import report_text

    return report_text(funnel, analysis, reference=reference, statistics=statistics, language=language)


def _json(funnel: Funnel, analysis: Analysis, reference: Funnel | None, statistics: Statistics | None) -> str:
    from .show import report_data

    data = report_data(funnel, analysis, reference=reference, statistics=statistics)
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


# ---- a person's own table ------------------------------------------------------------------------


def _funnel_of(path: Path, settings: TableOptions) -> tuple[Funnel, Statistics | None]:
    """Return a funnel from a JSON file, or fitted from a table."""
    from . import Funnel, fit

    if path.suffix.lower() == ".json":
        return Funnel.from_json(_read(path), source=path.name), None
    if not settings.stages:
        raise InvalidValueError("--stages", "nothing", "name=COLUMN,... with the stages in their order")
    table = fit.read_table(
        path,
        delimiter=settings.delimiter,
        decimal=settings.decimal,
        day_first=settings.day_first,
        encoding=settings.encoding,
        dates=[*settings.stages.values(), *([settings.lost_at] if settings.lost_at else [])],
        numbers=[column for column in (settings.amount, settings.cost) if column],
    )
    statistics = fit.milestones(
        table,
        journey=settings.journey or None,
        stages=settings.stages,
        lost=settings.lost,
        lost_at=settings.lost_at,
        status=settings.status,
        reasons=settings.reasons,
        amount=settings.amount,
        cost=settings.cost,
        segment=settings.segment,
        until=_until(settings),
        silence=settings.silence,
    )
    last = list(settings.stages)[-1]
    outcomes = settings.outcomes or {last: "won"}
    if not settings.stages.keys() - outcomes.keys():
        given = ", ".join(settings.stages)
        raise InvalidValueError("--stages", given, "at least one stage before the outcomes (the last is won)")
    owners = {stage: _shares(owner) for stage, owner in settings.owners.items()}
    won = [name for name, kind in outcomes.items() if kind == "won" and name in settings.stages]
    funnel = statistics.to_funnel(
        name=settings.name or path.stem,
        currency=settings.currency,
        period=settings.period,
        owners=owners,
        roles=_roles(owners, settings),
        outcomes=outcomes,
        open=settings.open,
        values=dict.fromkeys(won, "amount") if settings.amount else {},
    )
    return funnel, statistics


def _until(settings: TableOptions) -> Any:
    """Read the as-of date as the dates of the table are read."""
    if settings.until is None:
        return None
    from . import _core

    try:
        ticks = _core.times_from_text([settings.until], "--until", "", settings.day_first)
    except DataError:
        allowed = "a date such as 2026-01-31, or one such as 31/01/2026 (03/04/2026 needs --day-first)"
        raise InvalidValueError("--until", settings.until, allowed) from None
    until = ticks.view("datetime64[us]")[0]
    return until.astype("datetime64[D]") if len(settings.until.strip()) <= len("2026-01-31") else until


def _shares(owner: Any) -> Any:
    """Read Marketing+Sales as owned by both in equal parts."""
    if isinstance(owner, str) and "+" in owner:
        names = [part.strip() for part in owner.split("+")]
        return {name: 1 / len(names) for name in names}
    return owner


def _roles(owners: Mapping[str, Any], settings: TableOptions) -> dict[str, str]:
    names = {name for owner in owners.values() for name in ([owner] if isinstance(owner, str) else owner)}
    names.update(settings.reasons.values())
    roles = {name: _ROLES[name.casefold()] for name in sorted(names) if name.casefold() in _ROLES}
    return {**roles, **settings.roles}


def _table_options(options: argparse.Namespace) -> TableOptions:
    settings = TableOptions()
    known = set(TableOptions.__dataclass_fields__)
    for key, value in _config(options.config, known).items():
        setattr(settings, key, value)
    for key in known:
        given = getattr(options, key, None)
        if given is not None:
            setattr(settings, key, _pairs(key, given) if key in _MAPPINGS else given)
    return settings


def _no_table_options(options: argparse.Namespace) -> None:
    """Refuse what says how to read a table where there is only a funnel."""
    for key in (*TableOptions.__dataclass_fields__, "config"):
        if getattr(options, key, None) is not None:
            name = "--" + key.replace("_", "-")
            raise InvalidValueError(name, "an option for tables", "none of these with a funnel in JSON")


def _config(path: str | None, known: set[str]) -> dict[str, Any]:
    if path is None:
        return {}
    import tomllib

    try:
        data = tomllib.loads(_read(Path(path)))
    except tomllib.TOMLDecodeError as error:
        raise DataError(Path(path).name, 0, "", f"it is not TOML: {error}") from None
    settings: dict[str, Any] = {}
    for name, value in data.items():
        key = name.replace("-", "_")
        if key not in known:
            nearest = _nearest(key, sorted(known))
            hint = f"; did you mean {nearest!r}?" if nearest else ""
            raise DataError(Path(path).name, 0, name, f"there is no option of this name{hint}")
        wanted: type | tuple[type, ...] = str
        if key in _MAPPINGS:
            wanted = dict
        elif key == "silence":
            wanted = (int, float)
        elif key == "day_first":
            wanted = bool
        if key == "until" and not isinstance(value, str) and hasattr(value, "isoformat"):
            value = value.isoformat()
        if not isinstance(value, wanted) or (key == "silence" and isinstance(value, bool)):
            kinds: dict[object, str] = {dict: "a table", str: "text in quotes", bool: "true or false"}
            kind = kinds.get(wanted, "a number")
            raise DataError(Path(path).name, 0, name, f"expected {kind}")
        settings[key] = value
    return settings


def _pairs(option: str, text: str) -> dict[str, str]:
    """Return ``a=b,c=d`` as a dictionary; names with a comma or equals sign belong in a TOML file."""
    pairs: dict[str, str] = {}
    for part in text.split(","):
        name, sign, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not sign or not name or not value:
            raise InvalidValueError(f"--{option}", part, "name=value,name=value,...")
        if name in pairs:
            raise InvalidValueError(f"--{option}", name, "each name once")
        pairs[name] = value
    return pairs


def _in_language(funnel: Funnel, language: str, labels: Funnel | None = None) -> Funnel:
    """Return the funnel with the names that labels, its own or another's, give in a language; others stay."""
    if language == "en":
        return funnel
    from . import Funnel

    renamed = Funnel(funnel)
    labelled = labels or funnel

    def rename(rows: Table, to: Callable[[str, str], None], parts: Table, own: dict[str, str]) -> None:
        taken = {row["name"] for row in parts}
        names = own | {row["name"]: row["labels"].get(language, "") for row in rows}
        for name in taken & names.keys():
            if names[name] and names[name] not in taken:
                to(name, names[name])

    owners = [row["name"] for row in funnel.owners()]
    fitted = {f"lost ({owner})": word("lost_of", language, owner=owner) for owner in owners}
    fitted |= {name: word(name, language) for name in ("lost", "silent")}
    rename(labelled.stages(), renamed.rename_stage, funnel.stages(), {})
    rename(labelled.outcomes(), renamed.rename_outcome, funnel.outcomes(), fitted)
    rename(labelled.owners(), renamed.rename_owner, funnel.owners(), {})
    return renamed


def _read(path: Path) -> str:
    size = path.stat().st_size
    if size > MAX_CONFIG_BYTES:
        raise DataError(path.name, 0, "", f"{size} bytes; at most {MAX_CONFIG_BYTES} are read")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path.name, 0, "", f"byte {error.start} is not UTF-8") from None


def _nearest(given: str, names: Sequence[str]) -> str:
    from . import _core

    nearest: str = _core.nearest_name(given, list(names))
    return nearest


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
        data["issues"] = [
            {"code": i.code, "where": i.where, "message": i.message, "severity": str(i.severity)}
            for i in issues
        ]
    return data

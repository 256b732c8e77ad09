"""The command line: ``funnelgraph demo``, ``funnelgraph new`` and ``funnelgraph analyze``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from .errors import DataError, FunnelgraphError, InvalidValueError, unknown_among
from .language import LANGUAGES, word

if TYPE_CHECKING:
    from . import Analysis, Funnel
    from ._by_segment import Segment
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
    statuses: dict[str, str] = field(default_factory=dict)
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


_MAPPINGS = ("stages", "outcomes", "owners", "roles", "reasons", "statuses")

#: Options of ``analyze`` that are not about how a table is read, but may stand in the TOML file too.
_REPORT_OPTIONS = ("reference", "discount_rate", "language")
#: Options that are numbers, and those that are yes or no; the other texts.
_NUMBERS = ("silence", "discount_rate")
_FLAGS = ("day_first",)


class UsageError(FunnelgraphError):
    """A command line that has no such command or option, or not such a value."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="usage")


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are errors like all others, with the nearest option."""

    def error(self, message: str) -> NoReturn:
        unknown = message.removeprefix("unrecognized arguments: ")
        if unknown != message:
            options = [name for action in self._all_actions() for name in action.option_strings]
            option = unknown.split()[0].split("=")[0]
            nearest = "" if option in options else _nearest(option, options)
            message += f"; did you mean {nearest!r}?" if nearest else ""
        raise UsageError(f"{message} ({self.prog} --help lists what there is)")

    def _all_actions(self) -> list[argparse.Action]:
        """Return the options of this parser and of its commands."""
        actions = list(self._actions)
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                actions += [option for command in action.choices.values() for option in command._actions]
        return actions


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
    parser = _Parser(
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
    from . import analyze, datasets, fit

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
    given = _Given(funnel, statistics, channels)
    if options.json:
        return _json(given, analysis, plan)
    from .show import money, whole

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
        given, plan = _given_in_language(given, language, plan), _in_language(plan, language)
        analysis = analyze(given.funnel, reference=plan)
    return "\n".join([intro, result, "", _text(given, analysis, plan, language)])


def _new(options: argparse.Namespace) -> str:
    from . import analyze, reference

    names = _templates()
    language = options.language or "en"
    if options.template not in names:
        raise unknown_among("template", options.template, names)
    funnel: Funnel = getattr(reference, options.template)()
    funnel = _in_language(funnel, language)
    text = funnel.to_json()
    if options.output:
        Path(options.output).write_text(text + "\n", encoding="utf-8")
    if options.json:
        return text
    lines = [
        _text(_given(funnel), analyze(funnel), None, language),
        "",
        word("placeholders", language),
    ]
    if options.output:
        lines.append(word("written", language, path=options.output))
    return "\n".join(lines)


def _analyze(options: argparse.Namespace) -> str:
    from . import analyze

    settings = _table_options(options)
    language = options.language or "en"
    given = _read_given(Path(options.table), settings)
    reference = _read_given(Path(options.reference), settings).funnel if options.reference else None
    if given.statistics is None and (
        not options.reference or Path(options.reference).suffix.lower() == ".json"
    ):
        _no_table_options(options)
    if not options.json and language != "en":
        labels = given.funnel
        given = _given_in_language(given, language, labels)
        reference = _in_language(reference, language, labels) if reference else None
    worth = None if settings.amount else _wins(given.funnel)
    rate = options.discount_rate
    analysis = analyze(given.funnel, reference=reference, discount_rate=rate, metric=worth)
    if options.json:
        return _json(given, analysis, reference, rate)
    return _text(given, analysis, reference, language, rate)


def _wins(funnel: Funnel) -> Metric | None:
    """Return the number of wins as a metric, for tables without amounts."""
    from . import metric

    wins = [metric.count(row["name"]) for row in funnel.outcomes() if row["kind"] == "won"]
    return sum(wins[1:], start=wins[0]) if wins else None


class _Given(NamedTuple):
    """What a report is about; `funnels` has one a segment of the statistics, or else one a channel."""

    funnel: Funnel
    statistics: Statistics | None
    funnels: dict[str, Funnel]


def _given(funnel: Funnel) -> _Given:
    from ._by_segment import funnels_by_channel

    return _Given(funnel, None, funnels_by_channel(funnel))


def _segments(given: _Given, discount_rate: float | None) -> list[Segment]:
    from . import analyze
    from ._by_segment import Segment

    return [  # whose journeys all begin at an outcome has no stage, and nothing to analyse
        Segment(name, funnel, analyze(funnel, discount_rate=discount_rate) if len(funnel.stages()) else None)
        for name, funnel in given.funnels.items()
    ]


def _text(
    given: _Given,
    analysis: Analysis,
    reference: Funnel | None,
    language: str,
    discount_rate: float | None = None,
) -> str:
    from .show import report_text

    return report_text(
        given.funnel,
        analysis,
        reference=reference,
        statistics=given.statistics,
        segments=_segments(given, discount_rate),
        language=language,
    )


def _json(
    given: _Given, analysis: Analysis, reference: Funnel | None, discount_rate: float | None = None
) -> str:
    from .show import report_data

    data = report_data(
        given.funnel,
        analysis,
        reference=reference,
        statistics=given.statistics,
        segments=_segments(given, discount_rate),
    )
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


# ---- a person's own table ------------------------------------------------------------------------


def _read_given(path: Path, settings: TableOptions) -> _Given:
    """Return a funnel from a JSON file, or fitted from a table; and those of its segments."""
    from . import Funnel, fit

    if path.suffix.lower() == ".json":
        return _given(Funnel.from_json(_read(path), source=path.name))
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
        statuses=settings.statuses or None,
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
    options: dict[str, Any] = {
        "name": settings.name or path.stem,
        "currency": settings.currency,
        "period": settings.period,
        "owners": owners,
        "roles": _roles(owners, settings),
        "outcomes": outcomes,
        "open": settings.open,
        "values": dict.fromkeys(won, "amount") if settings.amount else {},
    }
    funnels = dict(statistics.to_segmented_funnel(**options).items()) if settings.segment else {}
    return _Given(statistics.to_funnel(**options), statistics, funnels)


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
        if len(set(names)) < len(names):
            raise InvalidValueError("--owners", owner, "OWNER+OWNER, each name once")
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
        if key in known:
            setattr(settings, key, value)
        elif getattr(options, key) is None:
            setattr(options, key, value)
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
    known = known | set(_REPORT_OPTIONS)
    settings: dict[str, Any] = {}
    for name, value in data.items():
        key = name.replace("-", "_")
        if key not in known:
            nearest = _nearest(key, sorted(known))
            hint = f"; did you mean {nearest!r}?" if nearest else ""
            raise DataError(Path(path).name, 0, name, f"there is no option of this name{hint}")
        if key == "until" and not isinstance(value, str) and hasattr(value, "isoformat"):
            value = value.isoformat()
        place, wanted = _misfit(name, key, value)
        if wanted:
            raise DataError(Path(path).name, 0, place, f"expected {wanted}")
        settings[key] = value
    return settings


def _misfit(name: str, key: str, value: Any) -> tuple[str, str]:
    """Return the place of what is no value of an option, and what is expected there; empty if it is one."""
    if key in _FLAGS:
        return name, "" if isinstance(value, bool) else "true or false"
    if key in _NUMBERS:
        return name, "" if _is_number(value) else "a number"
    if key == "language":
        return name, "" if value in LANGUAGES else " or ".join(f'"{known}"' for known in LANGUAGES)
    if key not in _MAPPINGS:
        return name, "" if isinstance(value, str) else "text in quotes"
    if not isinstance(value, dict):
        return name, "a table"
    for part, cell in value.items():
        if key == "owners" and isinstance(cell, dict):
            for owner, share in cell.items():
                if not _is_number(share):
                    return f"{name}.{part}.{owner}", "a share, a number from 0 to 1"
        elif not isinstance(cell, str):
            either = ", or a table of shares" if key == "owners" else ""
            return f"{name}.{part}", f"text in quotes{either}"
    return name, ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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


def _given_in_language(given: _Given, language: str, labels: Funnel) -> _Given:
    """Return a report's funnels with the names that `labels` gives in a language."""
    return given._replace(
        funnel=_in_language(given.funnel, language, labels),
        funnels={name: _in_language(funnel, language, labels) for name, funnel in given.funnels.items()},
    )


def _in_language(funnel: Funnel, language: str, labels: Funnel | None = None) -> Funnel:
    """Return the funnel with the names that labels, its own or another's, give in a language; others stay."""
    if language == "en":
        return funnel
    from . import Funnel

    renamed = Funnel(funnel)
    source = labels or funnel

    def rename(rows: Table, to: Callable[[str, str], None], parts: Table, own: dict[str, str]) -> None:
        taken = {row["name"] for row in parts}
        labelled = {row["name"]: row["labels"].get(language) for row in rows}
        names = own | {name: label for name, label in labelled.items() if label}
        for name in taken & names.keys():
            if names[name] not in taken:
                to(name, names[name])

    owners = [row["name"] for row in funnel.owners()]
    always = {name: word(name, language) for name in ("Company", "Outside")}
    fitted = {
        f"lost ({owner})": word("lost_of", language, owner=always.get(owner, owner)) for owner in owners
    }
    fitted |= {name: word(name, language) for name in ("lost", "silent")}
    rename(source.stages(), renamed.rename_stage, funnel.stages(), {})
    rename(source.outcomes(), renamed.rename_outcome, funnel.outcomes(), fitted)
    rename(source.owners(), renamed.rename_owner, funnel.owners(), always)
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
        from .show import issue_data

        data["issues"] = [issue_data(issue) for issue in issues]
    return data

"""How a person's table is read: options from the command line and from a TOML file."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import DataError, InvalidValueError
from ..language import LANGUAGES
from .small_file import read_small


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
    missing: str = ""


_MAPPINGS = ("stages", "outcomes", "owners", "roles", "reasons", "statuses")

#: Options of ``analyze`` that are not about how a table is read, but may stand in the TOML file too.
_REPORT_OPTIONS = ("reference", "discount_rate", "language")
#: Options that are numbers, and those that are yes or no; the other texts.
_NUMBERS = ("silence", "discount_rate")
_FLAGS = ("day_first",)


def table_options(options: argparse.Namespace) -> TableOptions:
    """Join the options of the command line with those of its TOML file; the command line goes first."""
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


def refuse_table_options(options: argparse.Namespace) -> None:
    """Refuse what says how to read a table where there is only a funnel."""
    for key in (*TableOptions.__dataclass_fields__, "config"):
        if getattr(options, key, None) is not None:
            name = "--" + key.replace("_", "-")
            raise InvalidValueError(name, "an option for tables", "none of these with a funnel in JSON")


def _config(path: str | None, known: set[str]) -> dict[str, Any]:
    if path is None:
        return {}
    import tomllib

    from .. import _core

    text = read_small(Path(path))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        why = f"it is not TOML: {error}"
        if _is_bare_name(text, str(error)):
            why += "; a name with other letters than a to z stands in quotes"
        raise DataError(Path(path).name, 0, "", why) from None
    known = known | set(_REPORT_OPTIONS)
    settings: dict[str, Any] = {}
    for name, value in data.items():
        key = name.replace("-", "_")
        if key not in known:
            nearest = _core.nearest_name(key, sorted(known))
            hint = f"; did you mean {nearest!r}?" if nearest else ""
            raise DataError(Path(path).name, 0, name, f"there is no option of this name{hint}")
        if key == "until" and not isinstance(value, str) and hasattr(value, "isoformat"):
            value = value.isoformat()
        place, wanted = _misfit(name, key, value)
        if wanted:
            raise DataError(Path(path).name, 0, place, f"expected {wanted}")
        settings[key] = value
    return settings


def _is_bare_name(text: str, message: str) -> bool:
    """Whether the line that a message of tomllib is about begins with a name that TOML wants in quotes."""
    place = re.search(r"at line (\d+)", message)
    if place is None:
        return False
    name = text.splitlines()[int(place[1]) - 1].partition("=")[0].strip()
    return not name.isascii() and not name.startswith(('"', "'"))


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

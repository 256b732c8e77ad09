"""Changes of a scenario as the calls that make them again."""

from __future__ import annotations

from typing import Any, SupportsFloat

from ._core import Funnel as CoreFunnel
from .model import Funnel
from .number import Number


def _shown(value: SupportsFloat) -> str:
    number = float(value)
    plain = type(value) is Number and value.interval is None and value.source == "assumed"
    return repr(int(number)) if plain and number.is_integer() and abs(number) < 1e15 else repr(value)


def code_of(fields: dict[str, Any]) -> str | None:
    """Return the call that makes a change again, or None where there is none."""
    kind = fields["change"]
    dated = fields["start"] is not None or fields["end"] is not None
    if kind in ("set", "scale", "shift", "scale_odds"):
        given = [repr(fields["parameter"]), _shown(fields["value"])]
        if fields["take_from"] != "leak":
            given.append(f"take_from={fields['take_from']!r}")
        if fields["clip"]:
            given.append("clip=True")
        given += [f"{name}={fields[name]!r}" for name in ("start", "end") if fields[name] is not None]
        return f".{kind}({', '.join(given)})"
    if dated or fields.get("count", 1) > 1:
        return None
    if kind == "set_owner":
        owner = fields["owner"]
        sole = next(iter(owner)) if len(owner) == 1 and 1.0 in owner.values() else owner or None
        return f".set_owner({fields['names'][0]!r}, {sole!r})"
    if kind == "replace_info":
        info = Funnel._of(fields["holder"])
        return None if info.labels else f".replace_info{repr(info).removeprefix('Funnel')}"
    part, names = fields["part"], fields["names"]
    shown = ", ".join(map(repr, names[:1] if part == "entry" and kind != "replace" else names))
    if kind == "remove":
        channel = f", channel={names[1]!r}" if part == "entry" and names[1] else ""
        return f".remove_{part}({shown}{channel})"
    rest = _fields_code(part, fields["holder"], without_channel=kind == "replace")
    if kind == "replace" and fields["count"] == 1 and not rest:
        return None
    if kind == "replace":
        gone = "" if fields["count"] == 0 else f", {rest}"
        return f".replace({part!r}, {shown}{gone})"
    taken = "" if fields["take_from"] == "leak" else f", take_from={fields['take_from']!r}"
    return f".add_{part}({shown}{', ' if rest else ''}{rest}{taken})"


def _fields_code(part: str, holder: CoreFunnel, *, without_channel: bool) -> str:
    """Return the fields of the one part as keyword arguments, those that say nothing left out."""
    if part == "view":
        return ", ".join(f"stages={stages!r}" for stages in holder.view_dict().values())
    listing = (
        holder.transition_list(None, None) if part == "transition" else getattr(holder, f"{part}_list")()
    )
    if not listing:
        return ""
    names = {
        "transition": ("source", "target"),
        "entry": ("stage",),
        "influence": ("lever", "source", "target"),
    }
    left_out = set(names.get(part, ("name",))) | ({"channel"} if without_channel else set())
    usual: dict[str, Any] = {"role": "other", "value": 1.0 if part == "lever" else 0.0, "reference": 1.0}
    always = {"rate", "volume", "elasticity", "kind"}
    given = []
    for name, value in listing[0].items():
        empty = value is None or value in ("", (), {}) or (name == "lag" and value.family == "unknown")
        # A drop-off or a capacity of 0 is not the same as none.
        same = name not in ("drop_off", "capacity", "service_level") and value == usual.get(name, 0.0)
        sourced = isinstance(value, Number) and (value.source != "assumed" or value.interval is not None)
        if name in left_out or (name not in always and (empty or (same and not sourced))):
            continue
        given.append(f"{name}={value!r}")
    return ", ".join(given)

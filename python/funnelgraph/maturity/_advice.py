"""Whether to stay or to tighten: the decision table, and the actions of the next move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from .. import _core
from ..errors import InvalidValueError
from ..language import check_language
from ..table import Table

#: Types of relationship, the loosest first.
TYPES: Final = ("undefined", "defined", "aligned", "integrated")
#: Replies to conditions by id; True and "yes" say that one holds, None that nobody knows.
Replies: TypeAlias = Mapping[str, bool | str | None]
_REPLIES: Final = {"yes": True, "có": True, "no": False, "không": False, "unknown": None, "chưa biết": None}


def next_type(now: str) -> str:
    """Return the type right after one, the last for itself; what is unknown is left to the core to refuse."""
    return TYPES[min(TYPES.index(now) + 1, len(TYPES) - 1)] if now in TYPES else "defined"


def read_replies(replies: Replies | None, where: str) -> dict[str, bool | None]:
    """Return replies as True, False or None."""
    given: dict[str, bool | None] = {}
    for name, reply in (replies or {}).items():
        if isinstance(reply, str):
            if reply.lower() not in _REPLIES:
                raise InvalidValueError(f"{where}({name})", repr(reply), "yes, no or unknown")
            given[name] = _REPLIES[reply.lower()]
        else:
            given[name] = None if reply is None else bool(reply)
    return given


class Advice:
    """Reasons to stay and to tighten, side by side.

    Attributes
    ----------
    now : str
    next : str or None
        One step further and never more.
    verdict : str
        "stay", "tighten", "conflict" (both hold: not decided), "no_reason", "unknown", "highest".
    conflict : bool
    sides_differ : bool
        The two sides' scores lie in different bands: talk about that first.
    stay_if, tighten_if : Table
        condition, text, reply, information (what its answer would tell of the verdict, in bits).
    ask_next : tuple of str
        Unknown conditions, those that would decide most first.
    elsewhere : tuple of str
        Replies to conditions of other types, which say nothing here.
    text, frame : str
        The verdict in a sentence; what Marketing's role in the company adds.
    """

    __slots__ = (
        "ask_next",
        "conflict",
        "elsewhere",
        "frame",
        "next",
        "now",
        "sides_differ",
        "stay_if",
        "text",
        "tighten_if",
        "verdict",
    )

    def __init__(self, core: Mapping[str, Any], *, sides_differ: bool = False) -> None:
        self.now: str = core["now"]
        self.next: str | None = core["next"]
        self.verdict: str = core["verdict"]
        self.conflict: bool = core["conflict"]
        self.sides_differ = sides_differ
        self.stay_if = Table._of(core["stay_if"], "stay")
        self.tighten_if = Table._of(core["tighten_if"], "tighten")
        self.ask_next: tuple[str, ...] = core["ask_next"]
        self.elsewhere: tuple[str, ...] = core["elsewhere"]
        self.text: str = core["text"]
        self.frame: str = core["frame"]

    def __repr__(self) -> str:
        lines = [f"{self.now}: {self.verdict}. {self.text}"]
        if self.frame:
            lines.append(self.frame)
        columns = ("condition", "text", "reply")
        for table in (self.stay_if, self.tighten_if):
            if len(table):
                lines.append(str(table.select(*columns)))
        if self.ask_next:
            lines.append("? " + ", ".join(self.ask_next))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        texts = "".join(
            f"<p>{escape(text)}</p>"
            for text in (f"{self.now}: {self.verdict}. {self.text}", self.frame)
            if text
        )
        columns = ("condition", "text", "reply")
        tables = [table.select(*columns) for table in (self.stay_if, self.tighten_if) if len(table)]
        return "\n".join([texts, *(table._repr_html_() for table in tables)])


def conditions(*, language: str = "en") -> Table:
    """Return the decision table: condition, now (type), for ("stay" or "tighten"), text."""
    return Table._of(_core.maturity_conditions(check_language(language)))


def marketing_roles(*, language: str = "en") -> Table:
    """Return how Marketing's role grows with a company: role, name, kind and words of friction, ask_first."""
    return Table._of(_core.maturity_marketing_roles(check_language(language)))


def actions(now: str | None = None, target: str | None = None, *, language: str = "en") -> Table:
    """Return all actions, or those of one move.

    Parameters
    ----------
    now, target : str, optional
        Types of relationship; the one right after `now` unless given, all moves without either.
    language : {"en", "vi"}

    Returns
    -------
    Table

    Raises
    ------
    InvalidValueError
        `target` is not the type right after `now`: two moves at once are not advised.
    """
    check_language(language)
    if now is None:
        return Table._of(_core.maturity_all_actions(language))
    if target is None:
        target = next_type(now)
    return Table._of(_core.maturity_actions(now, target, language))

"""The errors of the library, one to one with those of C++ and with the same attributes.

All derive from :class:`FunnelgraphError`, and from `ValueError` or `KeyError` where that is the habit. `code`
is stable across versions; the message is an English sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .enums import Severity

__all__ = [
    "ConflictError",
    "DataError",
    "FunnelgraphError",
    "ImpossibleChangeError",
    "InvalidFunnelError",
    "InvalidValueError",
    "Issue",
    "UnknownNameError",
    "UnreachableTargetError",
    "UnsolvableError",
]


#: How many names an error lists where none is near.
_NAMES_SHOWN = 12


class Issue(NamedTuple):
    """One problem that validation found.

    Attributes
    ----------
    severity : Severity
        `error` stops a computation, `warning` does not.
    where : str
        The place: "transition enquiry -> order".
    message : str
        What is wrong, as a sentence.
    code : str
        Stable name of the kind of problem.
    value, allowed : str
        The offending value and the allowed range; empty where they make no sense.
    """

    severity: Severity
    where: str
    message: str
    code: str = ""
    value: str = ""
    allowed: str = ""


def _restore(
    kind: type[FunnelgraphError], arguments: tuple[Any, ...], message: str, code: str
) -> FunnelgraphError:
    if not arguments:
        return kind(message, code=code)
    build: Callable[..., FunnelgraphError] = kind
    return build(*arguments, message=message, code=code)


class FunnelgraphError(Exception):
    """Base of every error that the library raises by itself.

    Attributes
    ----------
    code : str
        Stable across versions and languages.
    """

    code: str

    def __init__(self, message: str, *, code: str = "error") -> None:
        Exception.__init__(self, message)
        self.code = code

    def __str__(self) -> str:
        """Return the sentence; a KeyError would show it in quotes."""
        return str(self.args[0]) if self.args else ""

    def _arguments(self) -> tuple[Any, ...]:
        return ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the attributes."""
        return _restore, (type(self), self._arguments(), str(self), self.code)


def _words(name: str, message: str | None, code: str | None, *arguments: Any) -> tuple[str, str]:
    """Return message and code, from the core where they are not given: the words are written once."""
    if message is not None and code is not None:
        return message, code
    from . import _core

    written: tuple[str, str] = getattr(_core, name)(*arguments)
    return message if message is not None else written[0], code if code is not None else written[1]


class UnknownNameError(FunnelgraphError, KeyError):
    """A name that nothing has.

    Attributes
    ----------
    kind : str
        What was looked for: "stage", "owner", "column", ...
    given : str
    nearest : str
        The closest existing name, or empty.
    """

    def __init__(
        self, kind: str, given: str, nearest: str = "", *, message: str | None = None, code: str | None = None
    ) -> None:
        message, code = _words("unknown_name_words", message, code, kind, given, nearest)
        super().__init__(message, code=code)
        self.kind = kind
        self.given = given
        self.nearest = nearest

    def _arguments(self) -> tuple[Any, ...]:
        return self.kind, self.given, self.nearest


def unknown_among(kind: str, given: str, names: Iterable[str]) -> UnknownNameError:
    """Return the error of a name that is none of `names`: with the nearest, or else the first of them."""
    from . import _core

    known = list(names)
    nearest = _core.nearest_name(given, known)
    error = UnknownNameError(kind, given, nearest)
    if nearest and repr(nearest) != f"'{nearest}'":  # holds what nobody sees, as a no-break space
        message = f"unknown {kind} {given!r}; did you mean {nearest!r}?"
        return UnknownNameError(kind, given, nearest, message=message)
    if nearest or not known:
        return error
    shown = ", ".join(repr(name) for name in known[:_NAMES_SHOWN])
    more = f" and {len(known) - _NAMES_SHOWN} more" if len(known) > _NAMES_SHOWN else ""
    return UnknownNameError(kind, given, nearest, message=f"{error}; there are {shown}{more}")


class InvalidValueError(FunnelgraphError, ValueError):
    """A value outside its allowed range.

    Attributes
    ----------
    where, given, allowed : str
        The place, the value and the range, as text.
    """

    def __init__(
        self, where: str, given: str, allowed: str, *, message: str | None = None, code: str | None = None
    ) -> None:
        message, code = _words("invalid_value_words", message, code, where, given, allowed)
        super().__init__(message, code=code)
        self.where = where
        self.given = given
        self.allowed = allowed

    def _arguments(self) -> tuple[Any, ...]:
        return self.where, self.given, self.allowed


class ImpossibleChangeError(InvalidValueError):
    """A change that the other exits of its row cannot bear.

    Attributes
    ----------
    least, largest : float
        What the change's value may be while the other changes stay; least > largest when nothing would do.
    """

    def __init__(
        self,
        where: str,
        given: str,
        least: float,
        largest: float,
        allowed: str = "",
        *,
        message: str | None = None,
        code: str | None = None,
    ) -> None:
        message, code = _words("impossible_change_words", message, code, where, given, least, largest)
        super().__init__(where, given, allowed, message=message, code=code)
        self.least = least
        self.largest = largest

    def _arguments(self) -> tuple[Any, ...]:
        return self.where, self.given, self.least, self.largest, self.allowed


class InvalidFunnelError(FunnelgraphError, ValueError):
    """A funnel that cannot be computed.

    Attributes
    ----------
    issues : tuple of Issue
        Every problem at once, warnings included.
    """

    def __init__(
        self, issues: Iterable[tuple[str, ...]], *, message: str | None = None, code: str | None = None
    ) -> None:
        self.issues = tuple(issue_from(issue) for issue in issues)
        message, code = _words("invalid_funnel_words", message, code, self._rows())
        super().__init__(message, code=code)

    def _rows(self) -> list[tuple[str, ...]]:
        return [(str(issue.severity), *issue[1:]) for issue in self.issues]

    def _arguments(self) -> tuple[Any, ...]:
        return (self._rows(),)


class UnsolvableError(FunnelgraphError, ValueError):
    """Stages that nothing leaves: their equations have no solution.

    Attributes
    ----------
    stages : tuple of str
    """

    def __init__(self, stages: Iterable[str], *, message: str | None = None, code: str | None = None) -> None:
        self.stages = tuple(stages)
        message, code = _words("unsolvable_words", message, code, list(self.stages))
        super().__init__(message, code=code)

    def _arguments(self) -> tuple[Any, ...]:
        return (self.stages,)


class ConflictError(FunnelgraphError, ValueError):
    """Two changes that touch one number.

    Attributes
    ----------
    first, second : str
        The names of the two scenarios.
    number : str
        What both change.
    """

    def __init__(
        self,
        first: str,
        second: str,
        number: str,
        why: str = "",
        *,
        message: str | None = None,
        code: str | None = None,
    ) -> None:
        message, code = _words("conflict_words", message, code, first, second, number, why)
        super().__init__(message, code=code)
        self.first = first
        self.second = second
        self.number = number

    def _arguments(self) -> tuple[Any, ...]:
        return self.first, self.second, self.number


class DataError(FunnelgraphError, ValueError):
    """A table, log or file that cannot be read as asked.

    Attributes
    ----------
    source : str
        The file's or the document's name.
    row : int
        From 1, over data rows (of JSON: lines); 0 when the problem is not of one row.
    column : str
        The column (of JSON: the path), or empty.
    why : str
        What is wrong; never the words of a cell.
    """

    def __init__(
        self,
        source: str,
        row: int,
        column: str,
        why: str,
        *,
        message: str | None = None,
        code: str | None = None,
    ) -> None:
        message, code = _words("data_words", message, code, source, row, column, why)
        super().__init__(message, code=code)
        self.source = source
        self.row = row
        self.column = column
        self.why = why

    def _arguments(self) -> tuple[Any, ...]:
        return self.source, self.row, self.column, self.why


class UnreachableTargetError(FunnelgraphError, ValueError):
    """A target that no allowed value reaches.

    Attributes
    ----------
    target, low, high : float
        What was wanted, and the range that can be reached.
    """

    def __init__(
        self, target: float, low: float, high: float, *, message: str | None = None, code: str | None = None
    ) -> None:
        message, code = _words("unreachable_target_words", message, code, target, low, high)
        super().__init__(message, code=code)
        self.target = target
        self.low = low
        self.high = high

    def _arguments(self) -> tuple[Any, ...]:
        return self.target, self.low, self.high


def issue_from(row: tuple[str, ...]) -> Issue:
    """Return an Issue from the six texts of the core."""
    return row if isinstance(row, Issue) else Issue(Severity(row[0]), *row[1:])

"""Names that options take: each is a `str`, and its text in upper or lower case stands for it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class _Name(StrEnum):
    """A text enum that is looked up without regard to case, blanks and hyphens."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        folded = value.lower().replace(" ", "_").replace("-", "_")
        for member in cls:
            if member.value == folded:
                return member
        from . import _core
        from .errors import UnknownNameError

        kind = "".join(f" {c.lower()}" if c.isupper() else c for c in cls.__name__).strip()
        raise UnknownNameError(kind, value, _core.nearest_name(folded, [str(member) for member in cls]))


class Role(_Name):
    """What an owner is for, whatever it is called."""

    MARKETING = "marketing"
    SALES = "sales"
    CARE = "care"
    R_AND_D = "r_and_d"
    COMPANY = "company"
    OUTSIDE = "outside"
    OTHER = "other"


class OutcomeKind(_Name):
    """How a journey ends; screened: rightly sent away, silent: no answer."""

    WON = "won"
    LOST = "lost"
    SCREENED = "screened"
    SILENT = "silent"


class SourceKind(_Name):
    """How a number came to be."""

    ASSUMED = "assumed"
    MEASURED = "measured"
    AGREED = "agreed"
    ESTIMATED = "estimated"
    PLACEHOLDER = "placeholder"


class LagFamily(_Name):
    """The families of waiting times."""

    UNKNOWN = "unknown"
    DETERMINISTIC = "deterministic"
    EXPONENTIAL = "exponential"
    GAMMA = "gamma"
    LOGNORMAL = "lognormal"
    WEIBULL = "weibull"
    EMPIRICAL = "empirical"


class CapacityRule(_Name):
    """What happens to visits above a stage's capacity: reported, or shed to the drop-off."""

    REPORT = "report"
    CAP = "cap"


class Severity(_Name):
    """An error stops a computation, a warning does not."""

    WARNING = "warning"
    ERROR = "error"

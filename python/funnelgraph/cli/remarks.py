"""What looks like a slip in how a table was described: said below the report, never decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import InvalidValueError
from ..language import word
from .table_options import TableOptions

if TYPE_CHECKING:
    from ..fit import Statistics

#: Owner names that say their role. Others are `other`, unless --roles says.
ROLES = {
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


class Remark(NamedTuple):
    """A sentence by its key in the dictionary of words, and what stands in its blanks."""

    key: str
    values: dict[str, str]

    def text(self, language: str) -> str:
        """Return the sentence."""
        return word(self.key, language, **self.values)


def remarks(statistics: Statistics, table: Mapping[str, Any], settings: TableOptions) -> tuple[Remark, ...]:
    """Return what looks like a slip: names nearly those of others, one column of two stages, unused words.

    Raises
    ------
    InvalidValueError
        Two owners differ in capital letters only.
    """
    found = [Remark("near_owner", {"one": one, "other": other}) for one, other in _near_owners(settings)]
    stages = list(settings.stages.items())
    for place, (stage, column) in enumerate(stages):
        for other, same in stages[:place]:
            if same == column:
                found.append(Remark("same_column", {"one": other, "other": stage, "column": column}))
    lost = statistics.losses.to_dicts()
    for reason, near in _unused(settings.reasons, {row["reason"] for row in lost}):
        found.append(Remark("unused_reason", {"one": reason, "near": near}))
    if settings.status:
        words = {cell.strip() for cell in _cells(table, settings.status) if cell}
        for status, near in _unused(settings.statuses, words):
            found.append(Remark("unused_status", {"one": status, "near": near}))
    told = settings.lost or settings.lost_at or settings.status or settings.outcomes
    if not told and not lost and any(row["entered"] > row["open"] for row in statistics.stages):
        found.append(Remark("nobody_lost", {}))
    return tuple(found)


def _cells(table: Mapping[str, Any], column: str) -> Iterable[str | None]:
    from ..frames import named_column

    cells: Iterable[str | None] = table[named_column(column, table)]
    return cells


def _unused(given: Mapping[str, str], words: set[str]) -> list[tuple[str, str]]:
    """Return each word that was given but stands nowhere, with the nearest of those that were not given."""
    from .. import _core

    others = sorted(words - given.keys())
    near = {word: _core.nearest_name(word, others) for word in given if word not in words}
    return [(word, other) for word, other in near.items() if other]


def _near_owners(settings: TableOptions) -> list[tuple[str, str]]:
    """Return owners whose name says no role and is nearly that of one whose name does."""
    from .. import _core

    names: dict[str, None] = {}
    for option, given in (("--owners", settings.owners), ("--reasons", settings.reasons)):
        for owner in given.values():
            parts = owner.split("+") if isinstance(owner, str) else owner
            for name in (part.strip() for part in parts):
                for other in names:
                    if other != name and other.casefold() == name.casefold():
                        raise InvalidValueError(option, name, f"{other}, as it is written elsewhere")
                names[name] = None
    known = [name for name in names if name.casefold() in ROLES or name in settings.roles]
    found = [(name, _core.nearest_name(name, known)) for name in names if name not in known]
    return [(name, other) for name, other in found if other]

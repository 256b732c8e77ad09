"""A funnel with its names in another language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..language import word

if TYPE_CHECKING:
    from .. import Funnel
    from ..table import Table


def in_language(funnel: Funnel, language: str, labels: Funnel | None = None) -> Funnel:
    """Return the funnel with the names that labels, its own or another's, give in a language; others stay."""
    if language == "en":
        return funnel
    from .. import Funnel

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

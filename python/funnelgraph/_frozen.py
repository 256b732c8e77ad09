"""Values and results that stay as they were made."""

from __future__ import annotations

from typing import Any, NoReturn

from .table import Table


class Frozen:
    """A value whose attributes are put once, when it is made; to set one is an AttributeError."""

    __slots__ = ()

    def _put(self, **attributes: Any) -> None:
        for name, value in attributes.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        kind = type(self).__name__
        article = "an" if kind[0] in "AEIOU" else "a"
        raise AttributeError(f"{article} {kind} is frozen: cannot set {name!r}")


class FrozenTables(Frozen):
    """A frozen result whose tables the core makes, each when it is first asked for."""

    __slots__ = ("_core", "_tables")

    _core: Any
    _tables: dict[str, Table]

    def _table(self, name: str, *arguments: object, title: str = "") -> Table:
        """Return the table that the core's function `name` gives; `arguments` are the same every time."""
        table = self._tables.get(name)
        if table is None:
            table = self._tables[name] = Table._of(getattr(self._core, name)(*arguments), title)
        return table

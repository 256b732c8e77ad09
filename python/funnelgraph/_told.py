"""Tables with something to say beside their columns."""

from __future__ import annotations

from typing import Any, Self

from . import _core
from ._core import Table as CoreTable
from .table import Table


class Told(Table):
    """A table with something to say beside its columns."""

    __slots__ = ("_about",)

    _about: dict[str, Any]

    @classmethod
    def _made(cls, core: CoreTable, title: str, **about: Any) -> Self:
        table = cls._of(core, title)
        object.__setattr__(table, "_about", about)
        return table

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.to_dict(), self._core.kinds, self._title, self._about)


def _restored(
    kind: type[Told], columns: dict[str, Any], kinds: tuple[str, ...], title: str, about: dict[str, Any]
) -> Told:
    return kind._made(_core.Table.from_columns(columns, kinds), title, **about)

"""The parts of a funnel as it was when they were asked for, and tables of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from . import _core
from ._core import Lag
from .enums import OutcomeKind, Role
from .number import Number
from .table import Row, Table

__all__ = [
    "Entry",
    "FunnelInfo",
    "Influence",
    "Lever",
    "Outcome",
    "Owner",
    "Parts",
    "Stage",
    "Transition",
]


class FunnelInfo(NamedTuple):
    """What is said of a funnel as a whole."""

    name: str
    currency: str
    period: str
    discount_rate: Number
    note: str
    labels: dict[str, str]


class _Part(Row):
    """A part of a funnel as it was when it was asked for: attributes, ``part["name"]``, ``dict(part)``."""

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()
    _alias: ClassVar[Mapping[str, str]] = {}

    def __getitem__(self, key: str | int) -> Any:
        if isinstance(key, str) and key not in self._columns:
            key = self._alias.get(key, key)
        return super().__getitem__(key)

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(self._alias.get(name, name))

    def __repr__(self) -> str:
        shown = [
            f"{self._alias.get(field, field)}={self[field]!r}"
            for field in self._fields
            if self[field] or isinstance(self[field], Lag)
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


class Owner(_Part):
    """An owner: `name`, `role`, `fixed_cost` per period, `labels` by language."""

    __slots__ = ()
    _fields = ("name", "role", "fixed_cost", "labels")
    _alias: ClassVar[Mapping[str, str]] = {"owner": "name"}

    name: str
    role: Role
    fixed_cost: Number
    labels: dict[str, str]


class Stage(_Part):
    """A stage: names and texts, and its numbers per visit."""

    __slots__ = ()
    _fields = (
        *("name", "owner", "involved", "unit", "definition", "accept_if", "labels"),
        *("cost", "value", "commission", "capacity", "drop_off"),
    )
    _alias: ClassVar[Mapping[str, str]] = {"stage": "name"}

    name: str
    owner: str | dict[str, float] | None
    involved: tuple[str, ...]
    unit: str
    definition: str
    accept_if: str
    labels: dict[str, str]
    cost: Number
    value: Number
    commission: Number
    capacity: Number | None
    drop_off: Number | None


class Outcome(_Part):
    """An outcome: how journeys end."""

    __slots__ = ()
    _fields = ("name", "kind", "owner", "value", "commission", "definition", "labels")
    _alias: ClassVar[Mapping[str, str]] = {"outcome": "name"}

    name: str
    kind: OutcomeKind
    owner: str | dict[str, float] | None
    value: Number
    commission: Number
    definition: str
    labels: dict[str, str]


class Transition(_Part):
    """A transition: ``t["from"]`` or ``t.source``, ``t["to"]`` or ``t.target``, its rate, lag and money."""

    __slots__ = ()
    _fields = ("from", "to", "rate", "lag", "cost", "value", "service_level", "observed")
    _alias: ClassVar[Mapping[str, str]] = {"source": "from", "target": "to"}

    source: str
    target: str
    rate: Number
    lag: Lag
    cost: Number
    value: Number
    service_level: Number | None
    observed: tuple[float, float, float] | None

    def __repr__(self) -> str:
        return super().__repr__().replace("(from=", "(source=", 1).replace(", to=", ", target=", 1)


class Entry(_Part):
    """An entry: who comes in at a stage, per period, through a channel."""

    __slots__ = ()
    _fields = ("stage", "volume", "cost", "channel", "owner")

    stage: str
    volume: Number
    cost: Number
    channel: str
    owner: str | dict[str, float] | None


class Lever(_Part):
    """A lever: a handle that bends the rates it has an influence on."""

    __slots__ = ()
    _fields = ("name", "owner", "value", "reference", "labels")
    _alias: ClassVar[Mapping[str, str]] = {"lever": "name"}

    name: str
    owner: str | dict[str, float] | None
    value: Number
    reference: float
    labels: dict[str, str]


class Influence(_Part):
    """An influence: the weight of a transition is multiplied by (value / reference) ** elasticity."""

    __slots__ = ()
    _fields = ("lever", "from", "to", "elasticity")
    _alias: ClassVar[Mapping[str, str]] = {"source": "from", "target": "to"}

    lever: str
    source: str
    target: str
    elasticity: Number


_FROM_TO = {"source": "from", "target": "to"}
_ENUMS: dict[str, type[Role | OutcomeKind]] = {"role": Role, "kind": OutcomeKind}

PartT = TypeVar("PartT", bound=_Part)


def part(kind: type[PartT], fields: Mapping[str, Any], more: Mapping[str, Any] | None = None) -> PartT:
    cells = {
        (_FROM_TO[name] if name in _FROM_TO and name not in kind._fields else name): (
            _ENUMS[name](value) if name in _ENUMS else value
        )
        for name, value in fields.items()
    }
    for name, value in (more or {}).items():
        cells.setdefault(name, value)
    return kind(cells.keys(), cells.values())


class Parts(Table, Generic[PartT]):
    """The parts of one kind: a table whose rows are the parts themselves, with all that they hold."""

    __slots__ = ("_kind", "_parts")

    _kind: type[PartT]
    _parts: list[dict[str, Any]]

    @classmethod
    def _made(cls, core: _core.Table, kind: type[PartT], parts: list[dict[str, Any]]) -> Parts[PartT]:
        table: Parts[PartT] = cls._of(core)
        object.__setattr__(table, "_kind", kind)
        object.__setattr__(table, "_parts", parts)
        return table

    def _like(self, core: _core.Table, _rows: Sequence[int] | None = None) -> Table:
        if _rows is None:
            return super()._like(core)
        return Parts._made(core, self._kind, [self._parts[row] for row in _rows])

    def _row_at(self, row: int) -> PartT:
        cells = dict(zip(self.columns, self._core.row(row), strict=True))
        return part(self._kind, self._parts[row], cells)

    def __iter__(self) -> Iterator[PartT]:
        return (self._row_at(row) for row in range(len(self)))

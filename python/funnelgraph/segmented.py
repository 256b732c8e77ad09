"""Funnels by segment."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, MutableMapping
from typing import Any

from . import _core
from .model import Funnel, core_of

__all__ = ["SegmentedFunnel"]


class SegmentedFunnel(MutableMapping[str, Funnel]):
    """Funnels by segment: city, channel, product line, class of enquirer.

    Works as a dictionary from segment names to funnels, in the order of the names. Funnels are copied on
    their way in, so that it is a value of its own; equality is by content, it is not hashable.

    Parameters
    ----------
    segments : mapping of str to Funnel

    Examples
    --------
    >>> import funnelgraph as fg
    >>> both = fg.SegmentedFunnel({"city B": fg.Funnel("b"), "city A": fg.Funnel("a")})
    >>> list(both), both["city A"].name
    (['city A', 'city B'], 'a')
    """

    __slots__ = ("_segments",)

    def __init__(self, segments: Mapping[str, Funnel] | None = None) -> None:
        self._segments: dict[str, Funnel] = {}
        for name, funnel in (segments or {}).items():
            self[name] = funnel

    def __getitem__(self, name: str) -> Funnel:
        try:
            return self._segments[_core.normalise_name(name)]
        except KeyError:
            pass
        from .errors import UnknownNameError

        raise UnknownNameError("segment", name, _core.nearest_name(name, list(self._segments)))

    def __setitem__(self, name: str, funnel: Funnel) -> None:
        core = core_of(funnel)
        self._segments[_core.normalise_name(name)] = type(funnel)._of(core.copy())
        self._segments = dict(sorted(self._segments.items()))

    def __delitem__(self, name: str) -> None:
        del self._segments[_core.normalise_name(self._name_of(name))]

    def _name_of(self, name: str) -> str:
        _ = self[name]
        return name

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _core.normalise_name(name) in self._segments

    def __iter__(self) -> Iterator[str]:
        return iter(self._segments)

    def __len__(self) -> int:
        return len(self._segments)

    def items(self) -> ItemsView[str, Funnel]:
        """Return pairs of segment name and funnel."""
        return self._segments.items()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SegmentedFunnel):
            return NotImplemented
        return self._segments == other._segments

    __hash__ = None  # type: ignore[assignment]

    def copy(self) -> SegmentedFunnel:
        """Return a copy, its funnels copied too."""
        return SegmentedFunnel(self._segments)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> SegmentedFunnel:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return SegmentedFunnel, (self._segments,)

    def to_json(self, *, indent: int = 2) -> str:
        """Return the segments as one JSON document, as :meth:`Funnel.to_json`."""
        return _core.segments_to_json({name: funnel._core for name, funnel in self.items()}, indent)

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str = "JSON") -> SegmentedFunnel:
        """Return the segments of a JSON document; parameters and errors as :meth:`Funnel.from_json`."""
        found = _core.segments_from_json(text, source)
        return cls({name: Funnel._of(core) for name, core in found.items()})

    def __repr__(self) -> str:
        return f"SegmentedFunnel({self._segments!r})"

"""Channel attribution: which channels the conversions of journeys are credited to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, SupportsFloat

from . import _core
from ._frozen import Frozen
from ._journey_paths import CodedPaths, count_paths, pieces_of
from .enums import Role
from .errors import InvalidValueError, UnknownNameError
from .table import Row, Table

if TYPE_CHECKING:
    from ._arguments import OwnerLike, TableLike
    from ._core import ChannelAttribution as Core

__all__ = ["ChannelAttribution", "CodedPaths", "attribute_channels"]


class ChannelAttribution(Frozen):
    """Credits of channels by one method or several, from the same journeys. Frozen.

    Made by :func:`attribute_channels`. `print` shows the header, the table and the notes.
    """

    __slots__ = ("_core",)

    _core: Core

    def __init__(self) -> None:
        raise TypeError("a ChannelAttribution is made by attribute_channels()")

    @classmethod
    def _of(cls, core: Core) -> ChannelAttribution:
        result = cls.__new__(cls)
        result._put(_core=core)
        return result

    @property
    def header(self) -> str:
        """What the numbers are, and what they are not."""
        return _core.ATTRIBUTION_HEADER

    @property
    def notes(self) -> list[str]:
        """What to know when reading the numbers."""
        return self._core.notes

    @property
    def conversions(self) -> int:
        """Journeys that converted."""
        return self._core.conversions

    @property
    def nulls(self) -> int:
        """Journeys that did not."""
        return self._core.nulls

    @property
    def value(self) -> float:
        """Value of all conversions; NaN without values."""
        return self._core.value

    @property
    def conversion_rate(self) -> float:
        """Conversions per journey."""
        return self._core.conversion_rate

    @property
    def channels(self) -> list[str]:
        """Channels by name."""
        return self._core.channels

    @property
    def table(self) -> Table:
        """One row a method and channel.

        Columns: method, channel, owner (where channels have one), touches (in all journeys), conversions and
        value credited, share of the conversions, removal_effect (Markov: share of conversions lost without
        the channel); with intervals also ``..._low`` and ``..._high`` of each.
        """
        return Table._of(self._core.credits(), "Channel attribution, not incremental")

    @property
    def owners(self) -> Table:
        """Credit by owner: of its channels, joint ones split by their shares.

        `removal_effect` is that of all its channels together. Empty unless Sales and another owner have
        touches; :attr:`notes` then says why.
        """
        return Table._of(self._core.owners(), "Credit by owner, not incremental")

    @property
    def transitions(self) -> Table:
        """The Markov chain: from, to, count, rate. States of a higher order are written as paths."""
        return Table._of(self._core.transitions(), "Transitions of journeys")

    def side_by_side(self, what: str = "conversions") -> Table:
        """Return a row a channel and a column a method.

        Parameters
        ----------
        what : {"conversions", "share", "value"}
        """
        known = ["conversions", "share", "value"]
        if what not in known:
            raise UnknownNameError("figure", what, _core.nearest_name(what, known))
        return Table._of(self._core.side_by_side(what), f"Credited {what} by method, not incremental")

    def credit(self, channel: str, method: str | None = None) -> Row:
        """Return the row of a channel; of the first method unless one is named.

        Raises
        ------
        UnknownNameError
            A channel or method that is not there, with the nearest.
        """
        table = self.table
        methods = list(dict.fromkeys(table["method"]))
        wanted = methods[0] if method is None else method
        if wanted not in methods:
            raise UnknownNameError("attribution method", wanted, _core.nearest_name(wanted, methods))
        name = _core.normalise_name(channel)
        for row in table:
            if row.method == wanted and row.channel == name:
                return row
        raise UnknownNameError("channel", channel, _core.nearest_name(name, self.channels))

    def __repr__(self) -> str:
        methods = ", ".join(dict.fromkeys(self.table["method"]))
        journeys = self.conversions + self.nulls
        return f"<ChannelAttribution of {journeys:,} journeys, {len(self.channels)} channels: {methods}>"

    def __str__(self) -> str:
        return "\n".join([self.header, str(self.table), *self.notes])

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"<p>{escape(self.header)}</p>{self.table._repr_html_()}<ul>{notes}</ul>"


def attribute_channels(
    paths: TableLike | CodedPaths | Sequence[str] | Iterator[TableLike],
    *,
    method: str | Iterable[str] = "markov",
    path: str | None = None,
    separator: str = " > ",
    conversions: str | None = None,
    nulls: str | None = None,
    value: str | None = None,
    journey: str | None = None,
    channel: str | None = None,
    time: str | None = None,
    converted: str | None = None,
    converted_per: str = "journey",
    owner: str | None = None,
    owners: Mapping[str, OwnerLike] | None = None,
    roles: Mapping[str, Role | str] | None = None,
    order: int = 1,
    half_life: SupportsFloat | timedelta | None = None,
    position: Sequence[float] = (0.4, 0.2, 0.4),
    bootstrap: int = 0,
    level: float = 0.95,
    seed: int = 0,
    threads: int | None = None,
) -> ChannelAttribution:
    """Credit the conversions of journeys to their channels, by one method or several.

    The journeys come as a table of paths, or, with `journey`, `channel` and `time`, as a table of touches.
    They are read once, into counts; the result is the same, bit for bit, at any thread count and in any order
    of rows.

    Parameters
    ----------
    paths : table, CodedPaths, sequence of paths, or iterator of tables
        A path is text ("search > mail > call") or a list of channels. Of a sequence of paths each is one
        conversion. Tables of an iterator are counted piece by piece and need not fit into memory together.
    method : str or iterable of str
        "markov", "shapley", "first", "last", "linear", "time_decay", "position"; several, or "all", stand
        side by side.
    path, conversions, nulls, value : str, optional
        Columns of a table of paths: journeys with and without conversion, and the money of all conversions of
        the row. Unless said they are looked for as "path", "conversions" or "total_conversions", "nulls" or
        "total_null" (none: no nulls), "value" or "total_conversion_value" (none: no values).
    separator : str
        Between two touches; blanks around it do not matter.
    journey, channel, time : str, optional
        Columns of a table of touches; `time` holds dates, or numbers of days. Rows at one time keep their
        order.
    converted : str, optional
        Column of conversions (flags or counts) of touches; without it every journey is one.
    converted_per : {"journey", "touch"}
        Whether `converted` and `value` are of the journey (its rows agree), or of what came right after a
        touch, where the path then ends and the next one begins.
    owner : str, optional
        Column with the owner of the channel.
    owners : mapping of str to str or shares, optional
        Owners by channel, over those of the column.
    roles : mapping of str to Role or str, optional
        Of owners; one called Marketing, Sales, Care, R&D, Company or Outside has that role unless said.
    order : int
        Of the Markov chain, 1 to 16: how many touches back it remembers.
    half_life : number or duration, optional
        Of time decay: days where touches have times (7 unless said), else touches (1 unless said).
    position : three numbers
        Weights of the first touch, all in the middle, and the last.
    bootstrap : int
        Samples for intervals: 0 for none, at least 100. Every journey counts a Poisson(1) number of times.
    level : float
        Of the intervals.
    seed : int
        The same seed gives the same bits.
    threads : int, optional
        None for as many as the machine has; the results are the same, to the bit.

    Returns
    -------
    ChannelAttribution

    Raises
    ------
    DataError
        With the row: an empty path, a touch without a name, conversions that are missing, negative or not
        whole, a value that is missing or without a conversion; no conversion at all; a separator that no path
        has while most have another.
    UnknownNameError
        A column or method that is not there, with the nearest.
    InvalidValueError
        An option outside its range.

    Notes
    -----
    Markov: removal effects (Anderl et al. 2016) in closed form, scaled to the total; no simulation. Shapley:
    the game whose worth of a set of channels is the conversions of the journeys that touch no other channel;
    its exact value is an equal share for each distinct channel of a journey, without a limit of channels.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> paths = {
    ...     "path": ["search > mail > call", "search", "mail > call"],
    ...     "conversions": [1, 0, 0],
    ...     "nulls": [0, 1, 1],
    ... }
    >>> result = fg.attribute_channels(paths, method=["markov", "last"])
    >>> print(result.side_by_side())
    Credited conversions by method, not incremental
    channel  markov  last
    ───────  ──────  ────
    call     0.4000     1
    mail     0.4000     0
    search   0.2000     0
    >>> round(result.credit("search").removal_effect, 12)
    0.5
    >>> result.notes
    ['The touches have no owners: credit between owners is not shown.']
    """
    options = {
        "methods": _methods(method),
        "order": _whole("order", order),
        "half_life": half_life,
        "position": _weights(position),
        "owners": dict(owners or {}),
        "roles": dict(roles or {}),
        "bootstrap": _whole("bootstrap", bootstrap),
        "level": float(level),
        "seed": _whole("seed", seed),
    }
    own_threads = _threads(threads)
    if journey is not None or channel is not None or time is not None:
        touches = {
            "journey": journey,
            "channel": channel,
            "time": time,
            "converted": converted,
            "value": value,
            "owner": owner,
            "converted_per": converted_per,
        }
        return _from_touches(paths, touches, options, own_threads)
    for name, given in (("converted", converted), ("owner", owner)):
        if given is not None:
            raise InvalidValueError(
                f"attribute_channels({name}=)",
                repr(given),
                "a table of touches, with journey=, channel=, time=",
            )
    counts = _core.JourneyCounts(options)
    columns = {"path": path, "conversions": conversions, "nulls": nulls, "value": value}
    rows = 0
    for piece in pieces_of(paths):
        rows += count_paths(counts, piece, columns, separator, rows + 1, own_threads)
    return ChannelAttribution._of(counts.attribution(own_threads))


def _whole(name: str, number: int) -> int:
    if isinstance(number, bool) or not hasattr(number, "__index__"):
        raise TypeError(f"attribute_channels({name}=) takes a whole number, not {type(number).__name__}")
    if not 0 <= number < 2**32 and not (name == "seed" and 0 <= number < 2**64):
        raise InvalidValueError(f"attribute_channels({name}=)", str(int(number)), "a whole number >= 0")
    return int(number)


def _threads(threads: int | None) -> int:
    if threads is None:
        return 0
    if not 1 <= _whole("threads", threads) <= 1024:
        raise InvalidValueError("attribute_channels(threads=)", str(threads), "1 to 1024, or None for all")
    return int(threads)


def _methods(method: str | Iterable[str]) -> list[str]:
    if isinstance(method, str):
        return list(_core.ATTRIBUTION_METHODS) if method == "all" else [method]
    return list(method)


def _weights(position: Sequence[float]) -> list[float]:
    weights = [float(weight) for weight in position]
    if len(weights) != 3:
        raise InvalidValueError(
            "attribute_channels(position=)", f"{len(weights)} weights", "three: first, middle, last"
        )
    return weights


def _from_touches(
    table: Any, touches: Mapping[str, str | None], options: Mapping[str, Any], threads: int
) -> ChannelAttribution:
    from .frames import Source

    for what in ("journey", "channel", "time"):
        if touches[what] is None:
            raise InvalidValueError(
                f"attribute_channels({what}=)", "nothing", "the name of a column: touches need all three"
            )
    source = Source(table)
    wanted: dict[str, str] = {}
    kinds = {"journey": "labels", "channel": "labels", "time": "moments", "owner": "labels"}
    for what in ("journey", "channel", "time", "converted", "value", "owner"):
        name = touches[what]
        if name is not None:
            wanted.setdefault(name, kinds.get(what, "numbers"))
    core = _core.attribute_touches(source.rows, source.columns(wanted), dict(touches), dict(options), threads)
    return ChannelAttribution._of(core)

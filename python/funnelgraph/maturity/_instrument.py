"""Statements, scale and bands: what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import _core
from .._frozen import Frozen
from ..errors import UnknownNameError
from ..language import check_language
from ..table import Table

if TYPE_CHECKING:
    from .._core import MaturityInstrument as CoreInstrument


class Item(NamedTuple):
    """One statement.

    Attributes
    ----------
    id : str
        The column of its answers.
    topic, text : str
        In the instrument's language.
    aspect : str
        "structure" (how things are set up) or "behaviour" (what people do).
    touches : tuple of str
        Kinds of numbers or parts of a funnel that it is about.
    reversed : bool
        Agreeing speaks against maturity.
    weight : float
    """

    id: str
    topic: str
    text: str
    aspect: str
    touches: tuple[str, ...]
    reversed: bool
    weight: float


class Band(NamedTuple):
    """A range of the score from `low` up to but without the next band's `low`."""

    id: str
    name: str
    description: str
    low: float


class Instrument(Frozen):
    """Statements, scale and bands, shown in one language. Made by :func:`instrument`. Frozen."""

    __slots__ = ("_core", "_language")

    _core: CoreInstrument
    _language: str

    def __init__(self, core: CoreInstrument, *, language: str = "en") -> None:
        known = core.languages
        if known and language not in known:
            raise UnknownNameError("language", language, _core.nearest_name(language, known))
        self._put(_core=core, _language=language)

    @classmethod
    def from_json(cls, text: str, *, language: str = "en", source: str = "JSON") -> Instrument:
        """Read an own instrument.

        Parameters
        ----------
        text : str
        language : {"en", "vi"} or another of the document's
            It is shown in.
        source : str
            What errors call the document: a file name.

        Returns
        -------
        Instrument

        Raises
        ------
        DataError
            The form is wrong, with line and path; or the content, with the number of the statement or band
            and the field. :meth:`problems` of an instrument has all of them at once.
        """
        return cls(_core.instrument_from_json(text, source), language=language)

    def to_json(self, *, indent: int = 2) -> str:
        """Return the instrument in all its languages, to edit and read back.

        Parameters
        ----------
        indent : int
            Spaces a level; 0 is all on one line.
        """
        return self._core.to_json(indent)

    @property
    def name(self) -> str:
        """Its name."""
        return self._core.name

    @property
    def language(self) -> str:
        """The language that it is shown in."""
        return self._language

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every statement is written."""
        return tuple(self._core.languages)

    @property
    def scale(self) -> tuple[int, int]:
        """Lowest and highest answer."""
        return self._core.lowest, self._core.highest

    @property
    def items(self) -> tuple[Item, ...]:
        """The statements, in order."""
        return tuple(Item(*row) for row in self._core.statements(self._language))

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands, in order."""
        return tuple(Band(*row) for row in self._core.bands(self._language))

    def band_of(self, score: float) -> str:
        """Return the id of the band of a score; 39.99 is still below a band that starts at 40.

        Parameters
        ----------
        score : float
            20 to 100.

        Returns
        -------
        str

        Raises
        ------
        InvalidValueError
            It is outside that range, or NaN.
        """
        return self._core.band_of(score)

    @property
    def problems(self) -> Table:
        """Everything that is wrong with it, at once. Columns: row, column, code, why."""
        return Table._of(self._core.problems())

    def to_html(self) -> str:
        """Return a page to print and fill in."""
        return self._core.to_html(self._language)

    def to_csv(self) -> str:
        """Return the first line of the table of answers."""
        return self._core.to_csv()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Instrument):
            return NotImplemented
        return bool(self._core == other._core) and self._language == other._language

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Instrument({self.name!r}, language={self._language!r}, items={len(self)})"


def instrument(*, language: str = "en") -> Instrument:
    """Return the project's own instrument: 20 statements from 1 to 5, in English or Vietnamese.

    Parameters
    ----------
    language : {"en", "vi"}

    Returns
    -------
    Instrument

    Examples
    --------
    >>> import funnelgraph as fg
    >>> inst = fg.maturity.instrument(language="en")
    >>> len(inst.items), inst.items[1].topic
    (20, 'no blame')
    >>> inst.band_of(39.99), inst.band_of(40)
    ('undefined', 'defined')
    """
    return Instrument(_core.standard_instrument(), language=check_language(language))

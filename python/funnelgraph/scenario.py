"""Scenarios: the question "what if" as a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Self

from . import _core
from ._arguments import DurationLike, NumberLike, OwnerLike
from ._core import Funnel as CoreFunnel
from ._core import Parameter
from ._core import Scenario as CoreScenario
from ._scenario_code import code_of
from .model import Funnel, core_of
from .number import Number

__all__ = ["Change", "Scenario"]


class Change(NamedTuple):
    """One change of a scenario, to be read.

    Attributes
    ----------
    change : str
        "set", "scale", "shift", "scale_odds", "add", "remove", "replace", "set_owner" or "replace_info".
    text : str
        The change as a sentence.
    scenario : str
        The scenario that it was written in.
    parameter, value : Parameter and Number, or None
        Of a change of a number.
    take_from : str or None
        Of a rate: "leak", "siblings", "drop_off" or a target; None is nobody.
    clip : bool
        Whether it takes what is possible at a bound.
    part, names : str and tuple of str
        Of a change of structure: the kind of part, and the names that it goes by.
    start, end : float or None
        Days in force.
    """

    change: str
    text: str
    scenario: str
    parameter: Parameter | None = None
    value: Number | None = None
    take_from: str | None = None
    clip: bool = False
    part: str = ""
    names: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None

    def __str__(self) -> str:
        return self.text


class Scenario:
    """A named set of changes. Immutable: every method returns a new scenario.

    All numbers start from the base, so their order does not matter; changes of structure happen in their
    order, before the numbers. ``a | b`` is both together and raises :class:`ConflictError`, naming both,
    where they change one number or part (a group and its leaf included); so does a change of what a scenario
    changes already. Whether the names exist is known when the scenario is applied.

    Parameters
    ----------
    name : str
    description : str

    Examples
    --------
    >>> import funnelgraph as fg
    >>> quick = fg.Scenario("Call within a day").scale_odds(fg.rate("enquiry", "order"), 1.3)
    >>> advert = fg.Scenario("More advertising").scale(fg.volume("reached", channel="facebook"), 1.2)
    >>> (quick | advert).name
    'Call within a day + More advertising'
    >>> quick
    Scenario('Call within a day').scale_odds(rate('enquiry', 'order'), 1.3)
    """

    __slots__ = ("_core",)

    _core: CoreScenario

    def __init__(self, name: str = "", *, description: str = "") -> None:
        self._core = _core.Scenario(name, description)

    @classmethod
    def _of(cls, core: CoreScenario) -> Self:
        scenario = cls.__new__(cls)
        scenario._core = core
        return scenario

    @property
    def name(self) -> str:
        """Its name."""
        return self._core.name

    @property
    def description(self) -> str:
        """What it is about."""
        return self._core.description

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, in their order."""
        known = set(Change._fields)
        return tuple(
            Change(**{name: value for name, value in fields.items() if name in known})
            for fields in self._core.change_list()
        )

    # ---- numbers -------------------------------------------------------------------------------

    def set(
        self,
        parameter: Parameter,
        value: NumberLike | DurationLike,
        *,
        take_from: str | None = "leak",
        clip: bool = False,
        start: DurationLike | None = None,
        end: DurationLike | None = None,
    ) -> Self:
        """Set a number.

        Parameters
        ----------
        parameter : Parameter
            A group (the volume of a stage over its channels) moves its leaves in proportion; a lag's mean
            keeps the coefficient of variation.
        value : number, or duration
            NaN takes a capacity or a service level away and makes a lag unknown.
        take_from : str or None
            Of a rate: "leak" (drop-off, lost and silent, in proportion), "siblings" (every other exit),
            "drop_off", one target, or None (nobody: the rest of the row stays). A drop-off takes from its
            siblings.
        clip : bool
            At a bound, take what is possible and say so in a note, instead of an error.
        start, end : days, or duration
            When it is in force; both ends are open where not given.

        Returns
        -------
        Scenario

        Raises
        ------
        ConflictError
            The scenario changes it already.
        InvalidValueError
            No funnel could take it.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_stage("enquiry")
        >>> shop.add_outcome("order", kind="won")
        >>> shop.add_transition("enquiry", "order", rate=0.35)
        >>> shop.apply(fg.Scenario("Half").set(fg.rate("enquiry", "order"), 0.5)).get(fg.drop_off("enquiry"))
        0.5
        """
        return self._number("set", parameter, value, take_from, clip, start, end)

    def scale(
        self,
        parameter: Parameter,
        factor: NumberLike,
        *,
        take_from: str | None = "leak",
        clip: bool = False,
        start: DurationLike | None = None,
        end: DurationLike | None = None,
    ) -> Self:
        """Multiply a number; options and errors as in :meth:`set`."""
        return self._number("scale", parameter, factor, take_from, clip, start, end)

    def shift(
        self,
        parameter: Parameter,
        by: NumberLike | DurationLike,
        *,
        take_from: str | None = "leak",
        clip: bool = False,
        start: DurationLike | None = None,
        end: DurationLike | None = None,
    ) -> Self:
        """Add to a number; options and errors as in :meth:`set`."""
        return self._number("shift", parameter, by, take_from, clip, start, end)

    def scale_odds(
        self,
        parameter: Parameter,
        factor: NumberLike,
        *,
        take_from: str | None = "leak",
        clip: bool = False,
        start: DurationLike | None = None,
        end: DurationLike | None = None,
    ) -> Self:
        """Multiply the odds of a rate, a drop-off or a commission against what it takes from.

        Possible for every factor > 0; options and errors as in :meth:`set`. With p the rate and x what its
        donors hold, p' = (p + x) k p / (k p + x).
        """
        return self._number("scale_odds", parameter, factor, take_from, clip, start, end)

    def _number(
        self,
        kind: str,
        parameter: Parameter,
        value: Any,
        take_from: str | None,
        clip: bool,
        start: Any,
        end: Any,
    ) -> Self:
        return self._of(self._core.number(kind, parameter, value, take_from, clip, start, end))

    # ---- structure -----------------------------------------------------------------------------

    def add_owner(self, name: str, **fields: Any) -> Self:
        """Add an owner, with the fields of :meth:`Funnel.add_owner`."""
        return self._add("owner", (name,), fields)

    def add_stage(self, name: str, **fields: Any) -> Self:
        """Add a stage, with the fields of :meth:`Funnel.add_stage`."""
        return self._add("stage", (name,), fields)

    def add_outcome(self, name: str, **fields: Any) -> Self:
        """Add an outcome, with the fields of :meth:`Funnel.add_outcome`."""
        return self._add("outcome", (name,), fields)

    def add_transition(
        self, source: str, target: str, *, take_from: str | None = "leak", **fields: Any
    ) -> Self:
        """Add a transition, with the fields of :meth:`Funnel.add_transition`.

        From a stage that was there before, its rate is taken from the leak or `take_from`, as in :meth:`set`;
        from a stage that this scenario adds it is as given.
        """
        return self._add("transition", (source, target), fields, take_from)

    def add_entry(self, stage: str, **fields: Any) -> Self:
        """Add entrants, with the fields of :meth:`Funnel.add_entry`."""
        return self._add("entry", (stage,), fields)

    def add_lever(self, name: str, **fields: Any) -> Self:
        """Add a lever, with the fields of :meth:`Funnel.add_lever`."""
        return self._add("lever", (name,), fields)

    def add_influence(self, lever: str, source: str, target: str, *, elasticity: NumberLike) -> Self:
        """Let a lever bend a rate."""
        return self._add("influence", (lever, source, target), {"elasticity": elasticity})

    def add_view(self, name: str, **fields: Any) -> Self:
        """Add a view, with the fields of :meth:`Funnel.add_view`."""
        return self._add("view", (name,), fields)

    def remove_owner(self, name: str) -> Self:
        """Remove an owner."""
        return self._remove("owner", name)

    def remove_stage(self, name: str) -> Self:
        """Remove a stage with its entries, transitions and influences; rates to it go to the drop-off."""
        return self._remove("stage", name)

    def remove_outcome(self, name: str) -> Self:
        """Remove an outcome with the transitions to it; their rates go to the drop-off."""
        return self._remove("outcome", name)

    def remove_transition(self, source: str, target: str) -> Self:
        """Remove a transition; its rate goes to the drop-off."""
        return self._remove("transition", source, target)

    def remove_entry(self, stage: str, *, channel: str = "") -> Self:
        """Remove the entry of a stage from a channel."""
        return self._remove("entry", stage, channel)

    def remove_lever(self, name: str) -> Self:
        """Remove a lever with its influences."""
        return self._remove("lever", name)

    def remove_influence(self, lever: str, source: str, target: str) -> Self:
        """Remove an influence."""
        return self._remove("influence", lever, source, target)

    def remove_view(self, name: str) -> Self:
        """Remove a view."""
        return self._remove("view", name)

    def replace(self, part: str, *names: str, **fields: Any) -> Self:
        """Make a part exactly what is given, or take it away; nothing else of the funnel is touched.

        Parameters
        ----------
        part : str
            "owner", "stage", "outcome", "transition", "entry", "lever", "influence" or "view".
        *names : str
            What it goes by: its name; source and target; stage and channel; lever, source and target.
        **fields
            As the funnel's `add` function for that part takes them; without any the part is gone.

        Returns
        -------
        Scenario

        Raises
        ------
        UnknownNameError
            There is no such kind of part; with the nearest.
        InvalidValueError
            Too few names, or too many.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> fg.Scenario("Dearer").replace("stage", "order", value=60, cost=4)
        Scenario('Dearer').replace('stage', 'order', cost=4.0, value=60.0)
        """
        given = fields and self._holder(part, names, fields)
        return self._of(self._core.replace(part, list(names), given or _core.Funnel("", "", "", 0, "", None)))

    def replace_info(self, name: str = "", **fields: Any) -> Self:
        """Set what is said of the funnel as a whole: its name, and the fields of :class:`Funnel`."""
        return self._of(self._core.replace_info(Funnel(name, **fields)._core))

    def set_owner(self, stage_or_outcome: str, owner: OwnerLike | None) -> Self:
        """Set who owns a stage or an outcome; None is nobody."""
        return self._of(self._core.set_owner(stage_or_outcome, owner))

    @staticmethod
    def _holder(part: str, names: tuple[str, ...], fields: dict[str, Any]) -> CoreFunnel:
        holder = Funnel()
        if part == "entry":
            names, channel = names[:1], names[1:]
            fields = {**fields, **({"channel": channel[0]} if channel else {})}
        getattr(holder, f"add_{part}")(*names, **fields)
        return holder._core

    def _add(
        self, part: str, names: tuple[str, ...], fields: dict[str, Any], take_from: str | None = "leak"
    ) -> Self:
        return self._of(self._core.add(part, self._holder(part, names, fields), take_from))

    def _remove(self, part: str, *names: str) -> Self:
        return self._of(self._core.remove(part, list(names)))

    # ---- the whole -----------------------------------------------------------------------------

    def during(self, start: DurationLike | None = None, end: DurationLike | None = None) -> Self:
        """Return the same changes in force from `start` until before `end`, in days.

        `apply(at=)` picks those of one day; without it all of them count, whatever their dates.

        Parameters
        ----------
        start, end : days, or duration, optional

        Returns
        -------
        Scenario

        Raises
        ------
        InvalidValueError
            The end is not after the start.
        """
        return self._of(self._core.during(start, end))

    def named(self, name: str) -> Self:
        """Return the same changes under another name."""
        return self._of(self._core.named(name))

    def described(self, description: str) -> Self:
        """Return the same changes with another description."""
        return self._of(self._core.described(description))

    def inverse(self, funnel: Funnel) -> Self:
        """Return what undoes it on a funnel, exactly.

        Parameters
        ----------
        funnel : Funnel
            As it is before the scenario.

        Returns
        -------
        Scenario

        Raises
        ------
        ImpossibleChangeError, ConflictError, UnknownNameError, InvalidValueError
            As :func:`apply`.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> base = fg.reference.online_shop()
        >>> wider = fg.Scenario("Twice").scale(fg.volume(base.entries()[0].stage), 2)
        >>> base.apply(wider).apply(wider.inverse(base)) == base
        True
        """
        return self._of(self._core.inverse(core_of(funnel)))

    def __or__(self, other: Scenario) -> Self:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self._of(self._core | other._core)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self._core == other._core

    def __hash__(self) -> int:
        return hash(self._core)

    def __len__(self) -> int:
        return self._core.count()

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_json, (type(self), self.to_json(indent=0))

    def to_json(self, *, indent: int = 2) -> str:
        """Return the scenario as JSON, as :meth:`Funnel.to_json`; numbers read back to the same double."""
        return _core.scenario_to_json(self._core, indent)

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str = "JSON") -> Self:
        """Return the scenario of a JSON document; parameters and errors as :meth:`Funnel.from_json`."""
        return cls._of(_core.scenario_from_json(text, source))

    def __repr__(self) -> str:
        calls = [(fields["scenario"], code_of(fields)) for fields in self._core.change_list()]
        parts: list[tuple[str, str]] = [] if calls else [(self.name, "")]
        for origin, call in calls:
            if call is None:
                parts = []
                break
            if parts and parts[-1][0] == origin:
                parts[-1] = (origin, parts[-1][1] + call)
            else:
                parts.append((origin, call))
        about = f", description={self.description!r}" if self.description else ""
        joined = " + ".join(origin for origin, _ in parts)
        if not parts or joined != self.name or (about and len(parts) > 1):
            return f"Scenario.from_json({self.to_json(indent=0)!r})"
        return " | ".join(f"Scenario({origin!r}{about}){code}" for origin, code in parts)

    def __str__(self) -> str:
        lines = [self.name, *([self.description] if self.description else [])]
        return "\n".join([*lines, *(f"  {change.text}" for change in self)])

    def _repr_html_(self) -> str:
        from html import escape

        items = "".join(f"<li>{escape(change.text)}</li>" for change in self)
        about = f"<p>{escape(self.description)}</p>" if self.description else ""
        return f"<p><strong>{escape(self.name)}</strong></p>{about}<ul>{items}</ul>"


def _from_json(kind: type[Scenario], text: str) -> Scenario:
    return kind.from_json(text)


def core_of_scenario(scenario: Scenario) -> CoreScenario:
    """Return what the core computes with, or a TypeError that says what is allowed."""
    if not isinstance(scenario, Scenario):
        raise TypeError(f"expected a Scenario, not {type(scenario).__name__}")
    return scenario._core

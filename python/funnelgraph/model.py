"""Funnels: stages, outcomes, transitions, owners, entries and levers, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from . import _core
from ._arguments import DurationLike, Labels, LagLike, NumberLike, OwnerLike
from ._core import Funnel as CoreFunnel
from ._core import Parameter
from ._extras import needed
from .enums import OutcomeKind, Role
from .errors import Issue, issue_from
from .number import Number
from .parts import (
    Entry,
    FunnelInfo,
    Influence,
    Lever,
    Outcome,
    Owner,
    Parts,
    Stage,
    Transition,
    part,
)
from .table import Table

if TYPE_CHECKING:
    import networkx as nx

    from ._core import Metric
    from .analysis import Analysis
    from .scenario import Scenario

__all__ = ["Funnel", "validate"]


class Funnel:
    """A funnel: one directed graph of stages with rates, times, money and owners.

    A value: copy it, change it, compare it by content; it is not hashable. Parts refer to each other by name
    and can be added in any order: :meth:`validate` lists everything that does not fit together. To update,
    rename or remove what is not there is an :class:`UnknownNameError` with the nearest name.

    Parameters
    ----------
    name : str, or Funnel
        Its name; a funnel is copied.
    currency : str
        Label of all money, as "VND".
    period : str
        What one unit of volume and capacity covers, as "week".
    discount_rate : float
        Effective per 365 days, > -1.
    note : str
        Where its shape or its numbers come from.
    labels : mapping of str to str
        Its name by language code.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Sandal shop", currency="VND", period="week")
    >>> shop.add_owner("Sales", role="sales")
    >>> shop.add_stage("enquiry", owner="Sales", cost=5_000)
    >>> shop.add_outcome("customer", kind="won", value=2_000_000)
    >>> shop.add_transition("enquiry", "customer", rate=fg.measured(0.25, n=400), lag=2)
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> shop.analyze().count("customer")
    250.0
    """

    __slots__ = ("_core",)

    _core: CoreFunnel

    def __init__(
        self,
        name: str | Funnel = "",
        *,
        currency: str = "",
        period: str = "period",
        discount_rate: NumberLike = 0,
        note: str = "",
        labels: Labels | None = None,
    ) -> None:
        if isinstance(name, Funnel):
            if currency or period != "period" or discount_rate != 0 or note or labels:
                raise TypeError("Funnel(funnel) copies it as it is: set what shall differ on the copy")
            self._core = name._core.copy()
        else:
            self._core = _core.Funnel(name, currency, period, discount_rate, note, labels)

    @classmethod
    def _of(cls, core: CoreFunnel) -> Self:
        """Present a funnel that the core made."""
        funnel = cls.__new__(cls)
        funnel._core = core
        return funnel

    # ---- what it is called ---------------------------------------------------------------------

    @property
    def info(self) -> FunnelInfo:
        """All that is said of it as a whole."""
        return FunnelInfo(self.name, self.currency, self.period, self.discount_rate, self.note, self.labels)

    @property
    def name(self) -> str:
        """Its name."""
        return self._core.name

    @name.setter
    def name(self, name: str) -> None:
        self._core.name = name

    @property
    def currency(self) -> str:
        """Label of all money."""
        return self._core.currency

    @currency.setter
    def currency(self, currency: str) -> None:
        self._core.currency = currency

    @property
    def period(self) -> str:
        """What one unit of volume and capacity covers."""
        return self._core.period

    @period.setter
    def period(self, period: str) -> None:
        self._core.period = period

    @property
    def discount_rate(self) -> Number:
        """Effective per 365 days."""
        return self._core.discount_rate

    @discount_rate.setter
    def discount_rate(self, rate: NumberLike) -> None:
        self._core.discount_rate = rate

    @property
    def note(self) -> str:
        """Where its shape or its numbers come from."""
        return self._core.note

    @note.setter
    def note(self, note: str) -> None:
        self._core.note = note

    @property
    def labels(self) -> dict[str, str]:
        """Its name by language code; a copy, to be set as a whole."""
        return self._core.labels

    @labels.setter
    def labels(self, labels: Labels) -> None:
        self._core.labels = labels

    # ---- adding --------------------------------------------------------------------------------

    def add_owner(
        self,
        name: str,
        *,
        role: Role | str = Role.OTHER,
        fixed_cost: NumberLike = 0,
        labels: Labels | None = None,
    ) -> None:
        """Add an owner.

        "Company" and "Outside" are always there: a stage, outcome, entry or lever that names one brings it,
        with its role. Adding it says the rest.

        Parameters
        ----------
        name : str
        role : Role or str
            "marketing", "sales", "care", "r_and_d", "company", "outside" or "other".
        fixed_cost : number
            Money per period, >= 0.
        labels : mapping of str to str
            Its name by language code.

        Raises
        ------
        UnknownNameError
            There is no such role; with the nearest one.
        """
        self._core.add_owner(name, role, fixed_cost, labels)

    def add_stage(
        self,
        name: str,
        *,
        owner: OwnerLike | None = None,
        involved: str | Iterable[str] = (),
        unit: str = "",
        definition: str = "",
        accept_if: str = "",
        labels: Labels | None = None,
        cost: NumberLike = 0,
        value: NumberLike = 0,
        commission: NumberLike = 0,
        capacity: NumberLike | None = None,
        drop_off: NumberLike | None = None,
    ) -> None:
        """Add a stage.

        Parameters
        ----------
        name : str
        owner : str, or mapping of str to float
            Who answers for its numbers; shares sum to 1.
        involved : str or iterable of str
            Owners that help without owning it.
        unit : str
            What is counted here ("people", "deals"); empty: as in the stage before.
        definition, accept_if : str
            When a journey is in this stage, and what the receiver accepts.
        labels : mapping of str to str
            Its name by language code.
        cost, value : number
            Money per visit, at arrival.
        commission : number
            Cost as a share of the value, in [0, 1].
        capacity : number, optional
            Visits per period; unlimited unless given.
        drop_off : number, optional
            Exact drop-off, in [0, 1]; what is missing from the rates unless given.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_stage("enquiry", owner={"Marketing": 0.5, "Sales": 0.5}, cost=fg.between(4_000, 6_000))
        >>> shop.stage("enquiry").cost
        between(4000, 6000)
        """
        self._core.add_stage(
            *(name, owner, involved, unit, definition, accept_if),
            *(labels, cost, value, commission, capacity, drop_off),
        )

    def add_outcome(
        self,
        name: str,
        *,
        kind: OutcomeKind | str = OutcomeKind.LOST,
        owner: OwnerLike | None = None,
        value: NumberLike = 0,
        commission: NumberLike = 0,
        definition: str = "",
        labels: Labels | None = None,
    ) -> None:
        """Add an outcome.

        Parameters
        ----------
        name : str
        kind : OutcomeKind or str
            "won", "lost", "screened" (rightly sent away) or "silent" (no answer).
        owner : str, or mapping of str to float
            Who the value goes to; nobody unless given.
        value : number
            Money per journey that ends here.
        commission : number
            Cost as a share of the value, in [0, 1].
        definition : str
        labels : mapping of str to str
            Its name by language code.

        Raises
        ------
        UnknownNameError
            There is no such kind; with the nearest one.
        """
        self._core.add_outcome(name, kind, owner, value, commission, definition, labels)

    def add_transition(
        self,
        source: str,
        target: str,
        *,
        rate: NumberLike,
        lag: LagLike | None = None,
        cost: NumberLike = 0,
        value: NumberLike = 0,
        service_level: DurationLike | None = None,
        observed: tuple[float, float, float] | None = None,
    ) -> None:
        """Add a transition; there is one for each pair.

        Parameters
        ----------
        source, target : str
            From a stage to a stage or an outcome.
        rate : number
            Probability per visit of `source`, in [0, 1].
        lag : Lag, number of days, or duration
            A number or a duration is always the same; left out it is unknown.
        cost, value : number
            Money per passage; the cost at departure, the value at arrival.
        service_level : number of days, or duration
            Within which it should happen.
        observed : (count, entered, open)
            What a fit counted; cleared when the rate is changed.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> from datetime import timedelta
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_transition(
        ...     "enquiry", "order", rate=fg.estimated(0.35, by="Sales"),
        ...     lag=fg.Lag.gamma(mean=2, sd=1.5), service_level=timedelta(hours=24))
        >>> shop.get(fg.service_level("enquiry", "order"))
        1.0
        """
        self._core.add_transition(source, target, rate, lag, cost, value, service_level, observed)

    def add_entry(
        self,
        stage: str,
        *,
        volume: NumberLike,
        cost: NumberLike = 0,
        channel: str = "",
        owner: OwnerLike | None = None,
    ) -> None:
        """Add entrants of a stage.

        Parameters
        ----------
        stage : str
        volume : number
            Entrants per period, >= 0.
        cost : number
            Money per entrant, >= 0.
        channel : str
        owner : str, or mapping of str to float
            Who bears the cost; the stage's owners unless given.
        """
        self._core.add_entry(stage, volume, cost, channel, owner)

    def add_lever(
        self,
        name: str,
        *,
        owner: OwnerLike | None = None,
        value: NumberLike = 1.0,
        reference: float = 1.0,
        labels: Labels | None = None,
    ) -> None:
        """Add a lever: a handle that bends the rates it has an influence on.

        Parameters
        ----------
        name : str
        owner : str, or mapping of str to float
        value, reference : number
            Both > 0; at its reference the lever changes nothing.
        labels : mapping of str to str
        """
        self._core.add_lever(name, owner, value, reference, labels)

    def add_influence(self, lever: str, source: str, target: str, *, elasticity: NumberLike) -> None:
        """Let a lever bend a rate: its weight is multiplied by (value / reference) ** elasticity.

        Parameters
        ----------
        lever : str
        source, target : str
            Of the transition.
        elasticity : number
            Of any sign.
        """
        self._core.add_influence(lever, source, target, elasticity)

    def add_view(self, name: str, *, stages: Mapping[str, str]) -> None:
        """Add the same funnel seen from another side: `stages` maps each stage to its name there."""
        self._core.add_view(name, stages)

    # ---- reading -------------------------------------------------------------------------------

    def owners(self) -> Parts[Owner]:
        """Return the owners: a table whose rows are :class:`Owner`."""
        return Parts._made(self._core.owners_table(), Owner, self._core.owner_list())

    def stages(self) -> Parts[Stage]:
        """Return the stages: a table whose rows are :class:`Stage`.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> funnel = fg.reference.demand_waterfall()
        >>> funnel.stages()["stage"][:2].tolist() == [stage.name for stage in funnel.stages()][:2]
        True
        """
        return Parts._made(self._core.stages_table(), Stage, self._core.stage_list())

    def outcomes(self) -> Parts[Outcome]:
        """Return the outcomes: a table whose rows are :class:`Outcome`."""
        return Parts._made(self._core.outcomes_table(), Outcome, self._core.outcome_list())

    def transitions(self, source: str | None = None, target: str | None = None) -> Parts[Transition]:
        """Return the transitions, all or of one source or target: a table of :class:`Transition`.

        Raises
        ------
        UnknownNameError
            There is no such stage or outcome; with the nearest.
        """
        parts = self._core.transition_list(source, target)
        return Parts._made(self._core.transitions_table(source, target), Transition, parts)

    def entries(self) -> Parts[Entry]:
        """Return the entries: a table whose rows are :class:`Entry`."""
        return Parts._made(self._core.entries_table(), Entry, self._core.entry_list())

    def levers(self) -> Parts[Lever]:
        """Return the levers: a table whose rows are :class:`Lever`."""
        return Parts._made(self._core.levers_table(), Lever, self._core.lever_list())

    def influences(self) -> Parts[Influence]:
        """Return the influences of levers: a table whose rows are :class:`Influence`."""
        return Parts._made(self._core.influences_table(), Influence, self._core.influence_list())

    def views(self) -> dict[str, dict[str, str]]:
        """Return the views: names of stages by view."""
        return self._core.view_dict()

    def owner(self, name: str) -> Owner:
        """Return an owner; UnknownNameError with the nearest."""
        return part(Owner, self._core.owner(name))

    def stage(self, name: str) -> Stage:
        """Return a stage; UnknownNameError with the nearest.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_stage("order", owner="Sales", value=2_000_000)
        >>> shop.stage("order")
        Stage(name='order', owner='Sales', value=2000000.0)
        """
        return part(Stage, self._core.stage(name))

    def outcome(self, name: str) -> Outcome:
        """Return an outcome; UnknownNameError with the nearest."""
        return part(Outcome, self._core.outcome(name))

    def lever(self, name: str) -> Lever:
        """Return a lever; UnknownNameError with the nearest."""
        return part(Lever, self._core.lever(name))

    def transition(self, source: str, target: str) -> Transition:
        """Return a transition; UnknownNameError with the nearest."""
        return part(Transition, self._core.transition(source, target))

    def relabel(self, view: str) -> Funnel:
        """Return the funnel with its stages named as in a view: the buyer's words for the seller's funnel.

        In the result the view maps back.

        Raises
        ------
        UnknownNameError
            There is no such view; with the nearest.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_stage("enquiry")
        >>> shop.add_view("buyer", stages={"enquiry": "I ask"})
        >>> shop.relabel("buyer").stages()[0].name
        'I ask'
        """
        return Funnel._of(self._core.relabel(view))

    # ---- numbers -------------------------------------------------------------------------------

    def get(self, parameter: Parameter) -> float:
        """Return the number at an address.

        The base rate, before levers; what is missing from the row for a drop-off that was not given; the sum
        of a volume group; the volume-weighted mean of an entry-cost group; NaN for what is unknown or not
        set.

        Parameters
        ----------
        parameter : Parameter

        Returns
        -------
        float
            Lags and service levels in days.

        Raises
        ------
        UnknownNameError
            With the nearest name.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_transition("enquiry", "order", rate=0.35)
        >>> shop.set(fg.rate("enquiry", "order"), fg.measured(0.4, n=50))
        >>> shop.get(fg.rate("enquiry", "order")), shop.get_number(fg.rate("enquiry", "order"))
        (0.4, measured(0.4, n=50))
        """
        return self._core.get(parameter)

    def get_number(self, parameter: Parameter) -> Number:
        """Return the number at an address with its source; errors as :meth:`get`."""
        return self._core.get_number(parameter)

    def set(self, parameter: Parameter, value: NumberLike | DurationLike) -> None:
        """Set the number at an address, and nothing else of its row.

        A group scales its leaves in proportion; a lag's mean keeps the coefficient of variation; a rate
        forgets what was observed. Lags and service levels take durations.

        Parameters
        ----------
        parameter : Parameter
        value : number, or duration
            NaN takes a capacity or a service level away and makes a lag unknown.

        Raises
        ------
        UnknownNameError, InvalidValueError
            The value lies outside the parameter's range.
        """
        self._core.set(parameter, value)

    def leaves(self, parameter: Parameter) -> list[Parameter]:
        """Return the leaves of a group; a leaf is its own only leaf. UnknownNameError with the nearest."""
        return self._core.leaves(parameter)

    def parameters(self) -> list[Parameter]:
        """Return every leaf parameter that has a number, in a stable order."""
        return self._core.parameters()

    def ownership(self, parameter: Parameter) -> dict[str, float]:
        """Return who owns a number: shares by owner, empty where nobody does.

        UnknownNameError with the nearest.
        """
        return self._core.ownership(parameter)

    # ---- changing structure --------------------------------------------------------------------

    def update_owner(self, name: str, /, **fields: Any) -> None:
        """Change fields of an owner, as `add_owner` takes them; a new `name` renames it everywhere."""
        self._core.replace_owner(name, **_changed("owner", self._core.owner(name), fields))

    def update_stage(self, stage: str, /, **fields: Any) -> None:
        """Change fields of a stage, as `add_stage` takes them; a new `name` renames it everywhere.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_stage("order", owner="Sales")
        >>> shop.update_stage("order", definition="paid in full", value=2_000_000)
        >>> shop.stage("order").definition
        'paid in full'
        """
        self._core.replace_stage(stage, **_changed("stage", self._core.stage(stage), fields))

    def update_outcome(self, outcome: str, /, **fields: Any) -> None:
        """Change fields of an outcome, as `add_outcome` takes them; a new `name` renames it everywhere."""
        self._core.replace_outcome(outcome, **_changed("outcome", self._core.outcome(outcome), fields))

    def update_lever(self, lever: str, /, **fields: Any) -> None:
        """Change fields of a lever, as `add_lever` takes them; a new `name` renames it everywhere."""
        self._core.replace_lever(lever, **_changed("lever", self._core.lever(lever), fields))

    def update_transition(self, source: str, target: str, /, **fields: Any) -> None:
        """Change fields of a transition, as `add_transition` takes them; a new rate clears `observed`."""
        old = self._core.transition(source, target)
        if "rate" in fields:
            old["observed"] = None
        self._core.replace_transition(source, target, **_changed("transition", old, fields))

    def rename_stage(self, name: str, new_name: str) -> None:
        """Rename a stage everywhere; InvalidValueError where the new name is taken."""
        self._core.rename_stage(name, new_name)

    def rename_outcome(self, name: str, new_name: str) -> None:
        """Rename an outcome everywhere; InvalidValueError where the new name is taken."""
        self._core.rename_outcome(name, new_name)

    def rename_owner(self, name: str, new_name: str) -> None:
        """Rename an owner everywhere; InvalidValueError where the new name is taken."""
        self._core.rename_owner(name, new_name)

    def rename_lever(self, name: str, new_name: str) -> None:
        """Rename a lever everywhere; InvalidValueError where the new name is taken."""
        self._core.rename_lever(name, new_name)

    def rename_stages(self, new_names: Mapping[str, str]) -> None:
        """Rename several stages at once, by their present names, so that names can be swapped."""
        self._core.rename_stages(dict(new_names))

    def set_owner(self, stage_or_outcome: str, owner: OwnerLike | None) -> None:
        """Set who owns a stage or an outcome, by name or by shares; None is nobody."""
        self._core.set_owner(stage_or_outcome, owner)

    def remove_stage(self, name: str) -> None:
        """Remove a stage with its entries, transitions and influences.

        The rates of removed transitions go to the drop-off of their source.
        """
        self._core.remove_stage(name)

    def remove_outcome(self, name: str) -> None:
        """Remove an outcome with the transitions to it; their rates go to the drop-off of their source."""
        self._core.remove_outcome(name)

    def remove_transition(self, source: str, target: str) -> None:
        """Remove a transition; its rate goes to the drop-off of its source."""
        self._core.remove_transition(source, target)

    def remove_owner(self, name: str) -> None:
        """Remove an owner; what still names it then names an unknown owner, which `validate` lists."""
        self._core.remove_owner(name)

    def remove_entry(self, stage: str, *, channel: str = "") -> None:
        """Remove the entry of a stage from a channel."""
        self._core.remove_entry(stage, channel)

    def remove_lever(self, name: str) -> None:
        """Remove a lever with its influences."""
        self._core.remove_lever(name)

    def remove_influence(self, lever: str, source: str, target: str) -> None:
        """Remove an influence."""
        self._core.remove_influence(lever, source, target)

    def remove_view(self, name: str) -> None:
        """Remove a view."""
        self._core.remove_view(name)

    # ---- asking --------------------------------------------------------------------------------

    def validate(self) -> list[Issue]:
        """Return everything that is wrong, at once; empty when all is well.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.Funnel("Sandal shop")
        >>> shop.add_stage("enquiry", owner="Sles")
        >>> shop.add_owner("Sales", role="sales")
        >>> any(issue.severity == "error" and "Sles" in issue.message for issue in shop.validate())
        True
        """
        return validate(self)

    def analyze(self, **options: Any) -> Analysis:
        """Return everything that the funnel says; options and errors as :func:`funnelgraph.analyze`."""
        from .analysis import analyze

        return analyze(self, **options)

    def evaluate(self, metric: Metric, **options: Any) -> float:
        """Return one metric; options and errors as :func:`funnelgraph.evaluate`."""
        from .analysis import evaluate

        return evaluate(self, metric, **options)

    def apply(self, scenario: Scenario, *, at: DurationLike | None = None, clip: bool = False) -> Funnel:
        """Return the funnel under a scenario; options and errors as :func:`funnelgraph.apply`."""
        from .apply import apply

        return apply(self, scenario, at=at, clip=clip)

    # ---- as text and as graph ------------------------------------------------------------------

    def to_json(self, *, indent: int = 2) -> str:
        """Return the funnel as JSON; numbers read back to the same double.

        Parameters
        ----------
        indent : int
            Spaces a level; 0 is all on one line.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> funnel = fg.reference.online_shop()
        >>> fg.Funnel.from_json(funnel.to_json()) == funnel
        True
        """
        return _core.funnel_to_json(self._core, indent)

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str = "JSON") -> Self:
        """Return the funnel that a JSON document holds; this and every older schema.

        Parameters
        ----------
        text : str or bytes
        source : str
            What errors call the document: a file name.

        Raises
        ------
        DataError
            With the line in `row` and the JSON path in `column`.
        """
        return cls._of(_core.funnel_from_json(text, source))

    def to_dot(self) -> str:
        """Return the funnel for Graphviz, owners as colours and hand-offs drawn."""
        return _core.funnel_to_dot(self._core)

    def to_graphml(self) -> str:
        """Return the funnel as GraphML."""
        return _core.funnel_to_graphml(self._core)

    def to_networkx(self) -> nx.DiGraph[str]:
        """Return a NetworkX DiGraph: stages and outcomes as nodes, transitions as edges.

        Nodes have `part` ("stage" or "outcome") and the fields of :class:`Stage` or :class:`Outcome`, stages
        also `volume`, the entrants per period; edges have the fields of :class:`Transition`, and `weight`,
        the rate.

        Raises
        ------
        ImportError
            NetworkX is not installed.
        """
        graph: nx.DiGraph[str] = needed("networkx").DiGraph(
            name=self.name, currency=self.currency, period=self.period
        )
        volumes: dict[str, float] = {}
        for entry in self.entries():
            volumes[entry.stage] = volumes.get(entry.stage, 0.0) + entry.volume
        for stage in self._core.stage_list():
            name = stage.pop("name")
            graph.add_node(name, part="stage", volume=volumes.get(name, 0.0), **stage)
        for outcome in self._core.outcome_list():
            graph.add_node(outcome.pop("name"), part="outcome", **outcome)
        for transition in self._core.transition_list(None, None):
            source, target = transition.pop("source"), transition.pop("target")
            graph.add_edge(source, target, weight=float(transition["rate"]), **transition)
        return graph

    # ---- comparing, keeping, showing -----------------------------------------------------------

    def copy(self) -> Self:
        """Return a copy."""
        return self._of(self._core.copy())

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.copy()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Funnel):
            return NotImplemented
        return self._core == other._core

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_json, (type(self), self.to_json(indent=0))

    def __repr__(self) -> str:
        given = [repr(self.name)]
        given += [f"{name}={getattr(self, name)!r}" for name in ("currency", "note") if getattr(self, name)]
        if self.period != "period":
            given.append(f"period={self.period!r}")
        if self.discount_rate != 0:
            given.append(f"discount_rate={self.discount_rate!r}")
        return f"Funnel({', '.join(given)})"

    def _summary(self) -> str:
        names = ("owner", "stage", "outcome", "transition", "entry channel", "lever")
        counts = zip(names, self._core.sizes(), strict=True)
        return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts if count)

    def _shown(self) -> Table:
        return self.transitions().select(
            *("from", "to", "rate", "rate_source", "lag", "lag_mean", "cost", "value", "service_level")
        )

    def __str__(self) -> str:
        head = f"{self.name}: {self._summary()}" if self.name else self._summary() or "empty funnel"
        return f"{head}\n{self._shown()}" if len(self.transitions()) else head

    def _repr_html_(self) -> str:
        from html import escape

        name = f"<strong>{escape(self.name)}</strong>: " if self.name else ""
        return f"<p>{name}{escape(self._summary())}</p>\n{self._shown()._repr_html_()}"


def _from_json(kind: type[Funnel], text: str) -> Funnel:
    return kind.from_json(text)


def _changed(part: str, old: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    for name in fields:
        if name not in old:
            from .errors import UnknownNameError

            raise UnknownNameError(f"field of a {part}", name, _core.nearest_name(name, list(old)))
    return {**old, **fields}


def validate(funnel: Funnel) -> list[Issue]:
    """Return everything that is wrong with a funnel, at once; empty when all is well.

    Parameters
    ----------
    funnel : Funnel

    Returns
    -------
    list of Issue
        Errors stop every computation; warnings do not.
    """
    return [issue_from(row) for row in _core.validate(core_of(funnel))]


def core_of(funnel: Funnel) -> CoreFunnel:
    """Return what the core computes with, or a TypeError that says what is allowed."""
    if not isinstance(funnel, Funnel):
        raise TypeError(f"expected a Funnel, not {type(funnel).__name__}")
    return funnel._core

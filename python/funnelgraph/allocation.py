"""The best split of a budget over entries, levers and capacities, and plans side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Required, SupportsFloat, TypeAlias, TypedDict, Unpack, overload

from . import _core
from ._core import Allocation as CoreAllocation
from ._core import Metric, Parameter
from ._frozen import FrozenTables
from ._layout import number_text
from .errors import InvalidValueError
from .metric import profit
from .model import Funnel, core_of
from .responses import Response
from .scenario import Scenario
from .segmented import SegmentedFunnel
from .table import Table

__all__ = ["Allocation", "SpendGroup", "allocate", "allocation_at", "compare_plans"]

Bounds: TypeAlias = tuple[SupportsFloat | None, SupportsFloat | None]


class SpendGroup(NamedTuple):
    """Money that several spendings share.

    Members: those whose parameter `owner` owns (by its share where several do), from `channel`, in
    `segment`, or named in `members`; where several of these are given, whoever meets all of them.
    """

    name: str
    least: SupportsFloat | None = None
    most: SupportsFloat | None = None
    owner: str | None = None
    channel: str | None = None
    segment: str | None = None
    members: tuple[Parameter, ...] = ()


class Allocation(FrozenTables):
    """A plan: who gets how much, and what it brings. Frozen; made by :func:`allocate`.

    Attributes
    ----------
    name : str
    budget, spent, unspent : float
        Money that brings nothing more within the bounds is left.
    metric_before, metric_after : float
        Of the funnel as it is, and under the plan.
    shadow_price : float
        Metric per further unit of budget; 0 where money is left, NaN for a plan that was given.
    feasible : bool
        No stage above its capacity.
    guarantee : str
        "global": no plan within the bounds is better by more than the tolerance; "bounded": none is better
        than `bound`; "local": no small move of money is better, the best of several starts; "none": the
        plan was given.
    bound, gap : float
        No plan within the bounds has a metric above `bound`; ``(bound - metric_after) / |metric_after|``.
    notes : tuple of str
    starts, evaluations : int
        Local searches, and evaluations of the metric with its gradient.
    """

    __slots__ = ("_currency",)

    _core: CoreAllocation
    _currency: str

    def __init__(self, core: CoreAllocation, *, currency: str = "") -> None:
        self._put(_core=core, _currency=currency, _tables={})

    def __getattr__(self, name: str) -> Any:
        if name in _FIELDS:
            value = getattr(self._core, name)
            return tuple(value) if name == "notes" else value
        raise AttributeError(f"Allocation has no attribute {name!r}")

    @property
    def table(self) -> Table:
        """One row a spending.

        Columns: segment (of a SegmentedFunnel), parameter, owner, spend, current (NaN where not given),
        before and after (the number in the funnel and under the plan), marginal (metric per further unit of
        money), net_marginal (less what it takes of full capacities and groups: equal to the shadow price
        wherever the spending is free), elasticity, at_bound ("", "low" or "high"), low, high.
        """
        return self._table("spending")

    @property
    def groups(self) -> Table:
        """One row a group: group, spend, low, high, at_bound, shadow_price."""
        return self._table("groups")

    @property
    def capacities(self) -> Table:
        """One row a stage with a capacity: stage, visits, capacity, utilisation, shadow_price."""
        return self._table("capacities")

    @property
    def spend(self) -> dict[Any, float]:
        """Money by parameter, or by (segment, parameter)."""
        return {
            (segment, parameter) if segment else parameter: money
            for segment, parameter, money in self._core.parameters()
        }

    @property
    def scenario(self) -> Scenario:
        """The plan as a scenario: every number set to its response, its source estimated."""
        if self.scenarios:
            raise InvalidValueError("scenario", "a plan over segments", "scenarios, one for each segment")
        return Scenario._of(self._core.scenario)

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """Of a SegmentedFunnel: the scenario of each segment; empty otherwise."""
        return {name: Scenario._of(core) for name, core in self._core.scenarios.items()}

    def _totals(self) -> str:
        money = f" {self._currency}" if self._currency else ""
        return (
            f"{number_text(self.spent)} of {number_text(self.budget)}{money}, metric "
            f"{number_text(self.metric_before)} to {number_text(self.metric_after)}, {self.guarantee}"
        )

    def __repr__(self) -> str:
        return f"<Allocation {self.name!r}: {self._totals()}>"

    def __str__(self) -> str:
        return "\n".join([f"{self.name}: {self._totals()}", "", str(self.table), *self.notes])

    def _repr_html_(self) -> str:
        from html import escape

        head = f"<p><strong>{escape(self.name)}</strong>: {escape(self._totals())}</p>"
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"{head}\n{self.table._repr_html_()}" + (f"\n<ul>{notes}</ul>" if notes else "")


_FIELDS = frozenset(
    (
        "name",
        "budget",
        "spent",
        "unspent",
        "metric_before",
        "metric_after",
        "shadow_price",
        "feasible",
        "guarantee",
        "bound",
        "gap",
        "notes",
        "starts",
        "evaluations",
    )
)


def _spot(key: Any, where: str) -> tuple[str, Parameter]:
    segment, parameter = key if isinstance(key, tuple) and len(key) == 2 else ("", key)
    if not isinstance(segment, str) or not isinstance(parameter, Parameter):
        raise TypeError(
            f"{where} takes parameters, as fg.volume('reached'), or (segment, parameter), not {key!r}"
        )
    return segment, parameter


def _by_spot(
    given: Mapping[Any, Any] | None, spots: Iterable[tuple[str, Parameter]], where: str
) -> dict[Any, Any]:
    known = set(spots)
    found = {}
    for key, value in (given or {}).items():
        spot = _spot(key, where)
        if spot not in known:
            _core.raise_unknown_name("spending", repr(spot[1]), [repr(one) for _, one in spots])
        found[spot] = value
    return found


def _pair(bounds: Any, where: str) -> tuple[Any, Any]:
    if isinstance(bounds, (str, bytes)) or not isinstance(bounds, Sequence) or len(bounds) != 2:
        raise TypeError(f"{where} takes (least, most), None for no bound, not {bounds!r}")
    return bounds[0], bounds[1]


def _groups(given: Any, funnels: Mapping[str, Funnel]) -> list[tuple[Any, ...]]:
    if given is None:
        return []
    if not isinstance(given, Mapping):
        return [tuple(group) for group in given]
    owners = {owner.name for funnel in funnels.values() for owner in funnel.owners()}
    channels = {entry.channel for funnel in funnels.values() for entry in funnel.entries() if entry.channel}
    rows = []
    for key, bounds in given.items():
        least, most = _pair(bounds, f"groups[{key!r}]")
        if isinstance(key, str):
            kinds = [
                kind
                for kind, names in (("owner", owners), ("channel", channels), ("segment", set(funnels)))
                if key in names
            ]
            if not kinds:
                known = [*owners, *channels, *filter(None, funnels)]
                _core.raise_unknown_name("owner, channel or segment", key, sorted(known))
            if len(kinds) > 1:
                raise InvalidValueError(
                    f"groups[{key!r}]", " and ".join(kinds), "a SpendGroup that says which of them"
                )
            named = [key if kind == kinds[0] else None for kind in ("owner", "channel", "segment")]
            rows.append((key, least, most, *named, ()))
        else:
            members = (key,) if isinstance(key, Parameter) else tuple(key)
            for member in members:
                _spot(member, "groups=")
            rows.append(tuple(SpendGroup(", ".join(map(repr, members)), least, most, members=members)))
    return rows


def _run(
    funnel: Funnel | SegmentedFunnel,
    responses: Mapping[Any, Response],
    budget: Any,
    spends: Mapping[Any, Any] | None,
    *,
    maximise: Metric | None,
    bounds: Mapping[Any, Any] | None,
    groups: Any,
    current: Mapping[Any, Any] | None,
    **rest: Any,
) -> Allocation:
    if not isinstance(responses, Mapping):
        raise TypeError("responses= takes a mapping of parameters to responses")
    segmented = isinstance(funnel, SegmentedFunnel)
    funnels: dict[str, Funnel] = dict(funnel.items()) if isinstance(funnel, SegmentedFunnel) else {"": funnel}
    spots = [_spot(key, "responses=") for key in responses]
    held = _by_spot(bounds, spots, "bounds=")
    today = _by_spot(current, spots, "current=")
    spending = []
    for (segment, parameter), response in zip(spots, responses.values(), strict=True):
        if not isinstance(response, Response):
            raise TypeError(
                f"responses= takes curves, as fg.Hill(...), for {parameter!r}, not {type(response).__name__}"
            )
        least, most = _pair(held.get((segment, parameter), (None, None)), f"bounds[{parameter!r}]")
        spending.append((parameter, response._core, least, most, today.get((segment, parameter)), segment))
    amounts = None
    if spends is not None:
        given = _by_spot(spends, spots, "spend=")
        amounts = [given.get(spot, 0.0) for spot in spots]
    metric = profit() if maximise is None else maximise
    if not isinstance(metric, Metric):
        raise TypeError(f"maximise= takes a metric, as fg.metric.profit(), not {type(metric).__name__}")
    options = {
        "budget": budget,
        "spending": spending,
        "groups": _groups(groups, funnels),
        "maximise": metric,
        **rest,
    }
    cores = {name or "funnel": core_of(each) for name, each in funnels.items()}
    core = _core.allocate(cores, segmented, options, amounts)
    return Allocation(core, currency=next((each.currency for each in cores.values()), ""))


class _AllocateOptions(TypedDict, total=False):
    """What :func:`allocate` takes beside the funnel and one budget or several."""

    responses: Required[Mapping[Any, Response]]
    maximise: Metric | None
    bounds: Mapping[Any, Bounds] | None
    groups: Mapping[Any, Bounds] | Sequence[SpendGroup] | None
    current: Mapping[Any, SupportsFloat] | None
    respect_capacity: bool
    book_spend: bool
    name: str
    discount_rate: SupportsFloat | None
    tolerance: float
    starts: int
    branches: int
    seed: int


@overload
def allocate(
    funnel: Funnel | SegmentedFunnel, *, budget: SupportsFloat, **options: Unpack[_AllocateOptions]
) -> Allocation: ...
@overload
def allocate(
    funnel: Funnel | SegmentedFunnel, *, budget: Sequence[SupportsFloat], **options: Unpack[_AllocateOptions]
) -> list[Allocation]: ...
def allocate(
    funnel: Funnel | SegmentedFunnel,
    *,
    budget: SupportsFloat | Sequence[SupportsFloat],
    responses: Mapping[Any, Response],
    maximise: Metric | None = None,
    bounds: Mapping[Any, Bounds] | None = None,
    groups: Mapping[Any, Bounds] | Sequence[SpendGroup] | None = None,
    current: Mapping[Any, SupportsFloat] | None = None,
    respect_capacity: bool = True,
    book_spend: bool = False,
    name: str = "allocation",
    discount_rate: SupportsFloat | None = None,
    tolerance: float = 1e-6,
    starts: int = 24,
    branches: int = 200,
    seed: int = 0,
) -> Allocation | list[Allocation]:
    """Return the split of a budget that makes a metric the greatest.

    Every parameter becomes the response to the money spent on it; the sum of the money stays within the
    budget, every bound and group is kept, and no stage goes above its capacity. Exact gradients, sequential
    quadratic programming; where the metric is linear in volumes (count, visits, revenue, cost, profit and
    sums of them) and only volumes and capacities are moved, S-shaped responses are searched by branch and
    bound and the plan says how far from the best it can be.

    Parameters
    ----------
    funnel : Funnel or SegmentedFunnel
        As it is now; never changed. With segments the metric is the sum over them.
    budget : float, or several
        Money per period for all together, today's included. Several give a plan each.
    responses : mapping of parameter to Response
        Volumes, levers and capacities; with segments the keys are (segment, parameter).
    maximise : Metric, optional
        Profit unless given.
    bounds : mapping of parameter to (least, most), optional
        Money; None for no bound.
    groups : mapping or sequence of SpendGroup, optional
        Keys are the name of an owner, a channel or a segment, or a tuple of parameters; values
        (least, most).
    current : mapping of parameter to money, optional
        What is spent today, for the table and for booking.
    respect_capacity : bool
        Capacities limit the plan; else they are only reported.
    book_spend : bool
        The money beyond today's is a fixed cost of who owns the parameter, in the metric and in the scenario;
        else the metric does not count the money of the budget.
    name : str
        Of the plan and its scenario.
    discount_rate : float, optional
    tolerance : float
        Relative gap within which a plan is called globally best.
    starts, branches, seed : int
        Effort of the search where there can be several local optima.

    Raises
    ------
    InvalidValueError
        A budget, bound, group, curve or option out of range; bounds that no split of the budget meets.
    UnknownNameError, ConflictError, InvalidFunnelError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("reached")
    >>> shop.add_outcome("customer", kind="won", value=100)
    >>> shop.add_transition("reached", "customer", rate=0.1)
    >>> shop.add_entry("reached", volume=10, channel="facebook")
    >>> shop.add_entry("reached", volume=10, channel="search")
    >>> plan = fg.allocate(
    ...     shop,
    ...     budget=900,
    ...     responses={
    ...         fg.volume("reached", channel="facebook"): fg.LogResponse(200, 100),
    ...         fg.volume("reached", channel="search"): fg.LogResponse(100, 100),
    ...     },
    ...     maximise=fg.metric.revenue(),
    ... )
    >>> [round(row.spend, 3) for row in plan.table], plan.guarantee
    ([633.333, 266.667], 'global')
    """
    options: dict[str, Any] = {
        "maximise": maximise,
        "bounds": bounds,
        "groups": groups,
        "current": current,
        "respect_capacity": respect_capacity,
        "book_spend": book_spend,
        "discount_rate": discount_rate,
        "tolerance": tolerance,
        "starts": starts,
        "branches": branches,
        "seed": seed,
    }
    if not isinstance(budget, str) and hasattr(budget, "__iter__"):
        return [
            _run(funnel, responses, money, None, name=f"{name} of {number_text(float(money))}", **options)
            for money in budget
        ]
    return _run(funnel, responses, budget, None, name=name, **options)


def allocation_at(
    funnel: Funnel | SegmentedFunnel,
    spend: Mapping[Any, SupportsFloat],
    *,
    responses: Mapping[Any, Response],
    maximise: Metric | None = None,
    groups: Mapping[Any, Bounds] | Sequence[SpendGroup] | None = None,
    current: Mapping[Any, SupportsFloat] | None = None,
    book_spend: bool = False,
    name: str = "plan",
    discount_rate: SupportsFloat | None = None,
) -> Allocation:
    """Return the plan that spends what it is told: what it brings, and its marginal returns.

    Parameters
    ----------
    funnel : Funnel or SegmentedFunnel
    spend : mapping of parameter to money
        What is not named gets nothing. The budget is the sum.
    responses, maximise, groups, current, book_spend, name, discount_rate
        As for :func:`allocate`.
    """
    return _run(
        funnel,
        responses,
        0.0,
        spend,
        maximise=maximise,
        bounds=None,
        groups=groups,
        current=current,
        respect_capacity=True,
        book_spend=book_spend,
        name=name,
        discount_rate=discount_rate,
        tolerance=1e-6,
        starts=1,
        branches=0,
        seed=0,
    )


def compare_plans(
    funnel: Funnel, plans: Iterable[Allocation], *, metrics: Sequence[Metric] | None = None
) -> Table:
    """Return plans side by side, after a first row for the funnel as it is.

    Parameters
    ----------
    funnel : Funnel
    plans : iterable of Allocation
    metrics : sequence of Metric, optional
        Profit unless given.

    Returns
    -------
    Table
        Columns: plan, budget, spent, one for each metric (profit unless given), feasible, shadow_price.
    """
    cores = []
    for plan in plans:
        if not isinstance(plan, Allocation):
            raise TypeError(f"compare_plans() takes plans that allocate() made, not {type(plan).__name__}")
        cores.append(plan._core)
    return Table._of(_core.compare_plans(core_of(funnel), cores, list(metrics or [profit()])))

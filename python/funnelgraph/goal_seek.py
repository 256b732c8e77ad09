"""What a target needs: one number, several, a scenario's break-even, and the way back along the funnel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, SupportsFloat, overload

from . import _core
from ._arguments import DurationLike
from ._checks import metric_of
from ._core import Metric, Parameter
from ._layout import number_text
from .enums import CapacityRule
from .metric import count, profit
from .model import Funnel, core_of
from .scenario import Scenario, core_of_scenario
from .table import Table

__all__ = [
    "BackPropagation",
    "BreakEven",
    "GoalSeek",
    "LeastChange",
    "back_propagate",
    "break_even",
    "goal_seek",
]


class GoalSeek(NamedTuple):
    """What one number must be.

    Attributes
    ----------
    parameter : Parameter
    value, before : float
        What it must be and what it is; lags in days.
    relative : float
        (value - before) / |before|; NaN where it is 0 or unknown.
    target, reached : float
        What was asked of the metric and what it is there.
    feasible : bool
        Whether no stage is above its capacity there.
    iterations : int
        Evaluations of the metric.
    solutions : int
        Values found that reach the target; `value` is the one nearest to `before`.
    scenario : Scenario
        Sets the number.
    """

    parameter: Parameter
    value: float
    before: float
    relative: float
    target: float
    reached: float
    feasible: bool
    iterations: int
    solutions: int
    scenario: Scenario

    def __str__(self) -> str:
        beyond = "" if self.feasible else ", above a capacity"
        text = f"{self.parameter}: {number_text(self.before)} → {number_text(self.value)}"
        return f"{text} (metric {number_text(self.reached)}{beyond})"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(str(self))}</p>"


class LeastChange(NamedTuple):
    """The least that several numbers must move.

    Attributes
    ----------
    table : Table
        Columns: parameter, before, value, relative, at_bound.
    values : dict of Parameter to float
        What each must be.
    distance : float
        Root of the sum of the squared relative changes.
    target, reached : float
    feasible : bool
        Whether no stage is above its capacity there.
    iterations : int
        Evaluations of the metric.
    scenario : Scenario
        Sets them.
    """

    table: Table
    values: dict[Parameter, float]
    distance: float
    target: float
    reached: float
    feasible: bool
    iterations: int
    scenario: Scenario

    def __str__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


class BreakEven(NamedTuple):
    """How far a number, or a scenario, must go before it pays.

    Attributes
    ----------
    text : str
        "pays if lag(enquiry, order) falls by 4 % (from 2 to 1.92)".
    value, before : float
        The number there and in the base; of a strength the strength, from 0 to 1, and 0.
    relative : float
        (value - before) / |before|; of a strength the strength.
    stated : float
        What the scenario makes of the number, NaN where it does not change it; 1 for a strength.
    reference, reached : float
        The metric of the base and there.
    always : bool
        It is no worse from the outset.
    feasible : bool
        Whether no stage is above its capacity there.
    iterations : int
        Evaluations of the metric.
    """

    text: str
    value: float
    before: float
    relative: float
    stated: float
    reference: float
    reached: float
    always: bool
    feasible: bool
    iterations: int

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(self.text)}</p>"


class BackPropagation(NamedTuple):
    """A target carried back along the funnel.

    Attributes
    ----------
    table : Table
        What every outcome, stage and entry carries now and must carry, from the last to the first. Columns:
        place, name, channel, owner, unit, now, needed, factor, capacity, feasible.
    rates : Table
        The other way to the same target: what each rate alone must be, all volumes as they are. Columns:
        from, to, owner, now, needed (NaN where no value of it reaches the target), factor, largest (as
        much as its leak can give), best (the metric with that), feasible.
    metric : str
    target, now, reached : float
    factor : float
        Of the volumes that grow.
    feasible : bool
        Whether no stage is above its capacity then.
    notes : tuple of str
        Where the unit changes along the funnel: interactions are not that many people.
    scenario : Scenario
        Makes the volumes grow.
    """

    table: Table
    rates: Table
    metric: str
    target: float
    now: float
    reached: float
    factor: float
    feasible: bool
    notes: tuple[str, ...]
    scenario: Scenario

    def __str__(self) -> str:
        return "\n".join([str(self.table), *self.notes])

    def _repr_html_(self) -> str:
        from html import escape

        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        return self.table._repr_html_() + notes + self.rates._repr_html_()


Ends = tuple[SupportsFloat | DurationLike, SupportsFloat | DurationLike]


@overload
def goal_seek(
    funnel: Funnel,
    metric: Metric,
    *,
    target: SupportsFloat,
    vary: Parameter,
    bounds: Ends | None = None,
    take_from: str | None = "leak",
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    recoverable_from: Funnel | None = None,
    recoverable_of: Metric | None = None,
) -> GoalSeek: ...
@overload
def goal_seek(
    funnel: Funnel,
    metric: Metric,
    *,
    target: SupportsFloat,
    vary: Sequence[Parameter],
    bounds: Mapping[Parameter, Ends] | None = None,
    take_from: str | Mapping[Parameter, str | None] | None = "leak",
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
) -> LeastChange: ...
def goal_seek(
    funnel: Funnel,
    metric: Metric,
    *,
    target: SupportsFloat,
    vary: Parameter | Sequence[Parameter],
    bounds: Ends | Mapping[Parameter, Ends] | None = None,
    take_from: str | Mapping[Parameter, str | None] | None = "leak",
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    recoverable_from: Funnel | None = None,
    recoverable_of: Metric | None = None,
) -> GoalSeek | LeastChange:
    """Find what one number, or several, must be for a metric to reach a target.

    One number: its bounds are scanned in 64 steps (without an end by doublings), so that the metric need not
    be monotone; then the search closes in next to the present value (Algorithm 748; Alefeld, Potra, Shi
    1995). Two solutions within one step can stay unseen.

    Several: the sum of the squared relative changes is least, within the bounds (sequential quadratic
    programming with exact gradients; Powell 1978).

    Parameters
    ----------
    funnel : Funnel
    metric : Metric
    target : float
    vary : Parameter, or sequence of Parameter
        A group (the volume of a stage over its channels) moves its leaves in proportion.
    bounds : (low, high), or mapping of Parameter to (low, high), optional
        All that is possible unless given; cut to that.
    take_from : str or None, or mapping of Parameter to these
        Of rates: what they take from, as in :meth:`Scenario.set`.
    discount_rate, capacity
        As for :func:`analyze`.
    recoverable_from, recoverable_of : Funnel and Metric, optional
        The reference and the metric of ``metric.recoverable()``; one number only.

    Returns
    -------
    GoalSeek, or LeastChange

    Raises
    ------
    UnreachableTargetError
        With `low` and `high`, what can be reached.
    InvalidValueError
        A target that is not finite, bounds that hold no possible value; of several numbers one twice, one of
        0 (it has no relative change), a metric without gradients.
    UnknownNameError, ConflictError, InvalidFunnelError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> plan = fg.datasets.sandal_shop_plan()
    >>> print(fg.goal_seek(plan, fg.metric.count("delivered"), target=1_200, vary=fg.volume("reached")))
    volume(reached): 200,000 → 240,000 (metric 1,200)
    >>> closing, asking = fg.rate("enquiry", "order"), fg.rate("engaged", "enquiry")
    >>> both = fg.goal_seek(plan, fg.metric.count("delivered"), target=1_210, vary=[closing, asking])
    >>> [round(float(change), 6) for change in both.table["relative"]]
    [0.1, 0.1]
    """
    metric_of(metric)
    core = core_of(funnel)
    if isinstance(vary, Parameter):
        if isinstance(bounds, Mapping):
            bounds = bounds.get(vary)
        if isinstance(take_from, Mapping):
            take_from = take_from.get(vary, "leak")
        fields = _core.goal_seek(
            core,
            metric,
            _number(target, "target="),
            vary,
            None if bounds is None else ends_of(bounds, "bounds="),
            take_from,
            discount_rate,
            capacity,
            None if recoverable_from is None else core_of(recoverable_from),
            recoverable_of,
        )
        return GoalSeek._make((*fields[:-1], Scenario._of(fields[-1])))
    parameters = list(vary)
    if bounds is not None and not isinstance(bounds, Mapping):
        raise TypeError("bounds of several numbers: a mapping of each to (low, high)")
    if recoverable_from is not None or recoverable_of is not None:
        raise TypeError("several numbers need a metric with gradients: recoverable has none")
    chosen = take_from if isinstance(take_from, Mapping) else _for_rates(parameters, take_from)
    fields = _core.least_change(
        core,
        metric,
        _number(target, "target="),
        parameters,
        {parameter: ends_of(ends, f"bounds of {parameter}") for parameter, ends in (bounds or {}).items()},
        dict(chosen),
        discount_rate,
        capacity,
    )
    table = Table._of(fields[0])
    values = dict(zip(parameters, table._cells("value"), strict=True))
    return LeastChange._make((table, values, *fields[1:-1], Scenario._of(fields[-1])))


def break_even(
    funnel: Funnel,
    scenario: Scenario,
    metric: Metric | None = None,
    *,
    vary: Parameter | None = None,
    effect: Scenario | None = None,
    bounds: Ends | None = None,
    take_from: str | None = "leak",
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
) -> BreakEven:
    """Find how far one number, or an effect, must go for a scenario to be no worse than the funnel as it is.

    Parameters
    ----------
    funnel : Funnel
    scenario : Scenario
        What is done, with its price.
    metric : Metric, optional
        What must be no worse; profit unless given. Less is better of costs, times and losses.
    vary : Parameter, optional
        The number that must go somewhere: from its value in the funnel to what the scenario makes of it, or
        through `bounds`; without either both ways.
    effect : Scenario, optional
        Instead: what is hoped for, of which only a part may come true (:func:`at_strength`). With neither it
        is the scenario's own strength.
    bounds : (low, high), optional
    take_from : str or None
        Of a rate that the scenario itself does not change.
    discount_rate, capacity
        As for :func:`analyze`.

    Returns
    -------
    BreakEven

    Raises
    ------
    UnreachableTargetError
        It never pays; `low` and `high` are what the metric comes to on the way.
    ConflictError, InvalidValueError, UnknownNameError, ImpossibleChangeError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_owner("Sales", fixed_cost=1_000)
    >>> shop.add_stage("enquiry", owner="Sales")
    >>> shop.add_outcome("customer", kind="won", value=50)
    >>> shop.add_transition("enquiry", "customer", rate=0.25)
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> closing = fg.rate("enquiry", "customer")
    >>> seller = fg.Scenario("One more seller").shift(fg.fixed_cost("Sales"), 500).set(closing, 0.3)
    >>> print(fg.break_even(shop, seller, vary=closing))
    pays if rate(enquiry, customer) rises by 4 % (from 0.25 to 0.26)
    """
    fields = _core.break_even(
        core_of(funnel),
        core_of_scenario(scenario),
        profit() if metric is None else metric_of(metric),
        vary,
        None if effect is None else core_of_scenario(effect),
        None if bounds is None else ends_of(bounds, "bounds="),
        take_from,
        discount_rate,
        capacity,
    )
    return BreakEven(*fields)


def back_propagate(
    funnel: Funnel,
    metric: Metric | str,
    target: SupportsFloat,
    *,
    grow: Parameter | Iterable[Parameter] | None = None,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
) -> BackPropagation:
    """Carry a target back along the whole funnel: what every stage and channel must carry.

    The volumes grow in one proportion until the metric reaches the target, all rates as they are; beside
    that stands what each rate alone would have to be.

    Parameters
    ----------
    funnel : Funnel
    metric : Metric or str
        The name of an outcome stands for its count.
    target : float
    grow : Parameter or iterable of Parameter, optional
        The volumes that grow; the others stay. All of them unless given.
    discount_rate, capacity
        As for :func:`analyze`.

    Returns
    -------
    BackPropagation

    Raises
    ------
    UnreachableTargetError
        The metric does not move with the volumes, or not so far.
    InvalidValueError, UnknownNameError, InvalidFunnelError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> plan = fg.datasets.sandal_shop_plan()
    >>> back = fg.back_propagate(plan, fg.metric.revenue(), 3_000_000_000)
    >>> print(back.table.select("place", "name", "now", "needed"))
    place    name           now   needed
    ───────  ─────────  ───────  ───────
    outcome  delivered    1,000    1,500
    stage    order        1,050    1,575
    stage    enquiry      2,200    3,300
    stage    engaged      6,000    9,000
    stage    reached    200,000  300,000
    entry    reached    200,000  300,000
    """
    volumes = [grow] if isinstance(grow, Parameter) else list(grow or [])
    fields = _core.back_propagate(
        core_of(funnel),
        count(metric) if isinstance(metric, str) else metric_of(metric),
        _number(target, "target"),
        volumes,
        discount_rate,
        capacity,
    )
    table, rates, name, wanted, now, reached, factor, feasible, notes, scenario = fields
    return BackPropagation(
        Table._of(table),
        Table._of(rates, "Or one rate alone"),
        name,
        wanted,
        now,
        reached,
        factor,
        feasible,
        tuple(notes),
        Scenario._of(scenario),
    )


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool | str) or not isinstance(value, SupportsFloat):
        raise TypeError(f"{where} takes a number, not {type(value).__name__}")
    return float(value)


def ends_of(ends: Any, where: str) -> tuple[float, float]:
    """Return the two ends of a range, durations in days."""
    try:
        low, high = ends
    except (TypeError, ValueError):
        raise TypeError(f"{where} takes a pair (low, high), not {ends!r}") from None
    return _core.days(low, where), _core.days(high, where)


def _for_rates(parameters: Iterable[Parameter], take_from: str | None) -> dict[Parameter, str | None]:
    return {one: take_from for one in parameters if one.kind in ("rate", "drop_off")}

"""Two or more sides' versions of one funnel: what they disagree on, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, SupportsFloat

from . import _core
from ._checks import metric_of
from ._core import Metric, Parameter
from ._frozen import Frozen
from .enums import CapacityRule
from .model import Funnel, core_of
from .monte_carlo import listed
from .scenario import Scenario, core_of_scenario
from .table import Table

__all__ = ["Disagreements", "disagree"]


class Disagreements(Frozen):
    """Results of :func:`disagree`. Frozen.

    Attributes
    ----------
    values : dict of side to float
        The metric by side.
    table : Table
        A row for each number on which sides differ and that matters, the greatest worth first: parameter,
        owner, for each side its number and the source of it, worth, change (of two sides), removed_spread,
        decision_gain (with scenarios).
    idle : Table
        The same for the numbers that change nothing.
    structure : Table
        Differences to the first side that are no numbers: side, difference.
    measure_first : Table
        The rows of `table` that are worth knowing, by `decision_gain` with scenarios, else by
        `removed_spread`.
    parameters : tuple of Parameter
        Of the rows of `table`.
    beliefs : int
        Combinations of the sides' numbers that were evaluated for the value of knowing.
    sampled : bool
        Whether these are a sample of all.
    """

    __slots__ = (
        "beliefs",
        "idle",
        "measure_first",
        "parameters",
        "sampled",
        "structure",
        "table",
        "values",
    )

    values: dict[str, float]
    table: Table
    idle: Table
    structure: Table
    measure_first: Table
    parameters: tuple[Parameter, ...]
    beliefs: int
    sampled: bool

    def __init__(self, sides: Iterable[str], made: Mapping[str, Any]) -> None:
        table = Table._of(made["table"], "What the sides disagree on")
        self._put(
            values=dict(zip(sides, made["values"], strict=True)),
            table=table,
            idle=Table._of(made["idle"], "Disagreements that change nothing"),
            structure=Table._of(made["structure"], "Differences of structure"),
            measure_first=table._take(made["measure_first"]),
            parameters=tuple(made["parameters"]),
            beliefs=made["beliefs"],
            sampled=made["sampled"],
        )

    def __repr__(self) -> str:
        return f"<Disagreements of {', '.join(self.values)}: {len(self.table)} that matter>"

    def __str__(self) -> str:
        tables = [self.table, *(table for table in (self.idle, self.structure) if len(table))]
        return "\n\n".join(str(table) for table in tables)

    def _repr_html_(self) -> str:
        tables = [self.table, *(table for table in (self.idle, self.structure) if len(table))]
        return "".join(table._repr_html_() for table in tables)


def disagree(
    sides: Mapping[str, Funnel],
    metric: Metric,
    *,
    scenarios: Iterable[Scenario] | Scenario = (),
    minimise: bool = False,
    seed: int = 0,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
) -> Disagreements:
    """Rank what two or more sides disagree on by what it is worth, and say what to measure first.

    The *worth* of a number: from each side's funnel, the greatest less the least of the metric when the
    number alone takes each side's value; the mean over the sides. Of two sides `change` is the metric's
    change from the first side's number to the second's, the mean over both funnels.

    The *value of knowing* a number: every side is as likely to be right about each, independently (the
    rates of one stage together). `removed_spread` is the expected share of the metric's variance that goes
    away; with scenarios to choose from, `decision_gain` is what knowing it adds to the metric by choosing
    better (the expected value of partial perfect information).

    Parameters
    ----------
    sides : mapping of name to Funnel
        At least two.
    metric : Metric
    scenarios : scenarios, or one
        What there is to decide between, the funnel as it is among them.
    minimise : bool
        The best scenario has the least of the metric.
    seed : int
        Of the sampled combinations, where there are more than 16,384.
    discount_rate, capacity, reference
        As for :func:`analyze`.

    Raises
    ------
    InvalidValueError, UnknownNameError, InvalidFunnelError, ImpossibleChangeError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> def shop(rate, by):
    ...     funnel = fg.Funnel("Shop")
    ...     funnel.add_stage("enquiry")
    ...     funnel.add_outcome("customer", kind="won", value=100)
    ...     funnel.add_transition("enquiry", "customer", rate=fg.estimated(rate, by=by))
    ...     funnel.add_entry("enquiry", volume=1_000)
    ...     return funnel
    >>> found = fg.disagree({"Marketing": shop(0.4, "Marketing"), "Sales": shop(0.3, "Sales")},
    ...                     fg.metric.revenue())
    >>> found.table[0].parameter, round(found.table[0].worth)
    ('rate(enquiry, customer)', 10000)
    """
    if not isinstance(sides, Mapping):
        raise TypeError(f"disagree() takes a mapping of sides to funnels, not {type(sides).__name__}")
    made = _core.disagree(
        [(name, core_of(funnel)) for name, funnel in sides.items()],
        metric_of(metric),
        [core_of_scenario(scenario) for scenario in listed(scenarios)],
        minimise,
        seed,
        discount_rate,
        capacity,
        None if reference is None else core_of(reference),
    )
    return Disagreements(sides, made)

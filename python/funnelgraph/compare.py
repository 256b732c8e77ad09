"""Scenarios beside each other, and strategies under futures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, SupportsFloat, TypedDict, Unpack, overload

from . import _core
from ._arguments import DurationLike
from ._core import Metric
from ._told import Told
from .apply import Clipped
from .enums import CapacityRule
from .metric import profit
from .model import Funnel, core_of
from .scenario import Scenario, core_of_scenario
from .table import Table

__all__ = ["Comparison", "Futures", "at_strength", "compare"]


class _OfScenarios(Told):
    """A table of scenarios with the changes that were clipped."""

    __slots__ = ()

    @property
    def notes(self) -> tuple[Clipped, ...]:
        """Changes that got less than they asked for."""
        return tuple(Clipped(*note) for note in self._about["notes"])


class Comparison(_OfScenarios):
    """What :func:`compare` returns: a table with a row for each metric and scenario.

    Columns: metric, scenario, value, difference (to the reference), relative (difference / |reference|),
    rank (1 = best, the base included), feasible (no stage above its capacity).
    """

    __slots__ = ()

    @property
    def reference(self) -> str:
        """Name of the scenario that differences are to; "base" is the funnel as it is."""
        reference: str = self._about["reference"]
        return reference

    def wide(self, column: str = "value") -> Table:
        """Return one row a scenario, with a column of `column` for each metric.

        Parameters
        ----------
        column : str
            Which column of the comparison: "value", "difference", ...

        Returns
        -------
        Table

        Raises
        ------
        UnknownNameError
            There is no such column; with the nearest.

        Examples
        --------
        >>> import funnelgraph as fg
        >>> shop = fg.reference.online_shop()
        >>> twice = fg.Scenario("Twice").scale(fg.volume(shop.entries()[0].stage), 2)
        >>> fg.compare(shop, [twice]).wide().columns
        ('scenario', 'feasible', 'profit()')
        """
        metrics: list[str] = list(dict.fromkeys(self._cells("metric")))
        count = len(self) // len(metrics)
        cells = self._cells(column)
        columns: dict[str, Any] = {
            "scenario": self._cells("scenario")[:count],
            "feasible": self._cells("feasible")[:count],
        }
        for k, metric in enumerate(metrics):
            columns[metric] = cells[k * count : (k + 1) * count]
        return Table(columns, title=self.title)

    def best(self, metric: Metric | None = None) -> str:
        """Return the name of the best scenario for a metric (the first one unless given).

        Parameters
        ----------
        metric : Metric, optional

        Returns
        -------
        str
            "base" where the funnel as it is is best.

        Raises
        ------
        UnknownNameError
            The metric is not in the table.
        """
        names = self._cells("metric")
        row = self.filter(metric=str(metric) if metric is not None else names[0]).filter(rank=1)
        if not len(row):
            self.row(metric=str(metric))
            return ""
        name: str = row[0].scenario
        return name


class Futures(_OfScenarios):
    """What :func:`compare` returns with futures: a table with a row for each metric and strategy.

    Columns: metric, strategy, mean, worst, worst_future, mean_regret, most_regret, feasible (in every
    future). `cells` has every strategy in every future, `picks` what each rule would choose.
    """

    __slots__ = ()

    @property
    def cells(self) -> Table:
        """Columns: metric, strategy, future, value, regret, feasible."""
        cells: Table = self._about["cells"]
        return cells

    @property
    def picks(self) -> Table:
        """Columns: metric, best_mean, maximin (best worst case), minimax_regret (least greatest regret).

        Only strategies that are feasible in every future are chosen, all where none is.
        """
        picks: Table = self._about["picks"]
        return picks


class _CompareOptions(TypedDict, total=False):
    """What :func:`compare` takes with and without futures."""

    lower_is_better: Iterable[Metric] | None
    at: DurationLike | None
    clip: bool
    discount_rate: SupportsFloat | None
    capacity: CapacityRule | str
    recoverable_from: Funnel | None
    recoverable_of: Metric | None


@overload
def compare(
    funnel: Funnel,
    scenarios: Iterable[Scenario],
    metrics: Sequence[Metric] | None = None,
    *,
    reference: str | Scenario | None = None,
    futures: None = None,
    **options: Unpack[_CompareOptions],
) -> Comparison: ...
@overload
def compare(
    funnel: Funnel,
    scenarios: Iterable[Scenario],
    metrics: Sequence[Metric] | None = None,
    *,
    futures: Iterable[Scenario],
    weights: Iterable[SupportsFloat] | None = None,
    **options: Unpack[_CompareOptions],
) -> Futures: ...
def compare(
    funnel: Funnel,
    scenarios: Iterable[Scenario],
    metrics: Sequence[Metric] | None = None,
    *,
    reference: str | Scenario | None = None,
    futures: Iterable[Scenario] | None = None,
    weights: Iterable[SupportsFloat] | None = None,
    lower_is_better: Iterable[Metric] | None = None,
    at: DurationLike | None = None,
    clip: bool = False,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    recoverable_from: Funnel | None = None,
    recoverable_of: Metric | None = None,
) -> Comparison | Futures:
    """Compare scenarios by metrics, against the funnel as it is or another of them.

    Each scenario is applied alone; the base is never changed. Scenarios may change the structure: a metric
    that names a part which only some of them have is unknown for the others.

    With `futures`, every scenario is a strategy, which one chooses, and is tried in every future, which one
    does not: the funnel under ``future | strategy``. Regret is what the best feasible strategy of that future
    has more.

    Parameters
    ----------
    funnel : Funnel
    scenarios : iterable of Scenario
        Each with a name of its own; "base" is the funnel as it is.
    metrics : sequence of Metric, optional
        Profit unless given.
    reference : str or Scenario, optional
        What differences are to; the base unless given.
    futures : iterable of Scenario, optional
    weights : iterable of float, optional
        Of the futures, for the means; all alike unless given.
    lower_is_better : iterable of Metric, optional
        The metrics of which less is better. Unless given: costs, cost per outcome, times, what could be
        recovered, lost and silent outcomes, the drop-off.
    at : days, or duration, optional
        Only the changes in force on that day.
    clip : bool
        Let every change that meets a bound take what is possible; `notes` tells which did.
    discount_rate, capacity
        As for :func:`analyze`.
    recoverable_from, recoverable_of : Funnel and Metric, optional
        The reference and the metric of ``metric.recoverable()``.

    Returns
    -------
    Comparison, or Futures
        A table.

    Raises
    ------
    ConflictError
        A future and a strategy touch one number; with both names.
    ImpossibleChangeError, UnknownNameError, InvalidFunnelError
        As :func:`apply` and :func:`evaluate`.
    InvalidValueError
        No metric, no future, two scenarios of one name, weights of another number or below 0.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Sandal shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("customer", kind="won", value=50)
    >>> shop.add_transition("enquiry", "customer", rate=0.25)
    >>> shop.add_entry("enquiry", volume=1_000, cost=4)
    >>> quick = fg.Scenario("Call at once").set(fg.rate("enquiry", "customer"), 0.3)
    >>> advert = fg.Scenario("Advertise").scale(fg.volume("enquiry"), 1.5)
    >>> table = fg.compare(shop, [quick, advert], metrics=[fg.metric.profit()])
    >>> print(table.select("scenario", "value", "difference", "rank"))
    Comparison with base
    scenario       value  difference  rank
    ────────────  ──────  ──────────  ────
    base           8,500           0     3
    Call at once  11,000       2,500     2
    Advertise     12,750       4,250     1
    >>> slump = fg.Scenario("Slump").scale(fg.value("customer"), 0.4)
    >>> boom = fg.Scenario("Boom").scale(fg.value("customer"), 1.1)
    >>> fg.compare(shop, [quick, advert], futures=[slump, boom]).picks[0].minimax_regret
    'Advertise'
    """
    wanted = [profit()] if metrics is None else list(metrics)
    for metric in wanted:
        if not isinstance(metric, Metric):
            raise TypeError(f"expected metrics, as fg.metric.profit(), not {type(metric).__name__}")
    core = core_of(funnel)
    cores = [core_of_scenario(scenario) for scenario in scenarios]
    less = [] if lower_is_better is None else _less(wanted, lower_is_better)
    source = None if recoverable_from is None else core_of(recoverable_from)
    rest = (less, at, clip, discount_rate, capacity, source, recoverable_of)
    if futures is not None:
        if reference is not None:
            raise TypeError(
                "compare() takes reference= or futures=, not both: regret is to the best of a future"
            )
        shares = [] if weights is None else [float(weight) for weight in weights]
        outside = [core_of_scenario(future) for future in futures]
        table, cells, picks, notes = _core.compare_futures(core, cores, outside, wanted, shares, *rest)
        return Futures._made(
            table,
            "Strategies over all futures",
            cells=Table._of(cells, "Strategies in each future"),
            picks=Table._of(picks, "What each rule would choose"),
            notes=notes,
        )
    if weights is not None:
        raise TypeError("compare() takes weights= with futures= only")
    name = reference.name if isinstance(reference, Scenario) else reference
    table, used, notes = _core.compare(core, cores, wanted, name, *rest)
    return Comparison._made(table, f"Comparison with {used}", reference=used, notes=notes)


def _less(metrics: Sequence[Metric], lower: Iterable[Metric]) -> list[bool]:
    chosen = set(lower)
    unknown = [metric for metric in chosen if metric not in metrics]
    if unknown:
        _core.raise_unknown_name("metric", str(unknown[0]), [str(metric) for metric in metrics])
    return [metric in chosen for metric in metrics]


def at_strength(scenario: Scenario, funnel: Funnel, strength: SupportsFloat) -> Scenario:
    """Return the scenario with its numbers going only a part of their way from the funnel's.

    At strength s a set number is base + s (number - base), a factor 1 + s (factor - 1), a summand s times
    itself, a factor of odds its s-th power; what is unknown or not set at either end, and all structure, is
    there whatever s. 1 gives the scenario itself.

    Parameters
    ----------
    scenario : Scenario
    funnel : Funnel
        Where its numbers start from.
    strength : float
        In [0, 1].

    Returns
    -------
    Scenario

    Raises
    ------
    InvalidValueError
        `strength` is not in [0, 1].

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.reference.online_shop()
    >>> twice = fg.Scenario("Twice").scale(fg.volume("reach"), 2)
    >>> fg.at_strength(twice, shop, 0.5)
    Scenario('Twice').scale(volume('reach'), 1.5)
    """
    return Scenario._of(_core.at_strength(core_of_scenario(scenario), core_of(funnel), strength))

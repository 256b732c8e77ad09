"""What comes of a funnel whose numbers are not sure: Monte Carlo, and which number makes it unsure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, SupportsFloat, TypeAlias

from . import _core
from ._checks import metric_of
from ._core import Distribution, Metric, Parameter
from ._frozen import Frozen
from .distributions import Dirichlet
from .enums import CapacityRule
from .model import Funnel, core_of
from .number import Number
from .scenario import Scenario, core_of_scenario
from .table import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array: TypeAlias = npt.NDArray[np.float64]

__all__ = ["MonteCarlo", "Sobol", "monte_carlo", "sobol"]

#: A distribution, or a number that says how sure it is; with what a rate takes from as a second element.
Belief: TypeAlias = "Distribution | Number | Dirichlet | tuple[Distribution | Number, str]"
#: What is drawn: numbers by their address, rows by their stage; or everything that is unsure.
Beliefs: TypeAlias = "Mapping[Parameter | str, Belief] | Literal['uncertain']"
Correlations: TypeAlias = (
    "Mapping[tuple[Parameter, Parameter], SupportsFloat] | Sequence[Sequence[float]] | Any"
)


class MonteCarlo(Frozen):
    """Results of :func:`monte_carlo`. Frozen.

    Attributes
    ----------
    draws : int
        How many were done.
    table : Table
        A row for each scenario ("base" first) and metric: scenario, metric, point (with the numbers as they
        stand), mean, sd, standard_error (of the mean), each quantile ("q5", "q50", ...) with its standard
        error ("q5_error"), draws (that have a number).
    differences : Table
        Scenario less base, draw by draw; besides the columns above `more`, the share of draws in which the
        scenario gives more, and its standard error.
    targets : Table
        Probability that a metric reaches its target, with its standard error.
    counts : Table
        By scenario, how many draws were ok, fitted, impossible, out_of_range, unsolvable.
    notes : tuple of str
        What was scaled to fit or left out.
    """

    __slots__ = ("_drawn", "_results", "counts", "differences", "draws", "notes", "table", "targets")

    draws: int
    table: Table
    differences: Table
    targets: Table
    counts: Table
    notes: tuple[str, ...]
    _drawn: dict[Parameter, Array]
    _results: dict[tuple[str, Metric], Array]

    def __init__(self, made: Mapping[str, Any]) -> None:
        self._put(
            draws=made["draws"],
            table=Table._of(made["rows"], "Monte Carlo"),
            differences=Table._of(made["differences"], "Difference to the base"),
            targets=Table._of(made["targets"], "Targets"),
            counts=Table._of(made["counts"], "Draws"),
            notes=made["notes"],
            _drawn=dict(made["drawn"]),
            _results={(scenario, metric): values for scenario, metric, values in made["results"]},
        )

    @property
    def drawn(self) -> dict[Parameter, Array]:
        """Draws of each parameter, with ``keep_draws=True``; else empty."""
        return dict(self._drawn)

    def results(self, metric: Metric, *, scenario: str | Scenario = "base") -> Array:
        """Return a metric draw by draw (NaN where a draw has none), with ``keep_draws=True``.

        Parameters
        ----------
        metric : Metric
        scenario : str or Scenario
            "base" is the funnel as it is drawn.

        Returns
        -------
        numpy.ndarray of float, (draws,)

        Raises
        ------
        UnknownNameError
            There is no such column, or the draws were not kept.
        """
        name = scenario.name if isinstance(scenario, Scenario) else scenario
        found = self._results.get((name, metric))
        if found is None:
            from .errors import UnknownNameError

            kept = [f"{s}: {m}" for s, m in self._results]
            given = f"{name}: {metric}"
            kind = "column of draws" if kept else "column of draws (none is kept without keep_draws=True)"
            raise UnknownNameError(kind, given, _core.nearest_name(given, kept))
        return found

    def __repr__(self) -> str:
        return f"<MonteCarlo of {self.draws:,} draws, {len(self.table)} rows>"

    def __str__(self) -> str:
        parts = [str(self.table)]
        parts += [str(table) for table in (self.differences, self.targets) if len(table)]
        return "\n\n".join([*parts, *self.notes])

    def _repr_html_(self) -> str:
        tables = [self.table, *(table for table in (self.differences, self.targets) if len(table))]
        return "".join(table._repr_html_() for table in tables)


class Sobol(Frozen):
    """Results of :func:`sobol`. Frozen.

    Attributes
    ----------
    table : Table
        metric, parameter, first, first_low, first_high, total, total_low, total_high; by metric, the
        largest total index first.
    notes : tuple of str
        Points that were left out.
    """

    __slots__ = ("notes", "table")

    table: Table
    notes: tuple[str, ...]

    def __init__(self, table: _core.Table, notes: tuple[str, ...]) -> None:
        self._put(table=Table._of(table, "Sobol indices"), notes=notes)

    def __repr__(self) -> str:
        return f"<Sobol of {len(self.table)} rows>"

    def __str__(self) -> str:
        return "\n\n".join([str(self.table), *self.notes])

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def monte_carlo(
    funnel: Funnel,
    parameters: Beliefs = "uncertain",
    *,
    metrics: Iterable[Metric] | Metric = (),
    scenarios: Iterable[Scenario] | Scenario = (),
    n: int = 10_000,
    seed: int = 0,
    correlation: Correlations | None = None,
    targets: Mapping[Metric, SupportsFloat | tuple[str, SupportsFloat]] | None = None,
    quantiles: Iterable[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    keep_draws: bool = False,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> MonteCarlo:
    """Draw the uncertain numbers and evaluate metrics under the base and every scenario, on the same draws.

    A scenario comes on top of a draw: its changes of structure first, then the draw, then its changes of
    numbers, which start from what was drawn. The same seed gives the same bits at any number of threads;
    another metric, scenario, stage or drawn number changes no other draw.

    Parameters
    ----------
    funnel : Funnel
        It is not changed.
    parameters : mapping, or "uncertain"
        `{parameter: distribution}`; a number such as `fg.between(0.1, 0.3)` or `fg.measured(0.3, n=400)`
        stands for the distribution that it says; `(distribution, take_from)` says what a rate takes from
        ("leak" unless given); `{stage: fg.Dirichlet(...)}` draws a row as a whole. "uncertain" is
        :func:`uncertain` of the funnel.
    metrics : metrics, or one
        Profit unless given. Those of the targets are added.
    scenarios : scenarios, or one
    n : int
        Draws, >= 1.
    seed : int
        >= 0.
    correlation : mapping of pairs, or matrix
        `{(parameter, parameter): r}`, or a symmetric matrix over the numbers in their order: correlations of
        normal scores (a Gaussian copula), in (-1, 1) and positive definite.
    targets : mapping of metric to number
        The metric should reach it; `("<=", number)`: not exceed it.
    quantiles : sequence of float
        In (0, 1).
    keep_draws : bool
        Keep the columns of draws: `drawn` and `results` of what is returned.
    discount_rate, capacity, reference
        As for :func:`analyze`.
    threads : int, optional
        As many as the machine has unless given.
    progress : function of (done, total), optional
        Called about twenty times a second. What it raises ends the work, as Ctrl-C does.

    Returns
    -------
    MonteCarlo

    Raises
    ------
    UnknownNameError
        A number, stage or outcome that the funnel lacks.
    InvalidValueError
        A distribution that reaches outside its number's range, an option outside its own, correlations that
        cannot hold together.
    ConflictError
        A number that is drawn twice, draws of a row that exclude each other.
    ImpossibleChangeError, InvalidFunnelError
        A scenario, or the funnel, that cannot be.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("customer", kind="won", value=100)
    >>> shop.add_transition("enquiry", "customer", rate=0.35)
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> quick = fg.Scenario("Call within a day").scale_odds(fg.rate("enquiry", "customer"), 1.3)
    >>> customers = fg.metric.count("customer")
    >>> result = fg.monte_carlo(shop, {fg.rate("enquiry", "customer"): fg.Beta(35, 65)}, metrics=customers,
    ...                         scenarios=quick, n=20_000, seed=7, targets={customers: 400})
    >>> round(result.table[0].mean), round(result.targets.row(scenario="Call within a day").probability, 1)
    (350, 0.6)
    """
    wanted = listed(metrics)
    if not wanted and not targets:
        wanted = [_core.metric("profit")]
    numbers, rows = _drawn(funnel, parameters)
    made = _core.monte_carlo(
        core_of(funnel),
        numbers,
        rows,
        _correlations(correlation, [number[0] for number in numbers]),
        [metric_of(metric) for metric in wanted],
        [core_of_scenario(scenario) for scenario in listed(scenarios)],
        n,
        seed,
        list(quantiles),
        [_target(metric_of(metric), target) for metric, target in (targets or {}).items()],
        keep_draws,
        discount_rate,
        capacity,
        None if reference is None else core_of(reference),
        threads,
        progress,
    )
    return MonteCarlo(made)


def sobol(
    funnel: Funnel,
    parameters: Beliefs = "uncertain",
    *,
    metrics: Iterable[Metric] | Metric = (),
    n: int = 1024,
    seed: int = 0,
    resamples: int = 200,
    level: float = 0.95,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Sobol:
    """Return how much of a metric's variance each uncertain number explains, alone and with others.

    The first index of a number is the share of the variance that goes away on average once it is known; the
    total one the share that stays when all others are. Saltelli's scheme on Sobol's sequence, first indices
    by Saltelli et al. (2010), total ones by Jansen (1999), intervals by the bootstrap.

    Parameters
    ----------
    funnel, parameters
        As for :func:`monte_carlo`. A row that is drawn as a whole is one number, "row(enquiry)".
    metrics : metrics, or one
        Profit unless given.
    n : int
        Points, a power of two; n * (numbers + 2) variants are evaluated.
    seed : int
        >= 0; of the sequence's shift and of the bootstrap.
    resamples : int
        Of the bootstrap; 0 for no intervals.
    level : float
        Of the intervals, in (0, 1).
    discount_rate, capacity, reference, threads, progress
        As for :func:`monte_carlo`.

    Raises
    ------
    InvalidValueError, UnknownNameError, ConflictError, InvalidFunnelError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry", cost=fg.between(2, 4))
    >>> shop.add_outcome("customer", kind="won", value=100)
    >>> shop.add_transition("enquiry", "customer", rate=fg.measured(0.25, n=400))
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> fg.sobol(shop, n=256).table[0].parameter
    'rate(enquiry, customer)'
    """
    numbers, rows = _drawn(funnel, parameters)
    table, notes = _core.sobol(
        core_of(funnel),
        numbers,
        rows,
        [],
        [metric_of(metric) for metric in listed(metrics)] or [_core.metric("profit")],
        n,
        seed,
        resamples,
        level,
        discount_rate,
        capacity,
        None if reference is None else core_of(reference),
        threads,
        progress,
    )
    return Sobol(table, notes)


def listed(given: Any) -> list[Any]:
    """Return one of something, or several, as a list."""
    return [given] if isinstance(given, Metric | Scenario) else list(given)


def _drawn(
    funnel: Funnel, parameters: Any
) -> tuple[list[tuple[Parameter, Distribution, str]], list[tuple[str, list[tuple[str, float]]]]]:
    """Return what the core draws: numbers, and rows."""
    core = core_of(funnel)
    if isinstance(parameters, str):
        _core.position_of("parameters", parameters, ["uncertain"])
        found, counted = _core.uncertain(core)
        return found, [(stage, list(weights.items())) for stage, weights in counted]
    if not isinstance(parameters, Mapping):
        allowed = 'a mapping of parameters to distributions, or "uncertain"'
        raise TypeError(f"parameters= takes {allowed}, not {type(parameters).__name__}")
    numbers: list[tuple[Parameter, Distribution, str]] = []
    rows: list[tuple[str, list[tuple[str, float]]]] = []
    for key, belief in parameters.items():
        if isinstance(belief, Dirichlet):
            if not isinstance(key, str):
                raise TypeError(f"a Dirichlet stands under the name of its stage, not under {key!r}")
            rows.append((key, list(belief.weights.items())))
            continue
        if not isinstance(key, Parameter):
            raise TypeError(f"a distribution stands under a parameter, as fg.rate(...), not under {key!r}")
        take_from = "leak"
        if isinstance(belief, tuple):
            if len(belief) != 2 or not isinstance(belief[1], str):
                raise TypeError(f"{key}: expected (distribution, take_from), not {belief!r}")
            belief, take_from = belief
        numbers.append((key, _distribution(key, belief), take_from))
    return numbers, rows


def _distribution(parameter: Parameter, belief: Any) -> Distribution:
    if isinstance(belief, Distribution):
        return belief
    if isinstance(belief, Number):
        found = _core.distribution_of(belief, parameter)
        if found is not None:
            return found
    allowed = (
        "a distribution, as fg.Beta(35, 65), or a number that says how sure it is, as fg.between(0.1, 0.3)"
    )
    raise TypeError(f"{parameter}: expected {allowed}, not {belief!r}")


def _correlations(given: Any, parameters: list[Parameter]) -> list[tuple[Parameter, Parameter, float]]:
    if given is None:
        return []
    if isinstance(given, Mapping):
        pairs = []
        for key, value in given.items():
            if not (isinstance(key, tuple) and len(key) == 2 and all(isinstance(p, Parameter) for p in key)):
                raise TypeError(f"correlation= takes pairs of parameters, not {key!r}")
            pairs.append((key[0], key[1], float(value)))
        return pairs
    from .errors import InvalidValueError

    matrix = [[float(value) for value in row] for row in getattr(given, "values", given)]
    size = len(parameters)
    if len(matrix) != size or any(len(row) != size for row in matrix):
        shape = f"{len(matrix)} rows of {', '.join(str(len(row)) for row in matrix[:3])}"
        raise InvalidValueError("correlation matrix", shape, f"{size} by {size}, one row a number")
    pairs = []
    for i, row in enumerate(matrix):
        if row[i] != 1:
            raise InvalidValueError(f"correlation matrix, row {i + 1}", str(row[i]), "1 on the diagonal")
        for j in range(i):
            if row[j] != matrix[j][i]:
                where = f"correlation matrix, row {i + 1}, column {j + 1}"
                raise InvalidValueError(where, f"{row[j]} and {matrix[j][i]}", "a symmetric matrix")
            if row[j] != 0:
                pairs.append((parameters[j], parameters[i], row[j]))
    return pairs


def _target(metric: Metric, given: Any) -> tuple[Metric, float, bool]:
    if isinstance(given, tuple):
        if len(given) != 2 or given[0] not in ("<=", ">="):
            raise TypeError(f'a target is a number, ("<=", number) or (">=", number), not {given!r}')
        return metric, float(given[1]), given[0] == "<="
    return metric, float(given), False

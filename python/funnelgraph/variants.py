"""Many variants of one funnel at once: columns of numbers in, columns of results out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsFloat, TypeVar

from . import _core
from ._checks import said_of
from ._core import Metric, Parameter
from .enums import CapacityRule
from .model import Funnel, core_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["VariantResults", "Variants", "evaluate_variants", "instruction_set"]

_T = TypeVar("_T")
_STATUS = ("ok", "fitted", "impossible", "out_of_range", "unsolvable")


def instruction_set() -> str:
    """Return the kernels that run variants on this machine: "avx512", "avx2" or "baseline"."""
    return _core.Variants.instruction_set()


class VariantResults(NamedTuple):
    """What became of the variants.

    Attributes
    ----------
    values : numpy.ndarray, shape (variants, metrics)
        A column a metric, each contiguous; with `feasible=True` one more, 1 where no stage is above its
        capacity. NaN where a variant has none.
    status : numpy.ndarray of uint8, shape (variants,)
        0 ok, 1 fitted (rates scaled to what their donors hold), 2 impossible (more than they hold), 3 out of
        range (NaN included), 4 unsolvable (stages that nothing leaves). Only 0 and 1 have values.
    metrics : tuple of Metric
        The metric of each column.
    fitted, impossible, out_of_range, unsolvable : int
        How many.
    """

    values: npt.NDArray[np.float64]
    status: npt.NDArray[np.uint8]
    metrics: tuple[Metric, ...]
    fitted: int
    impossible: int
    out_of_range: int
    unsolvable: int

    def column(self, metric: Metric) -> npt.NDArray[np.float64]:
        """Return the column of one metric, a view.

        Raises
        ------
        KeyError
            It was not asked for.
        """
        if metric not in self.metrics:
            raise KeyError(f"{metric} is none of the metrics: {', '.join(map(str, self.metrics))}")
        return self.values[:, self.metrics.index(metric)]

    @property
    def statuses(self) -> list[str]:
        """The status of each variant in words."""
        return [_STATUS[code] for code in self.status.tolist()]


class Variants:
    """A funnel of which some numbers vary, planned once and run over any number of variants.

    Agrees with ``evaluate(apply(funnel, scenario), metric)`` of each variant by itself, without making the
    funnels: a tape of vector operations, found from the funnel's graph, of which only what depends on the
    varied numbers runs.

    Parameters
    ----------
    funnel : Funnel
        The base. It is copied; what happens to it later changes nothing here.
    parameters : sequence of Parameter
        What varies, as ``fg.rate("enquiry", "order")``. A group moves in proportion.
    metrics : sequence of Metric
    change : str or mapping of Parameter to str
        What a column holds: "set" (new numbers), "scale" (factors), "shift" (what is added) or "scale_odds"
        (factors of the odds).
    take_from : str, None or mapping of Parameter to these
        What a changed rate takes from: "leak", "siblings", "drop_off", a target of the stage, None for
        nobody.
    fit_rows : bool
        Rates that ask their donors for more than they hold get what there is (status 1) instead of being
        impossible.
    feasible : bool
        One more column of results: whether no stage is above its capacity.
    discount_rate, capacity, reference, recoverable_of
        As for :func:`funnelgraph.evaluate`.

    Raises
    ------
    UnknownNameError, ConflictError, InvalidFunnelError, InvalidValueError
        As :func:`funnelgraph.apply`.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("order", kind="won", value=100)
    >>> shop.add_transition("enquiry", "order", rate=0.25)
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> variants = fg.Variants(shop, [fg.rate("enquiry", "order")], [fg.metric.revenue()])
    >>> variants.run([[0.2, 0.3]]).values[:, 0].tolist()
    [20000.0, 30000.0]
    """

    __slots__ = ("_core", "feasible", "metrics", "parameters")

    def __init__(
        self,
        funnel: Funnel,
        parameters: Sequence[Parameter],
        metrics: Sequence[Metric],
        *,
        change: str | Mapping[Parameter, str] = "set",
        take_from: str | Mapping[Parameter, str | None] | None = "leak",
        fit_rows: bool = False,
        feasible: bool = False,
        discount_rate: SupportsFloat | None = None,
        capacity: CapacityRule | str = "report",
        reference: Funnel | None = None,
        recoverable_of: Metric | None = None,
    ) -> None:
        self.parameters = tuple(_only(Parameter, parameters, "parameters"))
        self.metrics = tuple(_only(Metric, metrics, "metrics"))
        self.feasible = bool(feasible)
        rows = ("rate", "drop_off")
        sources: list[str | None] = [
            said_of(parameter, take_from, "leak") if parameter.kind in rows else "leak"
            for parameter in self.parameters
        ]
        self._core = _core.Variants(
            core_of(funnel),
            list(self.parameters),
            [said_of(parameter, change, "set") for parameter in self.parameters],
            sources,
            list(self.metrics),
            bool(fit_rows),
            self.feasible,
            discount_rate,
            capacity,
            None if reference is None else core_of(reference),
            recoverable_of,
        )

    _core: _core.Variants
    parameters: tuple[Parameter, ...]
    metrics: tuple[Metric, ...]
    feasible: bool

    def __repr__(self) -> str:
        return f"<Variants of {len(self.parameters)} parameters by {len(self.metrics)} metrics>"

    def run(
        self,
        columns: Sequence[npt.ArrayLike | None],
        *,
        threads: int | None = None,
        progress: Callable[[int, int], Any] | None = None,
    ) -> VariantResults:
        """Compute every variant.

        Parameters
        ----------
        columns : sequence of array_like, each of shape (variants,)
            The numbers of each parameter, in their order. Contiguous arrays of float64 are read where they
            lie. None leaves a parameter as it is in the base.
        threads : int, optional
            None for as many as the machine has. The results are the same, to the bit.
        progress : callable, optional
            Called with (done, variants) about twenty times a second. Ctrl-C ends the run within half a
            second.

        Raises
        ------
        InvalidValueError
            Columns of different lengths, or not one for each parameter.
        """
        width = len(self.metrics) + int(self.feasible)
        values, status, *counts = self._core.run(list(columns), width, threads, progress)
        return VariantResults(values, status, self.metrics, *counts)


def evaluate_variants(
    funnel: Funnel,
    columns: Mapping[Parameter, npt.ArrayLike],
    metrics: Metric | Sequence[Metric],
    *,
    change: str | Mapping[Parameter, str] = "set",
    take_from: str | Mapping[Parameter, str | None] | None = "leak",
    fit_rows: bool = False,
    feasible: bool = False,
    threads: int | None = None,
    progress: Callable[[int, int], Any] | None = None,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
    recoverable_of: Metric | None = None,
) -> VariantResults:
    """Evaluate metrics over columns of numbers, one variant a row.

    Parameters
    ----------
    funnel : Funnel
        The base; never changed.
    columns : mapping of Parameter to array_like of shape (variants,)
    metrics : Metric or sequence of Metric
    change, take_from, fit_rows, feasible, discount_rate, capacity, reference, recoverable_of
        As for :class:`Variants`.
    threads, progress
        As for :meth:`Variants.run`.

    Returns
    -------
    VariantResults

    Examples
    --------
    >>> import funnelgraph as fg
    >>> funnel = fg.reference.demand_waterfall()
    >>> reach = fg.volume("inquiry")
    >>> won = fg.metric.count("won")
    >>> twice = fg.evaluate_variants(funnel, {reach: [1.0, 2.0]}, won, change="scale")
    >>> bool(twice.column(won)[0] < twice.column(won)[1] < 2 * twice.column(won)[0])
    True
    """
    if not isinstance(columns, Mapping):
        raise TypeError(f"columns takes a mapping of parameters to numbers, not {type(columns).__name__}")
    variants = Variants(
        funnel,
        list(columns),
        [metrics] if isinstance(metrics, Metric) else metrics,
        change=change,
        take_from=take_from,
        fit_rows=fit_rows,
        feasible=feasible,
        discount_rate=discount_rate,
        capacity=capacity,
        reference=reference,
        recoverable_of=recoverable_of,
    )
    return variants.run(list(columns.values()), threads=threads, progress=progress)


def _only(kind: type[_T], given: Sequence[_T], what: str) -> list[_T]:
    """Return the sequence as a list of that kind, or raise TypeError."""
    found = list(given)
    for one in found:
        if not isinstance(one, kind):
            raise TypeError(f"{what} takes {kind.__name__} objects, not {type(one).__name__}")
    return found

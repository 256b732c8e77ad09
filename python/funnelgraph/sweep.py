"""Metrics over a grid of one or more numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, SupportsFloat

from . import _core
from ._checks import said_of
from ._core import Metric, Parameter
from .enums import CapacityRule
from .metric import profit
from .model import Funnel, core_of
from .table import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["sweep"]


def sweep(
    funnel: Funnel,
    grids: Mapping[Parameter, Any],
    metrics: Sequence[Metric] | None = None,
    *,
    kind: str | Mapping[Parameter, str] = "set",
    take_from: str | Mapping[Parameter, str | None] | None = "leak",
    paired: bool = False,
    fit_rows: bool = False,
    feasible: bool = False,
    threads: int | None = None,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    recoverable_from: Funnel | None = None,
    recoverable_of: Metric | None = None,
) -> Table:
    """Return metrics at every point of a grid.

    The points are run in lanes by the core: a million take no Python loop, and the columns of the table are
    NumPy arrays that share its memory. A point that cannot be (a rate that its row cannot bear) is no error:
    its status says so, and its metrics are NaN.

    Parameters
    ----------
    funnel : Funnel
    grids : mapping of Parameter to array_like
        The values of each number, one-dimensional; durations for lags and service levels may be
        timedeltas. Every combination is a point, the last number fastest.
    metrics : sequence of Metric, optional
        Profit unless given.
    kind : str, or mapping of Parameter to str
        What the values are: "set" (new numbers), "scale" (factors), "shift" (summands) or "scale_odds".
    take_from : str, None, or mapping of Parameter to these
        Of rates: what they take from, as in :meth:`Scenario.set`.
    paired : bool
        Walk through all grids together instead, which then have one length.
    fit_rows : bool
        Scale rates of one row that take more than there is, instead of calling the point impossible.
    feasible : bool
        Add the column `feasible`: no stage is above its capacity.
    threads : int, optional
        As many as the machine has unless given. Results are the same at any number.
    discount_rate, capacity
        As for :func:`analyze`.
    recoverable_from, recoverable_of : Funnel and Metric, optional
        The reference and the metric of ``metric.recoverable()``.

    Returns
    -------
    Table
        A column for each parameter and each metric, as they are written in code, and `status`: "ok",
        "fitted", "impossible", "out of range" or "unsolvable".

    Raises
    ------
    InvalidValueError
        An empty grid, a value that is not finite, paired grids of different lengths, no grid, no metric.
    UnknownNameError, ConflictError, InvalidFunnelError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_stage("enquiry")
    >>> shop.add_outcome("customer", kind="won", value=50)
    >>> shop.add_transition("enquiry", "customer", rate=0.25)
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> closing = fg.rate("enquiry", "customer")
    >>> print(fg.sweep(shop, {closing: [0.2, 0.3, 1.2]}, [fg.metric.revenue()]))
    rate(enquiry, customer)  revenue()  status
    ───────────────────────  ─────────  ──────────
                      0.200     10,000  ok
                      0.300     15,000  ok
                      1.200          –  impossible
    """
    if not isinstance(grids, Mapping):
        raise TypeError(f"sweep() takes a mapping of parameters to values, not {type(grids).__name__}")
    parameters = list(grids)
    for parameter in parameters:
        if not isinstance(parameter, Parameter):
            raise TypeError(
                f'expected parameters, as fg.rate("enquiry", "order"), not {type(parameter).__name__}'
            )
    wanted = [profit()] if metrics is None else list(metrics)
    core = _core.sweep(
        core_of(funnel),
        parameters,
        [_grid(parameter, grids[parameter]) for parameter in parameters],
        [said_of(parameter, kind, "set") for parameter in parameters],
        [said_of(parameter, take_from, "leak") for parameter in parameters],
        wanted,
        paired,
        fit_rows,
        feasible,
        threads,
        discount_rate,
        capacity,
        None if recoverable_from is None else core_of(recoverable_from),
        recoverable_of,
    )
    return Table._of(core)


def _grid(parameter: Parameter, values: Any) -> npt.NDArray[np.float64]:
    """Return the values as a one-dimensional array of numbers, durations in days."""
    import numpy as np

    array = np.atleast_1d(np.asarray(values if hasattr(values, "__array__") else list(values)))
    if array.dtype.kind == "m":
        array = array / np.timedelta64(1, "D")
    elif array.dtype.kind == "O":
        array = np.array([_core.days(value, f"grid of {parameter}") for value in array.ravel()])
    elif array.dtype.kind not in "iuf" and array.size:
        raise TypeError(f"the grid of {parameter} takes numbers or durations, not {array.dtype}")
    if array.ndim != 1:
        from .errors import InvalidValueError

        raise InvalidValueError(f"grid of {parameter}", f"{array.ndim} dimensions", "one dimension")
    return np.ascontiguousarray(array, dtype=np.float64)

"""Key figures by role: what each should show, its scorecard, and what nobody measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsFloat

from . import _core
from .enums import Role
from .language import check_language
from .model import Funnel, core_of
from .table import Table

if TYPE_CHECKING:
    pass

__all__ = ["Kpi", "Scorecard", "measurement_gaps", "scorecard", "standard_kpis"]


class Kpi(NamedTuple):
    """A key figure as data.

    Attributes
    ----------
    id : str
        Its name among the figures of a scorecard.
    labels : mapping of str to str
        By language.
    formula : str
        Over given figures and a funnel's; "" is the figure `id` itself.
    funnel_formula : str
        Over a funnel's figures, where those of `formula` are not given.
    unit : str
        "people", "orders", "money", "share", "days", "points", "count".
    direction : {"up", "down"}
        Which way is good.
    role : Role or str
        Who answers for it; "other" is both sides.
    soft : bool
        Of the longer run: judge it by its trend.
    """

    id: str
    labels: Mapping[str, str] = MappingProxyType({})
    formula: str = ""
    funnel_formula: str = ""
    unit: str = ""
    direction: str = "up"
    role: Role | str = "other"
    soft: bool = False

    def _given(self) -> dict[str, Any]:
        return {**self._asdict(), "labels": dict(self.labels), "role": str(self.role)}


def standard_kpis(role: str) -> tuple[Kpi, ...]:
    """Return the key figures of a card.

    Parameters
    ----------
    role : str
        "marketing", "sales", "care", "shared", "upstream_marketing" or "economics".

    Returns
    -------
    tuple of Kpi

    Raises
    ------
    UnknownNameError
        There is no such card.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> [kpi.id for kpi in fg.standard_kpis("shared")][:2]
    ['quota_attained', 'new_customers']
    """
    return tuple(Kpi(**kpi) for kpi in _core.standard_kpis(role))


class Scorecard(NamedTuple):
    """A role's key figures. Made by :func:`scorecard`.

    Attributes
    ----------
    role, title : str
    basis : str
        What the figures are and how status is told, in a sentence.
    near, steady : float
        The thresholds of status and trend.
    table : Table
        kpi, label, unit, direction, actual, target, gap (how far on the good side of the target, as a share
        of it), status (on, near, off, no_target, not_measured), previous, change, trend (better, steady,
        worse, unknown), control_share, numerator, denominator, source, formula, soft.
    warnings : Table
        code, where, message: what is not measured, has no target, is divided by zero or not controlled.
    """

    role: str
    title: str
    basis: str
    near: float
    steady: float
    table: Table
    warnings: Table

    def row(self, kpi: str) -> Any:
        """Return the row of a KPI.

        Parameters
        ----------
        kpi : str
            Its id.

        Returns
        -------
        Row

        Raises
        ------
        UnknownNameError
            It is not on the card; with the nearest.
        """
        return self.table.row(kpi=kpi)

    def to_pandas(self) -> Any:
        """Return `table` as a pandas DataFrame."""
        return self.table.to_pandas()

    def __str__(self) -> str:
        columns = ("label", "actual", "target", "gap", "status", "trend", "control_share")
        lines = [str(self.table.select(*columns)), self.basis]
        lines += [f"! {row.message}" for row in self.warnings]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def scorecard(
    funnel: Funnel | None = None,
    *,
    role: str = "sales",
    actual: Mapping[str, SupportsFloat | None] | None = None,
    target: Mapping[str, SupportsFloat | None] | None = None,
    previous: Mapping[str, SupportsFloat | Iterable[SupportsFloat | None]] | None = None,
    plan: Funnel | None = None,
    kpis: Iterable[Kpi] = (),
    standard: bool = True,
    near: SupportsFloat = 0.10,
    steady: SupportsFloat = 0.01,
    language: str = "en",
) -> Scorecard:
    """Return a role's key figures with actual, target, status and trend, and what is not measured.

    An actual is, in this order: given by the KPI's id; its formula over given figures and the funnel's; its
    formula over the funnel's figures alone. Targets alike, from `target` and `plan`. Status: "on" where the
    target is reached, "near" up to `near` short of it, else "off". Trend: the median of the slopes between
    all pairs of the earlier values and the actual (Theil and Sen), "steady" below `steady` per step.

    Parameters
    ----------
    funnel : Funnel, optional
        Its figures: revenue, cost, profit, entrants, wins, win_rate, cycle_time, lifetime_value, a stage's
        name (visits), an outcome's (count), ``count(x)``, ``visits(x)``, ``cost_per(x)``, ...
    role : str
        "marketing", "sales", "care", "shared", "upstream_marketing", "economics".
    actual, target : mapping of str to number
        KPIs by id, or figures that stand in their formulas; None is unknown. :func:`table_figures` makes
        figures of a table.
    previous : mapping of str to number or numbers
        Earlier values of KPIs, oldest first.
    plan : Funnel, optional
        Where targets come from that are not given.
    kpis : Kpi, ...
        Beside the standard ones; one of the same id replaces it.
    standard : bool
        Whether the standard ones are in.
    near, steady : number
        Thresholds, as shares.
    language : {"en", "vi"}

    Raises
    ------
    UnknownNameError
        A figure that neither names a KPI nor stands in a formula; with the nearest one.
    InvalidValueError
        A threshold, an infinite figure, a formula (with the place), a KPI given twice.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> card = fg.scorecard(
    ...     role="shared",
    ...     actual={"revenue": 950, "quota": 1_000, "closings": 12},
    ...     target={"quota_attained": 1, "closings": 10},
    ...     previous={"closings": [8, 9]},
    ... )
    >>> card.row("quota_attained").status, card.row("closings").status, card.row("closings").trend
    ('near', 'on', 'better')
    """
    options: dict[str, Any] = {
        "role": role,
        "actual": None if actual is None else dict(actual),
        "target": None if target is None else dict(target),
        "previous": None if previous is None else {k: _series(v) for k, v in previous.items()},
        "plan": None if plan is None else core_of(plan),
        "kpis": [kpi._given() for kpi in kpis],
        "standard": standard,
        "near": near,
        "steady": steady,
        "language": language,
    }
    made = _core.scorecard(None if funnel is None else core_of(funnel), options)
    made["table"] = Table._of(made.pop("rows"), made["title"])
    made["warnings"] = Table._of(made["warnings"], "Warnings")
    return Scorecard(**made)


def _series(values: Any) -> list[Any]:
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def measurement_gaps(funnel: Funnel, *, language: str = "en") -> Table:
    """Return what nobody measures: kind (stage, owner, side, placeholder), name, message.

    A number counts as measured when its source says so: one side must not be judged by figures alone while
    the other has none.

    Parameters
    ----------
    funnel : Funnel
    language : {"en", "vi"}
        Of the messages.

    Returns
    -------
    Table
    """
    return Table._of(_core.measurement_gaps(core_of(funnel), check_language(language)), "Not measured")

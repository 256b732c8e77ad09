"""What a funnel says: probabilities, times, money, hand-offs, the owner ledger, and what they rest on."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple, SupportsFloat

from . import _core
from ._checks import analysis_options, metric_of
from ._core import Metric
from ._frozen import FrozenTables
from ._layout import number_text
from .enums import CapacityRule
from .errors import InvalidValueError
from .model import Funnel, core_of
from .table import Table

__all__ = ["Analysis", "TimeMoments", "analyze", "evaluate"]


class TimeMoments(NamedTuple):
    """Mean and standard deviation in days, of the journeys it is about; NaN where a lag is unknown."""

    mean: float
    sd: float


class Analysis(FrozenTables):
    """Results of one funnel: eventual results of one period's entrants. Frozen.

    Made by :func:`analyze`. Methods that take a `start` solve on demand; all may be called from many threads.
    A name that is not there is an :class:`UnknownNameError` with the nearest.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> shop = fg.Funnel("Shop")
    >>> shop.add_owner("Sales", role="sales")
    >>> shop.add_stage("enquiry", owner="Sales", cost=2)
    >>> shop.add_stage("offer", owner="Sales")
    >>> shop.add_outcome("customer", kind="won", value=100)
    >>> shop.add_transition("enquiry", "offer", rate=0.5, lag=1)
    >>> shop.add_transition("offer", "customer", rate=0.25, lag=3)
    >>> shop.add_entry("enquiry", volume=1_000)
    >>> a = fg.analyze(shop)
    >>> a.count("customer"), a.probability("customer", start="offer"), a.time_to("customer").mean
    (125.0, 0.25, 4.0)
    >>> a.revenue, a.cost, a.profit, a.cost_per("customer")
    (12500.0, 2000.0, 10500.0, 16.0)
    """

    __slots__ = ("_currency", "_name", "_period")

    def __init__(
        self, core: _core.Analysis, *, name: str = "", currency: str = "", period: str = "period"
    ) -> None:
        self._put(_core=core, _name=name, _currency=currency, _period=period, _tables={})

    _core: _core.Analysis
    _name: str
    _currency: str
    _period: str

    # ---- totals --------------------------------------------------------------------------------

    @property
    def revenue(self) -> float:
        """Discounted revenue.

        Raises
        ------
        InvalidValueError
            Journeys reach an outcome whose value is unknown: revenue is then absent, never 0.
        """
        self._require_values("revenue")
        return self._core.revenue

    @property
    def cost(self) -> float:
        """Discounted cost: of stages, transitions and entries, commissions, and owners' fixed cost."""
        return self._core.cost

    @property
    def profit(self) -> float:
        """Revenue less cost. Raises InvalidValueError as `revenue`."""
        self._require_values("profit")
        return self._core.profit

    @property
    def unknown_values(self) -> list[str]:
        """Outcomes that journeys reach and whose value is unknown: revenue and profit are then absent."""
        return self._core.unknown_values

    def _require_values(self, what: str) -> None:
        for outcome in self._core.unknown_values:
            raise InvalidValueError(f"value({outcome})", "unknown", f"a number, to speak of {what}")

    @property
    def entrants(self) -> float:
        """Entrants per period."""
        return self._core.entrants

    @property
    def feasible(self) -> bool:
        """Whether no stage is above its capacity."""
        return self._core.feasible

    @property
    def assumed_share(self) -> float:
        """Share of the metric's absolute elasticities that rests on assumed and placeholder numbers.

        The metric is profit unless `analyze` was given another; NaN where it does not react to any number.
        """
        return self._core.assumed_share()

    # ---- tables --------------------------------------------------------------------------------

    @property
    def stages(self) -> Table:
        """One row a stage.

        Columns: stage, owner, unit, visits (repeats counted), reach (probability that an average entrant is
        ever there), conversion (probability of a won outcome from here), drop_off, lost (visits x drop-off,
        lost and silent), value_lost (an upper bound, never to be summed over stages), recoverable with
        recoverable_low and recoverable_high (95 %; NaN without a reference), dwell_mean (days), utilisation
        (visits / capacity), cost and value (discounted, with the outgoing transitions'), arrivals and shed
        (apart from visits only with ``capacity="cap"``).
        """
        return self._table("stages")

    @property
    def outcomes(self) -> Table:
        """One row an outcome, the last one the drop-off.

        Columns: outcome, kind, owner, probability, count, value (discounted), time_mean and time_sd (days).
        """
        return self._table("outcomes")

    @property
    def owners(self) -> Table:
        """The owner ledger: received = passed_on + screened + lost + open; rows add up to the totals.

        Columns: owner, received (entrants and hand-offs taken), passed_on (hand-offs given and wins),
        screened, lost, open, waiting_days (over journeys), cost and value (discounted), recoverable,
        recoverable_low and recoverable_high.
        """
        return self._table("owners")

    @property
    def owners_by_visit(self) -> Table:
        """The same by visits: received = visits x share, passed_on = all that moved on."""
        return self._table("owners_by_visit")

    @property
    def hand_offs(self) -> Table:
        """One row a hand-off between two owners.

        Columns: from, to, giver, receiver, volume, lag_mean (days), breach (share later than the service
        level), lost (of the volume, what the receiving stage loses on that visit).
        """
        return self._table("hand_offs")

    # ---- one number ----------------------------------------------------------------------------

    def probability(self, outcome: str, start: str | None = None) -> float:
        """Return the probability to end in `outcome` ("drop_off" too), of an average entrant or from a stage.

        Parameters
        ----------
        outcome : str
            "drop_off" is one too.
        start : str, optional
            A stage to start from; an average entrant unless given.

        Returns
        -------
        float
            In [0, 1].
        """
        return self._core.probability(outcome, start)

    def count(self, outcome: str) -> float:
        """Return the expected number per period that ends in `outcome` ("drop_off" too).

        Parameters
        ----------
        outcome : str
            "drop_off" is one too.

        Returns
        -------
        float
            Journeys per period.
        """
        return self._core.count(outcome)

    def visits(self, stage: str, start: str | None = None) -> float:
        """Return the expected visits per period; with `start`, per journey that starts there.

        Parameters
        ----------
        stage : str
        start : str, optional
            Then per journey that starts in this stage.

        Returns
        -------
        float
            Repeats counted.
        """
        return self._core.visits(stage, start)

    def reach(self, stage: str, start: str | None = None) -> float:
        """Return the probability ever to be in `stage`, of an average entrant or from a stage.

        Parameters
        ----------
        stage : str
        start : str, optional
            A stage to start from; an average entrant unless given.

        Returns
        -------
        float
            In [0, 1].
        """
        return self._core.reach(stage, start)

    def time_to(self, outcome: str | None = None, start: str | None = None) -> TimeMoments:
        """Return mean and deviation of the days to `outcome`, of those who end there.

        Without an outcome: to any exit, drop-off included, which takes no time.

        Parameters
        ----------
        outcome : str, optional
            Any exit unless given.
        start : str, optional
            A stage to start from; an average entrant unless given.

        Returns
        -------
        TimeMoments
            Days.
        """
        return TimeMoments(*self._core.time_to(outcome, start))

    def cost_per(self, outcome: str) -> float:
        """Return the total cost per journey that ends in `outcome`; NaN where none does.

        Parameters
        ----------
        outcome : str
            "drop_off" is one too.

        Returns
        -------
        float
            Money.
        """
        return self._core.cost_per(outcome)

    def rate(self, source: str, target: str) -> float:
        """Return the effective rate of a transition, after levers; `target` may be "drop_off".

        Parameters
        ----------
        source : str
            A stage.
        target : str
            A stage, an outcome or "drop_off".

        Returns
        -------
        float
            In [0, 1].

        Raises
        ------
        UnknownNameError
            There is no such transition; with the nearest.
        """
        return self._core.rate(source, target)

    def lifetime_value(self, start: str, horizon: SupportsFloat | timedelta | None = None) -> float:
        """Return the expected discounted value less cost ahead of a journey in stage `start`.

        Parameters
        ----------
        start : str
        horizon : number of days or duration, optional
            Count what falls within it; deterministic lags only.

        Raises
        ------
        InvalidValueError
            A horizon with lags that are not deterministic.
        """
        return self._core.lifetime_value(start, horizon)

    # ---- showing -------------------------------------------------------------------------------

    def _totals(self) -> str:
        money = f" {self._currency}" if self._currency else ""
        texts = [
            f"{number_text(self.entrants)} entrants a {self._period}",
            f"revenue {number_text(self._core.revenue)}{money}",
            f"cost {number_text(self._core.cost)}{money}",
            f"profit {number_text(self._core.profit)}{money}",
        ]
        if not self.feasible:
            texts.append("above capacity")
        return ", ".join(texts)

    def __repr__(self) -> str:
        return f"<Analysis of {self._name!r}: {self._totals()}>"

    def __str__(self) -> str:
        head = f"{self._name}: {self._totals()}" if self._name else self._totals()
        return f"{head}\n\n{self.owners}"

    def _repr_html_(self) -> str:
        from html import escape

        name = f"<strong>{escape(self._name)}</strong>: " if self._name else ""
        return f"<p>{name}{escape(self._totals())}</p>\n{self.owners._repr_html_()}"


def analyze(
    funnel: Funnel,
    *,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
    metric: Metric | None = None,
) -> Analysis:
    """Return everything that a funnel says.

    Subtraction-free elimination (Grassmann, Taksar and Heyman 1985): O(stages + transitions) without loops.

    Parameters
    ----------
    funnel : Funnel
        As it is now; later changes do not touch the results.
    discount_rate : float, optional
        Effective per 365 days, > -1; the funnel's own unless given.
    capacity : {"report", "cap"}
        Visits above a capacity are flagged, or shed to the drop-off.
    reference : Funnel, optional
        A plan, an earlier period or a comparable segment: what reaching its rates would be worth is then in
        the recoverable columns.
    metric : Metric, optional
        Of recoverable value and of `assumed_share`; profit unless given.

    Raises
    ------
    InvalidFunnelError
        With every issue.
    InvalidValueError
        An option lies outside its range.

    Examples
    --------
    >>> import funnelgraph as fg
    >>> a = fg.analyze(fg.reference.demand_waterfall())
    >>> round(float(a.outcomes["probability"].sum()), 12)
    1.0
    """
    core = core_of(funnel)
    analysis = _core.analyze(core, *analysis_options(discount_rate, capacity, reference, metric))
    return Analysis(analysis, name=core.name, currency=core.currency, period=core.period)


def evaluate(
    funnel: Funnel,
    metric: Metric,
    *,
    discount_rate: SupportsFloat | None = None,
    capacity: CapacityRule | str = "report",
    reference: Funnel | None = None,
    recoverable_of: Metric | None = None,
) -> float:
    """Return the value of one metric.

    Parameters
    ----------
    funnel : Funnel
    metric : Metric
    discount_rate, capacity, reference
        As for :func:`analyze`.
    recoverable_of : Metric, optional
        What `metric.recoverable()` is about; profit unless given.

    Raises
    ------
    InvalidFunnelError, InvalidValueError, UnknownNameError

    Examples
    --------
    >>> import funnelgraph as fg
    >>> funnel = fg.reference.demand_waterfall()
    >>> fg.evaluate(funnel, fg.metric.profit()) == fg.analyze(funnel).profit
    True
    """
    options = analysis_options(discount_rate, capacity, reference, recoverable_of)
    return _core.evaluate(core_of(funnel), metric_of(metric), *options)

"""Scorecards, formulas and control shares from Python, checked by hand and against NumPy."""

import copy
import math
import pickle

import numpy as np
import pandas as pd
import pytest

import funnelgraph as fg

CARDS = ("marketing", "sales", "care", "shared", "upstream_marketing", "economics")


def shop(rate=0.35, **numbers):
    """Marketing's numbers are measured, Sales' are not."""
    funnel = fg.Funnel("Sandal shop", currency="VND", period="week")
    funnel.add_owner("Marketing", role="marketing")
    funnel.add_owner("Kinh doanh", role="sales")
    funnel.add_stage("reached", owner="Marketing", cost=numbers.get("cost", 100))
    funnel.add_stage("enquiry", owner={"Marketing": 0.5, "Kinh doanh": 0.5}, cost=5_000)
    funnel.add_outcome("customer", kind="won", owner="Kinh doanh", value=2_000_000)
    funnel.add_outcome("competitor", kind="lost", value=0)
    funnel.add_transition("reached", "enquiry", rate=fg.measured(0.01, n=200_000), lag=1)
    funnel.add_transition("enquiry", "customer", rate=rate, lag=2)
    funnel.add_transition("enquiry", "competitor", rate=0.2, lag=1)
    funnel.add_entry("reached", volume=numbers.get("volume", 200_000))
    return funnel


def test_sales_scorecard():
    """The call of the documentation. [34]"""
    card = fg.scorecard(
        shop(),
        role="sales",
        actual={"orders_phone": 120, "orders_inbox": 91, "orders_from_leads": 60, "revenue_list": 1.9e9},
        target={"orders_phone": 120, "orders_inbox": 100, "orders_from_leads": 100},
        previous={"orders_phone": [90, 100], "orders_inbox": 95},
    )
    assert card.role == "sales"
    assert [card.row(kpi).status for kpi in ("orders_phone", "orders_inbox", "orders_from_leads")] == [
        "on",
        "near",
        "off",
    ]
    assert card.row("orders_phone").trend == "better"
    assert card.row("orders_inbox").trend == "worse"
    assert card.row("orders_inbox").change == pytest.approx(91 / 95 - 1)
    assert card.row("revenue_list").status == "no_target"
    assert card.row("third_orders").status == "not_measured"
    assert "10 %" in card.basis
    assert "Orders by phone" in str(card)
    assert list(card.to_pandas().columns)[:6] == ["kpi", "label", "unit", "direction", "actual", "target"]


@pytest.mark.parametrize("role", CARDS)
def test_every_card_in_both_languages(role):
    """Marketing, Sales, Care, shared, upstream Marketing. [33, 34, 35, 72, 73]"""
    english = fg.scorecard(shop(), role=role)
    vietnamese = fg.scorecard(shop(), role=role, language="vi")
    assert english.title != vietnamese.title
    assert all(a.label != b.label for a, b in zip(english.table, vietnamese.table, strict=True))
    assert [kpi.id for kpi in fg.standard_kpis(role)] == english.table["kpi"].tolist()
    for row in vietnamese.warnings:
        assert not any(word in row.message for word in (" is ", "None ", "numbers"))


def test_trend_is_the_median_slope():
    """Against NumPy, with a gap in the series."""
    series = [100, 90, None, 140, 95]
    card = fg.scorecard(role="sales", actual={"orders_phone": 120}, previous={"orders_phone": series})
    values = np.array([100, 90, np.nan, 140, 95, 120])
    slopes = [
        (values[j] - values[i]) / (j - i)
        for i in range(6)
        for j in range(i + 1, 6)
        if not np.isnan(values[[i, j]]).any()
    ]
    assert np.median(slopes) > 0.01 * 95
    assert card.row("orders_phone").trend == "better"
    falling = fg.scorecard(role="care", actual={"bad_feedback": 5}, previous={"bad_feedback": [9, 7]})
    assert falling.row("bad_feedback").trend == "better"


def test_figures_come_from_funnel_plan_and_table():
    """Formulas evaluated from a funnel, a plan and a table. [72]"""
    funnel, plan = shop(), shop(rate=0.5)
    a, p = funnel.analyze(), plan.analyze()
    card = fg.scorecard(funnel, role="economics", plan=plan)
    row = card.row("cost_per_win")
    assert row.actual == pytest.approx(a.cost / a.count("customer"))
    assert row.target == pytest.approx(p.cost / p.count("customer"))
    assert (row.direction, row.source) == ("down", "funnel")
    assert card.row("pipeline_velocity").actual == pytest.approx(a.revenue / a.time_to("customer").mean)

    orders = pd.DataFrame({"amount": [5.0, None, 7.0], "by": ["phone", None, "inbox"], "pairs": [1, 2, 3]})
    orders["day"] = pd.to_datetime(["2026-03-01", None, "2026-03-03"])
    figures = fg.table_figures(orders)
    assert figures["sum(amount)"] == orders.amount.sum()
    assert figures["mean(amount)"] == orders.amount.mean()
    assert (figures["count(by)"], figures["count(day)"], figures["rows"]) == (2, 2, 3)
    assert figures["greatest(pairs)"] == 3
    own = fg.Kpi(
        id="basket", labels={"vi": "Giá trị đơn"}, formula="sum(amount) / count(amount)", unit="money"
    )
    card = fg.scorecard(
        role="sales",
        actual={name: figures[name] for name in ("sum(amount)", "count(amount)")},
        kpis=[own],
        language="vi",
    )
    assert card.row("basket").actual == 6
    assert card.row("basket").label == "Giá trị đơn"
    assert (card.row("basket").numerator, card.row("basket").denominator) == (12, 2)
    assert fg.Formula("revenue / wins").evaluate(funnel=funnel).value == pytest.approx(2_000_000)


def test_what_nobody_measures_is_named():
    """Stages, owners, one side; placeholders. [22, 45]"""
    gaps = fg.measurement_gaps(shop()).to_pandas()
    assert gaps[gaps.kind == "owner"].name.tolist() == ["Kinh doanh"]
    assert gaps[gaps.kind == "stage"].name.tolist() == ["enquiry"]
    assert gaps[gaps.kind == "side"].name.tolist() == ["sales"]
    assert "placeholder" in fg.measurement_gaps(fg.reference.online_shop())["kind"].tolist()
    codes = fg.scorecard(shop(), role="sales").warnings["code"].tolist()
    assert {"stage", "owner", "side", "not_measured"} <= set(codes)
    measured = shop(rate=fg.measured(0.35, n=2_000))
    assert len(fg.measurement_gaps(measured)) == 0


def test_control_share_is_the_share_of_elasticities():
    """Against the table of sensitivities, joint numbers by their share. [22]"""
    funnel = shop()
    metric = fg.metric.profit()
    rows = [row for row in fg.sensitivity(funnel, metric) if row.parameter != "volume(reached)"]
    leaves = {str(row.parameter): row for row in rows}
    total = sum(abs(row.elasticity) for row in leaves.values())
    marketing = 0.0
    for row in leaves.values():
        share = {"Marketing": 1.0, "Marketing 50 %, Kinh doanh 50 %": 0.5}.get(row.owner, 0.0)
        marketing += abs(row.elasticity) * share
    found = fg.control_share(funnel, metric, owner="Marketing")
    assert found == pytest.approx(marketing / total, rel=1e-9)
    assert found.share == float(found)
    sales = fg.control_share(funnel, metric, owner="Kinh doanh", language="vi")
    assert not sales.enough
    assert "chưa đến một nửa" in sales.warning
    shares = fg.control_shares(funnel, metric)
    assert sum(shares["share"].tolist()) == pytest.approx(1)
    assert copy.deepcopy(found).owner == pickle.loads(pickle.dumps(found)).owner == "Marketing"
    card = fg.scorecard(funnel, role="sales", kpis=[fg.Kpi(id="profit", unit="money", role="sales")])
    assert card.row("profit").control_share == pytest.approx(float(sales))
    assert "not_controlled" in card.warnings["code"].tolist()


def test_priming_moves_control_to_marketing():
    """A lever upstream counts for its owner. [19, 20]"""
    funnel = shop()
    before = fg.control_share(funnel, fg.metric.revenue(), owner="Marketing")
    funnel.add_lever("priming", owner="Marketing", value=1.2)
    funnel.add_influence("priming", "enquiry", "customer", elasticity=0.8)
    assert fg.control_share(funnel, fg.metric.revenue(), owner="Marketing") > before


def test_advice_is_sampled():
    """Scores of recorded consultations, beside Marketing's reach. [21]"""
    scores = [62, 70, 55, 81, 77, 68]
    quality = fg.advice_quality(scores)
    assert quality.mean == pytest.approx(np.mean(scores))
    assert quality.low < quality.mean < quality.high
    half = fg.advice_quality(scores, stock=12)
    assert half.high - half.mean == pytest.approx((quality.high - quality.mean) * math.sqrt(0.5))
    assert len(set(fg.sample_recordings(400, 20, seed=3))) == 20
    card = fg.scorecard(shop(), role="marketing", actual={"advice_quality": quality.mean})
    assert card.row("reached").actual == 200_000
    assert card.row("advice_quality").actual == quality.mean


def test_formula():
    formula = fg.Formula("(a + 2) / b")
    assert formula == fg.Formula("(a + 2) / b") != fg.Formula("a")
    assert len({formula, fg.Formula("(a + 2) / b")}) == 1
    assert formula.evaluate({"a": 4, "b": None}).value != formula.evaluate({"a": 4, "b": None}).value
    assert formula.gradient({"a": 4, "b": 3}) == pytest.approx({"a": 1 / 3, "b": -2 / 3})
    assert pickle.loads(pickle.dumps(formula)) == formula
    with pytest.raises(AttributeError):
        formula.text = "b"
    zero = formula.evaluate({"a": 1, "b": 0})
    assert math.isnan(zero.value)
    assert (zero.numerator, zero.denominator, zero.divided_by_zero) == (3, 0, True)


def test_formulas_agree_with_python():
    """300 generated formulas against Python's own arithmetic (names that cannot do harm)."""
    rng = np.random.Generator(np.random.Philox(key=5))
    figures = {"a": 1.5, "b": -2.0, "c": 3.25}

    def draw(depth):
        kind = rng.integers(0, 3 if depth > 4 else 6)
        if kind < 2:
            return rng.choice(["a", "b", "c"])
        if kind == 2:
            return str(round(float(rng.random() * 10), 3))
        if kind == 3:
            return "-" + draw(depth + 1)
        if kind == 4:
            return f"({draw(depth + 1)})"
        return f"{draw(depth + 1)} {rng.choice(['+', '-', '*', '/'])} {draw(depth + 1)}"

    for _ in range(300):
        text = draw(0)
        try:
            wanted = eval(text, {"__builtins__": {}}, figures)
        except ZeroDivisionError:
            wanted = math.nan
        found = fg.Formula(text).evaluate(figures).value
        assert found == wanted or (math.isnan(found) and math.isnan(wanted)), text


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: fg.Formula("(won + lost"), fg.InvalidValueError, "character 12"),
        (lambda: fg.Formula("won +"), fg.InvalidValueError, "character 6"),
        (lambda: fg.Formula("won lost"), fg.InvalidValueError, "character 5"),
        (lambda: fg.Formula("__import__('os')"), fg.InvalidValueError, "character 12"),
        (lambda: fg.Formula("a; b"), fg.InvalidValueError, "character 2"),
        (lambda: fg.Formula("(" * 5000), fg.InvalidValueError, "4096"),
        (lambda: fg.Formula("(" * 80 + "1" + ")" * 80), fg.InvalidValueError, "at most 64"),
        (lambda: fg.Formula(3), TypeError, "Formula"),
        (lambda: fg.Formula("a / b").evaluate({"a": 1}), fg.UnknownNameError, "b"),
        (lambda: fg.Formula("revenu").evaluate({"revenue": 1}), fg.UnknownNameError, "revenue"),
        (lambda: fg.Formula("count(custmer)").evaluate(funnel=shop()), fg.UnknownNameError, "customer"),
        (lambda: fg.scorecard(role="saels"), fg.UnknownNameError, "sales"),
        (lambda: fg.scorecard(actual={"orders_fone": 1}), fg.UnknownNameError, "orders_phone"),
        (lambda: fg.scorecard(target={"orders_fone": 1}), fg.UnknownNameError, "orders_phone"),
        (lambda: fg.scorecard(previous={"orders_fone": 1}), fg.UnknownNameError, "orders_phone"),
        (lambda: fg.scorecard(actual={"orders_phone": math.inf}), fg.InvalidValueError, "finite"),
        (lambda: fg.scorecard(actual={"orders_phone": "many"}), TypeError, "orders_phone"),
        (lambda: fg.scorecard(near=-1), fg.InvalidValueError, "near"),
        (lambda: fg.scorecard(steady=math.nan), fg.InvalidValueError, "steady"),
        (lambda: fg.scorecard(language="fr"), fg.InvalidValueError, "en or vi"),
        (lambda: fg.scorecard(standard=False), fg.InvalidValueError, "no KPI"),
        (lambda: fg.scorecard(kpis=[fg.Kpi(id="x", formula="a +")]), fg.InvalidValueError, "character 4"),
        (lambda: fg.scorecard(kpis=[fg.Kpi(id="x"), fg.Kpi(id="x")]), fg.InvalidValueError, "twice"),
        (lambda: fg.scorecard(kpis=[fg.Kpi(id="x", direction="left")]), fg.UnknownNameError, "left"),
        (lambda: fg.scorecard(kpis=[fg.Kpi(id="x", role="seller")]), fg.UnknownNameError, "seller"),
        (
            lambda: fg.control_share(shop(), fg.metric.revenue(), owner="Marketting"),
            fg.UnknownNameError,
            "Marketing",
        ),
        (lambda: fg.control_share(shop(), fg.metric.count("x"), owner="Marketing"), fg.UnknownNameError, "x"),
        (
            lambda: fg.control_share(shop(), fg.metric.revenue(), owner="Marketing", language="de"),
            fg.InvalidValueError,
            "de",
        ),
        (lambda: fg.advice_quality([]), fg.InvalidValueError, "no scores"),
        (lambda: fg.advice_quality([120]), fg.InvalidValueError, "score 1"),
        (lambda: fg.advice_quality([50] * 6, stock=3), fg.InvalidValueError, "stock"),
        (lambda: fg.sample_recordings(3, 5), fg.InvalidValueError, "wanted"),
        (lambda: fg.standard_kpis("nobody"), fg.UnknownNameError, "nobody"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call()

"""Effects, friction and evidence from Python: the maturity of a relationship joined to a funnel."""

import copy
import math
import pickle

import numpy as np
import pytest

import funnelgraph as fg


@pytest.fixture
def shop():
    """1,000 leads a month at 10; 40 % taken by Sales at 50; a quarter of these buy for 2,000."""
    funnel = fg.Funnel("two sides", period="month")
    funnel.add_owner("Marketing", role="marketing")
    funnel.add_owner("Sales", role="sales")
    funnel.add_stage("lead", owner="Marketing")
    funnel.add_stage("offer", owner="Sales", cost=50)
    funnel.add_outcome("won", kind="won", owner="Sales", value=2_000)
    funnel.add_transition("lead", "offer", rate=0.4, lag=2, service_level=3)
    funnel.add_transition("offer", "won", rate=0.25, lag=10)
    funnel.add_entry("lead", volume=1_000, cost=10)
    return funnel


def assessed(marketing, sales, *, language="en"):
    """Six of each side who answer the same everywhere."""
    inst = fg.maturity.instrument(language=language)
    table = {"id": list(range(12)), "department": ["Marketing", "Sales"] * 6, "level": ["staff"] * 12}
    table |= {item.id: [marketing, sales] * 6 for item in inst.items}
    return fg.maturity.assess(table, respondent="id", instrument=inst)


class TestEffects:
    """A move as a scenario. [47]"""

    def test_it_is_a_scenario_of_assumptions(self, shop):
        """Labelled, with ranges that hold no effect; the base is not changed. [47]"""
        move = fg.maturity.effects("aligned", "integrated", shop)
        assert isinstance(move, fg.Scenario)
        assert set(move.table["label"].tolist()) == {"assumption"}
        assert (move.table["low"] < 1).all()
        assert (move.table["high"] > 1).all()
        assert len(move.left_out) == 0
        assert len(move) == len(move.addressed) == 6
        for change in move.changes:
            assert change.value.source == "assumed"
            assert change.value.interval.level == 0.9
        before = copy.deepcopy(shop)
        after = shop.apply(move)
        assert after.analyze().profit > shop.analyze().profit
        assert shop == before
        assert after.get(fg.lag("lead", "offer")) == pytest.approx(2 * 0.825)

    def test_it_joins_and_travels_as_a_plain_scenario(self, shop):
        """Building on it, pickling and copying."""
        move = fg.maturity.effects("aligned", "integrated", shop)
        more = move | fg.Scenario("Advert").scale(fg.volume("lead"), 1.2)
        assert type(more) is fg.Scenario
        assert type(move.named("x")) is fg.Scenario
        assert pickle.loads(pickle.dumps(move)) == move
        assert copy.copy(move) is move
        assert move == fg.maturity.effects("aligned", "integrated", shop)

    def test_editable(self, shop):
        """Own multipliers, chosen actions, strength."""
        own = fg.maturity.effects(
            "defined",
            "aligned",
            shop,
            multipliers={"hand_off_lag": fg.estimated(0.5, by="Sales"), "sales_cost": 0.9},
        )
        rows = {row.effect: row for row in own.table}
        assert rows["hand_off_lag"].label == "estimated"
        assert (rows["sales_cost"].low, rows["sales_cost"].high) == pytest.approx((0.81, 1))
        only = fg.maturity.effects("defined", "aligned", shop, actions=["sit_together"])
        assert only.table["effect"].tolist() == ["hand_off_lag"]
        assert shop.apply(fg.maturity.effects("defined", "aligned", shop, strength=0)) == shop

    def test_nothing_is_skipped_in_silence(self):
        """No roles, no hand-off: said, in both languages."""
        bare = fg.Funnel("bare")
        bare.add_stage("a")
        move = fg.maturity.effects("defined", "aligned", bare, language="vi")
        assert len(move) == 0
        assert set(move.table["effect"].tolist()) == set(move.left_out["effect"].tolist())
        assert "no_owner" in move.left_out["code"].tolist()
        assert any("vai trò" in why for why in move.left_out["why"].tolist())

    @pytest.mark.parametrize(
        ("arguments", "options", "error"),
        [
            (("defined", "integrated"), {}, fg.InvalidValueError),
            (("integrated", "integrated"), {}, fg.InvalidValueError),
            (("aligned", "integratd"), {}, fg.UnknownNameError),
            (("defined", "aligned"), {"multipliers": {"acceptanc": 1.1}}, fg.UnknownNameError),
            (("defined", "aligned"), {"multipliers": {"acceptance": 0}}, fg.InvalidValueError),
            (
                ("defined", "aligned"),
                {"multipliers": {"acceptance": fg.between(1.1, 1.3)}},
                fg.InvalidValueError,
            ),
            (("defined", "aligned"), {"actions": ["liason"]}, fg.UnknownNameError),
            (("defined", "aligned"), {"strength": -1}, fg.InvalidValueError),
            (("defined", "aligned"), {"language": "fr"}, fg.InvalidValueError),
        ],
    )
    def test_refused(self, shop, arguments, options, error):
        """What cannot be is refused."""
        with pytest.raises(error):
            fg.maturity.effects(*arguments, shop, **options)


class TestBreakEven:
    """The break-even comes before the value. [47]"""

    def test_closed_form(self, shop):
        """Cheaper entrants by m gain 10,000 (1 - m) a month; ten months cover 20,000 at m = 0.8. [47]"""
        move = fg.maturity.effects("defined", "aligned", shop)
        pays = move.break_even(cost=20_000, horizon=10 * 30.4375, until_effect=0)
        row = pays.alone.row(effect="entry_cost")
        assert row.change == pytest.approx(-0.2, abs=1e-6)
        assert not row.within
        assert row.text == "pays if what it costs to reach somebody falls by 20 %"
        assert pays.profit_before == pytest.approx(170_000)
        assert pays.profit_after == pytest.approx(shop.apply(move).analyze().profit)
        assert pays.gain == pytest.approx(10 * (pays.profit_after - pays.profit_before))
        assert pays.gain_low < 0 < pays.gain < pays.gain_high
        assert pays.text in repr(pays)

    def test_cost_and_time_of_actions(self, shop):
        """Each action's days, cost and time; own figures go before. [47, 60]"""
        move = fg.maturity.effects("defined", "aligned", shop, actions="easy_feedback")
        pays = move.break_even(day_cost=100)
        assert pays.cost == (700, 2200)
        assert pays.until_effect == (14, 60)
        own = move.break_even(day_cost=100, efforts={"easy_feedback": (1, (2, 3), 10)})
        assert own.cost == (300, 400)
        assert own.until_effect == (10, 10)
        assert own.actions["action"].tolist() == ["easy_feedback"]

    def test_vietnamese(self, shop):
        """In Vietnamese. [47]"""
        pays = fg.maturity.effects("defined", "aligned", shop, language="vi").break_even(cost=20_000)
        assert pays.text.startswith("Có lãi khi đạt từ")
        assert any(text.startswith("có lãi nếu") for text in pays.alone["text"].tolist())

    def test_no_verdict_on_placeholders(self):
        """Reference funnels hold places only."""
        move = fg.maturity.effects("defined", "aligned", fg.reference.online_shop())
        pays = move.break_even(day_cost=100, draws=0)
        assert pays.placeholders > 0
        assert pays.text.startswith("No verdict")

    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"day_cost": 0},
            {"cost": (2, 1)},
            {"day_cost": 1, "horizon": 0},
            {"day_cost": 1, "draws": 10**7},
        ],
    )
    def test_refused(self, shop, options):
        """Money and time that cannot be."""
        with pytest.raises(fg.InvalidValueError):
            fg.maturity.effects("defined", "aligned", shop).break_even(**options)


def test_effect_table_and_efforts():
    """Both are data: every action has its effort. [47]"""
    assert len(fg.maturity.effect_table()) == 16
    assert len(fg.maturity.effect_table("undefined")) == 4
    assert fg.maturity.efforts()["action"].tolist() == fg.maturity.actions()["action"].tolist()
    assert fg.maturity.effect_table(language="vi").row(effect="sales_lag", **{"from": "defined"}).name


class TestFriction:
    """Economic and cultural friction. [48, 51, 52]"""

    def test_from_answers_funnel_and_replies(self, shop):
        """All three sources, framed by Marketing's role. [48, 49, 50, 51, 52]"""
        found = fg.maturity.friction(
            assessed(4, 2),
            shop,
            replies={"compete_for_resources": "có"},
            figures={"price_losses": 0.3},
            marketing_role="own_function",
        )
        rows = {row.indicator: row for row in found.rows}
        assert rows["language"].shows == "yes"
        assert (rows["language"].side, rows["language"].answer) == ("sales", 2)
        assert rows["price_level"].by_figure == "yes"
        assert rows["budget"].by_condition == "yes"
        assert rows["promotion"].figure == pytest.approx(1 / 3)
        assert found.rows[0].expected
        assert found.frame
        assert found.economic + found.cultural == sum(row.shows == "yes" for row in found.rows)

    def test_unknown_and_vietnamese(self):
        """Nothing known is said; the language is the assessment's."""
        assert fg.maturity.friction().unknown == len(fg.maturity.friction().rows)
        assert "va chạm" in fg.maturity.friction(assessed(4, 4, language="vi")).text
        with pytest.raises(fg.UnknownNameError):
            fg.maturity.friction(figures={"promotio": 1})
        with pytest.raises(fg.UnknownNameError):
            fg.maturity.friction(marketing_role="helpr")

    def test_figures_and_uses_of_money(self, shop):
        """What a sum buys as price, promotion, product and head-count. [48, 51]"""
        figures = fg.maturity.friction_figures(shop)
        assert figures["promotion"] == pytest.approx(10_000 / 30_000)
        assert math.isnan(figures["price_losses"])
        uses = fg.maturity.money_uses(shop, 10_000, seller=5_000)
        assert uses["use"].tolist() == ["price", "promotion", "product", "head_count"]
        assert uses.row(use="price").share_needed == pytest.approx(0.05 / 0.95)
        assert uses.row(use="promotion").brings == pytest.approx(170_000)
        assert uses.row(use="head_count").buys == pytest.approx(2)
        with pytest.raises(fg.InvalidValueError):
            fg.maturity.money_uses(shop, 0)


class TestEvidence:
    """The same bands from the data. [53, 55, 57]"""

    def test_from_a_funnel(self, shop):
        """Known indicators are scored, unknown ones named. [57, 67]"""
        shown = fg.maturity.evidence(shop)
        rows = {row.indicator: row for row in shown.rows}
        assert rows["wait"].value == pytest.approx(2)
        assert rows["wait"].score == pytest.approx(50)
        assert rows["loss"].value == pytest.approx(0.75)
        assert rows["breach"].value == 0
        assert math.isnan(rows["feedback"].score)
        assert shown.unknown == ("feedback", "shared_measures")
        assert shown.low < shown.score < shown.high
        assert shown.band in ("undefined", "defined", "aligned", "integrated")
        assert rows["loss"].basis == "assumption"

    def test_from_statistics(self):
        """Counts, with who owns the stages; without owners nothing is known of hand-offs. [30, 57]"""
        leads = {
            "id": [1, 2, 3, 4],
            "lead": ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"],
            "call": ["2026-01-06", "2026-01-08", "2026-01-08", None],
            "sold": ["2026-01-09", None, "2026-01-20", None],
            "reason": [None, "price", None, "no money"],
        }
        stats = fg.fit.milestones(
            leads, journey="id", stages={"lead": "lead", "call": "call", "sold": "sold"}, lost="reason"
        )
        shown = fg.maturity.evidence(stats, owners={"lead": "Marketing", "call": "Sales"}, outcomes=["sold"])
        row = shown.rows.row(indicator="wait")
        assert row.value == pytest.approx(4 / 3)
        assert row.n == 3
        assert shown.rows.row(indicator="loss").value == pytest.approx(1 / 3)
        assert fg.maturity.evidence(stats).known == 0

    def test_figures_thresholds_and_refusals(self, shop):
        """Own figures with their n, own thresholds."""
        shown = fg.maturity.evidence(
            figures={"wait": 2, "loss": 0.5, "feedback": fg.measured(0.4, n=120)},
            thresholds={"wait": (9, 5, 1)},
        )
        assert shown.rows.row(indicator="wait").score == pytest.approx(75)
        assert shown.rows.row(indicator="wait").basis == "given"
        row = shown.rows.row(indicator="feedback")
        assert row.low < 0.4 < row.high
        for bad in ({"loss": 2}, {"wait": -1}, {"feedback": float("nan")}):
            with pytest.raises(fg.InvalidValueError):
                fg.maturity.evidence(figures=bad)
        with pytest.raises(fg.UnknownNameError):
            fg.maturity.evidence(figures={"los": 0.5})
        with pytest.raises(fg.InvalidValueError):
            fg.maturity.evidence(figures={}, thresholds={"wait": (1, 2, 3)})
        with pytest.raises(fg.InvalidValueError):
            fg.maturity.evidence(shop, owners={"lead": "Marketing"})

    def test_beside_opinion(self, shop):
        """Where opinion and evidence disagree is the finding. [56, 57]"""
        shown = fg.maturity.evidence(shop, figures={"feedback": 0.25}, language="vi")
        beside = shown.beside(assessed(5, 2))
        row = beside.row(indicator="feedback", side="marketing")
        assert (row.opinion, row.evidence, row.finding) == (100, 40, "opinion_higher")
        assert "đánh giá cao hơn" in row.text
        assert beside.row(indicator="feedback", side="sales").finding == "agree"
        assert np.isnan(beside.row(indicator="shared_measures", side="sales").difference)
        with pytest.raises(fg.InvalidValueError):
            shown.beside(assessed(5, 2), least_difference=0)

    @pytest.mark.skipif(not hasattr(fg, "hand_off_record"), reason="hand-off records are not in Python yet")
    def test_a_record_goes_before_the_funnel(self, shop):
        """Two of three touched within a day, one answered on record. [30, 57]"""
        record = fg.hand_off_record(
            {
                "delivered": ["2026-01-05 08:00", "2026-01-05 08:00", "2026-01-05 08:00"],
                "touched": ["2026-01-05 20:00", "2026-01-06 08:00", "2026-01-09 08:00"],
                "accepted": ["2026-01-05 20:00", None, None],
            },
            touched="touched",
            accepted="accepted",
            within=1.0,
            until="2026-02-01",
        )
        shown = fg.maturity.evidence(shop, record=record)
        rows = {row.indicator: row for row in shown.rows}
        assert rows["wait"].value == pytest.approx((0.5 + 1 + 4) / 3)
        assert rows["breach"].value == pytest.approx(1 / 3)
        assert rows["feedback"].value == pytest.approx(1 / 3)
        assert {rows[kind]["from"] for kind in ("wait", "breach", "feedback")} == {"record"}
        assert rows["loss"]["from"] == "funnel"
        assert shown.unknown == ("shared_measures",)

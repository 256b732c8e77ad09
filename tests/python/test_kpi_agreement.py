"""The one-page agreement from Python, and the report that measures it."""

import datetime as dt
import math
from html.parser import HTMLParser

import pandas as pd
import pytest

import funnelgraph as fg

WHOLE = {
    "quality": 0.8,
    "answered_share": 0.95,
    "feedback_share": 0.9,
    "feedback_within": dt.timedelta(days=2),
    "report_every": 1,
    "reasons": {"size not in stock": "Company", "answered too late": "Sales"},
    "definitions": {"reached": "saw a post", "engaged": "liked or wrote", "enquiry": "asked a price"},
    "accept_if": {"enquiry": "phone or inbox known"},
    "review": "every two weeks",
    "review_date": dt.date(2026, 4, 1),
    "date": "2026-03-02",
    "signatories": {"Marketing": "Mai", "Sales": "Lan"},
}


def plan():
    funnel = fg.datasets.sandal_shop_plan()
    both = ["Marketing", "Sales"]
    row = {"from": "enquiry", "to": "order"}
    funnel.set(fg.service_level(row["from"], row["to"]), fg.agreed(1, by=both))
    return funnel


def agreement(**options):
    given = {**WHOLE, "definitions": {**WHOLE["definitions"], "order": "paid or confirmed"}, **options}
    return fg.agreement(plan(), **given)


class Tags(HTMLParser):
    """Open tags must be closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page():
    """Data, text and HTML of one agreement. [31, 57]"""
    page = agreement()
    assert page.missing == []
    assert (page.giver, page.receiver) == ("Marketing", "Sales")
    volume = page.promises.row(kind="volume")
    assert (volume.by, volume.agreed) == ("Marketing", True)
    assert volume.promised == pytest.approx(2_200)
    answer = page.promises.row(kind="answer")
    assert (answer.by, answer.within, answer.promised) == ("Sales", 1, 0.95)
    assert page.gives["Sales"] == page.needs["Marketing"]
    assert page.reasons == {"size not in stock": "Company", "answered too late": "Sales"}
    assert page.review_date == "2026-04-01"
    data = page.to_dict()
    assert data["stages"]["definition"][0] == "saw a post"
    assert data["signatures"] == {"Marketing": "Mai", "Sales": "Lan"}
    text, html = page.to_text(), page.to_html()
    assert text == str(page)
    parser = Tags()
    parser.feed(html)
    assert parser.open == []
    shown = " ".join(parser.texts)
    for sentence in [*page.gives["Sales"], *page.gives["Marketing"], "every two weeks", "asked a price"]:
        assert sentence in shown
        assert " ".join(sentence.split()) in " ".join(text.split())
    assert page._repr_html_().startswith("<iframe srcdoc=")


def test_vietnamese():
    page = agreement(
        language="vi", definitions=dict.fromkeys(("reached", "engaged", "enquiry", "order"), "…")
    )
    text = page.to_text()
    assert text.startswith("Thỏa thuận phối hợp giữa Marketing và Sales")
    for wanted in (
        "2.200 người mỗi tuần",
        "trong vòng 1 ngày",
        "báo cáo lại hằng ngày",
        "hỏi mua",
        "đã giao",
    ):
        assert wanted in text
    for english in ("week", "within", "people", "report", "Agreed", "journeys"):
        assert english not in text.replace("every two weeks", "")


def test_what_is_not_agreed_is_named():
    """Nothing is filled in."""
    page = fg.agreement(fg.datasets.sandal_shop_plan())
    missing = " ".join(page.missing)
    for wanted in (
        "What “enquiry” means",
        "accepts at “enquiry”",
        "proposed only",
        "reports back",
        "looked at again",
    ):
        assert wanted in missing
    quality = page.promises.row(kind="quality")
    assert math.isnan(quality.promised)
    assert not quality.agreed
    reference = fg.agreement(fg.reference.online_shop())
    assert all(math.isnan(row.promised) for row in reference.promises if row.kind == "volume")
    assert "not agreed yet" in reference.to_html()


def test_the_next_report_measures_it():
    """The sandal shop's week against its plan, with counts from pandas. [57]"""
    week = fg.datasets.sandal_shop(people=20_000)
    frame = pd.DataFrame(week)
    stages = {name: name for name in ("reached", "engaged", "enquiry", "order", "delivered")}
    stats = fg.fit.milestones(week, journey="person", stages=stages, lost="lost_reason")
    asked = frame[frame.enquiry.notna()]
    record = fg.hand_off_record(asked, delivered="enquiry", touched="order", within=1, until="2026-03-31")
    levels = fg.service_levels(
        asked,
        rules=[fg.ServiceLevel("enquiry", "order", within=1)],
        stages={"enquiry": "enquiry", "order": "order"},
        journey="person",
        until="2026-03-31",
    )
    page = agreement()
    report = page.measure(stats, record, levels=levels)
    rows = {row.kind: row for row in report}
    assert rows["volume"].actual == len(asked)
    assert rows["volume"].status == "missed"  # a tenth of the people
    assert rows["volume"].measured_by == "statistics"
    in_time = ((asked.order - asked.enquiry) <= pd.Timedelta(days=1)).mean()
    assert rows["answer"].actual == pytest.approx(in_time)
    assert rows["answer"].low < in_time < rows["answer"].high
    assert rows["answer"].measured_by == "service levels"
    assert rows["feedback"].status == "not_measured"  # the table has no place for it
    assert rows["quality"].status == "not_measured"
    assert rows["report"].status == "not_measured"
    assert rows["wins"].actual == frame.delivered.notna().sum()
    tenth = page.measure(stats, periods=0.1)
    assert tenth.row(kind="wins").actual == pytest.approx(10 * rows["wins"].actual)
    itself = page.measure(plan())
    assert itself.row(kind="volume").status == "kept"
    assert itself.row(kind="answer").measured_by == "funnel's lags"


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: agreement(language="de"), fg.InvalidValueError, "en or vi"),
        (lambda: agreement(giver="Marketting"), fg.UnknownNameError, "Marketing"),
        (lambda: agreement(giver="Sales"), fg.InvalidValueError, "giver itself"),
        (lambda: agreement(quality=1.5), fg.InvalidValueError, "quality"),
        (lambda: agreement(quality=0), fg.InvalidValueError, "quality"),
        (lambda: agreement(answered_share=-0.1), fg.InvalidValueError, "answered_share"),
        (lambda: agreement(feedback_share=math.nan), fg.InvalidValueError, "feedback_share"),
        (lambda: agreement(answer_within=-1), fg.InvalidValueError, "answer_within"),
        (lambda: agreement(report_every=0.5), fg.InvalidValueError, "whole number"),
        (lambda: agreement(gives={"Care": ["smiles"]}), fg.UnknownNameError, "between Marketing and Sales"),
        (lambda: agreement(signatories={"Sale": "Lan"}), fg.UnknownNameError, "Sales"),
        (lambda: agreement(definitions={"enquiri": "x"}), fg.UnknownNameError, "enquiry"),
        (lambda: agreement(reasons={"price": ""}), fg.InvalidValueError, "reasons"),
        (lambda: agreement(service_levels=[fg.ServiceLevel.report("x")]), fg.InvalidValueError, "answers"),
        (lambda: fg.agreement(fg.Funnel("nobody")), fg.InvalidValueError, "role marketing"),
        (lambda: agreement().measure(3), TypeError, "Funnel"),
        (lambda: agreement().measure(periods=0), fg.InvalidValueError, "periods"),
        (lambda: agreement().measure(near=-1), fg.InvalidValueError, "near"),
    ],
)
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call()

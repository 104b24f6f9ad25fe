"""The trial in the browser: one step after the other, in a signed field, nothing stored."""

from __future__ import annotations

import html
import io
import re

import pytest
from sqlmodel import func, select

from accounts.store.tables import Role
from foundation.database import Store
from survey.store.tables import AnswerEvent, Interview
from tests.questionnaires import BRANCH, HOSTILE, TAG


class Trial:
    """A researcher in a trial; every step sends what the page before it carried."""

    def __init__(self, browser, source: str = BRANCH) -> None:
        self.browser = browser
        browser.get("/forms/")
        sent = browser.post("/forms/", {"file": (io.BytesIO(source.encode()), "form.md")})
        self.address = f"{sent.location}/trial/"
        self.page = ""
        self.status = 0

    def begin(self, **given: str) -> Trial:
        return self._send(given)

    def answer(self, question: str, *codes: str, text: str = "", status: str = "answered") -> Trial:
        entry = {"question": question, "code": list(codes), "text": text, "status": status}
        return self.step("answer", **entry)

    def step(self, act: str, **entry: object) -> Trial:
        return self._send({"trial": self.field, "act": act, **entry})

    def _send(self, data: dict[str, object]) -> Trial:
        reply = self.browser.post(self.address, data)
        self.page, self.status = reply.get_data(as_text=True), reply.status_code
        self.location = reply.location
        return self

    @property
    def field(self) -> str:
        return re.findall(r'name="trial" value="([^"]+)"', self.page)[0]

    @property
    def question(self) -> str:
        return re.findall(r'<article class="question" data-name="(\w*)"', self.page)[0]

    @property
    def text(self) -> str:
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.page)).split())

    @property
    def because(self) -> str:
        return self.text[self.text.index("Asked because") :].partition("Answers so far")[0].strip()


@pytest.fixture
def trial(as_role) -> Trial:
    return Trial(as_role(Role.RESEARCHER))


def test_it_begins_with_what_comes_with_the_case_and_the_language(trial: Trial):
    page = trial.browser.get(trial.address).get_data(as_text=True)
    assert re.findall(r'name="(var-\w+)"', page) == ["var-customer", "var-city"]
    assert re.findall(r'<option value="([\w-]+)"', page) == ["en", "zh-Hans"]


def test_it_walks_the_path_and_says_why(trial: Trial):
    trial.begin(**{"var-customer": "Ms Li", "var-city": "Beijing", "language": "en"})
    assert (trial.question, "Were you in Beijing?" in trial.text) == ("visited", True)
    assert trial.because == "Asked because everybody is asked."
    trial.answer("visited", "1").answer("waited", text="25")
    assert (trial.question, "Why so long, Ms Li?" in trial.text) == ("why", True)
    assert trial.because == (
        "Asked because ${visited} = '1' of the group visit visited Yes ${waited} > 20 waited 25"
    )
    trial.answer("why", status="dk").answer("used", "1", "2")
    assert "The interview ends here" in trial.text
    assert "Its outcome would be: Complete interview" in trial.text
    assert "used The app; The website" in trial.text


def test_nothing_is_stored(trial: Trial, store: Store):
    trial.begin().answer("visited", "2").answer("used", "1")
    with store.read() as session:
        for table in (Interview, AnswerEvent):
            assert session.exec(select(func.count()).select_from(table)).one() == 0


def test_an_answer_that_does_not_fit_is_refused_and_asked_again(trial: Trial):
    trial.begin().answer("visited", "1").answer("waited", text="long")
    assert (trial.status, trial.question) == (422, "waited")
    assert "'long' is no whole number." in trial.text
    assert trial.answer("waited", text="5").question == "used"


def test_back_and_forward(trial: Trial):
    trial.begin().answer("visited", "1").answer("waited", text="5").step("back")
    assert trial.question == "waited"
    assert 'value="5"' in trial.page
    assert trial.step("back").question == "visited"
    assert trial.step("furthest").question == "used"


def test_the_language_switches_in_the_middle(trial: Trial):
    trial.begin(language="en", **{"var-city": "西安"}).step("language", language="zh-Hans")
    assert '<legend class="read" lang="zh-Hans">去过西安网点吗？' in trial.page


def test_a_forged_trial_is_refused(trial: Trial):
    trial.begin()
    for field in ("", "forged", "WzFd.c2lnbmVk"):
        reply = trial.browser.post(trial.address, {"trial": field, "act": "back"})
        assert reply.status_code == 400, field


def test_an_answer_to_no_question_is_refused(trial: Trial):
    for name in ("", "nobody"):
        assert trial.begin().answer(name, "1").status == 400


def test_a_question_off_the_path_is_refused(trial: Trial):
    trial.begin().answer("visited", "2").answer("waited", text="5")
    assert (trial.status, trial.question) == (422, "used")


def test_a_new_draft_begins_the_trial_anew(trial: Trial):
    trial.begin().answer("visited", "1")
    field = trial.field
    changed = BRANCH.replace("The app", "An app").encode()
    trial.browser.post("/forms/", {"file": (io.BytesIO(changed), "form.md")})
    reply = trial.browser.post(trial.address, {"trial": field, "act": "back"})
    assert reply.location == trial.address
    assert "has changed meanwhile" in trial.browser.get(trial.address).get_data(as_text=True)


def test_a_published_version_can_be_tried(trial: Trial):
    draft = trial.address.removesuffix("/trial/")
    version = trial.browser.post(f"{draft}/publish").location
    trial.address = f"{version}/trial/"
    assert trial.begin().question == "visited"


def test_no_text_or_answer_becomes_html(as_role):
    trial = Trial(as_role(Role.RESEARCHER), HOSTILE)
    pages = [trial.begin().page, trial.answer("q1", "1").page, trial.answer("q2", text=TAG).page]
    pages += [trial.step("back").page]
    for page in pages:
        assert "&lt;script&gt;" in page
        assert "<b>x</b>" not in page
        assert "<script>alert" not in page
    trial.begin().answer("q1", TAG)
    assert (trial.status, "<script>alert" in trial.page) == (422, False)


def test_it_comes_in_both_languages(trial: Trial):
    for locale, lang in (("en", "en"), ("zh_Hans", "zh-Hans")):
        trial.browser.post("/language", {"locale": locale, "back": "/forms/"})
        assert f'<html lang="{lang}">' in trial.begin().page
        assert trial.question == "visited"

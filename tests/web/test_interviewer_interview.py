"""The interview over HTTP: every answer once, in order, under the claim on its case."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from sqlmodel import col, select

from accounts import people
from accounts.store.tables import Role
from cati.store.contacts import NOTE, Contacts
from cati.store.tables import Call, Case, CaseNote
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from survey.store.tables import AnswerEvent, Interview
from tests.desk import a_survey

ONE = {"codes": ["1"]}
WHOLE = [
    ("right", ONE),
    ("overall", {"codes": ["10"]}),
    ("channels", {"codes": ["1", "2"]}),
    ("visits", {"text": "４"}),
    ("wish", {"text": "shorter queues"}),
    ("opened", {"text": "2019-03-01"}),
    ("recommend", {"codes": ["10"]}),
    ("thanks", {}),
]


class Interviewing:
    """An interviewer in an interview, as the page's script talks to the server."""

    def __init__(self, browser, case_id: int, fence: int, path: str, page: str) -> None:
        self.browser, self.case_id, self.fence = browser, case_id, fence
        self.path, self.page = path, page
        self.seq = int(re.findall(r'data-seq="(\d+)"', page)[0])
        self.question = name_of(page)
        self.keys = itertools.count()

    def send(self, act: str, **entry):
        """Send one entry after the event seen last; take over what the reply says."""
        claim = {"case": self.case_id, "fence": self.fence, "expected": self.seq}
        key = f"{self.path}-{next(self.keys):020}".replace("/", "")
        reply = self.browser.send(f"{self.path}/{act}", {**claim, "key": key, **entry})
        body = reply.get_json()
        self.seq = body.get("seq", self.seq)
        self.question = name_of(body["html"]) if "html" in body else self.question
        return reply

    def answer(self, entry: dict[str, object] | None = None, **more):
        said = {"question": self.question, "status": "answered", **(entry or {}), **more}
        return self.send("answers", **said)

    def answers(self, *entries: dict[str, object]):
        replies = [self.answer(entry) for entry in entries]
        return replies[-1] if replies else None


def name_of(html: str) -> str:
    return str(re.findall(r'data-name="(\w+)"', html)[0])


@pytest.fixture
def contacts(cipher: FieldCipher) -> Contacts:
    return Contacts(cipher, "CN", "Asia/Shanghai")


@pytest.fixture
def survey(app, store: Store, contacts: Contacts) -> int:
    return a_survey(store, contacts, now=utc_now(), cases=2)


@pytest.fixture
def interview(survey, as_role) -> Interviewing:
    return begin(as_role(Role.INTERVIEWER))


def begin(browser) -> Interviewing:
    """Take the next case, dial, begin."""
    browser.get("/desk")
    page = browser.post("/desk/next", follow_redirects=True).get_data(as_text=True)
    case_id, fence = (int(re.findall(rf'data-{n}="(\d+)"', page)[0]) for n in ("case", "fence"))
    entry = {"fence": fence, "key": f"dial-{case_id}-{fence:020}", "number": 0}
    assert browser.send(f"/case/{case_id}/dial", entry).status_code == 200
    form = {"fence": fence, "key": f"begin-{case_id}-{fence:020}"}
    reply = browser.post(f"/case/{case_id}/begin", form)
    path = reply.headers["Location"]
    return Interviewing(
        browser, case_id, fence, path, browser.get(path).get_data(as_text=True)
    )  # fmt: skip


def events(store: Store) -> list[AnswerEvent]:
    with store.read() as session:
        return list(session.exec(select(AnswerEvent).order_by(col(AnswerEvent.id))))


def stored(store: Store, question: str) -> list[tuple[str | None, object]]:
    found = [event for event in events(store) if event.question == question]
    return [(event.status, event.value) for event in found if event.kind == "answered"]


def one(store: Store, table):
    with store.read() as session:
        return session.exec(select(table).order_by(col(table.id))).first()


def test_the_first_question_names_the_person_and_tells_the_interviewer_apart(interview):
    assert interview.question == "right"
    assert "Am I speaking to 王女士1?" in interview.page or "王女士2?" in interview.page
    assert 'class="instruction"' in interview.page
    assert "Say your own name." in interview.page
    assert re.search(r"1 of about \d+", interview.page)


def test_an_answer_is_stored_and_the_next_question_comes_back(interview, store):
    reply = interview.answer(ONE)
    assert reply.status_code == 200
    assert stored(store, "right") == [("answered", "1")]
    assert interview.question == "overall"
    assert reply.get_json()["said"]["answer"] == "Yes"
    assert "How satisfied are you with Example Bank?" in reply.get_json()["html"]


def test_ten_on_a_scale_of_ten_is_the_key_nought(interview):
    html = interview.answer(ONE).get_json()["html"]
    assert re.search(r'value="10" data-key="0"', html)
    assert re.search(r'value="1" data-key="1"', html)


def test_ten_on_a_scale_from_nought_is_typed_in_full(interview):
    html = interview.answers(*(entry for _, entry in WHOLE[:6])).get_json()["html"]
    assert re.search(r'value="10" data-key="10"', html)
    assert re.search(r'value="0" data-key="0"', html)


def test_the_same_post_twice_is_one_answer(interview, store):
    entry = {"question": "right", "status": "answered", "expected": interview.seq,
             "key": "same-key-000000000000", **ONE}  # fmt: skip
    first, second = (interview.send("answers", **entry) for _ in range(2))
    assert first.get_json()["seq"] == second.get_json()["seq"]
    assert name_of(second.get_json()["html"]) == "overall"
    assert len(stored(store, "right")) == 1


def test_an_answer_to_a_page_that_is_out_of_step_overwrites_nothing(interview, store):
    seen = interview.seq
    interview.answer(ONE)
    reply = interview.answer({"question": "right", "codes": ["2"]}, expected=seen)
    assert reply.status_code == 409
    body = reply.get_json()
    assert "had been answered already" in body["problems"][0]
    assert name_of(body["html"]) == "overall"
    assert [line["name"] for line in body["answers"]] == ["right"]
    assert stored(store, "right") == [("answered", "1")]


def test_a_question_off_the_path_cannot_be_answered(interview, store):
    reply = interview.answer({"question": "visits", "text": "3"})
    assert reply.status_code == 409
    assert name_of(reply.get_json()["html"]) == "right"
    assert stored(store, "visits") == []


@pytest.mark.parametrize(
    ("way", "entry", "said"),
    [
        (0, {"codes": []}, "needed"),
        (0, {"codes": ["7"]}, "7"),
        (0, {"status": "dk"}, "don't know"),
        (2, {"codes": ["1", "3"]}, "None of these"),
        (3, {"text": "many"}, "many"),
        (3, {"text": "91"}, "At most 90."),
        (5, {"text": "2026-02-30"}, "2026-02-30"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_in_words(interview, store, way, entry, said):
    interview.answers(*(good for _, good in WHOLE[:way]))
    before = interview.seq, interview.question
    reply = interview.answer(entry)
    assert reply.status_code == 422
    assert said.lower() in " ".join(reply.get_json()["problems"]).lower()
    assert (interview.seq, interview.question) == before
    assert stored(store, interview.question) == []


def test_dont_know_and_refused_are_statuses_of_their_own(interview, store):
    interview.answer(ONE)
    interview.answer({"status": "ref"})
    reply = interview.answer({"status": "dk"})
    assert stored(store, "overall") == [("ref", None)]
    assert stored(store, "channels") == [("dk", None)]
    assert reply.get_json()["said"]["answer"] == "don't know"


def test_a_change_says_which_answers_leave_the_path_before_anything_is_written(interview, store):
    interview.answers(*(entry for _, entry in WHOLE[:5]))
    interview.send("moves", to="channels")
    changed = {"codes": ["2"], "is_changed": True}
    before = len(events(store))
    reply = interview.answer(changed)
    assert reply.get_json()["confirm"] == ["How many visits to the branch?: 4"]
    assert len(events(store)) == before
    reply = interview.answer(changed, is_confirmed=True)
    assert interview.question == "opened"
    names = [line["name"] for line in reply.get_json()["answers"]]
    assert names == ["right", "overall", "channels", "wish"]


def test_an_answer_off_the_path_comes_back_with_it(interview):
    interview.answers(*(entry for _, entry in WHOLE[:5]))
    for codes in (["2"], ["1"]):
        interview.send("moves", to="channels")
        reply = interview.answer({"codes": codes, "is_changed": True, "is_confirmed": True})
    said = {line["name"]: line["answer"] for line in reply.get_json()["answers"]}
    assert said["visits"] == "4"
    assert interview.question == "opened"


def test_a_harmless_change_is_written_at_once(interview, store):
    interview.answers(*(entry for _, entry in WHOLE[:3]))
    interview.send("moves", to="overall")
    reply = interview.answer({"codes": ["3"], "is_changed": True})
    assert "confirm" not in reply.get_json()
    assert stored(store, "overall") == [("answered", "10"), ("answered", "3")]
    assert interview.question == "visits"


def test_one_walks_back_jumps_and_returns_to_the_furthest_question(interview):
    interview.answers(*(entry for _, entry in WHOLE[:4]))
    steps = [("back", "visits"), ("back", "channels"), ("right", "right"), ("back", "right"),
             ("furthest", "wish")]  # fmt: skip
    for to, reached in steps:
        interview.send("moves", to=to)
        assert interview.question == reached


def test_an_answer_given_before_stands_in_the_question_again(interview):
    interview.answers(*(entry for _, entry in WHOLE[:4]))
    html = interview.send("moves", to="channels").get_json()["html"]
    assert re.findall(r'value="(\d)" data-key="\d"[^>]* checked', html) == ["1", "2"]
    html = interview.send("moves", to="visits").get_json()["html"]
    assert 'value="4"' in html


def test_a_note_is_kept_and_the_question_stays(interview, store):
    reply = interview.send("notes", question="right", text="hard of hearing")
    assert reply.get_json()["note"] == {"place": "right", "text": "hard of hearing"}
    assert "html" not in reply.get_json()
    assert interview.answer(ONE).status_code == 200
    assert "hard of hearing" in interview.browser.get(interview.path).get_data(as_text=True)


def test_the_interview_goes_on_in_another_language(interview):
    html = interview.send("language", language="zh-Hans").get_json()["html"]
    assert "请问是王女士" in html
    assert 'lang="zh-Hans"' in html
    assert "Say your own name." in html


def test_a_reload_lands_on_the_same_question_with_the_answers_so_far(interview):
    interview.answers(*(entry for _, entry in WHOLE[:3]))
    page = interview.browser.get(interview.path).get_data(as_text=True)
    assert name_of(page) == "visits"
    assert "A branch; The app" in page


def test_the_last_answer_completes_the_case_and_leads_back_to_the_desk(interview, store):
    reply = interview.answers(*(entry for _, entry in WHOLE))
    assert reply.get_json() == {"closed": "complete", "url": "/desk"}
    page = interview.browser.get("/desk").get_data(as_text=True)
    assert "Recorded: Complete interview. The case is closed." in page
    assert page.count("<dd>1</dd>") == 2
    assert one(store, Interview).outcome == "complete"
    closed = next(case for case in all_cases(store) if case.state == "closed")
    assert (closed.outcome, closed.code, closed.claimed_by) == ("complete", "1.1", None)
    assert stored(store, "visits") == [("answered", 4)]


def test_the_last_post_sent_again_gets_the_same_reply(interview, store):
    interview.answers(*(entry for _, entry in WHOLE[:-1]))
    last = {"question": "thanks", "status": "answered", "expected": interview.seq,
            "key": "last-key-000000000000"}  # fmt: skip
    first, second = (interview.send("answers", **last).get_json() for _ in range(2))
    assert first == second == {"closed": "complete", "url": "/desk"}
    assert [call.outcome for call in all_rows(store, Call)] == ["complete"]


def test_a_note_of_goodbye_ends_the_interview_with_its_outcome(interview, store):
    interview.answer({"codes": ["2"]})
    assert interview.question == "sorry"
    assert interview.answer().get_json()["closed"] == "wrong_number"
    assert [call.outcome for call in all_rows(store, Call)] == ["wrong_number"]


def test_an_interview_broken_off_is_resumed_at_the_same_question(interview, store):
    interview.answers(*(entry for _, entry in WHOLE[:3]))
    reply = interview.send("end", outcome="break_off")
    assert reply.get_json() == {"closed": "break_off", "url": "/desk"}
    assert one(store, Interview).outcome is None
    make_due(store)
    again = begin(interview.browser)
    assert (again.path, again.question) == (interview.path, "visits")
    assert again.fence != interview.fence
    interview.seq = again.seq
    assert interview.answer({"question": "visits", "text": "2"}).status_code == 410
    assert again.answer({"text": "2"}).status_code == 200


def test_an_appointment_in_the_middle_keeps_the_interview_open(interview, store):
    interview.answers(*(entry for _, entry in WHOLE[:2]))
    reply = interview.send("appointment", when="tomorrow 5pm", is_hard=False, note="at work now")
    assert reply.get_json()["url"] == "/desk"
    assert one(store, Interview).outcome is None
    assert all_rows(store, Call)[0].outcome == "appointment_midway"
    assert {case.state for case in all_cases(store)} == {"fresh", "appointment"}


def test_a_refusal_in_the_middle_closes_the_case(interview, store):
    interview.answer(ONE)
    assert interview.send("end", outcome="refused_midway").status_code == 200
    assert "closed" in {case.state for case in all_cases(store)}
    assert one(store, Interview).outcome is not None
    reply = interview.answer({"codes": ["5"]})
    assert reply.status_code == 410


def test_an_outcome_of_a_call_cannot_end_an_interview(interview, store):
    assert interview.send("end", outcome="busy").status_code == 422
    assert [call.outcome for call in all_rows(store, Call)] == [None]


def test_what_comes_after_the_case_was_lost_is_refused_and_kept_for_the_supervisor(
    interview, store, contacts
):
    interview.answer(ONE)
    with store.write() as session:
        case = session.get_one(Case, interview.case_id)
        case.fence += 1
        case.claimed_by = case.claimed_at = case.claim_expires = None
    before = len(events(store))
    reply = interview.answer({"codes": ["4"]})
    assert reply.status_code == 410
    assert reply.get_json()["url"] == "/desk"
    assert len(events(store)) == before
    notes = all_rows(store, CaseNote)
    assert [(note.is_late, contacts.open(note.text, NOTE)) for note in notes] == [
        (True, "overall: 4")
    ]


def test_a_claim_that_ran_out_with_the_line_is_taken_up_again(interview, store):
    with store.write() as session:
        case = session.get_one(Case, interview.case_id)
        case.claim_expires = utc_now() - timedelta(minutes=5)
    assert interview.answer(ONE).status_code == 200
    with store.read() as session:
        assert session.get_one(Case, interview.case_id).claim_expires > utc_now()


@pytest.fixture
def stranger(interview, store, as_role):
    """Another interviewer, who knows everything that the page of the first one knows."""
    with store.write() as session:
        people.create(session, "second", name="Second", role=Role.INTERVIEWER,
                      password="correct horse battery", now=utc_now())  # fmt: skip
    browser = as_role("second")
    browser.get("/desk")
    knows = Interviewing(browser, interview.case_id, interview.fence, interview.path,
                         interview.page)  # fmt: skip
    knows.keys = interview.keys
    return knows


@pytest.mark.parametrize("claim", ["running", "run out", "given back"])
def test_nobody_writes_to_the_interview_of_another(interview, stranger, store, claim):
    with store.write() as session:
        case = session.get_one(Case, interview.case_id)
        if claim != "running":
            case.claim_expires = utc_now() - timedelta(minutes=1)
        if claim == "given back":
            case.claimed_by = case.claimed_at = case.claim_expires = None
    assert stranger.answer(ONE).status_code == 410
    assert stranger.send("moves", to="back").status_code == 410
    assert stranger.send("notes", question=None, text="mine").status_code == 410
    assert stranger.send("end", outcome="refused_midway").status_code == 410
    assert stranger.browser.get(interview.path).headers["Location"] == "/desk"
    assert all_rows(store, CaseNote) == []
    assert interview.answer(ONE).status_code == 200


def test_a_stranger_gets_no_reply_to_the_last_post_of_another(interview, stranger):
    interview.answers(*(entry for _, entry in WHOLE[:-1]))
    last = {"question": "thanks", "status": "answered", "expected": interview.seq,
            "key": "last-key-000000000000"}  # fmt: skip
    assert interview.send("answers", **last).status_code == 200
    assert stranger.send("answers", **last).status_code == 410


def test_the_claim_on_one_case_opens_no_other_interview(interview, store):
    interview.send("end", outcome="break_off")
    second = begin(interview.browser)
    assert second.case_id != interview.case_id
    entry = {"case": second.case_id, "fence": second.fence, "question": "right", **ONE}
    assert interview.answer(entry).status_code == 410


def test_without_a_login_an_answer_is_asked_to_log_in_and_changes_nothing(interview, store):
    interview.browser.post("/logout")
    reply = interview.browser.send(f"{interview.path}/answers", {})
    assert reply.status_code in {400, 401}
    assert stored(store, "right") == []


def test_a_page_that_outlived_its_login_gets_the_token_of_the_new_one(interview):
    browser = interview.browser
    browser.post("/logout")
    browser.log_in("interviewer")
    browser.token = browser.client.get(f"{interview.path}/token").get_json()["token"]
    assert interview.answer(ONE).status_code == 200


def test_an_answer_without_the_token_is_refused(interview, store):
    interview.browser.token = ""
    assert interview.browser.send(f"{interview.path}/answers", {}).status_code == 400
    assert stored(store, "right") == []


@pytest.mark.parametrize(
    "entry",
    [
        {"weight": 2},
        {"status": "complete"},
        {"key": "open"},
        {"expected": -1},
        {"codes": "1"},
        {"text": "x" * 30_000},
    ],
)
def test_entries_that_no_page_sends_change_nothing(interview, store, entry):
    reply = interview.answer(ONE, **entry)
    assert reply.status_code == 422
    assert reply.get_json()["problems"]
    assert stored(store, "right") == []


def all_rows(store: Store, table):
    with store.read() as session:
        return list(session.exec(select(table).order_by(col(table.id))))


def all_cases(store: Store):
    return all_rows(store, Case)


def make_due(store: Store) -> None:
    with store.write() as session:
        for case in session.exec(select(Case).where(col(Case.interview_id).is_not(None))):
            case.next_at = utc_now() - timedelta(minutes=1)
            case.for_person = case.for_person_until = case.not_person = None

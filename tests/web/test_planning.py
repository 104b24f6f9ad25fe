"""The planning page: a question, its answer by a worker, and the fields that run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from accounts.store.tables import Role
from analysis import plans
from analysis.store.tables import SamplePlan
from foundation import queue
from foundation.database import Store, utc_now
from foundation.settings import Settings
from foundation.tables import Job, JobState
from survey import forms
from survey.store.tables import Interview, Study, Wave
from tests.builders import form_source
from tests.outside import add_mobi, keep_result
from tests.web.supervised import text

SHARE = {"kind": "size_share", "p": "50", "margin": "5", "confidence": "95", "deff": "1.5"}


def answer(store: Store, settings: Settings, location: str) -> None:
    """Let a worker answer the question at an address."""
    plan_id = int(location.rstrip("/").rpartition("/")[2])
    with store.read() as session:
        query = select(Job.id).where(Job.task == plans.TASK, Job.subject == plan_id)
        job_id = session.exec(query).one()
    queue.perform_in(store, settings, job_id)


@pytest.fixture
def researcher(as_role):
    return as_role(Role.RESEARCHER)


def test_a_question_is_answered_by_a_worker_and_kept(researcher, store: Store, settings: Settings):
    assert "Interviews for an index or a mean" in text(researcher.get("/planning/"))
    researcher.get("/planning/?kind=size_share")
    reply = researcher.post("/planning/", SHARE)
    assert reply.status_code == 302
    waiting = researcher.get(reply.location)
    assert "The numbers are being computed." in text(waiting)
    assert "report.js" in waiting.get_data(as_text=True)
    assert researcher.get(f"{reply.location}/progress").get_json()["state"] == "waiting"
    answer(store, settings, reply.location)
    page = text(researcher.get(reply.location))
    # 385 times 1.5, by the unrounded 384.15.
    assert "577" in page
    assert "Design effect 1.50" in page
    assert 'value="1.5"' in researcher.get(reply.location).get_data(as_text=True)
    assert "Answered before" in text(researcher.get("/planning/"))


def test_what_is_wrong_is_told_at_once_and_what_was_typed_stays(researcher, store: Store):
    researcher.get("/planning/?kind=size_share")
    reply = researcher.post("/planning/", {**SHARE, "p": "half", "margin": "0"})
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert "PLAN-101" in page
    assert "PLAN-103" in page
    assert 'value="half"' in page
    with store.read() as session:
        assert session.exec(select(SamplePlan)).all() == []


def test_a_question_without_an_answer_says_so(researcher, store: Store, settings: Settings):
    researcher.get("/planning/")
    asked = {"kind": "margin_share", "p": "50", "n": "1"}
    reply = researcher.post("/planning/", asked)
    answer(store, settings, reply.location)
    assert "could not be finished" in text(researcher.get(reply.location))


def test_unknown_questions_are_not_found(researcher):
    researcher.get("/planning/")
    assert researcher.get("/planning/?kind=magic").status_code == 404
    assert researcher.post("/planning/", {"kind": "magic"}).status_code == 404
    assert researcher.get("/planning/9").status_code == 404
    assert researcher.get("/published/9").status_code == 404


def a_running_wave(store: Store, completes: int, *, study_id: int | None = None) -> int:
    with store.write() as session:
        if study_id is None:
            study = Study(key="bank", title={"en": "Bank"})
            session.add(study)
            session.flush()
            study_id = study.id
        wave = Wave(study_id=study_id, number=9, title={"en": "Nine"}, target=400)
        session.add(wave)
        session.flush()
        # The form is not looked at here; any version will do.
        version = a_version(session)
        for number in range(completes):
            at = utc_now() - timedelta(days=number % 5, minutes=number)
            session.add(Interview(wave_id=wave.id, form_version_id=version, respondent=f"p{number}",
                                  outcome="complete", opened_at=at, closed_at=at))  # fmt: skip
        return wave.id


def a_version(session) -> int:
    source = form_source("| survey |\n| | type | name | label |\n| | integer | q | How many? |\n")
    return forms.publish(session, source, "f.md", by=None, now=utc_now()).id


def test_a_running_field_without_an_index_says_why_nothing_is_known(researcher, store: Store):
    assert "No wave of interviews is open." in text(researcher.get("/planning/"))
    a_running_wave(store, 30)
    page = text(researcher.get("/planning/"))
    assert "Bank · Wave 9 30 6.0 Not known: no wave of this study has an index yet" in page


def test_a_running_field_has_its_margin_under_repeated_looks_and_a_date(researcher, store: Store):
    with store.write() as session:
        first = add_mobi(session)
        study_id = session.get_one(Wave, first).study_id
    keep_result(store, first)
    wave_id = a_running_wave(store, 100, study_id=study_id)
    page = text(researcher.get("/planning/?margin=2"))
    with store.read() as session:
        (line,) = plans.fields(session, wanted=2.0, now=utc_now(), zone=utc_now().tzinfo)
    assert line.wave.id == wave_id
    # The index 72.45 has a standard error of 0.92 with 250 respondents: 14.5 for one.
    assert line.sd == pytest.approx(14.5, abs=1.5)
    assert line.once == pytest.approx(1.96 * line.sd / 10, abs=0.01)
    assert line.progress.margin > 1.3 * line.once
    assert f"± {line.progress.margin:.1f} ± {line.once:.1f}" in page
    assert "at this pace on" in page
    assert "the margin is met" in text(researcher.get("/planning/?margin=20"))
    assert researcher.get("/planning/?margin=nan").status_code == 200


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.SUPERVISOR, Role.INTERVIEWER, Role.ADMIN])
def test_planning_is_the_researchers(as_role, role: Role):
    client = as_role(role)
    for path in ("/planning/", "/published/"):
        assert client.get(path).status_code == 403


TABLES = (
    "table;base;answers;label;percent;claim\n"
    "Satisfaction;97;single;satisfied <b>;48.4;<50\n"
    "Queue;80-100;multiple;queue too long;87.3;\n"
)


def test_a_published_table_is_checked_by_a_worker(researcher, store: Store, settings: Settings):
    assert "Satisfaction;97;single" in text(researcher.get("/published/"))
    reply = researcher.post("/published/", {"tables": TABLES, "deff": "1.5"})
    assert reply.status_code == 302
    answer(store, settings, reply.location)
    page = text(researcher.get(reply.location))
    assert "▼ not supported z = −0.26, p = 0.80" in page
    assert "no base from 80-100 gives 87.3 %" in page
    assert "± 12.2" in page
    assert "a design effect of 1.5." in page
    assert "satisfied &lt;b&gt;" in researcher.get(reply.location).get_data(as_text=True)
    assert researcher.get(f"{reply.location}/progress").get_json()["state"] == JobState.DONE
    assert researcher.get(reply.location.replace("published", "planning")).status_code == 404


def test_a_table_that_cannot_be_read_is_told_with_its_rows(researcher):
    researcher.get("/published/")
    bad = {"tables": TABLES + "Other;many;single;x;5;\n", "deff": "none"}
    reply = researcher.post("/published/", bad)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert "PUB-103" in page
    assert "row 4" in page
    assert "PUB-109" in page
    assert "Other;many" in page

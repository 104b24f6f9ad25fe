"""The page of composite scores: ratings and a scheme, computed by a worker, shown and posted."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pytest
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from analysis import plans
from analysis.compositescheme import READY, as_lines
from analysis.store.tables import SamplePlan
from foundation import queue
from foundation.database import Store
from foundation.settings import Settings
from foundation.tables import Job, JobState
from tests.web.supervised import text

SCHEME = {"sources": as_lines(READY["teller-star"]), "missing": "rescale"}


def ratings() -> str:
    """Return ratings of six counters by people who rate alike, and of one rated once."""
    lines = ["unit;source;score;rater"]
    for at in range(6):
        mean = 90 - 5 * at
        lines += [f"counter {at};customers;{mean + step:.3f};" for step in np.linspace(-9, 9, 24)]
        for who, step in enumerate(np.linspace(-9, 9, 8)):
            lines.append(f"counter {at};team;{mean + step:.3f};Colleague {who}")
        lines += [f"counter {at};operations;{mean};boss", f"counter {at};lobby;{mean};host"]
    return "\n".join([*lines, "=counter <b>;customers;99;"])


def work(store: Store, settings: Settings, location: str) -> None:
    """Let a worker compute the scores at an address."""
    plan_id = int(location.rstrip("/").rpartition("/")[2])
    with store.read() as session:
        query = select(Job.id).where(Job.task == plans.TASK, Job.subject == plan_id)
        job_id = session.exec(query).one()
    queue.perform_in(store, settings, job_id)


@pytest.fixture
def researcher(as_role):
    client = as_role(Role.RESEARCHER)
    client.get("/scores/")
    return client


@pytest.fixture
def computed(researcher, store: Store, settings: Settings) -> str:
    """Return the address of computed scores."""
    asked = {**SCHEME, "title": "May <i>", "ratings": ratings(), "places": "2"}
    reply = researcher.post("/scores/", asked)
    assert reply.status_code == 302
    work(store, settings, reply.location)
    return reply.location


def test_the_page_offers_the_ready_scheme_and_is_linked_from_planning(researcher):
    assert 'href="/scores/"' in researcher.get("/planning/").get_data(as_text=True)
    page = researcher.get("/scores/?scheme=teller-star").get_data(as_text=True)
    assert "team; 30; 1\noperations; 15; 1\nlobby; 15; 1\ncustomers; 40; 1" in page
    assert researcher.get("/scores/?scheme=other").status_code == 404


def test_scores_are_computed_by_a_worker_and_shown_with_their_errors(
    researcher, store: Store, settings: Settings
):
    reply = researcher.post("/scores/", {**SCHEME, "ratings": ratings()})
    waiting = researcher.get(reply.location)
    assert "The numbers are being computed." in text(waiting)
    assert researcher.get(f"{reply.location}/podium").status_code == 404
    assert researcher.get(f"{reply.location}/scores.csv").status_code == 404
    work(store, settings, reply.location)
    assert researcher.get(f"{reply.location}/progress").get_json()["state"] == JobState.DONE
    page = text(researcher.get(reply.location))
    # By hand: 0.16 * 30.64 / 24 + 0.09 * 39.67 / 8 = 0.8065^2, with 13.98 degrees of freedom.
    assert "1 counter 0 90.0* n 34, SE 0.81 88.3 to 91.7 drawn in: 90.0 (88.2 to 91.7) 1 a" in page
    assert "=counter &lt;b&gt; not shown, n 1" in page
    assert "90.0 n 8, SE 2.2 not printed n 1, no error not printed n 1, no error 90.0 n 24" in page
    assert "counted as one draw" in page
    assert "Scores" in text(researcher.get("/scores/"))


def test_names_of_raters_are_not_kept(researcher, store: Store, computed: str):
    with store.read() as session:
        (plan,) = session.exec(select(SamplePlan)).all()
        assert "Colleague" not in str(plan.asked)
    page = researcher.get(computed).get_data(as_text=True)
    assert "Colleague" not in page
    assert "counter 0;team;81;1" in page


def test_for_posting_the_others_are_counted_never_named(researcher, computed: str):
    reply = researcher.get(f"{computed}/podium")
    page = text(reply)
    assert "May &lt;i&gt;" in page
    assert "1 counter 0 90.0" in page
    assert "2 counter 1 85.0" in page
    assert "5 others were rated. 1 has no rank" in page
    assert "counter 2" not in page
    assert "counter &lt;b&gt;" not in page
    content = researcher.get(f"{computed}/podium.csv").get_data(as_text=True)
    assert "counter 1" in content
    assert "counter 2" not in content


def test_files_hold_what_the_page_shows_and_are_noted(researcher, store: Store, computed: str):
    content = researcher.get(f"{computed}/scores.csv").get_data(as_text=True)
    assert "\n'=counter <b>,," in content
    assert "hidden" in content
    book = openpyxl.load_workbook(io.BytesIO(researcher.client.get(f"{computed}/scores.xlsx").data))
    head, first, *_, last = list(book["scores"].values)
    found = dict(zip(head, first, strict=True))
    assert (found["Unit"], found["Rank"], found["Raters"]) == ("counter 0", 1, 34)
    assert found["Score, 0-100"] == pytest.approx(90)
    assert (found["team: mean"], found["operations: mean"]) == (pytest.approx(90), None)
    assert last[:3] == ("=counter <b>", None, None)
    assert researcher.get(f"{computed}/scores.pdf").status_code == 404
    with store.read() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "export scores")).all()
        assert [entry.detail for entry in noted] == [
            {"kind": "scores csv"},
            {"kind": "scores xlsx"},
        ]


def test_everything_wrong_is_told_at_once_and_what_was_typed_stays(researcher, store: Store):
    asked = {
        "sources": "team; 30\ncustomers; 60",
        "missing": "withhold",
        "title": "x" * 101,
        "places": "7",
        "ratings": "unit;source;score\na;team;101\nb;teem;5",
    }
    reply = researcher.post("/scores/", asked)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    for code in ("COMP-107", "SAMP-511", "COMP-105", "COMP-108"):
        assert code in page
    assert "row 2, column &#39;score&#39;" in page
    assert "a;team;101" in page
    assert '<option value="withhold" selected>' in page
    assert 'name="places" inputmode="numeric" value="7"' in page
    with store.read() as session:
        assert session.exec(select(SamplePlan)).all() == []


def test_an_uploaded_file_is_read_and_named_in_its_problems(researcher):
    content = b"unit,source,score\na,boss,5\n"
    reply = researcher.post("/scores/", {**SCHEME, "file": (io.BytesIO(content), "may.csv")})
    assert "may.csv, row 2, column &#39;source&#39;" in reply.get_data(as_text=True)


def test_pages_of_other_questions_are_not_scores(researcher, computed: str):
    number = computed.rpartition("/")[2]
    assert researcher.get(f"/planning/{number}").status_code == 404
    assert researcher.get(f"/published/{number}").status_code == 404
    assert "Answered before" not in text(researcher.get("/planning/"))
    assert "May &lt;i&gt;" in text(researcher.get("/scores/"))
    assert researcher.get("/scores/999").status_code == 404


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.SUPERVISOR, Role.INTERVIEWER, Role.ADMIN])
def test_scores_are_the_researchers(as_role, role: Role):
    client = as_role(role)
    assert client.get("/scores/").status_code == 403
    assert client.get("/scores/1/podium").status_code == 403

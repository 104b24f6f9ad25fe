"""Samples in the pages: files checked and imported, replicates drawn and released."""

from __future__ import annotations

import base64
import io
import re

import openpyxl
import pytest
from sqlmodel import func, select

from accounts.store.tables import Role
from cati.rules.queue import CaseState
from cati.store.contacts import Contacts
from cati.store.tables import Case, Contact, ContactNumber, DoNotCall
from foundation.database import utc_now
from survey import studies
from survey.studies import WavePlan
from tests.desk import a_survey
from tests.web.supervised import DAY, last_audit, text

HEADER = "id,name,phone,stratum,town"
GOOD = f"{HEADER}\nK1,Li,13800138000,North,A\nK2,Wu,13800138001,South,B\n"
HOSTILE = "<script>alert(1)</script>"
BAD = f"""{HEADER}
K1,Li,13800138000,North,A
K1,{HOSTILE},12{HOSTILE},North,{HOSTILE}
,Wu,13800138000,South,=1+1
K4,Xu,13800138009,South,B
"""


@pytest.fixture
def contacts(cipher) -> Contacts:
    return Contacts(cipher, "CN", "Asia/Shanghai")


@pytest.fixture
def wave(app, store) -> int:
    """A wave without a sample."""
    with store.write() as session:
        study = studies.create_study(session, "bank", title={"en": "B"}, by=None, now=utc_now())
        plan = WavePlan({"en": "Wave 1"})
        return studies.add_wave(session, study.id, plan, by=None, now=utc_now()).id


@pytest.fixture
def supervisor(wave, as_role):
    return as_role(Role.SUPERVISOR)


def send(
    browser, wave: int, content: str | bytes, act="import", name="bank.csv", *, script=False, **form
):
    """Upload a file as the form does, or as our script does."""
    browser.get(f"/samples/waves/{wave}")
    data = content.encode() if isinstance(content, str) else content
    headers = {"X-Requested-With": "soundings"} if script else {}
    return browser.post(
        f"/samples/waves/{wave}/{act}", {"file": (io.BytesIO(data), name), **form},
        content_type="multipart/form-data", headers=headers,
    )  # fmt: skip


def stored(store) -> tuple[int, ...]:
    with store.read() as session:
        return tuple(
            session.exec(select(func.count()).select_from(table)).one()
            for table in (Case, Contact, ContactNumber)
        )


def test_a_wave_without_a_sample_says_what_to_do(supervisor, wave):
    page = text(supervisor.get(f"/samples/waves/{wave}"))
    assert "This wave has no sample yet. Import the first file below" in page
    assert "Import a sample" in text(supervisor.get("/samples/"))


def test_an_installation_without_waves_says_who_begins_one(app, as_role):
    assert "A researcher begins one" in text(as_role(Role.SUPERVISOR).get("/samples/"))


def test_a_check_shows_columns_and_people_and_stores_nothing(supervisor, wave, store):
    reply = send(supervisor, wave, GOOD, act="check")
    page = text(reply)
    assert reply.status_code == 200
    assert "2 people, no mistake. Nothing is stored yet: press Import." in page
    assert "phone the number called first" in page
    assert "town a variable of the interview A" in page
    assert "North 1" in page
    assert "13800138000" not in page
    assert stored(store) == (0, 0, 0)


def test_every_bad_row_is_shown_with_place_and_remedy_and_nothing_is_stored(
    supervisor, wave, store
):
    for act in ("check", "import"):
        reply = send(supervisor, wave, BAD, act=act)
        page = text(reply)
        assert reply.status_code == 422
        assert "4 mistakes. Nothing was stored." in page
        assert "3 id" in page
        assert "the id &#39;K1&#39; stands already in row 2." in page
        assert "Write digits only, with +country code" in page
        assert "Keep one of the rows" in page
        assert stored(store) == (0, 0, 0)


def test_what_is_wrong_comes_as_a_file_too_and_nothing_in_it_runs(supervisor, wave):
    reply = send(supervisor, wave, BAD, act="check")
    page = reply.get_data(as_text=True)
    assert HOSTILE not in page
    listed = re.search(
        r'download="problems.csv" href="data:text/csv;charset=utf-8;base64,([^"]+)', page
    )
    lines = base64.b64decode(listed.group(1)).decode("utf-8-sig").splitlines()
    assert lines[0] == "sheet,row,column,problem"
    assert len(lines) == 5


def test_a_workbook_names_the_sheet_of_a_bad_row(supervisor, wave):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "March"
    for row in (("id", "phone"), ("K1", "12")):
        book.active.append(row)
    book.save(out)
    page = text(send(supervisor, wave, out.getvalue(), name="bank.xlsx"))
    assert "bank.xlsx, sheet &#39;March&#39;" in page
    assert "2 phone [NUM-002]" in page


def test_an_import_draws_replicates_that_wait_to_be_released(supervisor, wave, store):
    reply = send(supervisor, wave, GOOD, replicates="2")
    assert reply.headers["Location"].endswith("#release")
    page = supervisor.get(f"/samples/waves/{wave}")
    assert "2 cases are stored. They wait to be released." in text(page)
    assert page.get_data(as_text=True).count('name="replicate"') == 2
    assert last_audit(store).action == "sample.imported"


def test_the_same_file_again_is_harmless_and_said_to_be_known(supervisor, wave, store):
    send(supervisor, wave, GOOD)
    before = stored(store)
    page = text(send(supervisor, wave, GOOD))
    assert "all 2 people of this file are in the wave already. Nothing was changed." in page
    assert "mistake" not in page.split("Import a sample file")[1]
    assert stored(store) == before


def test_duplicates_and_do_not_call_hits_are_told_apart(supervisor, wave, store, contacts):
    send(supervisor, wave, GOOD)
    with store.write() as session:
        session.add(DoNotCall(number_hash=contacts.number_hash("+8613800138007"), at=utc_now()))
    more = GOOD + "K3,Xu,13800138007,North,C\nK4,Yu,13800138008,North,C\n"
    page = text(send(supervisor, wave, more, act="check"))
    for said in ("2 id in this wave already", "2 number in this wave already",
                 "1 number on the do-not-call list"):  # fmt: skip
        assert said in page
    assert "1 of 4 rows are without fault." in page


def test_the_good_rows_may_be_stored_and_the_others_come_back(supervisor, wave, store):
    reply = send(supervisor, wave, BAD, good_only="yes")
    page = reply.get_data(as_text=True)
    assert reply.status_code == 200
    assert "2 rows were not stored." in text(reply)
    rejects = re.search(r'download="rows-not-stored.csv" href="data:[^,]+,([^"]+)"', page)
    assert "'=1+1" in base64.b64decode(rejects.group(1)).decode("utf-8-sig")
    assert stored(store)[0] == 2


def test_our_script_gets_the_report_alone_and_the_way_on(supervisor, wave):
    report = send(supervisor, wave, BAD, script=True)
    assert report.status_code == 422
    assert "<html" not in report.get_data(as_text=True)
    assert "4 mistakes" in text(report)
    assert send(supervisor, wave, GOOD, script=True).get_json()["url"].endswith("#release")


def test_what_is_no_sample_is_refused_in_words(supervisor, wave, store):
    for content, said in (
        (b"", "has no rows below its header"),
        (b"PK\x03\x04 no workbook", "cannot be read as a table"),
        (b"name,fone\nLi,1\n", "the column &#39;id&#39; is missing"),
        (b"id,phone,phone\n1,2,3\n", "stands twice"),
    ):
        reply = send(supervisor, wave, content)
        assert (reply.status_code, said in text(reply)) == (422, True), said
    assert stored(store) == (0, 0, 0)


def test_no_file_is_said(supervisor, wave):
    supervisor.get(f"/samples/waves/{wave}")
    reply = supervisor.post(f"/samples/waves/{wave}/import", {})
    assert reply.status_code == 422
    assert "no file was chosen" in text(reply)


def test_replicates_are_released_by_choice(supervisor, wave, store):
    send(supervisor, wave, GOOD, replicates="2")
    supervisor.get(f"/samples/waves/{wave}")
    reply = supervisor.post(
        f"/samples/waves/{wave}/release", {"replicate": "2"}, follow_redirects=True
    )
    assert "1 case is released." in text(reply)
    with store.read() as session:
        states = {case.replicate: case.state for case in session.exec(select(Case))}
    assert states == {1: CaseState.UNRELEASED, 2: CaseState.FRESH}
    assert last_audit(store).detail == {"replicates": [2], "cases": 1}


def test_a_release_of_nothing_is_said(supervisor, wave):
    send(supervisor, wave, GOOD)
    supervisor.get(f"/samples/waves/{wave}")
    for form, said in (
        ({}, "Choose the replicates to release."),
        ({"replicate": "x"}, "Choose the replicates to release."),
        ({"replicate": "7"}, "replicate 7 has no cases waiting to be released."),
    ):
        reply = supervisor.post(f"/samples/waves/{wave}/release", form, follow_redirects=True)
        assert said in text(reply)


def test_a_researcher_sees_the_sample_and_cannot_change_it(as_role, app, store, contacts):
    wave = a_survey(store, contacts, now=utc_now() - DAY)
    browser = as_role(Role.RESEARCHER)
    page = browser.get(f"/samples/waves/{wave}")
    assert "1 3" in text(page)
    assert "<form id=" not in page.get_data(as_text=True)
    assert "王" not in text(page)
    for act in ("check", "import", "release"):
        assert browser.post(f"/samples/waves/{wave}/{act}").status_code == 403
    assert browser.get("/samples/").status_code == 403

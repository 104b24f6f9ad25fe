"""The quality page of a wave: asked for, stated, read; and what the executive sees of it."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from analysis import quality
from analysis.store.tables import WaveResult
from cati.store.contacts import Contacts
from foundation import queue
from foundation.database import Store, utc_now
from foundation.settings import Settings
from foundation.tables import JobState
from survey import studies
from tests.desk import a_survey
from tests.outside import add_mobi, keep_result
from tests.web.supervised import DAY, a_call, text


@pytest.fixture
def wave_id(app: Flask, store: Store) -> int:
    with store.write() as session:
        return add_mobi(session)


def work(store: Store, settings: Settings, wave_id: int) -> str:
    """Do all the work there is about the quality of a wave; return how the last job ended."""
    while True:
        with store.read() as session:
            job = quality.newest_job(session, wave_id)
        if job.state != JobState.WAITING:
            return job.state
        queue.perform_in(store, settings, job.id)


def again(client, wave_id: int, content: bytes, **fields):
    files = {"file": (io.BytesIO(content), "again.csv")}
    path = f"/quality/waves/{wave_id}/backcheck"
    return client.post(path, {**fields, **files}, content_type="multipart/form-data")


def test_an_imported_wave_is_judged_by_its_answers(
    as_role, store: Store, settings: Settings, wave_id: int
):
    client = as_role(Role.RESEARCHER)
    path = f"/quality/waves/{wave_id}/"
    assert "Nothing has been computed" in text(client.get(path))
    assert client.post(f"{path}compute").status_code == 302
    assert "The numbers are being computed." in text(client.get(path))
    assert client.get(f"{path}progress").get_json()["state"] == "waiting"
    assert work(store, settings, wave_id) == JobState.DONE
    page = text(client.get(path))
    assert "250 complete interviews." in page
    assert "Not known: the wave has no cases of a telephone sample." in page
    assert "Not known: nothing says who held the interviews." in page
    assert "Straight-lining" in page
    assert "nan" not in page.lower().replace("finance", "")


def test_asking_twice_is_one_judgement(as_role, store: Store, wave_id: int):
    client = as_role(Role.RESEARCHER)
    client.get(f"/quality/waves/{wave_id}/")
    ids = set()
    for _ in range(2):
        client.post(f"/quality/waves/{wave_id}/compute")
        with store.read() as session:
            ids.add(quality.newest_job(session, wave_id).id)
    assert len(ids) == 1


def test_stated_facts_and_re_interviews_stand_on_the_page(
    as_role, store: Store, settings: Settings, wave_id: int
):
    client = as_role(Role.RESEARCHER)
    path = f"/quality/waves/{wave_id}/"
    client.get(path)
    facts = {"name": "Register <b>", "dated": "2026-09-30", "population": "4000", "missing": "100"}
    assert client.post(f"{path}frame", facts).status_code == 302
    rows = "".join(f"{n},IMAG1,{n % 10 + 1}\n" for n in range(1, 21))
    assert (
        again(client, wave_id, b"respondent,question,answer\n" + rows.encode()).status_code == 302
    )
    assert work(store, settings, wave_id) == JobState.DONE
    page = client.get(path).get_data(as_text=True)
    assert "Register &lt;b&gt;, as of 2026-09-30." in page
    assert "2.5 %" in page
    assert "Agreement: IMAG1" in page
    assert "n = 20" in page
    with store.read() as session:
        actions = session.exec(select(AuditEntry.action)).all()
    assert {"state frame", "keep back-check"} <= set(actions)
    client.post(f"{path}backcheck", {"remove": "yes"})
    work(store, settings, wave_id)
    assert "No back-check yet" in text(client.get(path))


def test_bad_facts_and_files_are_told_and_nothing_is_kept(as_role, store: Store, wave_id: int):
    client = as_role(Role.RESEARCHER)
    path = f"/quality/waves/{wave_id}/"
    client.get(path)
    reply = client.post(f"{path}frame", {"name": "List", "population": "about 4000"})
    assert reply.status_code == 422
    assert "QUAL-101" in reply.get_data(as_text=True)
    assert 'value="about 4000"' in reply.get_data(as_text=True)
    reply = again(client, wave_id, b"respondent,answer\n1,2\n")
    assert reply.status_code == 422
    assert "QUAL-104" in reply.get_data(as_text=True)
    assert client.post(f"{path}backcheck").status_code == 422
    with store.read() as session:
        page = quality.page(session, wave_id)
    assert (page.frame.name, page.backcheck, page.job) == ("", 0, None)


def test_a_telephone_wave_is_reported_by_the_floor_first(
    as_role, app, store: Store, settings: Settings, cipher
):
    contacts = Contacts(cipher, "CN", "Asia/Shanghai")
    wave_id = a_survey(store, contacts, now=utc_now() - DAY, cases=3)
    a_call(store, contacts, wave_id, "hard_refusal", utc_now())
    client = as_role(Role.RESEARCHER)
    client.get(f"/quality/waves/{wave_id}/")
    client.post(f"/quality/waves/{wave_id}/compute")
    with store.read() as session:
        assert quality.newest_job(session, wave_id).task == "cati.jobs.report_wave"
    # Nobody answered to the end: the field was reported, and the page says what is missing.
    assert work(store, settings, wave_id) == JobState.FAILED
    page = text(client.get(f"/quality/waves/{wave_id}/"))
    assert "could not be finished" in page
    assert "no interview of this wave is complete yet" in page


def test_the_executive_reads_the_short_figures_in_the_report(
    as_role, store: Store, settings: Settings, wave_id: int
):
    keep_result(store, wave_id)
    executive = as_role(Role.EXECUTIVE)
    assert "What sampling error leaves out" not in text(executive.get(f"/reports/waves/{wave_id}"))
    researcher = as_role(Role.RESEARCHER)
    researcher.get(f"/quality/waves/{wave_id}/")
    researcher.post(f"/quality/waves/{wave_id}/compute")
    work(store, settings, wave_id)
    page = text(executive.get(f"/reports/waves/{wave_id}"))
    assert "What sampling error leaves out" in page
    assert "Response rate RR3" in page
    assert "All quality figures" not in page
    assert executive.get(f"/quality/waves/{wave_id}/").status_code == 403


def test_the_report_ranks_strata_with_what_the_data_support(as_role, store: Store, wave_id: int):
    keep_result(store, wave_id)
    client = as_role(Role.EXECUTIVE)
    assert "Possible ranks" not in text(client.get(f"/reports/waves/{wave_id}"))
    row = {"base": 60, "index": {"value": 70.0, "se": 2.0, "low": 66.0, "high": 74.0}, "rank": 1,
           "fixed_se": 1.9, "best": 1, "worst": 2, "letters": "a", "marked": False,
           "shrunken": None}  # fmt: skip
    small = {"value": 68.0, "se": 2.0, "low": 64.0, "high": 72.0}
    second = {**row, "name": "South", "rank": 2, "base": 40, "marked": True, "shrunken": small}
    league = {"name": "stratum", "label": {"en": "Stratum"}, "hidden": ["West <b>"],
              "least_base": 30, "rows": [{**row, "name": "North"}, second]}  # fmt: skip
    with store.write() as session:
        result = session.exec(select(WaveResult)).one()
        result.numbers = {**result.numbers, "leagues": [league]}
    page = text(client.get(f"/reports/waves/{wave_id}"))
    assert "The index by Stratum The groups cannot be told apart: their order may be" in page
    assert "North 70.0 66.0 to 74.0 2.00 (1.90) 60 1 1–2 a" in page
    assert "South 70.0 66.0 to 74.0 2.00 (1.90) 40 * 2 1–2 a small base" in page.replace(
        "40*", "40 *"
    )
    assert "drawn towards the mean of all: 68.0 (64.0 to 72.0)" in page
    assert "fewer than 30 respondents or too large an error stand behind them: West" in page
    assert "<b>" not in client.get(f"/reports/waves/{wave_id}").get_data(as_text=True)


def test_an_unknown_wave_is_not_found(as_role, store: Store, app):
    client = as_role(Role.RESEARCHER)
    with store.read() as session:
        assert studies.wave(session, 99) is None
    client.get("/studies/")
    for path in ("", "progress"):
        assert client.get(f"/quality/waves/99/{path}").status_code == 404
    for path in ("compute", "frame", "backcheck"):
        assert client.post(f"/quality/waves/99/{path}").status_code == 404

"""The report pages: what each role sees, in both languages, before, during and after the work."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from flask import Flask

from accounts.store.tables import Role
from analysis import waves
from foundation import jobs
from foundation.database import Store
from foundation.problems import Message, Place
from foundation.tables import JobState
from survey import studies
from survey.store.tables import DataRow
from tests.outside import DATA, GOLDEN, MODEL, add_mobi, keep_result

WRONG = Message("T-1", "the item 'q7' is always %(value)s.", "Ask another question.")


@pytest.fixture
def wave_id(app: Flask, store: Store) -> int:
    """Return an imported wave whose computation was asked for."""
    with store.write() as session:
        return add_mobi(session)


def set_job(store: Store, wave_id: int, **values: object) -> None:
    with store.write() as session:
        job = waves.newest_job(session, wave_id)
        for name, value in values.items():
            setattr(job, name, value)


def text(reply) -> str:
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_without_a_study_the_page_says_what_comes_first(as_role):
    assert "There is no study yet" in text(as_role(Role.EXECUTIVE).get("/reports/"))


def test_a_wave_that_is_not_computed_says_so(as_role, store: Store, wave_id: int):
    set_job(store, wave_id, state=JobState.FAILED)
    executive = text(as_role(Role.EXECUTIVE).get(f"/reports/waves/{wave_id}"))
    assert "Nothing has been computed of this wave yet" in executive
    assert "A researcher starts the computation" in executive
    assert '<button class="primary">Compute' not in executive
    researcher = text(as_role(Role.RESEARCHER).get(f"/reports/waves/{wave_id}"))
    assert "Compute the index" in researcher


def test_the_first_screen_has_index_interval_base_and_advice(as_role, store: Store, wave_id: int):
    keep_result(store, wave_id)
    page = text(as_role(Role.EXECUTIVE).get(f"/reports/waves/{wave_id}"))
    assert '<strong class="big">72.5</strong>' in page
    assert "250 respondents" in page
    assert "This is the first wave" in page
    assert "Complaints" in page
    assert page.count("How was this computed?") >= 3
    assert page.count("<title id=") == page.count("<desc id=") == 2
    assert 'id="driver-table"' in page
    assert 'id="trend-table"' in page
    assert "nan" not in page.lower().replace("finance", "")


def test_the_second_wave_is_compared_with_the_first(as_role, store: Store, wave_id: int):
    keep_result(store, wave_id)
    with store.write() as session:
        second = add_mobi(session)
    keep_result(store, second, change=-2.0)
    page = text(as_role(Role.EXECUTIVE).get(f"/reports/waves/{second}"))
    assert "Since Published example" in page
    assert "▼" in page
    assert "A real move" in page
    first = text(as_role(Role.EXECUTIVE).get(f"/reports/waves/{wave_id}"))
    assert "This is the first wave" in first


def test_the_list_has_the_newest_index_of_each_study(as_role, store: Store, wave_id: int):
    client = as_role(Role.EXECUTIVE)
    assert "not computed yet" in text(client.get("/reports/"))
    keep_result(store, wave_id)
    page = text(client.get("/reports/"))
    assert "72.5" in page
    assert f"/reports/waves/{wave_id}" in page
    assert "Import answers" not in page
    assert "Import answers" in text(as_role(Role.RESEARCHER).get("/reports/"))


def test_chinese_pages_name_constructs_in_chinese(as_role, store: Store, wave_id: int):
    keep_result(store, wave_id)
    client = as_role(Role.EXECUTIVE)
    client.get("/reports/")
    client.post("/language", {"locale": "zh_Hans", "back": "/reports/"})
    page = text(client.get(f"/reports/waves/{wave_id}"))
    assert '<html lang="zh-Hans">' in page
    assert "移动电话" in page
    assert "Satisfaction（中文）" in page
    assert "72.5" in page


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.SUPERVISOR, Role.INTERVIEWER, Role.ADMIN])
def test_only_a_researcher_asks_for_a_computation(as_role, wave_id: int, role: Role):
    client = as_role(role)
    client.get(f"/reports/waves/{wave_id}")
    assert client.post(f"/reports/waves/{wave_id}/compute").status_code == 403


def test_asking_twice_while_it_waits_is_one_computation(as_role, store: Store, wave_id: int):
    with store.read() as session:
        before = waves.newest_job(session, wave_id)
    client = as_role(Role.RESEARCHER)
    client.get(f"/reports/waves/{wave_id}")
    for state in (JobState.WAITING, JobState.RUNNING):
        set_job(store, wave_id, state=state)
        assert client.post(f"/reports/waves/{wave_id}/compute").status_code == 302
        with store.read() as session:
            assert waves.newest_job(session, wave_id).id == before.id
    set_job(store, wave_id, state=JobState.DONE)
    client.post(f"/reports/waves/{wave_id}/compute")
    with store.read() as session:
        after = waves.newest_job(session, wave_id)
    assert after.id != before.id
    assert after.requested_by is not None


def test_running_work_shows_its_progress(as_role, store: Store, wave_id: int):
    set_job(store, wave_id, state=JobState.RUNNING, done=520, total=5000)
    client = as_role(Role.EXECUTIVE)
    page = text(client.get(f"/reports/waves/{wave_id}"))
    assert f'data-progress="/reports/waves/{wave_id}/progress"' in page
    assert "report.js" in page
    found = client.get(f"/reports/waves/{wave_id}/progress").get_json()
    assert (found["state"], found["done"], found["total"]) == ("running", 520, 5000)
    assert "520 of 5000" in found["text"]


def test_failed_work_shows_its_problems_and_keeps_what_there_was(
    as_role, store: Store, wave_id: int
):
    keep_result(store, wave_id)
    problem = jobs.as_json(WRONG.at(Place(column="q7"), value=4))
    set_job(store, wave_id, state=JobState.FAILED, problems=[problem])
    page = text(as_role(Role.EXECUTIVE).get(f"/reports/waves/{wave_id}"))
    assert "could not be finished" in page
    assert "the item &#39;q7&#39; is always 4." in page
    assert '<strong class="big">72.5</strong>' in page


def test_an_unknown_wave_is_not_found(as_role):
    client = as_role(Role.RESEARCHER)
    client.get("/reports/")
    assert client.get("/reports/waves/99").status_code == 404
    assert client.get("/reports/waves/99/progress").status_code == 404
    assert client.get("/models/waves/99").status_code == 404
    assert client.post("/reports/waves/99/compute").status_code == 404


def test_the_researcher_sees_the_model_with_its_errors(as_role, store: Store, wave_id: int):
    client = as_role(Role.RESEARCHER)
    assert "Nothing has been computed" in text(client.get(f"/models/waves/{wave_id}"))
    keep_result(store, wave_id)
    page = text(client.get(f"/models/waves/{wave_id}"))
    assert '<title id="paths-title">Path diagram' in page
    page = " ".join(text(client.get(f"/models/waves/{wave_id}/measurement")).split())
    # The loading of IMAG1 in mobi_pls.json is 0.745208.
    assert re.search(r'<td>IMAG1</td> <td class="number" title="0.745208\d*">0.745</td>', page)


def upload(client, data: bytes, model: bytes, **fields: str):
    files = {"data": (io.BytesIO(data), "mobi.csv"), "model": (io.BytesIO(model), "model.json")}
    client.get("/imports/")
    return client.post("/imports/", {**fields, **files}, content_type="multipart/form-data")


def test_two_files_become_a_wave_whose_index_is_asked_for(as_role, store: Store):
    reply = upload(as_role(Role.RESEARCHER), DATA, MODEL, key="mobi", title_zh="移动电话")
    assert reply.status_code == 302
    with store.read() as session:
        found = studies.by_key(session, "mobi")
        assert found is not None
        assert found.title == {"zh-Hans": "移动电话"}
        line = studies.line(session, found.id)
        assert line is not None
        assert line.waves[0].completes == 250
        assert waves.newest_job(session, line.waves[0].wave.id).state == JobState.WAITING


@pytest.mark.parametrize(
    ("data", "model", "said"),
    [
        pytest.param(DATA.replace(b"IMAG1", b"IMAGE1"), MODEL, "no column", id="column"),
        pytest.param(DATA.replace(b"\n10,9,10", b"\nten,9,10"), MODEL, "row 3", id="text"),
        pytest.param(DATA, MODEL.replace(b'"paths": [', b'"paths": [{"from": "Loyalty", '
                     b'"to": "Image"}, '), "circle", id="cycle"),
        pytest.param(DATA, b"{", "JSON", id="no json"),
        pytest.param(b"\xff\xfe\x00", MODEL, "mobi.csv", id="no text"),
        pytest.param(b"\n".join(DATA.split(b"\n")[:20]), MODEL, "30", id="too few"),
    ],
)  # fmt: skip
def test_bad_files_are_told_and_nothing_is_stored(
    as_role, store: Store, data: bytes, model: bytes, said: str
):
    reply = upload(as_role(Role.RESEARCHER), data, model, key="mobi")
    assert reply.status_code == 422
    assert said in reply.get_data(as_text=True)
    with store.read() as session:
        assert studies.overview(session) == []
        assert session.get(DataRow, 1) is None


def test_a_short_name_that_cannot_be_one_is_told(as_role, store: Store):
    reply = upload(as_role(Role.RESEARCHER), DATA, MODEL, key="No Key!")
    assert reply.status_code == 422
    with store.read() as session:
        assert studies.overview(session) == []


def test_no_web_process_loads_the_science():
    code = (
        "import sys, wsgi; from pathlib import Path; from analysis import uploads; "
        "data, model = (Path(name).read_bytes() for name in sys.argv[1:]); "
        "uploads.checked(data + data.partition(b'\\n')[2] * 200, 'd.csv', model, 'm.json'); "
        "print(sorted({'scipy', 'pandas', 'semopy'} & set(sys.modules)))"
    )
    files = [str(GOLDEN / "mobi.csv"), str(GOLDEN / "mobi_model.json")]
    found = subprocess.run(
        [sys.executable, "-c", code, *files], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"

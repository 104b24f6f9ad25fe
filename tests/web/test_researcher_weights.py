"""The page of weights: a plan with all its problems, its versions, its file, the index it makes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from analysis import computing, waves, weighing
from analysis.requests.weights import WeightingEntry
from analysis.store.tables import Weighting, WeightingResult, WeightingVersion
from analysis.wavefit.weighing import weigh
from cati.store.contacts import Contacts
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from foundation.settings import Settings
from foundation.tables import JobState
from tests.desk import a_survey
from tests.drawn import a_row, a_wave, with_others
from tests.weighed import add_wave, work_off

TARGETS = "variable,level,target,source\nsex,f,55,customer register\nsex,m,45,\n"
PLAN = {"base": "yes", "method": "rake", "targets": TARGETS, "upper": "3"}


@pytest.fixture
def wave_id(app: Flask, store: Store) -> int:
    with store.write() as session:
        return add_wave(session)


@pytest.fixture
def address(wave_id: int) -> str:
    return f"/studies/waves/{wave_id}/weights/"


@pytest.fixture
def researcher(as_role, address: str):
    browser = as_role(Role.RESEARCHER)
    browser.get(address)
    return browser


def text(reply) -> str:
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def saved(researcher, address: str, store: Store, settings: Settings, **changes) -> str:
    reply = researcher.post(address, {**PLAN, **changes})
    assert reply.status_code in {302, 303}
    assert work_off(store, settings, weighing.TASK).state is JobState.DONE
    return text(researcher.get(address))


def computed(store: Store, wave_id: int):
    with store.read() as session:
        source = computing.gather(session, wave_id)
    return computing.compute(source, resamples=40, seed=1)


def test_without_a_plan_the_page_says_how_respondents_count(researcher, address: str):
    page = text(researcher.get(address))
    assert "No plan is in force" in page
    assert 'name="base" value="yes" checked' in page
    assert "Imported answers say nothing of those who did not answer" in page


def test_every_problem_of_a_plan_is_said_at_once_and_nothing_is_saved(
    researcher, address: str, store: Store
):
    wrong = "variable,level,target,source\nsexx,f,1,\nregion,north,-3,x\nregion,south,x,x\n"
    entered = {"method": "poststratify", "targets": wrong, "lower": "2", "upper": "0.5"}
    reply = researcher.post(address, {**entered, "population": "many", "classes": "sex"})
    assert reply.status_code == 422
    page = reply.get_data(as_text=True)
    for said in (
        "row 2, column &#39;variable&#39;",
        "Did you mean &#39;sex&#39;",
        "row 3, column &#39;target&#39;",
        "row 4, column &#39;target&#39;",
        "WGT-210",
        "WGT-213",
        "WGT-214",
    ):
        assert said in page, said
    assert "sexx,f,1" in page
    with store.read() as session:
        assert session.exec(select(WeightingVersion)).all() == []


def test_a_plan_is_carried_out_and_its_steps_and_balance_are_shown(
    researcher, address: str, store: Store, settings: Settings
):
    page = saved(researcher, address, store, settings)
    assert "Version 1 is in force" in page
    assert page.count('<th scope="row">') == 3 + 2
    assert "customer register" in page
    assert "<title id=" in page
    assert 'id="balance"' in page
    # Base weights of 10 and 5: the weighted count that shares are scaled to.
    assert "1,875" in page
    assert "nan" not in page.lower()


def test_the_file_of_weights_reaches_the_targets_and_is_noted(
    researcher, address: str, store: Store, settings: Settings
):
    saved(researcher, address, store, settings, upper="")
    reply = researcher.get(f"{address}weights.csv")
    rows = list(csv.DictReader(io.StringIO(reply.get_data(as_text=True))))
    assert len(rows) == 250
    women = [row for at, row in enumerate(rows) if at % 25 < 11]
    assert sum(float(row["weight"]) for row in women) == pytest.approx(0.55 * 1875)
    assert {float(row["base_weight"]) for row in rows} == {5.0, 10.0}
    with store.read() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.action == "export weights")).all()
        assert [entry.detail for entry in noted] == [{"rows": 250}]


def test_targets_come_from_a_file_too(researcher, address: str, store: Store, settings: Settings):
    content = "\ufeffvariable;level;target;source\nsex;f;1100;census\nsex;m;900;census\n"
    file = (io.BytesIO(content.encode()), "targets.csv")
    page = saved(researcher, address, store, settings, targets="", file=file)
    assert "2,000" in page
    assert "census" in page


def test_a_refused_file_stands_on_the_page_to_be_corrected(researcher, address: str):
    file = (io.BytesIO(b"variable,level,target,source\nsexx,f,1100,census\n"), "targets.csv")
    reply = researcher.post(address, {**PLAN, "targets": "", "file": file})
    assert reply.status_code == 422
    page = reply.get_data(as_text=True)
    assert "targets.csv, row 2, column" in page
    assert "\nsexx,f,1100,census" in page


def test_the_index_is_computed_with_the_plan_in_force_and_says_so(
    researcher, address: str, wave_id: int, store: Store, settings: Settings
):
    before = computed(store, wave_id)
    assert before.weighting is Weighting.PROBABILITY
    assert "plan" not in before.numbers
    saved(researcher, address, store, settings)
    after = computed(store, wave_id)
    assert after.weighting is Weighting.PLAN
    assert after.numbers["plan"] == {"version": 1, "steps": ["base", "rake", "trim"]}
    assert after.data_digest != before.data_digest
    assert after.numbers["performance"] != before.numbers["performance"]
    with store.write() as session:
        job = waves.request_estimate(session, wave_id, by=None)
        waves.keep(session, after, job_id=job.id, now=utc_now())
    report = text(researcher.get(f"/reports/waves/{wave_id}"))
    assert "weighting plan, version 1 (base weight, raking, limits)" in report


def test_without_the_plan_the_wave_is_computed_as_before(
    researcher, address: str, wave_id: int, store: Store, settings: Settings
):
    before = computed(store, wave_id)
    saved(researcher, address, store, settings)
    researcher.post(f"{address}drop")
    assert "No plan is in force" in text(researcher.get(address))
    after = computed(store, wave_id)
    assert (after.weighting, after.data_digest) == (before.weighting, before.data_digest)
    assert after.numbers["performance"] == before.numbers["performance"]


def test_an_earlier_version_comes_back_as_a_new_one(
    researcher, address: str, store: Store, settings: Settings
):
    saved(researcher, address, store, settings)
    saved(researcher, address, store, settings, method="none", targets="", upper="")
    with store.read() as session:
        first = session.exec(select(WeightingVersion).where(WeightingVersion.number == 1)).one()
    researcher.post(f"{address}versions/{first.id}/restore")
    work_off(store, settings, weighing.TASK)
    page = text(researcher.get(address))
    assert "Version 3 is in force" in page
    with store.read() as session:
        entries = [one.entry for one in session.exec(select(WeightingVersion))]
        assert entries[2] == entries[0] != entries[1]
        assert len(session.exec(select(WeightingResult)).all()) == 3


def test_a_plan_that_cannot_be_carried_out_says_why(
    researcher, address: str, store: Store, settings: Settings
):
    lacking = "variable,level,target,source\nsex,f,1,census\n"
    researcher.post(address, {**PLAN, "targets": lacking})
    assert work_off(store, settings, weighing.TASK).state is JobState.FAILED
    page = text(researcher.get(address))
    assert "WGT-102" in page
    assert "could not be finished" in page
    assert "Version 1 is saved and cannot be carried out." in page
    assert "Version 1 is in force." not in page


def test_a_version_of_another_wave_is_not_found(
    researcher, address: str, store: Store, settings: Settings
):
    saved(researcher, address, store, settings)
    with store.write() as session:
        other = add_wave(session)
    assert researcher.post(f"/studies/waves/{other}/weights/versions/1/restore").status_code == 404
    assert researcher.get(f"/studies/waves/{other}/weights/weights.csv").status_code == 404


def test_the_rules_for_those_who_did_not_answer_are_saved_and_what_they_did_is_said(
    as_role, store: Store, cipher: FieldCipher
):
    wave_id = a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now(), cases=2)
    address = f"/studies/waves/{wave_id}/weights/"
    researcher = as_role(Role.RESEARCHER)
    page = text(researcher.get(address))
    assert '<option value="all" selected>' in page
    wrong = {
        "base": "yes",
        "classes": "bank_name",
        "merge": "few",
        "eligible": "share",
        "share": "2",
    }
    reply = researcher.post(address, wrong)
    assert reply.status_code == 422
    page = reply.get_data(as_text=True)
    assert "WGT-219" in page
    assert "WGT-220" in page
    assert 'name="merge" inputmode="numeric" class="number" size="6" value="few"' in page
    reply = researcher.post(address, {**wrong, "merge": "10", "eligible": "casro"})
    assert reply.status_code in {302, 303}
    with store.write() as session:
        version = session.exec(select(WeightingVersion)).one()
        assert (version.entry["merge"], version.entry["eligible"]) == (10, None)
        entry = replace(WeightingEntry.from_json(version.entry), classes=("segment",))
        table, silent = a_wave()
        rows = with_others(silent, unresolved={"a": 10, "b": 20}, not_eligible=10)
        few = [a_row(300 + n, "c", None) for n in range(15)]
        found = weigh(table, [*rows, *few], entry)
        numbers = {**found.to_json(), "warnings": []}
        weighing.keep(
            session,
            weighing.Weighting(version.id, numbers, [], "0" * 64, "test"),
            job_id=1,
            now=utc_now(),
        )
    page = text(researcher.get(address))
    assert "Eligibility is known of 115 cases; e = 0.913 of them, weighted, are eligible." in page
    assert "The 30 never resolved count with that share." in page
    assert "Merged, because fewer than 10 answered in a class: b + c." in page
    assert '<option value="casro" selected>' in page
    assert 'value="10"' in page
    assert "classes under 10 answers merged" in page
    assert "e by CASRO" in page


def test_nonresponse_by_a_fitted_chance_is_saved_and_said(
    as_role, store: Store, cipher: FieldCipher
):
    wave_id = a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now(), cases=2)
    address = f"/studies/waves/{wave_id}/weights/"
    researcher = as_role(Role.RESEARCHER)
    researcher.get(address)
    asked = {"base": "yes", "classes": "bank_name", "nonresponse": "propensity", "merge": "10"}
    assert researcher.post(address, asked).status_code in {302, 303}
    with store.read() as session:
        version = session.exec(select(WeightingVersion)).one()
    # Classes are not made, so that none is merged.
    assert (version.entry["nonresponse"], version.entry["merge"]) == ("propensity", None)
    page = text(researcher.get(address))
    assert page.count("<form") == page.count("</form>")
    assert f'action="{address}compute"' in page
    assert "nonresponse by the fitted chance to answer: bank_name" in page
    assert '<option value="propensity" selected>' in page

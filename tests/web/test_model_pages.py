"""The researcher's Model pages: every section, its files, and what-if on the report."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import openpyxl
import pytest
from flask import Flask
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from analysis import waves
from analysis.store.tables import FindingKind, ModelFinding
from analysis.web.sections import TITLES
from foundation.database import Store, utc_now
from tests.outside import add_mobi, computed, keep_result

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def wave_id(app: Flask, store: Store) -> int:
    """Return a computed wave of the published example."""
    with store.write() as session:
        found = add_mobi(session)
    keep_result(store, found)
    return found


def text(reply) -> str:
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_every_section_stands_and_prints_no_nan(as_role, wave_id: int):
    client = as_role(Role.RESEARCHER)
    for key, title in TITLES.items():
        page = text(client.get(f"/models/waves/{wave_id}/{key}"))
        assert f"<h1>{title}</h1>" in page.replace("&#39;", "'"), key
        assert ">nan" not in page.lower(), key
        assert 'aria-current="page">' + str(title) in page
    assert client.get(f"/models/waves/{wave_id}/nonsense").status_code == 404


def test_the_diagram_has_a_title_a_description_and_a_table(as_role, wave_id: int):
    page = text(as_role(Role.RESEARCHER).get(f"/models/waves/{wave_id}"))
    assert '<desc id="paths-desc">Image → Expectation: 0.50 (' in page
    assert page.count('class="edge') == 12
    assert page.count('class="box"') == 7
    assert 'id="paths"' in page


def test_a_judgement_shows_what_fails_first_and_each_reason(as_role, wave_id: int):
    client = as_role(Role.RESEARCHER)
    page = text(client.get(f"/models/waves/{wave_id}/judging"))
    body = page.split('id="judgement"')[1].split("</table>")[0]
    assert body.count("▼") == computed().judgement["judgement"]["counts"]["fail"]
    assert "●" not in body
    page = text(client.get(f"/models/waves/{wave_id}/judging?criterion=alpha&mark=not+defined"))
    assert "the construct has a single item" in page
    everything = text(client.get(f"/models/waves/{wave_id}/judging?mark=all&criterion=nonsense"))
    assert everything.count("<tr>") > 250


def test_the_paper_section_has_sentences_and_syntax(as_role, wave_id: int):
    page = text(as_role(Role.RESEARCHER).get(f"/models/waves/{wave_id}/paper"))
    assert "A path model of 7 constructs and 24 items" in page
    assert "Satisfaction =~ CUSA1 + CUSA2 + CUSA3" in page
    assert "bootstrap_model(model" in page


def test_the_second_opinion_carries_its_warnings(as_role, wave_id: int):
    page = text(as_role(Role.RESEARCHER).get(f"/models/waves/{wave_id}/opinion"))
    assert "CBSEM-521" in page
    assert 'id="cbsem_parameters"' in page


def test_the_origin_has_seed_and_digests(as_role, wave_id: int):
    page = text(as_role(Role.RESEARCHER).get(f"/models/waves/{wave_id}/origin"))
    found = computed()
    assert found.data_digest in page
    assert found.numbers["run"]["model_digest"] in page
    assert "300 of 300 resamples used, seed 1" in page


def test_a_result_without_a_judgement_says_why_and_offers_to_compute(
    as_role, store: Store, wave_id: int
):
    with store.write() as session:
        for finding in session.exec(select(ModelFinding)):
            session.delete(finding)
    client = as_role(Role.RESEARCHER)
    for key in ("judging", "mediation", "importance", "paper"):
        page = text(client.get(f"/models/waves/{wave_id}/{key}"))
        assert "before the judgement was part of it" in page
        assert page.count(f'action="/reports/waves/{wave_id}/compute"') == 2
    assert "before the judgement" not in text(client.get(f"/models/waves/{wave_id}/structure"))


def test_the_files_hold_the_numbers_of_the_page_and_are_in_the_trail(
    as_role, store: Store, wave_id: int
):
    client = as_role(Role.RESEARCHER)
    stored = {
        f"{own['from']} → {own['to']}": own["value"] for own in computed().numbers["run"]["paths"]
    }
    address = f"/models/waves/{wave_id}/structure/tables"
    found = json.loads(client.get(f"{address}.json").data)
    assert {row["path"]: row["value"] for row in found["paths"]} == stored
    assert found["origin"]["model_digest"] == computed().numbers["run"]["model_digest"]
    book = openpyxl.load_workbook(io.BytesIO(client.client.get(f"{address}.xlsx").data))
    rows = list(book["paths"].values)[1:]
    assert {row[0]: row[1] for row in rows} == pytest.approx(stored, abs=1e-14)
    lines = client.get(f"{address}.csv?table=paths").data.decode("utf-8-sig").splitlines()
    assert {line.split(",")[0]: float(line.split(",")[1]) for line in lines[1:]} == stored
    assert client.get(f"{address}.csv?table=nonsense").status_code == 404
    with store.read() as session:
        entries = list(session.exec(select(AuditEntry).where(AuditEntry.action == "export model")))
    assert [entry.detail["kind"] for entry in entries] == ["json", "xlsx", "csv"]


def test_a_label_is_never_markup_nor_a_formula(as_role, store: Store):
    with store.write() as session:
        wave_id = add_mobi(session)
        job = waves.newest_job(session, wave_id)
        found = computed()
        labels = {**found.numbers["labels"], "Image": {"en": EVIL}, "Quality": {"en": "=1+1"}}
        evil = replace(found, wave_id=wave_id, numbers={**found.numbers, "labels": labels})
        waves.keep(session, evil, job_id=job.id, now=utc_now())
    client = as_role(Role.RESEARCHER)
    for address in (f"/models/waves/{wave_id}", f"/models/waves/{wave_id}/measurement",
                    f"/models/waves/{wave_id}/judging", f"/reports/waves/{wave_id}"):  # fmt: skip
        page = text(client.get(address))
        assert "&lt;script&gt;" in page
        assert EVIL not in page
    said = client.get(f"/reports/waves/{wave_id}/whatif?driver=Image&points=2").get_json()
    assert EVIL not in said["html"]
    data = client.client.get(f"/models/waves/{wave_id}/measurement/tables.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(data))["loadings"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    (first, *_rest) = [cell for cell in cells if cell.value == "=1+1"]
    assert first.data_type == "s"
    csv = client.get(f"/models/waves/{wave_id}/measurement/tables.csv?table=loadings").data
    assert b"\n'=1+1," in csv


def test_the_report_says_what_a_driver_would_move(as_role, wave_id: int):
    client = as_role(Role.EXECUTIVE)
    page = " ".join(text(client.get(f"/reports/waves/{wave_id}")).split())
    impact = computed().numbers["impact"]["Quality"]["value"]
    assert f"Satisfaction <strong>+{5 * impact:.1f}</strong>" in page
    address = f"/reports/waves/{wave_id}/whatif"
    said = client.get(f"{address}?driver=Quality&points=-3").get_json()
    assert f"<strong>−{3 * impact:.1f}</strong>" in said["html"]
    assert not said["refused"]
    for points in ("60", "nan", "", "a lot"):
        refused = client.get(f"{address}?driver=Quality&points={points}").get_json()
        assert refused["refused"], points
        assert "FIT-464" in refused["html"]
    assert client.get(f"{address}?driver=Nobody&points=1").status_code == 404
    asked = text(client.get(f"/reports/waves/{wave_id}?driver=Quality&points=60"))
    assert "FIT-464" in asked


def test_a_job_that_is_done_twice_leaves_one_judgement(store: Store, wave_id: int):
    keep_result(store, wave_id)
    with store.read() as session:
        found = session.exec(select(ModelFinding)).all()
    assert [own.kind for own in found] == [FindingKind.JUDGEMENT]

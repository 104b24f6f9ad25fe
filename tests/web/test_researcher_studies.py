"""Studies and waves: created, planned, opened and closed."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from foundation.database import Store, utc_now
from survey import forms, studies
from survey.store.tables import Interview, Study, Wave
from survey.studies import WavePlan
from tests.questionnaires import BRANCH, TAG

PLAN = {"title_en": "Autumn", "title_zh": "秋季", "starts_on": "2026-09-01",
        "ends_on": "2026-09-30", "target": "400"}  # fmt: skip


@pytest.fixture
def researcher(as_role):
    browser = as_role(Role.RESEARCHER)
    browser.get("/studies/")
    return browser


def publish(store: Store, source: str = BRANCH) -> int:
    with store.write() as session:
        version = forms.publish(session, source.encode(), "form.md", by=None, now=utc_now())
        assert version.id is not None
        return version.id


def a_study(store: Store, title: str = "Bank") -> int:
    with store.write() as session:
        study = studies.create_study(session, "bank", title={"en": title}, by=None, now=utc_now())
        assert study.id is not None
        return study.id


def a_wave(store: Store, form: int | None = None, title: str = "Autumn") -> int:
    study_id = a_study(store)
    with store.write() as session:
        plan = WavePlan({"en": title}, form_version_id=form)
        wave = studies.add_wave(session, study_id, plan, by=None, now=utc_now())
        assert wave.id is not None
        return wave.id


def wave_of(store: Store, wave_id: int) -> Wave:
    with store.read() as session:
        wave = session.get_one(Wave, wave_id)
        session.expunge(wave)
        return wave


def text_of(reply) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", reply.get_data(as_text=True))).split())


def codes_of(reply) -> list[str]:
    assert reply.status_code == 422
    return re.findall(r"\[([A-Z]+-\d+)\]", reply.get_data(as_text=True))


def test_a_study_is_created_and_listed(researcher, store: Store):
    assert "There is no study yet." in text_of(researcher.get("/studies/"))
    sent = {"key": "bank-2026", "title_en": "Bank", "title_zh": "银行"}
    reply = researcher.post("/studies/", sent)
    assert "There is no wave yet." in text_of(researcher.get(reply.location))
    assert "Bank bank-2026" in text_of(researcher.get("/studies/"))
    with store.read() as session:
        study = session.exec(select(Study)).one()
        assert study.title == {"en": "Bank", "zh-Hans": "银行"}
        assert "create study" in session.exec(select(AuditEntry.action)).all()


def test_a_study_that_cannot_be_is_refused_with_everything_wrong(researcher, store: Store):
    a_study(store)
    for sent, codes in (
        ({}, ["SUR-007", "SUR-008"]),
        ({"key": "Bank 2026", "title_en": "Bank"}, ["SUR-007"]),
        ({"key": "bank", "title_en": "Bank"}, ["SUR-006"]),
        ({"key": "other", "title_en": "x" * 201}, ["SUR-009"]),
    ):
        assert codes_of(researcher.post("/studies/", sent)) == codes, sent
    with store.read() as session:
        assert len(session.exec(select(Study)).all()) == 1


def test_what_was_typed_stays_after_a_refusal(researcher):
    page = researcher.post("/studies/", {"key": "A B", "title_en": "Kept"}).get_data(as_text=True)
    assert 'value="A B"' in page
    assert 'value="Kept"' in page


def test_a_wave_is_planned_then_opened_and_closed(researcher, store: Store):
    form = publish(store)
    reply = researcher.post(
        f"/studies/{a_study(store)}/waves", {**PLAN, "form_version_id": str(form)}
    )
    number = int(reply.location.rsplit("/", 1)[1])
    wave = wave_of(store, number)
    assert (wave.number, wave.title, wave.target) == (1, {"en": "Autumn", "zh-Hans": "秋季"}, 400)
    assert (wave.starts_on, wave.ends_on) == (date(2026, 9, 1), date(2026, 9, 30))
    assert not wave.is_open
    assert "○ closed" in text_of(researcher.get(reply.location))
    researcher.post(f"{reply.location}/open", {"open": "yes"})
    assert wave_of(store, number).is_open
    assert "● open" in text_of(researcher.get(reply.location))
    researcher.post(f"{reply.location}/open", {"open": "no"})
    assert not wave_of(store, number).is_open
    with store.read() as session:
        actions = session.exec(select(AuditEntry.action)).all()
    assert {"create wave", "open wave", "close wave"} <= set(actions)


def test_a_plan_that_cannot_be_is_refused_and_changes_nothing(researcher, store: Store):
    wave_id = a_wave(store, publish(store))
    before = wave_of(store, wave_id)
    for sent, codes in (
        ({"title_en": "", "title_zh": " "}, ["SUR-008"]),
        ({"starts_on": "1 May", "ends_on": "2 May", "target": "many"},
         ["SUR-014", "SUR-014", "SUR-011"]),
        ({"starts_on": "2026-10-01"}, ["SUR-010"]),
        ({"target": "1000001"}, ["SUR-011"]),
        ({"form_version_id": "99"}, ["SUR-012"]),
        ({"title_en": "x" * 201, "ends_on": "2026-08-01", "form_version_id": "99"},
         ["SUR-009", "SUR-010", "SUR-012"]),
    ):  # fmt: skip
        for path in (f"/studies/waves/{wave_id}", "/studies/1/waves"):
            assert codes_of(researcher.post(path, {**PLAN, **sent})) == codes, sent
    assert wave_of(store, wave_id) == before
    with store.read() as session:
        assert len(session.exec(select(Wave)).all()) == 1


def test_a_wave_without_a_questionnaire_cannot_be_opened(researcher, store: Store):
    wave_id = a_wave(store)
    page = researcher.get(f"/studies/waves/{wave_id}").get_data(as_text=True)
    assert "This wave has no questionnaire yet." in page
    reply = researcher.post(f"/studies/waves/{wave_id}/open", {"open": "yes"})
    assert codes_of(reply) == ["SUR-005"]
    assert not wave_of(store, wave_id).is_open


def test_a_wave_with_interviews_keeps_to_its_questionnaire(researcher, store: Store):
    form, other = publish(store), publish(store, BRANCH.replace("| branch |", "| other |"))
    wave_id = a_wave(store, form)
    with store.write() as session:
        session.add(Interview(wave_id=wave_id, form_version_id=form, respondent="R1"))
    sent = {**PLAN, "form_version_id": str(other)}
    assert codes_of(researcher.post(f"/studies/waves/{wave_id}", sent)) == ["SUR-013"]
    newer = publish(store, BRANCH.replace("| branch | 1 |", "| branch | 2 |"))
    sent = {**PLAN, "form_version_id": str(newer)}
    assert researcher.post(f"/studies/waves/{wave_id}", sent).status_code in {302, 303}
    assert wave_of(store, wave_id).form_version_id == newer


def test_every_page_comes_in_both_languages(researcher, store: Store):
    wave_id = a_wave(store, publish(store))
    for locale, lang in (("en", "en"), ("zh_Hans", "zh-Hans")):
        researcher.post("/language", {"locale": locale, "back": "/studies/"})
        for path in ("/studies/", "/studies/1", f"/studies/waves/{wave_id}"):
            reply = researcher.get(path)
            assert reply.status_code == 200
            assert f'<html lang="{lang}">' in reply.get_data(as_text=True)


def test_no_title_becomes_html(researcher, store: Store):
    a_study(store, TAG)
    with store.write() as session:
        studies.add_wave(session, 1, WavePlan({"en": TAG}), by=None, now=utc_now())
    for path in ("/studies/", "/studies/1", "/studies/waves/1"):
        page = researcher.get(path).get_data(as_text=True)
        assert "&lt;script&gt;" in page
        assert "<b>x</b>" not in page
        assert "<script>alert" not in page
    page = researcher.post("/studies/", {"key": TAG, "title_en": TAG}).get_data(as_text=True)
    assert "<script>alert" not in page


def test_what_is_not_there_is_not_found(researcher):
    for path in ("/studies/99", "/studies/waves/99", f"/studies/waves/{10**20}", "/studies/-1"):
        assert researcher.get(path).status_code == 404
    for path in ("/studies/99/waves", "/studies/waves/99", "/studies/waves/99/open"):
        assert researcher.post(path, PLAN).status_code == 404


def test_a_post_without_the_token_changes_nothing(researcher, store: Store):
    wave_id = a_wave(store, publish(store))
    before = wave_of(store, wave_id)
    for path in ("/studies/", "/studies/1/waves", f"/studies/waves/{wave_id}",
                 f"/studies/waves/{wave_id}/open"):  # fmt: skip
        assert researcher.client.post(path, data={**PLAN, "open": "yes"}).status_code == 400
    assert wave_of(store, wave_id) == before

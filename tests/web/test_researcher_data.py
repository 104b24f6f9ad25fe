"""The data of a wave: counts, the response table, the codebook, the files taken out."""

from __future__ import annotations

import csv
import html
import io
import re

import openpyxl
import pytest
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from foundation.database import Store, utc_now
from survey import forms, interviews, responses, studies
from survey.interview.state import Status
from survey.interview.validate import RawAnswer
from survey.interviews import Step
from survey.studies import WavePlan
from survey.web.data import PAGE_ROWS
from tests.questionnaires import BRANCH, TAG

# Two who finished, one who said nothing yet.
WALKS = [
    [("visited", "1", None), ("waited", "25", None), ("why", "=1+1", None), ("used", "1 2", None)],
    [("visited", "", Status.DK), ("used", "2", None)],
    [],
]


@pytest.fixture
def researcher(as_role):
    return as_role(Role.RESEARCHER)


def a_wave(store: Store, walks=WALKS, source: str = BRANCH) -> str:
    """Open an interview for each walk and answer it; return the address of the data."""
    now = utc_now()
    with store.write() as session:
        version = forms.publish(session, source.encode(), "form.md", by=None, now=now)
        study = studies.create_study(session, "bank", title={"en": "Bank"}, by=None, now=now)
        plan = WavePlan({"en": "Autumn"}, form_version_id=version.id)
        wave = studies.add_wave(session, study.id, plan, by=None, now=now)
        for number, walk in enumerate(walks, start=1):
            opened = interviews.open_interview(
                session, wave.id, version.id, f"R{number}", variables={"city": "Beijing"},
                design={"stratum": "north"}, language="en", by=None, now=now,
            )  # fmt: skip
            for seq, (name, text, status) in enumerate(walk, start=1):
                raw = RawAnswer(text, status=status or Status.ANSWERED)
                interviews.answer(session, opened, name, raw, Step(seq, f"k{seq}", None, now))
        return f"/studies/waves/{wave.id}/data/"


def text_of(reply) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", reply.get_data(as_text=True))).split())


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def exports(store: Store) -> list[AuditEntry]:
    with store.read() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == "export responses"))
        return list(found.all())


def test_a_wave_without_answers_says_so(researcher, store: Store):
    page = text_of(researcher.get(a_wave(store, [])))
    assert "No answers yet." in page
    assert "Response table" not in page


def test_interviews_are_counted_by_outcome(researcher, store: Store):
    page = text_of(researcher.get(a_wave(store)))
    assert "Interviews by outcome Complete interview 2 open 1 All 3" in page


def test_the_table_keeps_values_apart_from_statuses(researcher, store: Store):
    page = researcher.get(a_wave(store)).get_data(as_text=True)
    (first, second, third) = re.findall(r"<th scope=\"row\">R\d</th>(.*?)</tr>", page, re.DOTALL)
    assert '<td class="number">25</td>' in first
    assert re.findall(r'cell-status (\w+)"', first) == []
    assert re.findall(r'cell-status (\w+)"', second) == ["dk", "off_path", "off_path"]
    assert re.findall(r'cell-status (\w+)"', third) == ["not_reached"] * 4


def test_labels_are_shown_on_request(researcher, store: Store):
    address = a_wave(store)
    assert "The app; The website" not in text_of(researcher.get(address))
    assert "The app; The website" in text_of(researcher.get(f"{address}?values=labels"))
    researcher.post("/language", {"locale": "zh_Hans", "back": "/"})
    assert "手机银行; 网上银行" in text_of(researcher.get(f"{address}?values=labels"))


def test_a_long_table_comes_in_pages(researcher, store: Store):
    address = a_wave(store, [[]] * (PAGE_ROWS + 1))
    first, second = (text_of(researcher.get(f"{address}?page={page}")) for page in (1, 2))
    assert "Page 1 of 2" in first
    assert f"R{PAGE_ROWS} " in first
    assert f"R{PAGE_ROWS + 1} " not in first
    assert f"R{PAGE_ROWS + 1} " in second
    for odd in ("0", "-1", "x", "999999999999999999999"):
        assert researcher.get(f"{address}?page={odd}").status_code == 200


def test_the_csv_has_codes_and_a_status_for_each_question(researcher, store: Store):
    reply = researcher.client.get(a_wave(store) + "responses.csv")
    first, second, third = rows_of(reply.data)
    assert reply.data.startswith(b"\xef\xbb\xbf")
    assert (first["waited"], first["used"], first["used/1"]) == ("25", "1 2", "1")
    assert (first["why"], first["stratum"], first["city"]) == ("'=1+1", "north", "Beijing")
    assert (second["visited"], second["visited.status"]) == ("", "dk")
    assert (second["waited.status"], third["waited.status"]) == ("off_path", "not_reached")
    assert (second["outcome"], third["outcome"]) == ("complete", "")
    assert "customer" not in first


def test_the_raw_csv_is_exactly_what_was_stored(researcher, store: Store):
    reply = researcher.client.get(a_wave(store) + "responses.csv?raw=yes")
    assert rows_of(reply.data)[0]["why"] == "=1+1"
    assert not reply.data.startswith(b"\xef\xbb\xbf")


def test_the_csv_has_labels_on_request(researcher, store: Store):
    reply = researcher.client.get(a_wave(store) + "responses.csv?values=labels")
    assert rows_of(reply.data)[0]["visited"] == "Yes"
    assert rows_of(reply.data)[1]["visited.status"] == "don't know"


def test_the_workbook_has_the_answers_and_their_codebook(researcher, store: Store):
    address = a_wave(store)
    for query, value in (("", 1), ("?values=labels", "Yes")):
        reply = researcher.client.get(f"{address}responses.xlsx{query}")
        book = openpyxl.load_workbook(io.BytesIO(reply.data))
        assert book.sheetnames == ["responses", "codebook", "choices"]
        head, first, *_ = book["responses"].iter_rows(values_only=True)
        answers = dict(zip(head, first, strict=True))
        assert (answers["visited"], answers["waited"], answers["why"]) == (value, 25, "=1+1")
        assert book["responses"].cell(2, head.index("why") + 1).data_type == "s"


def test_every_file_of_answers_is_in_the_audit_trail(researcher, store: Store):
    address = a_wave(store)
    researcher.client.get(f"{address}responses.csv")
    researcher.client.get(f"{address}responses.xlsx")
    first, second = exports(store)
    assert (first.subject, first.detail) == ("wave 1", {"kind": "csv", "rows": 3})
    assert second.detail == {"kind": "xlsx", "rows": 3}
    assert first.person_id is not None


def test_looking_is_no_export(researcher, store: Store):
    address = a_wave(store)
    for path in ("", "codebook", "codebook.csv"):
        assert researcher.client.get(address + path).status_code == 200
    assert exports(store) == []


def test_the_codebook_says_what_every_column_means(researcher, store: Store):
    address = a_wave(store)
    page = text_of(researcher.get(f"{address}codebook"))
    assert "waited whole number How many minutes did you wait? ${visited} = '1'" in page
    assert "why text Why so long, ${customer}? (${visited} = '1') and (${waited} > 20)" in page
    assert "used several choices What else did you use? 1 The app 2 The website everybody" in page
    lines = rows_of(researcher.client.get(f"{address}codebook.csv").data)
    assert [line["name"] for line in lines] == ["city", "visited", "waited", "why", "used"]
    assert lines[1]["label (zh-Hans)"] == "去过${city}网点吗？"


def test_an_imported_wave_has_its_table_and_files(researcher, store: Store):
    now = utc_now()
    with store.write() as session:
        study = studies.create_study(session, "mobile", title={"en": "M"}, by=None, now=now)
        wave = studies.add_imported_wave(
            session, study.id, title={"en": "W"}, origin="a.csv", model=None, by=None, now=now
        )
        responses.store_rows(session, wave.id, [{"q1": 7, "q2": None}, {"q1": 8, "q2": 2.5}])
        address = f"/studies/waves/{wave.id}/data/"
    page = text_of(researcher.get(address))
    assert "Complete interview 2 All 2" in page
    assert "imported" in page
    rows = rows_of(researcher.client.get(f"{address}responses.csv").data)
    assert [(row["q1"], row["q2"]) for row in rows] == [("7", ""), ("8", "2.5")]


def test_every_page_comes_in_both_languages(researcher, store: Store):
    address = a_wave(store)
    researcher.get(address)
    for locale, lang in (("en", "en"), ("zh_Hans", "zh-Hans")):
        researcher.post("/language", {"locale": locale, "back": "/"})
        for path in ("", "codebook"):
            page = researcher.get(address + path).get_data(as_text=True)
            assert f'<html lang="{lang}">' in page


def test_no_label_or_answer_becomes_html(researcher, store: Store):
    source = BRANCH.replace("The app", TAG).replace("The visit", TAG).replace("Why so", TAG)
    walk = [("visited", "1", None), ("waited", "25", None), ("why", TAG, None), ("used", "1", None)]
    address = a_wave(store, [walk], source)
    for path in ("", "?values=labels", "codebook"):
        page = researcher.get(address + path).get_data(as_text=True)
        assert "&lt;script&gt;" in page
        assert "<b>x</b>" not in page
        assert "<script>alert" not in page


def test_a_wave_that_is_not_there_is_not_found(researcher):
    for path in ("", "codebook", "codebook.csv", "responses.csv", "responses.xlsx"):
        assert researcher.get(f"/studies/waves/99/data/{path}").status_code == 404


def test_only_researchers_see_answers(as_role, store: Store):
    address = a_wave(store)
    for role in set(Role) - {Role.RESEARCHER}:
        browser = as_role(role)
        for path in ("", "codebook", "codebook.csv", "responses.csv", "responses.xlsx"):
            assert browser.get(address + path).status_code == 403, (role, path)
    assert exports(store) == []

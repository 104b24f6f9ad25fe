"""The researcher's questionnaires: uploaded, looked at, published, given up, taken out."""

from __future__ import annotations

import html
import io
import re

import pytest
from sqlmodel import select

from accounts.store.tables import Role
from foundation.database import Store
from survey.language.forms import load_form
from survey.language.reader import read_workbook
from survey.language.writer import to_csv, to_xlsx
from survey.store.tables import FormDraft, FormVersion
from tests.questionnaires import BRANCH, BROKEN, DEFECTS, HOSTILE, TAG


@pytest.fixture
def researcher(as_role):
    browser = as_role(Role.RESEARCHER)
    browser.get("/forms/")
    return browser


def upload(browser, source: str | bytes, filename: str = "branch.md"):
    content = source.encode() if isinstance(source, str) else source
    return browser.post("/forms/", {"file": (io.BytesIO(content), filename)})


def text_of(reply) -> str:
    """Return what a page says, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", reply.get_data(as_text=True)))


def in_language(browser, locale: str) -> None:
    browser.get("/forms/")
    browser.post("/language", {"locale": locale, "back": "/forms/"})


def test_an_empty_list_says_what_to_do_first(researcher):
    assert "There is no questionnaire yet." in text_of(researcher.get("/forms/"))


def test_an_upload_without_errors_is_a_draft_and_shows_its_questions(researcher):
    reply = upload(researcher, BRANCH)
    assert reply.status_code in {302, 303}
    page = text_of(researcher.get(reply.location))
    assert "The questionnaire has no errors." in page
    assert "draft" in page
    for text in ("Branch visits", "The visit", "Were you in [city]?", "waited",
                 "${waited} > 20", "case variable"):  # fmt: skip
        assert text in page, text


@pytest.mark.parametrize("ending", ["md", "csv", "xlsx"])
def test_every_defect_is_told_with_its_place_and_nothing_is_stored(
    researcher, store: Store, ending: str
):
    workbook = read_workbook(BROKEN.encode(), "broken.md")
    content = {"md": BROKEN.encode(), "csv": to_csv(workbook), "xlsx": to_xlsx(workbook)}[ending]
    reply = upload(researcher, content, f"broken.{ending}")
    assert reply.status_code == 422
    told = text_of(reply)
    assert len(DEFECTS) >= 10
    assert f"{len(DEFECTS)} problems in broken.{ending}" in told
    for code, sheet, row, column in DEFECTS:
        where = rf"sheet '{sheet}', row {row if ending == 'md' else '[0-9]+'}, column '{column}'"
        assert re.search(rf"\[{code}\] broken\.{ending}, {where}: \S", told), code
    with store.read() as session:
        assert session.exec(select(FormDraft)).all() == []


def test_a_file_that_is_no_questionnaire_is_told_what_is_wrong(researcher):
    for content, filename, code in (
        (b"PK\x03\x04 cut off", "damaged.xlsx", "FORM-003"),
        (b"\xff\xfe\x00", "binary.md", "FORM-007"),
        (b"words", "letter.docx", "FORM-001"),
        (b"", "empty.md", "FORM-010"),
    ):
        reply = upload(researcher, content, filename)
        assert (reply.status_code, f"[{code}]" in text_of(reply)) == (422, True), filename


def test_no_file_is_told(researcher):
    reply = researcher.post("/forms/", {})
    assert (reply.status_code, "[SUR-015]" in text_of(reply)) == (422, True)


def test_a_question_is_shown_in_each_language_with_who_is_asked(researcher):
    draft = upload(researcher, BRANCH).location
    page = researcher.get(f"{draft}?question=why").get_data(as_text=True)
    assert '<legend class="read" lang="en">Why so long, [customer]?' in page
    assert '<legend class="read" lang="zh-Hans">[customer]为何久等？' in page
    rules = page[page.index('<dl class="rules">') :]
    assert "${visited} = &#39;1&#39;" in rules
    assert "of the group visit" in rules
    assert "${waited} &gt; 20" in rules


def test_an_unknown_question_shows_the_first(researcher):
    draft = upload(researcher, BRANCH).location
    for name in ("nothing", "city"):
        page = researcher.get(f"{draft}?question={name}").get_data(as_text=True)
        assert 'data-name="visited"' in page


def test_publishing_freezes_it(researcher, store: Store):
    draft = upload(researcher, BRANCH).location
    version = researcher.post(f"{draft}/publish").location
    page = text_of(researcher.get(version))
    assert "This version never changes." in page
    assert "Discard" not in page
    assert researcher.get(draft).status_code == 404
    with store.read() as session:
        assert session.exec(select(FormVersion.source)).one() == BRANCH.encode()


def test_other_content_under_a_published_version_is_refused(researcher):
    researcher.post(upload(researcher, BRANCH).location + "/publish")
    reply = upload(researcher, BRANCH.replace("The app", "An app"))
    assert (reply.status_code, "[SUR-001]" in text_of(reply)) == (422, True)


def test_a_version_published_meanwhile_refuses_the_draft(researcher, store: Store):
    draft = upload(researcher, BRANCH.replace("The app", "An app")).location
    with store.write() as session:
        form = load_form(BRANCH.encode(), "branch.md")
        session.add(
            FormVersion(form_id=form.form_id, version=form.version, title=dict(form.title),
                        filename="branch.md", source=BRANCH.encode(), digest=form.digest)
        )  # fmt: skip
    reply = researcher.post(f"{draft}/publish")
    assert (reply.status_code, "[SUR-001]" in text_of(reply)) == (422, True)
    assert researcher.get(draft).status_code == 200


def test_a_discarded_draft_is_gone(researcher, store: Store):
    draft = upload(researcher, BRANCH).location
    assert researcher.post(f"{draft}/discard").status_code in {302, 303}
    assert researcher.get(draft).status_code == 404
    assert researcher.post(f"{draft}/publish").status_code == 404
    with store.read() as session:
        assert session.exec(select(FormDraft)).all() == []


def test_the_source_and_its_twins_are_downloaded(researcher):
    draft = upload(researcher, BRANCH).location
    digest = load_form(BRANCH.encode(), "b.md").digest
    for kind, ending in (("source", "md"), ("xlsx", "xlsx"), ("md", "md")):
        reply = researcher.client.get(f"{draft}/{kind}")
        name = f"branch-1.{ending}"
        assert reply.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert load_form(reply.data, name).digest == digest
    assert researcher.get(f"{draft}/source").data == BRANCH.encode()


def test_every_page_comes_in_both_languages(researcher):
    draft = upload(researcher, BRANCH).location
    for locale, lang, title in (
        ("en", "en", "Branch visits"), ("zh_Hans", "zh-Hans", "网点来访"),
    ):  # fmt: skip
        in_language(researcher, locale)
        for path in ("/forms/", draft, f"{draft}/trial/"):
            reply = researcher.get(path)
            assert reply.status_code == 200
            assert f'<html lang="{lang}">' in reply.get_data(as_text=True)
            assert title in text_of(reply)


def test_no_text_of_a_questionnaire_becomes_html(researcher):
    draft = upload(researcher, HOSTILE, "<b>x</b>.md").location
    for path in ("/forms/", draft, f"{draft}?question=q2", f"{draft}/trial/"):
        page = researcher.get(path).get_data(as_text=True)
        assert TAG.replace("<", "&lt;").replace(">", "&gt;") in page
        assert "<b>x</b>" not in page
        assert "<script>alert" not in page


def test_what_is_not_there_is_not_found(researcher):
    for path in ("/forms/drafts/99", "/forms/versions/99", "/forms/other/1"):
        assert researcher.get(path).status_code == 404


def test_only_researchers_come_in(as_role):
    for role in set(Role) - {Role.RESEARCHER}:
        browser = as_role(role)
        for path in ("", "drafts/1", "drafts/1/trial/", "versions/1/xlsx"):
            assert browser.get(f"/forms/{path}").status_code == 403, (role, path)
        assert browser.post("/forms/drafts/1/publish").status_code == 403


def test_a_post_without_the_token_changes_nothing(researcher, store: Store):
    draft = upload(researcher, BRANCH).location
    for path in ("/forms/", f"{draft}/publish", f"{draft}/discard", f"{draft}/trial/"):
        assert researcher.client.post(path).status_code == 400
    with store.read() as session:
        assert len(session.exec(select(FormDraft)).all()) == 1
        assert session.exec(select(FormVersion)).all() == []

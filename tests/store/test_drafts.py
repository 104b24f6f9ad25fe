"""A draft waits until it is published or given up; a published version never changes."""

from __future__ import annotations

import pytest
from sqlmodel import select

from accounts.store.tables import AuditEntry
from foundation.database import Store, utc_now
from foundation.problems import ProblemsError
from survey import drafts, forms
from survey.store.tables import FormDraft, FormVersion
from tests.questionnaires import BRANCH, BROKEN, DEFECTS

OTHER_TEXT = BRANCH.replace("What else did you use?", "What else do you use?")


def keep(store: Store, source: str, filename: str = "branch.md") -> int:
    with store.write() as session:
        draft = drafts.keep(session, source.encode(), filename, by=None, now=utc_now())
        assert draft.id is not None
        return draft.id


def publish(store: Store, draft_id: int) -> int:
    with store.write() as session:
        version = drafts.publish(session, draft_id, by=None, now=utc_now())
        assert version.id is not None
        return version.id


def test_a_newer_upload_of_a_form_takes_the_place_of_the_older(store: Store):
    first = keep(store, BRANCH)
    assert keep(store, OTHER_TEXT, "again.md") == first
    with store.read() as session:
        (draft,) = drafts.everything(session)
    assert (draft.filename, draft.source) == ("again.md", OTHER_TEXT.encode())


def test_publishing_freezes_the_content_ends_the_draft_and_is_in_the_audit_trail(store: Store):
    version_id = publish(store, keep(store, BRANCH))
    with store.read() as session:
        version = forms.version(session, version_id)
        assert version is not None
        assert (version.form_id, version.version, version.source) == (
            "branch", "1", BRANCH.encode(),
        )  # fmt: skip
        assert drafts.everything(session) == []
        actions = session.exec(select(AuditEntry.action, AuditEntry.subject)).all()
        assert ("publish form", f"form version {version_id}") in actions


def test_a_published_version_with_other_content_is_refused(store: Store):
    publish(store, keep(store, BRANCH))
    with pytest.raises(ProblemsError) as refused:
        keep(store, OTHER_TEXT)
    assert [problem.message.code for problem in refused.value.problems] == ["SUR-001"]
    with store.read() as session:
        assert drafts.everything(session) == []


def test_publishing_the_same_content_again_is_the_version_there_is(store: Store):
    first = publish(store, keep(store, BRANCH))
    assert publish(store, keep(store, BRANCH)) == first
    with store.read() as session:
        assert len(session.exec(select(FormVersion)).all()) == 1


def test_a_draft_given_up_is_gone(store: Store):
    number = keep(store, BRANCH)
    with store.write() as session:
        drafts.discard(session, number)
    with store.read() as session:
        assert drafts.draft(session, number) is None


def test_a_broken_file_is_refused_with_every_defect_and_nothing_is_stored(store: Store):
    with pytest.raises(ProblemsError) as refused:
        keep(store, BROKEN)
    found = [
        (p.message.code, p.place.sheet, p.place.row, p.place.column) for p in refused.value.problems
    ]
    assert found == DEFECTS
    with store.read() as session:
        assert session.exec(select(FormDraft)).all() == []

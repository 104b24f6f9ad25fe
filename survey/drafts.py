"""Drafts: a questionnaire file that passed every check, until it is published or given up."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from accounts import audit
from foundation.problems import Place, ProblemsError
from survey import forms, messages
from survey.language.forms import load_form
from survey.language.model import Form
from survey.store.tables import FormDraft, FormVersion

LONGEST_FILENAME = 255


def keep(
    session: Session, source: bytes, filename: str, *, by: int | None, now: datetime
) -> FormDraft:
    """Check a questionnaire file and keep it as the draft of its form, in place of an older one.

    Raises ProblemsError with every defect, or when its version is published with other content;
    nothing is stored then.
    """
    form = load_form(source, filename)
    if _clashes(session, form):
        values = {"form_id": form.form_id, "version": form.version}
        raise ProblemsError([messages.VERSION_TAKEN.at(Place(file=filename), **values)])
    draft = session.exec(select(FormDraft).where(FormDraft.form_id == form.form_id)).first()
    draft = draft or FormDraft(
        form_id=form.form_id, version="", title={}, filename="", source=b"", digest=""
    )
    draft.version, draft.title, draft.digest = form.version, dict(form.title), form.digest
    draft.filename, draft.source = filename[-LONGEST_FILENAME:], source
    draft.uploaded_by, draft.uploaded_at = by, now
    session.add(draft)
    session.flush()
    return draft


def everything(session: Session) -> list[FormDraft]:
    """Return every draft, the newest first."""
    return list(session.exec(select(FormDraft).order_by(col(FormDraft.uploaded_at).desc())))


def draft(session: Session, draft_id: int) -> FormDraft | None:
    """Return one draft."""
    return session.get(FormDraft, draft_id)


def publish(session: Session, draft_id: int, *, by: int | None, now: datetime) -> FormVersion:
    """Publish a draft: its content is frozen as a version, and the draft is gone."""
    kept = session.get_one(FormDraft, draft_id)
    version = forms.publish(session, kept.source, kept.filename, by=by, now=now)
    session.delete(kept)
    audit.record(session, "publish form", f"form version {version.id}", by=by, at=now)
    return version


def discard(session: Session, draft_id: int) -> None:
    """Give a draft up."""
    session.delete(session.get_one(FormDraft, draft_id))


def _clashes(session: Session, form: Form) -> bool:
    query = select(FormVersion.digest).where(
        FormVersion.form_id == form.form_id, FormVersion.version == form.version
    )
    digest = session.exec(query).first()
    return digest is not None and digest != form.digest

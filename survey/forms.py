"""Forms: publish a version, fetch it, list what there is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from foundation.problems import Place, ProblemsError
from survey import messages
from survey.language.forms import load_form
from survey.language.model import Form
from survey.store.tables import FormVersion

# A published version never changes, so each process reads and checks it once.
_read: dict[tuple[int, str], Form] = {}
# Built once: it runs with every answer.
_version: Any = SQLModel.metadata.tables["form_version"]
_DIGEST = select_columns(_version.c.digest).where(_version.c.id == bindparam("this"))


def publish(
    session: Session, source: bytes, filename: str, *, by: int | None, now: datetime
) -> FormVersion:
    """Check a questionnaire file and store it as a version that never changes.

    The same content published again is the version that there is. Raises ProblemsError with
    every defect of the file, or when the version stands for other content already.
    """
    form = load_form(source, filename)
    query = select(FormVersion).where(
        FormVersion.form_id == form.form_id, FormVersion.version == form.version
    )
    there = session.exec(query).first()
    if there is not None:
        if there.digest == form.digest:
            return there
        values = {"form_id": form.form_id, "version": form.version}
        raise ProblemsError([messages.VERSION_TAKEN.at(Place(file=filename), **values)])
    version = FormVersion(
        form_id=form.form_id,
        version=form.version,
        title=dict(form.title),
        filename=filename,
        source=source,
        digest=form.digest,
        published_by=by,
        published_at=now,
    )
    session.add(version)
    session.flush()
    return version


def read(session: Session, form_version_id: int) -> Form:
    """Return the form of a published version; read from the store once per process."""
    digest = session.connection().execute(_DIGEST, {"this": form_version_id}).scalar_one()
    key = (form_version_id, digest)
    if key not in _read:
        stored = session.get_one(FormVersion, form_version_id)
        _read[key] = load_form(stored.source, stored.filename)
    return _read[key]


def versions(session: Session) -> list[FormVersion]:
    """Return every published version, the newest first."""
    return list(session.exec(select(FormVersion).order_by(col(FormVersion.id).desc())))


def version(session: Session, form_version_id: int) -> FormVersion | None:
    """Return one published version."""
    return session.get(FormVersion, form_version_id)

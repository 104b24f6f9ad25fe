"""Where the pages find a questionnaire: among the drafts or among the published versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import abort

from accounts.web import site
from survey import drafts, forms
from survey.language.forms import load_form
from survey.language.model import Form, Group, Item, Question
from survey.store.tables import FormDraft, FormVersion

DRAFTS = "drafts"
VERSIONS = "versions"
SHELF = f"<any({DRAFTS}, {VERSIONS}):shelf>/<int:number>"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A questionnaire with the row that keeps its source."""

    shelf: str
    kept: FormDraft | FormVersion
    form: Form


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list of questions: a group's heading or a question, and how deep it lies."""

    item: Item
    depth: int

    @property
    def question(self) -> Question | None:
        """Return the question, or None for a group's heading."""
        return self.item if isinstance(self.item, Question) else None


def fetch(shelf: str, number: int) -> Shelved:
    """Return a questionnaire, or answer that there is none."""
    with site.store().read() as db:
        if shelf == VERSIONS:
            version = forms.version(db, number) or abort(404)
            return Shelved(shelf, version, forms.read(db, number))
        draft = drafts.draft(db, number) or abort(404)
    return Shelved(shelf, draft, load_form(draft.source, draft.filename))


def outline(form: Form) -> list[Line]:
    """Return the groups and questions of a form, in the order of the file."""
    return list(_lines(form.items, 0))


def _lines(items: tuple[Item, ...], depth: int) -> Iterator[Line]:
    for item in items:
        yield Line(item, depth)
        if isinstance(item, Group):
            yield from _lines(item.items, depth + 1)

"""PURE. Fills: each ${name} in a text must be something above that has a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from survey.language import expression_messages as messages
from survey.language.checks.references import defect_of
from survey.language.draft import Draft, texts_of
from survey.language.findings import Findings
from survey.language.model import Texts
from survey.language.texts import broken_fill, fills_of


class _Text(NamedTuple):
    """A text, where it stands, and the row above which its fills must be answered."""

    sheet: str
    row: int
    column: str
    texts: Texts
    asked_at: int


def check_fills(draft: Draft, findings: Findings) -> None:
    """Note fills that are not complete, name nothing, or name what is asked later."""
    for text in _texts(draft):
        for language, written in text.texts.items():
            at = broken_fill(written)
            if at:
                findings.add(messages.FILL_BAD, text.sheet, text.row, text.column, at=at)
            if language == next(iter(text.texts)):
                _check_names(draft, text, written, findings)
        _check_alike(draft, text, findings)


def _texts(draft: Draft) -> Iterator[_Text]:
    for owner in draft.rows():
        for column, texts in texts_of(owner):
            yield _Text("survey", owner.row, column, texts, owner.row)
    first = {q.choice_list: q.row for q in reversed(draft.questions) if q.choice_list}
    for choice_list in draft.choice_lists.values():
        for choice in choice_list.choices:
            asked_at = first.get(choice_list.name)
            if asked_at is not None:
                yield _Text("choices", choice.row, "label", choice.label, asked_at)


def _check_names(draft: Draft, text: _Text, written: str, findings: Findings) -> None:
    for name in dict.fromkeys(fills_of(written)):
        said = defect_of(draft, name, text.asked_at)
        if said is not None:
            findings.add(said[0], text.sheet, text.row, text.column, **said[1])


def _check_alike(draft: Draft, text: _Text, findings: Findings) -> None:
    """Note a translation whose fills differ; its own names are checked too."""
    names = draft.languages.names
    first, *others = text.texts or ("",)
    for language in others:
        if set(fills_of(text.texts[language])) != set(fills_of(text.texts[first])):
            findings.add(
                messages.FILLS_DIFFER,
                text.sheet,
                text.row,
                text.column,
                language=names[language] or language,
                other=names[first] or first,
            )
            _check_names(draft, text, text.texts[language], findings)

"""PURE. Choice lists: missing, unused, codes twice, exclusive choices."""

from __future__ import annotations

from survey.language import messages
from survey.language.draft import Draft
from survey.language.findings import Findings, near
from survey.language.model import QuestionKind

SHEET = "choices"


def check_lists(draft: Draft, findings: Findings) -> None:
    """Note lists that are used but missing, and lists that are there but not used."""
    used = {question.choice_list for question in draft.questions}
    for question in draft.questions:
        name = question.choice_list
        if name is not None and name not in draft.choice_lists:
            meant = near(name, draft.choice_lists)
            findings.add(
                messages.LIST_UNKNOWN, "survey", question.row, "type", name=name, near=meant
            )
    for name, choice_list in draft.choice_lists.items():
        if name not in used:
            row = choice_list.choices[0].row
            findings.add(messages.LIST_UNUSED, SHEET, row, "list_name", name=name)


def check_codes(draft: Draft, findings: Findings) -> None:
    """Note codes that stand twice in one list."""
    first: dict[tuple[str, str], int] = {}
    for name, code, row in draft.choice_rows:
        before = first.setdefault((name, code), row)
        if before != row:
            findings.add(messages.CODE_TWICE, SHEET, row, "name", code=code, row=before, list=name)


def check_exclusive(draft: Draft, findings: Findings) -> None:
    """Note exclusive choices of lists from which only one choice can be taken anyway."""
    several = {
        question.choice_list
        for question in draft.questions
        if question.kind is QuestionKind.SELECT_MULTIPLE
    }
    for name, choice_list in draft.choice_lists.items():
        for choice in choice_list.choices:
            if choice.exclusive and name not in several:
                findings.add(messages.EXCLUSIVE_ONE, SHEET, choice.row, "exclusive", list=name)

"""PURE. Names: twins that differ in capital letters, and a survey that asks nothing."""

from __future__ import annotations

from survey.language import messages
from survey.language.draft import Draft
from survey.language.findings import Findings

SHEET = "survey"


def check_names(draft: Draft, findings: Findings) -> None:
    """Note names that statistics programs may take for one."""
    seen: dict[str, str] = {}
    for name, row in draft.declared.items():
        other = seen.setdefault(name.lower(), name)
        if other != name:
            before = draft.declared[other]
            findings.add(messages.NAME_CASE, SHEET, row, "name", name=name, other=other, row=before)


def check_asks_something(draft: Draft, findings: Findings) -> None:
    """Note a survey without anything to ask or read out."""
    if not any(question.is_asked for question in draft.questions) and not findings.problems:
        findings.add(messages.SURVEY_EMPTY, SHEET)

"""PURE. From a questionnaire file to a Form, or to everything that is wrong with it.

bytes -- reader --> Workbook -- builder --> Draft -- checks --> Form
"""

from __future__ import annotations

import hashlib
import json

from foundation.problems import Problem, ProblemsError
from survey.language.builder import build
from survey.language.checks.registry import CHECKS
from survey.language.columns import SHEETS
from survey.language.draft import Draft
from survey.language.findings import Findings
from survey.language.model import Form
from survey.language.reader import read_workbook
from survey.language.workbook import Workbook

SHEET_ORDER = ("settings", "survey", "choices", "model", "")


def load_form(data: bytes, filename: str) -> Form:
    """Return the questionnaire in a file; its warnings stand on `Form.warnings`.

    Raises
    ------
    ProblemsError
        every error of the file, each with its place and remedy
    """
    form, problems = check_form(data, filename)
    if form is None:
        raise ProblemsError(problem for problem in problems if problem.is_error)
    return form


def check_form(data: bytes, filename: str) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return the form, or None when it has errors, and every error and warning found."""
    try:
        workbook = read_workbook(data, filename)
    except ProblemsError as error:
        return None, error.problems
    return check_workbook(workbook)


def check_workbook(workbook: Workbook) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return what `check_form` returns, for a workbook that was already read."""
    findings = Findings(workbook.filename)
    draft = build(workbook, findings)
    for check in CHECKS:
        check(draft, findings)
    problems = tuple(sorted(findings.problems, key=_reading_order))
    if any(problem.is_error for problem in problems):
        return None, problems
    return _form(draft, digest(workbook), problems), problems


def _reading_order(problem: Problem) -> tuple[int, int]:
    sheet = problem.place.sheet.strip().lower()
    order = SHEET_ORDER.index(sheet) if sheet in SHEET_ORDER else len(SHEET_ORDER)
    return order, problem.place.row or 0


def digest(workbook: Workbook) -> str:
    """Return the SHA-256 of what the sheets say, the same for .xlsx, .csv and .md."""
    said = [
        [sheet.name.strip().lower(), sheet.heading, [row.cells for row in sheet.rows]]
        for sheet in workbook.sheets
        if sheet.name.strip().lower() in SHEETS
    ]
    text = json.dumps(sorted(said, key=lambda sheet: str(sheet[0])), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _form(draft: Draft, content_digest: str, warnings: tuple[Problem, ...]) -> Form:
    return Form(
        form_id=draft.form_id,
        title=draft.title,
        version=draft.version,
        languages=draft.languages.codes,
        language_names=draft.languages.names,
        default_language=draft.languages.default,
        style=draft.style,
        items=draft.items,
        questions=draft.questions,
        by_name=draft.by_name,
        choice_lists=draft.choice_lists,
        paths=tuple((path.start, path.end) for path in draft.paths),
        digest=content_digest,
        warnings=warnings,
    )

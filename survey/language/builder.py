"""PURE. From a Workbook to a Draft: sheets, headings, languages, rows, in that order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from survey.language import messages
from survey.language.columns import SHEETS, SHEETS_LATER
from survey.language.draft import Draft
from survey.language.findings import Findings, near
from survey.language.headings import SILENT, Cells, Heading, Table, read_cells, read_table
from survey.language.languages import Languages, find_languages
from survey.language.lists import read_choices, read_paths
from survey.language.model import Texts
from survey.language.rows import SurveyReader
from survey.language.workbook import Sheet, Workbook

FORM_ID = re.compile(r"[^\W\d][\w.-]{0,63}")


def build(workbook: Workbook, findings: Findings) -> Draft:
    """Return everything that the file says; what cannot be read is noted and left out."""
    tables = _tables(workbook, findings)
    languages = _languages(tables, findings)
    cells = {name: list(read_cells(table, languages)) for name, table in tables.items()}
    survey = SurveyReader(languages, findings).read(cells["survey"])
    lists, places = read_choices(cells["choices"], languages, findings)
    settings = _settings(cells["settings"], findings)
    form_id = _form_id(settings, findings)
    return Draft(
        form_id=form_id,
        title=_title(settings, languages, form_id, findings),
        version=settings.plain.get("version", ""),
        style=settings.plain.get("style", ""),
        languages=languages,
        items=survey.items,
        questions=survey.questions,
        groups=survey.groups,
        declared=survey.declared,
        choice_lists=lists,
        choice_rows=places,
        paths=read_paths(cells["model"], findings),
        by_name={question.name: question for question in survey.questions},
        by_group={group.name: group for group in survey.groups},
    )


def _tables(workbook: Workbook, findings: Findings) -> dict[str, Table]:
    sheets: dict[str, Sheet] = {}
    for sheet in workbook.sheets:
        name = sheet.name.strip().lower()
        if name in sheets:
            findings.add(messages.SHEET_TWICE, sheet.name, name=name)
        elif name in SHEETS:
            sheets[name] = sheet
        else:
            _other_sheet(sheet, name, findings)
    if "survey" not in sheets:
        findings.add(messages.NO_SURVEY)
    empty = {name: Table(name, columns, (), ()) for name, columns in SHEETS.items()}
    read = {name: read_table(sheet, SHEETS[name], findings) for name, sheet in sheets.items()}
    return empty | read


def _other_sheet(sheet: Sheet, name: str, findings: Findings) -> None:
    if name in SHEETS_LATER and sheet.rows:
        row = sheet.rows[0].number
        findings.add(messages.SHEET_LATER, sheet.name, row, name=sheet.name)
    elif name not in SHEETS_LATER and not name.startswith(SILENT):
        known = (*SHEETS, *SHEETS_LATER)
        meant = near(name, known)
        if meant in known:
            findings.add(messages.SHEET_NEAR, sheet.name, name=sheet.name, near=meant)


def _languages(tables: Mapping[str, Table], findings: Findings) -> Languages:
    default = _first_cell(tables["settings"], "default_language")
    written = [heading.language for _, heading in _text_headings(tables) if heading.language]
    bare = [(table, h) for table, h in _text_headings(tables) if h.language is None]
    bare = [(table, h) for table, h in bare if h.column != "form_title"]
    if written and bare and not default:
        for table, heading in bare:
            row, name = table.heading_row, heading.column
            findings.add(messages.LANGUAGE_BARE, table.sheet, row, name, name=name)
    return find_languages(written, default, has_bare=bool(bare), findings=findings)


def _text_headings(tables: Mapping[str, Table]) -> list[tuple[Table, Heading]]:
    return [
        (table, heading)
        for table in tables.values()
        for heading in table.headings
        if heading is not None and heading.column in table.columns.translated
    ]


def _first_cell(table: Table, column: str) -> str:
    wanted = Heading(column)
    for row in table.rows:
        for heading, cell in zip(table.headings, row.cells, strict=False):
            if heading == wanted:
                return cell
    return ""


def _settings(rows: list[Cells], findings: Findings) -> Cells:
    if len(rows) > 1:
        findings.add(messages.SETTINGS_ROWS, "settings", rows[1].row)
    return rows[0] if rows else Cells(0, {}, {})


def _form_id(settings: Cells, findings: Findings) -> str:
    form_id = settings.plain.get("form_id", "")
    if not form_id:
        findings.add(messages.FORM_ID_MISSING, "settings", settings.row or None, "form_id")
    elif not FORM_ID.fullmatch(form_id):
        findings.add(messages.FORM_ID_BAD, "settings", settings.row, "form_id", text=form_id)
    return form_id


def _title(settings: Cells, languages: Languages, form_id: str, findings: Findings) -> Texts:
    """Return the title; one without a language, or the form_id, serves every language."""
    written = settings.texts.get("form_title", {})
    if not written:
        findings.add(messages.TITLE_MISSING, "settings", settings.row or None, "form_title")
    common = written.get(languages.default) or next(iter(written.values()), form_id)
    return {code: written.get(code, common) for code in languages.codes}

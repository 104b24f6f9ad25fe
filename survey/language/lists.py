"""PURE. From the sheets choices, settings and model to what they say."""

from __future__ import annotations

from collections.abc import Iterable

from survey.language import messages
from survey.language.cells import CellReader
from survey.language.columns import CHOICES
from survey.language.draft import ChoiceRow, PathRow
from survey.language.findings import Findings
from survey.language.headings import Cells
from survey.language.languages import Languages
from survey.language.model import Choice, ChoiceList

MAX_CODE = 64


def read_choices(
    rows: Iterable[Cells], languages: Languages, findings: Findings
) -> tuple[dict[str, ChoiceList], tuple[ChoiceRow, ...]]:
    """Return the choice lists by name, each code once, and where every choice stands."""
    lists: dict[str, dict[str, Choice]] = {}
    places: list[ChoiceRow] = []
    for cells in rows:
        reader = CellReader(cells, "choices", languages, findings)
        name, code = reader.plain("list_name"), reader.plain("name")
        if not name:
            reader.add(messages.LIST_NAME_MISSING, "list_name")
        if not code:
            reader.add(messages.CODE_MISSING, "name")
        choice = _choice(reader, code)
        if name and code:
            places.append(ChoiceRow(name, code, cells.row))
            lists.setdefault(name, {}).setdefault(code, choice)
    made = {
        name: ChoiceList(name, tuple(by_code.values()), by_code) for name, by_code in lists.items()
    }
    return made, tuple(places)


def _choice(reader: CellReader, code: str) -> Choice:
    if any(map(str.isspace, code)):
        reader.add(messages.CODE_SPACE, "name", code=code)
    if len(code) > MAX_CODE:
        reader.add(messages.CODE_LONG, "name", code=code, limit=MAX_CODE)
    free = {c: text for c, text in reader.cells.plain.items() if c not in CHOICES.read}
    return Choice(
        code,
        reader.label(code, needed=bool(code)),
        exclusive=reader.yes("exclusive"),
        fixed=reader.yes("fixed"),
        columns={"list_name": reader.plain("list_name"), "name": code, **free},
        row=reader.cells.row,
    )


def read_paths(rows: Iterable[Cells], findings: Findings) -> tuple[PathRow, ...]:
    """Return the arrows between constructs."""
    found: list[PathRow] = []
    for cells in rows:
        start, end = cells.plain.get("from", ""), cells.plain.get("to", "")
        if start and end:
            found.append(PathRow(start, end, cells.row))
        else:
            findings.add(messages.PATH_END, "model", cells.row, "to" if start else "from")
    return tuple(found)

"""The reference of the questionnaire language says what the code reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey.formats.columns import STATUS_NAMES
from survey.language.columns import SHEETS
from survey.language.functions import FUNCTIONS
from survey.language.types import TYPES

REFERENCE = Path("docs/reference/questionnaire.md").read_text(encoding="utf-8")


def rows_of(section: str) -> set[str]:
    """Return the first cells of the tables in a section of the reference."""
    text = re.split(rf"^##+ {section}\n", REFERENCE, maxsplit=1, flags=re.MULTILINE)[1]
    text = re.split(r"^##+ ", text, maxsplit=1, flags=re.MULTILINE)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_it_has_exactly_the_columns_of_each_sheet(sheet: str):
    assert rows_of(f"Sheet `{sheet}`") == set(SHEETS[sheet].read)


def test_it_has_exactly_the_types():
    named = {f"{t.spellings[0]} LIST" if t.takes_list else t.spellings[0] for t in TYPES.values()}
    assert rows_of("Types") == named
    assert all(f"| {kind.says} |" in REFERENCE for kind in TYPES.values())


def test_it_has_exactly_the_functions():
    assert rows_of("Expressions") == {function.usage for function in FUNCTIONS.values()}
    assert all(f"| {function.says} |" in REFERENCE for function in FUNCTIONS.values())


def test_the_guide_has_every_status_of_the_files():
    guide = Path("docs/researcher.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"^\| \S+ \| `(\w+)` \|", guide, re.MULTILINE))
    assert shown == {str(status) for status in STATUS_NAMES if status != "answered"}

"""The reference of error codes is the one that the code makes, and no code means two things."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path

SCRIPT = runpy.run_path("scripts/error_reference.py")
FIELD = re.compile(r"%\(\w+\)s|%%")


def test_the_page_is_up_to_date():
    page = Path("docs/reference/errors.md").read_text(encoding="utf-8")
    assert page == SCRIPT["reference"](), "run 'make references'"


def test_no_code_is_used_twice():
    codes = Counter(entry.code for entry in SCRIPT["entries"]())
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_problem_names_a_remedy_and_only_fields_that_can_be_filled():
    for entry in SCRIPT["entries"]():
        # The one without a remedy is the questionnaire's own sentence.
        assert entry.remedy or entry.problem == "%(text)s", entry.code
        assert "%" not in FIELD.sub("", entry.problem + entry.remedy), entry.code


def test_a_remedy_that_sends_to_a_page_sends_to_one_that_exists():
    for entry in SCRIPT["entries"]():
        for page in re.findall(r"docs/[\w/]+\.md", entry.problem + entry.remedy):
            assert Path(page).is_file(), entry.code

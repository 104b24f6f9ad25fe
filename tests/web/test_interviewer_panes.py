"""What stands on the screen of a question, and in the guide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey.interview.option_keys import option_keys
from survey.web.panes import Option


@pytest.mark.parametrize(
    ("codes", "keys"),
    [
        (list("123"), list("123")),
        ([str(n) for n in range(1, 11)], [*"123456789", "0"]),
        ([str(n) for n in range(11)], [str(n) for n in range(11)]),
        ([str(n) for n in range(1, 13)], [str(n) for n in range(1, 13)]),
        (["1", "2", "98", "99"], ["1", "2", "98", "99"]),
        (["yes", "no"], ["1", "2"]),
        (["a", "1"], ["1", "2"]),
        ([f"c{n}" for n in range(10)], [*"123456789", "0"]),
        (["1", "1000"], ["1", "2"]),
    ],
)
def test_a_numeric_code_is_its_own_key_and_other_codes_are_numbered(codes, keys):
    assert option_keys(codes) == keys


def test_every_option_has_a_key_of_its_own():
    for count in range(1, 120):
        keys = option_keys([f"code {n}" for n in range(count)])
        assert len(set(keys)) == count


@pytest.mark.parametrize(
    ("key", "label", "rest"),
    [
        ("1", "1 - very poor", "very poor"),
        ("1", "1 很差", "很差"),
        ("2", "2", ""),
        ("0", "10 - excellent", "10 - excellent"),
        ("1", "10 - excellent", "10 - excellent"),
        ("3", "Nine or more", "Nine or more"),
        ("1", "1st floor", "1st floor"),
        ("", "7", "7"),
    ],
)
def test_a_number_that_the_key_shows_is_not_said_twice(key, label, rest):
    assert Option("code", key, label, is_exclusive=False, is_chosen=False).rest == rest


def test_the_guide_has_every_key_of_the_page():
    page = Path("templates/cati/_dialogs.html").read_text(encoding="utf-8")
    guide = Path("docs/interviewer.md").read_text(encoding="utf-8")
    rows = re.findall(r"^ +\(\[(.+?)\], _\(", page, re.MULTILINE)
    keys = [key for row in rows for key in re.findall(r'"([^"]+)"', row)]
    assert len(keys) > 15
    assert [key for key in keys if key not in guide] == []

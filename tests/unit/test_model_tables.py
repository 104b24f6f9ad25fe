"""CSV files as programs and people write them: headings, separators and line ends."""

from __future__ import annotations

import pytest

from analysis.files import tables
from analysis.files.tables import columns, opened

ROWS = "1{0}2{0}3{1}4{0}5{0}6{1}"
LARGE = pytest.mark.parametrize("large", [tables.LARGE, 0])


def read(content: bytes, *names: str) -> list[list[float]]:
    """Return the named columns as rows; every cell is a number."""
    numbers, problems = columns(opened(content, "d.csv"), list(names))
    assert problems == []
    return numbers.tolist()


@LARGE
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_any_usual_separator_line_end_and_byte_order_mark(monkeypatch, large, mark, separator, end):
    monkeypatch.setattr(tables, "LARGE", large)
    content = mark + ("a{0}b{0}c{1}" + ROWS).format(separator, end).encode()
    assert read(content, "c", "a") == [[3, 1], [6, 4]]


@LARGE
def test_separators_in_a_quoted_heading_are_text(monkeypatch, large):
    monkeypatch.setattr(tables, "LARGE", large)
    heading = '"Satisfied, overall, with us, now?";"b ""x"", y";c\n'
    content = heading.encode() + ROWS.format(";", "\n").encode()
    assert read(content, "Satisfied, overall, with us, now?", 'b "x", y') == [[1, 2], [4, 5]]


@LARGE
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_a_heading_may_have_line_ends_in_quotation_marks(monkeypatch, large, mark):
    monkeypatch.setattr(tables, "LARGE", large)
    content = mark + b'"Gender\nof the respondent",b,c\n' + ROWS.format(",", "\n").encode()
    assert read(content, "b", "c") == [[2, 3], [5, 6]]


def test_a_quotation_mark_inside_a_heading_is_text():
    content = b'a 5" screen,b,c\n' + ROWS.format(",", "\n").encode()
    assert read(content, 'a 5" screen') == [[1], [4]]

"""A large file is read by a fast parser in pieces: never another number than the careful reader's.

Files as they come from elsewhere: three separators, three line ends, byte order mark, quoted cells
with separators and line ends in them, blank lines, ragged rows, cells that are no numbers.
"""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from analysis.files import tables

NAMES = ("q1", "name", "q2")
NUMBERS = st.sampled_from(
    ["7", "", "NA", " 5", "6 ", "1.5", "-2", "+3", "1e2", "0.1", "2.675", "1e-320", "007", "nan"]
)
ODD = st.sampled_from(
    ["seven", "1_0", "inf", "-Infinity", "1e999", "7,5", "N/A", "null", "None", "true", "0x10",
     "1 2", '"', '8"', "\xa09", "\u0663", "1.", ".5", ".", "-", "--3", "1d2", "\t4", "4\t"]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", "Ann", '"a\nb"', '"a,b;c\td"', '"say ""hi"""', '""', "a b", '"x\r\ny"']
)
CELLS = {"q1": NUMBERS, "name": TEXTS, "q2": st.one_of(NUMBERS, NUMBERS, NUMBERS)}


@st.composite
def rows(draw: st.DrawFn) -> list[list[str]]:
    """Draw rows, most of them sound, some blank, ragged or with a cell that is no number."""
    found = []
    for _ in range(draw(st.integers(0, 12))):
        row = [draw(CELLS[name]) for name in NAMES]
        kind = draw(st.sampled_from(["sound"] * 12 + ["blank", "short", "long", "odd", "quoted"]))
        if kind == "odd":
            row[draw(st.sampled_from([0, 2]))] = draw(ODD)
        if kind == "quoted":
            row[0] = f'"{row[0]}"'
        found.append({"blank": [], "short": row[:2], "long": [*row, "1"]}.get(kind, row))
    return found


def written(body: list[list[str]], separator: str, end: str, newlines: int) -> bytes:
    """Return a file of these rows below the names, with some line ends at its end."""
    lines = [separator.join(row) for row in [list(NAMES), *body]]
    return (end.join(lines) + end * newlines).encode()


MARKS = st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf\n\n"])
FILES = st.builds(
    lambda mark, text: mark + text,
    MARKS,
    st.builds(
        written,
        rows(),
        st.sampled_from([",", ";", "\t"]),
        st.sampled_from(["\n", "\n", "\r\n", "\r"]),
        st.integers(0, 3),
    ),
)


@settings(max_examples=600, deadline=None)
@given(FILES, st.integers(1, 40))
@example(b"q1,name,q2\n1,a,2\n3,b\n4,c,5,6\n", 100)
@example(b"q1,name,q2\n" + b"1,a,2\n" * 9 + b"x,a,2\n" + b"1,a,2\n" * 9, 7)
@example(b'q1,name,q2\n1,"a,b",2\n"3,b",4\n', 100)
@example(b"q1,name,q2\n1,a\r,2\n", 100)
def test_the_fast_parser_reads_what_the_careful_one_reads_or_leaves_it_to_it(content, piece):
    table = tables.opened(content, "f.csv")
    if not {"q1", "q2"} <= set(table.heading):
        return
    with patch.object(tables, "PIECE", piece), patch.object(tables, "LARGE", 0):
        fast = tables._fast(table, ["q1", "q2"])
        whole, problems = tables.columns(table, ["q1", "q2"])
    slow, found = tables.columns(table, ["q1", "q2"], pandas=False)
    assert [(p.message.code, p.place) for p in problems] == [
        (p.message.code, p.place) for p in found
    ]
    assert np.array_equal(whole, slow, equal_nan=True)
    event(f"fast: {fast is not None}, rows: {len(slow) > 1}")
    if fast is not None:
        assert not found
        assert np.array_equal(fast, slow, equal_nan=True)

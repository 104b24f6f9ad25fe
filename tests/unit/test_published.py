"""The linter of published tables, tried on the tables of a book whose base was not printed.

The figures are those of a textbook on customer service in Chinese banks; n = 97 is the only base
from 80 to 100 from which 52.6 and 26.8 per cent can both come. The intervals were derived
independently of this code: SE with n - 1, Wilson (1927), Clopper and Pearson (1934).
"""

from __future__ import annotations

import pytest

from analysis import publishedcheck, publishedfields
from foundation.problems import ProblemsError

HEAD = "table;base;answers;label;percent;claim\n"
# label, percent, SE, margin, Wilson, exact, margin with a design effect of 1.5
PRINTED = [
    ("Satisfied or rather satisfied", "48.4", 5.10, 10.0, (38.7, 58.2), (38.1, 58.8), 12.2),
    ("Efficiency most urgent", "52.6", 5.10, 10.0, (42.8, 62.2), (42.2, 62.8), 12.2),
    ("Attitude most urgent", "26.8", 4.52, 8.9, (19.0, 36.4), (18.3, 36.8), 10.9),
    ("Unfamiliar with products", "86.4", 3.50, 6.9, (78.2, 91.8), (77.9, 92.5), 8.4),
    ("Not noticed", "59.0", 5.02, 9.8, (49.1, 68.3), (48.5, 68.9), 12.0),
    ("Too few products", "30.4", 4.69, 9.2, (22.1, 40.2), (21.5, 40.6), 11.3),
    ("Willing", "12.1", 3.33, 6.5, (7.0, 20.1), (6.4, 20.3), 8.0),
    ("72 %", "72.0", 4.58, 9.0, (62.4, 80.0), (62.0, 80.6), 11.0),
    ("Not willing", "15.9", 3.73, 7.3, (9.9, 24.5), (9.3, 24.7), 9.0),
    ("Queue too long", "87.3", 3.40, 6.7, (79.2, 92.5), (79.0, 93.2), 8.2),
    ("Bad attitude", "76.4", 4.33, 8.5, (67.0, 83.7), (66.7, 84.4), 10.4),
    ("Bill payment", "31.0", 4.72, 9.3, (22.7, 40.8), (22.0, 41.2), 11.3),
    ("Fees", "23.0", 4.30, 8.4, (15.8, 32.3), (15.1, 32.6), 10.3),
    ("Branch locations", "16.0", 3.74, 7.3, (10.0, 24.6), (9.3, 24.8), 9.0),
]


def checked(lines: str, deff: float = 1.0) -> tuple[dict, list[str]]:
    found, told = publishedcheck.check(publishedfields.read_tables(HEAD + lines), deff)
    return found, [problem.message.code for problem in told]


@pytest.mark.parametrize("row", PRINTED, ids=[row[0] for row in PRINTED])
def test_the_missing_intervals_come_out(row):
    label, percent, se, margin, wilson, exact, wide = row
    found, _ = checked(f"T;97;multiple;{label};{percent};\n")
    error = found["tables"][0]["lines"][0]["error"]
    assert error["se"] == pytest.approx(se, abs=0.0051)
    assert error["margin"] == pytest.approx(margin, abs=0.051)
    assert error["wilson"] == pytest.approx(wilson, abs=0.051)
    assert error["exact"] == pytest.approx(exact, abs=0.051)
    found, _ = checked(f"T;97;multiple;{label};{percent};\n", deff=1.5)
    assert found["tables"][0]["lines"][0]["error"]["margin"] == pytest.approx(wide, abs=0.051)


def test_a_smaller_base_makes_a_wider_margin():
    found, _ = checked("T;84;multiple;of those who never bought;75.0;\n")
    error = found["tables"][0]["lines"][0]["error"]
    assert (error["se"], error["margin"]) == pytest.approx((4.75, 9.3), abs=0.02)


def test_less_than_half_are_satisfied_is_not_supported():
    found, _ = checked("Satisfaction;97;single;satisfied;48.4;<50\n")
    verdict = found["tables"][0]["lines"][0]["verdict"]
    assert verdict["holds"] is False
    assert (verdict["z"], verdict["p"]) == pytest.approx((-0.32, 0.75), abs=0.006)


def test_a_claim_far_from_its_value_holds_and_the_other_way_round_does_not():
    for claim, holds in (("<50", True), (">50", False)):
        found, _ = checked(f"T;97;single;attitude;26.8;{claim}\n")
        assert found["tables"][0]["lines"][0]["verdict"]["holds"] is holds


def test_each_figure_names_the_bases_it_can_come_from():
    lines = "".join(f"T{p};80-100;multiple;x;{p};\n" for p in ("48.4", "52.6", "26.8", "12.1"))
    found, _ = checked(lines)
    assert [table["lines"][0]["some"] for table in found["tables"]] == [
        [91, 93, 95], [95, 97], [82, 97], [91, 99],
    ]  # fmt: skip
    assert found["tables"][0]["lines"][0]["error"] is None


def test_what_no_base_gives_what_has_no_common_base_and_what_is_left_over():
    _, told = checked("Queue;80-100;multiple;queue;87.3;\n")
    assert told == ["SAMP-601"]
    _, told = checked("Foreign;80-100;multiple;willing;12.1;\nForeign;80-100;multiple;not;15.9;\n")
    assert told == ["SAMP-602"]
    _, told = checked("Urgent;97;single;efficiency;52.6;\nUrgent;97;single;attitude;26.8;\n")
    assert told == ["SAMP-604"]


def test_one_figure_under_two_labels_is_found():
    _, told = checked(
        "Foreign/text;100;multiple;have not considered;72;\n"
        "Foreign/table;100;multiple;will think about it;72;\n"
    )
    assert told == ["SAMP-606"]


def test_tabs_semicolons_and_commas_part_the_columns():
    lines = [["table", "base", "label", "percent"], ["T", "97", "x", "48.4"]]
    for separator in "\t;,":
        text = "\n".join(separator.join(line) for line in lines)
        (table,) = publishedfields.read_tables(text)
        assert (table["least"], table["most"], table["answers"]) == (97, 97, "single")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["PUB-101"] * 4),
        ("table;base;label\n", ["PUB-101"]),
        (HEAD, ["PUB-107"]),
        (HEAD + "T;97;single;x;48,4;\n", ["PUB-102"]),
        (HEAD + "T;some;both;;101;about 50\n",
         ["PUB-102", "PUB-103", "PUB-104", "PUB-105", "PUB-106"]),
        (HEAD + "T;100-80;single;x;5;\n", ["PUB-103"]),
        (HEAD + "T;0;single;x;5;\n", ["PUB-103"]),
        (b"\xff\xfe", ["PUB-110"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_full(text, codes: list[str]):
    with pytest.raises(ProblemsError) as told:
        publishedfields.read_tables(text)
    assert [problem.message.code for problem in told.value.problems] == codes
    with pytest.raises(ProblemsError, match="PUB-109"):
        publishedfields.read_effect("-1")

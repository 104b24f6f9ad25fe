"""Every defect of a questionnaire is found, with its number, its sheet and its row.

Each form below has one planted defect; `row` is the line of the table on which it stands, the
line of the opening quotation marks counted as 1. Settings are added where a form has none.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from foundation.problems import Message
from survey.language import expression_messages, messages
from tests.builders import problems_of

YES_NO = """
| choices |
|         | list_name | name | label |
|         | yn        | yes  | Yes   |
|         | yn        | no   | No    |
"""


class Defect(NamedTuple):
    code: str
    row: int | None
    form: str


def _survey(columns: str, *rows: str, more: str = "") -> str:
    lines = ["", "| survey |", f"| | {columns} |", *(f"| | {row} |" for row in rows)]
    return "\n".join(lines) + more


def _condition(relevant: str) -> str:
    """Return a form whose row 9 has the condition."""
    return _survey(
        "type | name | label | relevant",
        "integer | age | Age |",
        "select_one yn | ok | OK |",
        "select_multiple yn | all | All |",
        "date | day | Day |",
        "text | said | Said |",
        f"text | last | Last | {relevant}",
        more=YES_NO,
    )


def _rule(constraint: str, kind: str = "integer") -> str:
    """Return a form whose row 4 has the constraint."""
    return _survey("type | name | label | constraint", f"{kind} | a | A | {constraint}")


DEFECTS = [
    Defect("FORM-009", 2, "\n| | type | name |\n"),
    Defect("FORM-010", None, "\n| surveys |\n| | type | name | label |\n"),
    Defect("FORM-011", None, _survey("type | name | label", "note | a | A", more="\n| survey |")),
    Defect("FORM-012", None, _survey("type | name | label", "note | a | A", more="\n| choice |")),
    Defect(
        "FORM-013",
        7,
        _survey("type | name | label", "note | a | A", more="\n| quotas |\n| | a |\n| | 1 |\n"),
    ),
    Defect("FORM-014", 4, _survey("type | name | label", "note | a | A | stray")),
    Defect("FORM-015", 4, "\n| survey |\n| | type | name | label |\n| | note | a | A\n"),
    Defect("FORM-016", 4, _survey("type | name | label", "note | a | A\x07B")),
    Defect("FORM-018", 4, _survey("type | name | label", "note | a | " + "A" * 32_768)),
    Defect("FORM-101", 3, _survey("type | name | label | relevent", "note | a | A | x")),
    Defect("FORM-102", 5, _survey("type | name | label | image", "note | b | B |",
                                  "note | a | A | a.png")),
    Defect("FORM-103", 3, _survey("type | name | label | caption", "note | a | A | A")),
    Defect("FORM-104", 3, _survey("type | name | label | name::English (en)", "note | a | A | b")),
    Defect("FORM-105", 3, _survey("type | label", "note | A")),
    Defect("FORM-106", None, _survey("type | name | label::English", "note | a | A")),
    Defect("FORM-107", 3, _survey("type | name | label | hint::English (en)", "note | a | A | H")),
    Defect(
        "FORM-108",
        None,
        _survey("type | name | label::English (en)", "note | a | A")
        + "\n| settings |\n| | form_id | default_language |\n| | f | French (fr) |",
    ),
    Defect("FORM-109", None, _survey("type | name | label", "note | a | A") + "\n| settings |"),
    Defect(
        "FORM-110",
        7,
        _survey("type | name | label", "note | a | A")
        + "\n| settings |\n| | form_id |\n| | my form |\n",
    ),
    Defect(
        "FORM-111",
        8,
        _survey("type | name | label", "note | a | A")
        + "\n| settings |\n| | form_id |\n| | f |\n| | g |",
    ),
    Defect(
        "FORM-112",
        7,
        _survey("type | name | label", "note | a | A")
        + "\n| settings |\n| | form_id |\n| | f |",
    ),
    Defect(
        "FORM-113",
        None,
        _survey("type | name | label::English (en) | hint::Englisch (en)", "note | a | A | H"),
    ),
    Defect("FORM-201", 4, _survey("type | name | label", "integr | a | A")),
    Defect("FORM-202", 4, _survey("type | name | label", "geopoint | a | A")),
    Defect("FORM-202", 4, _survey("type | name | label", "begin repeat | a | A")),
    Defect("FORM-202", 4, _survey("type | name | label", "select_one yn or_other | a | A",
                                  more=YES_NO)),
    Defect("FORM-203", 4, _survey("type | name | label", " | a | A")),
    Defect("FORM-204", 4, _survey("type | name | label", "select_one | a | A")),
    Defect("FORM-205", 4, _survey("type | name | label", "select_one ny | a | A", more=YES_NO)),
    Defect("FORM-206", 4, _survey("type | name | label", "integer old | a | A")),
    Defect("FORM-207", 4, _survey("type | name | label", "integer | | A")),
    Defect("FORM-208", 4, _survey("type | name | label", "integer | 1a | A")),
    Defect("FORM-208", 4, _survey("type | name | label", f"integer | {'a' * 65} | A")),
    Defect("FORM-209", 5, _survey("type | name | label", "integer | a | A", "text | a | A")),
    Defect("FORM-210", 5, _survey("type | name | label", "integer | a | A", "text | A | A")),
    Defect("FORM-211", 4, _survey("type | name | label", "integer | a | ")),
    Defect(
        "FORM-212",
        4,
        _survey("type | name | label::English (en) | label::中文 (zh)", "integer | a | A |"),
    ),
    Defect("FORM-213", 4, _survey("type | name | label | dk", "integer | a | A | maybe")),
    Defect("FORM-214", 4, _survey("type | name | label", "begin group | g |", "note | a | A")),
    Defect("FORM-215", 5, _survey("type | name | label", "note | a | A", "end group | |")),
    Defect("FORM-216", 5, _survey("type | name | label", "note | a | A", "begin group | g |",
                                  "end group | |")),
    Defect("FORM-217", None, _survey("type | name | label", "hidden | a |")),
    *(
        Defect("FORM-218", 4,
               _survey(f"type | name | label | {column}", f"{kind} | a | A | {cell}"))
        for kind, column, cell in (
            ("note", "required", "yes"),
            ("note", "dk", "yes"),
            ("hidden", "ref", "yes"),
            ("integer", "end_with", "4.7"),
            ("note", "constraint", ". > 1"),
            ("integer", "choice_filter", "1 = 1"),
            ("text", "read_list", "yes"),
            ("text", "calculation", "1"),
            ("text", "construct", "value"),
        )
    ),
    Defect("FORM-219", 4, _survey("type | name | label", "calculate | a |", "note | b | B")),
    Defect("FORM-220", 4, _survey("type | name | label | constraint_message", "text | a | A | No")),
    Defect("FORM-221", 4, _survey("type | name | label | parameters", "hidden | a | | source=me",
                                  "note | b | B |")),
    Defect("FORM-222", 4, _survey("type | name | label | end_with", "note | a | A | no good")),
    Defect("FORM-223", 6, _survey("type | name | label", "begin group | g |", "note | a | A",
                                  "end group | h |")),
    Defect("FORM-301", 7, _survey("type | name | label", "select_one yn | a | A")
           + "\n| choices |\n| | list_name | name | label |"
           + "\n| | | yes | Yes |\n| | yn | no | No |"),
    Defect("FORM-302", 7, _survey("type | name | label", "select_one yn | a | A")
           + "\n| choices |\n| | list_name | name | label |\n| | yn | | Yes |\n| | yn | no | No |"),
    Defect("FORM-303", 9, _survey("type | name | label", "select_one yn | a | A", more=YES_NO)
           + "|         | yn        | yes   | No    |\n"),
    Defect("FORM-304", 9, _survey("type | name | label", "select_one yn | a | A", more=YES_NO)
           + "|         | yn        | may be   | No    |\n"),
    Defect("FORM-305", 7, _survey("type | name | label", "note | a | A", more=YES_NO)),
    Defect("FORM-306", 7, _survey("type | name | label", "select_one yn | a | A")
           + "\n| choices |\n| | list_name | name | label | exclusive |"
             "\n| | yn | yes | Yes | yes |"),
    Defect("FORM-307", 9, _survey("type | name | label", "select_one yn | a | A", more=YES_NO)
           + f"|         | yn        | {'x' * 65} | No    |\n"),
    Defect("FORM-401", 9, _condition("${age} > * 2")),
    Defect("FORM-402", 9, _condition("${age} > 2 and")),
    Defect("FORM-403", 9, _condition("not(${age} > 2")),
    Defect("FORM-404", 9, _condition("${age} > 2)")),
    Defect("FORM-405", 9, _condition("${said} = 'yes")),
    Defect("FORM-406", 9, _condition("Only if they said yes")),
    Defect("FORM-407", 9, _condition("${age} == 2")),
    Defect("FORM-407", 9, _condition("${said} = ‘yes’")),
    Defect("FORM-408", 9, _condition("/data/age > 2")),
    Defect("FORM-408", 9, _condition("${last-saved#age} > 2")),
    Defect("FORM-409", 9, _condition("${age} > 2 or " * 300 + "${age} = 1")),
    Defect("FORM-410", 9, _condition("-" * 250 + "${age} > 1")),
    Defect("FORM-411", 9, _condition("${age > 2")),
    Defect("FORM-412", 9, _condition("selectd(${ok}, 'yes')")),
    Defect("FORM-413", 9, _condition("pow(${age}, 2) > 4")),
    Defect("FORM-414", 9, _condition("selected(${ok})")),
    Defect("FORM-415", 9, _condition("is-dk('age')")),
    Defect("FORM-415", 9, _condition("jr:choice-name(${age}, '${age}') = 'x'")),
    Defect("FORM-416", 9, _condition("${ok} = yes")),
    Defect("FORM-417", 4, _survey("type | name | label | choice_filter",
                                  "select_one yn | a | A | regon = 'x'", more=YES_NO)),
    Defect("FORM-418", 9, _condition(". > 2")),
    Defect("FORM-419", 9, _condition("${agee} > 2")),
    Defect("FORM-420", 4, _survey("type | name | label | relevant", "text | a | A | ${b} = 'x'",
                                  "text | b | B |")),
    Defect("FORM-421", 4, _survey("type | name | label | calculation", "calculate | a | | ${a} + 1",
                                  "note | b | B |")),
    Defect("FORM-421", 4, _rule("${a} > 2")),
    Defect("FORM-422", 4, _survey("type | name | label | calculation", "calculate | a | | ${b} + 1",
                                  "calculate | b | | ${a} + 1", "note | c | C |")),
    Defect("FORM-423", 5, _survey("type | name | label | relevant", "note | a | A |",
                                  "text | b | B | ${a} = 'x'")),
    Defect("FORM-423", 7, _survey("type | name | label | relevant", "begin group | g | |",
                                  "note | a | A |", "end group | | |", "text | b | B | ${g} = 1")),
    Defect("FORM-424", 5, _survey("type | name | label | parameters | relevant",
                                  "hidden | who | | source=contact |",
                                  "text | b | B | | ${who} = 'Li'")),
    Defect("FORM-425", 4, _rule("regex(., '[a')", "text")),
    Defect("FORM-426", 4, _rule("regex(., concat('a', 'b'))", "text")),
    Defect("FORM-427", 9, _condition("${age} ${ok}")),
    Defect("FORM-428", 4, _rule("regex(., '(a+)+')", "text")),
    Defect("FORM-429", 4, _rule(f"regex(., '{'a' * 301}')", "text")),
    Defect("FORM-501", 9, _condition("${ok} = 'yess'")),
    Defect("FORM-501", 9, _condition("selected(${all}, 'yess')")),
    Defect("FORM-502", 9, _condition("${age} = 'old'")),
    Defect("FORM-503", 9, _condition("${said} + 1 > 2")),
    Defect("FORM-503", 9, _condition("${ok} > 2")),
    Defect("FORM-504", 9, _condition("${all} = 'yes'")),
    Defect("FORM-505", 9, _condition("${day} > '2026-11-24'")),
    Defect("FORM-506", 9, _condition("1 < ${age} < 5")),
    Defect("FORM-506", 9, _condition("selected(${ok}, 'yes') = 'true'")),
    Defect("FORM-507", 9, _condition("selected(${age}, '2')")),
    Defect("FORM-508", 4, _survey("type | name | label | choice_filter",
                                  "select_one r | a | A | zone = 'x'")
           + "\n| choices |\n| | list_name | name | label | zone |\n| | r | 1 | One | y |"),
    Defect("FORM-509", 9, _condition("${day} > date('24.11.2026')")),
    Defect("FORM-601", 9, _condition("${ok} = 'yes' and ${ok} = 'no'")),
    Defect("FORM-601", 9, _condition("${age} > 17 and ${age} < 18")),
    Defect("FORM-601", 9, _condition("1 = 2")),
    Defect("FORM-602", 5, _survey("type | name | label | relevant | constraint",
                                  "integer | age | Age | | . >= 18",
                                  "text | a | A | ${age} < 16 |")),
    Defect("FORM-603", 9, _condition("${ok} = 'yes' or ${ok} != 'yes'")),
    Defect("FORM-604", 4, _rule(". > 5 and . < 3")),
    Defect("FORM-605", 4, _rule(". > 5 or . <= 5")),
    Defect("FORM-606", 4, _survey("type | name | label", "note | a | Hello ${who")),
    Defect("FORM-607", 5, _survey("type | name | label::English (en) | label::中文 (zh)",
                                  "text | who | Who | 谁", "note | a | Hello ${who} | 你好")),
    Defect("FORM-608", 5, _survey("type | name | label | end_with", "note | a | Bye | 4.7",
                                  "text | b | B |")),
    Defect("FORM-701", 4, _survey("type | name | label | construct", "integer | a | A | value")),
    Defect("FORM-702", 5, _survey("type | name | label | construct | points",
                                  "integer | a | A | value | 1-10",
                                  "integer | b | B | value | 1-5")),
    Defect("FORM-703", 4, _survey("type | name | label | reverse", "integer | a | A | yes")),
    Defect("FORM-704", 4, _survey("type | name | label | construct | points",
                                  "integer | a | A | value | 10-1")),
    Defect("FORM-706", 4, _survey("type | name | label | construct | points",
                                  "select_one yn | a | A | value | 1-10", more=YES_NO)),
    *(
        Defect(code, row, _survey("type | name | label | construct | points",
                                  "integer | a | A | value | 1-10",
                                  "integer | b | B | image | 1-10")
               + "\n| model |\n| | from | to |\n" + paths)
        for code, row, paths in (
            ("FORM-707", 8, "| | imagee | value |\n| | image | value |"),
            ("FORM-708", 8, "| | image | image |\n| | image | value |"),
            ("FORM-709", 8, "| | image | value |\n| | value | image |"),
            ("FORM-710", 9, "| | image | value |\n| | image | value |"),
            ("FORM-711", 9, "| | image | value |\n| | image |  |"),
            ("FORM-712", 4, "| | image | image |"),
        )
    ),
]  # fmt: skip

ELSEWHERE = {
    *("FORM-001", "FORM-002", "FORM-003", "FORM-004", "FORM-005", "FORM-006", "FORM-007"),
    *("FORM-008", "FORM-017", "FORM-019"),
}
"""Defects of files that no Markdown table can have."""


def _declared() -> list[Message]:
    tables = (messages, expression_messages)
    return [m for table in tables for m in vars(table).values() if isinstance(m, Message)]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.code}-{defect.row}")
def test_each_defect_is_found_with_its_number_and_row(defect):
    found = [(p.message.code, p.place.row) for p in problems_of(defect.form)]
    assert (defect.code, defect.row) in found, [p.text() for p in problems_of(defect.form)]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.code}-{defect.row}")
def test_each_problem_says_where_it_stands_and_what_to_do(defect):
    for problem in problems_of(defect.form):
        text = problem.text()
        assert problem.place.file == "form.md"
        assert problem.message.remedy
        assert "%(" not in text


def test_every_number_is_tested_and_used_once():
    codes = [message.code for message in _declared()]
    assert len(codes) == len(set(codes))
    assert set(codes) == {defect.code for defect in DEFECTS} | ELSEWHERE


def test_all_defects_of_a_file_are_found_in_one_pass():
    form = _survey(
        "type | name | label | relevant",
        "integr | a | A |",
        "integer | b | | ${c} = 1",
        "select_one yn | c | C | foo(1)",
        "text | c | D | ${c} = 'maybe'",
    )
    found = {problem.message.code for problem in problems_of(form)}
    assert found >= {"FORM-201", "FORM-211", "FORM-420", "FORM-205", "FORM-412", "FORM-209"}

"""PURE. The types of the survey sheet: one table, one row per type.

To add a type: give it a `QuestionKind`, add a row here, take its name out of `LATER`, and say in
`survey.interview.validate` how an answer is read. The builder, the checks and the reference page
read this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.language.environment import ValueKind
from survey.language.model import QuestionKind

EVERY = frozenset({"type", "name", "label", "relevant", "appearance"})
SPOKEN = frozenset({"hint", "instruction", "probe"})
ASKED = SPOKEN | {
    *("required", "required_message", "constraint", "constraint_message", "dk", "ref"),
}
LISTED = frozenset({"choice_filter", "read_list"})
MEASURING = frozenset({"construct", "scale", "points", "reverse"})


@dataclass(frozen=True, slots=True)
class QuestionType:
    """One type: how it is written, what its answer is, which columns mean something for it."""

    kind: QuestionKind
    spellings: tuple[str, ...]
    says: str
    value: ValueKind
    columns: frozenset[str]
    takes_list: bool = False
    parameters: Mapping[str, frozenset[str]] | None = None


_ROWS = (
    QuestionType(
        QuestionKind.TEXT,
        ("text", "string"),
        "An open answer, typed as it is said.",
        ValueKind.TEXT,
        EVERY | ASKED,
    ),
    QuestionType(
        QuestionKind.INTEGER,
        ("integer", "int"),
        "A whole number.",
        ValueKind.NUMBER,
        EVERY | ASKED | MEASURING,
    ),
    QuestionType(
        QuestionKind.DECIMAL,
        ("decimal",),
        "A number with decimals; at most 15 digits.",
        ValueKind.NUMBER,
        EVERY | ASKED | MEASURING,
    ),
    QuestionType(
        QuestionKind.DATE,
        ("date",),
        "A day, as year-month-day.",
        ValueKind.DATE,
        EVERY | ASKED,
    ),
    QuestionType(
        QuestionKind.SELECT_ONE,
        ("select_one", "select one", "select one from", "select1"),
        "One choice of a list.",
        ValueKind.CODE,
        EVERY | ASKED | LISTED | MEASURING,
        takes_list=True,
    ),
    QuestionType(
        QuestionKind.SELECT_MULTIPLE,
        ("select_multiple", "select all that apply", "select all that apply from"),
        "Any number of choices of a list.",
        ValueKind.CODES,
        EVERY | ASKED | LISTED,
        takes_list=True,
    ),
    QuestionType(
        QuestionKind.NOTE,
        ("note",),
        "A text that is read out; with `end_with` it ends the interview.",
        ValueKind.NONE,
        EVERY | SPOKEN | {"end_with"},
    ),
    QuestionType(
        QuestionKind.CALCULATE,
        ("calculate",),
        "A value computed from earlier answers; never shown by itself.",
        ValueKind.ANY,
        EVERY | {"calculation"},
    ),
    QuestionType(
        QuestionKind.HIDDEN,
        ("hidden",),
        "A case variable that is known when the interview opens. With a label, the report compares "
        "its groups. With the parameter `source=contact` it is personal: it may be shown in texts, "
        "never computed with.",
        ValueKind.ANY,
        EVERY | {"parameters"},
        parameters={"source": frozenset({"contact", "case"})},
    ),
)

TYPES: Mapping[QuestionKind, QuestionType] = {row.kind: row for row in _ROWS}
SPELLINGS: Mapping[tuple[str, ...], QuestionType] = {
    tuple(spelling.split()): row for row in _ROWS for spelling in row.spellings
}

BEGIN_GROUP = frozenset({("begin", "group"), ("begin_group",)})
END_GROUP = frozenset({("end", "group"), ("end_group",)})
OR_OTHER = "or_other"

LATER = frozenset(
    {
        *("begin repeat", "begin_repeat", "end repeat", "end_repeat", "begin loop", "begin_loop"),
        *("end loop", "end_loop", "begin lgroup", "end lgroup", "begin looped", "end looped"),
        *("rank", "range", "time", "datetime", "datetime", "acknowledge", "trigger", "barcode"),
        *("select_one_external", "select_one_from_file", "select_multiple_from_file"),
        *("geopoint", "location", "gps", "geotrace", "geoshape", "start-geopoint"),
        *("background-geopoint", "image", "photo", "audio", "video", "file", "background-audio"),
        *("osm", "xml-external", "csv-external", "audit", "start", "end", "today", "deviceid"),
        *("imei", "phonenumber", "username", "email", "simserial", "subscriberid", "percentage"),
        *("cascading_select", "dateTime", "date time"),
    }
)
"""Types of XLSForm that are refused by name."""

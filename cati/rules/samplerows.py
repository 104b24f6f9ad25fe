"""PURE. What a sample file says about each person, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from cati.rules.hours import zone_named
from cati.rules.messages import (
    COLUMN_MISSING,
    COLUMN_MISSPELT,
    ID_IN_WAVE,
    ID_TWICE,
    NAME_NOT_READ,
    NOT_A_NUMBER,
    NOT_A_PROBABILITY,
    PHONE_IN_WAVE,
    PHONE_LISTED,
    PHONE_TWICE,
    TOO_LONG,
    UNKNOWN_LANGUAGE,
    UNKNOWN_ZONE,
    VALUE_MISSING,
)
from cati.rules.numbers import TelephoneNumber, read_number
from cati.rules.samplefile import Line, SampleTable, read_table
from foundation.problems import Message, Problem, ProblemsError, nearest

REQUIRED = ("id", "phone")
PHONES = ("phone", "phone2")
KNOWN = (*REQUIRED, "name", "phone2", "sex", "language", "stratum", "psu", "probability", "zone")
# "sex" belongs to the interview as any other variable does; it is listed to be recognised.
KEPT_APART = frozenset(KNOWN) - {"sex"}
LONGEST = {"language": 16, "id": 64, "stratum": 64, "psu": 64, "name": 200}
LONGEST_VARIABLE = 500
VERY_NEAR = 0.84
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before the file is read: who is in the wave, who must not be called.

    `languages` are those of the questionnaire; empty when there is none yet.
    """

    region: str
    zone: str
    references: Container[str] = frozenset()
    numbers: Container[str] = frozenset()
    listed: Container[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """One row without fault. `numbers` are in the order in which they are tried."""

    row: int
    reference: str
    name: str
    numbers: tuple[TelephoneNumber, ...]
    zone: str
    language: str
    stratum: str
    psu: str
    probability: float | None
    variables: dict[str, str]


@dataclass(slots=True)
class _Reading:
    table: SampleTable
    known: Known
    problems: list[Problem]
    ids: dict[str, int] = field(default_factory=dict)
    phones: dict[str, int] = field(default_factory=dict)

    def say(self, message: Message, line: Line, column: str, **values: object) -> None:
        said = values or {"value": line.cells.get(column, "")}
        self.problems.append(message.at(self.table.place(line.row, column), **said))


def read_people(table: SampleTable, known: Known) -> tuple[list[Person], list[Problem]]:
    """Return the people of the rows without fault, and every problem of the others.

    A row of which anything is wrong gives no person. Warnings about column names are among the
    problems. Raises ProblemsError when a column is missing that every row needs.
    """
    problems = _of_columns(table)
    if any(problem.is_error for problem in problems):
        raise ProblemsError(problems)
    reading = _Reading(table, known, problems + list(table.problems))
    people = [_person(line, reading) for line in table.lines]
    wrong = {problem.place.row for problem in reading.problems if problem.is_error}
    order = sorted(reading.problems, key=lambda problem: problem.place.row or 0)
    return [person for person in people if person.row not in wrong], order


def _of_columns(table: SampleTable) -> list[Problem]:
    place, others = table.place(), [name for name in table.columns if name not in KNOWN]
    problems = []
    for name in REQUIRED:
        if name not in table.columns:
            near = nearest(name, [other for other in others if other])
            message = COLUMN_MISSPELT if near else COLUMN_MISSING
            problems.append(message.at(place, name=name, near=near))
    missing = [name for name in KNOWN if name not in table.columns]
    return problems + [
        NAME_NOT_READ.at(place, name=name, near=near)
        for name in others
        for near in get_close_matches(name, missing, n=1, cutoff=VERY_NEAR)
    ]


def _person(line: Line, reading: _Reading) -> Person:
    cells = line.cells
    _check_lengths(line, reading)
    return Person(
        row=line.row,
        reference=_reference(line, reading),
        name=cells.get("name", ""),
        numbers=_numbers(line, reading),
        zone=_zone(line, reading),
        language=_language(line, reading),
        stratum=cells.get("stratum", ""),
        psu=cells.get("psu", ""),
        probability=_probability(line, reading),
        variables={n: v for n, v in cells.items() if n not in KEPT_APART and v},
    )


def _check_lengths(line: Line, reading: _Reading) -> None:
    for name, value in line.cells.items():
        most = LONGEST.get(name, LONGEST_VARIABLE)
        if len(value) > most:
            reading.say(TOO_LONG, line, name, most=most)


def _reference(line: Line, reading: _Reading) -> str:
    value = line.cells.get("id", "")
    if not value:
        reading.say(VALUE_MISSING, line, "id", name="id")
    elif value in reading.ids:
        reading.say(ID_TWICE, line, "id", value=value, first=reading.ids[value])
    elif value in reading.known.references:
        reading.say(ID_IN_WAVE, line, "id")
    reading.ids.setdefault(value, line.row)
    return value


def _numbers(line: Line, reading: _Reading) -> tuple[TelephoneNumber, ...]:
    if not line.cells.get("phone"):
        reading.say(VALUE_MISSING, line, "phone", name="phone")
    given = [(column, line.cells[column]) for column in PHONES if line.cells.get(column)]
    found = [_number(line, reading, column, text) for column, text in given]
    return tuple(number for number in found if number is not None)


def _number(line: Line, reading: _Reading, column: str, text: str) -> TelephoneNumber | None:
    number = read_number(text, reading.known.region)
    if isinstance(number, Message):
        reading.say(number, line, column, number=text)
        return None
    if number.e164 in reading.phones:
        reading.say(PHONE_TWICE, line, column, value=text, first=reading.phones[number.e164])
    reading.phones.setdefault(number.e164, line.row)
    if number.e164 in reading.known.numbers:
        reading.say(PHONE_IN_WAVE, line, column)
    if number.e164 in reading.known.listed:
        reading.say(PHONE_LISTED, line, column)
    return number


def _zone(line: Line, reading: _Reading) -> str:
    value = line.cells.get("zone", "")
    if value and zone_named(value) is None:
        near = nearest(value, _zones()) or reading.known.zone
        reading.say(UNKNOWN_ZONE, line, "zone", value=value, near=near)
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _language(line: Line, reading: _Reading) -> str:
    value, languages = line.cells.get("language", ""), reading.known.languages
    if value and languages and value not in languages:
        choices = ", ".join(sorted(languages))
        reading.say(UNKNOWN_LANGUAGE, line, "language", value=value, choices=choices)
    return value


def _probability(line: Line, reading: _Reading) -> float | None:
    value = line.cells.get("probability", "")
    if not value:
        return None
    if not _DECIMAL.fullmatch(value):
        reading.say(NOT_A_NUMBER, line, "probability")
        return None
    probability = float(value)
    if not 0 < probability <= 1:
        reading.say(NOT_A_PROBABILITY, line, "probability")
    return probability


def read_phones(data: bytes, filename: str, region: str) -> list[str]:
    """Return the numbers of a file's column `phone` in E.164 form.

    Raises ProblemsError with every number that cannot be read.
    """
    table = read_table(data, filename)
    if "phone" not in table.columns:
        raise ProblemsError([COLUMN_MISSING.at(table.place(), name="phone")])
    reading = _Reading(table, Known(region, ""), list(table.problems))
    read = [(line, read_number(line.cells.get("phone", ""), region)) for line in table.lines]
    for line, number in read:
        if isinstance(number, Message):
            reading.say(number, line, "phone", number=line.cells.get("phone", ""))
    if reading.problems:
        raise ProblemsError(reading.problems)
    return [number.e164 for _, number in read if isinstance(number, TelephoneNumber)]

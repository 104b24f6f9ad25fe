"""PURE. What a researcher states of a wave's quality: facts of the frame, rows of re-interviews."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, fields

from foundation.problems import N_, Message, Place, Problem, ProblemsError

COLUMNS = ("respondent", "question", "answer")
MOST_ROWS = 20_000
LISTED = 20
LONGEST = 200

NOT_A_COUNT = Message(
    "QUAL-101",
    N_("'%(value)s' is no number of people."),
    N_("Write a whole number, or leave the field empty: it is then shown as not stated."),
)
BEYOND_POPULATION = Message(
    "QUAL-102",
    N_("%(value)s people are missing from a population of %(population)s."),
    N_("Correct one of the two numbers."),
)
NOT_TEXT = Message(
    "QUAL-103",
    N_("the file is not a text in UTF-8."),
    N_("Save it as CSV UTF-8."),
)
NO_COLUMN = Message(
    "QUAL-104",
    N_("the re-interviews lack the column '%(name)s'."),
    N_("The first line names the columns: respondent, question, answer."),
)
EMPTY_CELL = Message(
    "QUAL-105",
    N_("the cell is empty."),
    N_("Every row names a respondent, a question and the answer given the second time."),
)
TWICE = Message(
    "QUAL-106",
    N_("respondent '%(respondent)s' has two answers to '%(question)s'."),
    N_("Keep one of the two rows."),
)
NO_ROWS = Message(
    "QUAL-107",
    N_("the file has no rows."),
    N_("Write one row for each question asked again."),
)
TOO_MANY_ROWS = Message(
    "QUAL-108",
    N_("the file has more than %(most)s rows."),
    N_("Leave out what was not asked again."),
)


@dataclass(frozen=True)
class Frame:
    """The stated facts of the sampling frame; an empty text is "not stated".

    name        what the list is
    dated       when it was drawn up
    population  people that the survey speaks of
    missing     people of the population who are not on the list
    listed      entries on the list
    twice       entries that name somebody again
    """

    name: str = ""
    dated: str = ""
    population: str = ""
    missing: str = ""
    listed: str = ""
    twice: str = ""


COUNTS = ("population", "missing", "listed", "twice")


def read_frame(entered: Mapping[str, str]) -> Frame:
    """Return the facts as entered; raises every number that is none, together."""
    texts = {one.name: entered.get(one.name, "").strip()[:LONGEST] for one in fields(Frame)}
    problems = [
        NOT_A_COUNT.at(Place(item=name), value=texts[name])
        for name in COUNTS
        if texts[name] and not texts[name].isdecimal()
    ]
    if not problems and texts["population"] and texts["missing"]:
        gone, whole = int(texts["missing"]), int(texts["population"])
        if gone > whole:
            place = Place(item="missing")
            problems.append(BEYOND_POPULATION.at(place, value=gone, population=whole))
    if problems:
        raise ProblemsError(problems)
    return Frame(**texts)


def read_backcheck(content: bytes, file: str) -> list[tuple[str, str, str]]:
    """Return the rows (respondent, question, answer) of a CSV of re-interviews.

    Raises every problem of the file together, twenty at most.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemsError([NOT_TEXT.at(Place(file=file))]) from None
    lines = list(csv.reader(io.StringIO(text)))
    head = [name.strip().lower() for name in lines[0]] if lines else []
    absent = [name for name in COLUMNS if name not in head]
    if absent:
        raise ProblemsError(NO_COLUMN.at(Place(file=file, row=1), name=name) for name in absent)
    if len(lines) > MOST_ROWS + 1:
        raise ProblemsError([TOO_MANY_ROWS.at(Place(file=file), most=MOST_ROWS)])
    places = [head.index(name) for name in COLUMNS]
    numbered = [(at, line) for at, line in enumerate(lines[1:], 2) if any(map(str.strip, line))]
    rows = [(at, _cells(line, places)) for at, line in numbered]
    problems = _row_problems(rows, file)
    if problems or not rows:
        raise ProblemsError(problems[:LISTED] or [NO_ROWS.at(Place(file=file))])
    return [row for _, row in rows]


def _cells(line: list[str], places: list[int]) -> tuple[str, str, str]:
    first, second, third = (line[at].strip() if at < len(line) else "" for at in places)
    return first, second, third


def _row_problems(rows: list[tuple[int, tuple[str, str, str]]], file: str) -> list[Problem]:
    problems = []
    seen: set[tuple[str, str]] = set()
    for at, row in rows:
        problems += [
            EMPTY_CELL.at(Place(file=file, row=at, column=name))
            for name, cell in zip(COLUMNS, row, strict=True)
            if not cell
        ]
        key = row[:2]
        if all(key) and key in seen:
            place = Place(file=file, row=at)
            problems.append(TWICE.at(place, respondent=key[0], question=key[1]))
        seen.add(key)
    return problems

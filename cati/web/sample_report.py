"""What the page says about a sample file: its columns, its people, everything wrong with it."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from cati.rules.messages import (
    ALL_IN_WAVE,
    BAD_NUMBER,
    EXTENSION_NUMBER,
    ID_IN_WAVE,
    ID_TWICE,
    IMPOSSIBLE_NUMBER,
    PHONE_IN_WAVE,
    PHONE_LISTED,
    PHONE_TWICE,
    VALUE_MISSING,
)
from cati.rules.samplefile import SampleTable
from cati.rules.samplerows import KNOWN, Person
from foundation.problems import Message, Place, Problem
from survey.formats.delimited import as_csv

MOST_SHOWN = 500
PERSONAL = frozenset({"id", "name", "phone", "phone2"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: what it is used for, and its first value unless that is personal."""

    name: str
    use: str
    example: str


@dataclass(frozen=True, slots=True)
class Kind:
    """How often one kind of mistake was made."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One mistake: where it stands in the file, and what to do."""

    row: int | None
    column: str
    said: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was found in a file. `rejects` and `everything` are CSV files in base64.

    people    rows without fault
    kinds     what is wrong, the most frequent first
    shown     the first problems; `everything` has them all
    place     file and sheet
    """

    columns: tuple[Column, ...] = ()
    rows: int = 0
    people: int = 0
    strata: tuple[tuple[str, int], ...] = ()
    kinds: tuple[Kind, ...] = ()
    errors: int = 0
    place: str = ""
    shown: tuple[Line, ...] = ()
    problems: int = 0
    everything: str = ""
    rejected: int = 0
    rejects: str = ""
    is_known: bool = False


def checked(
    table: SampleTable, people: Sequence[Person], problems: Sequence[Problem]
) -> SampleReport:
    """Return what a check found."""
    strata = Counter(person.stratum for person in people)
    return SampleReport(
        columns=tuple(_column(name, table) for name in table.columns if name),
        rows=len(table.lines),
        people=len(people),
        strata=tuple(sorted(strata.items())) if any(strata) else (),
        **_wrong(problems),
    )


def refused(problems: Sequence[Problem]) -> SampleReport:
    """Return why a file was refused."""
    is_known = [problem.message for problem in problems] == [ALL_IN_WAVE]
    return SampleReport(is_known=is_known, **_wrong(problems))


def partly(problems: Sequence[Problem], rejected: int, rejects: str) -> SampleReport:
    """Return what was wrong with the rows that were not stored, and these rows as a file."""
    return SampleReport(rejected=rejected, rejects=rejects, **_wrong(problems))


def _wrong(problems: Sequence[Problem]) -> dict[str, Any]:
    errors = [problem for problem in problems if problem.is_error]
    counts = Counter(_kind_of(problem.message) for problem in errors)
    return {
        "kinds": tuple(Kind(name, count) for name, count in counts.most_common()),
        "errors": len(errors),
        "place": replace(problems[0].place, row=None, column="").text(_) if problems else "",
        "shown": tuple(_line(problem) for problem in problems[:MOST_SHOWN]),
        "problems": len(problems),
        "everything": _file(problems) if problems else "",
    }


def _line(problem: Problem) -> Line:
    said = replace(problem, place=Place()).text(_)
    return Line(problem.place.row, problem.place.column, said, problem.is_error)


def _kind_of(message: Message) -> str:
    kinds = {
        ID_IN_WAVE: _("id in this wave already"),
        PHONE_IN_WAVE: _("number in this wave already"),
        PHONE_LISTED: _("number on the do-not-call list"),
        ID_TWICE: _("id twice in the file"),
        PHONE_TWICE: _("number twice in the file"),
        VALUE_MISSING: _("id or number missing"),
        BAD_NUMBER: _("not a telephone number"),
        IMPOSSIBLE_NUMBER: _("not a telephone number"),
        EXTENSION_NUMBER: _("number with an extension"),
    }
    return str(kinds.get(message, _("other")))


def _file(problems: Sequence[Problem]) -> str:
    rows = [[p.place.sheet, p.place.row, p.place.column, p.text(_)] for p in problems]
    header = ["sheet", "row", "column", "problem"]
    return b64encode(as_csv(header, rows, for_excel=True)).decode()


def _column(name: str, table: SampleTable) -> Column:
    first = next((line.cells[name] for line in table.lines if line.cells.get(name)), "")
    return Column(name, _use(name), "" if name in PERSONAL else first)


def _use(name: str) -> str:
    uses = {
        "id": _("the client's number of the person"),
        "name": _("whom to ask for"),
        "phone": _("the number called first"),
        "phone2": _("the number called next"),
        "sex": _("for the form of address; a variable of the interview"),
        "language": _("the language of the interview"),
        "stratum": _("stratum of the sample design"),
        "psu": _("primary sampling unit of the sample design"),
        "probability": _("the chance with which the person was drawn"),
        "zone": _("the person's time zone"),
    }
    return str(uses[name]) if name in KNOWN else str(_("a variable of the interview"))

"""The sample: read a file of people to be called, store them as cases, release them in replicates.

Either every row of a file is stored or none, unless the caller asks for the good rows alone and
takes the others back as a file. Services never commit: the caller's unit of work does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, update
from sqlmodel import Session, SQLModel, col, select

from accounts import audit
from cati.rules.casecode import NOT_ATTEMPTED
from cati.rules.messages import ALL_IN_WAVE, ID_IN_WAVE, NO_REPLICATE, NO_WAVE, PHONE_IN_WAVE
from cati.rules.queue import CaseState, Rank
from cati.rules.samplefile import SampleTable, read_table
from cati.rules.samplerows import Known, Person, read_people
from cati.store.contacts import NAME, NUMBER, REFERENCE, Contacts, hashes_in_wave
from cati.store.fieldwork import note_zones
from cati.store.tables import Case, Contact, ContactNumber, DoNotCall
from foundation.problems import Place, Problem, ProblemsError, Translate, untranslated
from survey import forms
from survey.formats.columns import Cell
from survey.formats.delimited import as_csv
from survey.language.model import UNDETERMINED
from survey.store.tables import Wave

PSEUDONYM_BITS = 80


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: into how many replicates, and whether rows without fault suffice."""

    replicates: int = 1
    good_only: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file. `rejects` holds the other rows with what is wrong with each."""

    cases: int
    rejected: int
    problems: tuple[Problem, ...]
    rejects: bytes


@dataclass(frozen=True, slots=True)
class Replicate:
    """A random part of the sample that is released as a whole."""

    number: int
    cases: int
    released: int


class _Hashed(Container[str]):
    """Texts of which only keyed hashes are kept."""

    def __init__(self, hashes: Container[str], index: Callable[[str], str]) -> None:
        self._hashes, self._index = hashes, index

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._index(text) in self._hashes


def check_sample(
    session: Session, contacts: Contacts, wave_id: int, data: bytes, filename: str
) -> tuple[SampleTable, list[Person], list[Problem]]:
    """Return the table of a file, its people without fault, and every problem; stores nothing."""
    wave = session.get(Wave, wave_id)
    if wave is None:
        raise ProblemsError([NO_WAVE.at(Place(), wave=wave_id)])
    table = read_table(data, filename)
    references, numbers = hashes_in_wave(session, wave_id)
    listed = set(session.exec(select(DoNotCall.number_hash)))
    known = Known(
        contacts.region,
        contacts.zone,
        _Hashed(references, contacts.reference_hash),
        _Hashed(numbers, contacts.number_hash),
        _Hashed(listed, contacts.number_hash),
        _languages(session, wave.form_version_id),
    )
    return table, *read_people(table, known)


def _languages(session: Session, version: int | None) -> frozenset[str]:
    languages = forms.read(session, version).languages if version else ()
    return frozenset(languages) - {UNDETERMINED}


def import_sample(
    session: Session,
    contacts: Contacts,
    wave_id: int,
    data: bytes,
    filename: str,
    *,
    options: ImportOptions = ImportOptions(),
    by: int | None,
    now: datetime,
    rng: random.Random,
    translate: Translate = untranslated,
) -> Imported:
    """Store the people of a sample file as cases that wait to be released.

    Raises ProblemsError with every problem of every row when one row has a fault, unless the
    options say that the good rows suffice; with one problem alone when the whole file is in the
    wave already, which leaves everything as it is. `rng` gives each case its pseudonym and its
    place in the order; replicates are balanced over the strata.
    """
    table, people, problems = check_sample(session, contacts, wave_id, data, filename)
    errors = [problem for problem in problems if problem.is_error]
    if is_known(table, errors):
        raise ProblemsError([ALL_IN_WAVE.at(table.place(), count=len(table.lines))])
    if errors and not options.good_only:
        raise ProblemsError(problems)
    if people:
        _store(session, contacts, wave_id, people, replicates=options.replicates, rng=rng)
    audit.record(
        session, "sample.imported", f"wave {wave_id}",
        by=by, at=now, detail={"cases": len(people), "rejected": len(table.lines) - len(people)},
    )  # fmt: skip
    rejects = _rejects(table, errors, translate) if errors else b""
    rejected = len(table.lines) - len(people)
    return Imported(len(people), rejected, tuple(problems), rejects)


def is_known(table: SampleTable, errors: Sequence[Problem]) -> bool:
    """Tell whether nothing is wrong with a file but that all its people are in the wave."""
    kinds = {error.message for error in errors}
    known = {error.place.row for error in errors if error.message is ID_IN_WAVE}
    return kinds <= {ID_IN_WAVE, PHONE_IN_WAVE} and len(known) == len(table.lines)


def _rejects(table: SampleTable, errors: Sequence[Problem], translate: Translate) -> bytes:
    said: dict[int | None, list[str]] = {}
    for problem in errors:
        said.setdefault(problem.place.row, []).append(problem.text(translate))
    columns = [name for name in table.columns if name]
    rows: list[list[Cell]] = [
        [line.row, *(line.cells.get(name, "") for name in columns), " ".join(said[line.row])]
        for line in table.lines
        if line.row in said
    ]
    return as_csv(["row", *columns, "problem"], rows, for_excel=True)


def _store(
    session: Session,
    contacts: Contacts,
    wave_id: int,
    people: Sequence[Person],
    *,
    replicates: int,
    rng: random.Random,
) -> None:
    ids = _insert_contacts(session, contacts, people)
    draws = [rng.random() for _ in people]
    numbers = _replicate_numbers(people, draws, replicates, _last_replicate(session, wave_id))
    study_id = session.get_one(Wave, wave_id).study_id
    lines: list[dict[str, object]] = []
    cases: list[dict[str, object]] = []
    for person, contact_id, draw, replicate in zip(people, ids, draws, numbers, strict=True):
        own = _numbers(contacts, person, contact_id)
        lines += own
        place = {"wave_id": wave_id, "contact_id": contact_id, "replicate": replicate}
        chance = {"random_number": draw, "pseudonym": f"{rng.getrandbits(PSEUDONYM_BITS):020x}"}
        cases.append(_case(contacts, person, own[0], study_id) | place | chance)
    _insert(session, ContactNumber, lines)
    _insert(session, Case, cases)
    note_zones(session, wave_id, {str(line["zone"]) for line in lines})


def _insert_contacts(session: Session, contacts: Contacts, people: Sequence[Person]) -> list[int]:
    rows = [
        {
            "name": contacts.seal(person.name, NAME),
            "reference": contacts.seal(person.reference, REFERENCE),
        }
        for person in people
    ]
    statement = insert(Contact).returning(col(Contact.id), sort_by_parameter_order=True)
    return [i for i in session.connection().execute(statement, rows).scalars() if i is not None]


def _insert(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    session.connection().execute(insert(table), rows)


def _numbers(contacts: Contacts, person: Person, contact_id: int) -> list[dict[str, object]]:
    return [
        {
            "contact_id": contact_id,
            "position": position,
            "number": contacts.seal(number.e164, NUMBER),
            "number_hash": contacts.number_hash(number.e164),
            "zone": person.zone or number.zone or contacts.zone,
        }
        for position, number in enumerate(person.numbers)
    ]


def _case(
    contacts: Contacts, person: Person, number: dict[str, object], study_id: int
) -> dict[str, object]:
    return {
        "reference_hash": contacts.reference_hash(person.reference),
        "panel_id": contacts.panel_id(study_id, person.reference),
        "language": person.language,
        "stratum": person.stratum,
        "psu": person.psu,
        "selection_probability": person.probability,
        "variables": person.variables,
        "number_hash": number["number_hash"],
        "zone": number["zone"],
        "code": NOT_ATTEMPTED,
    }


def _last_replicate(session: Session, wave_id: int) -> int:
    query = select(func.max(Case.replicate)).where(col(Case.wave_id) == wave_id)
    return session.exec(query).one() or 0


def _replicate_numbers(
    people: Sequence[Person], draws: Sequence[float], replicates: int, after: int
) -> list[int]:
    """Return the replicate of each person: dealt out in random order within the strata."""
    order = sorted(range(len(people)), key=lambda i: (people[i].stratum, draws[i]))
    numbers = [0] * len(people)
    for place, i in enumerate(order):
        numbers[i] = after + 1 + place % replicates
    return numbers


def replicates(session: Session, wave_id: int) -> list[Replicate]:
    """Return the replicates of a wave, with how many of their cases are released."""
    released = func.sum(case((col(Case.state) != CaseState.UNRELEASED, 1), else_=0))
    query = (
        select(Case.replicate, func.count(), released)
        .where(col(Case.wave_id) == wave_id)
        .group_by(col(Case.replicate))
        .order_by(col(Case.replicate))
    )
    return [Replicate(number, cases, done) for number, cases, done in session.exec(query)]


def release(
    session: Session, wave_id: int, numbers: Sequence[int], *, by: int | None, now: datetime
) -> int:
    """Release replicates to the floor and return how many cases that makes.

    Raises ProblemsError for every replicate that has nothing to release.
    """
    waiting = {r.number for r in replicates(session, wave_id) if r.released < r.cases}
    problems = [NO_REPLICATE.at(Place(), replicate=n) for n in numbers if n not in waiting]
    if problems:
        raise ProblemsError(problems)
    freed = session.connection().execute(
        update(Case)
        .where(
            col(Case.wave_id) == wave_id,
            col(Case.replicate).in_(numbers),
            col(Case.state) == CaseState.UNRELEASED,
        )
        .values(state=CaseState.FRESH, rank=int(Rank.FRESH), next_at=now)
    )
    session.expire_all()
    detail: dict[str, object] = {"replicates": list(numbers), "cases": freed.rowcount}
    audit.record(session, "sample.released", f"wave {wave_id}", by=by, at=now, detail=detail)
    return freed.rowcount

"""Store what happened on the simulated floor, in the rows that the services would have written.

Many rows at once, which is why it does not go through the services; a test holds what is stored
here to what the rules and the services make of the same history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, SQLModel, col, select

from cati.rules.queue import CaseState, rank_of
from cati.store.contacts import NOTE, REFERENCE, Contacts
from cati.store.tables import Appointment, Call, Case, CaseNote, Contact, DoNotCall
from demo.cases import CallMade, FieldCase
from demo.conversation import Conversation, Entry
from demo.population import customer_number
from survey.language.model import Form, QuestionKind
from survey.store.tables import AnswerEvent, Interview

Rows = list[dict[str, Any]]


def released_cases(
    session: Session, contacts: Contacts, wave_id: int, form: Form
) -> list[FieldCase]:
    """Return the released cases of a wave, with the customers behind them."""
    asked = [q.name for q in form.questions if q.kind is QuestionKind.HIDDEN and not q.is_personal]
    query = (
        select(Case, Contact.reference)
        .join(Contact, col(Contact.id) == col(Case.contact_id))
        .where(Case.wave_id == wave_id, Case.state == CaseState.FRESH)
        .order_by(col(Case.id))
    )
    return [
        FieldCase(
            case.id or 0,
            customer_number(contacts.open(reference, REFERENCE)),
            case.random_number,
            {name: case.variables[name] for name in asked if name in case.variables},
        )
        for case, reference in session.exec(query)
    ]


def store(
    session: Session,
    contacts: Contacts,
    cases: Iterable[FieldCase],
    *,
    wave_id: int,
    form_version_id: int,
) -> None:
    """Store the calls, appointments, notes, interviews and places of cases that were worked."""
    worked = {case.case_id: case for case in cases if case.calls}
    stored = session.exec(select(Case).where(Case.wave_id == wave_id))
    rows = {case.id: case for case in stored if case.id is not None and case.id in worked}
    interviews = _store_interviews(session, worked, rows, form_version_id=form_version_id)
    _store_calls(session, contacts, worked)
    places = [_place(case, interviews.get(case_id)) for case_id, case in worked.items()]
    session.connection().execute(update(Case).where(col(Case.id) == bindparam("this")), places)
    _list_numbers(session, worked, rows)
    session.expire_all()


def _store_interviews(
    session: Session,
    worked: Mapping[int, FieldCase],
    rows: Mapping[int, Case],
    *,
    form_version_id: int,
) -> dict[int, int]:
    """Store the interviews and their events; return the id of the interview of each case."""
    held = {i: case.conversation for i, case in worked.items() if case.conversation}
    found = [_interview(rows[i], talk, form_version_id) for i, talk in held.items()]
    ids = dict(zip(held, _insert(session, Interview, found), strict=True))
    events = [_event(ids[i], entry) for i, talk in held.items() for entry in talk.entries]
    session.connection().execute(insert(AnswerEvent), events)
    return ids


def _interview(case: Case, talk: Conversation, form_version_id: int) -> dict[str, Any]:
    return {
        "wave_id": case.wave_id,
        "form_version_id": form_version_id,
        "respondent": case.pseudonym,
        "design": case.design,
        "last_seq": talk.state.last_seq,
        "outcome": talk.outcome,
        "opened_at": talk.entries[0].at,
        "closed_at": talk.entries[-1].at if talk.outcome else None,
    }


def _event(interview_id: int, entry: Entry) -> dict[str, Any]:
    event = entry.event
    return {
        "interview_id": interview_id,
        "seq": event.seq,
        "kind": event.kind,
        "question": event.question,
        "status": event.status,
        "value": event.value,
        "key": f"demo-{event.seq}",
        "by": entry.by,
        "at": entry.at,
    }


def _store_calls(session: Session, contacts: Contacts, worked: Mapping[int, FieldCase]) -> None:
    made = [
        (case_id, seq, call)
        for case_id, case in worked.items()
        for seq, call in enumerate(case.calls, 1)
    ]
    ids = _insert(session, Call, [_call(*one) for one in made])
    appointments, notes = [], []
    for call_id, (case_id, seq, call) in zip(ids, made, strict=True):
        if call.agreed is not None:
            kept = worked[case_id].calls[seq : seq + 1]
            appointments.append(
                {
                    "case_id": case_id,
                    "call_id": call_id,
                    "at": call.agreed.at,
                    "is_hard": call.agreed.is_hard,
                    "for_person": call.agreed.for_person,
                    "number_position": 0,
                    "name": "",
                    "booked_by": call.by,
                    "booked_at": call.ended_at,
                    "ended_at": kept[0].ended_at if kept else None,
                }
            )
        if call.note:
            text = contacts.seal(call.note, NOTE)
            notes.append({"case_id": case_id, "by": call.by, "at": call.ended_at, "text": text})
    _insert(session, Appointment, appointments)
    _insert(session, CaseNote, notes)


def _call(case_id: int, seq: int, call: CallMade) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "seq": seq,
        "number_position": 0,
        "by": call.by,
        "fence": 2 * seq - 1,
        "started_at": call.started_at,
        "ended_at": call.ended_at,
        "outcome": call.outcome,
    }


def _place(case: FieldCase, interview_id: int | None) -> dict[str, Any]:
    """Return where a case stands; each call took a fence number when it began and one when over."""
    action, last = case.action, case.calls[-1]
    assert action is not None  # noqa: S101 - it was called
    is_closed = action.state is CaseState.CLOSED
    return {
        "this": case.case_id,
        "state": action.state,
        "rank": int(rank_of(action.state, is_hard=action.is_hard)),
        "next_at": action.earliest,
        "due_at": action.due_at,
        "any_hour": action.any_hour,
        "for_person": action.for_person,
        "for_person_until": action.for_person_until,
        "not_person": action.not_person,
        "attempts": action.attempts,
        "dials": len(case.calls),
        "code": action.code,
        "outcome": last.outcome if is_closed else None,
        "closed_at": last.ended_at if is_closed else None,
        "interview_id": interview_id,
        "fence": 2 * len(case.calls),
    }


def _list_numbers(
    session: Session, worked: Mapping[int, FieldCase], rows: Mapping[int, Case]
) -> None:
    listed = [
        {
            "number_hash": rows[case_id].number_hash,
            "by": call.by,
            "at": call.ended_at,
            "reason": f"case {case_id}",
        }
        for case_id, case in worked.items()
        for call in case.calls
        if call.outcome == "do_not_call"
    ]
    if listed:
        session.connection().execute(insert(DoNotCall), listed)


def _insert(session: Session, table: type[SQLModel], rows: Rows) -> list[int]:
    """Store rows and return their ids, in order."""
    if not rows:
        return []
    identity = SQLModel.metadata.tables[str(table.__tablename__)].c.id
    statement = insert(table).returning(identity, sort_by_parameter_order=True)
    return list(session.connection().execute(statement, rows).scalars())

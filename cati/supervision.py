"""Leading the floor: what stands where, what needs a decision, and the acts that decide it.

Every act is written to the audit trail with its reason. Services never commit: the caller's
unit of work does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from accounts import audit
from accounts.store.tables import Person, Role
from cati.rules import messages
from cati.rules.aapor import Group, group_of
from cati.rules.fieldrules import read_rules
from cati.rules.outcomes import OUTCOMES, Ends
from cati.rules.queue import CaseState, rank_of
from cati.store import board, calls, casefile, claims, fieldwork, requests
from cati.store import contacts as contacts_store
from cati.store.board import LongHeld, Overdue, Seat
from cati.store.casefile import CaseFile, CaseLine
from cati.store.contacts import Contacts, numbers_of
from cati.store.tables import Case
from foundation.problems import Message, Place, ProblemsError
from survey import interviews

HELD_TOO_LONG = timedelta(minutes=45)
SEEN_TODAY = timedelta(hours=12)
FROM_INTERVIEW = frozenset({"complete", "partial"})


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, when, and why; the reason goes into the audit trail."""

    by: int
    now: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the cases of a wave stand.

    `states` counts cases by state, `codes` by the AAPOR code they have so far, `groups` by the
    group that rates are computed from; cases that are not released are in `states` alone.
    """

    cases: int
    completes: int
    in_hand: int
    states: Mapping[str, int]
    codes: Mapping[str, int]
    groups: Mapping[Group, int]


def progress(session: Session, wave_id: int) -> Progress:
    """Return the counts of a wave, over all its released sample."""
    states = {s.value: n for s, n in board.count_states(session, wave_id).items()}
    codes = board.count_codes(session, wave_id)
    groups = dict.fromkeys(Group, 0)
    for code, count in codes.items():
        groups[group_of(code)] += count
    return Progress(
        sum(states.values()),
        board.count_completes(session, wave_id),
        board.count_held(session, wave_id),
        states,
        codes,
        groups,
    )


def call_outcomes(session: Session, wave_id: int, since: datetime | None = None) -> dict[str, int]:
    """Return how many calls had each outcome, since a moment or ever."""
    return board.count_outcomes(session, wave_id, since)


def seats(session: Session, wave_id: int, now: datetime) -> list[Seat]:
    """Return who works on a wave: what each does now and did in the last twelve hours."""
    return board.seats(session, wave_id, now - SEEN_TODAY, now)


def overdue_appointments(session: Session, wave_id: int, now: datetime) -> list[Overdue]:
    """Return the appointments that should have been called by now, the oldest first."""
    return board.overdue(session, wave_id, now)


def held_too_long(
    session: Session, wave_id: int, now: datetime, limit: timedelta = HELD_TOO_LONG
) -> list[LongHeld]:
    """Return the cases held for longer than a call takes, the longest first."""
    return board.long_held(session, wave_id, now, limit)


def open_case(
    session: Session, contacts: Contacts, case_id: int, *, by: int, now: datetime
) -> CaseFile | None:
    """Return everything about a case, None without one; the audit trail says who looked."""
    found = casefile.read(session, contacts, case_id)
    if found is not None:
        audit.record(session, "case.viewed", f"case {case_id}", by=by, at=now)
    return found


def find_cases(session: Session, contacts: Contacts, text: str) -> list[CaseLine]:
    """Return the cases that a case number, a client's id or a telephone number names."""
    return casefile.find(session, contacts, text)


def list_cases(
    session: Session, wave_id: int, state: CaseState | None, *, first: int, most: int
) -> tuple[int, list[CaseLine]]:
    """Return how many cases of a wave are in a state (None: any), and `most` of them."""
    return casefile.listed(session, wave_id, state, first=first, most=most)


def interviewers(session: Session) -> list[Person]:
    """Return the interviewers who may log in, by name."""
    query = select(Person).where(Person.role == Role.INTERVIEWER, col(Person.is_active))
    return list(session.exec(query.order_by(col(Person.name))))


def answer_request(session: Session, request_id: int, *, by: int, now: datetime) -> bool:
    """Note that a supervisor answers an interviewer who asked; False when somebody had."""
    return requests.answer(session, request_id, by, now)


def take_back(session: Session, case_id: int, decision: Decision) -> None:
    """Take a case out of somebody's hands; what its holder still sends is refused."""
    case = _case(session, case_id)
    calls.lose_call(session, case, decision.now)
    claims.let_go(case)
    _record(session, "case.taken_back", case, decision)


def reassign(
    session: Session, case_id: int, person_id: int | None, decision: Decision,
    *, until: datetime | None = None,
) -> None:  # fmt: skip
    """Give a case to one interviewer, until a moment or for good; None gives it to anyone.

    Raises ProblemsError while somebody works on it, and for a closed case.
    """
    case = _case(session, case_id)
    _refuse_held(case, decision.now)
    if case.state is CaseState.CLOSED:
        raise _refused(messages.IS_CLOSED, case=case_id)
    person = session.get(Person, person_id) if person_id is not None else None
    if person_id is not None and (person is None or person.role is not Role.INTERVIEWER):
        raise _refused(messages.NO_PERSON)
    case.for_person, case.for_person_until, case.not_person = person_id, until, None
    _record(session, "case.reassigned", case, decision, to=person_id)


def reopen(
    session: Session, case_id: int, decision: Decision, *, was_mistaken: bool = False
) -> None:
    """Put a closed case back into the queue, to be called as soon as hours allow.

    `was_mistaken`: the outcome that closed it was recorded by mistake and no longer counts.
    Without it the history stays as it is, and the case keeps its code until something better
    comes. Raises ProblemsError for a case that is not closed.
    """
    case = _case(session, case_id)
    if case.state is not CaseState.CLOSED:
        raise _refused(messages.NOT_CLOSED, case=case_id)
    _check_numbers(session, case)
    if was_mistaken:
        calls.withdraw_last(session, case, decision.now)
    state = CaseState.RETRY if case.dials else CaseState.FRESH
    case.state, case.rank, case.next_at = state, int(rank_of(state)), decision.now
    case.outcome = case.closed_at = None
    case.code = calls.code_of(session, case)
    _record(session, "case.reopened", case, decision, mistaken=was_mistaken)


def close_case(session: Session, case_id: int, outcome: str, decision: Decision) -> None:
    """Close a case for a reason that no call brought about.

    Raises ProblemsError for an outcome that ends no case, and for a complete or partial
    interview: these follow from the interview itself.
    """
    chosen = OUTCOMES.get(outcome)
    if outcome in FROM_INTERVIEW:
        raise _refused(messages.NOT_COMPLETE)
    if chosen is None or chosen.ends is not Ends.CASE:
        raise _refused(messages.NO_OUTCOME, outcome=outcome)
    case = _case(session, case_id)
    _refuse_held(case, decision.now)
    if case.state is CaseState.CLOSED:
        raise _refused(messages.IS_CLOSED, case=case_id)
    calls.close_without_call(session, case, outcome, decision.now)
    _record(session, "case.closed", case, decision, outcome=outcome)


@dataclass(frozen=True, slots=True)
class Reach:
    """What the erasure of a person reaches: cases in so many waves, and interviews.

    `unsure` are cases of other studies with the same client's id and other numbers: somebody
    else, or the person at a new number. Erasure leaves them alone. All are ids.
    """

    cases: tuple[int, ...]
    waves: int
    interviews: tuple[int, ...]
    unsure: tuple[int, ...]


def reach(session: Session, case_id: int) -> Reach:
    """Return what the erasure of a case's person would reach, before anything is done."""
    case = session.get(Case, case_id)
    if case is None:
        raise _refused(messages.NO_CASE, case=case_id)
    certain, unsure = contacts_store.cases_of(session, case)
    of = select(Case.wave_id, Case.interview_id).where(col(Case.id).in_(certain))
    rows = session.exec(of.order_by(col(Case.id))).all()
    opened = tuple(interview for _, interview in rows if interview is not None)
    return Reach(tuple(certain), len({wave for wave, _ in rows}), opened, tuple(unsure))


def erase_person(session: Session, case_id: int, decision: Decision) -> Reach:
    """Erase everything personal about the person of a case, in every wave; return what was reached.

    Gone are name, numbers, client's id, notes, the other columns of the sample, the reasons that
    supervisors wrote, and in the interviews what `survey.interviews.erase` names. Open cases are
    closed as a wish never to be called. Closed answers stay: they know a pseudonym. A number on
    the do-not-call list stays there as its keyed hash.
    """
    cases = contacts_store.locked(session, reach(session, case_id).cases)
    found = reach(session, case_id)  # again: until the lock an interview could be opened
    for case in cases:
        if case.state is not CaseState.CLOSED:
            calls.lose_call(session, case, decision.now)
            calls.close_without_call(session, case, "do_not_call", decision.now)
    interviews.erase(session, found.interviews)
    audit.forget_reasons(session, [f"case {id_}" for id_ in found.cases])
    contacts_store.erase(session, cases, decision.now)
    counts = {"cases": len(found.cases), "interviews": len(found.interviews)}
    _record(session, "person.erased", session.get_one(Case, case_id), decision, **counts)
    return found


def calling_rules(session: Session, wave_id: int) -> dict[str, object]:
    """Return the calling rules of a wave as JSON."""
    return fieldwork.read_field(session, wave_id).rules.to_json()


def set_calling_rules(
    session: Session, wave_id: int, given: Mapping[str, object], decision: Decision
) -> None:
    """Change the calling rules of a wave; raises ProblemsError with everything unusable."""
    before, rules = calling_rules(session, wave_id), read_rules(given)
    fieldwork.set_rules(session, wave_id, rules)
    changed = sorted(name for name, value in rules.to_json().items() if before[name] != value)
    audit.record(
        session, "rules.changed", f"wave {wave_id}", by=decision.by, at=decision.now,
        detail={"reason": decision.reason, "changed": changed},
    )  # fmt: skip


def _refused(message: Message, **values: object) -> ProblemsError:
    return ProblemsError([message.at(Place(), **values)])


def _case(session: Session, case_id: int) -> Case:
    query = select(Case).where(Case.id == case_id).with_for_update()
    case = session.exec(query.execution_options(populate_existing=True)).first()
    if case is None:
        raise _refused(messages.NO_CASE, case=case_id)
    return case


def _refuse_held(case: Case, now: datetime) -> None:
    if case.claimed_by is not None and case.claim_expires and case.claim_expires > now:
        raise _refused(messages.IN_HAND, case=case.id)


def _check_numbers(session: Session, case: Case) -> None:
    numbers = numbers_of(session, case.contact_id)
    if not numbers:
        raise _refused(messages.IS_ERASED, case=case.id)
    if any(calls.is_listed(session, number.number_hash) for number in numbers):
        raise _refused(messages.LISTED)


def _record(
    session: Session, action: str, case: Case, decision: Decision, **detail: object
) -> None:
    session.add(case)
    session.flush()
    audit.record(
        session, action, f"case {case.id}",
        by=decision.by, at=decision.now, detail={**detail, "reason": decision.reason},
    )  # fmt: skip

"""The interviewer's work: take a case, dial, record what happened, book, interview, give back.

Every write names the claim it is made under and the page's idempotency key (`Write`). A write
under a claim that counts no more is refused with FLOOR-001; a post that comes twice is done once
and answered twice alike. Services never commit: the caller's unit of work does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from accounts import audit
from cati.rules import messages
from cati.rules.appointments import appointment_problems, read_when
from cati.rules.outcomes import Stage, offered
from cati.rules.queue import CaseState, Rank
from cati.store import calls, claims, desk, dialling, interviewing
from cati.store.calls import Booking
from cati.store.claims import Claim, Interviewer, Write
from cati.store.contacts import ASK_FOR, Contacts
from cati.store.desk import HeldCase
from cati.store.fieldwork import Field, read_field, read_fields
from cati.store.once import Reply, written
from cati.store.reasons import Nothing, why_nothing
from cati.store.tables import Call, Case
from foundation.problems import Message, Place, ProblemsError

RELEASE_PAUSE = timedelta(minutes=2)
LONGEST_NOTE = 2000
MOST_SETTLED = 100


@dataclass(frozen=True, slots=True)
class Dialled:
    """A call that was begun, with the number in full, to be dialled now."""

    call_id: int
    number: str
    e164: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, and where the case went: when it is called again (ISO, UTC)."""

    outcome: str
    state: str
    code: str
    next_at: str | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """An appointment as the interviewer enters it.

    `when` is free text in the respondent's zone. `asked_for`: the person asked for this time
    though it is outside calling hours. `is_mine` books it for the interviewer. `name` is whom
    to ask for, `number_position` where to call; empty means as before.
    """

    when: str
    is_hard: bool = True
    asked_for: bool = False
    is_mine: bool = False
    name: str = ""
    number_position: int | None = None


def take_next_case(
    session: Session,
    contacts: Contacts,
    interviewer: Interviewer,
    wave_ids: Sequence[int],
    now: datetime,
) -> HeldCase | Nothing:
    """Return the next case for an interviewer, who then holds it, or why there is none.

    `wave_ids` are the waves the interviewer works on, the most urgent first. Somebody who holds
    a case gets that one again.
    """
    fields = read_fields(session, wave_ids)
    for _ in range(MOST_SETTLED):
        case = claims.claim_next_case(session, interviewer, fields, now)
        if case is None:
            break
        field = read_field(session, case.wave_id)
        if not interviewing.settled(session, case, field, now):
            return desk.shown(session, contacts, case, field)
    return why_nothing(session, fields, now=now, zone=ZoneInfo(contacts.zone))


def held_case(session: Session, contacts: Contacts, person_id: int) -> HeldCase | None:
    """Return the case that an interviewer holds, as it stands now; None without one."""
    case = claims.held_case(session, person_id)
    if case is None:
        return None
    return desk.shown(session, contacts, case, read_field(session, case.wave_id))


def heartbeat(session: Session, claim: Claim, now: datetime) -> datetime:
    """Prolong a claim and return until when; the page calls it every few seconds."""
    return claims.extend(session, claim, now)


def dial(
    session: Session, contacts: Contacts, write: Write, *, number_position: int | None = None
) -> Dialled:
    """Log a call and return the number in full; the audit trail says who saw it.

    Raises ProblemsError outside calling hours where the number is, when it is on the
    do-not-call list, and while the last call has no outcome.
    """

    def act() -> Reply:
        case = claims.hold(session, write.claim, write.now)
        dialling.check_no_call(session, case)
        number = dialling.number_at(session, case, number_position)
        dialling.check_callable(session, case, number, write.now)
        dialling.point_to(session, case, number)
        call = calls.start_call(session, case, number.position, write.now)
        audit.record(
            session, "number.dialled", f"case {case.id}",
            by=write.claim.person_id, at=write.now, detail={"call": call.id},
        )  # fmt: skip
        return {"call": call.id, "position": number.position}

    reply = written(session, write, "dial", {"position": number_position}, act)
    # A repeated post shows the number again only as long as the case is held.
    case = claims.hold(session, write.claim, write.now)
    number = dialling.number_at(session, case, cast("int", reply["position"]))
    return Dialled(cast("int", reply["call"]), contacts.spoken(number), contacts.e164(number))


def record_outcome(session: Session, write: Write, outcome: str, *, language: str = "") -> Recorded:
    """Record what came of the call and send the case where the rules say.

    `language` is what the person speaks, after a language barrier. "Never call again" puts
    every number of the person on the do-not-call list.
    """

    def act() -> Reply:
        case, call = _in_call(session, write)
        if outcome == "appointment":
            raise _refused(messages.NOT_AGREED)
        _check_offered(outcome, Stage.CALL)
        case.language = language or case.language
        return _end(session, case, call, outcome, write=write)

    return _recorded(written(session, write, "outcome", {"is": outcome, "in": language}, act))


def book_appointment(
    session: Session, contacts: Contacts, write: Write, agreed: Agreement
) -> Recorded:
    """Book the next call and end this one; an interview under way is broken off till then.

    Raises ProblemsError for a time that cannot be read, is past, outside calling hours or after
    the end of fieldwork.
    """

    def act() -> Reply:
        case, call = _in_call(session, write)
        wanted = agreed.number_position
        wanted = call.number_position if wanted is None else wanted
        number = dialling.number_at(session, case, wanted)
        at = read_when(agreed.when, write.now, ZoneInfo(number.zone))
        field = read_field(session, case.wave_id)
        _check_bookable(field, ZoneInfo(number.zone), at, agreed=agreed, now=write.now)
        booking = Booking(
            at, agreed.is_hard, number.position,
            write.claim.person_id if agreed.is_mine else None,
            contacts.seal(agreed.name.strip(), ASK_FOR),
        )  # fmt: skip
        midway = case.interview_id and interviewing.ended_with(session, case) is None
        outcome = "appointment_midway" if midway else "appointment"
        return _end(session, case, call, outcome, write=write, booking=booking)

    return _recorded(written(session, write, "book", asdict(agreed), act))


def release_case(session: Session, write: Write) -> None:
    """Give a case back untouched; it rests for two minutes, so that another one comes first."""

    def act() -> Reply:
        case = claims.hold(session, write.claim, write.now)
        dialling.check_no_call(session, case)
        if case.rank > Rank.HARD_DUE:
            case.next_at = max(case.next_at or write.now, write.now + RELEASE_PAUSE)
        claims.let_go(case)
        session.flush()
        return {}

    written(session, write, "release", {}, act)


def add_note(session: Session, contacts: Contacts, write: Write, text: str) -> None:
    """Keep a note on the case for whoever calls next."""

    def act() -> Reply:
        claims.hold(session, write.claim, write.now)
        if not 1 <= len(text.strip()) <= LONGEST_NOTE:
            raise _refused(messages.EMPTY_NOTE, most=LONGEST_NOTE)
        desk.add_note(session, contacts, write.claim, text, now=write.now)
        return {}

    written(session, write, "note", {"text": text}, act)


def keep_late(session: Session, contacts: Contacts, write: Write, text: str) -> None:
    """Keep for the supervisor what a page sent after its case had gone to somebody else."""

    def act() -> Reply:
        claim = write.claim
        query = select(Call).where(
            Call.case_id == claim.case_id, Call.by == claim.person_id, Call.fence == claim.fence
        )
        if session.exec(query).first() is None:
            raise _refused(messages.NOT_YOURS, case=claim.case_id)
        kept = text.strip()[:LONGEST_NOTE]
        desk.add_note(session, contacts, claim, kept, now=write.now, is_late=True)
        return {}

    written(session, write, "late", {"text": text}, act)


def correct_zone(session: Session, write: Write, zone: str) -> None:
    """Say in which time zone the number of the case is; it stays corrected."""

    def act() -> Reply:
        dialling.set_zone(session, claims.hold(session, write.claim, write.now), zone)
        return {}

    written(session, write, "zone", {"zone": zone}, act)


def begin_interview(session: Session, write: Write, *, language: str = "") -> int:
    """Open the interview of the case and return its id; one broken off goes on where it stood."""

    def act() -> Reply:
        case, _ = _in_call(session, write)
        case.language = language or case.language
        field = read_field(session, case.wave_id)
        return {"interview": interviewing.open_for_case(session, case, field, write)}

    reply = written(session, write, "begin", {"language": language}, act)
    return cast("int", reply["interview"])


def finish_interview(session: Session, write: Write, how: str = "") -> Recorded:
    """Record how the interview of the case ended, and with it the call.

    An interview that ran to an end says itself how: complete, or what the questionnaire ended
    it with. Before that `how` is one of the outcomes offered during an interview; whether a
    break-off counts as a partial interview follows from the key questions of the wave.
    """

    def act() -> Reply:
        case, call = _in_call(session, write)
        if case.interview_id is None:
            raise _refused(messages.NO_INTERVIEW, case=case.id)
        ended = interviewing.ended_with(session, case)
        if ended is None:
            _check_offered(how, Stage.INTERVIEW, instead=messages.UNFINISHED)
        return _end(session, case, call, ended or how, write=write)

    return _recorded(written(session, write, "finish", {"how": how}, act))


def _refused(message: Message, **values: object) -> ProblemsError:
    return ProblemsError([message.at(Place(), **values)])


def _recorded(reply: Reply) -> Recorded:
    at = reply["next_at"]
    return Recorded(
        str(reply["outcome"]), str(reply["state"]), str(reply["code"]), str(at) if at else None
    )


def _in_call(session: Session, write: Write) -> tuple[Case, Call]:
    case = claims.hold(session, write.claim, write.now)
    call = calls.open_call(session, write.claim.case_id)
    if call is None:
        raise _refused(messages.NO_CALL)
    return case, call


def _check_offered(outcome: str, stage: Stage, instead: Message = messages.NO_OUTCOME) -> None:
    if outcome not in {choice.name for choice in offered(stage)}:
        raise _refused(messages.NO_OUTCOME if outcome else instead, outcome=outcome)


def _check_bookable(
    field: Field, zone: ZoneInfo, at: datetime, *, agreed: Agreement, now: datetime
) -> None:
    problems = appointment_problems(
        at, zone, field.rules.hours,
        now=now, field_end=field.end(zone), asked_for=agreed.asked_for and agreed.is_hard,
    )  # fmt: skip
    if problems:
        raise ProblemsError(problems)


def _end(
    session: Session,
    case: Case,
    call: Call,
    outcome: str,
    *,
    write: Write,
    booking: Booking | None = None,
) -> Reply:
    field = read_field(session, case.wave_id)
    outcome = interviewing.broken_off(session, case, outcome, field.rules.key_questions, write.now)
    action = calls.end_call(
        session, case, call, outcome, field=field, now=write.now, booking=booking
    )
    if action.state is CaseState.CLOSED:
        interviewing.close_with_case(session, case, write)
    next_at = case.next_at.isoformat() if case.next_at else None
    return asdict(Recorded(outcome, case.state.value, case.code, next_at))

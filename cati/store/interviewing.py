"""The interview of a case: opened under its pseudonym, broken off, closed with the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from cati.rules.messages import NO_FORM
from cati.rules.outcomes import OUTCOMES, outcome_ending
from cati.store.calls import end_call, newest_call
from cati.store.claims import Write
from cati.store.fieldwork import Field
from cati.store.tables import Case
from foundation.problems import Place, ProblemsError
from survey import forms, interviews
from survey.interview.routing import Route
from survey.interviews import Step
from survey.language.model import Form, QuestionKind
from survey.store.tables import Interview

PARTIAL = {
    "break_off": "partial_break_off",
    "dropped_midway": "partial_dropped",
    "appointment_midway": "partial_appointment",
    "refused_midway": "partial",
}
KEY_LENGTH = 64


def open_for_case(session: Session, case: Case, field: Field, write: Write) -> int:
    """Open the interview of a case, or go on with the one there is; return its id.

    One that had ended by itself, say because the wrong person answered, is open again at its
    first question. Nothing personal goes into it.
    """
    version = field.wave.form_version_id
    if version is None:
        raise ProblemsError([NO_FORM.at(Place())])
    form = forms.read(session, version)
    case.interview_id = interviews.open_interview(
        session,
        case.wave_id,
        version,
        case.pseudonym,
        variables=_variables(form, case.variables),
        design=case.design,
        language=case.language if case.language in form.languages else None,
        by=write.claim.person_id,
        now=write.now,
    )
    _open_again(session, case.interview_id, write)
    session.flush()
    return case.interview_id


def _variables(form: Form, known: Mapping[str, str]) -> dict[str, str]:
    hidden = [q for q in form.questions if q.kind is QuestionKind.HIDDEN and not q.is_personal]
    return {q.name: known[q.name] for q in hidden if q.name in known}


def _open_again(session: Session, interview_id: int, write: Write) -> None:
    at = interviews.standing(session, interview_id, now=write.now)
    if at.state.closed is None:
        return
    at = interviews.reopen(session, interview_id, _step(at.state.last_seq, write, "reopen"))
    if at.route.path:
        first = at.route.path[0]
        interviews.move(session, interview_id, first, _step(at.state.last_seq, write, "first"))


def _step(expected: int, write: Write, act: str) -> Step:
    key = f"{write.key}-{act}"[-KEY_LENGTH:]
    return Step(expected, key, write.claim.person_id, write.now)


def ended_with(session: Session, case: Case) -> str | None:
    """Return the call outcome that the interview of a case ended with by itself.

    None while it is open, or when there is none. What no outcome is called is a screen-out.
    """
    interview = session.get(Interview, case.interview_id) if case.interview_id else None
    if interview is None or interview.outcome is None:
        return None
    outcome = outcome_ending(interview.outcome)
    return outcome.name if outcome else "screened_out"


def settled(session: Session, case: Case, field: Field, now: datetime) -> bool:
    """Record the outcome of an interview that ended while its page was silent.

    Tells whether there was one: the case has then gone where the outcome sends it.
    """
    interview = session.get(Interview, case.interview_id) if case.interview_id else None
    call, ended = newest_call(session, case), ended_with(session, case)
    if interview is None or call is None or ended is None or interview.closed_at is None:
        return False
    if call.outcome is not None or call.lost_at is None or interview.closed_at < call.started_at:
        return False
    end_call(session, case, call, ended, field=field, now=now)
    return True


def broken_off(
    session: Session, case: Case, how: str, key_questions: Sequence[str], now: datetime
) -> str:
    """Return the outcome of an interview that stops here: partial if its key questions are done."""
    if not key_questions or case.interview_id is None:
        return how
    at = interviews.standing(session, case.interview_id, now=now)
    enough = all(_is_done(at.form, at.route, name) for name in key_questions)
    return PARTIAL.get(how, how) if enough else how


def _is_done(form: Form, route: Route, name: str) -> bool:
    if name in route.answers:
        return True
    # A question that the route passed over was not to be asked of this respondent.
    order = [question.name for question in form.questions]
    reached = len(order) if route.next is None else order.index(route.next.name)
    return name in order[:reached] and name not in route.path


def close_with_case(session: Session, case: Case, write: Write) -> None:
    """Close the interview of a case that has just been closed, if it is still open."""
    interview = session.get(Interview, case.interview_id) if case.interview_id else None
    if interview is None or interview.outcome is not None or interview.id is None:
        return
    at = interviews.standing(session, interview.id, now=write.now)
    outcome = "partial" if case.code == OUTCOMES["partial"].code else "break_off"
    interviews.close(session, interview.id, outcome, _step(at.state.last_seq, write, "close"))

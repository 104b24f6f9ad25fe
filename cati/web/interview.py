"""The interview page: drawn once, then one question after the other as data.

A post that was refused because the interview has moved on is answered with the question where
it stands now; one that came after the case was lost is kept for the supervisor.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from pydantic import ValidationError
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from cati import answering, floor
from cati.answering import Post, Screen
from cati.rules.outcomes import Stage, offered
from cati.store.claims import Claim
from cati.store.desk import HeldCase
from cati.web import incoming
from cati.web.bar import bar_of, contacts, history_of
from cati.web.case import agreement, keep_note, say_recorded
from cati.web.replies import CONFLICT, LOST, refused, sentences, status_of
from cati.web.words import interview_texts
from foundation.problems import ProblemsError
from survey.interview.validate import RawAnswer
from survey.web.panes import Pane, answer_so_far, answers_so_far, notes_so_far, pane_of

bp = Blueprint("interview", __name__, url_prefix="/interview")


@bp.get("/<int:interview_id>")
@allow(Role.INTERVIEWER)
def show(interview_id: int) -> str | Response:
    """Draw the page, at the question where the interview stands."""
    held = _held(interview_id)
    if held is None:
        return redirect(url_for("desk.show"))
    with site.store().read() as session:
        screen = answering.look(session, held, interview_id, site.now())
    pane = pane_of(screen.at, screen.person)
    if held.call is None or pane is None:
        return redirect(url_for("case.show", case_id=held.claim.case_id))
    return _page(held, screen, pane)


def _page(held: HeldCase, screen: Screen, pane: Pane) -> str:
    return render_template(
        "cati/interview.html",
        interview_id=screen.at.interview_id,
        bar=bar_of(held, site.now()),
        pane=pane,
        seq=screen.at.state.last_seq,
        languages=screen.at.form.languages,
        answers=answers_so_far(screen.at, screen.person),
        history=history_of(held),
        notes=[note.text for note in held.notes] + notes_so_far(screen.at),
        outcomes=offered(Stage.INTERVIEW),
        texts=interview_texts(),
    )


@bp.get("/<int:interview_id>/token")
@allow(Role.INTERVIEWER)
def token(interview_id: int) -> Response:
    """Give a page that outlived its login the token of the new one."""
    return jsonify(token=generate_csrf())


@bp.post("/<int:interview_id>/answers")
@allow(Role.INTERVIEWER)
def answers(interview_id: int) -> Response:
    """Save one answer, then show the next question, or the way back when it was the last."""
    entry = incoming.sent(incoming.AnswerEntry)
    raw = RawAnswer(entry.text, entry.codes, entry.status)
    with site.store().write() as session:
        screen = answering.answer(
            session, contacts(), _post(interview_id, entry), entry.question, raw,
            ask_first=entry.is_changed and not entry.is_confirmed,
        )  # fmt: skip
    if screen.leaves:
        return jsonify(seq=screen.at.state.last_seq, confirm=_named(screen))
    return jsonify(_drawn(screen, said=entry.question, is_new=not entry.is_changed))


@bp.post("/<int:interview_id>/moves")
@allow(Role.INTERVIEWER)
def moves(interview_id: int) -> Response:
    """Go to another question of the path."""
    entry = incoming.sent(incoming.MoveEntry)
    with site.store().write() as session:
        screen = answering.move(session, contacts(), _post(interview_id, entry), entry.to)
    return jsonify(_drawn(screen))


@bp.post("/<int:interview_id>/language")
@allow(Role.INTERVIEWER)
def language(interview_id: int) -> Response:
    """Go on in another language of the questionnaire."""
    entry = incoming.sent(incoming.LanguageEntry)
    with site.store().write() as session:
        post = _post(interview_id, entry)
        screen = answering.switch_language(session, contacts(), post, entry.language)
    return jsonify(_drawn(screen))


@bp.post("/<int:interview_id>/notes")
@allow(Role.INTERVIEWER)
def notes(interview_id: int) -> Response:
    """Keep a remark; the question stays as it is."""
    entry = incoming.sent(incoming.NoteEntry)
    with site.store().write() as session:
        post = _post(interview_id, entry)
        screen = answering.note(session, contacts(), post, entry.question, entry.text)
    if screen.is_over:
        return jsonify(_drawn(screen))
    kept = {"place": entry.question or "", "text": entry.text}
    return jsonify(seq=screen.at.state.last_seq, note=kept)


@bp.post("/<int:interview_id>/end")
@allow(Role.INTERVIEWER)
def end(interview_id: int) -> Response:
    """Stop the interview: broken off, to be resumed, or refused for good."""
    entry = incoming.sent(incoming.EndEntry)
    with site.store().write() as session:
        recorded = answering.break_off(session, _post(interview_id, entry), entry.outcome)
    say_recorded(recorded)
    return jsonify(closed=recorded.outcome, url=url_for("desk.show"))


@bp.post("/<int:interview_id>/appointment")
@allow(Role.INTERVIEWER)
def put_off(interview_id: int) -> Response:
    """Stop the interview until an appointment."""
    entry = incoming.sent(incoming.PutOffEntry)
    post = _post(interview_id, entry)
    with site.store().write() as session:
        keep_note(session, post.write, entry.note)
        recorded = answering.put_off(session, contacts(), post, agreement(entry))
    say_recorded(recorded)
    return jsonify(closed=recorded.outcome, url=url_for("desk.show"))


@bp.errorhandler(ProblemsError)
@bp.errorhandler(ValidationError)
def refuse(error: ProblemsError | ValidationError) -> Any:
    """Say what stands against a post, and draw the question where the interview stands."""
    interview_id = (request.view_args or {})["interview_id"]
    status = status_of(error) if isinstance(error, ProblemsError) else None
    if status == LOST:
        _keep_late(interview_id)
    held = _held(interview_id) if status == CONFLICT else None
    if held is None:
        return refused(error)
    with site.store().read() as session:
        screen = answering.look(session, held, interview_id, site.now())
    body = {**_drawn(screen), "problems": sentences(error)}
    return jsonify({**body, "answers": answers_so_far(screen.at, screen.person)}), CONFLICT


def _post(interview_id: int, entry: incoming.Step) -> Post:
    claim = Claim(entry.case, entry.fence, site.me().id)
    return Post(interview_id, claim, entry.key, entry.expected, site.now())


def _held(interview_id: int) -> HeldCase | None:
    with site.store().read() as session:
        held = floor.held_case(session, contacts(), site.me().id)
    return held if held is not None and held.interview_id == interview_id else None


def _drawn(screen: Screen, *, said: str = "", is_new: bool = False) -> dict[str, Any]:
    """Return the next question as data; `said` is the question just answered.

    The page adds a new answer to its list; any other may have changed the list as a whole.
    """
    pane = pane_of(screen.at, screen.person)
    if screen.is_over or pane is None:
        if screen.ended:
            say_recorded(screen.ended)
        return {"closed": screen.at.state.closed, "url": url_for("desk.show")}
    body: dict[str, Any] = {
        "seq": screen.at.state.last_seq,
        "html": _pane_html(pane),
    }
    if said and is_new and _is_newest(screen, said):
        body["said"] = answer_so_far(screen.at, said, screen.person)
    elif said:
        body["answers"] = answers_so_far(screen.at, screen.person)
    return body


def _pane_html(pane: Pane) -> str:
    # Straight from the compiled template: a question needs nothing that a whole page does.
    return current_app.jinja_env.get_template("survey/_pane.html").render(pane=pane)


def _is_newest(screen: Screen, question: str) -> bool:
    """Tell whether an answer is the last before the next question: none came back with it."""
    path, upcoming = screen.at.route.path, screen.at.route.next
    return upcoming is not None and path[-2:] == (question, upcoming.name)


def _named(screen: Screen) -> list[str]:
    at = screen.at
    said = (answer_so_far(at, name, screen.person) for name in screen.leaves)
    return [f"{line['text']}: {line['answer']}" for line in said if line]


def _keep_late(interview_id: int) -> None:
    """Keep what was entered for a case that is lost, in words, for the supervisor."""
    entry = incoming.sent(incoming.LateEntry)
    # What comes from somebody who never had the case is kept nowhere.
    with suppress(ProblemsError), site.store().write() as session:
        if entry.words:
            answering.keep_late(session, contacts(), _post(interview_id, entry), entry.words)

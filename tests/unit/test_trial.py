"""A trial asks what an interview would ask, says why, and keeps nothing but its events."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from survey import trial
from survey.interview.state import Status
from survey.interview.validate import AnswerRejected, RawAnswer
from survey.language.forms import load_form
from survey.trial import Reason, Seen, Trial
from tests.questionnaires import BRANCH

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FORM = load_form(BRANCH.encode(), "branch.md")


def a_trial(*answers: str, language: str = "en", **variables: str) -> Trial:
    """Return a trial that goes on from each question asked with the answer given."""
    at = trial.begin(FORM, variables=variables, language=language, now=NOW)
    for text in answers:
        at = said(at, text)
    return at


def said(at: Trial, text: str) -> Trial:
    assert at.route.current is not None
    status = {"dk": Status.DK, "ref": Status.REF}.get(text, Status.ANSWERED)
    return trial.answer(at, at.route.current.name, RawAnswer(text, status=status), now=NOW)


def asked(at: Trial) -> str | None:
    return at.route.current.name if at.route.current else None


def why(at: Trial, name: str) -> tuple[Reason, ...]:
    return trial.reasons(at, FORM.question(name))


def test_it_asks_along_the_path_that_the_answers_make():
    assert asked(a_trial()) == "visited"
    assert asked(a_trial("2")) == "used"
    assert asked(a_trial("1")) == "waited"
    assert asked(a_trial("1", "20")) == "used"
    assert asked(a_trial("1", "21")) == "why"


def test_the_end_has_the_outcome_of_an_interview():
    assert a_trial("2").ending is None
    assert a_trial("2", "1 2").ending == "complete"
    assert asked(a_trial("2", "1 2")) is None


def test_a_closing_note_gives_its_own_outcome():
    form = load_form(
        b"""
| settings |
| | form_id | form_title | version |
| | f | F | 1 |
| survey |
| | type | name | label | end_with |
| | note | bye | Goodbye | not_eligible |
""",
        "f.md",
    )
    at = trial.begin(form, variables={}, language=None, now=NOW)
    assert trial.answer(at, "bye", RawAnswer(), now=NOW).ending == "not_eligible"


def test_an_answer_that_does_not_fit_is_refused_as_in_an_interview():
    with pytest.raises(AnswerRejected, match="is no whole number"):
        a_trial("1", "long")
    with pytest.raises(AnswerRejected, match="is not asked now"):
        trial.answer(a_trial("2"), "waited", RawAnswer("3"), now=NOW)


def test_back_goes_question_by_question_and_stays_at_the_first():
    at = trial.back(a_trial("1", "5"), now=NOW)
    assert asked(at) == "waited"
    at = trial.back(at, now=NOW)
    assert asked(at) == "visited"
    assert trial.back(at, now=NOW) is at
    assert asked(trial.furthest(at, now=NOW)) == "used"


def test_back_from_the_end_is_the_last_question_and_forward_is_the_end_again():
    at = trial.back(a_trial("2", "1"), now=NOW)
    assert (asked(at), at.ending) == ("used", "complete")
    assert asked(trial.furthest(at, now=NOW)) is None


def test_a_question_without_a_condition_is_asked_of_everybody():
    assert why(a_trial(), "visited") == ()


def test_a_reason_names_the_group_and_the_answers_in_words():
    at = a_trial("1", "25")
    assert why(at, "why") == (
        Reason("${visited} = '1'", "visit", (Seen("visited", "Yes", Status.ANSWERED),)),
        Reason("${waited} > 20", "", (Seen("waited", "25", Status.ANSWERED),)),
    )


def test_a_reason_tells_dont_know_from_not_asked():
    assert why(a_trial("dk"), "waited")[0].seen == (Seen("visited", "", Status.DK),)
    assert why(a_trial("2"), "why")[1].seen == (Seen("waited", "", None),)


def test_reasons_speak_the_language_of_the_trial():
    assert why(a_trial("1", language="zh-Hans"), "waited")[0].seen[0].text == "是"
    at = trial.speak(a_trial("1"), "zh-Hans", now=NOW)
    assert why(at, "waited")[0].seen[0].text == "是"
    assert trial.speak(at, "fr", now=NOW) is at


def test_an_unknown_language_is_the_forms_own():
    assert a_trial(language="fr").route.language == "en"


def test_case_variables_are_taken_and_strangers_are_not():
    at = a_trial(customer="Wang", city="Beijing", stranger="x")
    assert at.state.variables == {"customer": "Wang", "city": "Beijing"}
    assert at.contact == {"customer": "Wang"}
    assert at.route.environment.values["city"] == "Beijing"
    assert "customer" not in at.route.environment.values


def test_the_events_are_the_whole_trial():
    at = trial.back(a_trial("1", "dk"), now=NOW)
    again = trial.resume(FORM, at.events, now=NOW)
    assert (again.state, again.route.path, asked(again)) == (at.state, at.route.path, asked(at))

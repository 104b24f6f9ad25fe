"""PURE. The choices that may be offered now, after the choice filter of the question."""

from __future__ import annotations

from survey.interview.routing import Route, passes
from survey.language.model import Choice, Form, Question


def offered(form: Form, route: Route, question: Question) -> tuple[Choice, ...]:
    """Return the choices of a question that its filter lets through, in the order of the file."""
    choices = form.choices(question)
    chosen_by = question.choice_filter
    if chosen_by is None:
        return choices
    return tuple(choice for choice in choices if passes(chosen_by, choice, route.environment))

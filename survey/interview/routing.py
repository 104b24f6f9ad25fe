"""PURE. Where an interview stands: which questions are on the path, and which comes next.

One walk down the form decides everything. A row sees only rows above it, and of those only the
answers that are on the path, so a stranded answer can never steer. See docs/explain/routing.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from survey.interview.plan import Act, Step, plan_of, recorded_value, value_of, variable_value
from survey.interview.state import ERASED_TEXT, Answer, JsonValue, State, Status
from survey.language.environment import EMPTY, Environment
from survey.language.model import Choice, Compiled, Form, Question
from survey.language.values import settled


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """Where an interview stands.

    path         what was asked and is on the path, in order, with the next question among it
    answers      the answers that count, by question
    aside        questions whose answer does not count now: off the path, or no longer allowed
    next         the first question on the path without an answer
    current      the question to show: where the interviewer went, else `next`
    ends_with    outcome code, once a closing note was read out and nothing is left to ask
    calculated   values of the calculate rows on the path
    position     place of the current question on the path, from 1
    expected     how long the path will be if no open condition comes true
    """

    path: tuple[str, ...]
    answers: Mapping[str, Answer]
    aside: tuple[str, ...]
    next: Question | None
    current: Question | None
    ends_with: str | None
    calculated: Mapping[str, JsonValue]
    position: int
    expected: int
    language: str
    environment: Environment = field(repr=False)

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing is left to ask."""
        return self.next is None


def route(form: Form, state: State, *, now: datetime) -> Route:
    """Return where the interview stands after the events folded into `state`.

    `now` is what today() and now() stand for; to read a stored interview again, pass the time
    of its last event. Each condition is evaluated at most once, that of a group once for all
    its questions.
    """
    language = state.language or form.default_language
    walk = _Walk(form, state, _environment(form, language, now))
    steps = plan_of(form).steps
    at = 0
    while at < len(steps):
        step = steps[at]
        if step.relevant is not None and not step.relevant(walk.environment):
            at = step.past
        elif walk.visit(step):
            break
        else:
            at += 1
    return walk.route(language)


def _environment(form: Form, language: str, now: datetime) -> Environment:
    def label(name: str, code: str) -> str:
        question = form.by_name.get(name)
        lists = form.choice_lists
        found = lists[question.choice_list] if question and question.choice_list else None
        choice = found.by_code.get(code) if found else None
        return choice.label.get(language, code) if choice else code

    return Environment(now, label=label)


class _Walk:
    """One walk down the form."""

    __slots__ = (
        "answers",
        "calculated",
        "ends_with",
        "environment",
        "expected",
        "form",
        "next",
        "path",
        "state",
    )

    def __init__(self, form: Form, state: State, environment: Environment) -> None:
        self.form = form
        self.state = state
        self.environment = environment
        self.path: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.calculated: dict[str, JsonValue] = {}
        self.next: Question | None = None
        self.ends_with: str | None = None
        self.expected = 0

    def visit(self, step: Step) -> bool:
        """Take in one row on the path; return whether the interview ends with it."""
        question = step.question
        if question is None:
            return False
        if step.act is Act.ASK:
            return self._ask(step, question)
        if step.act is Act.PRELOAD:
            self._preload(question)
        elif question.calculation is not None:
            value = settled(question.calculation.run(self.environment))
            self.environment.values[step.name] = value
            self.calculated[step.name] = recorded_value(value)
        return False

    def _preload(self, question: Question) -> None:
        if not question.is_personal:
            value = variable_value(self.state.variables.get(question.name))
            self.environment.values[question.name] = value

    def _ask(self, step: Step, question: Question) -> bool:
        name = step.name
        answer = self.state.answers.get(name)
        self.expected += 1
        if answer is not None and step.recheck and not self._still_fits(question, answer):
            answer = None
        if answer is None:
            if self.next is None:
                self.next = question
                self.path.append(name)
        else:
            self._take(step, question, answer)
        return question.end_with is not None

    def _take(self, step: Step, question: Question, answer: Answer) -> None:
        name = step.name
        self.path.append(name)
        self.answers[name] = answer
        self.environment.statuses[name] = answer.status
        if answer.status is Status.ANSWERED:
            recorded = answer.value
            seen = recorded if step.is_plain else value_of(question, recorded)
            self.environment.values[name] = seen  # type: ignore[assignment]
        elif answer.status is Status.ERASED:
            # What was asked because a text was given stays on the path when the text is gone.
            self.environment.values[name] = ERASED_TEXT
        if question.end_with is not None and self.next is None:
            self.ends_with = question.end_with

    def _still_fits(self, question: Question, answer: Answer) -> bool:
        """Tell whether an answer is still allowed by what was answered before it."""
        if answer.status is not Status.ANSWERED:
            return True
        codes = answer.value if isinstance(answer.value, list) else [str(answer.value)]
        environment = self.environment
        if question.choice_filter is not None and question.choice_list is not None:
            known = self.form.choice_lists[question.choice_list].by_code
            for code in codes:
                if code not in known or not passes(
                    question.choice_filter, known[code], environment
                ):
                    return False
        if question.constraint is None or not question.constraint.uses:
            return True
        environment.here = value_of(question, answer.value)
        fits = question.constraint.holds(environment)
        environment.here = EMPTY
        return fits

    def route(self, language: str) -> Route:
        """Return what the walk found."""
        state, path = self.state, tuple(self.path)
        moved = state.cursor if state.cursor in self.path else None
        current = self.form.by_name[moved] if moved else self.next
        aside = tuple(name for name in state.answers if name not in self.answers)
        return Route(
            path=path,
            answers=self.answers,
            aside=aside,
            next=self.next,
            current=current,
            ends_with=self.ends_with,
            calculated=self.calculated,
            position=path.index(current.name) + 1 if current else len(path),
            expected=self.expected,
            language=language,
            environment=self.environment,
        )


def passes(choice_filter: Compiled, choice: Choice, environment: Environment) -> bool:
    """Tell whether a choice passes a choice filter."""
    environment.columns = choice.columns
    return choice_filter.holds(environment)


def consequences(
    form: Form, state: State, question: str, answer: Answer, *, now: datetime
) -> tuple[str, ...]:
    """Return the answered questions that would no longer count if this answer were recorded.

    They are shown before the answer is recorded; they are kept aside, not lost.
    """
    before = route(form, state, now=now)
    changed = replace(state, answers={**state.answers, question: answer})
    after = route(form, changed, now=now)
    return tuple(name for name in before.path if name in before.answers and _is_lost(name, after))


def _is_lost(name: str, after: Route) -> bool:
    return name not in after.answers

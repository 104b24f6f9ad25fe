"""PURE. From what was typed to an answer that may be recorded.

AnswerRejected     the answer does not fit the question; shown to the interviewer, who asks again

To add a type of question, add a function to `_READERS`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from foundation.problems import Message, Place, ProblemsError, Translate, untranslated
from survey.interview import messages
from survey.interview.choices import offered
from survey.interview.fills import spoken
from survey.interview.plan import value_of
from survey.interview.routing import Route
from survey.interview.state import Answer, JsonValue, Status
from survey.language.environment import EMPTY
from survey.language.model import Compiled, Form, Question, QuestionKind, Texts

MAX_TEXT = 10_000
MAX_DIGITS = 15
"""As many digits as a double keeps, so that a decimal comes back as it was typed."""

_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


class AnswerRejected(ProblemsError):
    """The answer does not fit the question."""

    def __init__(self, message: Message, **values: object) -> None:
        super().__init__([message.at(Place(), **values)])

    def reason(self, translate: Translate = untranslated) -> str:
        """Return what to tell the interviewer, without the code."""
        return self.problems[0].text(translate).partition("] ")[2]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came from the interviewer's keyboard.

    text      what was typed: text, number, date, or codes with spaces between
    codes     the choices that were ticked
    status    DK or REF when that key was pressed; else ANSWERED
    """

    text: str = ""
    codes: tuple[str, ...] = ()
    status: Status = Status.ANSWERED


def read_answer(
    form: Form,
    route: Route,
    question: Question,
    raw: RawAnswer,
    *,
    contact: Mapping[str, str],
) -> Answer:
    """Return the answer to record; AnswerRejected when it does not fit the question.

    An answer left empty becomes BLANK unless it is required; a note becomes SEEN. The
    constraint is not applied to don't know, refused or an empty answer. `contact` fills the
    designer's message when it names personal variables.
    """
    if not question.is_asked:
        raise AnswerRejected(messages.NO_VALUE)
    if question.name not in route.path:
        raise AnswerRejected(messages.NOT_ON_PATH)
    if question.kind is QuestionKind.NOTE:
        return Answer(Status.SEEN)
    if raw.status in {Status.DK, Status.REF}:
        return _no_answer(question, raw.status)
    reading = _Reading(form, route, question, contact)
    value = reading.value(raw)
    if value is None:
        reading.may_be_blank()
        return Answer(Status.BLANK)
    reading.check(value)
    return Answer(Status.ANSWERED, value)


def _no_answer(question: Question, status: Status) -> Answer:
    if status is Status.DK and not question.dk:
        raise AnswerRejected(messages.NO_DK)
    if status is Status.REF and not question.ref:
        raise AnswerRejected(messages.NO_REF)
    return Answer(status)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The answer to one question being read."""

    form: Form
    route: Route
    question: Question
    contact: Mapping[str, str]

    def value(self, raw: RawAnswer) -> JsonValue:
        """Return the value that was typed; None when nothing was."""
        if self.question.choice_list is not None:
            return self._choice(raw.codes or tuple(re.split(r"[\s,，]+", raw.text.strip())))
        text = _INVISIBLE.sub("", raw.text).strip()
        return _READERS[self.question.kind](text) if text else None

    def _choice(self, codes: tuple[str, ...]) -> JsonValue:
        picked = dict.fromkeys(code for code in codes if code)
        choices = {choice.code: choice for choice in offered(self.form, self.route, self.question)}
        for code in picked:
            if code not in choices:
                raise AnswerRejected(messages.NO_CHOICE, code=code)
        if self.question.kind is QuestionKind.SELECT_ONE:
            if len(picked) > 1:
                raise AnswerRejected(messages.ONE_CHOICE)
            return next(iter(picked), None)
        for code in picked:
            if choices[code].exclusive and len(picked) > 1:
                label = choices[code].label.get(self.route.language, code)
                raise AnswerRejected(messages.EXCLUSIVE, label=label)
        return [code for code in choices if code in picked] or None

    def may_be_blank(self) -> None:
        """Refuse an empty answer where one is required."""
        required = self.question.required
        if isinstance(required, Compiled):
            required = required.holds(self.route.environment)
        if required:
            raise self._rejected(messages.REQUIRED, self.question.required_message)

    def check(self, value: JsonValue) -> None:
        """Refuse a value off the scale or against the constraint."""
        points = self.question.points
        if points is not None and isinstance(value, int | float):
            least, most = points
            if not least <= value <= most:
                raise AnswerRejected(messages.OFF_SCALE, number=value, least=least, most=most)
        if self.question.constraint is None:
            return
        environment = self.route.environment
        environment.here = value_of(self.question, value)
        fits = self.question.constraint.holds(environment)
        environment.here = EMPTY
        if not fits:
            raise self._rejected(messages.CONSTRAINT, self.question.constraint_message)

    def _rejected(self, message: Message, designed: Texts) -> AnswerRejected:
        """Return the refusal in the designer's words, where there are some."""
        said = spoken(designed, self.form, self.route, contact=self.contact)
        return AnswerRejected(messages.DESIGNED, text=said) if said else AnswerRejected(message)


def _plain_digits(text: str) -> str:
    """Return full-width digits and signs as the ordinary ones."""
    return unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()


def _read_text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise AnswerRejected(messages.TOO_LONG, limit=MAX_TEXT)
    return text


def _read_integer(text: str) -> int:
    digits = _plain_digits(text)
    if not _WHOLE.fullmatch(digits):
        raise AnswerRejected(messages.NOT_WHOLE, text=text[:40])
    return int(digits)


def _read_decimal(text: str) -> float:
    digits = _plain_digits(text)
    if not _NUMBER.fullmatch(digits) or sum(map(str.isdigit, digits)) > MAX_DIGITS:
        raise AnswerRejected(messages.NOT_NUMBER, text=text[:40])
    return float(digits)


def _read_date(text: str) -> str:
    found = _DAY.fullmatch(_plain_digits(text))
    try:
        year, month, day = map(int, found.groups() if found else ())
        return date(year, month, day).isoformat()
    except ValueError:
        raise AnswerRejected(messages.NOT_DATE, text=text[:40]) from None


_READERS: Mapping[QuestionKind, Callable[[str], JsonValue]] = {
    QuestionKind.TEXT: _read_text,
    QuestionKind.INTEGER: _read_integer,
    QuestionKind.DECIMAL: _read_decimal,
    QuestionKind.DATE: _read_date,
}

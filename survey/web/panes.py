"""What the interviewer sees of one question, and of the answers so far."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from flask_babel import gettext as _

from accounts.web.language import language_tag
from survey.interview.choices import offered
from survey.interview.fills import fill
from survey.interview.option_keys import keys_of
from survey.interview.routing import Route
from survey.interview.state import Answer, State, Status
from survey.language.model import Choice, Form, Group, Item, Question, QuestionKind, Texts
from survey.language.texts import parts_of

# A list this long stands in two columns, so that it needs no scrolling.
TALL = 8
# "1 - very poor", "1 很差": the number that a label begins with, and the words after it.
_NUMBERED = re.compile(r"(\d+)(?:[\s.:：、)–—-]+(.*))?", re.DOTALL)
INPUT_MODES = {
    QuestionKind.INTEGER: "numeric",
    QuestionKind.DECIMAL: "decimal",
    QuestionKind.DATE: "numeric",
}
SELECTS = (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE)


class Walked(Protocol):
    """A form as far as somebody has come in it: an interview or a trial."""

    @property
    def form(self) -> Form: ...  # noqa: D102 - said above
    @property
    def state(self) -> State: ...  # noqa: D102
    @property
    def route(self) -> Route: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose, with the digits that choose it."""

    code: str
    key: str
    label: str
    is_exclusive: bool
    is_chosen: bool

    @property
    def is_short(self) -> bool:
        """Tell a bare number of a scale, which needs no line of its own."""
        return self.label.isdecimal()

    @property
    def rest(self) -> str:
        """Return the label without the number, where the key beside it shows that already."""
        found = _NUMBERED.fullmatch(self.label)
        return found[2] or "" if found and found[1] == self.key else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One question on the screen. `can` names what the keys may do here."""

    name: str
    language: str
    group: str
    position: int
    expected: int
    label: str
    hint: str
    instruction: str
    probe: str
    read_list: bool
    options: tuple[Option, ...]
    is_many: bool
    is_long: bool
    is_date: bool
    input_mode: str
    text: str
    status: str
    dk: bool
    ref: bool
    alt: str
    can: tuple[str, ...]

    @property
    def is_tall(self) -> bool:
        """Tell a list with many lines of words."""
        return sum(not option.is_short for option in self.options) >= TALL


@dataclass(frozen=True, slots=True)
class _Words:
    """Fills the texts of one interview in its language, or in the interviewer's own.

    names_fills   show [name] in place of each fill: nobody has answered anything yet
    """

    at: Walked
    contact: Mapping[str, str]
    own_language: str
    names_fills: bool = False

    def read(self, texts: Texts) -> str:
        """Return a text to be read out."""
        return self._filled(texts, self.at.route.language)

    def told(self, texts: Texts) -> str:
        """Return a text for the interviewer, in the interviewer's language where there is one."""
        language = self.own_language if self.own_language in texts else self.at.route.language
        return self._filled(texts, language)

    def _filled(self, texts: Texts, language: str) -> str:
        text = texts.get(language, "")
        if self.names_fills:
            parts = parts_of(text)
            return "".join(f"[{part}]" if n % 2 else part for n, part in enumerate(parts))
        return fill(text, self.at.form, self.at.route, contact=self.contact)


def pane_of(at: Walked, contact: Mapping[str, str]) -> Pane | None:
    """Return the question to show now; None when the interview has none left.

    `contact` has the personal variables of the case, for the texts that name them.
    """
    question = at.route.current
    if question is None:
        return None
    words = _Words(at, contact, language_tag())
    return _pane(words, question, offered(at.form, at.route, question))


def preview_of(at: Walked, question: Question) -> Pane:
    """Return a question before anybody was asked: with all its choices, its fills by name."""
    words = _Words(at, {}, language_tag(), names_fills=True)
    asked = [each.name for each in at.form.questions if each.is_asked]
    pane = _pane(words, question, at.form.choices(question))
    return replace(pane, position=asked.index(question.name) + 1, expected=len(asked))


def _pane(words: _Words, question: Question, choices: tuple[Choice, ...]) -> Pane:
    at = words.at
    answer = at.route.answers.get(question.name)
    is_text = question.kind in (*INPUT_MODES, QuestionKind.TEXT)
    return Pane(
        name=question.name,
        language=at.route.language,
        group=_group(words, question),
        position=at.route.position,
        expected=max(at.route.expected, at.route.position),
        label=words.read(question.label),
        hint=words.read(question.hint),
        instruction=words.told(question.instruction),
        probe=words.read(question.probe),
        read_list=question.read_list,
        options=_options(words, question, choices, answer),
        is_many=question.kind is QuestionKind.SELECT_MULTIPLE,
        is_long=question.kind is QuestionKind.TEXT,
        is_date=question.kind is QuestionKind.DATE,
        input_mode=INPUT_MODES.get(question.kind, ""),
        text=_written(answer) if is_text else "",
        status=str(answer.status) if answer else "",
        dk=question.dk,
        ref=question.ref,
        alt="Alt+" if question.kind is QuestionKind.TEXT else "",
        can=tuple(_can(at, question, answer)),
    )


def _options(
    words: _Words, question: Question, choices: tuple[Choice, ...], answer: Answer | None
) -> tuple[Option, ...]:
    if question.kind not in SELECTS:
        return ()
    value = answer.value if answer else None
    chosen = value if isinstance(value, list) else [value]
    keys = keys_of(words.at.form, question)
    return tuple(
        Option(
            choice.code,
            keys[choice.code],
            words.read(choice.label),
            choice.exclusive,
            choice.code in chosen,
        )
        for choice in choices
    )


def _can(at: Walked, question: Question, answer: Answer | None) -> list[str]:
    upcoming = at.route.next
    known = {
        "options": question.kind in SELECTS,
        "many": question.kind is QuestionKind.SELECT_MULTIPLE,
        "long": question.kind is QuestionKind.TEXT,
        "dk": question.dk,
        "ref": question.ref,
        "probe": bool(question.probe),
        "back": at.route.position > 1,
        "furthest": upcoming is not None and upcoming is not question,
        "answered": answer is not None,
        "languages": len(at.form.languages) > 1,
    }
    return [name for name, is_so in known.items() if is_so]


def _written(answer: Answer | None) -> str:
    return "" if answer is None or answer.value is None else str(answer.value)


def _group(words: _Words, question: Question) -> str:
    if not question.groups:
        return ""
    return words.told(_group_labels(words.at.form).get(question.groups[-1], {}))


@lru_cache(maxsize=256)
def _group_labels(form: Form) -> dict[str, Texts]:
    labels: dict[str, Texts] = {}

    def walk(items: tuple[Item, ...]) -> None:
        for item in items:
            if isinstance(item, Group):
                labels[item.name] = item.label
                walk(item.items)

    walk(form.items)
    return labels


def answers_so_far(at: Walked, contact: Mapping[str, str]) -> list[dict[str, str]]:
    """Return name, text and answer of every question answered on the path, in order."""
    words = _Words(at, contact, language_tag())
    return [_said(words, name) for name in at.route.path if _is_answer(at, name)]


def answer_so_far(at: Walked, name: str, contact: Mapping[str, str]) -> dict[str, str] | None:
    """Return one line of the answers so far; None when the question has none on the path."""
    return _said(_Words(at, contact, language_tag()), name) if _is_answer(at, name) else None


def _is_answer(at: Walked, name: str) -> bool:
    return name in at.route.answers and at.form.question(name).kind is not QuestionKind.NOTE


def notes_so_far(at: Walked) -> list[str]:
    """Return the remarks made in this interview, each with the question it is about."""
    return [f"{n.question}: {n.text}" if n.question else n.text for n in at.state.notes]


def _said(words: _Words, name: str) -> dict[str, str]:
    question = words.at.form.question(name)
    return {
        "name": name,
        "text": words.read(question.label),
        "answer": _in_words(words, question, words.at.route.answers[name]),
    }


def _in_words(words: _Words, question: Question, answer: Answer) -> str:
    if answer.status is not Status.ANSWERED:
        return status_text(answer.status)
    if question.choice_list is None:
        return str(answer.value)
    by_code = words.at.form.choice_lists[question.choice_list].by_code
    codes = answer.value if isinstance(answer.value, list) else [str(answer.value)]
    return "; ".join(words.read(by_code[code].label) for code in codes)


def status_text(status: Status) -> str:
    """Return what became of a question without an answer, in words."""
    words = {
        Status.DK: _("don't know"),
        Status.REF: _("refused"),
        Status.BLANK: _("left empty"),
        Status.ERASED: _("answered, text erased"),
    }
    return str(words.get(status, ""))

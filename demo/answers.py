"""PURE. What one simulated customer says to a question that is put to them.

A respondent sees what is asked and which answers are offered, and nothing of the routing. The
same customer gives the same answer to the same question whenever it is asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from demo.respondents import Respondent, Screening
from demo.truth import HIGHEST, ITEMS
from demo.words import COMPLAINTS, NEUTRAL, OTHER_WISHES, PRAISE
from survey.interview.state import Status
from survey.language.model import Choice, Question, QuestionKind

Said = str | tuple[str, ...] | Status
"""What is entered: a text or code, several codes, or don't know and refused."""

YES, NO = "1", "2"
REFUSED_ITEM = 0.004
DRIVERS = ("staff", "waiting", "branches", "remote", "fees")


def reply(person: Respondent, question: Question, offered: Sequence[Choice]) -> Said:
    """Return what the respondent answers; Status.SEEN to a note.

    `offered` holds the choices that the interviewer may enter. A question that the demo does
    not know is answered by chance among them.
    """
    if question.kind is QuestionKind.NOTE:
        return Status.SEEN
    rng = person.chance(question.name)
    if question.name in person.scores:
        return _item(person, question, rng)
    known = ANSWERS.get(question.name)
    if known is not None:
        return known(person, rng, tuple(choice.code for choice in offered))
    if not offered:
        return Status.DK if question.dk else "1"
    return str(rng.choice([choice.code for choice in offered]))


def _item(person: Respondent, question: Question, rng: np.random.Generator) -> Said:
    unknown = UNKNOWN[question.name]
    draw = rng.random()
    if draw < unknown:
        return Status.DK
    if draw < unknown + REFUSED_ITEM:
        return Status.REF
    return str(person.scores[question.name])


UNKNOWN = {item.name: item.unknown for item in ITEMS}

Codes = tuple[str, ...]
Answer = Callable[[Respondent, np.random.Generator, Codes], Said]


def _yes_when(unless: Screening) -> Answer:
    """Answer yes, unless the person is of this kind."""
    return lambda person, _rng, _codes: NO if person.screening is unless else YES


def _right_person(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    if person.screening is Screening.STRANGER:
        return "3"
    return "1" if _happens(rng, 0.8) else "2"


def _in_trade(person: Respondent, _rng: np.random.Generator, _codes: Codes) -> Said:
    return YES if person.screening is Screening.IN_TRADE else NO


def _recording(_person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    return YES if _happens(rng, 0.92) else NO


def _main_bank(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    return YES if _happens(rng, _logistic(0.4 + 0.5 * person.attitudes["loyalty"])) else NO


def _channels(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    age = (1981 - person.birth_year) / 14
    chances = (0.1 + 0.4 * age, 0.2, 1.3 - 0.9 * age, -1.1, -1.3)
    used = [str(at) for at, log_odds in enumerate(chances, 1) if _happens(rng, _logistic(log_odds))]
    return tuple(used) or ("6",)


def _among(*shares: float) -> Answer:
    """Answer one of the offered choices, with these chances."""

    def answer(_person: Respondent, rng: np.random.Generator, codes: Codes) -> Said:
        return codes[rng.choice(len(codes), p=shares)]

    return answer


def _settled(attitude: str, level: float) -> Answer:
    """Answer whether something was settled: 1 completely, 2 in part, 3 no."""

    def answer(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
        reached = level + person.attitudes[attitude] + rng.normal()
        return "1" if reached > 0 else "2" if reached > -1 else "3"

    return answer


def _complained(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    return YES if _happens(rng, _logistic(-2.2 - 0.8 * person.attitudes["satisfaction"])) else NO


def _number(attitude: str, *, mean: float, slope: float, least: int, unknown: float) -> Answer:
    """Answer with a number up to 10 that grows with an attitude."""

    def answer(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
        if rng.random() < unknown:
            return Status.DK
        drawn = rng.normal(mean + slope * person.attitudes[attitude], 1.3)
        return str(min(max(round(drawn), least), HIGHEST))

    return answer


def _reason(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    draw, content = rng.random(), person.attitudes["loyalty"]
    if draw < 0.12:  # noqa: PLR2004
        return Status.DK
    if draw < 0.3:  # noqa: PLR2004
        return _one_of(NEUTRAL[person.language], rng)
    choose, sayings = (max, PRAISE) if content > 0.6 else (min, COMPLAINTS)  # noqa: PLR2004
    return _one_of(sayings[person.language][choose(DRIVERS, key=person.view)], rng)


# What each choice of the list of improvements is about.
IMPROVEMENTS = {
    "1": "waiting",
    "2": "staff",
    "3": "branches",
    "4": "branches",
    "5": "remote",
    "6": "remote",
    "7": "fees",
    "8": "value",
}
OTHER, NOTHING = "9", "10"


def _improve(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    named = [
        code
        for code, attitude in IMPROVEMENTS.items()
        if _happens(rng, _logistic(2.6 - 0.6 * person.view(attitude)))
    ]
    if _happens(rng, 0.03):
        named.append(OTHER)
    return tuple(named) or (NOTHING,)


def _most_urgent(person: Respondent, _rng: np.random.Generator, codes: Codes) -> Said:
    return min(codes, key=lambda code: person.view(IMPROVEMENTS.get(code, "image")))


def _other_wish(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    return _one_of(OTHER_WISHES[person.language], rng)


def _birth_year(person: Respondent, rng: np.random.Generator, _codes: Codes) -> Said:
    return Status.REF if _happens(rng, 0.03) else str(person.birth_year)


def _sex(person: Respondent, _rng: np.random.Generator, _codes: Codes) -> Said:
    return "2" if person.female else "1"


EDUCATION = (0.03, 0.11, 0.24, 0.24, 0.31, 0.07)
INCOME = {
    "mass": (0.12, 0.26, 0.31, 0.19, 0.09, 0.03),
    "affluent": (0.02, 0.06, 0.18, 0.30, 0.28, 0.16),
    "private": (0.01, 0.01, 0.03, 0.10, 0.25, 0.60),
}


def _income(person: Respondent, rng: np.random.Generator, codes: Codes) -> Said:
    if _happens(rng, 0.16):
        return Status.REF
    return codes[rng.choice(len(codes), p=INCOME[person.segment])]


def _one_of(sayings: tuple[str, ...], rng: np.random.Generator) -> str:
    return sayings[rng.integers(len(sayings))]


def _happens(rng: np.random.Generator, chance: float) -> bool:
    return bool(rng.random() < chance)


def _logistic(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


ANSWERS: Mapping[str, Answer] = {
    "right_person": _right_person,
    "consent": _yes_when(unless=Screening.UNWILLING),
    "recording": _recording,
    "still_customer": _yes_when(unless=Screening.FORMER),
    "works_in_trade": _in_trade,
    "main_bank": _main_bank,
    "channels": _channels,
    "branch_visits": _among(0.36, 0.41, 0.18, 0.05),
    "app_use": _among(0.38, 0.36, 0.17, 0.09),
    "call_settled": _settled("remote", 0.4),
    "complained": _complained,
    "complaint_handled": _number("satisfaction", mean=5.2, slope=1.5, least=1, unknown=0.02),
    "complaint_settled": _settled("satisfaction", 0.7),
    "complaint_would": _number("satisfaction", mean=6.4, slope=1.2, least=1, unknown=0.12),
    "recommend": _number("loyalty", mean=7.3, slope=1.7, least=0, unknown=0.02),
    "recommend_reason": _reason,
    "improve_all": _improve,
    "improve_other": _other_wish,
    "improve_urgent": _most_urgent,
    "birth_year": _birth_year,
    "sex": _sex,
    "education": _among(*EDUCATION),
    "income": _income,
}

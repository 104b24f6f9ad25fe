"""PURE. For each question a few values that stand for all: what the conditions can tell apart.

A choice question is represented by all its codes, a number by the constants it is compared with
and the values between them, a text by those constants and one text that is none of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, combinations, pairwise
from typing import NamedTuple

from survey.language.draft import Draft
from survey.language.environment import EMPTY, Value, ValueKind
from survey.language.model import Question, QuestionKind
from survey.language.tree import Binary, Call, Here, Literal, Node, Reference, walk
from survey.language.types import TYPES
from survey.language.values import to_number

MAX_EXACT = 40
MAX_CODES = 5
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
SOME_TEXT = "\N{WHITE SMILING FACE}"


class Representative(NamedTuple):
    """One value with the status it comes with; empty without a status is not asked."""

    value: Value
    status: str = ""


NOT_ASKED = Representative(EMPTY)


class Representatives:
    """The representatives of every question of a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.constants: dict[str, set[str | float]] = {}
        for expression in draft.expressions():
            for name, constant in _compared(expression.compiled.tree, expression.owner.name):
                self.constants.setdefault(name, set()).add(constant)
        self._domains: dict[str, tuple[Representative, ...]] = {}

    def of(self, name: str) -> tuple[Representative, ...]:
        """Return the representatives of a question, the one for "not asked" first."""
        if name not in self._domains:
            self._domains[name] = self._domain(name)
        return self._domains[name]

    def answers(self, name: str) -> tuple[Representative, ...]:
        """Return the representatives that are real answers."""
        return tuple(one for one in self.of(name) if one.value not in (EMPTY, ()))

    def covers(self, name: str) -> bool:
        """Tell whether comparisons of the question with constants can be decided."""
        question = self.draft.by_name.get(name)
        if question is None:
            return False
        match TYPES[question.kind].value:
            case ValueKind.CODE:
                return bool(self._codes(question))
            case ValueKind.CODES:
                return 0 < len(self._codes(question)) <= MAX_CODES
            case _:
                return True

    def is_exact(self, name: str) -> bool:
        """Tell whether the representatives are all the answers there can be."""
        question = self.draft.by_name.get(name)
        if question is None:
            return False
        kind = TYPES[question.kind].value
        return (kind is ValueKind.CODE and 0 < len(self._codes(question)) <= MAX_EXACT) or (
            kind is ValueKind.NUMBER and bool(_scale(question))
        )

    def _codes(self, question: Question) -> list[str]:
        """Return the codes of a question; of several answers only those that matter."""
        found = self.draft.choice_lists.get(question.choice_list or "")
        codes = [choice.code for choice in found.choices] if found else []
        if TYPES[question.kind].value is not ValueKind.CODES:
            return codes
        mentioned = {str(constant) for constant in self.constants.get(question.name, ())}
        matter = [code for code in codes if code in mentioned]
        return matter + [code for code in codes if code not in mentioned][:1]

    def _domain(self, name: str) -> tuple[Representative, ...]:
        question = self.draft.by_name[name]
        kept = [NOT_ASKED]
        kept += [Representative(EMPTY, "dk")] if question.dk else []
        kept += [Representative(EMPTY, "ref")] if question.ref else []
        values = dict.fromkeys((type(value), value) for value in self._values(question))
        return (*kept, *(Representative(value, "answered") for _, value in values))

    def _values(self, question: Question) -> Iterable[Value]:
        constants = self.constants.get(question.name, set())
        match TYPES[question.kind].value:
            case ValueKind.CODE:
                return self._codes(question)
            case ValueKind.CODES:
                return _subsets(self._codes(question))
            case ValueKind.NUMBER:
                numbers = _scale(question) or _numbers(constants, question.points)
                is_whole = question.kind is QuestionKind.INTEGER
                return [n for n in numbers if not is_whole or n == math.floor(to_number(n))]
            case ValueKind.DATE:
                return (date(2000, 1, 1), *_numbers(constants, None))
            case _:
                texts = [str(constant) for constant in constants if constant != EMPTY]
                truths = () if question.is_asked else (True, False)
                return (SOME_TEXT, *truths, *texts, *_numbers(constants, None))


def _scale(question: Question) -> list[Value]:
    """Return every point of a whole-number scale."""
    if question.points is None or question.kind is not QuestionKind.INTEGER:
        return []
    least, most = question.points
    return list(range(least, most + 1)) if most - least < MAX_EXACT else []


def _subsets(codes: list[str]) -> Iterator[tuple[str, ...]]:
    few = codes[: MAX_CODES + 1]
    return chain.from_iterable(combinations(few, size) for size in range(1, len(few) + 1))


def _numbers(constants: Iterable[str | float], points: tuple[int, int] | None) -> list[Value]:
    """Return the constants, the ends of the scale, values between any two and beyond."""
    least, most = points or (-math.inf, math.inf)
    finite = (n for n in map(to_number, (*constants, least, most)) if math.isfinite(n))
    known = sorted({0, *finite})
    found: set[float] = {math.floor(known[0]) - 1, math.floor(known[-1]) + 1, known[-1]}
    for low, high in pairwise(known):
        found |= {low, math.floor(low) + 1, (low + high) / 2}
    return [n for n in sorted(found) if least <= n <= most]


def _compared(tree: Node, owner: str) -> Iterator[tuple[str, str | float]]:
    """Yield each question with each constant it is compared with."""
    for node in walk(tree):
        match node:
            case Binary() if node.operator in COMPARISONS:
                yield from _pair(node.left, node.right, owner)
                yield from _pair(node.right, node.left, owner)
            case Call(function="selected", arguments=(question, code)):
                yield from _pair(question, code, owner)
            case _:
                pass


def _pair(side: Node, other: Node, owner: str) -> Iterator[tuple[str, str | float]]:
    if isinstance(other, Literal) and isinstance(side, Reference | Here):
        yield side.name if isinstance(side, Reference) else owner, other.value

"""PURE. Calls, dots and bare words: what they name must exist and stand where it may."""

from __future__ import annotations

from datetime import date

from foundation.problems import Message
from survey.language import expression_messages as messages
from survey.language.draft import Draft, Expression
from survey.language.findings import Findings, near
from survey.language.functions import FUNCTIONS, LATER, Function, quoted_question
from survey.language.model import Question
from survey.language.patterns import PatternRefused, read_pattern
from survey.language.tree import Call, Column, Here, Literal, Node, Reference, walk

SHEET = "survey"


def check_calls(draft: Draft, findings: Findings) -> None:
    """Note unknown functions, wrong arguments, bare words and dots out of place."""
    for expression in draft.expressions():
        reader = _Reader(draft, expression, findings)
        for node in walk(expression.compiled.tree):
            reader.check(node)


class _Reader:
    """Checks the nodes of one expression."""

    def __init__(self, draft: Draft, expression: Expression, findings: Findings) -> None:
        self.draft = draft
        self.owner, self.column, _ = expression
        self.findings = findings

    def add(self, message: Message, /, **values: object) -> None:
        self.findings.add(message, SHEET, self.owner.row, self.column, **values)

    def check(self, node: Node) -> None:
        match node:
            case Call():
                self._call(node)
            case Column():
                self._word(node.name)
            case Here() if self.column != "constraint":
                self.add(messages.HERE_OUTSIDE)
            case _:
                pass

    def _word(self, name: str) -> None:
        """Check a bare word: a column of the choices, in a choice filter only."""
        if self.column != "choice_filter" or not isinstance(self.owner, Question):
            self.add(messages.BARE_WORD, name=name)
            return
        found = self.draft.choice_lists.get(self.owner.choice_list or "")
        known = {c for choice in found.choices for c in choice.columns} if found else {name}
        if name not in known:
            listed = self.owner.choice_list
            self.add(messages.COLUMN_OF_CHOICES, name=name, list=listed, near=near(name, known))

    def _call(self, call: Call) -> None:
        function = FUNCTIONS.get(call.function)
        if function is not None:
            self._arguments(function, call)
        elif call.function in LATER:
            self.add(messages.FUNCTION_LATER, name=call.function)
        else:
            meant = near(call.function, (*FUNCTIONS, *LATER))
            self.add(messages.FUNCTION_UNKNOWN, name=call.function, near=meant)

    def _arguments(self, function: Function, call: Call) -> None:
        given, least, most = len(call.arguments), function.least, function.most
        if given < least or (most is not None and given > most):
            wanted = str(least) if least == most else f"{least}-{'' if most is None else most}"
            self.add(
                messages.ARGUMENTS,
                name=function.name,
                wanted=wanted,
                given=given,
                usage=function.usage,
            )
            return
        if function.needs_question:
            for argument in call.arguments:
                if not isinstance(argument, Reference):
                    self._needs_question(function, argument)
        special = _SPECIAL.get(function.name)
        if special is not None:
            special(self, function, call.arguments)

    def _needs_question(self, function: Function, found: Node) -> None:
        usage = function.usage
        self.add(messages.ARGUMENT_QUESTION, name=function.name, found=str(found), usage=usage)

    def choice_name(self, function: Function, arguments: tuple[Node, ...]) -> None:
        question = self.draft.by_name.get(quoted_question(arguments[1]))
        is_later_noted = quoted_question(arguments[1]) and question is None
        if not is_later_noted and (question is None or question.choice_list is None):
            self._needs_question(function, arguments[1])

    def pattern(self, function: Function, arguments: tuple[Node, ...]) -> None:
        pattern = arguments[1]
        if not isinstance(pattern, Literal):
            self.add(messages.PATTERN_FIXED, usage=function.usage)
            return
        try:
            read_pattern(str(pattern.value))
        except PatternRefused as refused:
            self.add(refused.message, **refused.values)

    def date(self, _function: Function, arguments: tuple[Node, ...]) -> None:
        written = arguments[0]
        if isinstance(written, Literal) and isinstance(written.value, str):
            try:
                date.fromisoformat(written.value)
            except ValueError:
                self.add(messages.DATE_BAD, text=written.value)


_SPECIAL = {
    "jr:choice-name": _Reader.choice_name,
    "regex": _Reader.pattern,
    "date": _Reader.date,
}

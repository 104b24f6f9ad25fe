"""PURE. Kinds: a number is compared with a number, a choice with a code of its list.

XPath converts silently where kinds differ, which turns a slip into a wrong route. Here each
comparison, calculation and argument is checked against what its parts can be.
"""

from __future__ import annotations

from collections.abc import Iterator

from foundation.problems import Message
from survey.language import expression_messages as messages
from survey.language.checks.inference import Inference
from survey.language.draft import Draft, Expression
from survey.language.environment import EMPTY, ValueKind
from survey.language.findings import Findings, near
from survey.language.functions import FUNCTIONS
from survey.language.model import Choice, Question
from survey.language.tree import Binary, Call, Column, Here, Literal, Node, Reference, Unary, walk
from survey.language.values import equal, to_number

SHEET = "survey"
TRUTH = ValueKind.TRUTH
ORDER = frozenset({"<", "<=", ">", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "div", "mod"})


def check_kinds(draft: Draft, findings: Findings) -> None:
    """Note parts of expressions that can never fit each other."""
    inference = Inference(draft)
    for expression in draft.expressions():
        reader = _Reader(draft, expression, inference, findings)
        for node in walk(expression.compiled.tree):
            reader.check(node)


class _Reader:
    """Checks the nodes of one expression."""

    def __init__(
        self, draft: Draft, expression: Expression, inference: Inference, findings: Findings
    ) -> None:
        self.draft = draft
        self.owner, self.column, _ = expression
        self.inference = inference
        self.findings = findings

    def add(self, message: Message, /, **values: object) -> None:
        self.findings.add(message, SHEET, self.owner.row, self.column, **values)

    def check(self, node: Node) -> None:
        match node:
            case Binary(operator="=" | "!="):
                self._comparison(node)
            case Binary() if node.operator in ORDER:
                self._order(node)
            case Binary() if node.operator in ARITHMETIC:
                self._need_number(node.left, node.operator)
                self._need_number(node.right, node.operator)
            case Unary():
                self._need_number(node.operand, node.operator)
            case Call():
                self._call(node)
            case _:
                pass

    def _kind(self, node: Node) -> ValueKind:
        return self.inference.kind(node, self.owner)

    def _comparison(self, node: Binary) -> None:
        for side, other in ((node.left, node.right), (node.right, node.left)):
            self._truth_against(side, other)
            if isinstance(other, Literal) and other.value != EMPTY:
                self._against_constant(side, other, node.operator)

    def _truth_against(self, side: Node, other: Node) -> None:
        if self._kind(side) is TRUTH and self._kind(other) not in {TRUTH, ValueKind.ANY}:
            self.add(messages.TRUTH_AND_OTHER, part=str(side))

    def _against_constant(self, side: Node, constant: Literal, operator: str) -> None:
        question = self._question(side)
        match self._kind(side):
            case ValueKind.CODE:
                self._need_code(question, constant)
            case ValueKind.CODES:
                self._need_code(question, constant)
                name = question.name if question else str(side)
                code = constant.value
                self.add(messages.SEVERAL_CODES, name=name, operator=operator, code=code)
            case ValueKind.NUMBER if isinstance(constant.value, str):
                if not _is_number(constant.value):
                    self.add(messages.NUMBER_AND_TEXT, text=constant.value)
            case ValueKind.DATE if isinstance(constant.value, str):
                self.add(messages.DATE_AND_TEXT, text=constant.value)
            case _:
                if isinstance(side, Column):
                    self._need_column_value(side, constant)

    def _question(self, node: Node) -> Question | None:
        """Return the question whose answer a node is, if it is one."""
        if isinstance(node, Here):
            return self.owner if isinstance(self.owner, Question) else None
        return self.draft.by_name.get(node.name) if isinstance(node, Reference) else None

    def _choices(self, question: Question | None) -> tuple[Choice, ...]:
        found = self.draft.choice_lists.get((question and question.choice_list) or "")
        return found.choices if found else ()

    def _need_code(self, question: Question | None, constant: Literal) -> None:
        choices = self._choices(question)
        if question is None or not choices:
            return
        if not any(equal(choice.code, constant.value) for choice in choices):
            code = str(constant.value)
            self.add(
                messages.CODE_UNKNOWN,
                code=code,
                name=question.name,
                list=question.choice_list,
                near=near(code, [choice.code for choice in choices]),
            )

    def _need_column_value(self, column: Column, constant: Literal) -> None:
        """Note a column of the choices compared with a value that it never holds."""
        question = self.owner if isinstance(self.owner, Question) else None
        held = [choice.columns.get(column.name, EMPTY) for choice in self._choices(question)]
        if held and any(held) and not any(equal(value, constant.value) for value in held):
            value = str(constant.value)
            self.add(
                messages.COLUMN_VALUE,
                value=value,
                name=column.name,
                list=question.choice_list if question else "",
                near=near(value, filter(None, held)),
            )

    def _order(self, node: Binary) -> None:
        kinds = {self._kind(node.left), self._kind(node.right)}
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if self._kind(side) is TRUTH:
                self.add(messages.TRUTH_AND_OTHER, part=str(side))
            elif ValueKind.DATE in kinds and isinstance(side, Literal):
                if isinstance(side.value, str) and self._kind(other) is ValueKind.DATE:
                    self.add(messages.DATE_AND_TEXT, text=side.value)
            else:
                self._need_number(side, node.operator)

    def _need_number(self, node: Node, operator: str) -> None:
        if not self._can_be_number(node):
            self.add(messages.NOT_A_NUMBER, part=str(node), operator=operator)

    def _can_be_number(self, node: Node) -> bool:
        if isinstance(node, Literal):
            return _is_number(node.value)
        kind = self._kind(node)
        if kind is ValueKind.CODE:
            return all(_is_number(choice.code) for choice in self._choices(self._question(node)))
        return kind not in {ValueKind.TEXT, ValueKind.CODES}

    def _call(self, call: Call) -> None:
        function = FUNCTIONS.get(call.function)
        if function is None:
            return
        for position, argument in enumerate(call.arguments):
            takes = function.takes_at(position)
            if takes is ValueKind.NUMBER:
                self._need_number(argument, function.name)
            elif takes is ValueKind.CODES:
                self._need_choice(argument, function.name)
        if function.name == "selected" and len(call.arguments) == len(function.takes):
            for constant in _constants(call.arguments[1]):
                self._need_code(self._question(call.arguments[0]), constant)

    def _need_choice(self, node: Node, function: str) -> None:
        if self._kind(node) in {ValueKind.NUMBER, ValueKind.DATE, TRUTH}:
            self.add(messages.SELECTED_OF, name=str(node), function=function)
        question = self._question(node)
        if question is not None and self._kind(node) is ValueKind.TEXT:
            self.add(messages.SELECTED_OF, name=question.name, function=function)


def _constants(node: Node) -> Iterator[Literal]:
    if isinstance(node, Literal):
        yield node


def _is_number(value: object) -> bool:
    number = to_number(value) if isinstance(value, str | int | float) else float("nan")
    return number == number  # noqa: PLR0124 - only not-a-number differs from itself

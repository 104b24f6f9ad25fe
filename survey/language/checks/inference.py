"""PURE. What kind of value a part of an expression has, as far as the form alone can tell."""

from __future__ import annotations

from survey.language.compiler import gives_truth
from survey.language.draft import Draft
from survey.language.environment import ValueKind
from survey.language.functions import FUNCTIONS
from survey.language.model import Group, Question
from survey.language.tree import Binary, Call, Here, Literal, Node, Reference, Unary
from survey.language.types import TYPES

ANY = ValueKind.ANY


class Inference:
    """Kinds of nodes, and of calculated rows, which are worked out from the top down."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._calculated: dict[str, ValueKind] = {}
        for question in draft.questions:
            if question.calculation is not None:
                kind = self.kind(question.calculation.tree, question)
                self._calculated[question.name] = kind

    def kind(self, node: Node, owner: Question | Group) -> ValueKind:
        """Return the kind of a node in an expression of `owner`."""
        match node:
            case Literal():
                return ValueKind.TEXT if isinstance(node.value, str) else ValueKind.NUMBER
            case Reference():
                return self._of_name(node.name)
            case Here():
                return TYPES[owner.kind].value if isinstance(owner, Question) else ANY
            case Binary() | Unary():
                return ValueKind.TRUTH if gives_truth(node) else ValueKind.NUMBER
            case Call():
                return self._of_call(node, owner)
            case _:
                return ANY

    def _of_name(self, name: str) -> ValueKind:
        question = self.draft.by_name.get(name)
        if question is None:
            return ANY
        if question.calculation is not None:
            return self._calculated.get(name, ANY)
        return TYPES[question.kind].value

    def _of_call(self, call: Call, owner: Question | Group) -> ValueKind:
        function = FUNCTIONS.get(call.function)
        if function is None:
            return ANY
        branches = {"if": call.arguments[1:], "coalesce": call.arguments}.get(function.name)
        if not branches:
            return function.gives
        kinds = {self.kind(branch, owner) for branch in branches if not _is_empty(branch)}
        return kinds.pop() if len(kinds) == 1 else ANY


def _is_empty(node: Node) -> bool:
    return isinstance(node, Literal) and node.value == ""

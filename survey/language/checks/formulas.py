"""PURE. Conditions as formulas: and, or, not over atoms that can be decided in a world.

A world gives each question one of its representatives. An atom that looks at a question in a way
its representatives do not cover (arithmetic, today(), string-length(...)) is opaque: it may be
true or false freely, but the same text is the same atom. So a formula that holds in no world
holds for no respondent; the other direction is not claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from survey.language.checks.representatives import COMPARISONS, Representatives
from survey.language.compiler import chain_of, compile_expression
from survey.language.environment import EMPTY, Environment
from survey.language.tree import Binary, Call, Column, Here, Literal, Node, Reference, walk

HERE = "."
OPAQUE = "?"
LOOKS = frozenset({"answered", "is-dk", "is-ref", "boolean"})
UNSTEADY = frozenset({"today", "now", "jr:choice-name"})

Holds = Callable[[Environment], bool]
Part = tuple[frozenset[str], Holds]


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A condition that can be decided in a world.

    variables    names of questions, "." for the answer being checked, "?..." for opaque atoms
    holds        decides it, once the environment holds the world
    row          where the condition stands
    """

    variables: frozenset[str]
    holds: Holds
    row: int

    def negated(self) -> Formula:
        """Return the formula that holds where this one does not."""
        return Formula(self.variables, lambda env: not self.holds(env), self.row)


def unknown(row: int) -> Formula:
    """Return the formula of a condition that could not be read: it may hold or not."""
    atom = f"{OPAQUE}row {row}"
    return Formula(frozenset({atom}), lambda env: bool(env.values.get(atom, EMPTY)), row)


class FormulaMaker:
    """Makes formulas of conditions; `owner` is the question that the dot stands for."""

    def __init__(self, representatives: Representatives, owner: str = EMPTY) -> None:
        self.representatives = representatives
        self.owner = owner

    def conjuncts(self, node: Node, row: int) -> list[Formula]:
        """Return the formulas that must all hold for a condition to hold."""
        return [Formula(*self._part(part), row) for part in chain_of(node, "and")]

    def whole(self, node: Node, row: int) -> Formula:
        """Return a condition as one formula."""
        return Formula(*self._part(node), row)

    def _part(self, node: Node) -> Part:
        if isinstance(node, Binary) and node.operator in {"and", "or"}:
            return _joined(node.operator, self._part(node.left), self._part(node.right))
        if isinstance(node, Call) and node.function == "not" and len(node.arguments) == 1:
            variables, holds = self._part(node.arguments[0])
            return variables, lambda env: not holds(env)
        if self._is_covered(node):
            return frozenset(_names(node)), compile_expression(EMPTY, node).holds
        whose = self.owner if HERE in _names(node) else EMPTY
        atom = f"{OPAQUE}{whose}:{node}"
        return frozenset({atom}), lambda env: bool(env.values.get(atom, EMPTY))

    def _is_covered(self, node: Node) -> bool:
        """Tell whether the representatives decide this atom."""
        known = self.representatives
        names = [self.owner if name == HERE else name for name in _names(node)]
        if any(_is_unsteady(part) for part in walk(node)):
            return False
        if all(map(known.is_exact, names)):
            return True
        return _is_simple(node) and all(map(known.covers, names))


def _joined(operator: str, left: Part, right: Part) -> Part:
    (names, first), (others, second) = left, right
    if operator == "and":
        return names | others, lambda env: first(env) and second(env)
    return names | others, lambda env: first(env) or second(env)


def _names(node: Node) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, Reference):
            yield part.name
        elif isinstance(part, Here):
            yield HERE


def _is_unsteady(node: Node) -> bool:
    """Tell what depends on more than answers: the clock, the language, the choice offered."""
    return isinstance(node, Column) or (isinstance(node, Call) and node.function in UNSTEADY)


def _is_simple(node: Node) -> bool:
    """Tell whether an atom looks at one question only, and only against a constant."""
    match node:
        case Reference() | Here() | Literal():
            return True
        case Binary() if node.operator in COMPARISONS:
            return _faces_constant(node.left, node.right)
        case Call(function="selected", arguments=(question, code)):
            return _faces_constant(question, code)
        case Call(arguments=(question,)) if node.function in LOOKS:
            return isinstance(question, Reference | Here)
        case _:
            return False


def _faces_constant(left: Node, right: Node) -> bool:
    sides = (left, right)
    return any(isinstance(side, Literal) for side in sides) and all(
        isinstance(side, Literal | Reference | Here) for side in sides
    )

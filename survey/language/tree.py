"""PURE. The typed tree of an expression. Every node knows where in the text it stands.

`str(node)` prints the canonical, fully bracketed form, which is what the tests compare.

Node
├── Literal      'yes', 18
├── Reference    ${name}
├── Here         .        the answer being checked (constraint only)
├── Column       region   a column of the choices sheet (choice_filter only)
├── Unary        -x
├── Binary       x + y, x = y, x and y ...
└── Call         if(x, y, z)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """First and last+1 character of a piece of an expression, counted from 1."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: a text, an integer or a decimal number."""

    value: str | int | float
    span: Span

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True, slots=True)
class Reference:
    """The answer of a question, or the value of a calculate or hidden variable."""

    name: str
    span: Span

    def __str__(self) -> str:
        return f"${{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Here:
    """The answer that is being checked, written as a dot."""

    span: Span

    def __str__(self) -> str:
        return "."


@dataclass(frozen=True, slots=True)
class Column:
    """The value of a column of the choices sheet for the choice being offered."""

    name: str
    span: Span

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign before an operand; the only one is minus."""

    operator: str
    operand: Node
    span: Span

    def __str__(self) -> str:
        return f"({self.operator}{self.operand})"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and the operator between them."""

    operator: str
    left: Node
    right: Node
    span: Span

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


@dataclass(frozen=True, slots=True)
class Call:
    """A function by name with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    span: Span

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


Node = Literal | Reference | Here | Column | Unary | Binary | Call


def children(node: Node) -> tuple[Node, ...]:
    """Return the operands or arguments of a node, from left to right."""
    match node:
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Call():
            return node.arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it, from left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def references(node: Node) -> tuple[str, ...]:
    """Return the names of the questions that a tree mentions, each once, in order."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Reference)))

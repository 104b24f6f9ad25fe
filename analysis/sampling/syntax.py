"""PURE. The small language of formulas and expressions, parsed into a tree.

`outcome ~ term + term` names a regression, `100*(mean(x)-200)/800` a figure made of estimates,
`x >= 9` a condition on rows. Names may hold dots (as R's do); any other name stands in
backquotes. Nothing is ever evaluated as Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lark import Lark, Token, Transformer, UnexpectedInput

from analysis.sampling.plan_messages import BAD_FORMULA
from foundation.problems import Place, ProblemsError

GRAMMAR = r"""
?start: formula
?formula: sum "~" sum -> modelled
        | "~" sum -> one_sided
        | comparison
?comparison: sum
           | sum COMPARE sum -> compare
?sum: product
    | sum PLUS product -> binary
?product: joint
        | product TIMES joint -> binary
?joint: signed
      | joint COLON signed -> binary
?signed: power
       | PLUS signed -> unary
?power: atom
      | atom POWER signed -> binary
?atom: NUMBER -> number
     | STRING -> text
     | NAME "(" (comparison ("," comparison)*)? ")" -> call
     | NAME -> name
     | QUOTED -> quoted
     | "(" comparison ")"
PLUS: "+" | "-"
TIMES: "*" | "/"
COLON: ":"
POWER: "^" | "**"
COMPARE: "==" | "!=" | "<=" | ">=" | "<" | ">"
STRING: /'[^']*'/ | /"[^"]*"/
QUOTED: /`[^`]+`/
NAME: /[^\W\d][\w.]*|\.[^\W\d][\w.]*/
NUMBER: /\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?/
%ignore /\s+/
"""


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    value: str


@dataclass(frozen=True)
class Name:
    """A column of the data."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Operation:
    """Two sides and what joins them; a sign in front has a left side of zero."""

    sign: str
    left: Node
    right: Node


Node = Number | Text | Name | Call | Operation


@dataclass(frozen=True)
class Formula:
    """What is explained (None in a one-sided formula) and by what."""

    outcome: Node | None
    terms: Node


class _Build(Transformer[Token, "Node | Formula"]):
    """Turn lark's tree into nodes."""

    def modelled(self, parts: list[Node]) -> Formula:
        return Formula(parts[0], parts[1])

    def one_sided(self, parts: list[Node]) -> Formula:
        return Formula(None, parts[0])

    def binary(self, parts: list[Node | Token]) -> Operation:
        left, sign, right = parts
        return Operation(str(sign).replace("**", "^"), _node(left), _node(right))

    compare = binary

    def unary(self, parts: list[Node | Token]) -> Node:
        sign, right = parts
        return _node(right) if sign == "+" else Operation("-", Number(0.0), _node(right))

    def number(self, parts: list[Token]) -> Number:
        return Number(float(parts[0]))

    def text(self, parts: list[Token]) -> Text:
        return Text(str(parts[0])[1:-1])

    def name(self, parts: list[Token]) -> Name:
        return Name(str(parts[0]))

    def quoted(self, parts: list[Token]) -> Name:
        return Name(str(parts[0])[1:-1])

    def call(self, parts: list[Node | Token]) -> Call:
        return Call(str(parts[0]), tuple(_node(part) for part in parts[1:]))


def _node(part: Node | Token) -> Node:
    assert not isinstance(part, Token)  # noqa: S101 - the grammar puts tokens elsewhere
    return part


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=False)


def parsed(text: str) -> Node | Formula:
    """Return the tree of a formula or expression; raise a problem that shows where it breaks."""
    try:
        return _Build().transform(_parser().parse(text))
    except UnexpectedInput as error:
        near = text[error.pos_in_stream or 0 :][:15] or "end"
        raise ProblemsError([BAD_FORMULA.at(Place(item=text), text=text, near=near)]) from None


def expression(text: str) -> Node:
    """Return the tree of an expression, refusing a formula."""
    tree = parsed(text)
    if isinstance(tree, Formula):
        raise ProblemsError([BAD_FORMULA.at(Place(item=text), text=text, near="~")])
    return tree


def formula(text: str) -> Formula:
    """Return the tree of a formula, refusing a bare expression."""
    tree = parsed(text)
    if not isinstance(tree, Formula):
        raise ProblemsError([BAD_FORMULA.at(Place(item=text), text=text, near=text[:15])])
    return tree


def written(node: Node) -> str:
    """Return a node as text, as R prints it.

    >>> written(expression("log(mean(api.stu)/2)"))
    'log(mean(api.stu)/2)'
    """
    if isinstance(node, Number):
        return f"{node.value:.15g}"
    if isinstance(node, Text):
        return f'"{node.value}"'
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Call):
        return f"{node.name}({', '.join(written(part) for part in node.arguments)})"
    space = " " if node.sign in ("==", "!=", "<", ">", "<=", ">=", "+", "-") else ""
    left, right = _side(node.left), _side(node.right)
    return f"{left}{space}{node.sign}{space}{right}"


def _side(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, Operation) else written(node)

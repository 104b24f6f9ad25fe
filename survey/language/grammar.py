"""PURE. The grammar of expressions: text in, typed tree out, nothing tolerated.

The language is the part of XPath 1.0 that XLSForm uses: numbers, texts, `${name}`, `.`,
`+ - * div mod`, `= != < <= > >=`, `and or`, unary minus and function calls. The grammar is
LALR(1), so parsing is linear in the length of the text; names and types are checked afterwards.

SyntaxSlip     the text is no expression; carries the message and the column
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lark import Lark, Token, Transformer, UnexpectedInput

from survey.language import expression_messages as messages
from survey.language.slips import SyntaxSlip, check_size, explain
from survey.language.tree import (
    Binary,
    Call,
    Column,
    Here,
    Literal,
    Node,
    Reference,
    Span,
    Unary,
    children,
)
from survey.language.values import EXACT_DIGITS

MAX_DEPTH = 200

GRAMMAR = r"""
?start: either
?either: both | either OR both          -> binary
?both: same | both AND same             -> binary
?same: order | same EQUAL order         -> binary
?order: sum | order ORDER sum           -> binary
?sum: product | sum (PLUS | MINUS) product  -> binary
?product: signed | product (TIMES | DIV | MOD) signed -> binary
?signed: operand | MINUS signed         -> unary
?operand: NUMBER                        -> number
    | STRING                            -> string
    | REFERENCE                         -> reference
    | HERE                              -> here
    | NAME                              -> column
    | FUNCTION [either ("," either)*] CLOSE -> call
    | "(" either ")"

OR.3: /or(?![\w.-])/
AND.3: /and(?![\w.-])/
DIV.3: /div(?![\w.-])/
MOD.3: /mod(?![\w.-])/
EQUAL: "!=" | "="
ORDER: "<=" | ">=" | "<" | ">"
CLOSE: ")"
PLUS: "+"
MINUS: "-"
TIMES: "*"
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
STRING: /'[^']*'|"[^"]*"/
REFERENCE: /\$\{\s*[^\W\d][\w.-]*\s*\}/
HERE: /\.(?![.0-9])/
FUNCTION.2: /[^\W\d][\w.-]*(:[^\W\d][\w.-]*)?\s*\(/
NAME: /[^\W\d][\w.-]*/
%ignore /\s+/
"""


Part = Token | Node


def _span(parts: Sequence[Part]) -> Span:
    return Span(_edges(parts[0]).start, _edges(parts[-1]).end)


def _edges(part: Part) -> Span:
    if isinstance(part, Token):
        start = part.start_pos or 0
        return Span(start + 1, start + len(part) + 1)
    return part.span


def _number(text: str) -> int | float:
    return int(text) if text.isdigit() and len(text) <= EXACT_DIGITS else float(text)


class _Builder(Transformer[Token, Node]):
    """Turn what the grammar recognises into nodes, from the leaves up, while it is parsed."""

    def number(self, parts: list[Token]) -> Node:
        return Literal(_number(str(parts[0])), _span(parts))

    def string(self, parts: list[Token]) -> Node:
        return Literal(str(parts[0])[1:-1], _span(parts))

    def reference(self, parts: list[Token]) -> Node:
        return Reference(str(parts[0])[2:-1].strip(), _span(parts))

    def here(self, parts: list[Token]) -> Node:
        return Here(_span(parts))

    def column(self, parts: list[Token]) -> Node:
        return Column(str(parts[0]), _span(parts))

    def unary(self, parts: tuple[Token, Node]) -> Node:
        return Unary(str(parts[0]), parts[1], _span(parts))

    def binary(self, parts: tuple[Node, Token, Node]) -> Node:
        return Binary(str(parts[1]), parts[0], parts[2], _span(parts))

    def call(self, parts: list[Part]) -> Node:
        arguments = tuple(part for part in parts if not isinstance(part, Token))
        return Call(str(parts[0])[:-1].rstrip(), arguments, _span(parts))


@lru_cache(maxsize=1)
def _parser() -> Lark:
    """Return the parser, built at the first use: building costs more than a thousand parses."""
    return Lark(
        GRAMMAR,
        parser="lalr",
        maybe_placeholders=False,
        transformer=_Builder(),
    )


def _depth(node: Node) -> int:
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for parent in level for child in children(parent)]
    return deepest


@lru_cache(maxsize=8192)
def parse(text: str) -> Node:
    """Return the tree of an expression; SyntaxSlip when it is none.

    >>> str(parse("${age} >= 18 and not(selected(${pets}, 'cat'))"))
    "((${age} >= 18) and not(selected(${pets}, 'cat')))"
    """
    check_size(text)
    try:
        node: Node = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedInput as error:
        raise explain(text, error) from None
    if _depth(node) > MAX_DEPTH:
        raise SyntaxSlip(messages.TOO_DEEP, limit=MAX_DEPTH)
    return node

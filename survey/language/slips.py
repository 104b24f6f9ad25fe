"""PURE. Why a text is no expression, said so that its author can mend it.

The parser only knows which sign it did not expect; the slips people really make (a curly
quotation mark, `==`, a forgotten parenthesis, a sentence) are recognised here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lark import Token, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from foundation.problems import Message, Place, Problem
from survey.language import expression_messages as messages

MAX_LENGTH = 4000

INSTEAD = {
    "==": "=",
    "&&": "and",
    "||": "or",
    "<>": "!=",
    "!": "not(...)",
    "&": "and",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "÷": "div",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "（": "(",
    "）": ")",
    "，": ",",
    "＝": "=",
    "＜": "<",
    "＞": ">",
    "＄": "$",
    "−": "-",
    "–": "-",
}
LATER = ("..", "::", "//", "/", "[", "]", "|", "@")
WORD_PAIR = re.compile(r"[^\W\d_]+[,.;:!?]?\s+[^\W\d_]+")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


class SyntaxSlip(Exception):
    """A text that is no expression. `message` and `values` say why."""

    def __init__(self, message: Message, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.code)

    def at(self, place: Place) -> Problem:
        """Return the slip as a problem of the cell it stands in."""
        return self.message.at(place, **self.values)


def check_size(text: str) -> None:
    """Refuse a text that is too long before any work is spent on it."""
    if len(text) > MAX_LENGTH:
        raise SyntaxSlip(messages.TOO_LONG, limit=MAX_LENGTH)


def explain(text: str, error: UnexpectedInput) -> SyntaxSlip:
    """Return the slip behind an error of the parser: the likeliest reason first."""
    at = error.pos_in_stream if isinstance(error.pos_in_stream, int) else 0
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        at = len(text.rstrip())
    for reason in (_open_quote, _wrong_sign, _prose, _parenthesis, _later, _reference):
        slip = reason(text, at)
        if slip is not None:
            return slip
    return _unexpected(text, at, error)


def _open_quote(text: str, at: int) -> SyntaxSlip | None:
    if text[at : at + 1] not in {"'", '"'} or QUOTED.match(text, at):
        return None
    return SyntaxSlip(messages.QUOTE_OPEN, at=at + 1, quote=text[at])


def _wrong_sign(text: str, at: int) -> SyntaxSlip | None:
    for start in (at, max(at - 1, 0)):
        for found, instead in INSTEAD.items():
            if text.startswith(found, start) and (start == at or len(found) > 1):
                return SyntaxSlip(messages.WRONG_SIGN, found=found, at=start + 1, instead=instead)
    return None


def _prose(text: str, _at: int) -> SyntaxSlip | None:
    bare = QUOTED.sub("''", text)
    without_operators = re.sub(r"\b(and|or|div|mod)\b", "=", bare)
    is_sentence = WORD_PAIR.search(without_operators) and not re.search(r"\$\{|[<>=(]", bare)
    return SyntaxSlip(messages.PROSE) if is_sentence else None


def _later(text: str, at: int) -> SyntaxSlip | None:
    for found in LATER:
        if text.startswith(found, at):
            return SyntaxSlip(messages.XPATH_LATER, found=found, at=at + 1)
    return None


def _reference(text: str, at: int) -> SyntaxSlip | None:
    if text[at : at + 1] != "$":
        return None
    last_saved = re.match(r"\$\{\s*last-saved#", text[at:])
    if last_saved:
        return SyntaxSlip(messages.XPATH_LATER, found="last-saved#", at=at + 1)
    is_whole = re.match(r"\$\{\s*[^\W\d][\w.-]*\s*\}", text[at:])
    return None if is_whole else SyntaxSlip(messages.REFERENCE_BAD, at=at + 1)


def _signs(text: str) -> Iterator[tuple[int, str]]:
    """Yield position and sign of everything outside quotation marks."""
    yield from enumerate(QUOTED.sub(lambda found: " " * len(found.group()), text))


def _parenthesis(text: str, at: int) -> SyntaxSlip | None:
    opened: list[int] = []
    for position, sign in _signs(text):
        if sign == "(":
            opened.append(position)
        elif sign == ")" and not opened:
            return SyntaxSlip(messages.PARENTHESIS_CLOSE, at=position + 1)
        elif sign == ")":
            opened.pop()
    if opened and at >= len(text.rstrip()):
        return SyntaxSlip(messages.PARENTHESIS_OPEN, at=opened[-1] + 1)
    return None


def _unexpected(text: str, at: int, error: UnexpectedInput) -> SyntaxSlip:
    if at >= len(text.rstrip()):
        return SyntaxSlip(messages.STOPS_EARLY)
    token = getattr(error, "token", None)
    found = str(token) if isinstance(token, Token) else text[at]
    wanted = messages.OPERAND_WANTED if _operand_is_due(error) else messages.OPERATOR_WANTED
    return SyntaxSlip(wanted, found=found, at=at + 1)


def _operand_is_due(error: UnexpectedInput) -> bool:
    if isinstance(error, UnexpectedToken):
        return "NUMBER" in error.expected
    return isinstance(error, UnexpectedCharacters) and "NUMBER" in (error.allowed or ())

"""PURE. The patterns that `regex` reads: the part of regular expressions that cannot run away.

Python tries the ways to match one after the other, so a pattern such as (a+)+ may need longer
than the universe on forty signs. A pattern is therefore read by a grammar of its own and its
worst case is computed: the number of ways to cut a text of `MAX_TEXT` signs among its
repetitions. Refused are patterns above `MAX_WAYS`, so the worst answer costs a fraction of a
second. Back references and look-around are not read.

PatternRefused    the text is no pattern, or could take too long; carries the message
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import comb, inf, prod

from lark import Lark, Token, Transformer, UnexpectedInput

from foundation.problems import Message
from survey.language import expression_messages as messages

MAX_PATTERN = 300
MAX_TEXT = 256
MAX_WAYS = 5_000_000
TOO_MANY = 1e9
MANY_ENDS = 10
MAX_SIZE = 100_000
"""Signs of a pattern with its repetitions written out: also nothing takes time to repeat."""

GRAMMAR = r"""
start: either
either: row ("|" row)*
row: piece*
piece: atom [AMOUNT]
?atom: SIGN | SET | group
group: OPEN either ")"

OPEN: "(?:" | "("
AMOUNT: /[*+?]|\{[0-9]{1,3}(,[0-9]{0,3})?\}/
SET: /\[(?![^\]]*(--|&&|\|\||~~))\^?\]?([^\]\[\\]|\\[\w\W])+\]/
SIGN.-1: /\\[dDwWsStnr.\\\/+*?()\[\]{}|^$-]|[^\\\[\]()|*+?{}]/
"""

# How a part can match: ways by bounded choice, number of unbounded repetitions, and its size
# with every repetition written out.
Ways = tuple[float, int, float]

ONE: Ways = (1.0, 0, 1.0)


class PatternRefused(Exception):
    """A pattern that is not read. `message` and `values` say why."""

    def __init__(self, message: Message, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.code)


class _Counter(Transformer[Token, Ways]):
    """Count the ways of a pattern from its parts up."""

    def start(self, parts: list[Ways]) -> Ways:
        return parts[0]

    def either(self, rows: list[Ways]) -> Ways:
        ways = min(sum(ways for ways, _, _ in rows), TOO_MANY)
        size = sum(size for _, _, size in rows)
        return ways, max(open_ends for _, open_ends, _ in rows), size

    def row(self, pieces: list[Ways]) -> Ways:
        ways = min(prod(ways for ways, _, _ in pieces), TOO_MANY)
        size = 1 + sum(size for _, _, size in pieces)
        return ways, min(sum(open_ends for _, open_ends, _ in pieces), MANY_ENDS), size

    def group(self, parts: tuple[Token, Ways]) -> Ways:
        return parts[1]

    def piece(self, parts: tuple[Token | Ways, Token | None]) -> Ways:
        atom, amount = parts
        ways = ONE if isinstance(atom, Token) else atom
        return ways if amount is None else _repeat(ways, *_bounds(str(amount)))


def _bounds(amount: str) -> tuple[int, float]:
    if amount in {"*", "+"}:
        return (0, inf) if amount == "*" else (1, inf)
    if amount == "?":
        return 0, 1
    least, comma, most = amount[1:-1].partition(",")
    return int(least), (float(most or "inf") if comma else int(least))


def _repeat(ways: Ways, least: int, most: float) -> Ways:
    inner, open_ends, size = ways
    size *= max(least, 1) if most == inf else most
    if most == inf:
        return (1.0 if (inner, open_ends) == (1.0, 0) else TOO_MANY), 1, size
    choices = max(most - least, 0) + 1
    if inner > 1:
        choices *= inner ** min(most, 100)
    return min(choices, TOO_MANY), int(min(open_ends * most, MANY_ENDS)), size


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True, transformer=_Counter())


def _total(ways: Ways) -> float:
    chosen, open_ends, size = ways
    if size > MAX_SIZE:
        return inf
    return chosen * comb(MAX_TEXT + open_ends, open_ends)


@lru_cache(maxsize=1024)
def read_pattern(text: str) -> re.Pattern[str]:
    """Return the compiled pattern; PatternRefused when it is not one that is read."""
    if len(text) > MAX_PATTERN:
        raise PatternRefused(messages.PATTERN_LONG, limit=MAX_PATTERN)
    inner = text.removeprefix("^").removesuffix("$") if not text.endswith("\\$") else text
    try:
        ways: Ways = _parser().parse(inner)  # type: ignore[assignment]
        pattern = re.compile(inner)
    except UnexpectedInput as error:
        at = (error.pos_in_stream or 0) + 1
        raise PatternRefused(messages.PATTERN_BAD, pattern=text, at=at) from None
    except (re.error, RecursionError):
        raise PatternRefused(messages.PATTERN_BAD, pattern=text, at=1) from None
    if _total(ways) > MAX_WAYS:
        raise PatternRefused(messages.PATTERN_SLOW, pattern=text)
    return pattern


def matches(pattern: re.Pattern[str], text: str) -> bool:
    """Tell whether the whole text fits. A text longer than `MAX_TEXT` signs never does."""
    return len(text) <= MAX_TEXT and pattern.fullmatch(text) is not None

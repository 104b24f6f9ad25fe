"""PURE. Which digits pick which option of a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from survey.language.model import Form, Question

LONGEST_KEY = 3
TEN, ZERO = "10", "0"


@lru_cache(maxsize=4096)
def keys_of(form: Form, question: Question) -> dict[str, str]:
    """Return the digits of each code of a question, filtered or not: a key never moves."""
    codes = [choice.code for choice in form.choices(question)]
    return dict(zip(codes, option_keys(codes), strict=True))


def option_keys(codes: Sequence[str]) -> list[str]:
    """Return the digits that pick each code.

    A code that is a number is its own key; where 10 is the end of a scale without a 0, the 0
    picks it at one stroke. Codes in words are numbered in their order.

    >>> option_keys(["1", "2", "10"]), option_keys(["0", "10"]), option_keys(["yes", "no"])
    (['1', '2', '0'], ['0', '10'], ['1', '2'])
    """
    digits = [code for code in codes if code.isdecimal() and len(code) <= LONGEST_KEY]
    keys = list(codes) if len(digits) == len(codes) else _numbered(len(codes))
    is_short_scale = TEN in keys and ZERO not in keys and all(int(key) <= int(TEN) for key in keys)
    return [ZERO if key == TEN and is_short_scale else key for key in keys]


def _numbered(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]

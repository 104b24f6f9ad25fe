"""PURE. What the functions of expressions compute, on plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from survey.language.environment import EMPTY, Value
from survey.language.values import is_empty, to_codes, to_date, to_number, to_text, to_truth

LONGEST = 32_767


def negation(value: Value) -> bool:
    """Return the opposite of a truth."""
    return not to_truth(value)


def selected(answer: Value, code: Value) -> bool:
    """Tell whether a code is among the selected ones.

    >>> selected(("cash", "card"), "card"), selected("cash", "ca")
    (True, False)
    """
    return to_text(code) in to_codes(answer)


def count_selected(answer: Value) -> int:
    """Return how many codes are selected."""
    return len(to_codes(answer))


def selected_at(answer: Value, position: Value) -> str:
    """Return the selected code at a position from 0, or empty."""
    codes, index = to_codes(answer), to_number(position)
    return codes[int(index)] if 0 <= index < len(codes) else EMPTY


def _numbers(values: tuple[Value, ...]) -> Iterator[float]:
    return (n for n in map(to_number, values) if not math.isnan(n))


def total(*values: Value) -> float:
    """Return the sum of the numbers among the values; 0 when there is none."""
    return sum(_numbers(values))


def smallest(*values: Value) -> Value:
    """Return the smallest number among the values, or empty."""
    return min(_numbers(values), default=EMPTY)


def largest(*values: Value) -> Value:
    """Return the largest number among the values, or empty."""
    return max(_numbers(values), default=EMPTY)


def count_non_empty(*values: Value) -> int:
    """Return how many values are not empty."""
    return sum(not is_empty(value) for value in values)


def as_number(value: Value) -> Value:
    """Return the value as a number, or empty when it is none."""
    number = to_number(value)
    return EMPTY if math.isnan(number) else number


def whole(value: Value) -> Value:
    """Return the number without its decimals, or empty.

    >>> whole("3.9"), whole(-3.9)
    (3, -3)
    """
    number = to_number(value)
    return int(number) if math.isfinite(number) else EMPTY


def absolute(value: Value) -> Value:
    """Return the number without its sign, or empty."""
    number = to_number(value)
    return EMPTY if math.isnan(number) else abs(number)


def rounded(value: Value, decimals: Value = 0) -> Value:
    """Return the number rounded, halves away from zero, or empty.

    >>> rounded(2.5), rounded("2.675", 2), rounded(-2.5)
    (3, 2.68, -3)
    """
    number, places = to_number(value), to_number(decimals)
    if not math.isfinite(number) or not -15 <= places <= 15:  # noqa: PLR2004
        return EMPTY
    step = Decimal(1).scaleb(-int(places))
    exact = Decimal(repr(number))
    kept = (exact / step).to_integral_value(rounding=ROUND_HALF_UP) * step
    return int(kept) if places <= 0 else float(kept)


def length(value: Value) -> int:
    """Return how many signs a text has."""
    return len(to_text(value))


def contains(value: Value, part: Value) -> bool:
    """Tell whether a text holds another."""
    return to_text(part) in to_text(value)


def starts_with(value: Value, part: Value) -> bool:
    """Tell whether a text begins with another."""
    return to_text(value).startswith(to_text(part))


def ends_with(value: Value, part: Value) -> bool:
    """Tell whether a text ends with another."""
    return to_text(value).endswith(to_text(part))


def concat(*values: Value) -> str:
    """Return the values as one text, which ends at `LONGEST` signs.

    Calculations that each double the one before would fill any memory otherwise.
    """
    return "".join(map(to_text, values))[:LONGEST]


def as_date(value: Value) -> Value:
    """Return the value as a date, or empty."""
    return EMPTY if is_empty(value) else to_date(value)

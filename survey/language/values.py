"""PURE. How values turn into each other inside an expression, as XPath 1.0 and ODK say.

Empty is the empty text. A number read from an empty or wordy text is "not a number", and
every order comparison with it is false. A multiple choice counts as its codes with spaces
between. A date counts as the days since 1970-01-01.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

from survey.language.environment import EMPTY, Value

_EPOCH = date(1970, 1, 1).toordinal()
_NOT_A_NUMBER = float("nan")
EXACT_LIMIT = 2**53
EXACT_DIGITS = 15
"""A double keeps this many decimal digits; longer whole numbers are read as doubles."""


def to_text(value: Value) -> str:
    """Return a value as text.

    >>> to_text(3.0), to_text(0.1), to_text(True), to_text(("a", "b"))
    ('3', '0.1', 'true', 'a b')
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _digits(value)
        case tuple():
            return " ".join(value)
        case _:
            return value.isoformat()


def _digits(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return EMPTY
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")


def to_number(value: Value) -> int | float:
    """Return a value as a number; not-a-number when it is none.

    >>> to_number(" 18 "), to_number(True), to_number(date(1970, 1, 2))
    (18, 1, 1)
    """
    match value:
        case bool():
            return int(value)
        case int() | float():
            return value
        case datetime():
            seconds = value.hour * 3600 + value.minute * 60 + value.second
            return value.toordinal() - _EPOCH + seconds / 86400
        case date():
            return value.toordinal() - _EPOCH
        case _:
            return _read_number(to_text(value))


def _read_number(text: str) -> int | float:
    digits = text.strip()
    unsigned = digits.removeprefix("-")
    if not unsigned.isascii() or not unsigned.replace(".", "", 1).isdigit():
        return _NOT_A_NUMBER
    return int(digits) if "." not in digits and len(digits) <= EXACT_DIGITS else float(digits)


def to_truth(value: Value) -> bool:
    """Return a value as true or false: empty, zero and not-a-number are false."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def to_codes(value: Value) -> tuple[str, ...]:
    """Return the codes of a choice answer, one or several."""
    return value if isinstance(value, tuple) else tuple(to_text(value).split())


def to_date(value: Value) -> Value:
    """Return a text year-month-day or a number of days since 1970 as a date; else empty."""
    try:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            return date.fromisoformat(value.strip())
        return date.fromordinal(_EPOCH + math.floor(to_number(value)))
    except (ValueError, OverflowError):
        return EMPTY


def is_empty(value: Value) -> bool:
    """Tell whether there is no answer: nothing given, don't know, refused, not asked."""
    return value in (EMPTY, ()) or (isinstance(value, float) and not math.isfinite(value))


def settled(value: Value) -> Value:
    """Return a calculated value ready to keep: what is not a finite number becomes empty."""
    return EMPTY if is_empty(value) else value


def equal(left: Value, right: Value) -> bool:
    """Compare two values: as truths if one is a truth, as numbers if one is, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_truth(left) == to_truth(right)
    if isinstance(left, int | float | date) or isinstance(right, int | float | date):
        return to_number(left) == to_number(right)
    return to_text(left) == to_text(right)

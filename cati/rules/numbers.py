"""PURE. Telephone numbers: read, checked, written in one form, shown in part."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, timezone

from cati.rules.hours import zone_named
from cati.rules.messages import BAD_NUMBER, EXTENSION_NUMBER, IMPOSSIBLE_NUMBER
from foundation.problems import Message

KEEP_FIRST, KEEP_LAST = 3, 4
SHORT = 10


@dataclass(frozen=True, slots=True)
class TelephoneNumber:
    """A number that a telephone can have: E.164 form, and its zone if it has only one."""

    e164: str
    zone: str


def read_number(text: str, region: str) -> TelephoneNumber | Message:
    """Return the number written in `text`, or the message that says why it is none.

    `region` is the ISO country of numbers written without one. Full-width digits are read.

    >>> read_number("138 0013 8000", "CN")
    TelephoneNumber(e164='+8613800138000', zone='Asia/Shanghai')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        number = phonenumbers.parse(plain, region)
    except NumberParseException:
        return BAD_NUMBER
    if any(mark.isalpha() for mark in plain) and not number.extension:
        return BAD_NUMBER
    if number.extension:
        return EXTENSION_NUMBER
    if not phonenumbers.is_valid_number(number):
        return IMPOSSIBLE_NUMBER
    return TelephoneNumber(
        phonenumbers.format_number(number, PhoneNumberFormat.E164), _zone(number)
    )


def _zone(number: PhoneNumber) -> str:
    zones = timezone.time_zones_for_number(number)
    only = zones[0] if len(zones) == 1 else ""
    return only if zone_named(only) else ""


def masked(e164: str, region: str) -> str:
    """Return the number with its middle hidden; the country is shown when it is not `region`.

    >>> masked("+8613800138000", "CN"), masked("+97714412345", "CN")
    ('138****8000', '+977 14****45')
    """
    number = phonenumbers.parse(e164, None)
    digits = phonenumbers.national_significant_number(number)
    first, last = (KEEP_FIRST, KEEP_LAST) if len(digits) >= SHORT else (2, 2)
    hidden = max(len(digits) - first - last, 0)
    shown = digits[:first] + "*" * hidden + digits[len(digits) - last :]
    home = phonenumbers.region_code_for_number(number) == region
    return shown if home else f"+{number.country_code} {shown}"


def spoken(e164: str, region: str) -> str:
    """Return the number as it is written at home, or with its country when it is abroad."""
    number = phonenumbers.parse(e164, None)
    home = phonenumbers.region_code_for_number(number) == region
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)

"""PURE. Taking JSON apart: every wrong or missing part becomes a problem with its place."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from analysis.model import messages
from foundation.problems import N_, Message, Place, Problem, ProblemsError

WORDS = {str: N_("a text"), list: N_("a list"), dict: N_("an object"), float: N_("a number")}


def parsed(data: bytes | Mapping[str, object], file: str) -> Mapping[str, object]:
    """Return the JSON object in `data`; ProblemsError when it is not JSON or not an object."""
    if isinstance(data, Mapping):
        return data
    try:
        found = json.loads(data)
        json.dumps(found, ensure_ascii=False).encode()  # half a sign, as in \ud800, is no text
    except (ValueError, RecursionError) as error:  # broken JSON, broken UTF-8, absurd nesting
        raise ProblemsError([messages.NOT_JSON.at(Place(file=file), reason=error)]) from None
    if not isinstance(found, dict):
        problem = _wrong_kind(Place(file=file), dict, found)
        raise ProblemsError([problem])
    return found


@dataclass
class Reader:
    """Reads values out of JSON objects and remembers what was wrong with them."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def text(self, part: Mapping[str, object], key: str, where: str, default: str = "") -> str:
        """Return a text; an absent one is `default`."""
        value = part.get(key, default)
        if isinstance(value, str):
            return value
        self._note(_wrong_kind(self._place(where, key), str, value))
        return default

    def number(self, part: Mapping[str, object], key: str, where: str) -> float:
        """Return a number that must be there."""
        if key not in part:
            self.say(messages.MISSING_KEY, where, key=key)
            return 0.0
        value = part[key]
        if _is_number(value):
            return float(value)
        self._note(_wrong_kind(self._place(where, key), float, value))
        return 0.0

    def texts(self, part: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
        """Return a list of texts; an absent one is empty."""
        found = self._list(part, key, where)
        for value in found:
            if not isinstance(value, str):
                self._note(_wrong_kind(self._place(where, key), str, value))
        return tuple(value for value in found if isinstance(value, str))

    def numbers(self, part: Mapping[str, object], key: str, where: str) -> tuple[float, ...]:
        """Return a list of numbers; one number alone is a list of one, null is an empty list."""
        value = part.get(key)
        found = value if isinstance(value, list) else [] if value is None else [value]
        for entry in found:
            if not _is_number(entry):
                self._note(_wrong_kind(self._place(where, key), float, entry))
        return tuple(float(entry) for entry in found if _is_number(entry))

    def parts(self, part: Mapping[str, object], key: str, where: str) -> list[dict[str, object]]:
        """Return a list of JSON objects; what is no object is left out and reported."""
        found = self._list(part, key, where)
        for number, value in enumerate(found):
            if not isinstance(value, dict):
                self._note(_wrong_kind(Place(self.file, item=f"{key}[{number}]"), dict, value))
        return [value for value in found if isinstance(value, dict)]

    def part(self, part: Mapping[str, object], key: str, where: str) -> dict[str, object]:
        """Return one JSON object; an absent one is empty."""
        value = part.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self._note(_wrong_kind(self._place(where, key), dict, value))
        return {}

    def only(self, part: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
        """Report every key that is not one of the known ones."""
        for key in part:
            if key not in known:
                self.say(messages.UNKNOWN_KEY, where, key=key, known=", ".join(known))

    def say(self, message: Message, where: str, **values: object) -> None:
        """Remember a problem at one place of the file."""
        self._note(message.at(self._place(where), **values))

    def _list(self, part: Mapping[str, object], key: str, where: str) -> list[object]:
        value = part.get(key, [])
        if isinstance(value, list):
            return value
        self._note(_wrong_kind(self._place(where, key), list, value))
        return []

    def _place(self, where: str, key: str = "") -> Place:
        return Place(self.file, item=".".join(part for part in (where, key) if part))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _wrong_kind(place: Place, expected: type, found: object) -> Problem:
    shown = json.dumps(found, ensure_ascii=False, default=str)
    return messages.WRONG_KIND.at(place, expected=WORDS[expected], found=shown[:60])

"""PURE. Schemes of composite scores as somebody types them or keeps them in a file.

A scheme as JSON: sources, each with a weight in percent (they add to 100) and the least raters
with which it counts; `missing`, rescale or withhold; `places` that are posted; `least_base` and
`small_base`, raters below which a score is hidden or marked; `least_people`, raters below which
the mean of a source is not printed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from analysis import compositemessages as messages
from analysis.sampling.report_messages import SOURCE_WEIGHTS
from foundation.problems import Place, Problem, ProblemsError

Json = dict[str, Any]
Entry = tuple[str, str, str]
SEPARATORS = ";\t,"
RULES = ("rescale", "withhold")
OWN_KEYS = {"name", "weight", "least"}
LONGEST_NAME = 100
MOST_SOURCES = 12
LARGEST = 100_000
TOLERANCE = 1e-7
PARTS = 3
LENGTHS = (2, PARTS)
OPTIONS: Mapping[str, tuple[int, int, int]] = {
    "places": (3, 1, 100),
    "least_base": (30, 2, LARGEST),
    "small_base": (50, 2, LARGEST),
    "least_people": (5, 1, 1000),
}
"""Start, least and largest value of what is a whole number."""


def _ready(weights: Mapping[str, int]) -> Json:
    sources = [{"name": name, "weight": float(own), "least": 1} for name, own in weights.items()]
    return {"sources": sources, "missing": "rescale",
            **{name: start for name, (start, _, _) in OPTIONS.items()}}  # fmt: skip


READY: Mapping[str, Json] = {
    "teller-star": _ready({"team": 30, "operations": 15, "lobby": 15, "customers": 40})
}
"""Schemes that come with the product; teller-star is the service star of a bank branch."""


def from_form(form: Mapping[str, str]) -> Json:
    """Return the scheme typed on a page: `sources`, a line each, and the options by name.

    Raises every problem together.
    """
    problems: list[Problem] = []
    entries: list[Entry] = []
    for at, line in enumerate(form.get("sources", "").splitlines(), 1):
        if line.strip():
            parts = _parts(line)
            if len(parts) in LENGTHS:
                entries.append((parts[0], parts[1], parts[2] if len(parts) == PARTS else ""))
            else:
                place = Place(row=at, item="sources")
                problems.append(messages.BAD_SOURCE.at(place, value=line.strip()))
    options = {name: form.get(name, "") for name in ("missing", *OPTIONS)}
    return _checked(entries, options, problems)


def typed_names(text: str) -> list[str] | None:
    """Return the sources typed, a line each; None when a line cannot be read.

    Ratings are checked against them even where something else is wrong with the scheme.

    >>> typed_names("team; 30"), typed_names("team 30")
    (['team'], None)
    """
    lines = [_parts(line) for line in text.splitlines() if line.strip()]
    return [name for name, *_ in lines] if all(len(line) in LENGTHS for line in lines) else None


def from_json(content: bytes, file: str) -> Json:
    """Return the scheme of a file; its sources are {name: weight} or objects. See `from_form`."""
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        read = None
    sources = read.get("sources") if isinstance(read, dict) else None
    if not isinstance(sources, dict | list):
        raise ProblemsError([messages.NOT_SCHEME.at(Place(file=file))])
    known = ("sources", "missing", *OPTIONS)
    problems = [
        messages.UNKNOWN_KEY.at(Place(file=file), name=name, known=", ".join(known))
        for name in read
        if name not in known
    ]
    options = {name: str(value) for name, value in read.items() if name in known}
    return _checked(_entries(sources, file, problems), options, problems, file)


def as_lines(scheme: Mapping[str, Any]) -> str:
    """Return the sources of a scheme as they are typed, a line each.

    >>> as_lines(READY["teller-star"]).splitlines()[0]
    'team; 30; 1'
    """
    return "\n".join(
        f"{one['name']}; {one['weight']:g}; {one['least']}" for one in scheme["sources"]
    )


def is_name(text: str) -> bool:
    """Tell whether a text can stand as a name on a page and in every database."""
    return 0 < len(text) <= LONGEST_NAME and text.isprintable()


def _parts(line: str) -> list[str]:
    separator = max(SEPARATORS, key=line.count)
    return [part.strip() for part in line.split(separator)]


def _entries(sources: Any, file: str, problems: list[Problem]) -> list[Entry]:
    if isinstance(sources, dict):
        return [(name, str(weight), "") for name, weight in sources.items()]
    found = []
    for at, one in enumerate(sources, 1):
        if isinstance(one, dict) and {"name", "weight"} <= one.keys() <= {
            "name",
            "weight",
            "least",
        }:
            found.append((str(one["name"]), str(one["weight"]), str(one.get("least", ""))))
        else:
            place = Place(file=file, item=f"sources {at}")
            problems.append(messages.BAD_SOURCE.at(place, value=str(one)[:LONGEST_NAME]))
    return found


def _checked(
    entries: Sequence[Entry],
    options: Mapping[str, str],
    problems: list[Problem],
    file: str = "",
) -> Json:
    sources = [_source(entry, file, problems) for entry in entries]
    _check_names([name for name, _, _ in entries], file, problems)
    if not entries and not problems:
        problems.append(messages.NO_SOURCES.at(Place(file=file)))
    if sources and not problems:
        total = sum(one["weight"] for one in sources)
        if abs(total - 100) > TOLERANCE:
            problems.append(SOURCE_WEIGHTS.at(Place(file=file), total=f"{total:g}"))
    missing = options.get("missing", "").strip() or RULES[0]
    if missing not in RULES:
        problems.append(messages.BAD_RULE.at(Place(file=file), value=missing))
    scheme: Json = {"sources": sources, "missing": missing}
    for name, (start, least, most) in OPTIONS.items():
        text = options.get(name, "").strip()
        scheme[name] = _whole(text, name, (start, least, most), file, problems)
    if problems:
        raise ProblemsError(problems)
    return scheme


def _source(entry: Entry, file: str, problems: list[Problem]) -> Json:
    name, weight, least = entry
    value = number(weight)
    if value is None or not 0 < value <= 100:  # noqa: PLR2004 - percent
        place = Place(file=file, item=name)
        problems.append(messages.BAD_WEIGHT.at(place, value=weight, name=name))
    few = _whole(least, f"{name}: least raters", (1, 1, LARGEST), file, problems)
    return {"name": name, "weight": value or 0.0, "least": few}


def _check_names(names: Sequence[str], file: str, problems: list[Problem]) -> None:
    place = Place(file=file, item="sources")
    for name in names:
        if not is_name(name):
            value = name[:LONGEST_NAME]
            problems.append(messages.BAD_NAME.at(place, value=value, most=LONGEST_NAME))
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    problems += [messages.SOURCE_TWICE.at(place, name=name) for name in twice]
    if len(names) > MOST_SOURCES:
        many = messages.TOO_MANY.at(place, found=len(names), what="sources", most=MOST_SOURCES)
        problems.append(many)


def number(text: str) -> float | None:
    """Return the number that a text is, None when it is none; never infinite.

    >>> number("81.5"), number("-2"), number("1e5"), number("")
    (81.5, -2.0, None, None)
    """
    text = text.strip()
    head = text.removeprefix("-")
    whole, _, rest = head.partition(".")
    is_plain = head.isascii() and whole.isdigit() and len(head) <= 15  # noqa: PLR2004 - exact
    return float(text) if is_plain and (rest.isdigit() or "." not in head) else None


def _whole(
    text: str, name: str, limits: tuple[int, int, int], file: str, problems: list[Problem]
) -> int:
    start, least, most = limits
    text = text.strip()
    if not text:
        return start
    value = number(text)
    if value is not None and value.is_integer() and least <= value <= most:
        return int(value)
    place = Place(file=file, item=name)
    told = messages.BAD_WHOLE.at(place, value=text, name=name, least=least, most=most)
    problems.append(told)
    return start

"""PURE. Ratings of units by several sources, as somebody types or uploads them, checked.

One line for each rating: unit, source, score, and if known the rater; a score lies between 0 and
100, or between the ends of its scale in the columns least and most. Who rated is kept as a number
only: it matters that two ratings are of one person, not whose they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from analysis import compositemessages as messages
from analysis.compositescheme import LONGEST_NAME, is_name, number
from foundation.problems import Place, Problem, ProblemsError

NEEDED = ("unit", "source", "score")
COLUMNS = (*NEEDED, "rater", "least", "most")
SEPARATORS = "\t;,"
MOST_RATINGS = 20_000
MOST_UNITS = 200
SHOWN_AGAIN = 1000
LISTED = 50
Row = tuple[int, Mapping[str, str]]
Rating = list[Any]


def read_ratings(content: bytes | str, known: Sequence[str] | None, file: str = "") -> list[Rating]:
    """Return ratings as JSON: unit, source, score on 0-100, and number of the rater or None.

    `known` are the sources of the scheme, None when it could not be read. Columns may be parted
    by tabs, semicolons or commas, as in the first line. Raises every problem together, fifty at
    most.
    """
    head, lines = _lines(_text(content, file), file)
    problems = _head_problems(head, file)
    if problems:
        raise ProblemsError(problems)
    problems = [_length(head, cells, file, at) for at, cells in lines if len(cells) != len(head)]
    rows = [(at, dict(zip(head, map(str.strip, cells), strict=False))) for at, cells in lines]
    whole = [row for row, (_, cells) in zip(rows, lines, strict=True) if len(cells) == len(head)]
    for row in whole:
        problems += _row_problems(row, known, file)
    problems += _too_many(rows, file)
    if problems or not rows:
        ordered = sorted(problems, key=lambda one: one.place.row or 0)
        raise ProblemsError(ordered[:LISTED] or [messages.NOTHING.at(Place(file=file))])
    return _ratings(rows)


def as_text(ratings: Sequence[Rating]) -> str:
    """Return ratings as they may be typed again; nothing when they are many."""
    if len(ratings) > SHOWN_AGAIN:
        return ""
    has_raters = any(rater is not None for *_, rater in ratings)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([*NEEDED, "rater"] if has_raters else NEEDED)
    for unit, source, score, rater in ratings:
        row = [unit, source, f"{score:.10g}"]
        writer.writerow([*row, "" if rater is None else rater] if has_raters else row)
    return out.getvalue()


def _text(content: bytes | str, file: str) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemsError([messages.NOT_TEXT.at(Place(file=file))]) from None


def _lines(text: str, file: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise ProblemsError([messages.NOT_TEXT.at(Place(file=file))]) from None
    if not any(map(str.strip, lines[0] if lines else [])):
        raise ProblemsError([messages.NOTHING.at(Place(file=file))])
    head = [name.strip().lower() for name in lines[0]]
    return head, [(at, row) for at, row in enumerate(lines[1:], 2) if any(map(str.strip, row))]


def _head_problems(head: Sequence[str], file: str) -> list[Problem]:
    place = Place(file=file, row=1)
    scale = {"least", "most"} & set(head)
    absent = [name for name in NEEDED if name not in head]
    absent += [name for name in ("least", "most") if scale and name not in head]
    odd = [name for at, name in enumerate(head) if name not in COLUMNS or name in head[:at]]
    return [
        *(messages.NO_COLUMN.at(place, name=name) for name in absent),
        *(messages.UNKNOWN_COLUMN.at(place, name=name[:LONGEST_NAME]) for name in odd),
    ]


def _length(head: Sequence[str], cells: Sequence[str], file: str, at: int) -> Problem:
    place = Place(file=file, row=at)
    return messages.ROW_LENGTH.at(place, found=len(cells), needed=len(head))


def _row_problems(row: Row, known: Sequence[str] | None, file: str) -> list[Problem]:
    at, cells = row
    found = []
    for name in ("unit", "source", "rater"):
        value = cells.get(name, "")
        if not is_name(value) and (value or name != "rater"):
            place = Place(file=file, row=at, column=name)
            value = value[:LONGEST_NAME]
            found.append(messages.BAD_NAME.at(place, value=value, most=LONGEST_NAME))
    source = cells["source"]
    if known is not None and is_name(source) and source not in known:
        place = Place(file=file, row=at, column="source")
        found.append(messages.OTHER_SOURCE.at(place, name=source, known=", ".join(known)))
    return found + _score_problems(cells, file, at)


def _score_problems(cells: Mapping[str, str], file: str, at: int) -> list[Problem]:
    least, most = number(cells.get("least", "0")), number(cells.get("most", "100"))
    score = number(cells["score"])
    place = Place(file=file, row=at, column="score")
    found = []
    if score is None:
        found.append(messages.BAD_SCORE.at(place, value=cells["score"][:LONGEST_NAME]))
    if least is None or most is None or least >= most:
        scale = Place(file=file, row=at, column="least")
        ends = {name: cells[name][:LONGEST_NAME] for name in ("least", "most")}
        found.append(messages.BAD_SCALE.at(scale, **ends))
    elif score is not None and not least <= score <= most:
        ends = {"least": f"{least:g}", "most": f"{most:g}"}
        found.append(messages.OUT_OF_SCALE.at(place, value=cells["score"], **ends))
    return found


def _too_many(rows: Sequence[Row], file: str) -> list[Problem]:
    units = {cells.get("unit", "") for _, cells in rows}
    counts = (("ratings", len(rows), MOST_RATINGS), ("units", len(units), MOST_UNITS))
    return [
        messages.TOO_MANY.at(Place(file=file), found=found, what=what, most=most)
        for what, found, most in counts
        if found > most
    ]


def _ratings(rows: Sequence[Row]) -> list[Rating]:
    people: dict[str, int] = {}
    return [
        [cells["unit"], cells["source"], _score(cells), _person(cells.get("rater", ""), people)]
        for _, cells in rows
    ]


def _score(cells: Mapping[str, str]) -> float:
    """Return a checked score on 0-100."""
    ends = cells.get("least", "0"), cells.get("most", "100")
    score, least, most = (number(text) or 0.0 for text in (cells["score"], *ends))
    return 100 * (score - least) / (most - least)


def _person(name: str, people: dict[str, int]) -> int | None:
    return people.setdefault(name, len(people) + 1) if name else None

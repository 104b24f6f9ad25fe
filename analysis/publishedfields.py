"""PURE. Published tables as somebody types or uploads them, checked before anything is computed.

One line for each figure: table, base, answers, label, percent, claim. The base is a number or a
range (80-100) where it is not printed; answers is single or multiple; the claim is what the text
says of the figure: <50 for "less than half".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from foundation.problems import N_, Message, Place, Problem, ProblemsError

COLUMNS = ("table", "base", "answers", "label", "percent", "claim")
NEEDED = ("table", "base", "label", "percent")
SEPARATORS = "\t;,"
ANSWERS = ("single", "multiple")
MOST_LINES = 500
LISTED = 20
LARGEST_BASE = 1_000_000
WIDEST_RANGE = 10_000

NOT_TEXT = Message("PUB-110", N_("the file is not a text in UTF-8."), N_("Save it as CSV UTF-8."))
NO_COLUMN = Message(
    "PUB-101",
    N_("the table lacks the column '%(name)s'."),
    N_("The first line names the columns: table, base, answers, label, percent, claim."),
)
BAD_PERCENT = Message(
    "PUB-102",
    N_("'%(value)s' is no percentage."),
    N_("Write it as it was printed, without the sign: 48.4."),
)
BAD_BASE = Message(
    "PUB-103",
    N_("'%(value)s' is no base."),
    N_("Write a number (97) or the range in which it may lie (80-100)."),
)
BAD_ANSWERS = Message(
    "PUB-104",
    N_("'%(value)s' does not say how many answers were allowed."),
    N_("Write single or multiple."),
)
BAD_CLAIM = Message(
    "PUB-105",
    N_("'%(value)s' is no claim."),
    N_("Write < or > and a percentage: <50 for less than half."),
)
NO_LABEL = Message("PUB-106", N_("the figure has no label."), N_("Write what it stands for."))
NOTHING = Message("PUB-107", N_("there is no figure to check."), N_("Give one line or more."))
TOO_LONG = Message(
    "PUB-108",
    N_("there are more than %(most)s lines."),
    N_("Check fewer tables at a time."),
)
BAD_EFFECT = Message(
    "PUB-109",
    N_("'%(value)s' is no design effect."),
    N_("Write a number above 0, or leave the field empty for a simple random sample."),
)


def read_tables(content: bytes | str, file: str = "") -> list[dict[str, Any]]:
    """Return tables as JSON: name, least, most, answers, and lines of label, percent, claim.

    Columns may be parted by tabs, semicolons or commas, as in the first line. Raises every
    problem together, twenty at most.
    """
    head, rows = _rows(_text(content, file))
    absent = [name for name in NEEDED if name not in head]
    if absent:
        place = Place(file=file, row=1)
        raise ProblemsError(NO_COLUMN.at(place, name=name) for name in absent)
    if len(rows) > MOST_LINES:
        raise ProblemsError([TOO_LONG.at(Place(file=file), most=MOST_LINES)])
    cells = [(at, dict(zip(head, map(str.strip, row), strict=False))) for at, row in rows]
    problems = [problem for at, row in cells for problem in _problems(row, file, at)]
    if problems or not cells:
        raise ProblemsError(problems[:LISTED] or [NOTHING.at(Place(file=file))])
    return _tables([row for _, row in cells])


def read_effect(text: str) -> float:
    """Return the design effect, 1 for an empty field."""
    try:
        value = float(text.strip() or "1")
    except ValueError:
        value = 0.0
    if not 0 < value < LARGEST_BASE:
        raise ProblemsError([BAD_EFFECT.at(Place(item="deff"), value=text)])
    return value


def _text(content: bytes | str, file: str) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemsError([NOT_TEXT.at(Place(file=file))]) from None


def _rows(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    head = [name.strip().lower() for name in lines[0]] if lines else []
    return head, [(at, row) for at, row in enumerate(lines[1:], 2) if any(map(str.strip, row))]


def _problems(row: Mapping[str, str], file: str, at: int) -> list[Problem]:
    checks = (
        ("percent", BAD_PERCENT, _is_percent(row.get("percent", ""))),
        ("base", BAD_BASE, _base(row.get("base", "")) is not None),
        ("answers", BAD_ANSWERS, row.get("answers", "").lower() in {"", *ANSWERS}),
        ("claim", BAD_CLAIM, _is_claim(row.get("claim", ""))),
        ("label", NO_LABEL, bool(row.get("label", ""))),
    )
    return [
        message.at(Place(file=file, row=at, column=name), value=row.get(name, ""))
        for name, message, is_right in checks
        if not is_right
    ]


def _is_percent(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text, re.ASCII)) and float(text) <= 100  # noqa: PLR2004


def _is_claim(text: str) -> bool:
    return not text or (text[0] in "<>" and _is_percent(text[1:].strip()))


def _base(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,7})(?:\s*[-–]\s*(\d{1,7}))?", text, re.ASCII)
    if not found:
        return None
    least, most = int(found[1]), int(found[2] or found[1])
    if not 1 <= least <= most <= LARGEST_BASE or most - least > WIDEST_RANGE:
        return None
    return least, most


def _tables(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the lines by table and base: a question may have answers on several bases."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        name, base = row["table"], row["base"]
        least, most = _base(base) or (1, 1)
        start = {"name": name, "least": least, "most": most, "answers": "single", "lines": []}
        table = found.setdefault((name, base), start)
        table["answers"] = row.get("answers", "").lower() or table["answers"]
        claim = row.get("claim", "").replace(" ", "")
        table["lines"].append({"label": row["label"], "percent": row["percent"], "claim": claim})
    return list(found.values())

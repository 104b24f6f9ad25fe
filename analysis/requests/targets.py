"""PURE. Population targets from CSV: variable, level, target, source; every bad line is named."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.requests import messages
from analysis.requests.variables import Known
from foundation.problems import Place, Problem, nearest

COLUMNS = ("variable", "level", "target", "source")
SHARE_TOTALS = (1.0, 100.0)
ROUNDING = 0.002
"""Published shares are rounded: so far, as a part of the whole, their sum may be off."""


@dataclass(frozen=True)
class Target:
    """How many people (or which share of them) have this level; no level: the total of a number."""

    variable: str
    level: str
    target: float
    source: str = ""


def read_targets(
    content: bytes | str, file: str, known: Mapping[str, Known], problems: list[Problem]
) -> tuple[Target, ...]:
    """Return the targets in a CSV text with a heading; what is wrong joins `problems`.

    Columns may be parted by commas, semicolons or tabs. A variable may be a crossing, "sex.age".
    """
    text = _text(content, file, problems)
    lines = text.splitlines()
    if not lines or not text.strip():
        return ()
    separator = max(",;\t", key=lines[0].count)
    # Any line ends will do; a line that is split by its own cells has a None among its names.
    reader = csv.DictReader(io.StringIO(text, newline=None), delimiter=separator)
    heading = [name.strip().lower() for name in reader.fieldnames or []]
    lacking = [name for name in COLUMNS[:3] if name not in heading]
    if lacking:
        place = Place(file, row=1)
        problems += [messages.TARGET_COLUMNS.at(place, name=name) for name in lacking]
        return ()
    reader.fieldnames = heading
    found: dict[tuple[str, str], Target] = {}
    try:
        for cells in reader:
            _read_line(cells, Place(file, row=reader.line_num), known, found, problems)
    except csv.Error:
        problems.append(messages.NOT_READABLE.at(Place(file, row=reader.line_num + 1)))
    return tuple(found.values())


def as_csv(targets: Sequence[Target]) -> str:
    """Return targets as the text that `read_targets` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in targets:
        writer.writerow((one.variable, one.level, f"{one.target:.15g}", one.source))
    return out.getvalue()


def by_variable(targets: Sequence[Target]) -> dict[str, list[Target]]:
    """Return the targets of each variable, in the order in which they stand."""
    found: dict[str, list[Target]] = {}
    for one in targets:
        found.setdefault(one.variable, []).append(one)
    return found


def is_share(targets: Sequence[Target]) -> bool:
    """Tell whether targets are shares: they add up to 1, or to 100 per cent.

    >>> is_share([Target("sex", "f", 0.52), Target("sex", "m", 0.48)])
    True
    """
    total = sum(one.target for one in targets)
    return any(abs(total - whole) <= ROUNDING * whole for whole in SHARE_TOTALS)


def _text(content: bytes | str, file: str, problems: list[Problem]) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        problems.append(messages.NOT_READABLE.at(Place(file)))
        return ""


def _read_line(
    cells: Mapping[Any, Any],
    place: Place,
    known: Mapping[str, Known],
    found: dict[tuple[str, str], Target],
    problems: list[Problem],
) -> None:
    name, level, value, source = (str(cells.get(key) or "").strip() for key in COLUMNS)
    wrong = [
        *_name_problems(name, level, place, known),
        *(
            []
            if _is_target(value)
            else [messages.NOT_A_TARGET.at(_in(place, "target"), value=value)]
        ),
    ]
    if None in cells:
        wrong.append(messages.MORE_CELLS.at(place))
    if (name, level) in found:
        wrong.append(messages.TARGET_TWICE.at(_in(place, "level"), name=name, level=level))
    problems += wrong
    if not wrong:
        found[name, level] = Target(name, level, float(value), source)


def _name_problems(
    name: str, level: str, place: Place, known: Mapping[str, Known]
) -> list[Problem]:
    parts = [name] if name in known else name.split(".")
    unknown = [part for part in parts if part not in known]
    if unknown:
        near = nearest(unknown[0], known)
        said = messages.NO_SUCH_VARIABLE
        return [said.at(_in(place, "variable"), name=unknown[0], near=near)]
    codes = known[name].codes if name in known else {}
    if codes and level not in codes:
        listed = ", ".join(codes)
        return [
            messages.NO_SUCH_LEVEL.at(_in(place, "level"), name=name, level=level, known=listed)
        ]
    return []


def _is_target(text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return math.isfinite(value) and value >= 0


def _in(place: Place, column: str) -> Place:
    return Place(place.file, row=place.row, column=column)

"""PURE. A column of a CSV file as texts: the group or the person of each case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.files.tables import opened, records
from foundation.problems import Message, Place, ProblemsError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_texts(
    content: bytes, names: Sequence[str], missing: Message, *, filename: str = ""
) -> list[list[str]]:
    """Return the named columns, each a list of (n,) texts without spaces around them.

    An empty cell, or a blank line, is an empty text. ProblemsError says `missing` (of `name`
    and `near`) of every column that is not there.
    """
    table = opened(content, filename)
    problems = [
        missing.at(Place(filename), name=name, near=nearest(name, table.heading))
        for name in names
        if name not in table.heading
    ]
    if problems:
        raise ProblemsError(problems)
    places = [table.heading.index(name) for name in names]
    rows = [
        [cells[at].strip() if at < len(cells) else "" for at in places]
        for _, cells in records(table)
    ]
    return [list(column) for column in zip(*rows, strict=True)]

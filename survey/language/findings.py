"""PURE. The problems found in one file, collected while it is read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from foundation.problems import Message, Place, Problem

MANY = 5


class Findings:
    """Everything wrong with one file. Readers add; nobody takes away."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.problems: list[Problem] = []

    def add(
        self,
        message: Message,
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        /,
        **values: object,
    ) -> None:
        """Note a problem at a cell of this file."""
        self.problems.append(message.at(Place(self.filename, sheet, row, column), **values))


def near(name: str, known: Iterable[str]) -> str:
    """Return the known names most like `name`: the one that is meant, else a few of them.

    >>> near("braanch", ["age", "branch"]), near("x", ["age", "branch"])
    ('branch', 'age, branch')
    """
    names = sorted(set(known))
    close = get_close_matches(name, names, n=1)
    alike = get_close_matches(name, names, n=MANY, cutoff=0.3)
    return ", ".join(close or alike or names[:MANY]) or "-"

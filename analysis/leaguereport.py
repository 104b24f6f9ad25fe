"""PURE. League tables of a report from stored numbers: ranks with what the data support."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.report import POINT_DIGITS, Estimate, Texts, estimate, rounded


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """A group: its index, rank and possible ranks; groups that share a letter are not told apart.

    shrunken   the index drawn towards the mean of all, where the base is small; else None
    fixed_se   the standard error if the weights of the questions were known, as printed
    """

    name: str
    base: int
    index: Estimate
    rank: int
    best: int
    worst: int
    letters: str
    is_small: bool
    shrunken: Estimate | None
    fixed_se: str = ""

    @property
    def ranks(self) -> str:
        """Return the ranks that the data leave possible.

        >>> LeagueRow("a", 60, Estimate(1, 1, 0, 2), 2, 1, 4, "a", False, None).ranks
        '1–4'
        """
        return str(self.best) if self.best == self.worst else f"{self.best}–{self.worst}"


@dataclass(frozen=True, slots=True)
class League:
    """The groups of one grouping from the highest to the lowest, and those that are not shown.

    is_own_unit    whether groups are sampling units themselves
    is_estimated   whether every resample estimated the weights of the questions anew
    """

    label: Texts
    rows: tuple[LeagueRow, ...]
    hidden: tuple[str, ...]
    least_base: int
    is_own_unit: bool = False
    is_estimated: bool = True

    @property
    def leaders(self) -> int:
        """Return how many groups may be the first."""
        return sum(row.best == 1 for row in self.rows)


def build(numbers: Mapping[str, Any]) -> tuple[League, ...]:
    """Return the leagues of a stored wave; none where it was computed before there were any."""
    return tuple(
        League(
            stored["label"],
            tuple(_row(row) for row in stored["rows"]),
            tuple(stored["hidden"]),
            int(stored["least_base"]),
            bool(stored.get("own_units", False)),
            bool(stored.get("estimated", True)),
        )
        for stored in numbers.get("leagues", ())
    )


def _row(stored: Mapping[str, Any]) -> LeagueRow:
    shrunken = stored["shrunken"]
    return LeagueRow(
        name=stored["name"],
        base=int(stored["base"]),
        index=estimate(stored["index"]),
        rank=int(stored["rank"]),
        best=int(stored["best"]),
        worst=int(stored["worst"]),
        letters=stored["letters"],
        is_small=bool(stored["marked"]),
        shrunken=estimate(shrunken) if shrunken else None,
        fixed_se=rounded(stored["fixed_se"], POINT_DIGITS + 1) if "fixed_se" in stored else "",
    )

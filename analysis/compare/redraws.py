"""PURE. Other groupings and other samples of the same cases: labels permuted, people redrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Rows = NDArray[np.intp]
    Counts = NDArray[np.uint8]


@dataclass(frozen=True)
class DesignDraws:
    """Redraws of the cases by their sampling design, made elsewhere.

    counts : (B, n)   how often each case counts beside one that counts once; its weight, if it
                      has one, comes on top
    df                degrees of freedom: sampling units minus strata
    """

    counts: NDArray[np.float64]
    df: int

    def of(self, rows: Rows) -> Iterator[NDArray[np.float64]]:
        """Yield the (m,) counts of some rows, redraw by redraw."""
        return iter(self.counts[:, rows])


def permuted_labels(codes: Rows, people: Rows, seed: int) -> Iterator[Counts]:
    """Yield (n,) groups of the cases as they may be if groups do not differ, without end.

    The labels of people in one group only are shuffled among them; a person in several groups
    keeps these groups and only swaps the answers between them (a paired permutation). With
    nobody in two groups, permutation b is the b-th `rng.permutation(codes)` of
    `rng = numpy.random.default_rng(seed)`.
    """
    rng, labels = np.random.default_rng(seed), codes.astype(np.uint8)
    together = _together(people)
    alone = together.pop(1, np.empty((0, 1), dtype=np.intp))[:, 0]
    while True:
        found = np.empty_like(labels)
        found[alone] = rng.permutation(labels[alone])
        for rows in together.values():
            found[rows] = rng.permuted(labels[rows], axis=1)
        yield found


def _together(people: Rows) -> dict[int, Rows]:
    """Return for each number m of cases per person the (persons, m) rows of those persons."""
    order = np.argsort(people, kind="stable")
    counts = np.bincount(people)[people[order]]
    found = {}
    for m in np.unique(counts).tolist():
        rows = order[counts == m].reshape(-1, m)
        found[m] = rows[np.argsort(rows[:, 0], kind="stable")]
    return found


def redrawn_people(codes: Rows, people: Rows, seed: int) -> Iterator[Counts]:
    """Yield (n,) counts of how often each case is drawn, without end.

    People are drawn with replacement among those with the same set of groups, all cases of a
    person together; so group sizes stay, and the errors of groups that share people covary as
    they should. The sets are numbered in alphabetical order of their groups, sets of one group
    first; set s draws by numpy.random.default_rng(seed + s). With nobody in two groups, the
    draws of group g are those of a bootstrap of that group alone with the seed + g.
    """
    sets = [(rows, np.random.default_rng(seed + s)) for s, rows in enumerate(_sets(codes, people))]
    while True:
        counts = np.zeros(len(codes), dtype=np.uint8)
        for rows, rng in sets:
            drawn = rng.integers(0, len(rows), len(rows))
            counts[rows] = np.bincount(drawn, minlength=len(rows)).astype(np.uint8)[:, None]
        yield counts


def _sets(codes: Rows, people: Rows) -> list[Rows]:
    """Return the (persons, m) rows of the people with each set of groups."""
    found: dict[tuple[int, ...], list[list[int]]] = {}
    for m, rows in _together(people).items():
        for own in rows.tolist():
            pattern = tuple(sorted(codes[own].tolist()))
            found.setdefault((m, *pattern), []).append(own)
    return [np.array(found[pattern], dtype=np.intp) for pattern in sorted(found)]

"""PURE. Signs of poor answers: item nonresponse, straight-lining, speeding, heaping, modes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.sampling.columns import FloatArray
from analysis.sampling.distributions import t_two_sided


@dataclass(frozen=True)
class ItemNonresponse:
    """Shares of an item's missing answers, and the mean if all of them were at a scale's end."""

    inr: float
    refusal: float
    mean_low: float
    mean_high: float


def item_nonresponse(
    *,
    asked: float,
    valid: float,
    refused: float,
    dont_know: float,
    missing: float,
    mean: float,
    scale_min: float,
    scale_max: float,
) -> ItemNonresponse:
    """Return (refused + don't know + missing)/asked, refused/asked, and the bounds of the mean."""
    gone = refused + dont_know + missing
    total = valid + gone
    return ItemNonresponse(
        gone / asked,
        refused / asked,
        (valid * mean + gone * scale_min) / total,
        (valid * mean + gone * scale_max) / total,
    )


@dataclass(frozen=True)
class GridRow:
    """One respondent's answers to a grid."""

    identical: bool
    longest_run: int
    sd: float
    distinct: int
    scale_point_variation: float


@dataclass(frozen=True)
class StraightLining:
    """All rows of a grid, and the share that gave one answer throughout."""

    rows: tuple[GridRow, ...]
    straightlining_rate: float


def straight_lining(grid: FloatArray) -> StraightLining:
    """Return the variation within each row of `grid` (n, items): longest run, sd, 1 - sum p^2."""
    rows = tuple(_grid_row(row) for row in grid)
    return StraightLining(rows, sum(row.identical for row in rows) / len(rows))


def _grid_row(row: FloatArray) -> GridRow:
    _, counts = np.unique(row, return_counts=True)
    breaks = np.flatnonzero(np.diff(row) != 0) + 1
    runs = np.diff([0, *breaks, len(row)])
    share = counts / len(row)
    return GridRow(
        identical=len(counts) == 1,
        longest_run=int(runs.max()),
        sd=float(np.std(row, ddof=1)),
        distinct=len(counts),
        scale_point_variation=float(1 - (share**2).sum()),
    )


@dataclass(frozen=True)
class Speeding:
    """Interviews that were too fast: those below a fraction of the median."""

    median: float
    threshold: float
    flagged: tuple[int, ...]
    log_iqr_low: float


def speeding(seconds: FloatArray, fraction: float = 0.5) -> Speeding:
    """Return the indices of `seconds` (n,) below fraction * median, and a fence on logarithms.

    The fence is exp(Q1 - 1.5 (Q3 - Q1)) of log seconds, quartiles by linear interpolation.
    """
    median = float(np.median(seconds))
    low, high = np.percentile(np.log(seconds), [25, 75])
    flagged = np.flatnonzero(seconds < fraction * median)
    return Speeding(
        median, fraction * median, tuple(flagged.tolist()), float(np.exp(low - 1.5 * (high - low)))
    )


@dataclass(frozen=True)
class Heaping:
    """How much answers prefer round numbers; index 100 means not at all."""

    share: float
    expected: float
    index: float
    z: float
    p_one_sided: float


def heaping(values: FloatArray, base: int = 5) -> Heaping:
    """Return the share of whole `values` (n,) divisible by `base` against 1/base (Whipple)."""
    share = float((values % base == 0).mean())
    expected = 1 / base
    z = (share - expected) / math.sqrt(expected * (1 - expected) / len(values))
    return Heaping(share, expected, 100 * share / expected, z, float(special.ndtr(-z)))


@dataclass(frozen=True)
class ModeEffect:
    """Difference of two modes by Welch's t test."""

    diff: float
    se: float
    t: float
    df: float
    p: float
    cohen_d: float


def mode_effect(*, m1: float, s1: float, n1: float, m2: float, s2: float, n2: float) -> ModeEffect:
    """Return Welch's test (1947) of two means from their sds and sizes, and Cohen's d.

    Compare modes only after weighting both to the same margins.
    """
    v1, v2 = s1**2 / n1, s2**2 / n2
    se = math.sqrt(v1 + v2)
    df = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
    t = (m1 - m2) / se
    pooled = math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))
    return ModeEffect(m1 - m2, se, t, df, t_two_sided(t, df), (m1 - m2) / pooled)


@dataclass(frozen=True)
class Agreement:
    """Two readings of the same cases, for example interview and re-interview."""

    agreement: float
    expected: float
    kappa: float
    gross_difference_rate: float
    net_difference_rate: tuple[float, ...]


def agreement(table: Sequence[Sequence[float]]) -> Agreement:
    """Return Cohen's kappa (1960) and difference rates of a square table of counts.

    Rows are the first reading, columns the second; net differences are first minus second.
    """
    shares = np.asarray(table, dtype=np.float64)
    shares = shares / shares.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float(np.trace(shares)), float(rows @ columns)
    kappa = (observed - expected) / (1 - expected) if expected < 1 else 1.0
    return Agreement(observed, expected, kappa, 1 - observed, tuple((rows - columns).tolist()))


def kappa_error(table: Sequence[Sequence[float]]) -> float | None:
    """Return the large-sample standard error of kappa from a square table of counts.

    Fleiss, Cohen, Everitt (1969, Psychological Bulletin 72, 323-327), the one for kappas other
    than zero: (A + B - C) / (n (1 - pe)^2) with A = sum_i p_ii (1 - (p_i. + p_.i)(1 - k))^2,
    B = (1 - k)^2 sum_{i != j} p_ij (p_.i + p_j.)^2 and C = (k - pe (1 - k))^2. None where kappa
    is not defined: one answer alone was given, in both readings.
    """
    counts = np.asarray(table, dtype=np.float64)
    shares = counts / counts.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    expected = float(rows @ columns)
    if np.count_nonzero(rows) == np.count_nonzero(columns) == 1 and np.trace(shares) > 0:
        return None
    lack = 1 - (float(np.trace(shares)) - expected) / (1 - expected)
    agreed = float(np.diag(shares) @ (1 - (rows + columns) * lack) ** 2)
    crossed = shares * (columns[:, None] + rows[None, :]) ** 2
    others = lack**2 * float(crossed.sum() - np.trace(crossed))
    spread = agreed + others - (1 - lack - expected * lack) ** 2
    return math.sqrt(max(spread, 0.0) / counts.sum()) / (1 - expected)

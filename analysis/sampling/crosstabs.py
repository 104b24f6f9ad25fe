"""PURE. Two-way tables: weighted counts and tests of independence.

Rao-Scott corrections of Pearson's X2: second order as an F (Thomas, Rao 1987), first order as a
chi-square, or the weighted sum of chi-squares itself by its saddlepoint approximation (lincom
and saddlepoint: the same here, as in R without the package CompQuadForm); Wald tests on the
residuals from independence (Koch, Freeman, Freeman 1975), plain and adjusted. As svychisq of
R's survey package 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import FloatArray, IntArray, Labels
from analysis.sampling.design import Design
from analysis.sampling.distributions import (
    chi_square_upper,
    f_upper,
    weighted_chi_squares_upper,
)
from analysis.sampling.estimates import Estimates, estimate
from analysis.sampling.estimators import means_of, require_cases, totals_of
from analysis.sampling.messages import MANY_CELLS, ONE_CATEGORY, SINGULAR, UNKNOWN_CHOICE
from foundation.problems import Place, ProblemsError

STATISTICS = ("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")


@dataclass(frozen=True)
class Crosstab:
    """Weighted counts (rows, columns) of the levels that occur in the domain."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: FloatArray


MOST_CELLS = 1000
"""Cells of a table that is tested: the covariance of its shares has their square."""


@dataclass(frozen=True)
class IndependenceTest:
    """A test of independence: statistic, its degrees of freedom (one, two or none) and p."""

    statistic: float
    parameter: tuple[float, ...]
    p: float


@dataclass(frozen=True)
class _Cells:
    """Rows with both answers, and the index of their cell, row level varying fastest."""

    design: Design
    cell: IntArray
    r: int
    c: int
    names: tuple[tuple[str, ...], tuple[str, ...]]
    df: int
    n: int


def crosstab(design: Design, rows: Labels, columns: Labels) -> Crosstab:
    """Return the weighted two-way table of the domain."""
    cells = _cells(design, rows, columns)
    sums = np.bincount(cells.cell, weights=cells.design.weights, minlength=cells.r * cells.c)
    return Crosstab(*cells.names, sums.astype(np.float64).reshape(cells.c, cells.r).T)


def independence(
    design: Design, rows: Labels, columns: Labels, statistic: str = "F"
) -> IndependenceTest:
    """Return one of `STATISTICS` for the independence of two questions in the domain."""
    if statistic not in STATISTICS:
        choices = ", ".join(STATISTICS)
        raise ProblemsError(
            [UNKNOWN_CHOICE.at(Place(), value=statistic, what="statistic", choices=choices)]
        )
    cells = _cells(design, rows, columns)
    lacking = [
        name
        for name, size in (("row", cells.r), ("column", cells.c))
        if size < 2  # noqa: PLR2004
    ]
    if lacking:
        raise ProblemsError(ONE_CATEGORY.at(Place(item=name), name=name) for name in lacking)
    if cells.r * cells.c > MOST_CELLS:
        most = MOST_CELLS
        raise ProblemsError([MANY_CELLS.at(Place(), rows=cells.r, columns=cells.c, most=most)])
    if statistic in ("Wald", "adjWald"):
        return _wald(cells, adjusted=statistic == "adjWald")
    return _rao_scott(cells, statistic)


def _cells(design: Design, rows: Labels, columns: Labels) -> _Cells:
    domain = design.within(rows.known & columns.known)
    used = domain.inside
    require_cases(means_of(np.zeros(design.n), ["table"]), used)
    row_codes = np.unique(rows.codes[used])
    column_codes = np.unique(columns.codes[used])
    r, c = len(row_codes), len(column_codes)
    at_row = np.searchsorted(row_codes, rows.codes).clip(0, max(r - 1, 0))
    at_column = np.searchsorted(column_codes, columns.codes).clip(0, max(c - 1, 0))
    names = (
        tuple(rows.levels[code] for code in row_codes),
        tuple(columns.levels[code] for code in column_codes),
    )
    cell = np.where(used, at_column * r + at_row, 0)
    return _Cells(domain, cell, r, c, names, design.degrees_of_freedom(), int(design.inside.sum()))


def _indicators(cells: _Cells) -> FloatArray:
    """(n, r*c) one where the row is in the cell."""
    inside = cells.design.inside
    table = np.zeros((len(inside), cells.r * cells.c))
    table[np.arange(len(inside)), cells.cell] = inside
    return table


def _rao_scott(cells: _Cells, statistic: str) -> IndependenceTest:
    names = [str(cell) for cell in range(cells.r * cells.c)]
    shares = estimate(cells.design, means_of(_indicators(cells), names), against="none")
    p, n = shares.values, cells.n
    observed = p.reshape(cells.c, cells.r).T
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    pearson = float(n * ((observed - expected) ** 2 / expected).sum())
    effects = _design_effects(cells, shares, n)
    trace = float(np.trace(effects))
    d0 = trace**2 / float(np.trace(effects @ effects))
    size = len(effects)
    nu = cells.df
    if statistic == "F":
        F = pearson / trace
        return IndependenceTest(F, (d0, d0 * nu), f_upper(F, d0, d0 * nu))
    if statistic == "Chisq":
        tail = chi_square_upper(pearson / (trace / size), size)
        return IndependenceTest(pearson, (float(size),), tail)
    eigenvalues = np.real(np.linalg.eigvals(effects))
    freedom = np.inf if cells.design.replicates is not None else d0 * nu
    return IndependenceTest(pearson, (), weighted_chi_squares_upper(pearson, eigenvalues, freedom))


def _design_effects(cells: _Cells, shares: Estimates, n: int) -> FloatArray:
    """Return the generalised design effects matrix of the interaction (Rao, Scott 1984)."""
    r, c = cells.r, cells.c
    row, column = np.tile(np.eye(r), (c, 1)), np.repeat(np.eye(c), r, axis=0)
    main = np.column_stack([np.ones(r * c), row[:, 1:], column[:, 1:]])
    joint = np.column_stack([row[:, i] * column[:, j] for j in range(1, c) for i in range(1, r)])
    contrast = joint - main @ np.linalg.lstsq(main, joint, rcond=None)[0]
    p = shares.values
    inverse = np.where(p > 0, 1 / np.where(p > 0, p, 1.0), 0.0)
    scaled = contrast * inverse[:, None]
    simple = contrast.T @ scaled / n
    if np.linalg.matrix_rank(simple, hermitian=True) < len(simple):
        raise _singular(cells)
    return np.asarray(np.linalg.solve(simple, scaled.T @ shares.covariance @ scaled))


def _singular(cells: _Cells) -> ProblemsError:
    name = " x ".join("/".join(names) for names in cells.names)
    units, _ = cells.design.counts()
    return ProblemsError([SINGULAR.at(Place(item=name), name=name, units=units)])


def _wald(cells: _Cells, *, adjusted: bool) -> IndependenceTest:
    residuals, covariance = _independence_residuals(cells)
    df = (cells.r - 1) * (cells.c - 1)
    if np.linalg.matrix_rank(covariance, hermitian=True) < df:
        raise _singular(cells)
    wald = float(residuals @ np.linalg.solve(covariance, residuals))
    if not adjusted:
        return IndependenceTest(wald / df, (df, cells.df), f_upper(wald / df, df, cells.df))
    left = cells.df - df + 1
    F = wald * left / (df * cells.df) if cells.df > 0 else float("nan")
    return IndependenceTest(F, (df, left), f_upper(F, df, left))


def _independence_residuals(cells: _Cells) -> tuple[FloatArray, FloatArray]:
    """Return counts minus expected counts beyond the first row and column, and their covariance."""
    r, c = cells.r, cells.c
    totals = estimate(
        cells.design,
        totals_of(_indicators(cells), [str(cell) for cell in range(r * c)]),
        against="none",
    )
    table = totals.values.reshape(c, r).T
    rows, columns, whole = table.sum(axis=1), table.sum(axis=0), table.sum()
    gaps = table - np.outer(rows, columns) / whole
    at_row, at_column = np.tile(np.arange(r), c), np.repeat(np.arange(c), r)
    same_row = at_row[:, None] == at_row
    same_column = at_column[:, None] == at_column
    jacobian = (
        np.eye(r * c)
        - same_row * (columns[at_column] / whole)[:, None]
        - same_column * (rows[at_row] / whole)[:, None]
        + (rows[at_row] * columns[at_column] / whole**2)[:, None]
    )
    kept = (at_row > 0) & (at_column > 0)
    covariance = jacobian @ totals.covariance @ jacobian.T
    return gaps.T.ravel()[kept], covariance[np.ix_(kept, kept)]

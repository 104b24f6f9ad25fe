"""PURE. Statistics as functions of the weights: means, totals, ratios, variances.

Nearly every figure of a survey is a smooth function g of weighted sums S(w) = sum_i w_i z_i. Such
a `Sums` knows its value for any weights, so that replicates need one matrix product, and its
gradient, so that linearisation needs one more. What is not smooth in sums (a quantile, a
regression) is a `Direct` function of one vector of weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import BoolArray, FloatArray
from analysis.sampling.messages import EMPTY_DOMAIN, ZERO_DENOMINATOR
from foundation.problems import Place, ProblemsError


@dataclass(frozen=True)
class Sums:
    """k estimates that are smooth in q weighted sums.

    columns   (n, q) what is summed; zero where a value is missing
    valid     (n, k) rows that count for each estimate
    function  (R, q) sums to (R, k) estimates
    gradient  (q,) sums to the (k, q) derivatives of the estimates
    variable  (q,) sums to the (n, k) variable whose simple-random-sample variance is the
              yardstick of the design effect; None where there is none
    of_total  whether the estimate is a total of that variable and not its mean
    """

    names: tuple[str, ...]
    columns: FloatArray
    valid: BoolArray
    function: Callable[[FloatArray], FloatArray]
    gradient: Callable[[FloatArray], FloatArray]
    variable: Callable[[FloatArray], FloatArray] | None = None
    of_total: bool = False


@dataclass(frozen=True)
class Direct:
    """k estimates from one vector of weights.

    theta   (n,) weights to (k,) estimates
    scores  (n,) weights to (n, k) weighted influence values, which sum to zero
    valid   (n,) rows that count
    """

    names: tuple[str, ...]
    valid: BoolArray
    theta: Callable[[FloatArray], FloatArray]
    scores: Callable[[FloatArray], FloatArray]


Statistic = Sums | Direct


def matrix(values: FloatArray) -> FloatArray:
    """Return `values` as (n, k): a single variable becomes one column."""
    return values[:, None] if values.ndim == 1 else values


def means_of(values: FloatArray, names: Sequence[str]) -> Sums:
    """Return the means of the columns of `values` (n, k), each over its own valid rows."""
    y = matrix(values)
    k = y.shape[1]
    valid = ~np.isnan(y)
    shared = bool(valid.all())
    filled = y if shared else np.where(valid, y, 0.0)
    bases = np.ones((len(y), 1)) if shared else valid.astype(np.float64)
    base_of = np.zeros(k, dtype=np.int64) if shared else np.arange(k)

    def function(sums: FloatArray) -> FloatArray:
        return _divided(sums[:, :k], sums[:, k + base_of])

    def gradient(sums: FloatArray) -> FloatArray:
        base = sums[k + base_of]
        jacobian = np.zeros((k, k + bases.shape[1]))
        jacobian[np.arange(k), np.arange(k)] = 1 / base
        jacobian[np.arange(k), k + base_of] = -sums[:k] / base**2
        return jacobian

    return Sums(
        tuple(names), np.hstack([filled, bases]), valid, function, gradient, lambda _: filled
    )


def totals_of(values: FloatArray, names: Sequence[str]) -> Sums:
    """Return the totals of the columns of `values` (n, k), each over its own valid rows."""
    y = matrix(values)
    valid = ~np.isnan(y)
    filled = np.where(valid, y, 0.0)
    identity = np.eye(y.shape[1])
    return Sums(
        tuple(names),
        filled,
        valid,
        lambda sums: sums,
        lambda _: identity,
        lambda _: filled,
        of_total=True,
    )


def ratios_of(above: FloatArray, below: FloatArray, names: Sequence[str]) -> Sums:
    """Return the ratios of totals, column by column of `above` and `below`, both (n, k)."""
    top, bottom = matrix(above), matrix(below)
    k = top.shape[1]
    valid = ~(np.isnan(top) | np.isnan(bottom))
    top, bottom = np.where(valid, top, 0.0), np.where(valid, bottom, 0.0)
    each = np.arange(k)

    def function(sums: FloatArray) -> FloatArray:
        return _divided(sums[:, :k], sums[:, k:])

    def gradient(sums: FloatArray) -> FloatArray:
        jacobian = np.zeros((k, 2 * k))
        jacobian[each, each] = 1 / sums[k:]
        jacobian[each, k + each] = -sums[:k] / sums[k:] ** 2
        return jacobian

    def residual(sums: FloatArray) -> FloatArray:
        return np.asarray((top - sums[:k] / sums[k:] * bottom) / sums[k:])

    columns = np.hstack([top, bottom])
    return Sums(tuple(names), columns, valid, function, gradient, residual, of_total=True)


def variances_of(values: FloatArray, names: Sequence[str], counts: FloatArray) -> Sums:
    """Return the population variances of the columns of `values` (n, k).

    s2 = n/(n - 1) * sum w (y - mean)^2 / sum w, n being `counts` (k,), the valid cases of the
    domain (svyvar of R's survey package).
    """
    y = matrix(values)
    k = y.shape[1]
    valid = ~np.isnan(y)
    origin = np.where(valid, y, 0.0).sum(axis=0) / np.maximum(valid.sum(axis=0), 1)
    deviation = np.where(valid, y - origin, 0.0)
    factor = counts / np.maximum(counts - 1, 1)
    each = np.arange(k)

    def function(sums: FloatArray) -> FloatArray:
        base = sums[:, 2 * k :]
        first, second = _divided(sums[:, :k], base), _divided(sums[:, k : 2 * k], base)
        defined = np.isfinite(first) & np.isfinite(second)
        spread = np.subtract(second, first**2, out=np.full_like(first, np.inf), where=defined)
        return np.asarray(factor * spread)

    def gradient(sums: FloatArray) -> FloatArray:
        base, first, second = sums[2 * k :], sums[:k], sums[k : 2 * k]
        jacobian = np.zeros((k, 3 * k))
        jacobian[each, each] = -2 * factor * first / base**2
        jacobian[each, k + each] = factor / base
        jacobian[each, 2 * k + each] = factor * (2 * first**2 / base**3 - second / base**2)
        return jacobian

    columns = np.hstack([deviation, deviation**2, valid.astype(np.float64)])
    return Sums(tuple(names), columns, valid, function, gradient)


def joined(parts: Sequence[Sums]) -> Sums:
    """Return several statistics of the same rows as one, so that they share a covariance."""
    widths = np.cumsum([0, *(part.columns.shape[1] for part in parts)])
    pieces = [
        (part, slice(start, stop))
        for part, start, stop in zip(parts, widths[:-1], widths[1:], strict=True)
    ]

    def function(sums: FloatArray) -> FloatArray:
        return np.hstack([part.function(sums[:, piece]) for part, piece in pieces])

    def gradient(sums: FloatArray) -> FloatArray:
        blocks = [part.gradient(sums[piece]) for part, piece in pieces]
        jacobian = np.zeros((sum(len(block) for block in blocks), widths[-1]))
        row = 0
        for block, (_, piece) in zip(blocks, pieces, strict=True):
            jacobian[row : row + len(block), piece] = block
            row += len(block)
        return jacobian

    names = tuple(name for part in parts for name in part.names)
    columns = np.hstack([part.columns for part in parts])
    valid = np.hstack([part.valid for part in parts])
    return Sums(names, columns, valid, function, gradient)


def restricted(statistic: Sums, rows: BoolArray) -> Sums:
    """Return the statistic of the subpopulation `rows` (n,) under the weights of all rows."""
    return Sums(
        statistic.names,
        statistic.columns * rows[:, None],
        statistic.valid & rows[:, None],
        statistic.function,
        statistic.gradient,
        statistic.variable,
        of_total=statistic.of_total,
    )


def require_cases(statistic: Statistic, inside: BoolArray) -> None:
    """Raise a problem for each estimate without a single valid case inside the domain."""
    valid = statistic.valid if statistic.valid.ndim > 1 else statistic.valid[:, None]
    empty = ~(valid & inside[:, None]).any(axis=0)
    if empty.any():
        raise ProblemsError(
            EMPTY_DOMAIN.at(Place(item=name), name=name)
            for name, lacking in zip(
                statistic.names, np.resize(empty, len(statistic.names)), strict=True
            )
            if lacking
        )


def require_denominators(statistic: Statistic, values: FloatArray) -> None:
    """Raise a problem for each estimate that came out undefined."""
    undefined = ~np.isfinite(values)
    if undefined.any():
        raise ProblemsError(
            ZERO_DENOMINATOR.at(Place(item=name), name=name)
            for name, bad in zip(statistic.names, undefined, strict=True)
            if bad
        )


def _divided(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Return top/bottom, infinite where the bottom is zero; the caller names the problem."""
    filled = np.full(np.broadcast(top, bottom).shape, np.inf)
    defined = np.broadcast_to(bottom != 0, filled.shape)
    return np.asarray(np.divide(top, bottom, out=filled, where=defined))

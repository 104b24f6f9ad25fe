"""PLS written down a second time, on rows of data: no moments, no batches, least squares by numpy.

Mode A, path scheme, standardised, and PLSc: what the judging figures are checked against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.model.specify import Model

FloatArray = NDArray[np.float64]


@dataclass
class Plain:
    """weights (p,), loadings (p,), paths (k, k) [target, source], mean and sd (p,) of the items.

    constructs (k, k) and correlations (p, p) of constructs and items.
    """

    weights: FloatArray
    loadings: FloatArray
    constructs: FloatArray
    paths: FloatArray
    mean: FloatArray
    sd: FloatArray
    correlations: FloatArray


def blocks(model: Model) -> list[list[int]]:
    place = {item: i for i, item in enumerate(model.indicators)}
    return [[place[item] for item in construct.indicators] for construct in model.constructs]


def sources(model: Model) -> list[list[int]]:
    return [
        [model.names.index(p.source) for p in model.paths if p.target == name]
        for name in model.names
    ]


def slopes(x: FloatArray, y: FloatArray) -> FloatArray:
    return np.linalg.lstsq(x, y, rcond=None)[0]


def plain_pls(model: Model, data: FloatArray, *, consistent: bool = False) -> Plain:
    """Estimate the model on complete rows."""
    own = blocks(model)
    mean, sd = data.mean(axis=0), data.std(axis=0)
    z = (data - mean) / sd
    weights = _iterated(z, own, sources(model))
    scores = scored(z, weights, own)
    constructs = np.corrcoef(scores.T)
    loadings = np.concatenate(
        [[np.corrcoef(z[:, i], scores[:, j])[0, 1] for i in own[j]] for j in range(len(own))]
    )
    plain = Plain(weights, loadings, constructs, np.empty(0), mean, sd, np.corrcoef(z.T))
    if consistent:
        _correct(plain, own)
    plain.paths = _regressed(plain.constructs, sources(model))
    return plain


def _iterated(z: FloatArray, own: list[list[int]], before: list[list[int]]) -> FloatArray:
    weights, k = np.ones(z.shape[1]), len(own)
    for _ in range(500):
        scores = scored(z, weights, own)
        fresh = np.empty_like(weights)
        for j in range(k):
            after = [t for t in range(k) if j in before[t]]
            inner = sum(np.corrcoef(scores[:, j], scores[:, t])[0, 1] * scores[:, t] for t in after)
            if before[j]:
                inner = inner + scores[:, before[j]] @ slopes(scores[:, before[j]], scores[:, j])
            fresh[own[j]] = z[:, own[j]].T @ inner
        fresh = _unit(z, fresh, own)
        if np.abs(fresh - weights).max() < 1e-13:
            break
        weights = fresh
    return fresh


def _regressed(constructs: FloatArray, before: list[list[int]]) -> FloatArray:
    paths = np.zeros_like(constructs)
    for j, rows in enumerate(before):
        if rows:
            paths[j, rows] = np.linalg.solve(constructs[np.ix_(rows, rows)], constructs[rows, j])
    return paths


def _correct(plain: Plain, own: list[list[int]]) -> None:
    """Free loadings and construct correlations of measurement error by rho_A."""
    rho = np.ones(len(own))
    for j, block in enumerate(own):
        w, s = plain.weights[block], plain.correlations[np.ix_(block, block)]
        if len(block) > 1:
            over = w @ (s - np.diag(np.diag(s))) @ w
            under = w @ (np.outer(w, w) - np.diag(w * w)) @ w
            rho[j] = (w @ w) ** 2 * over / under
            plain.loadings[block] = w * np.sqrt(rho[j]) / (w @ w)
    plain.constructs = plain.constructs / np.sqrt(np.outer(rho, rho))
    np.fill_diagonal(plain.constructs, 1.0)


def scored(z: FloatArray, weights: FloatArray, own: list[list[int]]) -> FloatArray:
    return np.stack([z[:, block] @ weights[block] for block in own], axis=1)


def _unit(z: FloatArray, weights: FloatArray, own: list[list[int]]) -> FloatArray:
    found = weights.copy()
    for block in own:
        score = z[:, block] @ weights[block]
        sign = np.sign((z[:, block] * score[:, None]).sum())
        found[block] = sign * weights[block] / score.std()
    return found


def distances(model: Model, plain: Plain) -> tuple[float, float, float]:
    """Return SRMR, d_ULS and d_G (logarithm to base 10) of a plain estimate, cell by cell."""
    s, implied = plain.correlations, implied_items(model, plain)
    gaps = s - implied
    lower = [gaps[a, b] ** 2 for a in range(len(s)) for b in range(a + 1)]
    values = np.linalg.eigvals(np.linalg.inv(implied) @ s).real
    return (
        float(np.sqrt(np.mean(lower))),
        float(0.5 * (gaps**2).sum()),
        float(0.5 * (np.log10(values) ** 2).sum()),
    )


def implied_items(model: Model, plain: Plain) -> FloatArray:
    """Return the (p, p) correlations of items that a plain estimate implies."""
    own, before = blocks(model), sources(model)
    k = len(own)
    free = np.diag([1 - plain.paths[j] @ plain.constructs[j] for j in range(k)])
    outside = [j for j in range(k) if not before[j]]
    free[np.ix_(outside, outside)] = plain.constructs[np.ix_(outside, outside)]
    reach = np.linalg.inv(np.eye(k) - plain.paths)
    phi = reach @ free @ reach.T
    np.fill_diagonal(phi, 1.0)
    spread = np.zeros((len(plain.weights), k))
    for j, block in enumerate(own):
        spread[block, j] = plain.loadings[block]
    implied = spread @ phi @ spread.T
    np.fill_diagonal(implied, 1.0)
    return implied

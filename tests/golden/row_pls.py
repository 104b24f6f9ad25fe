"""PLS from the textbooks, case by case: every key of a run in mobi_pls.json, for any model.

Lohmoeller (1989), ch. 2, and Tenenhaus et al. (2005) for the iteration; Dijkstra, Henseler (2015)
for rho_A and PLSc; Bollen (1989), ch. 4, for implied correlations; Fornell et al. (1996) for the
index. Standardised columns and least squares on rows: no moments, nothing shared with the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Json = dict[str, Any]


@dataclass
class Sample:
    """Items (n, p) without gaps and case weights (n,); means and moments are weighted."""

    x: FloatArray
    w: FloatArray

    def mean(self, y: FloatArray) -> FloatArray:
        return self.w @ y / self.w.sum()

    def standard(self, y: FloatArray) -> FloatArray:
        centred = y - self.mean(y)
        return centred / np.sqrt(self.mean(centred**2))

    def correlations(self, a: FloatArray, b: FloatArray) -> FloatArray:
        rows = [[self.mean(self.standard(u) * self.standard(v)) for v in b.T] for u in a.T]
        return np.array(rows)

    def regression(self, y: FloatArray, on: FloatArray) -> FloatArray:
        root = np.sqrt(self.w)
        return np.linalg.lstsq(on * root[:, None], y * root, rcond=None)[0]


@dataclass
class Structure:
    """Names, item columns and modes of the constructs; arrows[i, j] is a path from i to j."""

    names: list[str]
    items: list[str]
    blocks: list[list[int]]
    modes: list[str]
    arrows: NDArray[np.bool_]
    pairs: list[tuple[int, int]]


def structure(model: Json) -> Structure:
    names = [construct["name"] for construct in model["constructs"]]
    items = [item for construct in model["constructs"] for item in construct["indicators"]]
    blocks = [[items.index(i) for i in own["indicators"]] for own in model["constructs"]]
    pairs = [(names.index(path["from"]), names.index(path["to"])) for path in model["paths"]]
    arrows = np.zeros((len(names), len(names)), dtype=bool)
    arrows[tuple(np.array(pairs).T)] = True
    modes = [construct.get("mode", "A") for construct in model["constructs"]]
    return Structure(names, items, blocks, modes, arrows, pairs)


def prepared(model: Json, s: Structure, data: FloatArray, w: FloatArray) -> tuple[Sample, Any]:
    """Return the sample, means in the gaps and reversed items turned, and the scale ends."""
    ends = [model.get("scales", {}).get(item, model.get("scale")) for item in s.items]
    low, high = np.array([[end["min"], end["max"]] for end in ends], dtype=float).T
    x = np.array(data, dtype=float)
    x[x == model.get("missing_code")] = np.nan
    turned = np.isin(s.items, model.get("reversed", []))
    x[:, turned] = (low + high - x)[:, turned]
    for column in x.T:
        there = ~np.isnan(column)
        column[~there] = w[there] @ column[there] / w[there].sum()
    return Sample(x, w), (low, high)


def scores(
    s: Structure, z: FloatArray, sample: Sample, scheme: str
) -> tuple[list[Any], FloatArray]:
    """Return the outer weights of the columns z by construct, and the scores (n, k)."""
    weights = [np.ones(len(block)) for block in s.blocks]
    for _ in range(5000):
        y = np.stack(
            [sample.standard(z[:, b] @ v) for b, v in zip(s.blocks, weights, strict=True)], 1
        )
        inner = inner_weights(s, y, sample, scheme)
        before, weights = weights, []
        for block, mode, towards in zip(s.blocks, s.modes, (y @ inner).T, strict=True):
            own = z[:, block]
            found = (
                sample.mean(own * towards[:, None])
                if mode == "A"
                else sample.regression(towards, own)
            )
            weights.append(found / np.sqrt(sample.mean((own @ found) ** 2)))
        gaps = [np.abs(np.abs(a) - np.abs(b)).max() for a, b in zip(before, weights, strict=True)]
        if max(gaps) < 1e-14:
            break
    y = np.stack([z[:, b] @ v for b, v in zip(s.blocks, weights, strict=True)], 1)
    for j, block in enumerate(s.blocks):
        together = sum(sample.standard(column) for column in sample.x[:, block].T)
        if sample.mean(together * y[:, j]) < 0:
            weights[j], y[:, j] = -weights[j], -y[:, j]
    return weights, y


def inner_weights(s: Structure, y: FloatArray, sample: Sample, scheme: str) -> FloatArray:
    r = sample.correlations(y, y)
    inner = np.where(s.arrows | s.arrows.T, np.sign(r) if scheme == "centroid" else r, 0.0)
    for j in np.flatnonzero(s.arrows.any(axis=0)) if scheme == "path" else []:
        before = s.arrows[:, j]
        inner[before, j] = sample.regression(y[:, j], y[:, before])
    return inner


def row_pls(
    model: Json,
    data: FloatArray,
    weights: FloatArray | None = None,
    *,
    scheme: str = "path",
    consistent: bool = False,
) -> Json:
    """Return a run of the model file on (n, p) answers, in the standardised metric."""
    s, n = structure(model), len(data)
    sample, ends = prepared(model, s, data, np.ones(n) if weights is None else weights)
    z = np.stack([sample.standard(column) for column in sample.x.T], 1)
    outer, y = scores(s, z, sample, scheme)
    item_r, cross = sample.correlations(z, z), sample.correlations(z, y)
    flat, loadings, rho = np.concatenate(outer), np.zeros(len(s.items)), np.ones(len(s.names))
    factors = [j for j, b in enumerate(s.blocks) if s.modes[j] == "A" and len(b) > 1]
    for j, block in enumerate(s.blocks):
        loadings[block] = cross[block, j]
        if len(block) > 1:
            rho[j] = dijkstra(flat[block], item_r[np.ix_(block, block)])
    r = sample.correlations(y, y)
    if consistent:
        root = np.array([np.sqrt(rho[j]) if j in factors else 1.0 for j in range(len(rho))])
        r = r / np.outer(root, root) + np.diag(1 - 1 / root**2)
        for j in factors:
            own = flat[s.blocks[j]]
            loadings[s.blocks[j]] = own * root[j] / (own @ own)
    return {
        "outer_weights": by_item(s, flat),
        "loadings": by_item(s, loadings),
        "cross_loadings": table(s.items, s.names, cross),
        "construct_correlations": table(s.names, s.names, r),
        "rho_A": dict(zip(s.names, rho, strict=True)),
        **quality(s, item_r, loadings, r),
        **inner_model(s, r, n, item_r, loadings),
        "index": index(s, flat, sample, ends, n),
    }


def dijkstra(w: FloatArray, r: FloatArray) -> float:
    products = np.outer(w, w)
    apart = ~np.eye(len(w), dtype=bool)
    return float((w @ w) ** 2 * (products * r)[apart].sum() / (products**2)[apart].sum())


def quality(s: Structure, item_r: FloatArray, loadings: FloatArray, r: FloatArray) -> Json:
    found: Json = {key: {} for key in ("cronbach_alpha", "rho_C", "AVE", "vif_outer")}
    for name, block in zip(s.names, s.blocks, strict=True):
        own, lead, m = item_r[np.ix_(block, block)], loadings[block], len(block)
        found["cronbach_alpha"][name] = m / (m - 1) * (1 - m / own.sum()) if m > 1 else 1.0
        found["rho_C"][name] = lead.sum() ** 2 / (lead.sum() ** 2 + (1 - lead**2).sum())
        found["AVE"][name] = (lead**2).mean()
        inflation = np.diag(np.linalg.inv(own))
        found["vif_outer"][name] = {s.items[i]: v for i, v in zip(block, inflation, strict=True)}
    root = np.sqrt(list(found["AVE"].values()))
    found["fornell_larcker"] = table(s.names, s.names, r + np.diag(root - 1))
    for key, values in (("raw", item_r), ("absolute", np.abs(item_r))):
        found[f"htmt_{key}_correlations"] = htmt(s, values)
    return found


def htmt(s: Structure, values: FloatArray) -> Json:
    def within(block: list[int]) -> float:
        pairs = [values[a, b] for a in block for b in block if a < b]
        return float(np.mean(pairs)) if pairs else 1.0

    return {
        one: {
            other: values[np.ix_(a, b)].mean() / np.sqrt(within(a) * within(b))
            for other, b in zip(s.names, s.blocks, strict=True)
            if other != one
        }
        for one, a in zip(s.names, s.blocks, strict=True)
    }


def inner_model(
    s: Structure, r: FloatArray, n: int, item_r: FloatArray, loadings: FloatArray
) -> Json:
    k, names = len(s.names), s.names
    paths, found = np.zeros((k, k)), {key: {} for key in ("r2", "r2_adj", "vif_inner", "f2")}
    for j in np.flatnonzero(s.arrows.any(axis=0)):
        before = np.flatnonzero(s.arrows[:, j])
        paths[before, j], whole = explained(r, before, j)
        m, name = len(before), names[j]
        found["r2"][name] = whole
        found["r2_adj"][name] = 1 - (1 - whole) * (n - 1) / (n - m - 1)
        inflation = np.diag(np.linalg.inv(r[np.ix_(before, before)]))
        found["vif_inner"][name] = {names[i]: v for i, v in zip(before, inflation, strict=True)}
        without = {i: explained(r, before[before != i], j)[1] for i in before}
        found["f2"][name] = {names[i]: (whole - v) / (1 - whole) for i, v in without.items()}
    totals = np.linalg.inv(np.eye(k) - paths) - np.eye(k)
    routes = np.linalg.inv(np.eye(k) - s.arrows) - np.eye(k) > 0.5
    return {
        **found,
        "paths": [arrow(names, i, j, value=paths[i, j]) for i, j in s.pairs],
        "total_effects": [
            arrow(names, i, j, total=totals[i, j], indirect=totals[i, j] - paths[i, j])
            for j, i in np.argwhere(routes.T)
        ],
        "fit": fit(s, r, paths, item_r, loadings),
    }


def explained(r: FloatArray, before: NDArray[np.intp], j: int) -> tuple[FloatArray, float]:
    found = np.linalg.solve(r[np.ix_(before, before)], r[before, j])
    return found, float(found @ r[before, j])


def fit(
    s: Structure, r: FloatArray, paths: FloatArray, item_r: FloatArray, loadings: FloatArray
) -> Json:
    """SRMR, d_ULS, d_G (logarithm to base 10) and degrees of freedom, as cSEM has them."""
    k, p = len(s.names), len(s.items)
    outside = np.flatnonzero(~s.arrows.any(axis=0))
    rest = np.diag(1 - (paths * r).sum(axis=0))
    rest[np.ix_(outside, outside)] = r[np.ix_(outside, outside)]
    spread = np.linalg.inv(np.eye(k) - paths)
    constructs = spread.T @ rest @ spread
    np.fill_diagonal(constructs, 1)
    lead = np.zeros((p, k))
    for j, block in enumerate(s.blocks):
        lead[block, j] = loadings[block]
    implied = lead @ constructs @ lead.T
    np.fill_diagonal(implied, 1)
    free = int(s.arrows.sum()) + len(outside) * (len(outside) - 1) // 2
    for mode, block in zip(s.modes, s.blocks, strict=True):
        m = len(block)
        free += m if mode == "A" else m - 1 + m * (m - 1) // 2
        if mode == "B":
            implied[np.ix_(block, block)] = item_r[np.ix_(block, block)]
    gaps = item_r - implied
    ratios = np.linalg.eigvals(np.linalg.solve(item_r, implied)).real
    return {
        "srmr": np.sqrt((np.tril(gaps) ** 2).sum() / (p * (p + 1) / 2)),
        "d_ULS": (gaps**2).sum() / 2,
        "d_G": (np.log10(ratios) ** 2).sum() / 2,
        "df": p * (p - 1) // 2 - free,
    }


def index(s: Structure, flat: FloatArray, sample: Sample, ends: Any, n: int) -> Json:
    deviation = np.sqrt(sample.mean((sample.x - sample.mean(sample.x)) ** 2) * n / (n - 1))
    slopes, found = flat / deviation, {}
    for name, block in zip(s.names, s.blocks, strict=True):
        share = slopes[block] / slopes[block].sum()
        low, high = ends[0][block] @ share, ends[1][block] @ share
        own = 100 * (sample.x[:, block] @ share - low) / (high - low)
        level = sample.mean(own)
        found[name] = {
            "unstandardised_weights": {s.items[i]: slopes[i] for i in block},
            "normalised_weights": {s.items[i]: v for i, v in zip(block, share, strict=True)},
            "index_0_100": level,
            "sd_of_scores": np.sqrt(sample.mean((own - level) ** 2) * n / (n - 1)),
        }
    return found


def by_item(s: Structure, values: FloatArray) -> Json:
    return {
        name: {s.items[i]: values[i] for i in block}
        for name, block in zip(s.names, s.blocks, strict=True)
    }


def table(rows: list[str], columns: list[str], values: FloatArray) -> Json:
    return {
        row: dict(zip(columns, own, strict=True)) for row, own in zip(rows, values, strict=True)
    }


def arrow(names: list[str], i: int, j: int, **values: float) -> Json:
    return {"from": names[i], "to": names[j], **values}

"""PURE. Weighted means and covariances of the items, for many weightings in one matrix product."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.polychoric import categories, correlations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.model.polychoric import Categories
    from analysis.model.settings import Missing

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

CONSTANT = 1e-12
"""An item whose variance falls below this share of the whole sample's counts as constant."""

WHOLE = 4_000_000
"""Most numbers of a table of products that is made once and kept."""
BLOCK = 2_000_000
"""Numbers of a larger table that are made at a time."""
GRAM_BLOCK = 4_000_000


@dataclass(frozen=True)
class Moments:
    """What the estimation needs of the data, for B weightings (resamples) of the same cases.

    means (p, B) and covariances (p, p, B, divided by the sum of the weights) are in the units
    of the items. `varies` (B,) tells where every item has more than one answer;
    elsewhere the covariances are a stand-in that keeps the arithmetic finite.
    """

    means: FloatArray
    covariances: FloatArray
    varies: BoolArray


@dataclass(frozen=True)
class Products:
    """The cases, ready to give the products of every two items to one matrix product.

    Items are shifted by their mean and divided by their standard deviation before, so that
    large values do not swamp the covariances. `items` (p, n) has zero where an answer is
    missing; `answered` (p, n) marks the answers that are there, or is None when all are;
    `base` (n,) are case weights that every weighting is multiplied by, or None. With `categories`
    the items are ordinal and correlate as the normal variables behind them do.
    """

    items: FloatArray
    answered: BoolArray | None
    shift: FloatArray
    unit: FloatArray
    missing: Missing
    base: FloatArray | None
    categories: Categories | None = None

    @property
    def n(self) -> int:
        """Return the number of cases."""
        return int(self.items.shape[1])

    def blocks(self) -> Iterator[tuple[slice, FloatArray]]:
        """Yield the (q, rows) table of products, a slice of the cases at a time."""
        if len(self._whole):
            yield slice(0, self.n), self._whole
            return
        for rows in self._slices:
            yield rows, self._table(rows)

    @cached_property
    def _whole(self) -> FloatArray:
        """Return the table of all cases when it is small enough to be kept, else nothing."""
        return self._table(slice(0, self.n)) if len(self._slices) == 1 else np.empty(0)

    @cached_property
    def _slices(self) -> list[slice]:
        p = len(self.items)
        q = p * p // 2 if self.answered is None else 3 * p * p
        return _cut(self.n, self.n if q * self.n <= WHOLE else BLOCK // q)

    def _table(self, rows: slice) -> FloatArray:
        items = self.items[:, rows]
        if self.answered is None:
            return _full_table(items, None if self.base is None else self.base[rows])
        table = _gap_table(items, self.answered[:, rows].astype(float), self.missing)
        return table if self.base is None else table * self.base[rows]


def products(
    data: FloatArray,
    missing: Missing = "mean",
    base: FloatArray | None = None,
    *,
    ordinal: bool = False,
) -> Products:
    """Return (n, p) data made ready for `moments`; NaN is a missing answer."""
    items = np.array(data.T, order="C", dtype=float)
    absent = np.isnan(items)
    complete = not absent.any()
    shift = items.mean(axis=1) if complete else np.nanmean(items, axis=1)
    items -= shift[:, None]
    items[absent] = 0.0
    there = items.shape[1] - absent.sum(axis=1)
    spread = np.sqrt(np.einsum("pn,pn->p", items, items) / np.maximum(there, 1))
    unit = np.where(spread > 0, spread, 1.0)
    items /= unit[:, None]
    levels = categories(data, base) if ordinal else None
    return Products(items, None if complete else ~absent, shift, unit, missing, base, levels)


def sample_moments(source: Products) -> Moments:
    """Return the moments of the sample itself, a stack of one: `moments` under weights of one.

    One product of the items with themselves is enough here, which is many times faster than the
    table of products that a stack of weightings needs.
    """
    p = len(source.items)
    found = [_grams(source, rows) for rows in _cut(source.n, GRAM_BLOCK // p)]
    whole = from_sums(source, sum(found[1:], found[0])[:, None])
    return _latent(source, np.ones((1, source.n)), whole)


def _grams(source: Products, rows: slice) -> FloatArray:
    """Return the (q,) weighted sums of the table of products over some of the cases."""
    items = source.items[:, rows]
    base = np.ones(items.shape[1]) if source.base is None else source.base[rows]
    heavy, upper = items * base, np.triu_indices(len(items))
    squares = (heavy @ items.T)[upper]
    if source.answered is None:
        return np.concatenate([[base.sum()], heavy.sum(axis=1), squares])
    there = source.answered[:, rows].astype(float)
    parts = [[base.sum()], squares, ((there * base) @ there.T)[upper], (heavy @ there.T).ravel()]
    if source.missing == "pairwise":
        parts.append(((heavy * items) @ there.T).ravel())
    return np.concatenate(parts)


def _cut(n: int, step: int) -> list[slice]:
    return [slice(start, min(start + step, n)) for start in range(0, n, max(step, 1))]


def moments(source: Products, weights: FloatArray | NDArray[np.uint8]) -> Moments:
    """Return the moments of the items under each row of `weights`.

    Resampling rows and weighting them by how often they were drawn is the same computation; the
    number of cases matters in this one product only.

    Parameters
    ----------
    source            the cases, made ready by `products`
    weights : (B, n)  how often (or how heavily) each case counts in each of B resamples
    """
    sums: FloatArray | None = None
    for rows, table in source.blocks():
        found = table @ weights[:, rows].T.astype(float)
        sums = found if sums is None else np.add(sums, found, out=sums)
    assert sums is not None  # noqa: S101 - there is at least one case
    return _latent(source, weights, from_sums(source, sums))


def _latent(source: Products, weights: FloatArray | NDArray[np.uint8], found: Moments) -> Moments:
    """Return the moments with polychoric correlations when the items are ordinal."""
    if source.categories is None:
        return found
    deviations = np.sqrt(np.einsum("iib->ib", found.covariances))
    latent = correlations(source.categories, weights.astype(float))
    latent *= deviations[:, None] * deviations[None]
    latent[:, :, ~found.varies] = found.covariances[:, :, ~found.varies]
    return replace(found, covariances=latent)


def from_sums(source: Products, sums: FloatArray) -> Moments:
    """Return moments from the (q, B) weighted sums of the products, however added up."""
    shares = sums[1:] / _safe(sums[0])
    if source.answered is None:
        means, covariances = _complete(shares, len(source.shift))
    else:
        means, covariances = _gappy(shares, source)
    varies = (np.einsum("iib->ib", covariances) > CONSTANT).all(axis=0)
    if not varies.all():
        covariances[:, :, ~varies] = np.eye(len(covariances))[:, :, None]
    unit = source.unit[:, None]
    covariances *= unit[:, None] * unit[None]
    return Moments(means * unit + source.shift[:, None], covariances, varies)


def _full_table(items: FloatArray, base: FloatArray | None) -> FloatArray:
    """Return ones, the (p, n) items and the products of every two, times the (n,) case weights.

    Row by row into place: for many cases this costs as much as the product that follows.
    """
    p, n = items.shape
    table = np.empty((1 + p + p * (p + 1) // 2, n))
    table[0] = 1.0 if base is None else base
    heavy = np.multiply(items, table[0], out=table[1 : p + 1])
    end = p + 1
    for i in range(p):
        start, end = end, end + p - i
        np.multiply(items[i:], heavy[i], out=table[start:end])
    return table


def _pairs(rows: FloatArray) -> FloatArray:
    """Return (p(p+1)/2, n) products of every two of the (p, n) rows, row 0 by row 0 first."""
    return np.concatenate([rows[i] * rows[i:] for i in range(len(rows))])


def _crossed(rows: FloatArray, there: FloatArray) -> FloatArray:
    return (rows[:, None] * there[None]).reshape(-1, rows.shape[1])


def _gap_table(items: FloatArray, there: FloatArray, missing: Missing) -> FloatArray:
    """Return ones, products of items, presences of pairs, and items (squares) by presence."""
    ones = np.ones((1, items.shape[1]))
    squares = [_crossed(items * items, there)] if missing == "pairwise" else []
    return np.vstack([ones, _pairs(items), _pairs(there), _crossed(items, there), *squares])


def _complete(shares: FloatArray, p: int) -> tuple[FloatArray, FloatArray]:
    means = shares[:p]
    covariances = shares[p:][_square(p)]
    covariances -= means[:, None] * means[None]
    return means, covariances


def _gappy(shares: FloatArray, source: Products) -> tuple[FloatArray, FloatArray]:
    """Return moments when answers are missing, from sums over those who answered both items.

    Mean replacement makes an absent answer's deviation zero, so its products add nothing and
    its case still counts in the divisor.
    """
    p = len(source.shift)
    pairs = p * (p + 1) // 2
    both, present = shares[:pairs][_square(p)], shares[pairs : 2 * pairs][_square(p)]
    crossed = shares[2 * pairs : 2 * pairs + p * p].reshape(p, p, -1)
    means = np.einsum("iib->ib", crossed) / _safe(np.einsum("iib->ib", present))
    if source.missing == "pairwise":
        squares = shares[2 * pairs + p * p :].reshape(p, p, -1)
        return means, _pairwise(both / _safe(present), crossed, squares, present)
    half = crossed * means[None]
    covariances = both - half - half.swapaxes(0, 1) + present * means[:, None] * means[None]
    return means, covariances


def _pairwise(
    both: FloatArray, crossed: FloatArray, squares: FloatArray, present: FloatArray
) -> FloatArray:
    """Return covariances that give each pair the correlation of the cases with both answers.

    The standard deviations are those of all who answered the item. Pairs that nobody answered
    get a covariance of zero.
    """
    mean = crossed / _safe(present)
    square = squares / _safe(present) - mean * mean
    covariance = both - mean * mean.swapaxes(0, 1)
    spread = np.sqrt(_safe(square * square.swapaxes(0, 1)))
    deviation = np.sqrt(np.maximum(np.einsum("iib->ib", square), 0.0))
    return np.asarray(covariance / spread * deviation[:, None] * deviation[None])


def _square(p: int) -> NDArray[np.intp]:
    """Return for each pair of items where its product stands in a list of pairs."""
    places = np.empty((p, p), dtype=np.intp)
    first, second = np.triu_indices(p)
    places[first, second] = places[second, first] = np.arange(len(first))
    return places


def _safe(divisor: FloatArray) -> FloatArray:
    return np.where(divisor > 0, divisor, 1.0)

"""PURE. PLSpredict: what the model says of cases that it has not seen, item by item.

The cases are parted into k folds; the model is estimated without each fold in turn and predicts
the answers of its cases. All folds of a repetition are one batch of moment matrices.

Source: Shmueli, Ray, Velasquez Estrada, Chatla (2016), Journal of Business Research 69,
4552-4564; Shmueli, Sarstedt, Hair et al. (2019), European Journal of Marketing 53, 2322-2347.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.model.estimates import Status, estimate
from analysis.model.linear import solve
from analysis.model.moments import moments, products

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.settings import Settings

    FloatArray = NDArray[np.float64]

Antecedents = Literal["earliest", "direct"]


@dataclass(frozen=True)
class Plan:
    """How cases are held out.

    Parameters
    ----------
    folds, repeats    k parts of the cases, drawn r times anew; predictions are averaged over
                      the repetitions
    antecedents       earliest: from the exogenous constructs through all paths (the source's
                      choice); direct: from the scores of the direct predecessors
    """

    folds: int = 10
    repeats: int = 10
    seed: int = 1
    antecedents: Antecedents = "earliest"


@dataclass(frozen=True)
class Prediction:
    """Answers and predictions of n cases for the q items of the constructs that paths lead to.

    actual, pls, linear, average : (n, q), in the units of the items. NaN: no answer, or a fold
    that could not be estimated. `linear` is the benchmark that regresses each item on all items
    of the antecedents, `average` the item's mean among the training cases.
    items : q positions of the items; weights : (n,) of the cases.
    lost, lost_linear             folds of all repetitions without an estimate
    """

    plan: Plan
    items: tuple[int, ...]
    weights: FloatArray
    actual: FloatArray
    pls: FloatArray
    linear: FloatArray
    average: FloatArray
    lost: int
    lost_linear: int


@dataclass(frozen=True)
class Accuracy:
    """How near the predictions of one kind come, each (q,): NaN where nothing was predicted.

    rmse and mae are in the units of the items; q2 is one minus the squared errors over those of
    the training mean (Q2predict).
    """

    rmse: FloatArray
    mae: FloatArray
    q2: FloatArray


def predict(
    layout: Layout,
    values: FloatArray,
    weights: FloatArray | None,
    settings: Settings,
    plan: Plan | None = None,
) -> Prediction:
    """Return predictions of every case by models that were estimated without it.

    Composites predict, also in a consistent estimation. A missing answer of a held-out case
    counts as the training mean where it predicts, and is left out where it is predicted. With
    more folds than cases every case is its own fold.

    Parameters
    ----------
    values : (n, p)    prepared answers, NaN for none; weights : (n,) or None
    """
    plan = plan or Plan()
    plan = replace(plan, folds=min(plan.folds, len(values)))
    own = replace(settings, consistent=False)
    source = products(values, own.missing, weights)
    items = tuple(i for i, j in enumerate(layout.owners.tolist()) if layout.sources[j])
    total, lost = np.zeros((3, len(values), len(items))), np.zeros(2, dtype=int)
    rng = np.random.default_rng(plan.seed)
    for _ in range(plan.repeats):
        fold = rng.permutation(len(values)) % plan.folds
        training = (fold != np.arange(plan.folds)[:, None]).astype(np.uint8)
        found = estimate(layout, moments(source, training), own)
        slopes, solved = linear_model(layout, found.items, items, plan.antecedents)
        fine = found.status == Status.FINE
        lost += (~fine).sum(), (~solved).sum()
        for b in range(plan.folds):
            rows = np.flatnonzero(fold == b)
            z = standardised(found, b, values[rows])
            model = _expected(layout, found, b, z, plan.antecedents)[:, items]
            said = [
                np.where(fine[b], model, np.nan),
                np.where(solved[b], z @ slopes[:, :, b], np.nan),
                np.zeros_like(model),
            ]
            chosen = list(items)
            total[:, rows] += said * found.deviations[chosen, b] + found.means[chosen, b]
    own_weights = np.ones(len(values)) if weights is None else weights
    average = total / plan.repeats
    return Prediction(plan, items, own_weights, values[:, items], *average, *lost.tolist())


def accuracy(prediction: Prediction, predicted: FloatArray) -> Accuracy:
    """Return the weighted accuracy of (n, q) predictions over the cases that were predicted."""
    gaps = predicted - prediction.actual
    there = ~np.isnan(gaps)
    weights = prediction.weights[:, None] * there
    base = weights.sum(axis=0)
    errors = np.where(there, gaps, 0.0)
    naive = np.where(there, prediction.actual - prediction.average, 0.0)
    squares, mae, trivial = (
        np.divide((weights * x).sum(axis=0), base, out=np.full(len(base), np.nan), where=base > 0)
        for x in (errors**2, np.abs(errors), naive**2)
    )
    q2 = np.where(trivial > 0, 1.0 - squares / np.where(trivial > 0, trivial, 1.0), np.nan)
    return Accuracy(np.sqrt(squares), mae, q2)


def linear_model(
    layout: Layout, correlations: FloatArray, items: tuple[int, ...], antecedents: Antecedents
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return (p, q, B) standardised slopes of each item on the items of its antecedents.

    The mask (B,) is False where some regression has no unique solution, as with more items than
    cases.
    """
    b = correlations.shape[2]
    slopes, fine = np.zeros((layout.p, len(items), b)), np.ones(b, dtype=bool)
    for sources, targets in _equations(layout, items, antecedents):
        rows = [i for i, j in enumerate(layout.owners.tolist()) if j in sources]
        wanted = [items[t] for t in targets]
        found, sound = solve(correlations[np.ix_(rows, rows)], correlations[np.ix_(rows, wanted)])
        slopes[np.ix_(rows, targets)] = found
        fine &= sound
    return slopes, fine


def _equations(
    layout: Layout, items: tuple[int, ...], antecedents: Antecedents
) -> Iterator[tuple[tuple[int, ...], list[int]]]:
    """Yield constructs that predict, with the places in `items` of what they predict."""
    if antecedents == "earliest":
        yield exogenous(layout), list(range(len(items)))
        return
    owners = layout.owners
    for target in layout.endogenous:
        yield layout.sources[target], [t for t, i in enumerate(items) if owners[i] == target]


def exogenous(layout: Layout) -> tuple[int, ...]:
    """Return the constructs that no path leads to."""
    return tuple(j for j in range(layout.k) if not layout.sources[j])


def _expected(
    layout: Layout, found: Estimates, b: int, z: FloatArray, antecedents: Antecedents
) -> FloatArray:
    """Return the (h, p) standardised answers that the model expects of held-out cases."""
    scores = layout.sums((z * found.weights[:, b]).T).T
    if antecedents == "earliest":
        starts = list(exogenous(layout))
        expected = scores[:, starts] @ found.inner.totals[:, starts, b].T
    else:
        expected = scores @ found.inner.paths[:, :, b].T
    return np.asarray(expected[:, layout.owners] * found.loadings[:, b])


def standardised(found: Estimates, b: int, values: FloatArray) -> FloatArray:
    """Return (n, p) answers in standard deviations of estimation b, zero for a missing one."""
    z = (values - found.means[:, b]) / found.deviations[:, b]
    return np.where(np.isnan(z), 0.0, z)

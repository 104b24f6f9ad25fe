"""PLSpredict, CVPAT, blindfolding and the test of exact fit against a plain loop over rows.

The second implementation (tests/golden/plain_pls.py) leaves rows and cells out for real, fits by
least squares and predicts case by case; the product works on stacks of moments.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.model import blindfold, cvpat, exactfit, prediction
from analysis.model.layout import layout
from analysis.model.moments import products
from analysis.model.parameters import listing
from analysis.model.prediction import Plan
from analysis.model.resampling import Estimator
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Model, Path
from tests.golden.plain_pls import (
    Plain,
    blocks,
    distances,
    plain_pls,
    scored,
    slopes,
    sources,
)
from tests.golden.sem_reference import mobi_model, table

MODEL = mobi_model()
DATA = table("mobi.csv")
LAYOUT = layout(MODEL)
OWN, BEFORE = blocks(MODEL), sources(MODEL)
OWNER = {i: j for j, block in enumerate(OWN) for i in block}
ITEMS = [i for i in range(24) if BEFORE[OWNER[i]]]


def test_the_plain_estimate_is_the_golden_one():
    paths = plain_pls(MODEL, DATA).paths
    assert paths[4, 2] == pytest.approx(0.512024, abs=5e-7)


def held_out(
    plan: Plan, direct: bool, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return predictions of the model, the linear model and the mean, fold after fold."""
    rng = np.random.default_rng(plan.seed)
    total = np.zeros((3, 250, len(ITEMS)))
    for _ in range(plan.repeats):
        fold = rng.permutation(250) % plan.folds
        for b in range(plan.folds):
            train = np.repeat(DATA[fold != b], times[fold != b], axis=0)
            test = DATA[fold == b]
            found = plain_pls(MODEL, train)
            scores = scored((test - found.mean) / found.sd, found.weights, OWN)
            expected = scores.copy()
            for j in range(7):  # the constructs of the example stand in the order of the paths
                base = scores if direct else expected
                expected[:, j] = base @ found.paths[j] if BEFORE[j] else scores[:, j]
            for at, i in enumerate(ITEMS):
                z = expected[:, OWNER[i]] * found.loadings[i]
                first = [m for j in BEFORE[OWNER[i]] for m in OWN[j]] if direct else OWN[0]
                x = np.column_stack([np.ones(len(train)), train[:, first]])
                line = slopes(x, train[:, i])
                rows = fold == b
                total[0, rows, at] += z * found.sd[i] + found.mean[i]
                total[1, rows, at] += np.column_stack([np.ones(len(test)), test[:, first]]) @ line
                total[2, rows, at] += found.mean[i]
    return list(total / plan.repeats)


#  Case weights are repeated rows to the second implementation.
ONCE, WEIGHTED = np.ones(250, dtype=int), 1 + np.arange(250) % 3


@pytest.mark.parametrize(
    ("antecedents", "times"), [("earliest", ONCE), ("direct", ONCE), ("earliest", WEIGHTED)]
)
def test_predictions_agree_with_a_loop_over_folds(antecedents, times):
    plan = Plan(folds=7, repeats=2, seed=5, antecedents=antecedents)
    weights = None if times is ONCE else times.astype(float)
    found = prediction.predict(LAYOUT, DATA, weights, Settings(), plan)
    pls, linear, average = held_out(plan, antecedents == "direct", times)
    assert np.abs(found.pls - pls).max() < 1e-9
    assert np.abs(found.linear - linear).max() < 1e-9
    assert np.abs(found.average - average).max() < 1e-9
    actual = DATA[:, ITEMS]
    said = prediction.accuracy(found, found.pls)
    for at in range(len(ITEMS)):
        gaps = actual[:, at] - pls[:, at]
        gaps, naive = (np.repeat(x, times) for x in (gaps, actual[:, at] - average[:, at]))
        assert said.rmse[at] == pytest.approx(np.sqrt(np.mean(gaps**2)))
        assert said.mae[at] == pytest.approx(np.mean(np.abs(gaps)))
        assert said.q2[at] == pytest.approx(1 - (gaps**2).sum() / (naive**2).sum())


def test_cvpat_is_the_paired_t_test_of_the_losses():
    found = prediction.predict(LAYOUT, DATA, None, Settings(), Plan(repeats=1))
    said = {(c.benchmark, c.construct): c for c in cvpat.comparisons(LAYOUT, found)}
    own = [at for at, i in enumerate(ITEMS) if OWNER[i] == 4]
    for construct, columns in ((None, list(range(len(ITEMS)))), (4, own)):
        gap = found.actual - found.pls
        other = found.actual - found.linear
        losses = [(x[:, columns] ** 2).mean(axis=1) for x in (gap, other)]
        expected = stats.ttest_rel(*losses)
        one = said["linear", construct]
        assert one.p == pytest.approx(expected.pvalue)
        assert (one.low, one.high) == pytest.approx(tuple(expected.confidence_interval()))
        assert one.difference == pytest.approx(losses[0].mean() - losses[1].mean())


@pytest.mark.parametrize(
    ("j", "times"), [(1, ONCE), (2, ONCE), (4, ONCE), (5, ONCE), (4, WEIGHTED)]
)
def test_blindfolding_agrees_with_a_loop_over_cells(j, times):
    distance = 7
    weights = None if times is ONCE else times.astype(float)
    found = blindfold.blindfold(LAYOUT, DATA, weights, Settings(), distance)
    sd = np.repeat(DATA, times, axis=0).std(axis=0)
    sums = np.zeros(3)
    for d in range(distance):
        blinded = DATA.copy()
        cells = range(d, 250 * len(OWN[j]), distance)
        gone = [(number % 250, OWN[j][number // 250]) for number in cells]
        blinded[tuple(zip(*gone, strict=True))] = np.nan
        means = np.nanmean(np.repeat(blinded, times, axis=0), axis=0)
        blinded = np.where(np.isnan(blinded), means, blinded)
        plain = plain_pls(MODEL, np.repeat(blinded, times, axis=0))
        scores = scored((blinded - plain.mean) / plain.sd, plain.weights, OWN)
        for row, column in gone:
            truth = DATA[row, column]
            from_paths = (plain.paths[j] @ scores[row]) * plain.loadings[column]
            from_own = scores[row, j] * plain.loadings[column]
            for at, z in enumerate((from_paths, from_own, 0.0)):
                restored = z * plain.sd[column] + plain.mean[column]
                sums[at] += times[row] * ((truth - restored) / sd[column]) ** 2
    assert found.redundancy[j] == pytest.approx(1 - sums[0] / sums[2], abs=1e-9)
    if len(OWN[j]) > 1:
        assert found.communality[j] == pytest.approx(1 - sums[1] / sums[2], abs=1e-9)


SMALL = Model(
    tuple(Construct(name, tuple(f"{name}{i}" for i in range(3))) for name in "ABC"),
    (Path("A", "B"), Path("B", "C")),
)


def test_exact_fit_agrees_with_resampling_transformed_rows():
    rng = np.random.default_rng(11)
    one = rng.normal(size=(250, 1))
    two = 0.6 * one + rng.normal(size=(250, 1))
    three = 0.3 * one + 0.5 * two + rng.normal(size=(250, 1))
    data = np.repeat(np.hstack([one, two, three]), 3, axis=1) + rng.normal(size=(250, 9))
    plan = layout(SMALL)
    estimator = Estimator(plan, products(data), Settings(), listing(SMALL, plan, None))
    b, seed = 40, 3
    said = exactfit.exact_fit(estimator, b, seed)
    plain = plain_pls(SMALL, data, consistent=True)
    z = (data - plain.mean) / plain.sd
    true = z @ root(plain.correlations, -0.5) @ root(population(SMALL, plain), 0.5)
    again = plain_pls(SMALL, true, consistent=True)
    assert distances(SMALL, again)[0] < 1e-10  # the model is exactly true of these answers
    rows = np.random.default_rng(seed).integers(0, 250, (b, 250))
    drawn = np.array([distances(SMALL, plain_pls(SMALL, true[r], consistent=True)) for r in rows])
    observed = distances(SMALL, plain)
    assert (said.used, said.dropped) == (b, 0)
    for at, tested in enumerate(said.distances):
        assert tested.value == pytest.approx(observed[at], abs=1e-10)
        assert tested.limit == pytest.approx(np.sort(drawn[:, at])[37], abs=1e-9)
        assert tested.p == (1 + (drawn[:, at] >= observed[at]).sum()) / (1 + b)


def population(model: Model, plain: Plain) -> np.ndarray:
    """Return the correlations of items that the paths and loadings exactly imply."""
    phi = np.eye(len(plain.paths))
    for j in range(len(phi)):
        for i in range(j):
            phi[i, j] = phi[j, i] = plain.paths[j, :j] @ phi[:j, i]
    spread = np.zeros((len(plain.weights), len(phi)))
    for j, block in enumerate(blocks(model)):
        spread[block, j] = plain.loadings[block]
    found = spread @ phi @ spread.T
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def root(matrix: np.ndarray, power: float) -> np.ndarray:
    """Return a symmetric power of a positive definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray(vectors @ np.diag(values**power) @ vectors.T)

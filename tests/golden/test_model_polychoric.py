"""Polychoric correlations against closed forms and against scipy's numerical integration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal, norm

from analysis.model.bivariate import cumulative
from analysis.model.polychoric import categories, correlations, smoothed
from analysis.model.run import fit
from foundation.problems import ProblemsError
from tests.golden.sem_reference import mobi_model, table

#  Counts of Wicklin, "Estimate polychoric correlation by maximum likelihood estimation",
#  The DO Loop, 13 December 2023: quality of a course (rows) by performance on tests.
WICKLIN = [[131, 71, 20], [217, 207, 112], [213, 337, 257], [52, 139, 244]]


def correlation(counts: list[list[int]]) -> float:
    cells = np.argwhere(np.array(counts) >= 0)
    rows = np.repeat(cells, np.ravel(counts), axis=0)
    found = correlations(categories(rows.astype(float)), np.ones((1, len(rows))))
    return float(found[0, 1, 0])


@pytest.mark.parametrize("rho", [-0.95, -0.4, 0.0, 0.3, 0.7, 0.9, 0.99])
def test_the_distribution_agrees_with_numerical_integration(rho):
    points = np.array([-2.5, -0.6, 0.0, 0.4, 1.7])
    found = cumulative(points[:, None], points[:, None], np.array([rho]))[:, :, 0]
    for i, h in enumerate(points):
        for j, k in enumerate(points):
            expected = multivariate_normal.cdf([h, k], cov=[[1, rho], [rho, 1]])
            assert found[i, j] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3, 0.45])
def test_a_table_split_at_the_medians_has_sheppards_correlation(share):
    """Sheppard (1899): the share above both medians is 1/4 + arcsin(rho) / (2 pi)."""
    both, apart = round(1000 * share), round(1000 * (0.5 - share))
    expected = np.sin(2 * np.pi * (share - 0.25))
    assert correlation([[both, apart], [apart, both]]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "counts", [WICKLIN, [[30, 10], [12, 48]], [[5, 9, 20], [10, 12, 8], [25, 6, 1]]]
)
def test_it_is_the_most_likely_correlation_given_the_margins(counts):
    shares = np.array(counts) / np.sum(counts)
    cuts = [
        np.concatenate([[-9.0], norm.ppf(np.cumsum(shares.sum(axis=axis))[:-1]), [9.0]])
        for axis in (1, 0)
    ]

    def unlikely(rho: float) -> float:
        normal = multivariate_normal([0, 0], [[1, rho], [rho, 1]])
        corners = np.array([[normal.cdf([h, k]) for k in cuts[1]] for h in cuts[0]])
        return -float((shares * np.log(np.diff(np.diff(corners, axis=0), axis=1))).sum())

    options = {"xatol": 1e-9}
    best = minimize_scalar(unlikely, bounds=(-0.99, 0.99), method="bounded", options=options)
    assert correlation(counts) == pytest.approx(best.x, abs=1e-6)


@pytest.mark.parametrize("rho", [-0.7, 0.2, 0.85])
def test_a_known_correlation_is_recovered(rho):
    rng = np.random.default_rng(7)
    z = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], 100_000)
    cuts = [-1.5, -0.5, 0.2, 1.0], [0.3, 0.8, 1.4]
    answers = np.stack([np.digitize(z[:, i], cuts[i]) for i in (0, 1)], axis=1).astype(float)
    found = correlations(categories(answers), np.ones((1, len(z))))[0, 1, 0]
    assert found == pytest.approx(rho, abs=0.01)
    assert abs(np.corrcoef(answers.T)[0, 1]) < abs(found)


def test_an_empty_corner_stops_short_of_one():
    assert correlation([[20, 0], [0, 20]]) == pytest.approx(0.999, abs=1e-5)
    assert correlation([[0, 20], [20, 0]]) == pytest.approx(-0.999, abs=1e-5)


def test_weights_are_repeated_rows_and_a_stack_is_its_parts():
    answers = table("mobi.csv")[:, :5]
    answers[::7, 2] = np.nan
    rng = np.random.default_rng(1)
    weights = rng.integers(0, 4, (3, 250))
    together = correlations(categories(answers), weights.astype(float))
    for b in range(3):
        rows = np.repeat(answers, weights[b], axis=0)
        alone = correlations(categories(rows), np.ones((1, len(rows))))
        assert np.abs(together[:, :, b] - alone[:, :, 0]).max() < 1e-9


def test_only_the_order_of_the_answers_counts():
    answers = table("mobi.csv")[:, :4]
    whole = np.ones((1, 250))
    first = correlations(categories(answers), whole)
    assert np.abs(correlations(categories(np.exp(answers)), whole) - first).max() < 1e-12
    turned = np.column_stack([-answers[:, 0], answers[:, 1:]])
    again = correlations(categories(turned), whole)
    assert np.abs(again[0, 1:] + first[0, 1:]).max() < 1e-9


def test_an_impossible_matrix_is_smoothed_into_a_possible_one():
    bad = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])[:, :, None]
    found = smoothed(bad.copy())[:, :, 0]
    assert np.linalg.eigvalsh(found)[0] > 0
    assert np.diag(found) == pytest.approx(np.ones(3))


def test_a_model_of_ordinal_items_is_fitted_and_resampled():
    model, data = mobi_model(), table("mobi.csv")
    found = fit(model, data, ordinal=True, bootstrap=20)
    plain = fit(model, data)
    assert found.resamples is not None
    assert np.isfinite(found.resamples.usable).all()
    first = found.figure("path", "Quality", "Expectation").value
    assert first > plain.figure("path", "Quality", "Expectation").value
    assert (found.estimates.means == plain.estimates.means).all()


def test_an_item_of_many_answers_is_not_ordinal():
    data = table("mobi.csv")
    data[:, 3] = np.linspace(1, 10, 250)
    with pytest.raises(ProblemsError, match=r"DATA-332.*'IMAG4' has 250"):
        fit(mobi_model(), data, ordinal=True)

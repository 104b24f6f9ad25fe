"""Jackknife, BCa and studentised intervals against scipy and against loops over the rows."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.model.inference import intervals, standard_errors
from analysis.model.inner import inner_errors
from analysis.model.jackknife import jackknife
from analysis.model.resampling import bootstrap, joined
from analysis.model.run import fit, prepared_fit
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Model, Path
from tests.golden.sem_reference import mobi_model, table

DATA = table("mobi.csv")
MODEL = mobi_model()
PAIR = Model((Construct("X", ("x",)), Construct("Y", ("y",))), (Path("X", "Y"),))
TWO = DATA[:40, :2]


def correlation(x, y):
    return np.corrcoef(x, y)[0, 1]


def test_bca_is_that_of_scipy_on_the_same_resamples():
    found = fit(PAIR, TWO, bootstrap=999, seed=4, interval="bca")
    drawn = np.random.default_rng(4).integers(0, 40, (999, 40))
    values = np.array([correlation(*TWO[rows].T) for rows in drawn])
    options = {"vectorized": False, "paired": True}
    empty = stats.bootstrap(
        tuple(TWO.T), correlation, n_resamples=2, method="percentile", **options
    )
    scipys = stats.bootstrap(
        tuple(TWO.T),
        correlation,
        n_resamples=0,
        method="BCa",
        bootstrap_result=replace(empty, bootstrap_distribution=values),
        **options,
    )
    path = found.figure("path", "Y", "X")
    assert (path.low, path.high) == pytest.approx(tuple(scipys.confidence_interval), abs=1e-9)


def test_the_jackknife_leaves_out_each_case():
    estimator, found = prepared_fit(MODEL, DATA, None, Settings())
    ours = jackknife(estimator)
    for i in (0, 100, 249):
        again = fit(MODEL, np.delete(DATA, i, axis=0))
        assert np.abs(ours.values[:, i] - again.point).max() < 1e-8
    squares = (ours.values - found.point[:, None]) ** 2
    expected = np.sqrt(249 / 250 * squares.sum(axis=1))
    assert standard_errors(found.point, ours) == pytest.approx(expected)


def test_the_grouped_jackknife_leaves_out_every_gth_case():
    estimator, _ = prepared_fit(MODEL, DATA, 1.0 + np.arange(250) % 2, Settings())
    ours = jackknife(estimator, most=50)
    kept = np.arange(250) % 50 != 7
    again = fit(MODEL, DATA[kept], weights=(1.0 + np.arange(250) % 2)[kept])
    assert np.abs(ours.values[:, 7] - again.point).max() < 1e-8


def test_errors_within_a_resample_leave_out_groups_of_its_draws():
    estimator, _ = prepared_fit(PAIR, TWO, None, Settings())
    found = inner_errors(estimator, 3, seed=9)
    drawn = np.random.default_rng(9).integers(0, 40, (3, 40))
    for b in range(3):
        kept = [drawn[b][np.arange(40) % 20 != g] for g in range(20)]
        values = np.array([correlation(*TWO[rows].T) for rows in kept])
        assert found[0, b] == pytest.approx(np.sqrt(19 / 20) * values.std() * np.sqrt(20))


def test_a_studentised_interval_of_a_symmetric_number_is_near_the_percentiles():
    found = fit(MODEL, DATA, bootstrap=400, interval="studentised")
    own = found.figure("index", "Satisfaction")
    simple = intervals(found.point, replace(found.resamples, interval="percentile"))
    place = found.labels.index(("index", "Satisfaction", ""))
    assert (own.low, own.high) == pytest.approx(tuple(simple[:, place]), abs=0.4)


def test_the_interval_of_a_constant_is_a_point():
    for interval in ("bca", "studentised"):
        found = fit(MODEL, DATA, bootstrap=60, interval=interval)
        weight = found.figure("weight", "CUSCO", "Complaints")
        assert (weight.low, weight.high) == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("workers", [2, 3, 7, 40])
def test_any_number_of_workers_gives_the_same_to_the_last_digit(workers):
    estimator, _ = prepared_fit(MODEL, DATA, None, Settings())
    whole = bootstrap(estimator, 2000, 8)
    parts = [bootstrap(estimator, 2000, 8, part=(i, workers)) for i in range(workers)]
    again = joined(parts)
    assert (whole.values == again.values).all()
    assert (whole.status == again.status).all()


def test_a_jackknife_error_is_near_that_of_the_bootstrap():
    deleted = fit(MODEL, DATA, replicates="jackknife")
    drawn = fit(MODEL, DATA, bootstrap=1000)
    for label in [("index", "Satisfaction"), ("path", "Satisfaction", "Quality")]:
        assert deleted.figure(*label).se == pytest.approx(drawn.figure(*label).se, rel=0.12)

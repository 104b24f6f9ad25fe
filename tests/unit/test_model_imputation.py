"""Multiple imputation: gaps filled by answers, pooled by Rubin's rules, never silently."""

from __future__ import annotations

import json

import numpy as np
import pytest

from analysis.model.imputation import Patterns, imputations, patterns
from analysis.model.imputation_output import imputed_json
from analysis.model.imputed import fit_imputed
from analysis.model.resampling import Replication
from analysis.model.rubin import pooled
from analysis.model.run import fit
from foundation.problems import ProblemsError
from tests.golden.sem_reference import mobi_model, table

MODEL, DATA = mobi_model(), table("mobi.csv")


def holes(share: float, seed: int = 3) -> np.ndarray:
    data = DATA.copy()
    data[np.random.default_rng(seed).random(data.shape) < share] = np.nan
    return data


def test_rubins_rules_by_hand():
    """Rubin (1987), ch. 3; Barnard, Rubin (1999): m = 3, 20 degrees of freedom."""
    found = pooled(np.array([[1.0], [2.0], [3.0]]), np.array([[0.5], [0.6], [0.7]]), 20.0)
    share = (4 / 3) / (0.6 + 4 / 3)
    old, seen = 2 / share**2, 21 / 23 * 20 * (1 - share)
    df = old * seen / (old + seen)
    ratio = (4 / 3) / 0.6
    assert found.estimate[0] == pytest.approx(2.0)
    assert found.se[0] == pytest.approx(np.sqrt(0.6 + 4 / 3))
    assert found.df[0] == pytest.approx(df)
    assert found.missing[0] == pytest.approx((ratio + 2 / (df + 3)) / (ratio + 1))


def test_pooling_copies_that_agree_adds_no_error():
    found = pooled(np.ones((5, 1)), np.full((5, 1), 0.25), 30.0)
    assert (found.se[0], found.missing[0]) == (0.5, 0.0)
    assert found.df[0] == pytest.approx(31 / 33 * 30)
    assert np.isinf(pooled(np.ones((5, 1)), np.ones((5, 1)), np.inf).df[0])


def test_gaps_are_filled_by_answers_that_somebody_gave():
    data = holes(0.3)
    there = ~np.isnan(data)
    for copy in imputations(data, 3, seed=1):
        assert (copy[there] == data[there]).all()
        for column in range(24):
            given = set(data[there[:, column], column])
            assert set(copy[:, column]) <= given


def test_a_copy_depends_on_seed_and_number_alone():
    data = holes(0.1)
    first, second = list(imputations(data, 2, seed=5)), list(imputations(data, 3, seed=5))
    assert all((a == b).all() for a, b in zip(first, second, strict=False))
    assert (first[0] != first[1]).any()
    assert (next(imputations(data, 1, seed=6)) != first[0]).any()


def test_imputation_undoes_what_mean_replacement_attenuates():
    data = holes(0.3)
    found = fit_imputed(MODEL, data, number=5)
    mean, whole = fit(MODEL, data, missing="mean"), fit(MODEL, DATA)
    kept = [label for label in whole.labels if label.kind == "r2"]
    gap = [abs(found.figure(*x).value - whole.figure(*x).value) for x in kept]
    naive = [abs(mean.figure(*x).value - whole.figure(*x).value) for x in kept]
    assert sum(gap) < 0.6 * sum(naive)


def test_without_gaps_the_fit_is_the_plain_one():
    found = fit_imputed(MODEL, DATA, number=2, bootstrap=30, seed=4)
    plain = [fit(MODEL, DATA, bootstrap=30, seed=seed) for seed in (4, 5)]
    ses = [x.figure("path", "Quality", "Expectation").se for x in plain]
    assert np.abs(found.point - plain[0].point).max() < 1e-12
    own = found.figure("path", "Quality", "Expectation")
    assert own.se == pytest.approx(np.sqrt(np.mean(np.square(ses))))
    assert found.pool.missing.max() == pytest.approx(0, abs=1e-9)


def test_more_gaps_mean_more_missing_information():
    few, many = (
        fit_imputed(MODEL, holes(share), number=5, bootstrap=30).pool.missing.mean()
        for share in (0.05, 0.3)
    )
    assert 0 < few < many < 1


def test_replicate_weights_give_the_error_of_each_copy():
    weights = 1.0 + 0.5 * np.sign(np.random.default_rng(0).normal(size=(6, 250)))
    own = Replication(weights, 1 / 6)
    found = fit_imputed(MODEL, holes(0.1), number=3, replicates=own)
    said = found.figure("index", "Satisfaction")
    assert said.se is not None
    assert said.se > 0
    assert found.pool.df.max() < 6


def test_the_json_prints_the_pooled_numbers_and_no_nan():
    found = fit_imputed(MODEL, holes(0.3), number=3, bootstrap=20)
    shown = imputed_json(found)
    json.dumps(shown, allow_nan=False)
    own = shown["imputation"]
    assert shown["missing"] == "imputation"
    assert (own["m"], own["lost"]) == (3, 0)
    assert shown["paths"][0]["value"] == pytest.approx(own["paths"][0]["estimate"], abs=1e-12)
    level = shown["index"]["Satisfaction"]["index_0_100"]
    assert level == own["index_0_100"]["Satisfaction"]["estimate"]
    assert shown["AVE"]["Value"] == own["AVE"]["Value"]["estimate"]
    unresampled = imputed_json(fit_imputed(MODEL, holes(0.1), number=2))["imputation"]
    assert "se" not in unresampled["paths"][0]


def test_who_broke_off_is_told_from_who_left_gaps():
    nan = np.nan
    answers = np.array(
        [[1, 2, 3], [1, 2, nan], [1, nan, nan], [1, nan, 3], [nan, 2, 3], [nan, nan, nan]]
    )
    assert patterns(answers) == Patterns(complete=1, broken_off=2, partial=2, empty=1)


def test_who_broke_off_enters_with_what_was_answered():
    data = DATA.copy()
    data[:40, 12:] = np.nan
    data[40] = np.nan
    found = fit_imputed(MODEL, data, number=2)
    assert found.n == 249


@pytest.mark.parametrize(("known", "code"), [(0, "DATA-305"), (5, "DATA-334")])
def test_an_item_that_hardly_anybody_answered_is_named(known, code):
    data = DATA.copy()
    data[known:, 3] = np.nan
    with pytest.raises(ProblemsError, match=rf"{code}.*IMAG4"):
        fit_imputed(MODEL, data, number=2)


def test_one_respondent_is_refused():
    with pytest.raises(ProblemsError, match="DATA-306"):
        fit_imputed(MODEL, DATA[:1], number=2)


def test_copies_that_cannot_be_fitted_are_named():
    data = DATA.copy()
    data[:, 10:12] = data[:, 8:10]
    model = MODEL.with_mode("B")
    data[3, 0] = np.nan
    with pytest.raises(ProblemsError, match=r"FIT-422.*of 3 imputed.*FIT-402"):
        fit_imputed(model, data, number=3)

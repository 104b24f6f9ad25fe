"""Covariance-based SEM: truths known in closed form, and what it refuses or warns of."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from analysis.model import cbsem, maximum
from analysis.model.cbsem import second_opinion
from analysis.model.cbsem_output import cbsem_json
from analysis.model.equations import path_equations
from analysis.model.fit_indices import Test, gfi, incremental, rmsea, scaled_indices, srmr
from analysis.model.imputed import fit_imputed
from analysis.model.invariance_output import invariance_json, invariance_words
from analysis.model.likelihood import sample_of, saturated
from analysis.model.maximum import Group
from analysis.model.measurement_invariance import measurement_invariance
from analysis.model.run import fit
from analysis.model.specify import Construct, Interaction, Model, Path
from foundation.problems import ProblemsError
from tests.properties.test_covariance_laws import CHAIN, answers

PAIR = Model(
    (Construct("F", ("x", "y")), Construct("G", ("z",))),
    (Path("F", "G"),),
)


def codes(model, data, weights=None, estimator="ML"):
    found = cbsem_json(model, data, weights, estimator=estimator)
    return [said["code"] for said in [*found.get("errors", []), *found["warnings"]]]


def test_a_just_identified_factor_is_spearmans():
    """Loadings of three measures of one factor: l1^2 = r12 r13 / r23 (Spearman 1904)."""
    data = answers(3)[:, [0, 1, 6]]
    r = np.corrcoef(data.T)
    found = second_opinion(PAIR, data)
    standard = {(own.lhs, own.op, own.rhs): own.std for own in found.parameters}
    assert standard["F", "=~", "x"] == pytest.approx(np.sqrt(r[0, 1] * r[0, 2] / r[1, 2]))
    assert standard["z", "~", "F"] == pytest.approx(np.sqrt(r[0, 2] * r[1, 2] / r[0, 1]))
    assert found.fit["df"] == 0
    assert found.fit["chisq"] == pytest.approx(0, abs=1e-8)
    assert found.fit["pvalue"] is None


def test_a_factor_of_three_factors_is_three_factors_that_covary():
    rng = np.random.default_rng(5)
    whole = rng.normal(size=400)
    parts = whole[:, None] + 0.7 * rng.normal(size=(400, 3))
    data = np.repeat(parts, 3, axis=1) + rng.normal(size=(400, 9))
    data = np.column_stack([data, 0.5 * whole + rng.normal(size=400)])
    names = [tuple(f"{part}{i}" for i in range(3)) for part in "abc"]
    factors = [Construct(part, own) for part, own in zip("abc", names, strict=True)]
    higher = Model(
        (Construct("H", (), parts=("a", "b", "c")), *factors, Construct("Y", ("y",))),
        (Path("H", "Y"),),
    )
    found = second_opinion(higher, data)
    assert found.fit["df"] == 10 * 11 / 2 - (2 + 6 + 1 + 9 + 1 + 3 + 1)
    assert found.fit["pvalue"] > 1e-3
    loadings = [own.std for own in found.parameters if own.lhs == "H" and own.op == "=~"]
    assert np.abs(np.array(loadings) - 1 / np.sqrt(1.49)).max() < 0.08


def test_the_mean_of_a_half_asked_item_is_the_regression_estimate():
    """Monotone missing answers have a closed form: Anderson (1957), JASA 52, 200-203."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=300)
    y = 2.0 + 0.8 * x + rng.normal(size=300)
    y[x > 0.3] = np.nan
    there = ~np.isnan(y)
    slope = np.cov(x[there], y[there])[0, 1] / np.var(x[there], ddof=1)
    expected = y[there].mean() + slope * (x.mean() - x[there].mean())
    covariances, means = saturated(sample_of(np.column_stack([x, y]), None))
    assert means[1] == pytest.approx(expected, abs=1e-8)
    assert covariances[0, 1] == pytest.approx(slope * np.var(x), abs=1e-8)


@pytest.mark.parametrize("estimator", ["ULS", "GLS"])
def test_a_just_identified_model_is_the_same_by_every_estimator(estimator):
    """All meet the covariances exactly: S with divisor n - 1 here, n there; so are the errors."""
    data = answers(3)[:, [0, 1, 6]] * [1.0, 20.0, 3.0]
    one, other = (second_opinion(PAIR, data, estimator=own) for own in ("ML", estimator))
    assert other.fit["chisq"] == pytest.approx(0, abs=1e-6)
    for first, second in zip(one.parameters, other.parameters, strict=True):
        ratio = 200 / 199 if first.op == "~~" else 1.0
        assert second.est == pytest.approx(first.est * ratio, rel=1e-5)
        assert second.robust_se == pytest.approx(first.robust_se * ratio, rel=6e-3)


def test_least_squares_of_normal_answers_have_the_errors_they_claim():
    """GLS is efficient for normal answers: plain and robust errors meet those of ML."""
    group = Group(path_equations(CHAIN), sample_of(answers(2), None))
    best = maximum.maximised((group,), maximum.start_of((group,)))
    _, covariances, _ = group.moments(best.theta)
    centre = np.zeros(len(covariances))
    data = np.random.default_rng(8).multivariate_normal(centre, covariances, size=20_000)
    ml, gls, uls = (second_opinion(CHAIN, data, estimator=own) for own in ("ML", "GLS", "ULS"))
    for first, second, third in zip(ml.parameters, gls.parameters, uls.parameters, strict=True):
        if first.se:
            assert second.se == pytest.approx(first.se, rel=0.03)
            assert second.robust_se == pytest.approx(first.se, rel=0.06)
            assert third.robust_se > 0.94 * first.se


def test_gls_does_not_hang_on_units_and_uls_on_none_that_all_items_share():
    data = answers(2)
    one, other = (second_opinion(CHAIN, own, estimator="GLS") for own in (data, data * 40.0))
    assert other.fit["chisq"] == pytest.approx(one.fit["chisq"], rel=1e-6)
    one, other = (second_opinion(CHAIN, own, estimator="ULS") for own in (data, data * 40.0))
    assert other.fit["chisq"] == pytest.approx(one.fit["chisq"] * 40.0**4, rel=1e-6)
    for first, second in zip(one.parameters, other.parameters, strict=True):
        assert second.std == pytest.approx(first.std, abs=1e-6)


def test_least_squares_do_not_hang_on_semopy(monkeypatch):
    with_it = second_opinion(CHAIN, answers(4), estimator="ULS")
    monkeypatch.setattr(cbsem, "_by_semopy", lambda *_: None)
    without = second_opinion(CHAIN, answers(4), estimator="ULS")
    assert with_it.semopy_gradient < 1e-3
    for one, other in zip(with_it.parameters, without.parameters, strict=True):
        assert one.est == pytest.approx(other.est, abs=1e-6)


def test_estimators_are_refused_where_they_cannot_be_used():
    data = answers(1)
    data[3, 2] = np.nan
    assert codes(CHAIN, data, estimator="ULS") == ["CBSEM-510"]
    assert codes(CHAIN, data, estimator="GLS") == ["CBSEM-510"]
    assert codes(CHAIN, answers(1), estimator="WLS") == ["CBSEM-511"]
    assert cbsem_json(CHAIN, data, estimator="MLR")["standard_errors"] == "robust"


def test_a_model_without_paths_is_a_factor_model_for_covariances_only():
    alone = replace(CHAIN, paths=(), paths_optional=True)
    found = second_opinion(alone, answers(1))
    related = {(own.lhs, own.rhs) for own in found.parameters if own.op == "~~"}
    assert {("A", "B"), ("A", "c1"), ("A", "D"), ("B", "c1"), ("B", "D"), ("c1", "D")} <= related
    for missing in ("mean", "imputation"):
        with pytest.raises(ProblemsError) as error:
            pls(alone, answers(1), missing=missing)
        assert [problem.message.code for problem in error.value.problems] == ["MODEL-202"]
    with pytest.raises(ProblemsError):
        replace(CHAIN, paths=())


def pls(model, data, *, missing):
    return fit_imputed(model, data) if missing == "imputation" else fit(model, data)


def test_outcomes_that_lead_nowhere_covary_as_in_lavaan():
    assert ("c1", "~~", "D") in {
        (own.lhs, own.op, own.rhs) for own in second_opinion(CHAIN, answers(1)).parameters
    }


def test_the_result_does_not_hang_on_semopy(monkeypatch):
    with_it = second_opinion(CHAIN, answers(4))
    monkeypatch.setattr(cbsem, "_by_semopy", lambda *_: None)
    without = second_opinion(CHAIN, answers(4))
    assert without.semopy_gradient is None
    assert with_it.semopy_gradient < 1e-4
    for one, other in zip(with_it.parameters, without.parameters, strict=True):
        assert one.est == pytest.approx(other.est, abs=1e-6)


def test_names_that_would_be_formulas_are_only_names():
    items = tuple(f"q{i}: how ~ good + {i}?" for i in range(9))
    renamed = replace(
        CHAIN,
        constructs=(
            Construct("A * B", items[:3]),
            Construct("B", items[3:6]),
            Construct("C", items[6:7]),
            Construct("D", items[7:]),
        ),
        paths=tuple(
            replace(path, source=path.source.replace("A", "A * B")) for path in CHAIN.paths
        ),
    )
    one, other = second_opinion(CHAIN, answers(4)), second_opinion(renamed, answers(4))
    assert other.semopy_gradient == pytest.approx(one.semopy_gradient)
    assert other.fit["chisq"] == pytest.approx(one.fit["chisq"])


def test_what_cannot_be_fitted_is_refused_with_a_code():
    data = answers(1)
    single = Model((Construct("P", ("p",)), Construct("Q", ("q",))), (Path("P", "Q"),))
    product = replace(
        CHAIN,
        interactions=(Interaction("A*B", ("A", "B")),),
        paths=(*CHAIN.paths, Path("A*B", "D")),
    )
    twice = data.copy()
    twice[:, 1] = twice[:, 0] + twice[:, 2]
    constant = data.copy()
    constant[:, 0] = 4.0
    assert codes(single, data[:, :2]) == ["CBSEM-501"]
    assert codes(product, data) == ["CBSEM-502"]
    assert codes(CHAIN, data[:9]) == ["CBSEM-503"]
    assert codes(CHAIN, twice) == ["CBSEM-504"]
    assert codes(CHAIN, constant) == ["DATA-304"]
    assert codes(CHAIN, data[:, :4]) == ["DATA-310"]
    assert codes(CHAIN, data, np.full(200, -1.0))[0] == "DATA-308"


def test_a_factor_that_nothing_determines_is_not_identified():
    """Two measures that share nothing with the rest leave their loading free."""
    root = np.linalg.qr(np.random.default_rng(1).normal(size=(100, 4)))[0]
    root -= root.mean(axis=0)
    x, e, z, _ = np.linalg.qr(root)[0].T * 10
    assert codes(PAIR, np.column_stack([x, x + e, z])) in (["CBSEM-505"], ["CBSEM-506"])


def test_an_iteration_that_stops_early_says_so(monkeypatch):
    monkeypatch.setattr(maximum, "STEPS", 0)
    monkeypatch.setattr(cbsem, "_by_semopy", lambda *_: None)
    assert codes(CHAIN, answers(1)) == ["CBSEM-506"]


def test_doubtful_results_carry_a_warning():
    data = answers(1)
    assert codes(CHAIN.with_mode("B"), data) == ["CBSEM-523"] * 3
    assert codes(CHAIN, data, 1.0 + np.arange(200) % 2) == ["CBSEM-524"]
    assert codes(CHAIN, data[:60]) == ["CBSEM-525"]
    negative = np.random.default_rng(0).multivariate_normal(
        np.zeros(3), [[1, 0.5, 0.9], [0.5, 1, 0.45], [0.9, 0.45, 0.7]], 200, check_valid="ignore"
    )
    assert "CBSEM-522" in codes(PAIR, negative)


def test_groups_that_cannot_be_compared_are_refused():
    data, labels = answers(1), ["x"] * 100 + ["y"] * 100

    def refused(data, labels):
        with pytest.raises(ProblemsError) as error:
            measurement_invariance(CHAIN, data, labels)
        return [problem.message.code for problem in error.value.problems]

    constant = data.copy()
    constant[100:, 0] = 4.0
    assert refused(data, labels[:-1]) == ["CBSEM-509"]
    assert refused(data, ["x"] * 200) == ["CBSEM-507"]
    assert refused(data, ["x"] * 197 + ["y", "y", " "]) == ["CBSEM-503"]
    assert refused(constant, labels) == ["CBSEM-508"]


def test_indices_at_their_edges():
    """By hand from their definitions."""
    assert incremental(30.0, 40, 500.0, 45)["cfi"] == 1.0
    assert incremental(30.0, 40, 500.0, 45)["tli"] > 1.0
    assert rmsea(30.0, 40, 100)["rmsea"] == 0.0
    assert rmsea(30.0, 40, 100)["rmsea.ci.lower"] == 0.0
    assert rmsea(80.0, 40, 100, 2)["rmsea"] == pytest.approx(np.sqrt(2 * 40 / 4000))
    assert rmsea(0.0, 0, 100)["rmsea"] is None
    observed = np.array([[4.0, 1.0], [1.0, 1.0]])
    assert srmr(observed, np.diag([4.0, 1.0])) == pytest.approx(np.sqrt(0.25 / 3))
    assert gfi(observed, observed, 1) == {"gfi": 1.0, "agfi": 1.0}
    assert scaled_indices(Test(50.0, 40, 1.25), Test(500.0, 45, 1.0), 100)["chisq.scaled"] == 40.0


def test_the_steps_of_invariance_are_written_with_rule_and_source():
    labels = ["x", "y"] * 100
    found = invariance_json(CHAIN, answers(1), labels)
    assert found["groups"] == {"x": 100, "y": 100}
    assert [step["name"] for step in found["steps"]] == ["configural", "metric", "scalar"]
    assert "0.005" in found["steps"][1]["mark"]["rule"]  # Chen's limit for small groups
    assert "Chen (2007)" in found["steps"][1]["mark"]["source"]
    assert invariance_words(found)[0].startswith("configural: chi-square")
    json.dumps(found, allow_nan=False)
    refused = invariance_json(CHAIN, answers(1), ["x"] * 200)
    assert refused["error"]["code"] == "CBSEM-507"
    assert invariance_words(refused)[0].startswith("[CBSEM-507]")

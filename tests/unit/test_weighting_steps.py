"""Each step of weighting: what it reaches, what it refuses, what it records."""

import numpy as np
import pytest

from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of, totals_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.weighting.balance import love_plot
from analysis.weighting.calibration import calibration
from analysis.weighting.effect import effective_base, kish_effect, record
from analysis.weighting.frames import base_weights, joint_weights, single_frame_weights
from analysis.weighting.margins import PostStratification, Raking, margin
from analysis.weighting.nonresponse import (
    ClassAdjustment,
    PropensityAdjustment,
    propensities,
    propensity_classes,
)
from analysis.weighting.targets import read_targets
from analysis.weighting.trimming import trimmed
from foundation.problems import ProblemsError

SEX = np.array([0, 0, 1, 1, 1, 0, 1, 0])
AGE = np.array([0, 1, 0, 1, 1, 1, 0, 0])
SEX_TARGETS = {"f": 40.0, "m": 60.0}
AGE_TARGETS = {"old": 70.0, "young": 30.0}


def sex(targets=None):
    return margin("sex", SEX, ["f", "m"], targets or SEX_TARGETS)


def age(targets=None):
    return margin("age", AGE, ["young", "old"], targets or AGE_TARGETS)


def sample(weights=None):
    values = np.arange(8.0)
    columns = {"y": values, "w": np.arange(1.0, 9.0) if weights is None else weights}
    return declare(Columns(columns), weights="w")


def codes(caught):
    return [problem.message.code for problem in caught.value.problems]


def test_post_stratification_reaches_the_totals():
    weights = adjusted(sample(), PostStratification(sex())).weights
    assert np.bincount(SEX, weights=weights) == pytest.approx([40, 60])


def test_raking_reaches_all_margins():
    weights = adjusted(sample(), Raking((sex(), age()))).weights
    assert np.bincount(SEX, weights=weights) == pytest.approx([40, 60])
    assert np.bincount(AGE, weights=weights) == pytest.approx([30, 70])


def test_everything_wrong_with_a_margin_is_said_at_once():
    with pytest.raises(ProblemsError) as caught:
        margin("sex", np.array([-1, 0, 1]), ["f", "m"], {"f": -3.0, "x": 5.0})
    assert codes(caught) == ["WGT-101", "WGT-105", "WGT-102", "WGT-103"]


def test_margins_of_different_populations_are_refused():
    with pytest.raises(ProblemsError, match="add to 100, those of 'age' to 101"):
        Raking((sex(), age({"young": 31.0, "old": 70.0})))


def test_raking_without_a_solution_names_the_margin():
    first = margin("a", np.array([0, 0, 1]), ["0", "1"], {"0": 90.0, "1": 10.0})
    second = margin("b", np.array([0, 0, 1]), ["0", "1"], {"0": 10.0, "1": 90.0})
    with pytest.raises(ProblemsError, match="WGT-106"):
        Raking((first, second)).factors(np.array([[5.0, 5.0]]))


def test_a_category_that_a_replicate_loses_is_named():
    design = declare(
        Columns({"h": list("aaaabbbb"), "w": np.ones(8), "psu": [1, 1, 2, 2, 3, 3, 4, 4]}),
        ids=["psu"],
        strata=["h"],
        weights="w",
    )
    jack = replicate_weights(design, Replication("JKn"), rng=np.random.default_rng(1))
    rare = margin("rare", np.array([1, 0, 0, 0, 0, 0, 0, 0]), ["no", "yes"], {"no": 7, "yes": 1})
    with pytest.raises(ProblemsError, match="in 1 replicates no case has 'yes'"):
        adjusted(design.with_replicates(jack), PostStratification(rare))


@pytest.mark.parametrize(
    ("method", "bounds"),
    [("linear", None), ("raking", None), ("linear", (0.5, 2.5)), ("logit", (0.2, 4.0))],
)
def test_calibration_reaches_the_totals_within_its_bounds(method, bounds):
    X = np.column_stack([np.ones(8), SEX, np.arange(8.0)])
    totals = {"one": 40.0, "sex": 22.0, "y": 170.0}
    step = calibration(["one", "sex", "y"], X, totals, method=method, bounds=bounds)
    design = sample()
    weights = adjusted(design, step).weights
    assert weights @ X == pytest.approx([40.0, 22.0, 170.0], rel=1e-9)
    if bounds:
        factor = weights / design.weights
        assert bounds[0] <= factor.min()
        assert factor.max() <= bounds[1]


def test_calibration_refuses_what_cannot_be():
    X = np.column_stack([np.ones(8), SEX])
    names = ["one", "sex"]
    good = {"one": 40.0, "sex": 22.0}
    for totals, options, code in (
        (good, {"method": "magic"}, "WGT-111"),
        (good, {"bounds": (1.2, 2.0)}, "WGT-110"),
        (good, {"method": "logit"}, "WGT-110"),
        ({"one": 40.0}, {}, "WGT-107"),
    ):
        with pytest.raises(ProblemsError, match=code):
            calibration(names, X, totals, **options)


def test_calibration_without_a_solution_says_how_far_it_came():
    X = np.column_stack([np.ones(8), SEX])
    step = calibration(["one", "sex"], X, {"one": 40.0, "sex": 39.0}, bounds=(0.9, 1.1))
    with pytest.raises(ProblemsError, match="WGT-108"):
        adjusted(sample(), step)


def test_negative_weights_are_refused_with_a_remedy():
    X = np.column_stack([np.ones(8), np.arange(8.0)])
    step = calibration(["one", "y"], X, {"one": 36.0, "y": 20.0})
    with pytest.raises(ProblemsError, match="with bounds, by raking or by logit"):
        adjusted(sample(), step)


def test_terms_that_say_the_same_are_named():
    X = np.column_stack([np.ones(8), SEX, 1 - SEX])
    step = calibration(["one", "m", "f"], X, {"one": 8.0, "m": 4.0, "f": 4.0})
    with pytest.raises(ProblemsError, match="'f' follows"):
        adjusted(sample(), step)


def test_a_calibrated_variable_has_no_error_left():
    X = np.column_stack([np.ones(8), np.arange(8.0)])
    step = calibration(["one", "y"], X, {"one": 36.0, "y": 150.0})
    design = adjusted(sample(), step)
    assert estimate(design, totals_of(np.arange(8.0), ["y"])).se[0] == pytest.approx(0, abs=1e-10)


def test_nonresponse_classes_keep_the_sum_of_weights():
    responded = np.array([True, True, False, True, True, False, True, False])
    step = ClassAdjustment(SEX, ("f", "m"), responded)
    design = sample()
    weights = adjusted(design, step).weights
    assert (weights[~responded] == 0).all()
    before = np.bincount(SEX, weights=design.weights)
    assert np.bincount(SEX, weights=weights) == pytest.approx(before)


def test_a_class_without_respondents_is_named():
    responded = SEX == 1
    with pytest.raises(ProblemsError, match="nobody answered in the class 'f'"):
        adjusted(sample(), ClassAdjustment(SEX, ("f", "m"), responded))


def test_a_propensity_of_one_category_is_its_response_rate():
    responded = np.array([1.0, 0, 1, 1, 0, 0, 1, 0])
    X = np.column_stack([np.ones(8), SEX])
    fitted = propensities(X, responded, np.ones(8))
    rates = [responded[code == SEX].mean() for code in (0, 1)]
    assert fitted == pytest.approx(np.array(rates)[SEX])


def test_propensities_agree_with_classes_when_the_model_is_the_classes():
    responded = np.array([True, False, True, True, False, True, True, False])
    X = np.column_stack([np.ones(8), SEX])
    by_model = adjusted(sample(), PropensityAdjustment(X, responded))
    by_class = adjusted(sample(), ClassAdjustment(SEX, ("f", "m"), responded))
    assert by_model.weights == pytest.approx(by_class.weights)
    y = means_of(np.arange(8.0) ** 2, ["y"])
    assert estimate(by_model, y).se == pytest.approx(estimate(by_class, y).se)


def test_the_error_after_nonresponse_is_near_the_jackknife():
    rng = np.random.default_rng(4)
    n = 600
    group, y = rng.integers(0, 3, n), rng.normal(50, 10, n)
    y += 15 * group
    responded = rng.random(n) < np.array([0.3, 0.6, 0.8])[group]
    design = declare(Columns({"w": rng.uniform(1, 3, n)}), weights="w")
    step = ClassAdjustment(group, ("a", "b", "c"), responded)
    jack = replicate_weights(design, Replication("JK1"), rng=rng)
    total = totals_of(y, ["y"])
    linear = estimate(adjusted(design, step), total).se[0]
    again = estimate(adjusted(design.with_replicates(jack), step), total).se[0]
    assert linear == pytest.approx(again, rel=0.01)
    blind = estimate(design.reweighted(adjusted(design, step).weights), total).se[0]
    assert blind > 1.5 * linear


def test_a_propensity_that_is_certain_is_refused():
    X = np.column_stack([np.ones(8), SEX])
    with pytest.raises(ProblemsError, match="WGT-117"):
        propensities(X, SEX.astype(float), np.ones(8))


def test_propensity_classes_are_ordered_and_of_about_equal_weight():
    fitted = np.linspace(0.1, 0.9, 100)
    classes = propensity_classes(fitted, np.ones(100), 5)
    assert np.bincount(classes).tolist() == [20, 20, 20, 20, 20]
    assert (np.diff(classes) >= 0).all()


def test_equal_propensities_fall_into_one_class():
    classes = propensity_classes(np.repeat([0.2, 0.8], [3, 97]), np.ones(100), 5)
    assert len(np.unique(classes)) == 2


def test_strict_trimming_leaves_nothing_outside():
    weights = np.array([1.0, 5.8, 9.0, 1.0])
    loose = trimmed(weights, upper=6.0)
    assert loose.max() > 6.0
    strict = trimmed(weights, upper=6.0, strict=True)
    assert strict.max() <= 6.0
    assert strict.sum() == pytest.approx(weights.sum())


def test_trimming_to_below_the_mean_is_refused():
    with pytest.raises(ProblemsError, match="WGT-114"):
        trimmed(np.array([1.0, 5.0]), upper=2.0)


def test_kish_and_the_effective_base_belong_together():
    weights = np.array([1.0, 2.0, 3.0, 0.0])
    assert kish_effect(weights) * effective_base(weights) == pytest.approx(3)


def test_a_record_says_what_a_step_did():
    before, after = np.array([1.0, 1.0, 2.0]), np.array([2.0, 1.0, 0.0])
    kept = record("class", before, after, "register")
    assert (kept.cases, kept.sum_before, kept.sum_after) == (2, 4.0, 3.0)
    assert (kept.least_factor, kept.largest_factor) == (1.0, 2.0)
    assert kept.source == "register"


def test_two_frames_count_the_overlap_once():
    weights = np.full(6, 10.0)
    first = np.array([True, True, True, False, False, False])
    both = np.array([False, True, True, True, False, False])
    joint = joint_weights(weights, first, both)
    assert joint[both].sum() == pytest.approx(10 * 2 * 2 / 3 + 10 / 3)
    assert joint_weights(weights, first, both, 0.5).sum() == pytest.approx(45)
    with pytest.raises(ProblemsError, match="WGT-118"):
        joint_weights(weights, first, both, 1.5)


def test_a_case_in_both_frames_had_both_chances():
    weights = single_frame_weights(np.array([0.1, 0.1]), np.array([0.0, 0.2]))
    assert weights == pytest.approx([10, 1 / 0.28])
    assert base_weights(np.array([0.25])) == pytest.approx([4])


def test_a_love_plot_shows_distances_before_and_after():
    table = np.column_stack([SEX, AGE]).astype(float)
    design = sample(np.ones(8))
    after = adjusted(design, Raking((sex(), age()))).weights
    rows = love_plot(table, ["m", "old"], np.array([0.6, 0.7]), before=design.weights, after=after)
    assert [row.name for row in rows] == ["old", "m"]
    assert rows[0].distance_before == pytest.approx(-0.4)
    assert all(row.is_balanced for row in rows)


def test_targets_say_where_they_come_from():
    content = {
        "margins": [
            {"name": "sex", "source": "register 2026", "targets": {"f": 0.4, "m": 0.6}},
            {"name": "age", "targets": {"young": 3, "old": 7}},
        ]
    }
    read = read_targets(content, population=1000)
    assert read.margins[0].targets == {"f": 400, "m": 600}
    assert read.margins[1].targets == {"young": 300, "old": 700}
    assert [remark.message.code for remark in read.remarks] == ["WGT-116"]


@pytest.mark.parametrize("content", [[], {}, {"margins": [{"name": "sex"}]}, {"margins": {"a": 3}}])
def test_targets_that_cannot_be_read_are_refused(content):
    with pytest.raises(ProblemsError, match="WGT-115"):
        read_targets(content)


def test_targets_must_be_numbers():
    with pytest.raises(ProblemsError, match="not a number"):
        read_targets({"margins": {"sex": {"f": "many"}}})

"""Each step of weighting: what it reaches, what it refuses, what it records."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of, totals_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.weighting.balance import love_plot
from analysis.weighting.calibration import calibration
from analysis.weighting.effect import effective_base, kish_effect, record
from analysis.weighting.eligibility import EligibilityAdjustment
from analysis.weighting.frames import base_weights, joint_weights, single_frame_weights
from analysis.weighting.margins import PostStratification, Raking, margin
from analysis.weighting.nonresponse import (
    ClassAdjustment,
    PropensityAdjustment,
    neighbours,
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


def test_small_classes_join_the_next_and_the_last_the_one_before():
    assert neighbours(np.array([3, 4, 1, 9, 0, 2]), 5).tolist() == [0, 0, 1, 1, 1, 1]
    assert neighbours(np.array([9, 8, 7]), 5).tolist() == [0, 1, 2]
    assert neighbours(np.array([0, 1]), 5).tolist() == [0, 0]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(1, 20))
def test_every_merged_class_has_enough_and_only_neighbours_are_merged(counts, fewest):
    groups = neighbours(np.array(counts), fewest)
    assert set(np.diff(groups)) <= {0, 1}
    sums = np.bincount(groups, weights=counts)
    assert (sums >= fewest).all() or len(sums) == 1
    for group in np.flatnonzero(np.bincount(groups) > 1)[:-1]:  # none is merged without need
        assert counts[int(np.flatnonzero(groups == group)[0])] < fewest


def test_a_class_that_a_replicate_empties_joins_its_neighbour_for_that_replicate():
    step = ClassAdjustment(SEX, ("f", "m"), np.arange(8) > 1, merge=True)
    counts = np.array([[4.0, 6.0, 2.0, 8.0], [4.0, 0.0, 2.0, 8.0], [4.0, 0.0, 0.0, 8.0]])
    factors = step.factors(counts)
    assert factors[0, 1::2] == pytest.approx([10 / 6, 10 / 8])
    assert factors[1, 1::2] == pytest.approx([14 / 8, 14 / 8])
    assert (factors * counts).sum(axis=1) == pytest.approx(counts.sum(axis=1))
    with pytest.raises(ProblemsError, match="WGT-113"):
        step.factors(np.array([[4.0, 0.0, 2.0, 0.0]]))


def test_cases_never_resolved_count_by_the_share_among_the_resolved():
    standing = np.array([0, 0, 0, 1, 1, 2, 0, 1])
    design = sample()  # weights 1..8: eligible 1+2+3+7, unknown 4+5+8, not eligible 6
    after = adjusted(design, EligibilityAdjustment(standing)).weights
    e = 13 / 19
    assert after == pytest.approx([1, 2, 3, 4 * e, 5 * e, 0, 7, 8 * e])
    stated = adjusted(design, EligibilityAdjustment(standing, 0.25)).weights
    assert stated == pytest.approx([1, 2, 3, 1, 1.25, 0, 7, 2])


@pytest.mark.parametrize("share", [None, 0.4])
def test_the_error_after_eligibility_and_nonresponse_is_near_the_jackknife(share):
    rng = np.random.default_rng(7)
    n = 800
    group, y = rng.integers(0, 3, n), rng.normal(50, 10, n)
    standing = np.where(rng.random(n) < np.array([0.1, 0.3, 0.5])[group], 1, 0)
    standing[(standing == 0) & (rng.random(n) < 0.4)] = 2
    responded = (standing == 0) & (rng.random(n) < 0.6)
    steps = (
        EligibilityAdjustment(standing, share),
        ClassAdjustment(group, ("a", "b", "c"), responded),
    )
    design = declare(Columns({"w": rng.uniform(1, 3, n)}), weights="w")
    again = design.with_replicates(replicate_weights(design, Replication("JK1"), rng=rng))
    for step in steps:
        design, again = adjusted(design, step), adjusted(again, step)
    for what in (totals_of(y, ["y"]), means_of(y + 20 * group, ["y"])):
        linear, jack = estimate(design, what).se[0], estimate(again, what).se[0]
        assert linear == pytest.approx(jack, rel=0.015)
    if share is None:
        blind = design.residuals[1:]
        fixed = estimate(replace(design, residuals=blind), totals_of(y, ["y"])).se[0]
        assert fixed < 0.9 * estimate(design, totals_of(y, ["y"])).se[0]


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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_error_after_nonresponse_and_post_stratification_is_near_the_jackknife(seed):
    rng = np.random.default_rng(seed)
    n = 600
    group, other = rng.integers(0, 3, n), rng.integers(0, 2, n)
    y = rng.normal(50, 5, n) + 25 * group * other
    responded = rng.random(n) < np.array([0.2, 0.5, 0.9])[group] - 0.1 * other
    design = declare(Columns({"w": rng.uniform(1, 3, n)}), weights="w")
    again = design.with_replicates(replicate_weights(design, Replication("JK1"), rng=rng))
    cells = margin("other", other, ["a", "b"], {"a": 700.0, "b": 500.0})
    for step in (ClassAdjustment(group, ("a", "b", "c"), responded), PostStratification(cells)):
        design, again = adjusted(design, step), adjusted(again, step)
    total = totals_of(y, ["y"])
    # The steps taken back in the wrong order make it twice as large.
    assert estimate(design, total).se[0] == pytest.approx(estimate(again, total).se[0], rel=0.05)


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

"""Laws of covariance-based estimation, whatever the model and the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.model import cbsem
from analysis.model.cbsem import second_opinion
from analysis.model.equations import measurement_equations, path_equations
from analysis.model.likelihood import deviance, sample_of, saturated
from analysis.model.maximum import (
    Group,
    evaluated,
    expected_information,
    maximised,
    observed_information,
    score_products,
    start_of,
)
from analysis.model.measurement_invariance import grouped, measurement_invariance
from analysis.model.specify import Construct, Model, Path

FloatArray = NDArray[np.float64]

CHAIN = Model(
    (
        Construct("A", ("a1", "a2", "a3")),
        Construct("B", ("b1", "b2", "b3")),
        Construct("C", ("c1",)),
        Construct("D", ("d1", "d2")),
    ),
    (Path("A", "B"), Path("B", "C"), Path("B", "D"), Path("A", "D")),
)
seeds = st.integers(0, 10_000)
few = settings(max_examples=8)


def answers(seed: int, n: int = 200, holes: float = 0.0) -> FloatArray:
    """Return (n, 9) answers that follow the chain, with a share of holes."""
    rng = np.random.default_rng(seed)
    a, noise = rng.normal(size=n), rng.normal(size=(n, 12))
    b = 0.7 * a + 0.6 * noise[:, 9]
    c, d = 0.5 * b + 0.7 * noise[:, 10], 0.4 * a + 0.4 * b + 0.6 * noise[:, 11]
    nodes = np.column_stack([a, a, a, b, b, b, c, d, d])
    spread = np.array([0.6, 0.7, 0.8, 0.5, 0.6, 0.7, 0.0, 0.5, 0.6])
    found = 5 + 1.5 * (nodes + spread * noise[:, :9])
    found[rng.random(found.shape) < holes] = np.nan
    return found


def groups_of(data: FloatArray, *, means: bool) -> tuple[Group, ...]:
    """Return the chain and its cases as the one group of a likelihood."""
    standard = (data - np.nanmean(data, axis=0)) / np.nanstd(data, axis=0)
    return (Group(path_equations(CHAIN, means=means), sample_of(standard, None)),)


def apart(first: cbsem.SecondOpinion, second: cbsem.SecondOpinion, key: str) -> float:
    """Return the largest difference of one column of two parameter tables."""
    pairs = zip(first.parameters, second.parameters, strict=True)
    return max(abs((getattr(a, key) or 0) - (getattr(b, key) or 0)) for a, b in pairs)


@few
@given(seeds, st.booleans(), st.floats(0.0, 0.2))
def test_the_gradient_is_that_of_the_deviance(seed, means, holes):
    groups = groups_of(answers(seed, holes=holes if means else 0.0), means=means)
    rng = np.random.default_rng(seed)
    theta = start_of(groups)
    theta = theta + 0.05 * rng.normal(size=len(theta))
    value, gradient = evaluated(groups, theta)
    assume(np.isfinite(value))
    for place in rng.choice(len(theta), 6, replace=False):
        step = np.zeros(len(theta))
        step[place] = 1e-6
        rise = evaluated(groups, theta + step)[0] - evaluated(groups, theta - step)[0]
        assert abs(rise / 2e-6 - gradient[place]) < 1e-3 * max(1.0, abs(gradient[place]))


@few
@given(seeds, st.booleans(), st.floats(0.0, 0.2))
def test_the_observed_information_is_the_curvature_of_the_deviance(seed, means, holes):
    groups = groups_of(answers(seed, holes=holes if means else 0.0), means=means)
    rng = np.random.default_rng(seed)
    theta = start_of(groups)
    theta = theta + 0.05 * rng.normal(size=len(theta))
    assume(np.isfinite(evaluated(groups, theta)[0]))
    found = observed_information(groups, theta)
    for place in rng.choice(len(theta), 4, replace=False):
        step = np.zeros(len(theta))
        step[place] = 1e-5
        rise = evaluated(groups, theta + step)[1] - evaluated(groups, theta - step)[1]
        assert np.abs(rise / 4e-5 - found[place]).max() < 1e-5 * np.abs(found).max()


@few
@given(seeds, st.floats(0.01, 0.2))
def test_the_scores_of_the_cases_add_up_to_the_gradient(seed, holes):
    groups = groups_of(answers(seed, holes=holes), means=True)
    theta = start_of(groups) + 0.05
    gradient = evaluated(groups, theta)[1]
    one = [
        evaluated((replace(groups[0], sample=sample_of(row, None)),), theta)[1]
        for row in (own.values for own in _single_rows(groups[0]))
    ]
    assert np.abs(np.sum(one, axis=0) - gradient).max() < 1e-6
    products = sum(np.outer(g, g) / 4.0 for g in one)
    assert np.abs(products - score_products(groups, theta)).max() < 1e-6


def _single_rows(group):
    for own in group.sample.patterns:
        for row in own.values:
            whole = np.full((1, group.sample.p), np.nan)
            whole[0, own.seen] = row
            yield replace(own, values=whole)


@few
@given(seeds)
def test_both_informations_agree_where_the_model_is_exact(seed):
    data = answers(seed)
    groups = groups_of(data, means=True)
    best = maximised(groups, start_of(groups))
    assume(best.converged)
    p = groups[0].structure.p
    implied = groups[0].structure.solved(best.theta).covariances[:p, :p]
    exact = replace(groups[0].sample.patterns[0], covariances=implied)
    again = (replace(groups[0], sample=replace(groups[0].sample, patterns=(exact,))),)
    expected, observed = (
        expected_information(again, best.theta),
        observed_information(again, best.theta),
    )
    assert np.abs(expected - observed).max() < 1e-4 * np.abs(expected).max()


@few
@given(seeds)
def test_the_order_of_the_rows_is_irrelevant(seed):
    data = answers(seed)
    order = np.random.default_rng(seed).permutation(len(data))
    assert apart(second_opinion(CHAIN, data), second_opinion(CHAIN, data[order]), "est") < 1e-6


@few
@given(seeds, st.integers(0, 8), st.floats(0.1, 20))
def test_the_unit_of_an_item_changes_no_standardised_number(seed, column, factor):
    data = answers(seed)
    stretched = data.copy()
    stretched[:, column] *= factor
    one, other = second_opinion(CHAIN, data), second_opinion(CHAIN, stretched)
    assert apart(one, other, "std") < 1e-6
    assert abs(one.fit["chisq"] - other.fit["chisq"]) < 1e-6
    places = [i for i, own in enumerate(one.parameters) if own.op == "~~"]
    marker = {CHAIN.indicators[column], "C"}
    variance = next(i for i in places if one.parameters[i].lhs in marker)
    ratio = other.parameters[variance].est / one.parameters[variance].est
    assert abs(ratio - factor**2) < 1e-5 * factor**2


@few
@given(seeds, st.integers(0, 8))
def test_a_constant_added_to_an_item_moves_nothing_but_its_intercept(seed, column):
    data = answers(seed, holes=0.05)
    lifted = data.copy()
    lifted[:, column] += 100.0
    one, other = second_opinion(CHAIN, data), second_opinion(CHAIN, lifted)
    for before, after in zip(one.parameters, other.parameters, strict=True):
        moved = 100.0 if (before.lhs, before.op) == (CHAIN.indicators[column], "~1") else 0.0
        assert abs(after.est - before.est - moved) < 1e-6


@few
@given(seeds)
def test_whole_weights_are_repeated_rows(seed):
    data, weights = answers(seed, 120), 1.0 + np.arange(120) % 3
    weighted = second_opinion(CHAIN, data, weights)
    repeated = second_opinion(CHAIN, np.repeat(data, weights.astype(int), axis=0))
    assert apart(weighted, repeated, "est") < 1e-5
    assert weighted.errors == "robust"


@few
@given(seeds)
def test_equal_weights_are_no_weights(seed):
    data = answers(seed)
    one, other = second_opinion(CHAIN, data), second_opinion(CHAIN, data, np.full(200, 7.5))
    assert apart(one, other, "se") < 1e-9
    assert other.problems == one.problems


@few
@given(seeds)
def test_twice_the_same_cases_are_no_groups_at_all(seed):
    data = answers(seed) - 5
    alone = measurement_invariance(CHAIN, np.vstack([data, data]), ["x"] * 200 + ["y"] * 200)
    first, *others = alone.steps
    one = Group(
        measurement_equations([own for own in CHAIN.constructs if len(own.indicators) > 1]),
        sample_of(np.delete(data, 6, axis=1), None),
    )
    best = maximised((one,), start_of((one,)))
    level = deviance(one.sample, *saturated(one.sample)).value
    assert abs(first.fit["chisq"] - 2.0 * (best.value - level)) < 1e-5
    assert all(abs(step.change.chisq) < 1e-5 for step in others)
    assert [step.change.df for step in others] == [5, 5]
    assert {step.mark.verdict for step in others} == {"pass"}


@few
@given(seeds, st.floats(1.0, 3.0))
def test_a_shifted_intercept_shows_in_the_scalar_step_only(seed, shift):
    first, second = answers(seed, 400), answers(seed + 1, 400)
    second[:, 1] += shift
    labels = ["x"] * 400 + ["y"] * 400
    found = measurement_invariance(CHAIN, np.vstack([first, second]), labels)
    assert found.steps[2].change.pvalue < 1e-6 < found.steps[1].change.pvalue
    assert found.left_out == ("C",)


@given(st.integers(1, 5), st.sampled_from([(), ("=~",), ("=~", "~1")]))
def test_shared_numbers_are_counted_once(count, shared):
    whole = measurement_equations(CHAIN.constructs[:2])
    made = grouped(whole, count, shared)
    places = {term.free for own in made for term in own.terms if term.free >= 0}
    assert places == set(range(len(places)))
    alone, loadings, intercepts = 2 + 2 + 6 + 3 + 2 + 4, 4, 6
    assert sum(term.free >= 0 for term in whole.terms) == alone
    held = (count - 1) * (loadings * ("=~" in shared) + (intercepts - 2) * ("~1" in shared))
    assert len(places) == count * alone - held

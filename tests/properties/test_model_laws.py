"""Laws that every path model obeys, whatever its shape, scheme, mode and data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from analysis.index import indices, scores_by_construct
from analysis.model import resampling
from analysis.model.layout import layout
from analysis.model.linear import solve
from analysis.model.moments import moments, products
from analysis.model.resampling import Replication, bootstrap, joined
from analysis.model.run import Fit, fit, prepared_fit
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Interaction, Model, Path, Scale
from foundation.problems import ProblemsError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Survey:
    """A model, answers that follow it, and the settings to fit it with."""

    model: Model
    data: FloatArray
    options: dict[str, Any]


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """Draw a recursive model of 2 to 5 constructs, answers 1-10 of 30 to 80 cases, settings."""
    k = draw(st.integers(2, 5))
    sizes = draw(st.lists(st.integers(1, 4), min_size=k, max_size=k))
    modes = draw(st.lists(st.sampled_from("AB"), min_size=k, max_size=k))
    arrows = [(s, t) for t in range(1, k) for s in range(t) if s == t - 1 or draw(st.booleans())]
    constructs = tuple(
        Construct(f"C{j}", tuple(f"c{j}{i}" for i in range(sizes[j])), modes[j]) for j in range(k)
    )
    paths = tuple(Path(f"C{s}", f"C{t}") for s, t in arrows)
    model = Model(constructs, paths, Scale(1, 10))
    data = answers(k, sizes, arrows, draw(st.integers(30, 80)), draw(st.integers(0, 10_000)))
    options = {
        "scheme": draw(st.sampled_from(["path", "centroid", "factorial"])),
        "metric": draw(st.sampled_from(["standardised", "raw"])),
    }
    return Survey(model, data, options)


@st.composite
def staged(draw: st.DrawFn) -> Survey:
    """Draw a model with a higher-order construct or an interaction: two of four lead on."""
    kind = draw(st.sampled_from(["disjoint", "embedded", "repeated", "two-stage", "products"]))
    sizes = draw(st.lists(st.integers(2, 3), min_size=4, max_size=4))
    constructs = tuple(
        Construct(f"C{j}", tuple(f"c{j}{i}" for i in range(size))) for j, size in enumerate(sizes)
    )
    data = answers(
        4,
        sizes,
        [(0, 3), (1, 3), (2, 3), (0, 1)],
        draw(st.integers(50, 80)),
        draw(st.integers(0, 10_000)),
    )
    options = {"scheme": draw(st.sampled_from(["path", "centroid", "factorial"]))}
    options |= {"metric": draw(st.sampled_from(["standardised", "raw"]))}
    if kind in ("two-stage", "products"):
        method = "two-stage" if kind == "two-stage" else "product-indicator"
        factors = ("C0", draw(st.sampled_from(["C0", "C1"])))
        arrows = [("C0", "C3"), ("C1", "C3"), ("C2", "C3"), ("X", "C3")]
        own = Interaction("X", factors, method)
        paths = tuple(Path(*arrow) for arrow in arrows)
        return Survey(Model(constructs, paths, Scale(1, 10), interactions=(own,)), data, options)
    mode = draw(st.sampled_from("AB"))
    whole = Construct("H", (), mode, parts=("C0", "C1"), approach=kind)
    paths = (Path("H", "C3"), Path("C2", "C3"))
    return Survey(Model((*constructs, whole), paths, Scale(1, 10)), data, options)


anything = st.one_of(surveys(), staged())


def answers(
    k: int, sizes: list[int], arrows: list[tuple[int, int]], n: int, seed: int
) -> FloatArray:
    """Return (n, p) answers from 1 to 10 that follow the paths."""
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n, k))
    for source, target in arrows:
        latent[:, target] += 0.7 * latent[:, source]
    items = np.repeat(latent, sizes, axis=1) + 0.6 * rng.normal(size=(n, sum(sizes)))
    return np.clip(np.round(5.5 + 1.5 * items), 1, 10)


def fitted(survey: Survey, **changes: Any) -> Fit:
    """Return a fit; examples that no estimator could fit are passed over."""
    options = survey.options | changes
    model, data = options.pop("model", survey.model), options.pop("data", survey.data)
    try:
        return fit(model, data, **options)
    except ProblemsError:
        assume(False)
        raise


def apart(first: Fit, second: Fit, *kinds: str) -> float:
    """Return the largest difference of the parameters of some kinds (all by default)."""
    rows = [i for i, label in enumerate(first.labels) if not kinds or label.kind in kinds]
    gaps = np.abs(first.point[rows] - second.point[rows])
    return float((gaps / np.maximum(1.0, np.abs(first.point[rows]))).max())


@given(anything)
def test_replicate_weights_of_one_give_no_error(survey):
    ones = Replication(np.ones((3, len(survey.data))), 1.0)
    found = fitted(survey, replicates=ones)
    assert max(found.figure(*label).se for label in found.labels) < 1e-9


@given(anything, st.data())
def test_whole_weights_are_repeated_rows(survey, data):
    n = len(survey.data)
    weights = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
    assume(weights.sum() > n / 2)
    weighted = fitted(survey, weights=weights.astype(float))
    repeated = fitted(survey, data=np.repeat(survey.data, weights, axis=0))
    assert apart(weighted, repeated) < 1e-8


@given(anything, st.floats(0.001, 1000))
def test_only_the_proportions_of_weights_count(survey, factor):
    weights = 1.0 + np.arange(len(survey.data)) % 4
    first, second = fitted(survey, weights=weights), fitted(survey, weights=factor * weights)
    assert apart(first, second) < 1e-8


@given(anything)
def test_the_index_is_the_mean_of_the_respondents_scores(survey):
    weights = 1.0 + np.arange(len(survey.data)) % 3
    found = fitted(survey, weights=weights)
    scores, levels = scores_by_construct(found, survey.data), indices(found)
    assert set(scores) == set(levels) == {own.name for own in survey.model.constructs}
    for name, own in scores.items():
        assert abs(np.average(own, weights=weights) - levels[name].value) < 1e-8


@given(anything, st.integers(0, 1000))
def test_the_order_of_the_rows_is_irrelevant(survey, seed):
    order = np.random.default_rng(seed).permutation(len(survey.data))
    assert apart(fitted(survey), fitted(survey, data=survey.data[order])) < 1e-8


@given(anything, st.data())
def test_the_unit_of_an_item_is_irrelevant_in_the_standardised_metric(survey, data):
    column = data.draw(st.integers(0, survey.data.shape[1] - 1))
    factor = data.draw(st.floats(0.01, 100))
    stretched = survey.data.copy()
    stretched[:, column] *= factor
    item = survey.model.indicators[column]
    model = replace(survey.model, scales={item: Scale(factor, 10 * factor)})
    one = fitted(survey, metric="standardised")
    other = fitted(survey, metric="standardised", model=model, data=stretched)
    assert apart(one, other) < 1e-8


@given(anything, st.data())
def test_a_constant_added_to_an_item_moves_the_index_and_no_path(survey, data):
    column = data.draw(st.integers(0, survey.data.shape[1] - 1))
    lifted = survey.data.copy()
    lifted[:, column] += 2.0
    model = replace(survey.model, scale=Scale(1, 20))
    one, other = fitted(survey, model=model), fitted(survey, model=model, data=lifted)
    kinds = {label.kind for label in one.labels} - {"index", "performance"}
    assert apart(one, other, *kinds) < 1e-8
    assert apart(one, other, "index") > 1e-6


@given(anything)
def test_every_construct_correlates_positively_with_the_sum_of_its_items(survey):
    found = fitted(survey, metric="standardised")
    assert (found.plan.sums(found.estimates.loadings) > 0).all()


@given(anything)
def test_turning_an_item_and_saying_so_changes_nothing(survey):
    turned = survey.data.copy()
    turned[:, 0] = 11 - turned[:, 0]
    model = replace(survey.model, reversed_items=frozenset({survey.model.indicators[0]}))
    assert apart(fitted(survey), fitted(survey, model=model, data=turned)) < 1e-8


@settings(max_examples=20)
@given(anything, st.integers(2, 9))
def test_any_number_of_workers_gives_the_same_to_the_last_digit(survey, workers):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resampling, "stack_size", lambda _: 7)
        whole = fitted(survey, bootstrap=40, seed=3).resamples
        estimator, _ = prepared_fit(survey.model, survey.data, None, Settings(**survey.options))
        parts = [bootstrap(estimator, 40, 3, part=(i, workers)) for i in range(workers)]
    assert (joined(parts).values == whole.values).all()
    assert (joined(parts).status == whole.status).all()


@settings(max_examples=30)
@given(anything, st.integers(1, 40))
def test_a_resample_does_not_depend_on_the_others_in_its_stack(survey, size):
    whole = fitted(survey, bootstrap=40, seed=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resampling, "stack_size", lambda _: size)
        split = fitted(survey, bootstrap=40, seed=3)
    assert (whole.resamples.status == split.resamples.status).all()
    gaps = np.abs(whole.resamples.usable - split.resamples.usable)
    assert (gaps / np.maximum(1, np.abs(whole.resamples.usable))).max(initial=0) < 1e-9


@settings(max_examples=30)
@given(anything)
def test_a_resample_is_the_fit_of_the_rows_drawn(survey):
    found = fitted(survey, bootstrap=4, seed=11)
    drawn = np.random.default_rng(11).integers(0, len(survey.data), (4, len(survey.data)))
    for b in np.flatnonzero(found.resamples.fine):
        again = fitted(survey, data=survey.data[drawn[b]])
        gaps = np.abs(np.abs(found.resamples.values[:, b]) - np.abs(again.point))
        assert (gaps / np.maximum(1, np.abs(again.point))).max() < 1e-8


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(1, 5))
def test_moments_are_weighted_means_and_covariances(seed, n, p):
    rng = np.random.default_rng(seed)
    data, weights = 100 + rng.normal(size=(n, p)), rng.integers(0, 4, (3, n)) + 0.5
    found = moments(products(data), weights)
    for b in range(3):
        mean = np.average(data, axis=0, weights=weights[b])
        covariance = np.cov(data.T, aweights=weights[b], ddof=0).reshape(p, p)
        assert np.abs(found.means[:, b] - mean).max() < 1e-12
        assert np.abs(found.covariances[:, :, b] - covariance).max() < 1e-12


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_solving_a_stack_solves_each_system(seed, k):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(4, k, k + 3))
    matrix = np.einsum("bij,bkj->ikb", root, root)
    right = rng.normal(size=(k, 2, 4))
    found, fine = solve(matrix, right)
    assert fine.all()
    assert np.abs(np.einsum("ijb,jmb->imb", matrix, found) - right).max() < 1e-8


@given(surveys())
def test_the_layout_lists_every_construct_after_its_predecessors(survey):
    plan = layout(survey.model)
    assert sorted(plan.order) == list(range(plan.k))
    for j in range(plan.k):
        assert all(plan.order.index(i) < plan.order.index(j) for i in plan.sources[j])

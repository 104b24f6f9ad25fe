"""Laws of comparing groups, whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare.invariance import verdict
from analysis.compare.mixture import fit_mixture
from analysis.compare.redraws import permuted_labels, redrawn_people
from analysis.compare.run import Comparison, compare
from analysis.compare.twosample import henseler_p, permutation_p
from analysis.model.layout import layout
from analysis.model.specify import Construct, Model, Path, Scale

MODEL = Model(
    (Construct("Q", ("q1", "q2")), Construct("V", ("v1", "v2")), Construct("S", ("s1", "s2"))),
    (Path("Q", "V"), Path("Q", "S"), Path("V", "S")),
    Scale(1, 10),
)
SEEDS = st.integers(0, 10_000)


def answers(n: int, seed: int) -> np.ndarray:
    """Return (n, 6) answers from 1 to 10 that follow the model."""
    rng = np.random.default_rng(seed)
    q = rng.normal(size=n)
    v = 0.6 * q + rng.normal(size=n)
    s = 0.5 * q + 0.4 * v + rng.normal(size=n)
    latent = np.repeat(np.stack([q, v, s], axis=1), 2, axis=1) + 0.6 * rng.normal(size=(n, 6))
    return np.clip(5.5 + 1.5 * latent, 1, 10)


def permuted(data: np.ndarray, labels: list[str], **options) -> Comparison:
    return compare(MODEL, data, labels, permutations=19, bootstrap=0, **options)


@settings(deadline=None, max_examples=15)
@given(seed=SEEDS, n=st.integers(60, 90))
def test_swapping_the_names_of_two_groups_turns_the_signs_and_keeps_the_tests(seed, n):
    data = answers(n, seed)
    labels = ["a" if row % 3 else "b" for row in range(n)]
    swapped = ["b" if label == "a" else "a" for label in labels]
    one, two = (permuted(data, own).pairs[0] for own in (labels, swapped))
    assert two.difference == pytest.approx(-one.difference, abs=1e-9)
    assert two.p["permutation"] == pytest.approx(one.p["permutation"])
    assert two.invariance.composition.p == pytest.approx(one.invariance.composition.p)
    assert two.invariance.means.value == pytest.approx(-one.invariance.means.value, abs=1e-9)
    assert two.verdicts == one.verdicts


@settings(deadline=None, max_examples=15)
@given(seed=SEEDS)
def test_identical_groups_differ_in_nothing(seed):
    half = answers(50, seed)
    labels = ["a"] * 50 + ["b"] * 50
    found = compare(MODEL, np.vstack([half, half]), labels, permutations=19, bootstrap=30)
    pair = found.pairs[0]
    assert np.abs(pair.difference).max() < 1e-9
    for method in ("permutation", "parametric", "welch"):
        assert pair.p[method] == pytest.approx(1.0)
    assert pair.invariance.composition.value == pytest.approx(1.0)
    assert pair.verdict == "full"
    assert found.omnibus.euclidean == pytest.approx(0.0, abs=1e-12)
    assert found.omnibus.euclidean_p == 1.0


@settings(deadline=None, max_examples=10)
@given(seed=SEEDS)
def test_the_same_people_twice_leave_no_error_of_the_difference(seed):
    half = answers(50, seed)
    people = [str(row) for row in range(50)]
    own = compare(
        MODEL,
        np.vstack([half, half]),
        ["a"] * 50 + ["b"] * 50,
        people=people * 2,
        permutations=9,
        bootstrap=20,
    )
    pair = own.pairs[0]
    assert pair.se == pytest.approx(0.0, abs=1e-9)
    assert pair.p["permutation"] == pytest.approx(1.0)
    assert set(pair.p) == {"permutation"}


@settings(deadline=None, max_examples=10)
@given(seed=SEEDS, shift=st.floats(-3, 3))
def test_a_constant_added_in_one_group_moves_its_index_and_no_path(seed, shift):
    data = answers(80, seed)
    labels = ["a" if row % 2 else "b" for row in range(80)]
    moved = data.copy()
    moved[::2, 4:] += shift
    model = Model(MODEL.constructs, MODEL.paths, Scale(-10, 20))
    one, two = (compare(model, own, labels, permutations=0, bootstrap=0) for own in (data, moved))
    still = [row for row, label in enumerate(one.labels) if label.kind != "index"]
    gaps = one.pairs[0].difference, two.pairs[0].difference
    assert gaps[1][still] == pytest.approx(gaps[0][still], abs=1e-8)
    place = [(label.kind, label.name) for label in one.labels].index(("index", "S"))
    assert gaps[1][place] - gaps[0][place] == pytest.approx(100 * shift / 30, abs=1e-8)


@given(
    seed=SEEDS,
    groups=st.lists(st.integers(0, 2), min_size=4, max_size=40),
    shared=st.integers(0, 10),
)
def test_redraws_keep_sizes_and_people(seed, groups, shared):
    """Shared people answer in groups 0 and 1; permuting keeps one answer of theirs in each."""
    codes = np.array([0, 1] * shared + groups)
    people = np.array([*np.repeat(np.arange(shared), 2), *(shared + np.arange(len(groups)))])
    drawn = next(permuted_labels(codes, people, seed))
    assert np.bincount(drawn, minlength=3).tolist() == np.bincount(codes, minlength=3).tolist()
    assert (np.sort(drawn[: 2 * shared].reshape(-1, 2)) == [0, 1]).all()
    counts = next(redrawn_people(codes, people, seed))
    assert (counts[0 : 2 * shared : 2] == counts[1 : 2 * shared : 2]).all()
    for group in range(3):
        assert counts[codes == group].sum() == (codes == group).sum()


def test_about_half_of_the_people_in_two_groups_swap_their_answers():
    codes, people = np.tile([0, 1], 400), np.repeat(np.arange(400), 2)
    drawn = next(permuted_labels(codes, people, 1)).reshape(-1, 2)
    assert 150 < (drawn[:, 0] == 1).sum() < 250


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=30), st.floats(-2, 2))
def test_p_values_are_chances(values, gap):
    others = np.array([values])
    p = permutation_p(np.array([gap]), others)[0]
    assert 1 / (1 + len(values)) <= p <= 1
    apart = henseler_p(others, -others, (np.array([gap]), np.array([0.0])))[0]
    back = henseler_p(-others, others, (np.array([0.0]), np.array([gap])))[0]
    assert 0 <= apart <= 1
    assert apart == pytest.approx(back)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_verdict_never_rises_when_a_p_value_falls(c, mean, variance):
    order = ["none", "partial", "full"]
    now = order.index(verdict(c, mean, variance))
    for lower in ((c / 2, mean, variance), (c, mean / 2, variance), (c, mean, variance / 2)):
        assert order.index(verdict(*lower)) <= now


@settings(deadline=None, max_examples=20)
@given(seed=SEEDS, S=st.integers(1, 3))
def test_a_mixture_is_a_mixture(seed, S):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(150, 3))
    scores = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    found = fit_mixture(layout(MODEL), scores, np.eye(S)[rng.integers(0, S, 150)])
    if found is None:
        return
    assert found.shares.sum() == pytest.approx(1)
    assert (np.diff(found.shares) <= 0).all()
    assert found.members.sum(axis=1) == pytest.approx(1)
    whole = fit_mixture(layout(MODEL), scores, np.ones((150, 1)))
    assert found.log_likelihood >= whole.log_likelihood - 1e-6

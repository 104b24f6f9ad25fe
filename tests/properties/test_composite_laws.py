"""Laws of scores of several sources: joint errors of raters, missing sources, the podium."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compositescheme import READY
from analysis.compositescores import score
from analysis.compositeviews import posted
from analysis.sampling.raters import means_by_rater

STAR = READY["teller-star"]
SOURCES = [one["name"] for one in STAR["sources"]]
NAMES = st.sampled_from(["a", "b", "c", "d"])
RATERS = st.sampled_from(["", "r1", "r2", "r3", "r4"])
RATINGS = st.lists(st.tuples(NAMES, st.floats(0, 100), RATERS), min_size=1, max_size=40)
WHOLE = st.lists(
    st.tuples(NAMES, st.sampled_from(SOURCES), st.integers(0, 100), st.integers(0, 5)),
    min_size=1,
    max_size=60,
)


@given(RATINGS)
def test_a_joint_covariance_is_symmetric_and_never_negative(ratings):
    own = means_by_rater(*map(list, zip(*ratings, strict=True)))
    V = own.covariance
    assert pytest.approx(V) == V.T
    assert np.linalg.eigvalsh(V).min() >= -1e-8 * max(V.max(), 1)
    assert (V[own.raters == 1] < 1e-12).all()


@given(RATINGS)
def test_without_raters_the_error_is_that_of_single_ratings(ratings):
    units, scores, _ = map(list, zip(*ratings, strict=True))
    own = means_by_rater(units, scores, [""] * len(units))
    for at, name in enumerate(own.units):
        mine = [value for unit, value in zip(units, scores, strict=True) if unit == name]
        plain = np.var(mine, ddof=1) / len(mine) if len(mine) > 1 else 0.0
        assert own.covariance[at, at] == pytest.approx(plain, abs=1e-9)
        assert np.delete(own.covariance[at], at) == pytest.approx(0, abs=1e-9)


@given(st.lists(st.lists(st.floats(0, 100), min_size=3, max_size=3), min_size=2, max_size=12))
def test_raters_who_rate_all_give_the_covariance_of_their_ratings(table):
    y = np.array(table)
    R = len(y)
    units = [name for _ in range(R) for name in "abc"]
    raters = [f"r{at}" for at in range(R) for _ in "abc"]
    own = means_by_rater(units, list(y.ravel()), raters)
    assert own.covariance == pytest.approx(np.cov(y.T) / R, abs=1e-8)


def test_errors_of_differences_are_those_of_a_bootstrap_of_raters():
    """Forty raters, mild or strict with everybody, who rate four units once or twice or not."""
    rng = np.random.default_rng(7)
    R, units = 40, "abcd"
    mild = rng.normal(0, 10, R)
    counts = rng.integers(0, 3, (R, 4))
    sums = np.zeros((R, 4))
    rows = []
    for rater, at in np.argwhere(counts > 0):
        for value in 60 + 3 * at + mild[rater] + rng.normal(0, 5, counts[rater, at]):
            rows.append((units[at], float(value), f"r{rater}"))
            sums[rater, at] += value
    own = means_by_rater(*map(list, zip(*rows, strict=True)))
    times = rng.multinomial(R, np.full(R, 1 / R), size=20_000)
    drawn = (times @ sums) / (times @ counts)
    bootstrap = np.cov(drawn.T) * R / (R - 1)
    gaps = np.array([[1, -1, 0, 0], [1, 0, -1, 0], [1, 0, 0, -1], [0, 1, 0, -1]], float)
    ours, theirs = (np.sqrt(np.diag(gaps @ V @ gaps.T)) for V in (own.covariance, bootstrap))
    assert ours == pytest.approx(theirs, rel=0.06)
    assert np.sqrt(np.diag(own.covariance)) == pytest.approx(np.sqrt(np.diag(bootstrap)), rel=0.06)
    # Taken as rated apart, differences would look less sure than they are.
    apart = np.sqrt(np.diag(gaps @ np.diag(np.diag(own.covariance)) @ gaps.T))
    assert (apart > 1.3 * ours).all()


def told(ratings):
    rows = [[unit, source, float(value), who or None] for unit, source, value, who in ratings]
    scheme = {**STAR, "least_base": 2, "small_base": 8, "least_people": 3}
    return score(scheme, rows)[0]


@settings(max_examples=60)
@given(WHOLE)
def test_what_is_hidden_carries_no_figures_and_what_is_shown_all_of_them(ratings):
    answer = told(ratings)
    assert {row["unit"] for row in answer["units"]} == {unit for unit, *_ in ratings}
    for row in answer["units"]:
        figures = [row[name] for name in ("value", "se", "df", "low", "high", "rank")]
        if row["decision"] in ("hide", "withhold"):
            assert figures == [None] * 6
            assert all(own["mean"] is None for own in row["sources"].values())
        else:
            assert np.isfinite(figures).all()
            assert row["best"] <= row["rank"] <= row["worst"]
            used = [own["weight"] for own in row["sources"].values() if own["weight"] is not None]
            assert sum(used) == pytest.approx(1)
            hidden = [own for own in row["sources"].values() if own["mean"] is None]
            assert len(hidden) != 1
            assert all(own["raters"] >= 3 for own in row["sources"].values() if own["mean"])


@settings(max_examples=60)
@given(WHOLE)
def test_the_podium_never_leaves_out_somebody_as_high_as_one_it_names(ratings):
    answer = told(ratings)
    found = posted(answer)
    named = {row["unit"] for row in found["named"]}
    ranked = [row for row in answer["units"] if row["rank"]]
    assert len(named) >= min(found["places"], len(ranked))
    least = min((row["value"] for row in found["named"]), default=101)
    assert all(row["value"] < least for row in ranked if row["unit"] not in named)
    assert found["others"] == len(answer["units"]) - len(named)


@settings(max_examples=40)
@given(WHOLE, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(ratings, chance):
    other = list(ratings)
    chance.shuffle(other)
    first, second = told(ratings), told(other)
    for one, two in zip(first["units"], second["units"], strict=True):
        assert (one["unit"], one["rank"], one["letters"]) == (
            two["unit"], two["rank"], two["letters"])  # fmt: skip
        assert (one["value"] or 0) == pytest.approx(two["value"] or 0)

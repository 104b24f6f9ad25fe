"""The joint error of composites: what raters share, ties, degrees of freedom, drawing in."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.sampling.composites import (
    Composite,
    Scheme,
    Source,
    comparable,
    composite,
    drawn_in,
    sources_of,
)
from analysis.sampling.estimates import Estimates
from analysis.sampling.many import league_table, shrunken
from analysis.sampling.raters import means_by_rater

HALVES = Scheme({"team": 0.5, "customers": 0.5})


def of(value: float, df: float = 20.0) -> Composite:
    return Composite(value, 1.0, value - 2, value + 2, {}, (), df)


def joint(values, covariance) -> Estimates:
    nothing = np.full(len(values), np.nan)
    names = tuple(f"u{at}" for at in range(len(values)))
    V = np.asarray(covariance, dtype=float)
    return Estimates(names, np.asarray(values, float), V, 30, nothing, nothing, nothing)


def test_scores_that_differ_in_the_last_bit_share_a_rank():
    found = comparable({"a": of(0.1 + 0.2), "b": of(0.3), "c": of(0.2)}, {})
    assert [row.rank for row in league_table(found)] == [1, 1, 3]


def test_the_smallest_degrees_of_freedom_count_rounded_down():
    assert comparable({"a": of(1, 20.0), "b": of(2, 5.9)}, {}).df == 5
    assert comparable({"a": of(1, 0.4)}, {}).df == 1
    assert comparable({"a": composite(HALVES, {"team": Source(50, 0.0, 8)})}, {}).df == 7


def test_covariances_of_scores_are_those_of_shared_raters_times_the_weights_used():
    """Unit b lacks customers, so that the team counts half for a and whole for b."""
    team = means_by_rater(list("aaabbb"), [1, 2, 6, 3, 4, 8], ["x", "y", "z"] * 2)
    customers = means_by_rater(["a"] * 3, [50, 60, 70], [""] * 3)
    means = {"team": team, "customers": customers}
    scores = {unit: composite(HALVES, sources_of(unit, means)) for unit in "ab"}
    found = comparable(scores, {"a": 6, "b": 3}, means)
    assert found.values == pytest.approx([0.5 * 3 + 0.5 * 60, 5])
    expected = [[0.25 * 7 / 3 + 0.25 * 100 / 3, 0.5 * 7 / 3], [0.5 * 7 / 3, 7 / 3]]
    assert found.covariance == pytest.approx(np.array(expected))
    apart = comparable(scores, {})
    assert apart.covariance == pytest.approx(np.diag(np.diag(expected)))
    assert list(apart.counts) == [0, 0]


def test_what_all_errors_share_does_not_draw_scores_together():
    values, own, shared = [60, 64, 70, 71, 80.0], 4.0, 30.0
    found = drawn_in(joint(values, own * np.eye(5) + shared))
    alone = shrunken(joint(values, own * np.eye(5)))
    assert found.values == pytest.approx(alone.values)
    assert found.se == pytest.approx(np.sqrt(alone.se**2 + shared))
    # Student's t of 30 degrees of freedom, as in any table: 2.042.
    assert (found.high - found.values) / found.se == pytest.approx(2.042, abs=0.001)
    taken_apart = shrunken(joint(values, (own + shared) * np.eye(5)))
    assert (taken_apart.share > 2 * found.share).all()


def test_drawing_in_stands_a_source_whose_error_is_all_shared():
    found = drawn_in(joint([60, 70], np.full((2, 2), 9.0)))
    assert found.values == pytest.approx([60, 70])
    assert found.se == pytest.approx([3, 3])


def test_a_score_of_zero_weight_is_withheld():
    found = composite(Scheme({"team": 0.0, "customers": 1.0}), {"team": Source(50, 1, 8)})
    assert found.value is None


def test_raters_who_all_agree_leave_the_degrees_of_the_smallest_source():
    found = composite(HALVES, {"team": Source(50, 0.0, 8), "customers": Source(60, 0.0, 20)})
    assert (found.value, found.se, found.df) == (55, 0, 7)
    assert math.isclose(found.low or 0, 55)

"""Laws of comparing many, planning, linting and sequential looks."""

import math
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.allocation import allocate
from analysis.sampling.consistency import Figure, can_come_from
from analysis.sampling.estimates import Estimates
from analysis.sampling.many import (
    adjusted,
    column_letters,
    group_letters,
    league_table,
    pairwise_tests,
    shrunken,
)
from analysis.sampling.planning import margin_of_proportion, size_for_proportion
from analysis.sampling.sequential import base_for_margin, field_progress, running_margin

CORRECTIONS = st.sampled_from(["holm", "bonferroni", "benjamini-hochberg", "none"])


@st.composite
def branches(draw):
    values = draw(st.lists(st.floats(20, 95), min_size=2, max_size=8))
    errors = draw(st.lists(st.floats(0.1, 10), min_size=len(values), max_size=len(values)))
    return independent(values, errors)


def independent(values, errors, df=500):
    k = len(values)
    nothing = np.full(k, np.nan)
    return Estimates(
        names=tuple(f"branch {at}" for at in range(k)),
        values=np.array(values, dtype=float),
        covariance=np.diag(np.array(errors, dtype=float) ** 2),
        df=df,
        counts=np.full(k, 50.0),
        deff=nothing,
        n_eff=nothing,
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), CORRECTIONS)
def test_a_correction_never_makes_a_difference_more_certain(p, correction):
    values = np.array(p)
    corrected = adjusted(values, correction)
    assert (corrected >= values - 1e-12).all()
    assert (corrected <= 1).all()
    assert (np.diff(corrected[np.argsort(values, kind="stable")]) >= -1e-12).all()


@given(branches())
def test_holm_lies_between_bonferroni_and_nothing(estimates):
    p = np.array([pair.p for pair in pairwise_tests(estimates, correction="none")])
    holm, bonferroni = adjusted(p, "holm"), adjusted(p, "bonferroni")
    assert (holm <= bonferroni + 1e-12).all()


@given(branches(), CORRECTIONS)
def test_a_rank_lies_in_its_interval(estimates, correction):
    table = league_table(estimates, correction=correction)
    for row in table:
        assert 1 <= row.best <= row.rank <= row.worst <= len(table)
    assert [row.value for row in table] == sorted(estimates.values, reverse=True)


@given(branches())
def test_rows_that_differ_in_rank_for_certain_share_no_letter(estimates):
    table = league_table(estimates)
    for first in table:
        for second in table:
            if first.worst < second.best:
                assert not set(first.letters) & set(second.letters)


@given(st.integers(1, 7), st.integers(0, 2**21 - 1))
def test_letters_are_shared_exactly_by_rows_that_do_not_differ(k, bits):
    different = np.zeros((k, k), dtype=bool)
    for at, (b, a) in enumerate(combinations(range(k), 2)):
        different[a, b] = different[b, a] = bool(bits >> at & 1)
    letters = group_letters(different)
    for a in range(k):
        for b in range(a):
            assert bool(set(letters[a]) & set(letters[b])) == (not different[a, b])


def test_column_letters_stand_in_the_higher_column():
    assert column_letters(independent([80, 60, 61], [1, 1, 1])) == ["BC", "", ""]


@given(branches())
def test_shrinking_draws_towards_the_mean_and_keeps_the_order_of_equal_bases(estimates):
    found = shrunken(estimates)
    assert ((found.share >= 0) & (found.share <= 1)).all()
    gap_before = estimates.values - found.mean
    gap_after = found.values - found.mean
    assert (np.abs(gap_after) <= np.abs(gap_before) + 1e-9).all()


def test_a_small_base_is_drawn_further_than_a_large_one():
    found = shrunken(independent([90, 60, 70, 65, 90], [12, 1, 1, 1, 1]))
    assert found.share[0] > 5 * found.share[4]
    assert found.values[0] < found.values[4]


def test_units_without_a_difference_are_drawn_to_one_value():
    found = shrunken(independent([70.0, 70.1, 69.9, 70.05, 70.0], [5, 5, 5, 5, 5]))
    assert found.between == 0
    assert np.ptp(found.values) < 0.15


@given(st.integers(1, 2000), st.data(), st.integers(0, 3))
def test_a_percentage_of_whole_people_always_passes(n, data, decimals):
    count = data.draw(st.integers(0, n))
    printed = f"{100 * count / n:.{decimals}f}"
    assert can_come_from(Figure("any", printed), n)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.2), st.integers(50, 10**6), st.floats(1, 4))
def test_the_size_for_a_margin_gives_that_margin(p, margin, population, deff):
    wanted = size_for_proportion(p, margin, population=population, deff=deff)
    if wanted.n < 2 or wanted.n >= population:
        return
    got = margin_of_proportion(p, wanted.n, population=population, deff=deff).moe_planning
    assert got <= margin * math.sqrt(population / (population - 1)) + 1e-12


@given(
    st.lists(st.tuples(st.integers(20, 5000), st.floats(0.5, 40)), min_size=1, max_size=6),
    st.floats(0.05, 0.9),
)
def test_an_allocation_spends_the_whole_and_no_stratum_beyond_its_people(strata, part):
    sizes = np.array([size for size, _ in strata], dtype=float)
    sds = np.array([sd for _, sd in strata])
    total = part * sizes.sum()
    found = allocate(total, sizes, sds)
    assert found.n.sum() == pytest.approx(total)
    assert (found.n <= sizes + 1e-9).all()


@given(
    st.lists(st.tuples(st.integers(100, 5000), st.floats(0.5, 40)), min_size=2, max_size=6),
    st.integers(0, 10**6),
)
def test_no_allocation_beats_neyman(strata, seed):
    sizes = np.array([size for size, _ in strata], dtype=float)
    sds = np.array([sd for _, sd in strata])
    total = 0.05 * sizes.sum()
    best = allocate(total, sizes, sds)
    other = np.random.default_rng(seed).dirichlet(np.ones(len(sizes))) * total
    share = sizes / sizes.sum()
    if (other < sizes).all() and (other > 0).all():
        variance = (share**2 * (1 - other / sizes) * sds**2 / other).sum()
        assert best.variance <= variance + 1e-12


@given(st.floats(1, 50), st.integers(20, 5000), st.integers(20, 5000))
def test_looking_every_day_costs_width_and_more_interviews_pay_it_back(sd, n, planned):
    margin = running_margin(sd, n, planned)
    assert margin > 1.96 * sd / math.sqrt(n)
    assert running_margin(sd, 2 * n, planned) < margin


@given(st.floats(5, 30), st.floats(0.5, 5), st.integers(50, 3000))
def test_the_base_for_a_margin_is_the_least_that_reaches_it(sd, margin, planned):
    n = base_for_margin(sd, margin, planned)
    assert running_margin(sd, n, planned) <= margin
    if n > 2:
        assert running_margin(sd, n - 1, planned) > margin


def test_progress_names_the_day_at_the_present_pace():
    today = date(2026, 11, 24)
    found = field_progress(20.0, 200, wanted=2.0, planned_n_eff=400, per_day=50, today=today)
    missing = found.n_eff_needed - 200
    assert not found.is_met
    assert (found.due - today).days == math.ceil(missing / 50)
    done = field_progress(20.0, 5000, wanted=2.0, planned_n_eff=400, per_day=50, today=today)
    assert done.is_met
    assert done.due is None


def test_a_confidence_sequence_holds_under_a_look_after_every_interview():
    rng = np.random.default_rng(11)
    looks = np.arange(30, 600)
    reach = np.array([running_margin(1.0, n, 300) for n in looks])
    draws = rng.normal(size=(2000, 600))
    means = np.cumsum(draws, axis=1)[:, looks - 1] / looks
    missed = (np.abs(means) > reach).any(axis=1).mean()
    assert missed < 0.05
    naive = (np.abs(means) > 1.96 / np.sqrt(looks)).any(axis=1).mean()
    assert naive > 0.2

"""Laws of estimation: roads that must agree, and what no design may change."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns, labels_of
from analysis.sampling.design import declare
from analysis.sampling.domains import group_covariance
from analysis.sampling.estimates import contrast, estimate
from analysis.sampling.estimators import means_of, ratios_of, totals_of
from analysis.sampling.quantilerules import RULES, weighted_quantile
from analysis.sampling.regression import regress
from analysis.sampling.replicates import imported
from analysis.sampling.replication import Replication, replicate_weights
from analysis.sampling.resampled import moments, resampled
from analysis.weighting.calibration import calibration
from analysis.weighting.margins import PostStratification, margin
from foundation.problems import ProblemsError


@st.composite
def surveys(draw, units=(2, 4)):
    """Return columns of 2-4 strata with a few units of 1-4 cases, two variables and a group."""
    seed = draw(st.integers(0, 2**32 - 1))
    strata = draw(st.integers(2, 4))
    rng = np.random.default_rng(seed)
    rows = [
        (h, 10 * h + unit)
        for h in range(strata)
        for unit in range(rng.integers(units[0], units[1] + 1))
        for _ in range(rng.integers(1, 5))
    ]
    n = len(rows)
    group = rng.integers(0, 2, n)
    group[:2] = 0, 1
    return Columns(
        {
            "h": [h for h, _ in rows],
            "unit": [unit for _, unit in rows],
            "w": rng.uniform(0.5, 4, n),
            "y": rng.normal(50, 20, n),
            "x": rng.uniform(1, 9, n),
            "group": group,
            "N": [40 + h for h, _ in rows],
        }
    )


def clustered(columns, **options):
    return declare(columns, ids=["unit"], strata=["h"], weights="w", **options)


def with_replicates(design, kind, **options):
    made = replicate_weights(design, Replication(kind, **options), rng=np.random.default_rng(1))
    return design.with_replicates(made)


def loses_a_group(design, codes):
    stack = design.replicates.weights(design.weights, slice(0, None))
    return any((stack[:, codes == code].sum(axis=1) == 0).any() for code in (0, 1))


@given(surveys())
def test_a_domain_mean_is_a_ratio_estimate(columns):
    design = clustered(columns)
    inside = columns.number("group")
    y = columns.number("y")
    domain = estimate(design.within(inside == 1), means_of(y, ["y"]))
    ratio = estimate(design, ratios_of(y * inside, inside, ["y"]))
    assert domain.values == pytest.approx(ratio.values)
    assert domain.se == pytest.approx(ratio.se)


@given(surveys())
def test_a_mean_is_the_regression_on_nothing(columns):
    design = clustered(columns)
    mean = estimate(design, means_of(columns.number("y"), ["y"]))
    fit = regress(design, columns, "y ~ 1").coefficients
    assert fit.values == pytest.approx(mean.values)
    assert fit.se == pytest.approx(mean.se)


@given(surveys())
def test_the_jackknife_of_a_total_is_its_linearised_error(columns):
    design = clustered(columns, populations=["N"])
    total = totals_of(columns.number("y"), ["y"])
    jack = estimate(with_replicates(design, "JKn"), total)
    assert jack.se == pytest.approx(estimate(design, total).se)


@given(surveys(units=(2, 2)), st.sampled_from([("BRR", 0.0), ("Fay", 0.3), ("Fay", 0.7)]))
def test_balanced_halves_of_a_total_give_its_linearised_error(columns, kind):
    design = clustered(columns)
    total = totals_of(columns.number("y"), ["y"])
    halves = estimate(with_replicates(design, kind[0], rho=kind[1]), total)
    assert halves.se == pytest.approx(estimate(design, total).se)


@given(surveys(), st.floats(0.1, 1000), st.floats(-1000, 1000))
def test_scale_and_origin_move_a_mean_and_not_its_relative_error(columns, scale, shift):
    y = columns.number("y")
    plain = estimate(clustered(columns), means_of(y, ["y"]))
    heavier = Columns(
        {name: columns.raw(name) for name in columns.names} | {"w": columns.number("w") * scale}
    )
    moved = estimate(clustered(heavier), means_of(scale * y + shift, ["y"]))
    assert moved.values == pytest.approx(scale * plain.values + shift, rel=1e-8, abs=1e-8)
    assert moved.se == pytest.approx(scale * plain.se, rel=1e-6)


@given(surveys())
def test_a_census_has_no_sampling_error(columns):
    units = columns.labels("unit")
    whole = [len(np.unique(units.codes[columns.number("h") == h])) for h in columns.number("h")]
    counted = Columns({name: columns.raw(name) for name in columns.names} | {"N": whole})
    design = clustered(counted, populations=["N"])
    assert estimate(design, means_of(columns.number("y"), ["y"])).se[0] == 0


@given(surveys())
def test_a_difference_of_groups_counts_their_covariance(columns):
    design = clustered(columns)
    by, y = columns.labels("group"), columns.number("y")
    joint = group_covariance(design, by, lambda _: means_of(y, ["y"]))
    gap = contrast(design, joint, np.array([-1.0, 1.0]), "gap")
    fit = regress(design, columns, "y ~ group").coefficients
    assert gap.values[0] == pytest.approx(fit.values[1])
    assert gap.se[0] == pytest.approx(fit.se[1])


@given(surveys())
def test_missing_answers_are_outside_the_domain_and_drop_no_unit(columns):
    y = columns.number("y").copy()
    y[columns.number("group") == 0] = np.nan
    design = clustered(columns)
    missing = estimate(design, means_of(y, ["y"]))
    domain = estimate(
        design.within(columns.number("group") == 1), means_of(columns.number("y"), ["y"])
    )
    assert missing.values == pytest.approx(domain.values)
    assert missing.se == pytest.approx(domain.se)


@given(surveys())
def test_post_stratifying_takes_away_the_error_of_the_cells(columns):
    labels = columns.labels("group")
    step = PostStratification(
        margin("group", labels.codes, labels.levels, {"0": 300.0, "1": 700.0})
    )
    for design in (clustered(columns), with_replicates(clustered(columns), "subbootstrap")):
        if design.replicates is not None and loses_a_group(design, labels.codes):
            with pytest.raises(ProblemsError, match="WGT-119"):
                adjusted(design, step)
            continue
        after = adjusted(design, step)
        share = estimate(after, means_of(columns.number("group"), ["group"]))
        assert share.values[0] == pytest.approx(0.7)
        assert share.se[0] == pytest.approx(0, abs=1e-9)


@given(surveys(units=(3, 5)))
def test_calibrated_replicates_agree_with_the_calibrated_linear_error(columns):
    """The jackknife of a calibrated total is near, and never blind to the calibration."""
    X = np.column_stack([np.ones(columns.n), columns.number("x")])
    design = clustered(columns)
    sums = design.weights @ X
    step = calibration(["one", "x"], X, {"one": sums[0] * 1.02, "x": sums[1] * 1.03})
    y = totals_of(columns.number("x"), ["x"])
    assert estimate(adjusted(design, step), y).se[0] == pytest.approx(0, abs=1e-7)
    jack = adjusted(with_replicates(design, "JKn"), step)
    assert estimate(jack, y).se[0] == pytest.approx(0, abs=1e-7)


@given(surveys())
def test_any_function_of_weights_gives_the_error_of_the_built_in_mean(columns):
    y = columns.number("y")
    design = with_replicates(clustered(columns), "JKn")
    own = resampled(design, ["y"], lambda w: (w @ y / w.sum(axis=1))[:, None])
    built = estimate(design, means_of(y, ["y"]))
    assert own.values == pytest.approx(built.values)
    assert own.se == pytest.approx(built.se)


@given(surveys())
def test_moments_are_the_weighted_covariances_of_each_replicate(columns):
    X = np.column_stack([columns.number("y"), columns.number("x")])
    design = with_replicates(clustered(columns), "JKn")
    found = moments(design, X)
    stack = design.replicates.weights(design.weights, slice(0, None))
    factor = columns.n / (columns.n - 1)
    for at, weights in enumerate([design.weights, *stack]):
        expected = np.cov(X.T, aweights=weights, ddof=0) * factor
        assert found.covariances[at] == pytest.approx(expected, rel=1e-8, abs=1e-8)
        assert found.means[at] == pytest.approx(np.average(X, axis=0, weights=weights))


@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=30),
    st.integers(0, 1000),
    st.sampled_from(RULES),
)
def test_quantiles_rise_with_the_probability_and_stay_inside_the_data(values, seed, rule):
    data = np.array(values)
    weights = np.random.default_rng(seed).uniform(0.1, 3, len(data))
    found = [weighted_quantile(data, weights, p, rule) for p in np.linspace(0, 1, 21)]
    assert data.min() <= min(found)
    assert max(found) <= data.max()
    assert all(a <= b + 1e-9 for a, b in pairwise(found))


@given(surveys(), st.integers(1, 50))
def test_the_order_of_rows_changes_nothing(columns, seed):
    order = np.random.default_rng(seed).permutation(columns.n)
    mixed = Columns({name: columns.raw(name)[order] for name in columns.names})
    for kind in (None, "JKn"):
        found = []
        for data in (columns, mixed):
            design = clustered(data) if kind is None else with_replicates(clustered(data), kind)
            found.append(estimate(design, means_of(data.number("y"), ["y"])))
        assert found[0].values == pytest.approx(found[1].values)
        assert found[0].se == pytest.approx(found[1].se)


@given(st.lists(st.sampled_from(["a", "b", "", None]), min_size=1, max_size=20))
def test_an_empty_text_and_nothing_are_the_same_missing_category(values):
    labels = labels_of(np.array(values, dtype=object))
    known = [value for value in values if value]
    assert labels.levels == tuple(sorted(set(known)))
    assert labels.known.sum() == len(known)


@pytest.mark.parametrize("rank", [3, 9, 12])
def test_degrees_of_freedom_of_a_long_table_are_its_rank_less_one(rank):
    """Long tables are ranked by their cross products, short ones by their triangle."""
    rng = np.random.default_rng(rank)
    table = np.abs(rng.normal(1, 1, (400, rank)) @ rng.normal(1, 1, (rank, 12)))
    design = declare(Columns({"w": np.ones(400)}), weights="w")
    made = imported(table, design.weights, combined=False, scale=0.1)
    df = design.with_replicates(made).degrees_of_freedom()
    assert df == np.linalg.matrix_rank(table, rtol=1e-5) - 1
    few = np.arange(400) < 20
    assert design.with_replicates(made).within(few).degrees_of_freedom() == (
        np.linalg.matrix_rank(table[:20], rtol=1e-5) - 1
    )

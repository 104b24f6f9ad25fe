"""Laws of the index's error: roads that must agree, signs, waves, memory of who is who."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import run
from analysis.model.resampling import Replication as Given
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Model, Path
from analysis.precision.index import index_errors
from analysis.precision.parts import Part
from analysis.precision.redrawn import model_draws
from analysis.precision.stacking import joint_strata
from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns, labels_of
from analysis.sampling.design import declare
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of
from analysis.sampling.linearised import covariance_of_total
from analysis.sampling.many import league_table
from analysis.sampling.replication import Replication, replicate_weights
from analysis.scales import Scale
from analysis.weighting.margins import PostStratification, margin
from foundation.problems import ProblemsError

MODEL = Model(
    constructs=(
        Construct("Image", ("i1", "i2", "i3")),
        Construct("Satisfaction", ("s1", "s2", "s3")),
        Construct("Loyalty", ("l1", "l2")),
    ),
    paths=(Path("Image", "Satisfaction"), Path("Satisfaction", "Loyalty")),
    scale=Scale(1, 10),
)


def answers(rng, n, level=None):
    """Return (n, 8) answers from 1 to 10 of a path model that holds."""
    image = rng.normal(0, 1, n) + (0 if level is None else level)
    satisfied = 0.7 * image + rng.normal(0, 0.7, n)
    loyal = 0.6 * satisfied + rng.normal(0, 0.8, n)
    latent = np.column_stack([image] * 3 + [satisfied] * 3 + [loyal] * 2)
    noise = rng.normal(0, 1, latent.shape) * [0.5, 0.8, 1.2, 0.4, 0.9, 1.3, 0.6, 1.1]
    return np.clip(np.round(6 + 1.6 * (latent + noise)), 1, 10)


def survey(seed=1, strata=5, units=6, cases=8):
    """Return answers, columns and a clustered design of unequal weights."""
    rng = np.random.default_rng(seed)
    h = np.repeat(np.arange(strata), units * cases)
    unit = np.repeat(np.arange(strata * units), cases)
    level = rng.normal(0, 0.5, strata * units)[unit] + 0.2 * h
    columns = Columns(
        {
            "h": h,
            "unit": unit,
            "w": rng.uniform(0.5, 2.5, len(h)),
            "sex": rng.choice(["f", "m"], len(h)),
        }
    )
    design = declare(columns, ids=["unit"], strata=["h"], weights="w")
    return answers(rng, len(h), level), columns, design


def with_replicates(design, kind, *, seed=5, **options):
    made = replicate_weights(design, Replication(kind, **options), rng=np.random.default_rng(seed))
    return design.with_replicates(made)


def post_stratified(design, columns):
    labels = columns.labels("sex")
    targets = {"f": 600.0, "m": 500.0}
    return adjusted(design, PostStratification(margin("sex", labels.codes, labels.levels, targets)))


@pytest.mark.parametrize("weighted", [False, True])
def test_rao_wu_error_with_fixed_weights_is_taylors(weighted):
    """500 replicates leave a chance error of 1/sqrt(1000); ten sets together one of 1 %."""
    data, columns, design = survey(strata=8, units=12)
    ratios = []
    for seed in range(10):
        own = with_replicates(design, "subbootstrap", seed=seed, count=500)
        found = index_errors(MODEL, data, post_stratified(own, columns) if weighted else own)
        ratios.append((found.fixed.se / found.linearised.se) ** 2)
        assert found.fixed.se == pytest.approx(found.linearised.se, rel=0.12)
    assert np.sqrt(np.mean(ratios)) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("weighted", [False, True])
def test_jackknife_error_with_fixed_weights_is_taylors(weighted):
    data, columns, design = survey(strata=8, units=12)
    own = with_replicates(design, "JKn")
    found = index_errors(MODEL, data, post_stratified(own, columns) if weighted else own)
    assert found.fixed.se == pytest.approx(found.linearised.se, rel=0.005)


@pytest.mark.parametrize("kind", ["JKn", "BRR", "Fay"])
def test_jackknife_of_the_linear_part_is_taylor_exactly(kind):
    data, columns, design = survey(units=2)
    made = with_replicates(design, kind, rho=0.3).replicates
    index = data[:, 3:6].mean(axis=1)
    scores = (columns.number("w") * (index - np.average(index, weights=columns.number("w"))))[
        :, None
    ]
    drawn = made.covariance(made.totals(scores), scores.sum(axis=0))
    assert drawn == pytest.approx(covariance_of_total(design, scores), rel=1e-10)


def test_index_of_fixed_weights_is_the_weighted_mean_of_case_scores():
    data, _, design = survey()
    found = index_errors(MODEL, data, with_replicates(design, "JKn"))
    fit = found.fits["all"]
    w = fit.estimates.slopes[3:6, 0]
    scores = 100 * (data[:, 3:6] - 1) @ w / (9 * w.sum())
    mean = estimate(design, means_of(scores, ["index"]), against="with replacement")
    at = found.place("all", "Satisfaction")
    assert found.linearised.values[at] == pytest.approx(mean.values[0], rel=1e-12)
    assert found.linearised.se[at] == pytest.approx(mean.se[0], rel=1e-12)
    assert found.linearised.deff[at] == pytest.approx(mean.deff[0], rel=1e-12)
    assert found.linearised.n_eff[at] == pytest.approx(mean.n_eff[0], rel=1e-12)


@pytest.mark.parametrize("kind", ["JKn", "subbootstrap"])
def test_re_estimated_error_is_that_of_the_row_by_row_road(kind):
    """`analysis.model.run.fit` under the dense table of replicate weights."""
    data, columns, design = survey()
    data[3, 2] = data[40, 6] = np.nan
    design = post_stratified(with_replicates(design, kind, count=60, mse=True), columns)
    made = design.replicates
    dense = made.weights(design.weights, slice(None))
    own = run.fit(
        MODEL,
        data,
        weights=design.weights,
        replicates=Given(dense, made.scale, made.rscales),
    )
    found = index_errors(MODEL, data, design)
    for at, name in enumerate(MODEL.names):
        figure = own.figure("index", name)
        assert found.re_estimated.values[at] == pytest.approx(figure.value, rel=1e-10)
        assert found.re_estimated.se[at] == pytest.approx(figure.se, rel=1e-8)
    impact = found.effects.names.index("all: impact Satisfaction < Image")
    figure = own.figure("impact", "Satisfaction", "Image")
    assert found.effects.se[impact] == pytest.approx(figure.se, rel=1e-8)


def test_reversed_items_do_not_flip_between_replicates():
    data, _, design = survey(cases=4)
    turned = replace(MODEL, reversed_items=frozenset(("i1", "s2", "l1")))
    backwards = data.copy()
    backwards[:, [0, 4, 6]] = 11 - backwards[:, [0, 4, 6]]
    design = with_replicates(design, "subbootstrap", count=40)
    plain, again = index_errors(MODEL, data, design), index_errors(turned, backwards, design)
    assert again.re_estimated.draws == pytest.approx(plain.re_estimated.draws, rel=1e-9)


def test_a_construct_of_opposed_items_keeps_its_sign_in_every_replicate():
    """Its items add up to noise, with which the composite correlates now above, now below zero."""
    data, _, design = survey(seed=4)
    opposed = data.copy()
    near = data[:, 6] + np.random.default_rng(1).integers(-1, 2, len(data))
    opposed[:, 7] = 11 - np.clip(near, 1, 10)
    design = with_replicates(design, "subbootstrap", count=200)
    fit = run.full_sample(MODEL, opposed, design.weights, Settings())
    draws = model_draws(fit, opposed, np.ones(len(data), dtype=bool), design)
    assert fit.estimates.slopes[7, 0] * fit.estimates.slopes[6, 0] < 0
    assert (np.sign(draws.slopes[6]) == np.sign(fit.estimates.slopes[6, 0])).all()


def stacked(shared, *, seed=3, n=150):
    """Return two waves of n people, the first `shared` of each the same, and their design."""
    rng = np.random.default_rng(seed)
    person = np.concatenate([np.arange(n), np.arange(n)])
    person[n + shared :] += n
    wave = np.repeat([1, 2], n)
    first = answers(rng, n)
    second = answers(rng, n)
    second[:shared] = np.clip(first[:shared] + rng.integers(-1, 2, (shared, 8)), 1, 10)
    stratum = joint_strata(labels_of(wave), labels_of(person % 3), labels_of(person))
    columns = Columns({"person": person, "wave": wave, "h": stratum, "w": np.ones(2 * n)})
    design = declare(columns, ids=["person"], strata=["h"], weights="w")
    parts = [Part("1", wave == 1), Part("2", wave == 2)]
    return np.vstack([first, second]), design, parts


def test_waves_drawn_apart_have_no_covariance():
    data, design, parts = stacked(0)
    found = index_errors(MODEL, data, with_replicates(design, "JKn"), parts)
    k = len(MODEL.names)
    assert found.linearised.covariance[:k, k:] == pytest.approx(0, abs=1e-12)
    change = found.change("1", "2", "Satisfaction")
    both = found.linearised.se[[1, 1 + k]]
    assert change.linearised.se[0] == pytest.approx(np.hypot(*both), rel=1e-9)


def test_error_of_a_change_falls_with_the_overlap_and_is_that_of_the_differences():
    data, design, parts = stacked(150)
    found = index_errors(MODEL, data, with_replicates(design, "JKn"), parts)
    change = found.change("1", "2", "Satisfaction")
    _, apart_design, apart_parts = stacked(0)
    apart = index_errors(MODEL, data, with_replicates(apart_design, "JKn"), apart_parts)
    loose = apart.change("1", "2", "Satisfaction")
    assert change.re_estimated.values == pytest.approx(loose.re_estimated.values)
    assert change.re_estimated.se[0] < 0.6 * loose.re_estimated.se[0]
    # With everybody asked twice the change is a mean of differences person by person.
    w = [found.fits[name].estimates.slopes[3:6, 0] for name in ("1", "2")]
    scores = [
        100 * (data[rows, 3:6] - 1) @ own / (9 * own.sum())
        for own, rows in zip(w, (slice(0, 150), slice(150, 300)), strict=True)
    ]
    differences, h = scores[1] - scores[0], np.arange(150) % 3
    u = (differences - differences.mean()) / 150
    variance = sum(50 / 49 * ((u[h == s] - u[h == s].mean()) ** 2).sum() for s in range(3))
    assert change.linearised.se[0] == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_branches_take_the_weights_of_their_wave_and_share_one_covariance():
    data, columns, design = survey(strata=4)
    h = columns.number("h")
    everybody = Part("all", np.ones(len(h), dtype=bool))
    branches = [Part(f"b{code}", h == code, model="all") for code in range(4)]
    design = with_replicates(design, "JKn", mse=True)
    found = index_errors(MODEL, data, design, [everybody, *branches])
    assert list(found.fits) == ["all"]
    scores = found.of("Satisfaction")
    shares = np.array([design.weights[h == code].sum() for code in range(4)])
    whole = scores.fixed.values[1:] @ shares / shares.sum()
    assert scores.fixed.values[0] == pytest.approx(whole)
    # Strata are drawn apart: what branches share is the model alone.
    off = ~np.eye(4, dtype=bool)
    assert scores.fixed.covariance[1:, 1:][off] == pytest.approx(0, abs=1e-12)
    assert (np.abs(scores.re_estimated.covariance[1:, 1:][off]) > 0).all()
    assert {row.name for row in league_table(scores.re_estimated)} == set(scores.parts)


def test_a_part_alone_in_a_sampling_unit_is_a_named_problem():
    data, columns, design = survey()
    lone = Part("lone", columns.number("unit") == 0, model="all")
    everybody = Part("all", np.ones(len(data), dtype=bool))
    with pytest.raises(ProblemsError, match="undefined in 1 of the 30"):
        index_errors(MODEL, data, with_replicates(design, "JKn"), [everybody, lone])


def test_a_model_that_is_no_part_is_a_mistake_of_the_caller():
    data, _, design = survey()
    rows = np.ones(len(data), dtype=bool)
    with pytest.raises(ValueError, match="no part 'wave'"):
        index_errors(MODEL, data, with_replicates(design, "JKn"), [Part("b", rows, model="wave")])


def test_answers_must_be_those_of_the_design():
    data, _, design = survey()
    with pytest.raises(ValueError, match="10 rows, the design 240"):
        index_errors(MODEL, data[:10], with_replicates(design, "JKn"))
    with pytest.raises(ProblemsError, match="no replicate weights"):
        index_errors(MODEL, data, design)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(2, 3))
def test_joint_strata_hold_units_of_one_stratum_that_take_part_in_the_same_waves(
    seed, waves, strata
):
    rng = np.random.default_rng(seed)
    n = 40
    wave, stratum = rng.integers(0, waves, n), rng.integers(0, strata, n)
    unit = 100 * stratum + rng.integers(0, 12, n)
    joint = joint_strata(labels_of(wave), labels_of(stratum), labels_of(unit))
    taken = {code: (stratum[unit == code][0], *sorted(set(wave[unit == code]))) for code in unit}
    for code, own in taken.items():
        assert len(set(joint[unit == code])) == 1
        same = {other for other, others in taken.items() if others == own}
        assert set(unit[joint == joint[unit == code][0]]) == same

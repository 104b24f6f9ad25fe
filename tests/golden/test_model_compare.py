"""Comparisons of groups against a second, plain derivation: loops over rows, textbook formulas.

Data: tests/golden/sem/mobi.csv. Groups: those who name 8 or more on the first question on
Image (IMAG1) and the others; or every third case, for a split without a difference.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.compare import twosample
from analysis.compare.run import compare
from analysis.index import respondent_scores
from analysis.model.fitting import implied_of
from analysis.model.parameters import Parameter
from analysis.model.run import Fit, fit
from tests.golden.sem_reference import mobi_model, table

MODEL = mobi_model()
DATA = table("mobi.csv")
HIGH = DATA[:, MODEL.indicators.index("IMAG1")] >= 8
LABELS = ["satisfied" if high else "other" for high in HIGH]
CODES = HIGH.astype(int)
PERMUTATIONS, B, SEED = 40, 60, 7
PATH = Parameter("path", "Satisfaction", "Quality")
INDEX = Parameter("index", "Satisfaction")
LOADING = Parameter("loading", "PERQ2", "Quality")
TOTAL = Parameter("total", "Loyalty", "Image")
FEW = (PATH, TOTAL, LOADING, INDEX)


@pytest.fixture(scope="module")
def found():
    return compare(MODEL, DATA, LABELS, permutations=PERMUTATIONS, bootstrap=B, seed=SEED)


@pytest.fixture(scope="module")
def permuted() -> list[tuple[np.ndarray, Fit, Fit]]:
    """Both groups of every permutation, estimated from their rows one after the other."""
    rng = np.random.default_rng(SEED)
    codes = [rng.permutation(CODES) for _ in range(PERMUTATIONS)]
    return [(own, fit(MODEL, DATA[own == 0]), fit(MODEL, DATA[own == 1])) for own in codes]


def value(own: Fit, label: Parameter) -> float:
    return float(own.point[own.labels.index(label)])


def groups() -> tuple[Fit, Fit]:
    return fit(MODEL, DATA[CODES == 0]), fit(MODEL, DATA[CODES == 1])


@pytest.mark.parametrize("label", FEW)
def test_differences_and_permutation_tests_are_those_of_a_loop_over_rows(found, permuted, label):
    first, second = groups()
    gap = value(second, label) - value(first, label)
    others = [value(b, label) - value(a, label) for _, a, b in permuted]
    reached = sum(abs(other) >= abs(gap) - 1e-9 for other in others)
    pair, row = found.pairs[0], found.labels.index(label)
    assert found.groups.names == ("other", "satisfied")
    assert pair.difference[row] == pytest.approx(gap, abs=1e-9)
    assert pair.p["permutation"][row] == (1 + reached) / (1 + PERMUTATIONS)


def correlations_of_scores(codes: np.ndarray) -> np.ndarray:
    """MICOM's c by hand: both groups' weights on all standardised rows, then correlated."""
    z = (DATA - DATA.mean(axis=0)) / DATA.std(axis=0)
    scores = []
    for group in (0, 1):
        own = fit(MODEL, DATA[codes == group])
        weighted = z * own.estimates.weights[:, 0]
        scores.append(np.stack([weighted[:, block].sum(axis=1) for block in own.plan.blocks]))
    return np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(*scores, strict=True)])


def test_compositional_invariance_is_that_of_scores_made_by_hand(found, permuted):
    own = found.pairs[0].invariance.composition
    c = correlations_of_scores(CODES)
    others = np.stack([correlations_of_scores(codes) for codes, _, _ in permuted])
    assert own.value == pytest.approx(c, abs=1e-10)
    assert own.low == pytest.approx(np.quantile(others, 0.05, axis=0), abs=1e-10)
    assert own.p == pytest.approx((1 + (others <= c + 1e-10).sum(axis=0)) / (1 + PERMUTATIONS))


def test_equality_of_means_and_variances_is_that_of_pooled_scores(found, permuted):
    whole = fit(MODEL, DATA)
    scores = respondent_scores(whole, DATA)
    scores = (scores - scores.mean(axis=0)) / scores.std(axis=0)

    def gaps(codes: np.ndarray) -> np.ndarray:
        a, b = scores[codes == 0], scores[codes == 1]
        ratio = np.log(b.var(axis=0, ddof=1) / a.var(axis=0, ddof=1))
        return np.stack([b.mean(axis=0) - a.mean(axis=0), ratio])

    mine, others = gaps(CODES), np.stack([gaps(codes) for codes, _, _ in permuted])
    own = found.pairs[0].invariance
    for step, part in enumerate((own.means, own.variances)):
        low, high = np.quantile(others[:, step], [0.025, 0.975], axis=0)
        assert part.value == pytest.approx(mine[step], abs=1e-9)
        assert part.low == pytest.approx(low, abs=1e-9)
        assert part.high == pytest.approx(high, abs=1e-9)
        reached = (np.abs(others[:, step]) >= np.abs(mine[step]) - 1e-9).sum(axis=0)
        assert part.p == pytest.approx((1 + reached) / (1 + PERMUTATIONS))


def distances(codes: np.ndarray) -> tuple[float, float]:
    """The two omnibus distances of three groups, from one fit of the rows of each."""
    fits = [fit(MODEL, DATA[codes == group]) for group in range(3)]
    implied = [implied_of(one.plan, one.estimates)[:, :, 0] for one in fits]
    pairs = [(implied[a], implied[b]) for a, b in ((0, 1), (0, 2), (1, 2))]
    eigen = [np.linalg.eigvals(np.linalg.inv(a) @ b).real for a, b in pairs]
    geodesic = np.mean([(np.log10(values) ** 2).sum() / 2 for values in eigen])
    return float(geodesic), float(np.mean([((a - b) ** 2).sum() / 2 for a, b in pairs]))


def test_the_omnibus_test_is_that_of_a_loop_over_rows():
    codes, permutations = np.arange(len(DATA)) % 3, 15
    labels = [str(code) for code in codes]
    own = compare(MODEL, DATA, labels, permutations=permutations, bootstrap=0, seed=SEED).omnibus
    mine = distances(codes)
    rng = np.random.default_rng(SEED + 3)
    others = np.array([distances(rng.permutation(codes)) for _ in range(permutations)])
    p = (1 + (others >= np.array(mine)).sum(axis=0)) / (1 + permutations)
    assert (own.geodesic, own.euclidean) == pytest.approx(mine, abs=1e-9)
    assert (own.geodesic_p, own.euclidean_p) == pytest.approx(tuple(p))


def test_the_bootstrap_of_a_group_is_that_of_a_fit_of_the_group_alone(found):
    for group in (0, 1):
        own = fit(MODEL, DATA[group == CODES], bootstrap=B, seed=SEED + group)
        for label in FEW:
            row = found.labels.index(label)
            assert found.se[group, row] == pytest.approx(own.figure(*label).se, abs=1e-9)


@pytest.mark.parametrize("label", FEW)
def test_bootstrap_tests_are_those_of_the_textbook(found, label):
    first, second = (
        fit(MODEL, DATA[group == CODES], bootstrap=B, seed=SEED + group) for group in (0, 1)
    )
    n, pair, row = (first.n, second.n), found.pairs[0], found.labels.index(label)
    se = first.figure(*label).se, second.figure(*label).se
    gap = value(second, label) - value(first, label)

    df = n[0] + n[1] - 2
    pooled = math.sqrt((n[0] - 1) ** 2 / df * se[0] ** 2 + (n[1] - 1) ** 2 / df * se[1] ** 2)
    t = gap / (pooled * math.sqrt(1 / n[0] + 1 / n[1]))
    assert pair.p["parametric"][row] == pytest.approx(2 * stats.t.sf(abs(t), df), abs=1e-9)

    a, b = (n[0] - 1) / n[0] * se[0] ** 2, (n[1] - 1) / n[1] * se[1] ** 2
    below = (n[0] - 1) / n[0] ** 2 * se[0] ** 4 + (n[1] - 1) / n[1] ** 2 * se[1] ** 4
    p = 2 * stats.t.sf(abs(gap) / math.sqrt(a + b), (a + b) ** 2 / below - 2)
    assert pair.p["welch"][row] == pytest.approx(p, abs=1e-9)

    place = first.labels.index(label)
    one, two = first.resamples.values[place], second.resamples.values[place]
    centred = (
        value(first, label) - value(second, label) + one[:, None] - one.mean() - two + two.mean()
    )
    not_above = (centred > 0).mean()
    assert pair.p["henseler"][row] == pytest.approx(2 * min(not_above, 1 - not_above), abs=1e-9)
    low, high = np.quantile(two - one, [0.025, 0.975])
    assert (pair.low[row], pair.high[row]) == pytest.approx((low, high), abs=1e-9)


def test_a_worked_t_test_by_hand():
    """0.30 against 0.50, errors 0.08 and 0.06, 100 and 150 cases, worked with a calculator."""
    gap, se, n = np.array([0.2]), (np.array([0.08]), np.array([0.06])), (100, 150)
    t, df = twosample.pooled_t(gap, se, n)
    assert (t[0], df[0]) == (pytest.approx(2.04266, abs=1e-5), 248)
    t, df = twosample.welch_t(gap, se, n)
    assert (t[0], df[0]) == (pytest.approx(2.00886, abs=1e-5), pytest.approx(197.96, abs=0.01))


def test_waves_that_share_people_are_resampled_person_by_person():
    """The bootstrap of paired waves is a loop that draws persons with all their answers."""
    n, draws = 120, 12
    noise = np.random.default_rng(3).integers(-1, 2, (n, DATA.shape[1]))
    waves = DATA[:n], np.clip(DATA[:n] + noise, 1, 10)
    people = [f"p{row}" for row in range(n)]
    labels = ["2025"] * n + ["2026"] * n
    own = compare(
        MODEL, np.vstack(waves), labels, people=people * 2, permutations=0, bootstrap=draws, seed=5
    )
    rng = np.random.default_rng(5)
    gaps = []
    for _ in range(draws):
        rows = rng.integers(0, n, n)
        first, second = (fit(MODEL, wave[rows]) for wave in waves)
        gaps.append([value(second, label) - value(first, label) for label in (PATH, INDEX)])
    rows = [own.labels.index(label) for label in (PATH, INDEX)]
    assert own.pairs[0].se[rows] == pytest.approx(np.std(gaps, axis=0, ddof=1), abs=1e-9)
    assert own.groups.shared(0, 1) == n
    assert "welch" not in own.pairs[0].p

"""Segments that are there are found; where there are none, the program says so."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import model as command
from analysis.compare.segments import construct_scores, segments
from analysis.model.specify import Construct, Model, Path
from foundation.problems import ProblemsError
from tests.golden.sem_reference import FOLDER, mobi_model, table

MODEL = Model(
    tuple(Construct(name, tuple(f"{name}{i}" for i in range(3))) for name in "QVS"),
    (Path("Q", "S"), Path("V", "S")),
)
FIRST, SECOND = (0.9, -0.3), (-0.3, 0.9)


def mixture(n: int, share: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return items of n cases, a share of them from a segment with other paths, and who."""
    rng = np.random.default_rng(seed)
    q, v = rng.normal(size=(2, n))
    other = rng.random(n) > share
    paths = np.where(other[:, None], SECOND, FIRST)
    s = paths[:, 0] * q + paths[:, 1] * v + 0.25 * rng.normal(size=n)
    items = np.repeat(np.stack([q, v, s], axis=1), 3, axis=1) + 0.3 * rng.normal(size=(n, 9))
    return items, other


def codes(found) -> set[str]:
    return {problem.message.code for problem in found.problems}


def test_two_segments_with_other_paths_are_recovered():
    data, other = mixture(400, 0.6)
    found = segments(MODEL, data, most=3, starts=4)
    own = found.solutions[1]
    assert (found.conclusion, found.supported) == ("agree", 2)
    assert set(found.named.values()) == {2}
    assert own.mixture.shares == pytest.approx((0.6, 0.4), abs=0.05)
    assert (own.mixture.assignment == other).mean() > 0.85
    scores = construct_scores(found.fit, data)
    for segment in (0, 1):
        mine = scores[other == segment]
        truth = np.linalg.lstsq(mine[:, :2], mine[:, 2], rcond=None)[0]
        assert own.mixture.paths[segment, 2, :2] == pytest.approx(truth, abs=0.1)


def test_one_population_is_called_one_population():
    found = segments(MODEL, mixture(300, 2.0)[0], most=2, starts=3)
    assert (found.conclusion, found.supported) == ("none", 1)


def test_one_segment_is_least_squares_with_its_textbook_likelihood_and_criteria():
    data, _ = mixture(200, 0.5)
    own = segments(MODEL, data, most=1).solutions[0]
    scores = construct_scores(segments(MODEL, data, most=1).fit, data)
    beta, rest, *_ = np.linalg.lstsq(scores[:, :2], scores[:, 2], rcond=None)
    variance = rest[0] / 200
    likelihood = -100 * (math.log(2 * math.pi * variance) + 1)
    assert own.mixture.paths[0, 2, :2] == pytest.approx(beta)
    assert own.mixture.log_likelihood == pytest.approx(likelihood)
    assert own.criteria.parameters == 3
    assert own.criteria.bic == pytest.approx(-2 * likelihood + 3 * math.log(200))
    assert own.criteria.caic == pytest.approx(-2 * likelihood + 3 * (math.log(200) + 1))
    assert own.criteria.aic3 == pytest.approx(-2 * likelihood + 9)


def test_the_likelihood_and_entropy_of_two_segments_are_sums_over_cases():
    data, _ = mixture(150, 0.6)
    found = segments(MODEL, data, most=2, starts=4)
    own, scores = found.solutions[1], construct_scores(found.fit, data)
    total, disorder = 0.0, 0.0
    for row in scores:
        chances = []
        for share, paths, variances in zip(
            own.mixture.shares, own.mixture.paths, own.mixture.variances, strict=True
        ):
            gap = row[2] - paths[2, 0] * row[0] - paths[2, 1] * row[1]
            density = math.exp(-(gap**2) / (2 * variances[2])) / math.sqrt(
                2 * math.pi * variances[2]
            )
            chances.append(share * density)
        total += math.log(sum(chances))
        shares = [chance / sum(chances) for chance in chances]
        disorder -= sum(chance * math.log(chance) for chance in shares if chance > 0)
    assert own.mixture.log_likelihood == pytest.approx(total, abs=1e-4)
    assert own.criteria.parameters == 7
    assert own.criteria.entropy == pytest.approx(1 - disorder / (150 * math.log(2)), abs=1e-4)


def test_criteria_that_do_not_agree_support_no_segments():
    found = segments(mobi_model(), table("mobi.csv"), most=3, starts=3)
    assert len({found.named[name] for name in ("aic3", "bic", "caic")}) > 1
    assert (found.conclusion, found.supported) == ("disagree", 1)
    assert "SEGMENT-543" in codes(found)


def test_a_segment_that_is_too_small_is_named():
    data, _ = mixture(300, 0.95, seed=3)
    found = segments(MODEL, data, most=2, starts=5)
    assert found.named["caic"] == 2
    assert (found.conclusion, found.supported) == ("small", 1)
    assert "SEGMENT-545" in codes(found)


def test_weights_and_too_few_cases_are_refused():
    data, _ = mixture(60, 0.5)
    with pytest.raises(ProblemsError, match="SEGMENT-541"):
        segments(MODEL, data, weights=np.ones(60))
    with pytest.raises(ProblemsError, match=r"SEGMENT-542.*60 cases.*at most 3"):
        segments(MODEL, data, most=4)


def test_the_command_writes_solutions_and_the_conclusion(tmp_path):
    out = tmp_path / "segments.json"
    arguments = ["segments", FOLDER / "mobi.csv", "--model", FOLDER / "mobi_model.json"]
    options = ["--most", 2, "--starts", 3, "--json", out]
    done = CliRunner().invoke(command, [str(own) for own in [*arguments, *options]])
    assert done.exit_code == 0, done.output
    found = json.loads(out.read_text(), parse_constant=pytest.fail)
    assert [own["segments"] for own in found["solutions"]] == [1, 2]
    assert len(found["solutions"][1]["assignment"]) == 250
    assert found["conclusion"] in done.output

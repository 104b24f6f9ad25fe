"""PLS against cSEM 0.6.1.9000, seminr 2.3.4 and the bootstrap reference (tests/golden/sem)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import model as command
from analysis.index import respondent_scores
from analysis.model.output import run_json
from analysis.model.resample_output import bootstrap_json
from analysis.model.run import fit
from tests.golden.sem_reference import FOLDER, assert_close, mobi_model, reference, table

MODEL = mobi_model()
DATA = table("mobi.csv")

#  run of mobi_pls.json           settings                                       tolerance
RUNS: list[tuple[str, dict[str, Any], float]] = [
    ("path_modeA_standardised", {}, 1e-9),
    ("centroid_modeA_standardised", {"scheme": "centroid"}, 1e-9),
    ("factorial_modeA_standardised", {"scheme": "factorial"}, 1e-9),
    ("path_modeA_PLSc", {"consistent": True}, 1e-8),
    ("path_modeB_standardised", {"mode": "B"}, 1e-8),
    ("centroid_modeA_raw_metric", {"scheme": "centroid", "metric": "raw"}, 1e-7),
]


@pytest.mark.parametrize(("run", "settings", "tolerance"), RUNS)
def test_every_number_of_every_run_agrees(run, settings, tolerance):
    own = dict(settings)
    model = MODEL.with_mode(own.pop("mode", "A"))
    found = run_json(fit(model, DATA, **own))
    assert_close(found, reference("mobi_pls.json")["runs"][run], tolerance)


def test_scores_of_respondents_agree():
    scores = respondent_scores(fit(MODEL, DATA), DATA)
    assert np.abs(scores - table("mobi_scores_0_100_path.csv")).max() < 1e-9


def test_bootstrap_agrees_resample_by_resample():
    found = bootstrap_json(fit(MODEL, DATA, bootstrap=5000, seed=20260101))
    assert_close(found, reference("mobi_bootstrap.json"), 1e-8)


@pytest.mark.parametrize(
    ("case", "weights"),
    [
        ("integer_1_plus_row_mod_3", 1 + np.arange(250) % 3),
        ("fractional_half_plus_7row_mod_11_tenths", 0.5 + 7 * np.arange(250) % 11 / 10),
    ],
)
def test_weighted_results_agree(case, weights):
    expected = reference("mobi_weighted.json")[case]
    found = fit(MODEL, DATA, weights=weights.astype(float))
    shown = run_json(found)
    flat = {
        "outer_weights": _flat(shown["outer_weights"]),
        "loadings": _flat(shown["loadings"]),
        "paths": shown["paths"],
        "r2": {"Image": 0.0, **shown["r2"]},
        "index_0_100": {name: found.figure("index", name).value for name in MODEL.names},
    }
    assert_close(flat, expected, 1e-9)


def _flat(nested: Any) -> dict[str, float]:
    return {item: value for items in nested.values() for item, value in items.items()}


@pytest.mark.parametrize(
    ("case", "missing"), [("mean_replacement", "mean"), ("pairwise_correlation", "pairwise")]
)
def test_results_with_missing_answers_agree(case, missing):
    shown = run_json(fit(MODEL, table("mobi_missing.csv"), missing=missing))
    found = {"paths": shown["paths"], "r2": {"Image": 0.0, **shown["r2"]}}
    assert_close(found, reference("mobi_missing.json")[case], 1e-9)


def test_the_command_writes_the_same_numbers(tmp_path: Path):
    out = tmp_path / "out.json"
    files = [str(FOLDER / "mobi.csv"), "--model", str(FOLDER / "mobi_model.json")]
    arguments = ["fit", *files, "--json", str(out), "--bootstrap", "5000", "--seed", "20260101"]
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text())
    assert_close(found, reference("mobi_pls.json")["runs"]["path_modeA_standardised"], 1e-9)
    assert_close(found["bootstrap"], reference("mobi_bootstrap.json"), 1e-8)
    satisfaction = found["index"]["Satisfaction"]["index_0_100"]
    assert (
        round(satisfaction, 2),
        round(found["bootstrap"]["index_0_100"]["Satisfaction"]["se"], 2),
    ) == (72.45, 0.92)

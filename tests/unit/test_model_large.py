"""Many cases: what is left out says so, and the numbers do not depend on who computed them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from analysis import cli
from analysis.model import moments
from analysis.model.run import fit, prepared_fit
from analysis.model.settings import Settings
from tests.golden.sem_reference import mobi_model, table
from tests.unit import test_model_data as small

MODEL, DATA = mobi_model(), table("mobi.csv")
WEIGHTS = np.random.default_rng(3).uniform(0.5, 2.0, len(DATA))


def command(tmp_path: Path, *options: str) -> dict[str, Any]:
    data, model, out = (tmp_path / name for name in ("d.csv", "m.json", "out.json"))
    data.write_text(small.text(small.answers(100)))
    model.write_text(json.dumps(small.MODEL.to_json()))
    files = [str(data), "--model", str(model), "--json", str(out)]
    result = CliRunner().invoke(cli.model, ["fit", *files, "--no-judge", *options])
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text())
    assert isinstance(found, dict)
    return found


def test_the_second_opinion_on_many_cases_says_why_it_was_left_out_and_comes_when_asked_for(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(cli, "MANY_FOR_CBSEM", 99)
    left_out = command(tmp_path)["cbsem"]
    assert left_out["converged"] is False
    (said,) = left_out["warnings"]
    assert said["code"] == "CBSEM-526"
    assert "100 cases are more than 99" in said["problem"]
    assert "--cbsem" in said["remedy"]
    assert command(tmp_path, "--cbsem")["cbsem"]["parameters"]
    assert "cbsem" not in command(tmp_path, "--no-cbsem")
    monkeypatch.setattr(cli, "MANY_FOR_CBSEM", 100)
    assert command(tmp_path)["cbsem"]["parameters"]


def test_the_command_writes_the_same_numbers_for_any_number_of_workers(tmp_path):
    options = ("--no-cbsem", "--bootstrap", "20000")
    alone = command(tmp_path, *options, "--workers", "1")
    assert alone["bootstrap"]
    assert alone == command(tmp_path, *options, "--workers", "3")


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_digit_of_a_resample_and_none_of_their_order(threads):
    told: list[int] = []
    alone = fit(MODEL, DATA, weights=WEIGHTS, bootstrap=1700)
    shared = fit(
        MODEL, DATA, weights=WEIGHTS, bootstrap=1700, threads=threads,
        progress=lambda done, total: told.append(done),
    )  # fmt: skip
    assert (alone.resamples.values == shared.resamples.values).all()
    assert told == sorted(told)
    assert told[-1] == 1700


@pytest.mark.parametrize("missing", ["mean", "pairwise"])
@pytest.mark.parametrize("holes", [False, True])
def test_a_table_made_in_pieces_gives_the_moments_of_the_whole_one(monkeypatch, missing, holes):
    data = DATA.copy()
    if holes:
        data[np.random.default_rng(5).random(data.shape) < 0.05] = np.nan
    counts = np.random.default_rng(4).integers(0, 3, (5, len(data))).astype(np.uint8)
    estimator, _ = prepared_fit(MODEL, data, WEIGHTS, Settings(missing=missing))
    whole = moments.moments(estimator.products, counts)
    monkeypatch.setattr(moments, "WHOLE", 0)
    monkeypatch.setattr(moments, "BLOCK", 20_000)
    pieces = moments.moments(replace(estimator.products), counts)
    assert len(list(replace(estimator.products).blocks())) > 3
    assert np.abs(whole.covariances - pieces.covariances).max() < 1e-13
    assert np.abs(whole.means - pieces.means).max() < 1e-13

"""What `soundings model fit` refuses: a named problem, exit code 1 or 2, and no file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import model as command
from analysis.files.outputs import write_whole
from analysis.model.run import fit
from tests.unit.test_model_data import MODEL, answers, problems, text

if TYPE_CHECKING:
    from click.testing import Result

DATA = answers()
FREE = {key: value for key, value in MODEL.to_json().items() if key != "scale"}


def run(folder: Path, *options: str, data: np.ndarray = DATA, out: Path | None = None) -> Result:
    """Run the command on files in `folder`, with a model without scales."""
    (folder / "d.csv").write_text(text(data), encoding="utf-8")
    (folder / "m.json").write_text(json.dumps(FREE), encoding="utf-8")
    files = [str(folder / "d.csv"), "--model", str(folder / "m.json")]
    where = ["--json", str(out or folder / "out.json"), "--no-judge"]
    return CliRunner().invoke(command, ["fit", *files, *where, *options])


def replicates(folder: Path, weight: str = "1") -> list[str]:
    (folder / "r.csv").write_text("a,b\n" + f"{weight},2\n" * len(DATA), encoding="utf-8")
    return ["--replicates", str(folder / "r.csv")]


@pytest.mark.parametrize("factor", [1e200, 1e305, 1e-200])
def test_answers_whose_squares_overflow_or_vanish_are_named(tmp_path, factor):
    data = DATA.copy()
    data[:, 1] *= factor
    result = run(tmp_path, data=data)
    assert result.exit_code == 1
    assert "[DATA-319] d.csv, column 'q2'" in result.stderr
    assert not (tmp_path / "out.json").exists()


def test_answers_in_very_large_units_are_estimated_all_the_same(tmp_path):
    data = DATA.copy()
    data[:, 1] *= 1e12
    paths = []
    for values in (DATA, data):
        assert run(tmp_path, data=values).exit_code == 0
        paths.append([p["value"] for p in json.loads((tmp_path / "out.json").read_text())["paths"]])
    assert np.allclose(*paths, rtol=0, atol=1e-12)


def test_an_item_that_varies_by_rounding_only_is_constant():
    data = DATA.copy()
    data[:, 2] = np.where(np.arange(len(data)) % 2, 3.3, 1.1 * 3)
    assert len(np.unique(data[:, 2])) == 2
    assert problems(data) == ["DATA-304"]


@pytest.mark.parametrize("weight", [np.inf, 1e308, -1.0])
def test_weights_that_cannot_be_added_are_refused(weight):
    weights = np.ones(len(DATA))
    weights[3] = weight
    assert problems(DATA, weights=weights) == ["DATA-308"]


def test_replicate_weights_that_cannot_be_added_are_refused(tmp_path):
    result = run(tmp_path, *replicates(tmp_path, "1e308"))
    assert result.exit_code == 1
    assert "[DATA-308] r.csv, row 2, column 'a'" in result.stderr


@pytest.mark.parametrize("scale", ["0", "-0.5", "nan", "inf"])
def test_a_variance_factor_must_be_a_number_above_zero(tmp_path, scale):
    result = run(tmp_path, *replicates(tmp_path), "--replicate-scale", scale)
    assert result.exit_code == 1
    assert "[DATA-321] at '--replicate-scale'" in result.stderr
    assert not (tmp_path / "out.json").exists()


def test_a_variance_factor_without_replicates_is_a_mistake_of_usage(tmp_path):
    result = run(tmp_path, "--replicate-scale", "0.5")
    assert result.exit_code == 2
    assert "needs --replicates" in result.stderr


def test_the_folder_of_the_result_must_be_there_before_the_work_begins(tmp_path):
    result = run(tmp_path, out=tmp_path / "nowhere" / "out.json")
    assert result.exit_code == 2
    assert f"there is no folder '{tmp_path / 'nowhere'}'" in result.stderr


def test_a_folder_is_no_result_file(tmp_path):
    result = run(tmp_path, out=tmp_path)
    assert result.exit_code == 2
    assert "is a folder" in result.stderr


def test_a_result_is_whole_replaces_the_old_one_and_leaves_no_draft(tmp_path):
    target = tmp_path / "out.json"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_whole(target, "half \ud800")
    assert target.read_text(encoding="utf-8") == "old"
    write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_result_can_be_read_by_whoever_could_read_any_new_file(tmp_path):
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    write_whole(tmp_path / "own", "x")
    assert (tmp_path / "own").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_result_goes_through_a_link_to_the_file_it_names(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8") == "x"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", "x")
    assert os.read(reader, 9) == b"x"
    os.close(reader)
    assert (tmp_path / "pipe").is_fifo()


def test_one_resample_is_answered_with_what_to_do(tmp_path):
    result = run(tmp_path, "--bootstrap", "1")
    assert result.exit_code == 1
    assert "Ask for more resamples" in result.stderr


def test_regression_weights_that_settle_slowly_are_waited_for():
    """Twenty cases and mode B contract by a few per cent a step; 300 steps were too few."""
    rng = np.random.default_rng(51)
    latent = rng.normal(size=(20, 1))
    data = np.clip(np.round(5.5 + 1.5 * (0.5 * latent + rng.normal(size=(20, 6)))), 1, 10)
    found = fit(MODEL.with_mode("B"), data)
    assert found.estimates.iterations[0] > 300

"""Data that cannot be used are refused with every problem and its place, never with a NaN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import model as command
from analysis.files import tables
from analysis.files.data import read_data
from analysis.model.run import fit
from analysis.model.specify import Model, model_from_json
from foundation.problems import ProblemsError

MODEL = model_from_json(
    {
        "constructs": [
            {"name": "Q", "indicators": ["q1", "q2"]},
            {"name": "V", "indicators": ["v1", "v2"]},
            {"name": "S", "indicators": ["s1", "s2"]},
        ],
        "paths": [{"from": "Q", "to": "V"}, {"from": "Q", "to": "S"}, {"from": "V", "to": "S"}],
        "scale": {"min": 1, "max": 10},
        "missing_code": 99,
    }
)


def answers(n: int = 60, seed: int = 5) -> np.ndarray:
    """Return n simulated cases of the model: three related constructs, answers 1 to 10."""
    rng = np.random.default_rng(seed)
    q = rng.normal(size=n)
    v = 0.6 * q + rng.normal(size=n)
    s = 0.5 * q + 0.4 * v + rng.normal(size=n)
    latent = np.repeat(np.stack([q, v, s], axis=1), 2, axis=1) + 0.5 * rng.normal(size=(n, 6))
    return np.clip(np.round(6 + 1.5 * latent), 1, 10)


def problems(data: Any, **options: Any) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        fit(options.pop("model", MODEL), data, **options)
    return [problem.message.code for problem in caught.value.problems]


def text(data: np.ndarray, heading: str = "q1,q2,v1,v2,s1,s2") -> str:
    return "\n".join([heading, *(",".join(f"{x:g}" for x in row) for row in data)]) + "\n"


def test_a_constant_item_is_named():
    data = answers()
    data[:, 2] = 7
    with pytest.raises(ProblemsError, match=r"DATA-304.*'v1'.*\(7\)"):
        fit(MODEL, data)


def test_an_item_without_answers_is_named():
    data = answers()
    data[:, 3] = 99
    assert problems(data) == ["DATA-305"]


def test_an_item_without_answers_is_named_when_it_leaves_no_whole_case():
    data = answers()
    data[:, 3] = 99
    assert problems(data, missing="complete") == ["DATA-306", "DATA-305"]


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_too_few_cases_are_refused(n):
    assert "DATA-306" in problems(answers()[:n])


def test_one_case_more_than_items_is_estimated_with_a_warning():
    found = fit(MODEL, answers(7))
    assert np.isfinite(found.point).all()
    assert [problem.message.code for problem in found.problems] == ["DATA-307"]


def test_answers_off_the_scale_are_refused_with_row_and_column():
    data = answers()
    data[4, 1] = 11
    data[9, 5] = np.inf
    with pytest.raises(ProblemsError) as caught:
        fit(MODEL, data)
    assert [(p.place.row, p.place.column) for p in caught.value.problems] == [(5, "q2"), (10, "s2")]


def test_a_thousand_bad_cells_are_summed_up():
    with pytest.raises(ProblemsError) as caught:
        fit(MODEL, np.full((500, 6), 50.0))
    codes = [problem.message.code for problem in caught.value.problems]
    assert codes.count("DATA-303") == 50
    assert "DATA-317" in codes


def test_collinear_predictors_are_named():
    data = answers()
    data[:, 2:4] = data[:, 0:2]
    with pytest.raises(ProblemsError, match=r"FIT-401.*'S' \(Q, V\)"):
        fit(MODEL, data)


def test_collinear_items_are_named_in_mode_b_and_harmless_in_mode_a():
    data = answers()
    data[:, 1] = data[:, 0]
    assert problems(data, model=MODEL.with_mode("B")) == ["FIT-402"]
    assert np.isfinite(fit(MODEL, data).point).all()


def test_a_negative_reliability_stops_consistent_estimation_only():
    data = answers(400)
    rng = np.random.default_rng(1)
    apart, both = rng.normal(size=400), rng.normal(size=400)
    data[:, 0], data[:, 1] = 5 + apart + both / 2, 5 - apart + both / 2
    data[:, 2:] = 5 + both[:, None] + rng.normal(size=(400, 4)) / 2
    data = np.clip(data, 1, 10)
    assert problems(data, consistent=True) == ["FIT-404"]
    assert np.isfinite(fit(MODEL, data).point).all()


def test_a_negative_index_weight_is_warned_of():
    data = answers(200)
    noise = np.random.default_rng(1).integers(-4, 5, 200)
    data[:, 3] = np.clip(11 - data[:, 3] + noise, 1, 10)
    found = fit(MODEL, data)
    codes = [problem.message.code for problem in found.problems]
    assert codes == ["FIT-407"]


@pytest.mark.parametrize(
    ("weights", "code"),
    [([-1.0], "DATA-308"), ([np.nan], "DATA-308"), ([np.inf], "DATA-308"), ([0.0], "DATA-309")],
)
def test_bad_weights_are_refused(weights, code):
    data = answers()
    own = np.ones(len(data)) if code == "DATA-308" else np.zeros(len(data))
    own[3] = weights[0]
    assert problems(data, weights=own) == [code]


def test_arrays_of_the_wrong_shape_are_refused():
    assert problems(answers()[:, :5]) == ["DATA-310"]
    assert problems(answers(), weights=np.ones(3)) == ["DATA-310"]


def test_thirty_percent_missing_is_estimated_with_a_warning_for_each_item():
    data = answers(300)
    data[np.random.default_rng(2).random(data.shape) < 0.3] = np.nan
    for missing in ("mean", "pairwise"):
        found = fit(MODEL, data, missing=missing, bootstrap=50)  # type: ignore[arg-type]
        assert np.isfinite(found.resamples.values).all()
        assert {problem.message.code for problem in found.problems} == {"DATA-311"}


def test_items_never_answered_together_are_named_for_pairwise_moments():
    data = answers()
    data[:30, 0] = np.nan
    data[30:, 5] = np.nan
    assert "DATA-312" in problems(data, missing="pairwise")


def test_complete_cases_are_those_without_a_gap():
    data = answers()
    data[::3, 0] = 99
    found = fit(MODEL, data, missing="complete")
    again = fit(MODEL, np.delete(data, np.arange(0, 60, 3), axis=0))
    assert found.n == again.n == 40
    assert np.abs(found.point - again.point).max() < 1e-12


def test_a_case_without_any_answer_does_not_enter():
    data = answers()
    padded = np.vstack([data, np.full((3, 6), np.nan)])
    assert np.abs(fit(MODEL, padded).point - fit(MODEL, data).point).max() < 1e-12


def test_reversed_items_are_turned():
    data = answers()
    flipped = data.copy()
    flipped[:, 1] = 11 - flipped[:, 1]
    turning = Model(MODEL.constructs, MODEL.paths, MODEL.scale, reversed_items=frozenset({"q2"}))
    assert np.abs(fit(turning, flipped).point - fit(MODEL, data).point).max() < 1e-12


def test_resamples_that_cannot_be_estimated_are_counted():
    data = answers(40)
    data[:, 0] = 5
    data[data.sum(axis=1).argmax(), 0] = 6
    found = fit(MODEL, data, bootstrap=300)
    dropped = found.resamples.dropped()
    assert dropped["constant_item"] > 50
    assert found.resamples.usable.shape[1] == 300 - sum(dropped.values())
    assert "FIT-408" in [problem.message.code for problem in found.problems]
    assert np.isfinite(found.resamples.usable).all()


# Files


def test_every_problem_of_a_file_is_reported_with_its_place():
    data = text(answers()).splitlines()
    data[3] = "7,seven,3,4,5,6"
    data[5] = "7,8,3,4,5,11"
    data[6] = "7,8"
    with pytest.raises(ProblemsError) as caught:
        read_data("\n".join(data).encode(), MODEL, filename="d.csv")
    found = [(p.message.code, p.place.row, p.place.column) for p in caught.value.problems]
    assert found == [("DATA-302", 4, "q2"), ("DATA-314", 7, "")]


def test_cells_off_the_scale_are_placed_by_file_row():
    data = text(answers()).splitlines()
    data[5] = "7,8,3,4,5,11"
    data.insert(2, "")
    with pytest.raises(ProblemsError) as caught:
        read_data("\n".join(data).encode(), MODEL, filename="d.csv")
    assert [(p.place.row, p.place.column) for p in caught.value.problems] == [(7, "s2")]


def test_a_missing_column_is_named_with_the_nearest_one():
    content = text(answers(), "q1,q2,v1,v2,s1,s_2").encode()
    with pytest.raises(ProblemsError, match=r"DATA-301.*'s2'.*Nearest column: 's_2'"):
        read_data(content, MODEL, filename="d.csv")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "DATA-313"),
        (b"q1,q2,v1,v2,s1,s2\n", "DATA-313"),
        (b"q1,q1,v1,v2,s1,s2\n1,2,3,4,5,6\n", "DATA-315"),
        (b"\xff\xfeq\x001\x00", "DATA-316"),
        (b"q1,q2,v1,v2,s1,s2\n1,2,\xe9,4,5,6\n", "DATA-316"),
    ],
)
def test_a_file_that_is_no_table_is_refused(content, code):
    with pytest.raises(ProblemsError) as caught:
        read_data(content, MODEL)
    assert code in [problem.message.code for problem in caught.value.problems]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_usual_separators_a_byte_order_mark_and_extra_columns_are_read(separator):
    heading = "id,q1,q2,v1,v2,s1,s2"
    rows = [f"a{i}," + ",".join(f"{x:g}" for x in row) for i, row in enumerate(answers())]
    content = "\r\n".join([heading, *rows]).replace(",", separator).encode("utf-8-sig")
    assert (read_data(content, MODEL).values == answers()).all()


def test_the_fast_parser_reads_as_the_careful_one_does(monkeypatch):
    data = answers(200)
    content = text(data).replace("\n7,", "\n,", 1).replace("\n6,", "\nNA,", 1).encode()
    slow = read_data(content, MODEL).values
    monkeypatch.setattr(tables, "LARGE", 0)
    assert np.array_equal(read_data(content, MODEL).values, slow, equal_nan=True)


@pytest.mark.parametrize("bad", ["seven", "inf", "1_0", "7,7"])
def test_the_fast_parser_leaves_bad_cells_to_the_careful_one(monkeypatch, bad):
    lines = text(answers()).splitlines()
    lines[4] = f"{bad},2,3,4,5,6"
    monkeypatch.setattr(tables, "LARGE", 0)
    with pytest.raises(ProblemsError, match="row 5"):
        read_data("\n".join(lines).encode(), MODEL)


# The command


def run(tmp_path: Path, data: str, *options: str) -> tuple[Any, Path]:
    (tmp_path / "d.csv").write_text(data)
    (tmp_path / "m.json").write_text(json.dumps(MODEL.to_json()))
    out = tmp_path / "out.json"
    arguments = [str(tmp_path / "d.csv"), "--model", str(tmp_path / "m.json"), "--json", str(out)]
    return CliRunner().invoke(command, ["fit", *arguments, *options]), out


def test_the_command_reports_every_problem_and_writes_nothing(tmp_path):
    data = text(answers()).replace("\n", "\nx,", 1).splitlines()
    data[5] = "1,2,3,4,five,6"
    result, out = run(tmp_path, "\n".join(data))
    assert result.exit_code == 1
    assert "DATA-314" in result.stderr
    assert "row 6, column 's1'" in result.stderr
    assert "Traceback" not in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.csv", "m.json"]
    assert not out.exists()


def test_the_command_refuses_a_model_with_a_cycle(tmp_path):
    broken = MODEL.to_json() | {"paths": [{"from": "Q", "to": "S"}, {"from": "S", "to": "Q"}]}
    (tmp_path / "c.json").write_text(json.dumps(broken))
    result, _ = run(tmp_path, text(answers()), "--model", str(tmp_path / "c.json"))
    assert result.exit_code == 1
    assert "[MODEL-211] c.json" in result.stderr
    assert "[MODEL-212] c.json" in result.stderr


def test_the_command_takes_weights_and_replicates(tmp_path):
    data = answers(80)
    weighted = np.column_stack([data, 1 + np.arange(80) % 3])
    replicates = np.random.default_rng(3).multinomial(80, np.full(80, 1 / 80), size=30).T
    (tmp_path / "r.csv").write_text(text(replicates, ",".join(f"r{i}" for i in range(30))))
    result, out = run(
        tmp_path,
        text(weighted, "q1,q2,v1,v2,s1,s2,w"),
        "--weights",
        "w",
        "--replicates",
        str(tmp_path / "r.csv"),
        "--bootstrap",
        "20",
    )
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text())
    assert found["replicates"]["R"] == 30
    assert found["bootstrap"]["B"] == 20
    assert found["replicates"]["index_0_100"]["S"]["se"] > 0


def test_the_command_refuses_replicates_of_other_cases(tmp_path):
    (tmp_path / "r.csv").write_text("r1,r2\n1,2\n-1,1\n")
    result, _ = run(tmp_path, text(answers()), "--replicates", str(tmp_path / "r.csv"))
    assert result.exit_code == 1
    assert "2 rows, the data have 60" in result.stderr

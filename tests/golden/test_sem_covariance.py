"""Covariance-based SEM against lavaan 0.6-14 (tests/golden/sem) and published lavaan output."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from semopy.examples import holzinger39

from analysis.cli import model as command
from analysis.model.cbsem import second_opinion
from analysis.model.cbsem_output import cbsem_json
from analysis.model.equations import measurement_equations
from analysis.model.likelihood import sample_of
from analysis.model.maximum import Group, maximised, start_of
from analysis.model.measurement_invariance import measurement_invariance
from analysis.model.specify import Construct, Model, Path
from tests.golden.sem_reference import FOLDER, assert_close, mobi_model, reference, table

FULL = mobi_model()
NAMES = ("Image", "Value", "Satisfaction", "Complaints")
REDUCED = replace(
    FULL,
    constructs=tuple(own for own in FULL.constructs if own.name in NAMES),
    paths=(
        Path("Image", "Value"),
        Path("Image", "Satisfaction"),
        Path("Value", "Satisfaction"),
        Path("Satisfaction", "Complaints"),
    ),
)


def columns(name: str) -> Any:
    """Return the columns of the reduced model from a data file of the full one."""
    return table(name)[:, [FULL.indicators.index(item) for item in REDUCED.indicators]]


def compared(found: dict[str, Any], expected: dict[str, Any], se: str = "se") -> dict[str, float]:
    """Return the largest difference of each column of the parameter table."""
    rows = {(own["lhs"], own["op"], own["rhs"]): own for own in found["parameters"]}
    gaps = dict.fromkeys(("est", "se", "z", "std.all"), 0.0)
    for own in expected["parameters"]:
        row = rows[own["lhs"], own["op"], own["rhs"]]
        for key in gaps.keys() & own.keys():
            value = row[se if key == "se" else key]
            gaps[key] = max(gaps[key], abs((value or 0.0) - (own[key] or 0.0)))
    return gaps


def test_the_reduced_model_agrees_with_lavaan():
    found, expected = cbsem_json(REDUCED, columns("mobi.csv")), reference("mobi_cbsem_lavaan.json")
    own = expected["reduced_ml"]
    assert len(found["parameters"]) == len(own["parameters"])
    assert max(compared(found, own).values()) < 5e-5  # lavaan stopped at a gradient of 3e-6
    assert_close(found["fit"], own["fit"], 1e-6)
    assert_close(found["r2"], own["r2"], 5e-6)
    assert found["warnings"] == []
    assert found["single_items"] == {"CUSCO": "Complaints"}


def test_robust_errors_and_scaled_fit_agree_with_mlr():
    found, expected = cbsem_json(REDUCED, columns("mobi.csv")), reference("mobi_cbsem_lavaan.json")
    own = expected["reduced_mlr"]
    assert compared(found, own, "se.robust")["se"] < 1e-5
    assert_close(found["fit"], own["fit"], 5e-5)


def test_missing_answers_agree_with_lavaan_fiml():
    found, expected = cbsem_json(REDUCED, columns("mobi_missing.csv")), "mobi_fiml_lavaan.json"
    own = reference(expected)
    assert (found["estimator"], found["standard_errors"]) == ("FIML", "observed")
    assert len(found["parameters"]) == len(own["parameters"])
    assert max(compared(found, own).values()) < 5e-5
    assert_close(found["fit"], own["fit"], 1e-6)


def test_the_factor_model_agrees_with_lavaan():
    own = reference("mobi_cbsem_lavaan.json")["cfa3_ml"]
    data = columns("mobi.csv")[:, :-1]
    group = Group(measurement_equations(REDUCED.constructs[:-1]), sample_of(data, None))
    best = maximised((group,), start_of((group,)))
    estimated = {(t.lhs, t.op, t.rhs): best.theta[t.free] for t in group.structure.terms}
    for row in own["parameters"]:
        if row["se"]:
            assert estimated[row["lhs"], row["op"], row["rhs"]] == pytest.approx(
                row["est"], abs=2e-5
            )


@pytest.mark.parametrize("estimator", ["ULS", "GLS"])
def test_least_squares_agree_with_lavaan(estimator):
    own = reference("mobi_cbsem_lavaan.json")[f"reduced_{estimator.lower()}"]
    found = cbsem_json(REDUCED, columns("mobi.csv"), estimator=estimator)
    assert (found["estimator"], found["standard_errors"]) == (estimator, "expected")
    assert len(found["parameters"]) == len(own["parameters"])
    gaps = compared(found, own)
    assert max(gaps["est"], gaps["se"], gaps["std.all"]) < 1e-5
    assert gaps["z"] < 1e-4
    measured = {key: value for key, value in own["fit"].items() if value is not None}
    assert_close(found["fit"], measured, 1e-6)
    assert found["fit"].keys() == own["fit"].keys()
    assert (found["fit"]["pvalue"] is None) == (estimator == "ULS")
    assert_close(found["r2"], own["r2"], 5e-6)
    assert found["semopy_gradient"] < 1e-3
    assert [said["code"] for said in found["warnings"]] == ["CBSEM-527"] * (estimator == "ULS")


def test_the_estimator_with_robust_errors_is_mlr():
    own = reference("mobi_cbsem_lavaan.json")["reduced_mlr"]
    found = cbsem_json(REDUCED, columns("mobi.csv"), estimator="MLR")
    assert (found["estimator"], found["standard_errors"]) == ("MLR", "robust")
    assert compared(found, own)["se"] < 1e-5


def test_the_command_fits_the_factor_model_as_lavaan_does(tmp_path):
    own = reference("mobi_cbsem_lavaan.json")["cfa3_ml"]
    model = REDUCED.to_json() | {"constructs": REDUCED.to_json()["constructs"][:-1]}
    del model["paths"]
    (tmp_path / "model.json").write_text(json.dumps(model))
    arguments = [FOLDER / "mobi.csv", "--model", tmp_path / "model.json", "--json"]
    call = ["cfa", *map(str, arguments), str(tmp_path / "out.json")]
    assert CliRunner().invoke(command, call).exit_code == 0
    found = json.loads((tmp_path / "out.json").read_text())
    assert len(found["parameters"]) == len(own["parameters"])
    assert max(compared(found, own).values()) < 5e-5
    assert_close(found["fit"], own["fit"], 1e-6)
    assert_close(found["r2"], own["r2"], 5e-6)
    refused = CliRunner().invoke(command, ["fit", *call[1:]])
    assert refused.exit_code == 1
    assert "MODEL-103" in refused.output


def test_the_full_model_ends_in_a_warning_not_in_silent_numbers():
    found = cbsem_json(FULL, table("mobi.csv"))
    own = reference("mobi_cbsem_lavaan.json")["ecsi_full_ml"]
    assert "CBSEM-521" in {said["code"] for said in found["warnings"]}
    assert "Value ~ Expectation" in found["warnings"][0]["problem"]
    assert found["gradient_max"] < 1e-8
    assert_close(found["fit"], own["fit"], 1e-5)
    assert compared(found, own)["est"] < 1e-3


def test_the_command_line_carries_the_second_opinion(tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(REDUCED.to_json()))
    arguments = [FOLDER / "mobi.csv", "--model", tmp_path / "model.json", "--json"]
    call = ["fit", *map(str, arguments), str(tmp_path / "out.json")]
    assert CliRunner().invoke(command, call).exit_code == 0
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["cbsem"]["fit"]["chisq"] == pytest.approx(90.592255, abs=1e-5)
    assert CliRunner().invoke(command, [*call, "--no-cbsem"]).exit_code == 0
    assert "cbsem" not in json.loads((tmp_path / "out.json").read_text())


def test_the_command_line_takes_an_estimator(tmp_path):
    (tmp_path / "model.json").write_text(json.dumps(REDUCED.to_json()))
    arguments = [FOLDER / "mobi.csv", "--model", tmp_path / "model.json", "--json"]
    call = ["fit", *map(str, arguments), str(tmp_path / "out.json"), "--no-judge", "--estimator"]
    for estimator, chisq in (("gls", 83.867973), ("uls", 336.309415), ("mlr", 90.592255)):
        assert CliRunner().invoke(command, [*call, estimator]).exit_code == 0
        found = json.loads((tmp_path / "out.json").read_text())["cbsem"]
        assert found["estimator"] == estimator.upper()
        assert found["fit"]["chisq"] == pytest.approx(chisq, abs=1e-5)
    assert CliRunner().invoke(command, [*call, "wls"]).exit_code == 2


def test_a_factor_model_that_cannot_be_fitted_is_refused_and_nothing_written(tmp_path):
    written = tmp_path / "out.json"

    def refused(constructs, *options):
        (tmp_path / "model.json").write_text(json.dumps({"constructs": constructs}))
        arguments = [FOLDER / "mobi_missing.csv", "--model", tmp_path / "model.json"]
        call = ["cfa", *map(str, arguments), "--json", str(written), *options]
        found = CliRunner().invoke(command, call)
        assert found.exit_code == 1
        assert not written.exists()
        return found.output

    image = {"name": "Image", "indicators": ["IMAG1", "IMAG2", "IMAG3"]}
    assert "[CBSEM-510]" in refused([image], "--estimator", "uls")
    assert "[CBSEM-501]" in refused([{"name": "Image", "indicators": ["IMAG1"]}])
    assert "IMAG9" in refused([image | {"indicators": ["IMAG1", "IMAG9"]}])
    assert "[MODEL-201]" in refused([])


ITEMS = tuple(f"x{number}" for number in range(1, 10))
SCHOOLS = Model(
    (
        Construct("visual", ITEMS[:3]),
        Construct("textual", ITEMS[3:6]),
        Construct("speed", ITEMS[6:]),
    ),
    (Path("visual", "textual"), Path("visual", "speed"), Path("textual", "speed")),
)


@pytest.fixture(scope="module")
def pupils():
    """Return the data of Holzinger and Swineford (1939), which semopy carries."""
    return holzinger39.get_data()


def test_published_fit_of_the_classical_example(pupils):
    """Rosseel (2012), J. Statistical Software 48(2): the printed summary of this model."""
    found = second_opinion(SCHOOLS, pupils[list(ITEMS)].to_numpy(float)).fit
    printed = {"chisq": 85.306, "cfi": 0.931, "tli": 0.896, "rmsea": 0.092, "srmr": 0.065}
    printed |= {"logl": -3737.745, "aic": 7517.490, "bic": 7595.339, "bic2": 7528.739}
    printed |= {"rmsea.ci.lower": 0.071, "rmsea.ci.upper": 0.114, "unrestricted.logl": -3695.092}
    assert found["df"] == 24
    for key, value in printed.items():
        assert found[key] == pytest.approx(value, abs=0.0006), key


#  step          chi-square  df   CFI    RMSEA  mark: what lavaan's tutorial prints for the schools
STEPS = [
    ("configural", 115.851, 48, 0.923, 0.097, "fail"),
    ("metric", 124.044, 54, 0.921, 0.093, "pass"),
    ("scalar", 164.103, 60, 0.882, 0.107, "fail"),
]


def test_published_invariance_of_the_two_schools(pupils):
    data, schools = pupils[list(ITEMS)].to_numpy(float), pupils["school"].tolist()
    found = measurement_invariance(SCHOOLS, data, schools)
    for step, (name, chisq, df, cfi, rmsea, verdict) in zip(found.steps, STEPS, strict=True):
        assert (step.name, step.fit["df"], step.mark.verdict) == (name, df, verdict)
        assert step.fit["chisq"] == pytest.approx(chisq, abs=0.0006)
        assert step.fit["cfi"] == pytest.approx(cfi, abs=0.0006)
        assert step.fit["rmsea"] == pytest.approx(rmsea, abs=0.0006)

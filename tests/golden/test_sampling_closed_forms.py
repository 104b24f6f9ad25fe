"""Response rates, sample sizes and non-sampling figures against closed forms.

tests/golden/sampling/aapor.json, sample_size.json and nonsampling.json; the rates agree with the
R package outcomerate as well.
"""

import json
from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner

from analysis import estimation
from analysis.sampling.answerquality import (
    agreement,
    heaping,
    item_nonresponse,
    mode_effect,
    speeding,
    straight_lining,
)
from analysis.sampling.reliability import interviewer_variance
from analysis.sampling.unitresponse import (
    hansen_hurwitz,
    level_of_effort,
    nonresponse_bias,
    representativeness,
)
from cati import rates as command
from tests.golden.sampling.reference import HERE, differences


def cases_of(name):
    content = json.loads((HERE / name).read_text())
    return [pytest.param(case, id=case["id"]) for case in content["cases"]]


def run(command, case, folder):
    path, out = folder / "case.json", folder / "out.json"
    path.write_text(json.dumps(case))
    done = CliRunner().invoke(command, [str(path), "--json", str(out)])
    assert done.exit_code == 0, done.output
    return json.loads(out.read_text())


@pytest.mark.parametrize("case", cases_of("aapor.json"))
def test_rates_are_those_of_the_standard(case, tmp_path):
    got = run(command.rates, case, tmp_path)
    assert differences(got, case["expect"], {**case, "abs_tol": 0}) == []
    for name, exact in case["exact"].items():
        assert got[name] == pytest.approx(float(Fraction(exact)), rel=1e-14)


def test_the_method_of_e_may_stand_for_its_value(tmp_path):
    case = json.loads((HERE / "aapor.json").read_text())["cases"][1]
    given = {key: case[key] for key in ("dispositions", "e_method")}
    got = run(command.rates, given, tmp_path)
    assert differences(got, case["expect"], {**case, "abs_tol": 0}) == []


@pytest.mark.parametrize("case", cases_of("sample_size.json"))
def test_sizes_and_margins_are_those_of_the_formulas(case, tmp_path):
    got = run(estimation.size, case, tmp_path)
    assert differences(got, case["expect"], {**case, "abs_tol": 0}) == []


def _interviewers(given):
    groups = given["groups"]
    values = np.array([value for group in groups for value in group], dtype=float)
    codes = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    found = interviewer_variance(values, codes)
    return asdict(found) | {
        "rho_reported": found.rho_reported,
        "ci95": [found.low, found.high],
        "deff_int": found.deff,
        "deft_int": found.deff**0.5,
        "n_eff": found.N / found.deff,
    }


def _representativeness(given):
    sizes = np.array(given["N"], dtype=float)
    found = asdict(representativeness(sizes, np.array(given["response_rate"])))
    return {
        key: value.tolist() if isinstance(value, np.ndarray) else value
        for key, value in found.items()
    }


def _speeding(given):
    found = asdict(speeding(np.array(given["seconds"]), given["fraction"]))
    rule = "linear interpolation (type 7)"
    return found | {"flagged": list(found["flagged"]), "quantile_rule": rule}


def _kappa(given):
    found = asdict(agreement(given["table"]))
    return found | {"net_difference_rate": list(found["net_difference_rate"])}


def _grid(given):
    found = asdict(straight_lining(np.array(given["grid"], dtype=float)))
    return found | {"rows": list(found["rows"])}


NONSAMPLING = {
    "interviewer_icc": _interviewers,
    "r_indicator": _representativeness,
    "nonresponse_bias": lambda given: asdict(nonresponse_bias(**given)),
    "straightlining": _grid,
    "speeding": _speeding,
    "heaping": lambda given: asdict(heaping(np.array(given["values"]), given["base"])),
    "mode_effect": lambda given: asdict(mode_effect(**given)),
    "level_of_effort": lambda given: {
        "levels": [asdict(level) for level in level_of_effort(given["rows_attempt_n_mean"])]
    },
    "reinterview_kappa": _kappa,
    "hansen_hurwitz": lambda given: asdict(hansen_hurwitz(**given)),
    "item_nonresponse": lambda given: asdict(item_nonresponse(**given)),
}


@pytest.mark.parametrize("case", cases_of("nonsampling.json"))
def test_nonsampling_figures_are_those_of_the_formulas(case):
    got = NONSAMPLING[case["id"].split(".")[0]](case["input"])
    assert differences(got, case["expect"], {**case, "abs_tol": 1e-12}) == []

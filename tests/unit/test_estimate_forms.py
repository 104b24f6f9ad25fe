"""The forms of a plan that `soundings estimate` takes, and what each of them means."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from analysis import estimation
from analysis.sampling.columns import Columns, labels_of
from analysis.sampling.comparisons import rank_test
from analysis.sampling.design import declare
from analysis.sampling.plan import read_plan
from analysis.sampling.quantilerules import weighted_quantile
from analysis.sampling.roots import root_between

DATA = """unit,stratum,size,weight,a,b,group,r1,r2,r3,r4
1,N,2,2.0,7,3,x,4,0,4,0
2,N,2,2.0,8,,y,0,4,0,4
3,S,6,1.5,4,6,x,3,0,0,3
4,S,6,1.5,6,5,y,0,3,3,0
5,S,6,1.5,,9,x,1.5,1.5,1.5,1.5
"""


@pytest.fixture
def ask(tmp_path):
    def run(stat, **design):
        plan = {"designs": {"d": design}, "cases": [{"id": "c", "design": "d", "stat": stat}]}
        (tmp_path / "data.csv").write_text(DATA)
        (tmp_path / "plan.json").write_text(json.dumps(plan))
        out = tmp_path / "out.json"
        files = [str(tmp_path / "data.csv"), "--plan", str(tmp_path / "plan.json")]
        done = CliRunner().invoke(estimation.estimate, [*files, "--json", str(out)])
        assert done.exit_code == 0, done.output
        return json.loads(out.read_text())["cases"]["c"]

    return run


def test_several_variables_use_the_rows_that_have_them_all(ask):
    both = ask({"kind": "mean", "vars": ["a", "b"]}, weights="weight")
    assert both["estimate"][0] == pytest.approx((2 * 7 + 1.5 * 4 + 1.5 * 6) / 5)
    assert both["n"] == [3.0, 3.0]


def test_a_subpopulation_may_stand_beside_the_statistic_or_in_it():
    stat, only = {"kind": "mean", "var": "a"}, {"var": "group", "equals": "x"}
    beside = read_plan({"cases": [{"id": "c", "stat": stat, "subpopulation": only}]})
    inside = read_plan({"cases": [{"id": "c", "stat": {**stat, "subpopulation": only}}]})
    assert beside.cases[0].stat == inside.cases[0].stat


def test_each_variable_by_itself_on_request(ask):
    each = ask({"kind": "mean", "vars": ["a", "b"], "complete": False}, weights="weight")
    assert each["estimate"][0] == pytest.approx((2 * 7 + 2 * 8 + 1.5 * 4 + 1.5 * 6) / 7)
    assert each["n"] == [4.0, 4.0]


def test_every_numerator_stands_over_every_denominator(ask):
    stat = {"kind": "ratio", "numerator": ["a", "b"], "denominator": "weight"}
    found = ask(stat, weights="weight")
    assert found["names"] == ["a/weight", "b/weight"]
    stat = {"kind": "ratio", "numerator": ["a", "b"], "denominator": ["a", "weight"]}
    found = ask(stat, weights="weight")
    assert found["names"] == ["a/a", "b/a", "a/weight", "b/weight"]
    assert found["estimate"][0] == 1


def test_a_mean_is_tested_against_a_number(ask):
    found = ask({"kind": "ttest", "var": "a", "null": 5}, weights="weight")
    mean = ask({"kind": "mean", "var": "a"}, weights="weight")
    assert found["difference"] == pytest.approx(mean["estimate"] - 5)
    assert found["t"] == pytest.approx((mean["estimate"] - 5) / mean["se"])
    assert found["df"] == mean["df"]


def test_replicates_are_asked_for_by_their_type_alone(ask):
    stat = {"kind": "total", "var": "b"}
    short = ask(stat, weights="weight", replicates="JK1")
    assert short == ask(stat, weights="weight", replicates={"type": "JK1"})


@pytest.mark.parametrize(
    ("kind", "scale"), [("ACS", 1.0), ("successive-difference", 1.0), ("JK2", 1.0), ("BRR", 0.25)]
)
def test_the_kind_of_imported_weights_implies_their_scale(ask, kind, scale):
    found = ask(
        {"kind": "total", "var": "weight"},
        weights="weight",
        replicates={"type": kind, "columns": "r*", "mse": True},
    )
    total = 2 * 4 + 3 * 2.25
    gaps = [4 * 2 + 3 * 1.5 + 1.5 * 1.5 - total] * 4
    assert found["se"] == pytest.approx(np.sqrt(scale * sum(gap**2 for gap in gaps)))


def test_weights_of_another_kind_need_their_scale(ask):
    wanted = {"type": "other", "columns": "r*"}
    found = ask({"kind": "total", "var": "b"}, weights="weight", replicates=wanted)
    assert "SAMP-308" in found["error"]
    assert "'scale'" in found["error"]


def test_limits_from_replicates_need_replicates(ask):
    stat = {"kind": "quantile", "var": "a", "probs": 0.5, "interval": "quantile"}
    assert "SAMP-310" in ask(stat, weights="weight")["error"]


def test_a_stratum_taken_whole_makes_no_replicates(ask):
    design = {"strata": "stratum", "fpc": "size", "replicates": "JKn"}
    assert ask({"kind": "total", "var": "b"}, **design)["df"] == 2  # 3 units in S


def test_the_middle_rank_does_not_lie_above_the_middle():
    columns = Columns({"w": [0.1] * 7})
    values, groups = np.arange(7.0), labels_of(["x", "y", "x", "y", "x", "y", "x"])
    test = rank_test(declare(columns, weights="w"), values, groups, "median")
    assert test.difference == pytest.approx(1 / 3 - 2 / 4)


@pytest.mark.parametrize(("p", "value"), [(0.25, 2.0), (0.5, 2.0), (0.75, 4.0), (0.8, 4.0)])
def test_the_third_rule_takes_the_even_one_of_distinct_values(p, value):
    """Two 1s, 2, 3, 4 in equal shares of distinct values."""
    values, weights = np.array([1.0, 1, 2, 3, 4]), np.array([1.0, 1, 2, 2, 2])
    assert weighted_quantile(values, weights, p, "hf3") == value


def test_a_jump_is_found_from_either_side():
    jump = root_between(lambda x: 1.0 if x < 2.5 else -1.0, 0.0, 7.0, 1e-6)
    assert jump == pytest.approx(2.5, abs=1e-6)
    assert root_between(lambda x: x**3 - 8, 0.0, 7.0, 1e-12) == pytest.approx(2)


def test_a_key_that_is_nearly_one_of_a_design_is_no_note(ask):
    found = ask({"kind": "mean", "var": "a"}, weights="weight", id="unit")
    assert "'id' (did you mean 'ids'?)" in found["error"]
    noted = ask({"kind": "mean", "var": "a"}, weights="weight", rows="all", data="x", notes="")
    assert noted == ask({"kind": "mean", "var": "a"}, weights="weight")


@pytest.mark.parametrize("nothing", ["~1", "1", None, []])
def test_cases_without_units_in_every_spelling(ask, nothing):
    plain = ask({"kind": "mean", "var": "a"}, weights="weight")
    assert ask({"kind": "mean", "var": "a"}, weights="weight", ids=nothing) == plain


def test_null_leaves_a_key_at_its_default(ask):
    plain = ask({"kind": "mean", "var": "a"}, ids="unit", strata="stratum", weights="weight")
    keys = {"lonely_psu": None, "nest": None, "replicates": None, "fpc": [None]}
    more = ask({"kind": "mean", "var": "a"}, ids="unit", strata="stratum", weights="weight", **keys)
    assert more == plain


def test_a_share_of_several_values(ask):
    found = ask({"kind": "proportion", "var": "b", "equals": [3, 5]}, weights="weight")
    assert found["estimate"] == pytest.approx((2 + 1.5) / (2 + 3 * 1.5))


def test_a_case_without_a_design_takes_the_only_one():
    plan = read_plan({"designs": {"d": {}}, "cases": [{"stat": {"kind": "mean"}}]})
    assert plan.cases[0].design == "d"
    plan = read_plan({"designs": {"d": {}}, "cases": [{"design": None, "stat": {"kind": "mean"}}]})
    assert plan.cases[0].design is None

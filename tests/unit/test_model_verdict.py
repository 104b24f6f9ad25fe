"""Judging: every row has a value and a mark, or a reason; never a NaN, whatever the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import semopy
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cli import model as command
from analysis.model.judging.criteria import CRITERIA, Mark
from analysis.model.judging.output import judgement_json
from analysis.model.judging.sentences import sentences
from analysis.model.judging.syntax import lavaan_syntax, seminr_syntax
from analysis.model.judging.verdict import Judgement, judge
from analysis.model.prediction import Plan
from analysis.model.run import fit
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Model, Scale
from analysis.model.specify import Path as Arrow
from foundation.problems import ProblemsError
from tests.golden.sem_reference import FOLDER, mobi_model, table
from tests.properties.test_model_laws import Survey, fitted, surveys
from tests.unit.test_model_stages import higher, moderated

MODEL, DATA = mobi_model(), table("mobi.csv")
QUICK = Plan(folds=5, repeats=1)


def shown(found: Judgement) -> Any:
    """Return the judgement as JSON, which refuses NaN; every undefined row says why."""
    written = judgement_json(found)
    json.dumps(written, allow_nan=False)
    for row in found.rows:
        assert (row.value is None) <= (row.mark is Mark.UNDEFINED)
        assert bool(row.reason) == (row.mark is Mark.UNDEFINED)
    return written


def marks(found: Judgement, criterion: str) -> dict[str, str]:
    return {row.of: row.mark.value for row in found.rows if row.criterion == criterion}


@pytest.fixture(scope="module")
def mobi() -> Judgement:
    return judge(fit(MODEL, DATA, bootstrap=200), DATA)


def test_the_example_is_judged_by_every_criterion_that_fits_it(mobi):
    written = shown(mobi)
    of_mode_b = {"weight", "vif_outer"}
    assert {row["criterion"] for row in written["rows"]} == set(CRITERIA) - of_mode_b
    assert sum(written["counts"].values()) == len(written["rows"])
    assert all(rule.rule and rule.source for rule in CRITERIA.values())


def test_marks_follow_the_rules_of_thumb(mobi):
    assert marks(mobi, "loading")["PERV2"] == "pass"
    assert marks(mobi, "loading")["IMAG2"] == "look"
    assert marks(mobi, "loading")["CUSL2"] == "fail"
    assert marks(mobi, "alpha")["Expectation"] == "fail"
    assert marks(mobi, "htmt")["Satisfaction ~ Loyalty"] == "fail"
    assert marks(mobi, "path")["Expectation -> Value"] == "look"
    assert marks(mobi, "path")["Expectation -> Quality"] == "pass"


def test_every_resampled_figure_has_an_interval_around_it(mobi):
    kinds = {"loading", "cross_loading", "alpha", "rho_A", "rho_C", "AVE", "fornell"}
    kinds |= {"htmt", "htmt_absolute", "htmt2", "path", "vif", "f2", "r2", "r2_adj", "srmr"}
    for row in mobi.rows:
        if row.criterion in kinds and row.value is not None:
            assert row.low is not None
            assert row.high is not None
            assert row.low <= row.high


def test_further_figures_are_those_of_the_run(mobi):
    srmr = [row.value for row in mobi.rows if row.criterion == "srmr"]
    assert srmr == [pytest.approx(0.13278644329148126, abs=1e-12)]
    f2 = {row.of: row.value for row in mobi.rows if row.criterion == "f2"}
    assert f2["Complaints -> Loyalty"] == pytest.approx(0.0058, abs=5e-5)


def test_a_single_item_has_no_reliability(mobi):
    row = next(r for r in mobi.rows if (r.criterion, r.of) == ("alpha", "Complaints"))
    assert (row.value, row.reason) == (None, "the construct has a single item")


def test_mode_b_is_judged_by_weights_and_not_by_reliability():
    found = judge(fit(MODEL.with_mode("B"), DATA, bootstrap=50), DATA, plan=QUICK)
    shown(found)
    assert set(marks(found, "AVE").values()) == {"not defined"}
    assert len(marks(found, "weight")) == 23
    assert len(marks(found, "vif_outer")) == 23


def test_without_resamples_paths_are_not_judged():
    found = judge(fit(MODEL, DATA), DATA, plan=QUICK)
    shown(found)
    assert set(marks(found, "path").values()) == {"not defined"}
    assert set(marks(found, "exact_fit").values()) == {"not defined"}


def test_one_case_more_than_items_has_no_linear_benchmark():
    found = judge(fit(MODEL, DATA[:25]), DATA[:25], plan=Plan(folds=5, repeats=1))
    written = shown(found)
    assert written["plspredict"]["items"]["CUSA1"]["rmse"] > 0
    few = DATA[:7]
    small = fit(MODEL, few, bootstrap=30)
    assert shown(judge(small, few, plan=QUICK))["plspredict"]["folds_lost_linear"] > 0
    halves = judge(small, few, plan=Plan(folds=2, repeats=1))
    shown(halves)
    assert set(marks(halves, "rmse").values()) == {"not defined"}
    assert set(marks(halves, "cvpat_linear").values()) == {"not defined"}


def test_thirty_percent_missing_is_judged():
    data = DATA.copy()
    data[np.random.default_rng(2).random(data.shape) < 0.3] = np.nan
    for missing in ("mean", "pairwise"):
        found = fit(MODEL, data, missing=missing, bootstrap=30)  # type: ignore[arg-type]
        shown(judge(found, data, plan=QUICK))


def test_one_resample_gives_no_error():
    with pytest.raises(ProblemsError, match="FIT-409"):
        fit(MODEL, DATA, bootstrap=1)


def test_resamples_without_an_answer_that_differs_are_counted():
    data = DATA.copy()
    data[:, 19] = np.where(np.arange(250) == 0, 1.0, 10.0)
    found = fit(MODEL, data, bootstrap=60, consistent=True)
    assert found.resamples is not None
    assert found.resamples.dropped()["constant_item"] > 0
    judged = judge(found, data, plan=QUICK)
    shown(judged)
    assert marks(judged, "dropped")[""] == "fail"


def test_items_of_two_answers_lose_rounds_but_no_row():
    rng = np.random.default_rng(4)
    data = DATA.copy()
    data[:, 19] = np.where(rng.random(250) < 0.004, 5.0, 6.0)
    data[0, 19] = 5.0
    found = judge(fit(MODEL, data, bootstrap=40), data, plan=Plan(folds=250, repeats=1))
    written = shown(found)
    assert written["plspredict"]["folds_lost"] + written["blindfolding"]["rounds_lost"] > 0


def test_the_judgement_respects_weights():
    weights = 1.0 + np.arange(250) % 3
    weighted = judge(fit(MODEL, DATA, weights=weights), DATA, weights, plan=QUICK)
    plain = judge(fit(MODEL, DATA), DATA, plan=QUICK)
    first = shown(weighted)["plspredict"]["items"]["CUSA1"]["rmse"]
    assert first != shown(plain)["plspredict"]["items"]["CUSA1"]["rmse"]
    tenfold = judge(fit(MODEL, DATA, weights=10 * weights), DATA, 10 * weights, plan=QUICK)
    assert shown(tenfold)["plspredict"]["items"]["CUSA1"]["rmse"] == pytest.approx(first)


@pytest.mark.parametrize("model", [higher(), higher("repeated"), moderated()])
def test_models_of_several_stages_are_judged_without_prediction(model):
    found = judge(fit(model, DATA, bootstrap=10), DATA)
    written = shown(found)
    assert written["plspredict"] is None
    assert written["lavaan"] is None
    assert set(marks(found, "q2_predict").values()) == {"not defined"}
    assert set(marks(found, "r2").values()) <= {"pass", "look", "fail"}


@settings(max_examples=15)
@given(surveys(), st.integers(0, 100))
def test_whatever_was_fitted_can_be_judged(survey: Survey, seed):
    data = survey.data.copy()
    data[np.random.default_rng(seed).random(data.shape) < 0.1] = np.nan
    found = fitted(survey, data=data, bootstrap=5)
    shown(judge(found, data, plan=QUICK))


def test_sentences_state_the_estimates(mobi):
    said = "\n".join(sentence.text() for sentence in sentences(mobi))
    assert "7 constructs and 24 items was fitted to 250 cases" in said
    assert "Expectation to Quality: β = .56, 95% CI [" in said
    assert "Satisfaction: R² = .68" in said
    assert "SRMR = .133." in said
    assert "Index of Satisfaction: 72.5 of 100, SE = 0." in said


def test_the_lavaan_syntax_is_the_model_to_semopy():
    text = lavaan_syntax(MODEL)
    found = semopy.Model(text)
    assert set(found.vars["latent"]) == set(MODEL.names)
    assert set(found.vars["observed"]) >= set(MODEL.indicators)
    paths = {(p.target, p.source) for p in MODEL.paths}
    written = {
        (line.split(" ~ ")[0], source)
        for line in text.splitlines()
        if " ~ " in line
        for source in line.split(" ~ ")[1].split(" + ")
    }
    assert written == paths


def test_names_that_r_would_not_accept_are_replaced_and_told():
    model = Model(
        (Construct("our image", ("q-1", "2nd")), Construct("满意", ("s1",), "B")),
        (Arrow("our image", "满意"),),
        Scale(1, 10),
        missing_codes=(99,),
        reversed_items=frozenset(["q-1"]),
    )
    text = lavaan_syntax(model)
    assert "our.image =~ q.1 + X2nd" in text
    assert "# q.1 is 'q-1'" in text
    script = seminr_syntax(model, Settings(scheme="centroid"), resamples=100, seed=7)
    assert 'composite("our.image", c("q.1", "X2nd"), weights = mode_A)' in script
    assert "# not in seminr: the centroid scheme" in script
    assert "data$q.1 <- 11 - data$q.1" in script
    assert "nboot = 100, seed = 7" in script


def run(tmp_path: Path, *extra: str, data: str = "mobi_missing.csv") -> Any:
    out = tmp_path / "out.json"
    files = [str(FOLDER / data), "--model", str(FOLDER / "mobi_model.json"), "--json", str(out)]
    result = CliRunner().invoke(command, ["fit", *files, "--no-cbsem", *extra])
    assert result.exit_code == 0, result.output
    return json.loads(out.read_text())


def test_the_command_judges_and_states_who_answered(tmp_path):
    found = run(tmp_path)
    assert found["answers"]["partial"] == 250
    assert "mean of its item" in found["answers"]["handling"]
    assert found["judgement"]["counts"]["pass"] > 100
    assert "judgement" not in run(tmp_path, "--no-judge")


def test_the_command_imputes(tmp_path):
    weights = tmp_path / "weights.csv"
    weights.write_text("a,b\n" + "1,2\n2,1\n" * 125)
    errors = ["--bootstrap", "20", "--replicates", str(weights)]
    found = run(tmp_path, "--missing", "imputation", "--imputations", "2", *errors)
    assert found["replicates"]["paths"][0]["se"] > 0
    assert found["mediation"]
    assert found["missing"] == "imputation"
    assert found["imputation"]["m"] == 2
    assert found["judgement"]["rows"]


def test_the_command_correlates_ordinal_items(tmp_path):
    first = run(tmp_path, "--ordinal", data="mobi.csv")
    assert first["paths"][0]["value"] > 0.55
    assert first["ordinal"] is True

"""Every bad design, estimate or plan ends in a named problem with a remedy."""

import json
import math
import re

import numpy as np
import pytest
from click.testing import CliRunner

from analysis import estimation
from analysis.sampling.columns import Columns
from analysis.sampling.comparisons import t_test
from analysis.sampling.crosstabs import independence
from analysis.sampling.design import declare
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of, ratios_of
from analysis.sampling.expressions import expression_estimate
from analysis.sampling.plan import read_plan
from analysis.sampling.proportions import proportion_interval
from analysis.sampling.quantiles import quantiles
from analysis.sampling.regression import regress
from analysis.sampling.replication import Replication, replicate_weights
from analysis.sampling.resampled import resampled
from analysis.sampling.sizecases import answer
from foundation.problems import ProblemsError
from tests.golden.sampling.reference import HERE

RNG = np.random.default_rng(1)


def calls(**changes):
    columns = {
        "stratum": ["N", "N", "N", "N", "S", "S", "S", "S"],
        "branch": ["1", "1", "2", "2", "1", "1", "2", "2"],
        "weight": [2.0, 2.0, 1.0, 1.0, 3.0, 3.0, 1.0, 1.0],
        "size": [10, 10, 10, 10, 20, 20, 20, 20],
        "score": [7.0, 8.0, 4.0, 5.0, 9.0, 6.0, 3.0, np.nan],
        "happy": ["Yes", "Yes", "No", "No", "Yes", "No", "No", ""],
        "nothing": [0.0] * 8,
    }
    return Columns({**columns, **changes})


def branches(columns, **options):
    return declare(
        columns, ids=["branch"], strata=["stratum"], weights="weight", nest=True, **options
    )


def codes(caught):
    return [problem.message.code for problem in caught.value.problems]


def refuses(code):
    return pytest.raises(ProblemsError, match=code)


def test_an_unknown_column_is_named_with_the_nearest_one():
    with pytest.raises(ProblemsError, match="Did you mean 'weight'"):
        declare(calls(), weights="wieght")


def test_a_text_among_numbers_is_shown():
    with pytest.raises(ProblemsError, match="'Yes'"):
        calls().number("happy")


def test_columns_of_unequal_length_are_refused():
    with refuses("SAMP-113"):
        Columns({"a": [1, 2], "b": [1, 2, 3]})


def test_all_empty_design_columns_are_reported_at_once():
    columns = calls(stratum=["N"] * 7 + [""], branch=["1"] * 3 + [None] + ["2"] * 4)
    with pytest.raises(ProblemsError) as caught:
        branches(columns)
    assert codes(caught) == ["SAMP-103", "SAMP-103"]


@pytest.mark.parametrize("bad", [-1.0, np.inf])
def test_a_weight_below_zero_or_without_end_is_refused(bad):
    with refuses("SAMP-104"):
        branches(calls(weight=[1.0] * 7 + [bad]))


def test_branch_labels_that_repeat_in_strata_need_nest():
    with pytest.raises(ProblemsError, match="nest"):
        declare(calls(), ids=["branch"], strata=["stratum"], weights="weight")


def test_one_unit_alone_gives_no_error():
    with refuses("SAMP-106"):
        declare(calls(branch=["1"] * 8), ids=["branch"], weights="weight")


def test_a_lonely_unit_is_refused_unless_something_is_chosen():
    columns = calls(branch=["1", "1", "2", "2", "1", "1", "1", "1"])
    mean = means_of(columns.number("score"), ["score"])
    with pytest.raises(ProblemsError, match="'S'"):
        estimate(branches(columns), mean)
    errors = [
        estimate(branches(columns, lonely=choice), mean).se[0]
        for choice in ("remove", "adjust", "average")
    ]
    assert errors[0] < errors[1]
    assert errors[0] < errors[2]


def test_averaging_over_only_lonely_strata_is_refused():
    columns = calls(branch=["1"] * 8)
    with refuses("SAMP-114"):
        estimate(branches(columns, lonely="average"), means_of(columns.number("score"), ["score"]))


def test_a_population_below_the_sample_is_refused():
    with refuses("SAMP-108"):
        declare(calls(size=[3] * 8), strata=["stratum"], populations=["size"])


def test_a_population_that_varies_in_a_stratum_is_refused():
    with refuses("SAMP-109"):
        declare(calls(size=[10, 11] * 4), strata=["stratum"], populations=["size"])


def test_sizes_mixed_with_fractions_are_refused():
    with refuses("SAMP-110"):
        declare(calls(size=[0.5] * 4 + [20] * 4), strata=["stratum"], populations=["size"])


def test_weights_need_the_population_of_every_stage():
    with refuses("SAMP-111"):
        declare(
            calls(case=list(range(8))),
            ids=["branch", "case"],
            strata=["stratum"],
            populations=["size"],
            nest=True,
        )


def test_more_population_columns_than_stages_are_refused():
    with refuses("SAMP-115"):
        declare(calls(), strata=["stratum"], populations=["size", "size"])


def test_a_design_without_weights_says_that_all_count_the_same():
    (remark,) = declare(calls()).remarks
    assert remark.message.code == "SAMP-112"
    assert not remark.is_error


def test_an_empty_domain_is_named():
    columns = calls()
    nobody = branches(columns).within(np.zeros(8, dtype=bool))
    with pytest.raises(ProblemsError, match="'score'"):
        estimate(nobody, means_of(columns.number("score"), ["score"]))


def test_a_ratio_over_zero_is_named():
    columns = calls()
    with refuses("SAMP-202"):
        estimate(
            branches(columns),
            ratios_of(columns.number("size"), columns.number("nothing"), ["size/nothing"]),
        )


def test_one_unit_per_stratum_after_a_filter_leaves_an_estimate_without_interval():
    columns = calls()
    few = branches(columns).within(columns.labels("branch").codes == 0)
    (row,) = estimate(few, means_of(columns.number("score"), ["score"])).rows()
    assert row.df == 0
    assert (row.low, row.high) == (None, None)
    assert row.se > 0


def test_a_proportion_of_answers_that_are_not_zero_or_one_asks_which_counts():
    columns = calls()
    with pytest.raises(ProblemsError, match="equals"):
        proportion_interval(branches(columns), columns.number("score"), name="score")


@pytest.mark.parametrize("method", ["logit", "asin", "likelihood", "xlogit"])
def test_a_share_of_nobody_has_no_limits_by_logit(method):
    columns = calls()
    with refuses("SAMP-208"):
        proportion_interval(branches(columns), columns.number("nothing"), method=method)


def test_a_share_of_nobody_has_an_exact_upper_limit():
    columns = calls()
    _, low, high = proportion_interval(branches(columns), columns.number("nothing"), method="beta")
    assert low == 0
    assert high == pytest.approx(1 - 0.025 ** (1 / 8))


def test_an_unknown_method_or_rule_lists_the_known_ones():
    columns = calls()
    with pytest.raises(ProblemsError, match="wilson"):
        proportion_interval(branches(columns), columns.number("nothing"), method="exact")
    with pytest.raises(ProblemsError, match="hf7"):
        quantiles(branches(columns), columns.number("score"), [0.5], rule="median")


def test_a_quantile_outside_0_and_1_is_refused():
    columns = calls()
    with refuses("SAMP-205"):
        quantiles(branches(columns), columns.number("score"), [50.0])


def test_a_t_test_needs_two_groups():
    columns = calls()
    labels = columns.labels("size")
    one = branches(columns).within(labels.codes == 0)
    with refuses("SAMP-215"):
        t_test(one, columns.number("score"), labels, "size")
    with refuses("SAMP-210"):
        t_test(branches(columns), columns.number("size"), columns.labels("score"), "score")


def test_a_table_with_one_row_cannot_be_tested():
    columns = calls()
    with refuses("SAMP-215"):
        independence(branches(columns), columns.labels("nothing"), columns.labels("happy"))


def test_a_term_that_repeats_another_is_named():
    columns = calls(double=[2.0 * size for size in [10] * 4 + [20] * 4])
    with pytest.raises(ProblemsError, match="'double'"):
        regress(branches(columns), columns, "score ~ size + double")


def test_an_outcome_outside_a_family_is_refused():
    columns = calls()
    with refuses("SAMP-214"):
        regress(branches(columns), columns, "score ~ size", "binomial")
    with refuses("SAMP-206"):
        regress(branches(columns), columns, "score ~ size", "gamma")


def test_a_term_that_predicts_perfectly_ends_in_words():
    columns = calls(known=[1.0, 1, 0, 0, 1, 0, 0, 0])
    with refuses("SAMP-212"):
        regress(branches(columns), columns, "I(happy=='Yes') ~ known", "quasibinomial")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mean(score", "SAMP-406"),
        ("score ~ size", "SAMP-406"),
        ("median(score)", "SAMP-407"),
        ("log(mean(nothing))", "SAMP-408"),
        ("1/mean(nothing)", "SAMP-408"),
        ("2+2", "SAMP-407"),
        ("mean(scroe)", "SAMP-101"),
    ],
)
def test_an_expression_that_cannot_be_computed_says_why(text, code):
    columns = calls()
    with refuses(code):
        expression_estimate(branches(columns), columns, text)


def test_jackknives_fit_their_designs():
    columns = calls()
    with refuses("SAMP-303"):
        replicate_weights(branches(columns), Replication("JK1"), rng=RNG)
    with refuses("SAMP-302"):
        replicate_weights(declare(columns, weights="weight"), Replication("JKn"), rng=RNG)


def test_balanced_halves_need_pairs():
    columns = calls(branch=["1", "2", "3", "3", "1", "1", "2", "2"])
    with pytest.raises(ProblemsError, match="'N' has 3"):
        replicate_weights(branches(columns), Replication("BRR"), rng=RNG)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Replication("jackknife"), "SAMP-301"),
        (Replication("Fay", rho=1.0), "SAMP-305"),
        (Replication("bootstrap", count=1), "SAMP-306"),
    ],
)
def test_replicates_that_make_no_sense_are_refused(wanted, code):
    with refuses(code):
        replicate_weights(branches(calls()), wanted, rng=RNG)


def test_a_bootstrap_of_a_lonely_unit_is_refused():
    columns = calls(branch=["1", "1", "2", "2", "1", "1", "1", "1"])
    with refuses("SAMP-107"):
        replicate_weights(branches(columns), Replication("subbootstrap"), rng=RNG)


def test_a_model_needs_replicates_for_its_error():
    with refuses("SAMP-310"):
        resampled(branches(calls()), ["x"], lambda weights: weights[:, :1])


def run(command, folder, plan, data="y,w\n1,1\n2,1\n3,2\n"):
    (folder / "data.csv").write_text(data)
    (folder / "plan.json").write_text(plan)
    arguments = [str(folder / "data.csv"), "--plan", str(folder / "plan.json")]
    return CliRunner().invoke(command, arguments)


def test_a_case_that_fails_carries_its_error_and_the_others_still_come(tmp_path):
    plan = {
        "designs": {"d": {"weights": "w"}, "bad": {"weights": "u"}},
        "cases": [
            {"id": "a", "design": "d", "stat": {"kind": "mean", "var": "y"}},
            {"id": "b", "design": "d", "stat": {"kind": "meen", "var": "y"}},
            {"id": "c", "design": "bad", "stat": {"kind": "mean", "var": "y"}},
            {"id": "d", "design": "none", "stat": {"kind": "mean", "var": "y"}},
            {"id": "e", "design": "d", "stat": {"kind": "mean"}},
        ],
    }
    done = run(estimation.estimate, tmp_path, json.dumps(plan))
    assert done.exit_code == 0
    cases = json.loads(done.output)["cases"]
    assert cases["a"]["estimate"] == pytest.approx(2.25)
    found = [cases[name]["error"][1:9] for name in "bcde"]
    assert found == ["SAMP-403", "SAMP-101", "SAMP-402", "SAMP-404"]


@pytest.mark.parametrize("plan", ["{", "[]", '{"cases": [{"id": "a"}]}', '{"cases": 3}'])
def test_a_plan_that_is_none_is_refused_in_words(tmp_path, plan):
    done = run(estimation.estimate, tmp_path, plan)
    assert done.exit_code == 1
    assert "SAMP-401" in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"id": "size.proportion.0"}, "SAMP-404"),
        ({"id": "size.proportion.0", "input": {"p": 0.5}}, "SAMP-404"),
        ({"id": "size.proportion.0", "input": {"p": 50, "margin": 0.05}}, "SAMP-405"),
        ({"id": "size.proportion.0", "input": {"p": 0.5, "margin": 0}}, "SAMP-405"),
        ({"id": "size.of.everything", "input": {}}, "SAMP-403"),
        ({"id": "size.proportion.0", "input": {"p": None, "margin": 0.05}}, "SAMP-404"),
        ({"id": "size.proportion.0", "input": {"p": [0.5], "margin": 0.05}}, "SAMP-405"),
        ({"id": "size.mean_or_index.0", "input": {"sd": math.inf, "margin": 1}}, "SAMP-405"),
        ({"id": "size.difference.0", "input": {"p1": 0.5, "p2": 0.5}}, "SAMP-410"),
        ({"id": "allocation.0", "input": {"N": [5, 5], "S": [1], "n": 4}}, "SAMP-405"),
        ({"id": "moe.nps.0", "input": {"promoters": 0.9, "detractors": 0.2, "n": 9}}, "SAMP-405"),
    ],
)
def test_a_planning_case_that_cannot_be_answered_says_why(tmp_path, case, code):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case))
    done = CliRunner().invoke(estimation.size, [str(path)])
    assert done.exit_code == 1
    assert code in done.output


def test_whatever_is_wrong_with_one_value_of_a_planning_case_is_said_in_words():
    wrong = (None, "x", -1, 0, 1, 1.5, 1e9, [], [1], {}, True, math.inf)
    for case in json.loads((HERE / "sample_size.json").read_text())["cases"]:
        for key in case["input"]:
            for value in wrong:
                try:
                    found = answer({"id": case["id"], "input": case["input"] | {key: value}})
                except ProblemsError:
                    continue
                json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("more", [{"rscales": [1, 2]}, {"rho": 1}])
def test_imported_replicates_need_scales_that_fit(more):
    rng = np.random.default_rng(1)
    columns = Columns({"y": rng.normal(5, 1, 9), **{f"r{at}": np.ones(9) for at in range(3)}})
    fields = {"type": "Fay", "columns": "r*", **more}
    case = {"id": "a", "design": "d", "stat": {"kind": "mean", "var": "y"}}
    plan = read_plan({"designs": {"d": {"replicates": fields}}, "cases": [case]})
    found = estimation.run_plan(plan, columns, folders=())
    assert re.search("SAMP-(405|30)", found["a"]["error"])

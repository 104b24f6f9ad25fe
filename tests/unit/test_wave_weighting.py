"""A wave under a weighting plan: factors worked out by hand, every step in every resample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.requests.targets import Target
from analysis.requests.variables import known_variables
from analysis.requests.weights import Typed, WeightingEntry, plan_of, read_entry
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit.design import declared
from analysis.wavefit.weighing import weigh
from foundation.problems import ProblemsError
from survey.formats.table import ResponseRow, ResponseTable
from tests.drawn import SEGMENT, SEX, a_row, a_wave, with_others

HALF = (Target("sex", "f", 0.5, "register"), Target("sex", "m", 0.5))


def test_those_who_answered_carry_those_of_their_class_who_did_not():
    table, silent = a_wave()
    found = weigh(table, silent, WeightingEntry(classes=("segment",)))
    assert found.n == 70
    # 60 of 40, 60 of 30; each drawn with one chance in ten.
    assert found.weights[:40] == pytest.approx(15)
    assert found.weights[40:] == pytest.approx(20)
    assert found.base == pytest.approx(10)
    numbers = found.to_json()
    assert numbers["sum"] == pytest.approx(1200)
    assert [step["name"] for step in numbers["steps"]] == ["base", "nonresponse"]
    assert numbers["effective_base"] == pytest.approx(1200**2 / (40 * 225 + 30 * 400))


def test_cases_never_resolved_count_by_the_share_of_eligible_ones_among_the_others():
    table, silent = a_wave()
    silent = with_others(silent, unresolved={"a": 10, "b": 20}, not_eligible=10)
    entry = WeightingEntry(classes=("segment",), eligible=None, method="rake", targets=HALF)
    found = weigh(table, silent, replace(entry, method="none", targets=()))
    # 90 of 100 resolved are eligible. Class a: 40 + 10 + 0.9 x 10 for 40; b: 30 + 10 + 18 for 30.
    assert found.weights[:40] == pytest.approx(590 / 40)
    assert found.weights[40:] == pytest.approx(580 / 30)
    first, second, third = found.to_json()["steps"]
    assert (first["name"], second["name"], third["name"]) == ("base", "eligibility", "nonresponse")
    assert second["facts"] == {
        "rule": "casro", "e": pytest.approx(0.9), "known": 100, "unknown": 30,
    }  # fmt: skip
    drawn = found.draw(50, np.random.default_rng(3)).weights
    assert drawn.sum(axis=1).std() > 1
    # Shares are scaled to the eligible cases, those unresolved by the same share.
    assert weigh(table, silent, entry).weights.sum() == pytest.approx(1170)
    targets = [one for one in found.to_json()["balance"] if one["name"].endswith("a")]
    assert targets[0]["target"] == pytest.approx(590 / 1170)


def test_a_stated_share_is_taken_and_all_count_when_nothing_is_said():
    table, silent = a_wave()
    silent = with_others(silent, unresolved={"b": 20}, not_eligible=0)
    half = weigh(table, silent, WeightingEntry(classes=("segment",), eligible=0.5))
    assert half.weights[40:] == pytest.approx(500 / 30)
    assert half.to_json()["steps"][1]["facts"]["rule"] == "stated"
    every = weigh(table, silent, WeightingEntry(classes=("segment",)))
    assert every.weights[40:] == pytest.approx(20)
    assert [step.kind for step in every.plan.steps] == ["base", "nonresponse"]


def test_a_class_of_which_nobody_answered_is_refused_or_merged_on_request():
    table, silent = a_wave()
    silent = [*silent, *(a_row(300 + n, "c", None) for n in range(15))]
    with pytest.raises(ProblemsError, match="WGT-113"):
        weigh(table, silent, WeightingEntry(classes=("segment",)))
    found = weigh(table, silent, WeightingEntry(classes=("segment",), merge=1))
    assert found.weights[:40] == pytest.approx(15)
    assert found.weights[40:] == pytest.approx(750 / 30)
    assert found.to_json()["steps"][1]["facts"] == {"merged": [["b", "c"]], "fewest": 1}
    everything = weigh(table, silent, WeightingEntry(classes=("segment",), merge=41))
    assert everything.to_json()["steps"][1]["facts"]["merged"] == [["a", "b", "c"]]
    assert everything.weights == pytest.approx(1350 / 70)


def test_a_class_of_one_does_not_stop_the_resamples_once_classes_may_be_merged():
    table, silent = a_wave()
    rows = (*table.rows, a_row(400, "c"), a_row(401, "c"))
    table = ResponseTable(1, "interviews", table.variables, rows)
    silent = [*silent, *(a_row(300 + n, "c", None) for n in range(15))]
    rng = np.random.default_rng
    plain = weigh(table, silent, WeightingEntry(classes=("segment",)))
    with pytest.raises(ProblemsError, match="WGT-113"):
        plain.draw(200, rng(1))
    merging = weigh(table, silent, WeightingEntry(classes=("segment",), merge=1))
    assert merging.weights == pytest.approx(plain.weights)
    assert merging.to_json()["steps"][1]["facts"]["merged"] == []
    drawn = merging.draw(200, rng(1)).weights
    assert np.isfinite(drawn).all()
    assert drawn.sum(axis=1) == pytest.approx(plain.weights.sum())


def test_by_propensity_of_one_variable_the_weights_are_those_of_its_classes():
    table, silent = a_wave()
    by_class = weigh(table, silent, WeightingEntry(classes=("segment",)))
    fitted = weigh(table, silent, WeightingEntry(classes=("segment",), nonresponse="propensity"))
    # A logistic regression on one variable of two levels fits the rates of both exactly.
    assert fitted.weights == pytest.approx(by_class.weights, rel=1e-6)
    assert [step["name"] for step in fitted.to_json()["steps"]] == ["base", "propensity"]
    assert fitted.to_json()["kinds"] == ["base", "propensity"]


def test_by_propensity_of_several_variables_who_was_likely_to_answer_counts_less():
    rng = np.random.default_rng(4)
    known = [(a_row(n, "ab"[n % 2]), rng.random()) for n in range(400)]
    rows, silent = [], []
    for at, (row, draw) in enumerate(known):
        age = "old" if at % 3 else "young"
        chance = 0.3 + 0.3 * (at % 2) + 0.2 * (age == "old")
        values = {**row.values, "age": age}
        there = draw < chance
        made = ResponseRow(row.respondent, "complete" if there else None, values, {}, row.design)
        (rows if there else silent).append(made)
    table = ResponseTable(1, "interviews", (SEX, SEGMENT), tuple(rows))
    entry = WeightingEntry(classes=("segment", "age"), nonresponse="propensity")
    found = weigh(table, silent, entry)
    least = [row.values["segment"] == "a" and row.values["age"] == "young" for row in rows]
    most = [row.values["segment"] == "b" and row.values["age"] == "old" for row in rows]
    assert found.weights[least].min() > 1.5 * found.weights[most].max()
    assert found.weights.sum() == pytest.approx(4000, rel=0.03)
    drawn = found.draw(20, np.random.default_rng(1)).weights
    assert drawn.sum(axis=1) == pytest.approx(4000, rel=0.1)


def test_without_classes_those_who_did_not_answer_take_no_part():
    table, silent = a_wave()
    found = weigh(table, silent, WeightingEntry())
    assert len(found.rows) == 70
    assert found.weights == pytest.approx(10)


def test_cases_without_a_probability_start_with_weight_one_and_a_warning():
    table, _ = a_wave()
    rows = [ResponseRow(row.respondent, "complete", row.values, {}) for row in table.rows]
    found = weigh(ResponseTable(1, "import", (SEX,), tuple(rows)), [], WeightingEntry())
    assert found.weights == pytest.approx(1)
    assert [problem.message.code for problem in found.warnings] == ["WGT-217"]
    assert found.to_json()["steps"] == []


def test_a_plan_of_the_base_weight_alone_is_no_plan_to_the_last_digit():
    table, _ = a_wave()
    found = weigh(table, [], WeightingEntry())
    strata = ["a" if at < 40 else "b" for at in range(70)]
    design, _ = declared(70, strata, None, np.full(70, 10.0))
    drawn = replicate_weights(design, Replication("subbootstrap", 9), rng=np.random.default_rng(2))
    weights = drawn.weights(design.weights, slice(None))
    assert (found.draw(9, np.random.default_rng(2)).weights == weights).all()


def test_every_resample_takes_every_step_anew():
    table, silent = a_wave()
    entry = WeightingEntry(classes=("segment",), method="rake", targets=HALF)
    found = weigh(table, silent, entry)
    drawn = found.draw(40, np.random.default_rng(1)).weights
    women = np.array([row.values["sex"] == "f" for row in found.rows[: found.n]])
    assert drawn.shape == (40, 70)
    assert drawn.sum(axis=1) == pytest.approx(1200)
    assert found.weights[women].sum() == pytest.approx(600)
    assert drawn[:, women].sum(axis=1) == pytest.approx(600)
    assert drawn[:, :40].sum(axis=1).std() > 1


def test_shares_are_scaled_to_the_weighted_count_and_counts_stand():
    table, silent = a_wave()
    for targets, total in (
        (HALF, 700),
        ((Target("sex", "f", 90, "x"), Target("sex", "m", 60)), 150),
    ):
        found = weigh(table, silent, WeightingEntry(method="poststratify", targets=targets))
        assert found.weights.sum() == pytest.approx(total)


@pytest.mark.parametrize("method", ["linear", "logit"])
def test_calibration_reaches_a_total_of_a_number_and_the_margins(method):
    table, silent = a_wave()
    rows = [
        ResponseRow(row.respondent, row.outcome, {**row.values, "visits": at % 5}, {}, row.design)
        for at, row in enumerate(table.rows)
    ]
    table = ResponseTable(1, "interviews", table.variables, tuple(rows))
    visits = np.arange(70) % 5
    targets = (
        Target("sex", "f", 500, "x"),
        Target("sex", "m", 200),
        Target("visits", "", 1500, "y"),
    )
    found = weigh(table, silent, WeightingEntry(method=method, targets=targets))
    women = np.array([row.values["sex"] == "f" for row in rows])
    assert found.weights[women].sum() == pytest.approx(500)
    assert found.weights.sum() == pytest.approx(700)
    assert found.weights @ visits == pytest.approx(1500)


def test_an_entry_is_stored_and_read_back_whole():
    entry = WeightingEntry(True, ("segment",), "rake", HALF, 5000.0, 0.3, 3.0, 10, None)
    assert WeightingEntry.from_json(entry.to_json()) == entry


@pytest.mark.parametrize(
    ("fields", "merge", "eligible"),
    [
        ({}, None, 1.0),
        ({"merge": " 10 ", "eligible": "casro", "share": "7"}, 10, None),
        ({"eligible": "share", "share": "0.6"}, None, 0.6),
        ({"eligible": "share", "share": "0"}, None, 0.0),
        ({"eligible": "share", "share": "1"}, None, 1.0),
    ],
)
def test_the_rules_for_those_who_did_not_answer_are_read(fields, merge, eligible):
    known = known_variables((SEX, SEGMENT), "interviews")
    entry = read_entry(Typed(True, ("segment",), "none", "", **fields), known, imported=False)
    assert (entry.merge, entry.eligible) == (merge, eligible)
    without = read_entry(Typed(True, (), "none", "", **fields), known, imported=False)
    assert (without.merge, without.eligible) == (None, 1.0)


def test_rules_that_cannot_be_used_are_named_together():
    known = known_variables((SEX, SEGMENT), "interviews")
    for merge, share in (("2.5", "1.2"), ("0", "-0.1"), ("x", ""), ("nan", "nan")):
        typed = Typed(
            True, ("segment",), "none", "", merge=merge, eligible="share", share=share
        )  # fmt: skip
        with pytest.raises(ProblemsError) as caught:
            read_entry(typed, known, imported=False)
        assert [one.message.code for one in caught.value.problems] == ["WGT-219", "WGT-220"]


def test_the_steps_of_a_plan_stand_in_the_order_of_the_method():
    entry = WeightingEntry(True, ("segment",), "rake", HALF, lower=0.3)
    plan = plan_of(entry, probability="p", responded="done", counted=10)
    assert [step["kind"] for step in plan["steps"]] == ["base", "nonresponse", "rake", "trim"]
    assert plan["targets"]["margins"][0]["targets"] == {"f": 5.0, "m": 5.0}


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ("sex,f,1,\nsex,m,2,", ["WGT-209"]),
        ("sex,f,1,x\nsex,f,2,x", ["WGT-204"]),
        ("sex,w,1,x", ["WGT-202"]),
        ("sex,f,10,x\nsex,m,20,x\nsegment,a,31,x", ["WGT-208"]),
        ("sex,f,nan,x", ["WGT-203"]),
        ("sex,f,1,register, 2026", ["WGT-218"]),
        (f"sex,f,1,x\nsex,m,1,{'x' * 200_000}", ["WGT-212"]),
    ],
)
def test_targets_are_refused_with_their_line(lines, codes):
    known = known_variables((SEX, SEGMENT), "interviews")
    typed = Typed(True, (), "rake", f"variable,level,target,source\n{lines}\n")
    with pytest.raises(ProblemsError) as caught:
        read_entry(typed, known, imported=False)
    assert [problem.message.code for problem in caught.value.problems] == codes


def test_targets_of_any_line_ends_are_read_and_blank_lines_counted():
    known = known_variables((SEX,), "interviews")
    good = "variable;level;target;source\r\rsex;f;52;register\rsex;m;48;\r"
    entry = read_entry(Typed(True, (), "rake", good), known, imported=False)
    assert [one.target for one in entry.targets] == [52, 48]
    with pytest.raises(ProblemsError, match="row 4, column 'level'"):
        read_entry(Typed(True, (), "rake", good.replace("m", "w")), known, imported=False)


def test_a_file_without_its_columns_or_in_another_encoding_is_refused():
    known = known_variables((SEX,), "interviews")
    for content, code in ((b"name,target\nsex,1\n", "WGT-211"), (b"\xff\xfe", "WGT-212")):
        typed = Typed(True, (), "rake", "", content=content, file="targets.csv")
        with pytest.raises(ProblemsError) as caught:
            read_entry(typed, known, imported=False)
        assert code in [problem.message.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("targets", "population", "refused"),
    [("sex,f,50,x\nsex,m,47,", "", True), ("sex,f,50,x\nsex,m,47,", "97", False),
     ("sex,f,0.5,x\nsex,m,0.45,", "", True), ("sex,f,50,x\nsex,m,50,", "", False),
     ("sex,f,500,x\nsex,m,470,", "", False)],
)  # fmt: skip
def test_shares_that_do_not_add_up_are_no_population(targets, population, refused):
    typed = Typed(True, (), "rake", f"variable,level,target,source\n{targets}\n", population)
    known = known_variables((SEX, SEGMENT), "interviews")
    if not refused:
        assert read_entry(typed, known, imported=False).targets
        return
    with pytest.raises(ProblemsError) as error:
        read_entry(typed, known, imported=False)
    assert [problem.message.code for problem in error.value.problems] == ["WGT-221"]

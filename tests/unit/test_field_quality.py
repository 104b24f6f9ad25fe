"""The quality figures of a wave: hand-computed examples, and what is said where there are none."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from analysis import qualityreport
from analysis.fieldquality.evidence import Evidence, Item, proportion
from analysis.fieldquality.figures import quality_numbers
from analysis.fieldquality.response import response_by_strata
from analysis.qualityfacts import Frame, read_backcheck, read_frame
from analysis.sampling.answerquality import agreement, kappa_error
from analysis.scales import Scale
from cati.reporting import rates_of
from foundation.problems import ProblemsError
from survey.fieldrecords import SampledCase
from survey.formats.table import ResponseRow, ResponseTable, Variable
from survey.language.model import QuestionKind
from survey.paradata import Held

ITEMS = tuple(Item(name, Scale(1, 10)) for name in ("a", "b", "c", "d"))
NAMES = ("a", "b", "c", "d", "age")


def a_row(number: int, answers: dict[str, object], **gaps: str) -> ResponseRow:
    statuses = {name: "answered" if name in answers else gaps.get(name, "off_path")
                for name in NAMES}  # fmt: skip
    return ResponseRow(f"p{number}", "complete", answers, statuses)


def evidence_of(rows: list[ResponseRow], **more) -> Evidence:
    variables = tuple(Variable(name, QuestionKind.INTEGER) for name in NAMES)
    table = ResponseTable(1, "interviews", variables, tuple(rows))
    return Evidence(table, ITEMS[:2], ITEMS, **more)


def numbers_of(evidence: Evidence) -> dict:
    """Return the figures as they come back from the store."""
    return json.loads(json.dumps(quality_numbers(evidence, seed=1), allow_nan=False))


def test_wilson_limits_are_those_of_the_literature():
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263, 0 of 20, 1 of 29.
    for hits, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = proportion(hits, n)
        assert (found["low"], found["high"]) == pytest.approx((low, high), abs=5e-5)


def test_missing_answers_are_counted_by_item_with_the_bounds_of_the_mean():
    rows = [a_row(1, {"a": 8}), a_row(2, {"a": 4}), a_row(3, {}, a="dk"), a_row(4, {}, a="ref"),
            a_row(5, {})]  # fmt: skip
    (item,) = numbers_of(evidence_of(rows))["items"]
    assert (item["asked"], item["dk"], item["ref"], item["blank"]) == (4, 1, 1, 0)
    assert item["missing"]["share"] == 0.5
    # Two of four missing: the mean lies between (8 + 4 + 1 + 1) / 4 and (8 + 4 + 10 + 10) / 4.
    assert (item["mean"], item["low"], item["high"]) == (6.0, 3.5, 8.0)


def test_the_error_of_all_missing_answers_counts_people_as_clusters():
    rows = [a_row(1, {"a": 8, "b": 8}), a_row(2, {}, a="dk", b="dk")]
    every = numbers_of(evidence_of(rows))["missing"]
    # By hand: R = 2/4; residuals -1 and 1; sqrt(2/1 * 2) / 4.
    assert every == {"share": 0.5, "se": pytest.approx(0.5), "base": 4}


def test_one_answer_throughout_and_variety():
    rows = [a_row(1, dict.fromkeys("abcd", 7)), a_row(2, {"a": 7, "b": 7, "c": 7, "d": 8}),
            a_row(3, {"a": 7}, b="dk", c="dk", d="dk")]  # fmt: skip
    found = numbers_of(evidence_of(rows))["straight"]
    assert (found["share"], found["base"], found["items"]) == (0.5, 2, 4)
    assert found["longest"] == 3.5
    # 1 - sum p^2: 0 and 1 - (9 + 1) / 16.
    assert found["variety"] == pytest.approx(0.375 / 2)


def timed(count: int, fast: int) -> Evidence:
    rows = [a_row(n, {"a": 5, "b": 5}) for n in range(count)]
    held = {
        f"p{n}": Held(f"i{n % 2}", 60.0 if n < fast else 600.0, {"a": 10.0}) for n in range(count)
    }
    return evidence_of(rows, held=held)


def test_haste_is_told_from_half_the_median_and_from_a_few_times_not_at_all():
    found = numbers_of(timed(40, 3))["haste"]
    assert (found["median"], found["fast"], found["base"]) == (600.0, 3, 40)
    assert numbers_of(timed(19, 3))["haste"] == {"why": "few_timed", "count": 19, "least": 20}


def test_interviewers_who_differ_are_seen_and_those_who_cannot_are_said_to_be_none():
    rng = np.random.default_rng(3)
    rows, held = [], {}
    for n in range(200):
        shift = 2 * (n % 4)
        answers = {"a": int(rng.integers(1, 4)) + shift, "b": int(rng.integers(1, 4)) + shift}
        rows.append(a_row(n, answers))
        held[f"p{n}"] = Held(f"i{n % 4}", 60.0, {})
    found = numbers_of(evidence_of(rows, held=held))["interviewers"]["items"][0]
    assert found["rho"] > 0.8
    assert found["deff"] == pytest.approx(1 + 49 * found["rho"])
    alone = {name: Held("i1", 60.0, {}) for name in held}
    assert numbers_of(evidence_of(rows, held=alone))["interviewers"] == {"why": "one_interviewer"}
    assert numbers_of(evidence_of(rows))["interviewers"] == {"why": "no_interviewers"}


def classes(*rates: tuple[int, int]) -> list[SampledCase]:
    return [
        SampledCase(f"p{h}-{n}", "I" if n < done else "R", stratum=f"s{h}")
        for h, (done, total) in enumerate(rates)
        for n in range(total)
    ]


def test_the_r_indicator_is_that_of_the_golden_example():
    # nonsampling.json of the golden files: rates .6, .4, .2 of 400, 300, 300.
    cases = classes((240, 400), (120, 300), (60, 300))
    found = response_by_strata(cases, np.random.default_rng(1))
    shares, rates = np.array([0.4, 0.3, 0.3]), np.array([0.6, 0.4, 0.2])
    spread = math.sqrt(1000 / 999 * (shares @ (rates - shares @ rates) ** 2))
    assert found["raw"] == pytest.approx(1 - 2 * spread)
    assert found["raw"] < found["R"] < found["raw"] + 0.01
    assert found["low"] < found["R"] < found["high"]
    assert found["base"] == 1000


def test_even_response_is_within_the_interval_of_the_r_indicator():
    found = response_by_strata(classes((50, 100), (50, 100)), np.random.default_rng(1))
    assert found["R"] == 1.0
    assert found["low"] > 0.8


def test_a_silent_stratum_and_cases_not_eligible():
    silent = classes((5, 10), (0, 10))
    assert response_by_strata(silent, np.random.default_rng(1)) == {
        "why": "silent_stratum", "stratum": "s1",
    }  # fmt: skip
    outside = [SampledCase(f"n{n}", "NE", stratum="s9") for n in range(5)]
    found = response_by_strata(classes((5, 10), (4, 10)) + outside, np.random.default_rng(1))
    assert [row["name"] for row in found["classes"]] == ["s0", "s1"]


def test_effort_compares_late_with_early_interviews():
    rows = [a_row(n, {"a": 10 if n % 2 else 9, "b": 10}) for n in range(20)]
    rows += [a_row(n, {"a": 1 if n % 2 else 2, "b": 1}) for n in range(20, 40)]
    cases = [SampledCase(f"p{n}", "I", attempts=1 if n < 20 else 3) for n in range(40)]
    found = numbers_of(evidence_of(rows, cases=cases))
    assert [level["n"] for level in found["effort"]["levels"]] == [20, 40]
    late = found["effort"]["late"]
    # Index items a and b: early 97.2, late 2.8 on 0-100.
    assert late["first"]["mean"] == pytest.approx(100 * (8.5 / 9 + 1) / 2)
    assert late["difference"] == pytest.approx(-94.444, abs=1e-3)
    assert late["p"] < 0.001
    assert found["converted"] == {"why": "few", "first": 40, "second": 0, "least": 10}


def test_a_back_check_counts_agreement_question_by_question():
    rows = [a_row(n, {"a": 7 if n < 6 else 3}) for n in range(10)]
    again = [(f"p{n}", "a", "7.0" if n < 5 else "3") for n in range(10)]
    found = numbers_of(evidence_of(rows, backcheck=[*again, ("nobody", "a", "1")]))["backcheck"]
    (question,) = found["questions"]
    assert (question["share"], question["base"], found["unmatched"]) == (0.9, 10, 1)
    # By hand: expected .6 .5 + .4 .5 = .5, kappa (.9 - .5) / .5.
    assert question["kappa"] == pytest.approx(0.8)
    # Fleiss, Cohen, Everitt by hand: k = .8, pe = .5; shares .5, .1 (off), .4; sums .6 .5, .4 .5:
    # A = .5 (1 - 1.1 x .2)^2 + .4 (1 - .9 x .2)^2, B = .04 x .1 (.5 + .4)^2, C = (.8 - .5 x .2)^2.
    spread = 0.5 * 0.78**2 + 0.4 * 0.82**2 + 0.04 * 0.1 * 0.9**2 - 0.7**2
    error = question["kappa_error"]
    assert error["se"] == pytest.approx((spread / 10) ** 0.5 / 0.5)
    assert error["low"] == pytest.approx(0.8 - 1.959964 * error["se"], abs=1e-6)
    assert error["high"] == 1.0
    page = section_of(rows, again)
    assert [figure.what.values["name"] for figure in page] == ["a", "a"]
    assert page[1].value == "0.80"
    assert page[1].error == f"[{error['low']:.2f}, 1.00]"
    assert page[0].base == page[1].base == "n = 10"
    assert "not surely" in page[1].reading.text


def section_of(rows, backcheck):
    """Return the figures of the section on what was asked twice, those of the mode left out."""
    numbers = numbers_of(evidence_of(rows, backcheck=backcheck))
    sections = qualityreport.build(numbers, Frame()).sections
    figures = next(one for one in sections if one.key == "again").figures
    return [one for one in figures if "name" in one.what.values]


def test_the_error_of_kappa_is_that_of_the_multinomial_and_of_the_textbook():
    """Fleiss, Levin, Paik 2003, table 18.1: kappa .68, and its standard error .087 to .088."""
    table = np.array([[75.0, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert agreement(table.tolist()).kappa == pytest.approx(0.676, abs=5e-4)
    assert kappa_error(table.tolist()) == pytest.approx(0.0877, abs=5e-5)
    rng = np.random.default_rng(5)
    for size in (2, 4):
        counts = rng.integers(1, 30, (size, size)).astype(float)
        shares, n = counts.ravel() / counts.sum(), counts.sum()

        def kappa(p, size=size):
            return agreement(p.reshape(size, size).tolist()).kappa

        step = 1e-6 * np.eye(size * size)
        slope = np.array([(kappa(shares + h) - kappa(shares - h)) / 2e-6 for h in step])
        wanted = np.sqrt((slope**2 @ shares - (slope @ shares) ** 2) / n)
        assert kappa_error(counts.tolist()) == pytest.approx(wanted, rel=1e-6)


def test_where_kappa_or_its_interval_is_not_defined_the_page_says_why():
    same = [a_row(n, {"a": 7}) for n in range(10)]
    figure = section_of(same, [(f"p{n}", "a", "7") for n in range(10)])[1]
    assert (figure.value, figure.error) == ("–", "")
    assert "same answer, both times" in figure.reading.text
    mixed = [a_row(n, {"a": n}) for n in range(1, 10)]
    figure = section_of(mixed, [(f"p{n}", "a", str(n)) for n in range(1, 10)])[1]
    assert (figure.value, figure.error) == ("1.00", "")
    assert "would make it a point" in figure.reading.text
    # One answer the first time, another the second: defined, and no better than chance.
    figure = section_of(same, [(f"p{n}", "a", "6") for n in range(10)])[1]
    assert figure.value == "0.00"


def test_heaping_is_looked_for_where_numbers_are_large_enough():
    rows = [a_row(n, {"age": 20 + 5 * (n % 10)}) for n in range(40)]
    (found,) = numbers_of(evidence_of(rows))["heaping"]
    assert (found["name"], found["index"], found["share"]) == ("age", 500.0, 1.0)


def test_every_page_can_be_built_and_what_is_unknown_says_why():
    report = qualityreport.build(numbers_of(evidence_of([a_row(1, {"a": 5})])), Frame())
    figures = [figure for section in report.sections for figure in section.figures]
    assert [section.key for section in report.sections] == [
        "coverage", "response", "items", "interviewers", "measurement", "again",
    ]  # fmt: skip
    texts = [figure.reading.text % figure.reading.values for figure in figures]
    assert all(texts)
    assert "Not stated." in texts
    assert not any("nan" in figure.value + figure.error for figure in figures)


def test_undercoverage_bounds_what_it_can_do_to_an_index():
    frame = read_frame({"name": "List", "population": "2000", "missing": "50", "twice": ""})
    section = qualityreport.build(numbers_of(evidence_of([a_row(1, {"a": 5})])), frame).sections[0]
    under = section.figures[1]
    assert under.value == "2.5 %"
    assert under.reading.values == {"most": "2.5"}


def test_all_that_is_wrong_with_stated_facts_is_told_together():
    with pytest.raises(ProblemsError) as told:
        read_frame({"population": "many", "listed": "-4"})
    assert [problem.message.code for problem in told.value.problems] == ["QUAL-101", "QUAL-101"]
    with pytest.raises(ProblemsError, match="QUAL-102"):
        read_frame({"population": "10", "missing": "11"})


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"\xff\xfe", ["QUAL-103"]),
        (b"", ["QUAL-104"] * 3),
        (b"respondent,question\np1,a\n", ["QUAL-104"]),
        (b"respondent,question,answer\n", ["QUAL-107"]),
        (b"respondent,question,answer\np1,,7\np2,a,\n", ["QUAL-105", "QUAL-105"]),
        (b"respondent,question,answer\np1,a,7\np1,a,8\n", ["QUAL-106"]),
    ],
)
def test_a_bad_file_of_re_interviews_is_told_in_full(content: bytes, codes: list[str]):
    with pytest.raises(ProblemsError) as told:
        read_backcheck(content, "again.csv")
    assert [problem.message.code for problem in told.value.problems] == codes


def test_columns_of_re_interviews_may_stand_in_any_order():
    content = "\ufeffAnswer,Respondent,Question\n7,p1,a\n\n".encode()
    assert read_backcheck(content, "again.csv") == [("p1", "a", "7")]


def rate_figures(cases) -> list:
    numbers = numbers_of(evidence_of([a_row(1, {"a": 5})])) | {"response": rates_of(cases)}
    sections = qualityreport.build(numbers, Frame()).sections
    return list(next(one for one in sections if one.key == "response").figures[:2])


def test_the_rates_say_over_how_many_sampling_units_their_error_is_taken():
    cases = [
        SampledCase(f"p{at}", "I" if at % 3 else "R", "n", 0.1, psu=str(at % 7)) for at in range(60)
    ]
    for figure in rate_figures(cases):
        assert figure.value == "66.7 %"
        assert figure.error.startswith("[")
        assert "%(units)s" in figure.reading.text
        assert figure.reading.values["units"] == "7"
    for figure in rate_figures([replace(case, psu="") for case in cases]):
        assert "%(units)s" not in figure.reading.text
    for figure in rate_figures([replace(case, psu="1") for case in cases]):
        assert (figure.value, figure.error) == ("–", "")
        assert figure.reading.text % figure.reading.values == (
            "66.7 %, but its error is not known: the cases are all of one sampling unit."
        )
    for figure in rate_figures([replace(case, outcome="NE") for case in cases]):
        assert "denominator is zero" in figure.reading.text

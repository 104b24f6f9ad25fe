"""Banner tables against figures worked out by hand, and the marks that may stand beside them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from analysis import tablereport
from analysis.requests.tables import TablesEntry, read_entry
from analysis.requests.variables import Known
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.tabulation.parts import Answers, Column, Question, lines_of
from analysis.tabulation.table import table
from analysis.wavefit.tabulating import counted, tables
from foundation.problems import ProblemsError
from survey.formats.table import ResponseRow, ResponseTable, Variable
from survey.language.model import Choice, QuestionKind


def a_design(weights):
    return declare(Columns({"w": np.asarray(weights, dtype=float)}), weights="w")


def a_column(banner, inside):
    return Column(banner, str(banner), np.asarray(inside, dtype=bool))


def of_scores(scores, *, ends=(1, 10), dk=None, ref=None):
    """Return a question whose answers are numbers; NaN where nobody answered."""
    numbers = np.asarray(scores, dtype=float)
    nobody = np.zeros(len(numbers), dtype=bool)
    codes = sorted({int(value) for value in numbers[~np.isnan(numbers)]})
    chosen = {str(code): numbers == code for code in codes}
    given = Answers(
        chosen, nobody if dk is None else dk, nobody if ref is None else ref,
        numbers=numbers, ends=ends,
    )  # fmt: skip
    return Question("q", {"en": "How satisfied?"}, given.asked, lines_of(given))


def line(made, name):
    return next(one for one in made["lines"] if one["name"] == name)


def halves(first_yes, second_yes, size=100):
    """Return a table of a yes/no question in two columns of `size`, so many of whom say yes."""
    yes = np.zeros(2 * size, dtype=bool)
    yes[:first_yes] = True
    yes[size : size + second_yes] = True
    nobody = np.zeros(2 * size, dtype=bool)
    given = Answers({"yes": yes}, ~yes, nobody)
    question = Question("q", {}, given.asked, lines_of(given))
    first = np.arange(2 * size) < size
    columns = [a_column("", first | ~first), a_column("b", first), a_column("b", ~first)]
    return a_design(np.ones(2 * size)), question, columns


def test_bases_shares_boxes_and_mean_are_those_worked_out_by_hand():
    # 40 people of weight 1 say 10, 20 of weight 2 say 1, 10 of weight 3 do not know.
    scores = [10.0] * 40 + [1.0] * 20 + [np.nan] * 10
    weights = np.repeat([1.0, 2.0, 3.0], [40, 20, 10])
    question = of_scores(scores, dk=np.isnan(scores))
    made = table(a_design(weights), question, [a_column("", [True] * 70)], "none")
    total = made["columns"][0]
    assert total["n"] == 70
    assert total["weighted"] == 110
    # Kish: the sum of weights squared, over 40 of 1, 20 of 4 and 10 of 9.
    assert total["effective"] == pytest.approx(110**2 / 210)
    assert line(made, "10")["cells"][0]["value"] == pytest.approx(100 * 40 / 110)
    assert line(made, "top2")["cells"][0]["value"] == pytest.approx(100 * 40 / 110)
    assert line(made, "bottom2")["cells"][0]["value"] == pytest.approx(100 * 40 / 110)
    assert line(made, "dk")["cells"][0]["value"] == pytest.approx(100 * 30 / 110)
    mean = line(made, "mean")["cells"][0]
    assert mean["n"] == 60
    assert mean["value"] == pytest.approx((40 * 10 + 40 * 1) / 80)


def test_the_error_of_a_share_is_that_of_the_textbook():
    design, question, columns = halves(60, 40)
    cell = line(table(design, question, columns, "none"), "yes")["cells"][1]
    # With replacement, units of a domain: sqrt(p (1 - p) / n * N / (N - 1)), N = 200.
    assert cell["se"] == pytest.approx(100 * np.sqrt(0.24 / 100 * 200 / 199))


@pytest.mark.parametrize(
    ("first", "second", "strong", "weak"),
    # z of the difference, by hand: 2.87 (p .004); 1.84 (p .067); 1.13 (p .26).
    [(60, 40, "B", ""), (56, 43, "", "b"), (54, 46, "", "")],
)
def test_letters_say_at_which_level_a_column_is_above_another(first, second, strong, weak):
    made = table(*halves(first, second), "none")
    high, low = line(made, "yes")["cells"][1:]
    assert (high["strong"], high["weak"]) == (strong, weak)
    assert (low["strong"], low["weak"]) == ("", "")


def test_arrows_stand_where_a_column_differs_from_the_total():
    made = table(*halves(60, 40), "none")
    assert [cell["arrow"] for cell in line(made, "yes")["cells"]] == ["", "up", "down"]


def test_a_correction_takes_back_what_many_comparisons_find_by_chance():
    n, size = 8, 100
    shares = [60, 46, 50, 50, 50, 50, 50, 50]
    yes = np.concatenate([np.arange(size) < share for share in shares])
    group = np.repeat(np.arange(n), size)
    given = Answers({"yes": yes}, ~yes, np.zeros(n * size, dtype=bool))
    question = Question("q", {}, given.asked, lines_of(given))
    columns = [a_column("", yes | ~yes), *(a_column("b", group == at) for at in range(n))]
    design = a_design(np.ones(n * size))
    found = {
        correction: line(table(design, question, columns, correction), "yes")["cells"][1]
        for correction in ("none", "benjamini-hochberg", "bonferroni")
    }
    # 60 against 46: z = 2.0, p = .046, alone below .05 and among 28 pairs not.
    assert found["none"]["strong"] == "B"
    assert found["benjamini-hochberg"]["strong"] == found["bonferroni"]["strong"] == ""


def test_columns_of_two_banner_questions_are_never_compared():
    design, question, columns = halves(90, 10)
    apart = [columns[0], columns[1], Column("c", "c", columns[2].inside)]
    cells = line(table(design, question, apart, "none"), "yes")["cells"]
    assert all(cell["strong"] == cell["weak"] == "" for cell in cells)


def test_rare_answers_are_not_tested():
    cells = line(table(*halves(4, 0), "none"), "yes")["cells"]
    assert all(cell["strong"] + cell["weak"] + cell["arrow"] == "" for cell in cells)
    assert cells[2]["margin"] is None


@pytest.mark.parametrize(
    ("size", "decision"), [(29, "hide"), (30, "mark"), (49, "mark"), (50, "show")]
)
def test_small_bases_are_hidden_or_marked(size, decision):
    design, question, columns = halves(size, 0, size)
    made = table(design, question, columns, "none")
    heading, cell = made["columns"][1], line(made, "yes")["cells"][1]
    assert (heading["n"], heading["decision"]) == (size, decision)
    assert (cell is None) == (decision == "hide")


def test_a_mean_whose_own_base_is_small_is_hidden_alone():
    scores = [5.0] * 20 + [np.nan] * 40
    made = table(
        a_design(np.ones(60)), of_scores(scores, dk=np.isnan(scores)),
        [a_column("", [True] * 60)], "none",
    )  # fmt: skip
    assert line(made, "mean")["cells"] == [None]
    assert line(made, "dk")["cells"][0]["value"] == pytest.approx(100 * 40 / 60)


def test_the_net_promoter_score_is_of_a_scale_from_0_to_10_alone():
    scores = [10.0] * 50 + [8.0] * 30 + [6.0] * 20
    made = table(
        a_design(np.ones(100)), of_scores(scores, ends=(0, 10)), [a_column("", [True] * 100)],
        "none",
    )  # fmt: skip
    assert line(made, "nps")["cells"][0]["value"] == pytest.approx(50 - 20)
    names = [one.name for one in of_scores(scores, ends=(1, 10)).lines]
    assert "nps" not in names


CHOICES = (Choice("1", {"en": "Branch"}), Choice("2", {"en": "App"}))
VARIABLES = (
    Variable("used", QuestionKind.SELECT_MULTIPLE, {"en": "What of ${bank}?"}, CHOICES),
    Variable("score", QuestionKind.INTEGER, {"en": "Score"}, points=(1, 10)),
    Variable("bank", QuestionKind.HIDDEN),
)


def a_wave(n=60):
    """Return a wave in which all use the branch, half of them the app, and one row is no answer."""
    rows = [
        ResponseRow(
            f"r{at}",
            "complete" if at < n else "refused",
            {"used": ["1", "2"] if at % 2 else ["1"], "score": 1 + at % 10, "bank": "Ours"},
            {"used": "answered", "score": "answered"},
            {"stratum": "ab"[at % 2], "selection_probability": 0.1},
        )
        for at in range(n + 1)
    ]
    return ResponseTable(1, "interviews", VARIABLES, tuple(rows))


KNOWN = {
    "used": Known(
        "used", QuestionKind.SELECT_MULTIPLE, {"en": "What of ${bank}?"},
        {"1": {"en": "Branch"}, "2": {"en": "App"}},
    ),
    "score": Known("score", QuestionKind.INTEGER, {"en": "Score"}, points=(1, 10)),
    "stratum": Known("stratum", QuestionKind.HIDDEN, {"und": "stratum"}),
}  # fmt: skip


def test_several_answers_are_shares_of_respondents_and_not_of_answers():
    numbers = tables(counted(a_wave(), None), TablesEntry("", ("used",)), KNOWN)
    used = numbers["tables"][0]
    assert used["multiple"]
    assert used["label"] == {"en": "What of Ours?"}
    assert line(used, "1")["cells"][0]["value"] == pytest.approx(100)
    assert line(used, "2")["cells"][0]["value"] == pytest.approx(50)
    assert used["columns"][0]["weighted"] == pytest.approx(600)


@pytest.mark.parametrize(
    ("texts", "has_mean"),
    [
        ({"1": "1 bad", "2": "2", "3": "3", "4": "4", "5": "5 good"}, True),
        ({"1": "none", "2": "school", "3": "college", "4": "degree", "5": "other"}, False),
        ({"1": "1", "2": "2", "3": "3", "4": "4"}, False),
        ({"1": "1", "2": "2", "3": "3", "4": "4", "9": "9"}, False),
    ],
)
def test_choices_are_a_scale_when_their_codes_are_their_texts(texts, has_mean):
    codes = {code: {"en": text} for code, text in texts.items()}
    known = {"score": Known("score", QuestionKind.SELECT_ONE, {"en": "Score"}, codes)}
    numbers = tables(counted(a_wave(), None), TablesEntry("", ("score",)), known)
    names = [one["name"] for one in numbers["tables"][0]["lines"]]
    assert ("mean" in names) == ("top2" in names) == has_mean


def test_a_filter_keeps_who_gave_an_answer():
    entry = TablesEntry("", ("score",), ("stratum",), "used", ("2",))
    numbers = tables(counted(a_wave(), None), entry, KNOWN)
    assert numbers["counted"] == 30
    assert [column["n"] for column in numbers["tables"][0]["columns"]] == [30, 0, 30]


def test_what_is_printed_is_rounded_once_and_never_not_a_number():
    entry = TablesEntry("", ("score", "used"), ("stratum",))
    numbers = tables(counted(a_wave(), None), entry, KNOWN)
    stored = json.loads(json.dumps(numbers, allow_nan=False))
    stored |= {"starts_on": "", "ends_on": "", "mode": "interviews"}
    made = tablereport.build(stored).tables[0]
    mean = made.lines[-1].cells[0]
    assert (mean.text, mean.value) == ("5.50", 5.5)
    assert made.groups == (("", 1), ("stratum", 2))


def test_everything_wrong_with_a_request_is_said_at_once():
    entry = TablesEntry("", ("scor", "used"), ("score", "us"), "used", ("9",), "guess")
    with pytest.raises(ProblemsError) as caught:
        read_entry(entry, KNOWN)
    codes = [problem.message.code for problem in caught.value.problems]
    assert codes == ["TAB-102", "TAB-102", "TAB-105", "TAB-108"]
    assert "'score'" in str(caught.value)

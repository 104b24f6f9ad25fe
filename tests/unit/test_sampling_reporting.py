"""What a printed figure supports: intervals, claims, composites, publication, the linter."""

import math

import numpy as np
import pytest
from scipy.stats import t

from analysis.sampling.claims import difference_in_question, difference_in_set, share_against
from analysis.sampling.columns import Columns
from analysis.sampling.composites import (
    TELLER_STAR,
    Scheme,
    Source,
    comparable,
    composite,
    podium,
    source_of,
)
from analysis.sampling.consistency import (
    Figure,
    PublishedTable,
    band_clash,
    lint,
    lint_table,
    possible_bases,
)
from analysis.sampling.design import declare
from analysis.sampling.domains import groups
from analysis.sampling.estimates import Estimate, Estimates, estimate
from analysis.sampling.estimators import means_of
from analysis.sampling.many import league_table
from analysis.sampling.planning import calls_needed, margin_of_proportion
from analysis.sampling.proportions import (
    box_of,
    nps_of,
    of_answers,
    of_respondents,
    shares_of,
)
from analysis.sampling.publication import Rules, complement_error, protected, screened, verdict
from analysis.sampling.reliability import cronbach_alpha
from foundation.problems import ProblemsError

#  a study of a city's banks, printed without any error; 97 answers assumed
#  %     n    se    +-Wald  Wilson        exact         +- with a design effect of 1.5
PRINTED = [
    (48.4, 97, 5.10, 10.0, (38.7, 58.2), (38.1, 58.8), 12.2),
    (52.6, 97, 5.10, 10.0, (42.8, 62.2), (42.2, 62.8), 12.2),
    (26.8, 97, 4.52, 8.9, (19.0, 36.4), (18.3, 36.8), 10.9),
    (86.4, 97, 3.50, 6.9, (78.2, 91.8), (77.9, 92.5), 8.4),
    (75.0, 84, 4.75, 9.3, (64.8, 83.0), (64.4, 83.8), 11.4),
    (59.0, 97, 5.02, 9.8, (49.1, 68.3), (48.5, 68.9), 12.0),
    (30.4, 97, 4.69, 9.2, (22.1, 40.2), (21.5, 40.6), 11.3),
    (12.1, 97, 3.33, 6.5, (7.0, 20.1), (6.4, 20.3), 8.0),
    (72.0, 97, 4.58, 9.0, (62.4, 80.0), (62.0, 80.6), 11.0),
    (15.9, 97, 3.73, 7.3, (9.9, 24.5), (9.3, 24.7), 9.0),
    (87.3, 97, 3.40, 6.7, (79.2, 92.5), (79.0, 93.2), 8.2),
    (76.4, 97, 4.33, 8.5, (67.0, 83.7), (66.7, 84.4), 10.4),
    (31.0, 97, 4.72, 9.3, (22.7, 40.8), (22.0, 41.2), 11.3),
    (23.0, 97, 4.30, 8.4, (15.8, 32.3), (15.1, 32.6), 10.3),
    (16.0, 97, 3.74, 7.3, (10.0, 24.6), (9.3, 24.8), 9.0),
]


@pytest.mark.parametrize("row", PRINTED)
def test_printed_shares_come_out_with_their_intervals(row):
    percent, n, se, moe, wilson, exact, wide = row
    found = margin_of_proportion(percent / 100, n)
    assert 100 * found.se_estimation == pytest.approx(se, abs=0.005)
    assert 100 * found.moe_estimation_z == pytest.approx(moe, abs=0.051)
    assert [100 * limit for limit in found.wilson] == pytest.approx(wilson, abs=0.051)
    assert [100 * limit for limit in found.clopper_pearson] == pytest.approx(exact, abs=0.051)
    clustered = margin_of_proportion(percent / 100, n, deff=1.5)
    assert 100 * clustered.moe_estimation_z == pytest.approx(wide, abs=0.051)


def test_less_than_half_are_satisfied_is_not_supported():
    found = share_against(0.484, 0.5, 97)
    assert not found.is_supported
    assert (round(found.z, 2), round(found.p, 2)) == (-0.32, 0.75)


def test_efficiency_is_more_urgent_than_attitude():
    found = difference_in_question(0.526, 0.268, 97)
    assert found.is_supported
    assert 100 * found.difference == pytest.approx(25.8)
    assert 100 * found.moe == pytest.approx(17.0, abs=0.05)


def test_queues_barely_outweigh_attitude():
    found = difference_in_set(0.873, 0.764, 97, correlation=0.3)
    assert 100 * found.difference == pytest.approx(10.9)
    assert 100 * found.moe == pytest.approx(9.0, abs=0.05)


def figures(*pairs):
    return tuple(Figure(label, text) for label, text in pairs)


def codes(problems):
    return [problem.message.code for problem in problems]


@pytest.mark.parametrize(
    ("text", "bases"),
    [("48.4", [91, 93, 95]), ("52.6", [95, 97]), ("26.8", [82, 97]), ("87.3", [])],
)
def test_a_percentage_can_come_from_few_bases(text, bases):
    assert possible_bases(figures(("any", text)), 80, 100) == bases


def test_a_figure_that_no_base_gives_is_named():
    table = PublishedTable("needs", figures(("queues", "87.3")), "multiple", 80, 100)
    (found,) = lint_table(table)
    assert found.message.code == "SAMP-601"
    assert "87.3" in found.text()


def test_answers_of_one_question_without_a_common_base_are_named_with_the_first_that_fits():
    willing = figures(("willing", "12.1"), ("will think", "72"), ("unwilling", "15.9"))
    found = lint_table(PublishedTable("foreign", willing, "single", 80, 100))
    assert codes(found) == ["SAMP-602"]
    assert "107" in found[0].text()


def test_an_unreported_rest_is_named():
    urgent = figures(("efficiency", "52.6"), ("attitude", "26.8"))
    found = lint_table(PublishedTable("urgent", urgent, "single", 97, 97))
    assert codes(found) == ["SAMP-604"]
    assert "20.6 %" in found[0].text()


def test_single_choices_above_a_hundred_are_named_and_multiple_are_not():
    both = figures(("queues", "87"), ("attitude", "76"))
    assert codes(lint_table(PublishedTable("t", both, "single", 100, 100))) == ["SAMP-603"]
    assert lint_table(PublishedTable("t", both, "multiple", 100, 100)) == []


def test_one_figure_with_two_meanings_is_named():
    text = PublishedTable(
        "foreign/text", figures(("have not considered", "72")), "multiple", 1, 100
    )
    table = PublishedTable(
        "foreign/table", figures(("will think about it", "72")), "multiple", 1, 100
    )
    found = lint([text, table])
    assert codes(found) == ["SAMP-606"]
    assert "have not considered" in found[0].text()


def test_a_row_out_of_order_is_named():
    needs = figures(
        ("queue", "87"), ("attitude", "76"), ("bill", "31"), ("place", "16"), ("fee", "23")
    )
    found = lint_table(PublishedTable("needs", needs, "multiple", 100, 100))
    assert codes(found) == ["SAMP-605"]
    assert "'fee'" in found[0].text()


def test_bands_that_nearly_agree_are_named():
    assert "25-35" in band_clash((25, 35), (26, 35), "age").text()
    assert band_clash((25, 35), (25, 35), "age") is None
    assert band_clash((25, 35), (36, 50), "age") is None


def test_a_teller_star_has_an_error():
    sources = {
        "customers": Source(80, 12 / math.sqrt(20), 20),
        "team": Source(70, 10 / math.sqrt(8), 8),
        "operations": Source(90, None, 1),
        "lobby": Source(60, None, 1),
    }
    found = composite(TELLER_STAR, sources)
    assert found.value == pytest.approx(0.4 * 80 + 0.3 * 70 + 0.15 * 150)
    assert found.se == pytest.approx(1.51, abs=0.005)
    # Satterthwaite (1946): 20 customers of sd 12, 8 colleagues of sd 10.
    parts = np.array([0.4**2 * 12**2 / 20, 0.3**2 * 10**2 / 8])
    df = parts.sum() ** 2 / (parts**2 / [19, 7]).sum()
    assert df == pytest.approx(20.7, abs=0.05)
    assert found.high - found.value == pytest.approx(t.ppf(0.975, df) * found.se)
    assert codes(found.remarks) == ["SAMP-514", "SAMP-514"]


def test_a_missing_source_rescales_or_withholds_as_the_scheme_says():
    sources = {"customers": Source(80, 2, 20)}
    rescaled = composite(TELLER_STAR, sources)
    assert rescaled.value == 80
    assert rescaled.weights == {"customers": 1.0}
    assert codes(rescaled.remarks) == ["SAMP-513"] * 3
    withheld = composite(Scheme(TELLER_STAR.weights, "withhold"), sources)
    assert withheld.value is None


def test_a_scheme_must_add_to_a_hundred_and_know_its_sources():
    with pytest.raises(ProblemsError, match="add to 90 %"):
        Scheme({"team": 0.5, "customers": 0.4})
    with pytest.raises(ProblemsError, match="Did you mean 'team'"):
        composite(TELLER_STAR, {"teem": Source(1, 1, 1)})


def test_ratings_become_a_source_and_one_rating_has_no_error():
    assert source_of([60, 80, 100]) == Source(80, pytest.approx(20 / math.sqrt(3)), 3)
    assert source_of([60]).se is None


def row(n=400, value=50.0, se=1.0):
    return Estimate("index", value, se, None, None, 10, None, n, None)


@pytest.mark.parametrize(
    ("figure", "people", "decision", "reasons"),
    [
        (row(), None, "show", []),
        (row(n=40), None, "mark", ["SAMP-501"]),
        (row(n=29), None, "hide", ["SAMP-502"]),
        (row(se=9.0), None, "mark", ["SAMP-503"]),
        (row(se=20.0), None, "hide", ["SAMP-504"]),
        (row(), 3, "hide", ["SAMP-505"]),
        (row(n=12, se=30.0), 2, "hide", ["SAMP-505", "SAMP-502", "SAMP-504"]),
    ],
)
def test_rules_of_publication_hold_back_weak_figures(figure, people, decision, reasons):
    found = verdict(figure, Rules(), people=people)
    assert found.decision == decision
    assert codes(found.reasons) == reasons


def test_a_share_near_one_is_judged_by_its_complement():
    figure = row(value=0.97, se=0.011)
    assert complement_error(figure) == pytest.approx(0.011 / 0.03)
    assert verdict(figure, Rules(), measure="share").decision == "hide"
    assert verdict(figure, Rules()).decision == "show"


def test_a_balance_near_zero_is_not_imprecise():
    score = row(value=0.4, se=3.0)
    assert verdict(score, Rules(), measure="balance").decision == "show"
    assert verdict(score, Rules()).decision == "hide"


def league(values, se, counts):
    nothing = np.full(len(values), np.nan)
    names = tuple(f"b{at}" for at in range(len(values)))
    covariance = np.diag(np.square(np.array(se, dtype=float)))
    base = np.array(counts, dtype=float)
    return Estimates(names, np.array(values, float), covariance, 100, base, nothing, nothing)


def test_a_hidden_branch_takes_no_rank():
    found = screened(league([70, 80, 60], [2, 2, 2], [100, 12, 45]), Rules())
    assert [row.name for row in league_table(found.estimates)] == ["b0", "b2"]
    assert found.named("hide") == ("b1",)
    assert found.named("mark") == ("b2",)
    assert screened(league([70], [2], [4]), Rules()).estimates is None


def test_a_cell_that_could_be_had_by_subtraction_is_hidden_too():
    assert protected([50, 3, 20, 9], 5) == (False, True, False, True)
    assert protected([50, 3, 2, 9], 5) == (False, True, True, False)
    assert protected([50, 30], 5) == (False, False)
    assert protected([3], 5) == (True,)


def test_only_the_first_places_of_tellers_are_named():
    """Ten tellers two points apart, each with the error of the scheme's own example."""
    scores = {
        f"t{at}": composite(
            TELLER_STAR,
            {
                "customers": Source(60 + 2 * at, 12 / math.sqrt(20), 20),
                "team": Source(60 + 2 * at, 10 / math.sqrt(8), 8),
            },
        )
        for at in range(10)
    }
    withheld = composite(Scheme(TELLER_STAR.weights, "withhold"), {})
    table = league_table(comparable(scores | {"new": withheld}, dict.fromkeys(scores, 28)))
    assert len(table) == 10
    found = podium(table)
    assert found.named == ("t9", "t8", "t7")
    assert found.uncertain >= 1


def test_calls_follow_from_interviews_and_attempts():
    assert calls_needed(385, 0.25, 2.5) == 3850


def answers():
    return Columns(
        {
            "nps": [10.0, 9, 8, 6, 0, np.nan],
            "unit": [1, 2, 3, 4, 5, 6],
            "w": [1.0, 1, 1, 1, 1, 5],
            "brand": ["a", "b", "a", "b", "a", None],
        }
    )


def test_promoters_less_detractors_leave_the_missing_out():
    columns = answers()
    (found,) = estimate(declare(columns, weights="w"), nps_of(columns.number("nps"))).rows()
    assert found.value == pytest.approx(0)
    assert found.n == 5


def test_a_box_is_the_share_at_the_top_of_the_scale():
    columns = answers()
    (found,) = estimate(
        declare(columns, weights="w"), box_of(columns.number("nps"), 9, "top two")
    ).rows()
    assert found.value == pytest.approx(0.4)


def test_shares_of_a_question_add_to_one_with_errors_that_cancel():
    columns = answers()
    found = estimate(declare(columns, weights="w"), shares_of(columns.labels("brand"), "brand "))
    assert found.names == ("brand a", "brand b")
    assert found.values.sum() == pytest.approx(1)
    assert found.covariance.sum() == pytest.approx(0, abs=1e-15)


def test_several_answers_count_by_respondents_and_by_answers():
    chosen = np.array([[1.0, 1], [1, 0], [0, 0], [1, 1], [1, 0], [0, 1]])
    columns = answers()
    design = declare(columns)
    people = estimate(design, of_respondents(chosen, ["queue", "fees"]))
    given = estimate(design, of_answers(chosen, ["queue", "fees"]))
    assert people.values == pytest.approx([4 / 6, 3 / 6])
    assert given.values == pytest.approx([4 / 7, 3 / 7])
    assert given.se[0] == pytest.approx(given.se[1])


def test_an_item_that_runs_backwards_is_named():
    rng = np.random.default_rng(2)
    first = rng.normal(size=50)
    items = np.column_stack([first, first + rng.normal(size=50) / 5, -first])
    columns = Columns({"w": np.ones(50)})
    found = cronbach_alpha(declare(columns, weights="w"), items, ["a", "b", "c"])
    assert any("'c'" in remark.text() for remark in found.remarks)


def test_each_group_has_its_own_degrees_of_freedom():
    columns = Columns(
        {
            "h": ["N"] * 4 + ["S"] * 4,
            "unit": [1, 1, 2, 2, 3, 3, 4, 4],
            "y": np.arange(8.0),
            "only": ["x"] * 4 + ["x", "y", "y", "y"],
        }
    )
    design = declare(columns, ids=["unit"], strata=["h"])
    found = groups(design, columns.labels("only"), lambda _: means_of(columns.number("y"), ["y"]))
    assert [(one.level, one.n, one.estimates.df) for one in found] == [("x", 5, 1), ("y", 3, 1)]

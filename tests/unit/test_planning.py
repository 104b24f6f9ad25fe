"""Planning questions as typed and as answered, by the reference results and by hand."""

from __future__ import annotations

import json

import pytest

from analysis import planfields, planned, planviews
from foundation.problems import ProblemsError


def answered(kind: str, **typed: str) -> dict:
    """Return the answer as it comes back from the store."""
    asked = planfields.read(planfields.KINDS[kind], typed)
    return json.loads(json.dumps(planned.answer(kind, asked), allow_nan=False))


def test_sizes_of_shares_are_those_of_the_textbooks():
    # Cochran (1977), section 4.4: 385 for 5 points, 1068 for 3 points at 95 per cent.
    assert answered("size_share", p="50", margin="5")["n"] == 385
    assert answered("size_share", p="50", margin="3")["n"] == 1068
    # 90 per cent, 2 points off 12.1: by hand, (1.6449 / 0.02)^2 x 0.121 x 0.879 = 719.4.
    assert answered("size_share", p="12.1", margin="2", confidence="90")["n"] == 720


def test_a_size_counts_population_clusters_weights_response_and_calls():
    found = answered(
        "size_index", sd="22", margin="2", N="2000", cluster="11", rho="0.05", cv_weights="0.5",
        response_rate="20", attempts="4",
    )  # fmt: skip
    # By hand: deff = 1.25 x 1.5; n1 = (1.959964 x 22 / 2)^2 x 1.875 = 871.5; over 1 + n1/2000.
    assert found["deff"] == pytest.approx(1.875)
    assert found["n"] == 608
    assert (found["cases"], found["calls"]) == (3040, 12160)


def test_a_net_promoter_score_is_a_mean_of_minus_100_0_and_100():
    # Variance 0.5875 of one answer: +-7.5 at 400 interviews.
    found = answered("margin_nps", promoters="45", detractors="20", n="400")
    assert (found["value"], found["se"]) == (pytest.approx(25), pytest.approx(3.832, abs=5e-4))
    assert found["margin"] == pytest.approx(7.511, abs=5e-4)
    size = answered("size_nps", promoters="45", detractors="20", margin="7.512")
    assert size["n"] == 400


def test_a_change_is_the_second_wave_less_the_first_and_overlap_narrows_it():
    apart = answered("margin_change", p1="50", n1="400", p2="56", n2="400")
    assert apart["value"] == pytest.approx(6)
    # By hand: sqrt(.25/400 + .2464/400).
    assert apart["se"] == pytest.approx(100 * (0.4964 / 400) ** 0.5)
    panel = answered(
        "margin_change", p1="50", n1="400", p2="56", n2="400", n_overlap="400", overlap_rho="0.6"
    )
    assert panel["margin"] < 0.7 * apart["margin"]
    readings = [planviews.figures("margin_change", one)[1].reading.text for one in (apart, panel)]
    assert "could not be told from chance" in readings[0]
    assert "would be found real" in readings[1]


def test_finding_a_change_takes_more_interviews_the_smaller_it_is():
    # Fleiss (1981), table A.3 without continuity correction: .50 against .60, power .80: 388.
    assert answered("size_change", p1="50", p2="60")["n"] == 388


def test_strata_are_shared_out_by_three_rules():
    found = answered("allocation", n="100", sizes="1000, 3000", sds="30, 10", costs="4, 1")
    # By hand: N_h 1:3; N_h S_h 1:1; over root cost 1:2.
    assert found["proportional"] == pytest.approx([25, 75])
    assert found["neyman"] == pytest.approx([50, 50])
    assert found["cost"] == pytest.approx([100 / 3, 200 / 3])
    assert found["errors"][1] == min(found["errors"])
    table = planviews.strata_table(found)
    assert [row[1] for row in table.rows] == ["25.0", "50.0", "33.3"]


def test_a_cluster_and_nothing_found():
    assert answered("cluster", cost_cluster="100", cost_interview="10", rho="0.05")[
        "best"
    ] == pytest.approx((10 * 0.95 / 0.05) ** 0.5)
    assert answered("none_found", n="60")["upper"] == pytest.approx(100 * (1 - 0.05 ** (1 / 60)))


def test_a_design_effect_of_one_is_not_mentioned_and_the_first_row_has_the_formula():
    rows = planviews.figures("size_share", answered("size_share", p="50", margin="5"))
    assert [row.value for row in rows] == ["385"]
    assert rows[0].formula
    rows = planviews.figures("size_share", answered("size_share", p="50", margin="5", deff="1.5"))
    assert [row.value for row in rows] == ["577", "1.50"]


@pytest.mark.parametrize("kind", planfields.KINDS)
def test_every_question_answers_what_it_suggests(kind: str):
    typed = {entry.name: entry.start for entry in planfields.KINDS[kind].entries}
    found = answered(kind, **typed)
    assert planviews.figures(kind, found) or planviews.strata_table(found)


@pytest.mark.parametrize(
    ("kind", "typed", "codes"),
    [
        ("size_share", {"p": "half", "margin": ""}, ["PLAN-101", "PLAN-102"]),
        ("size_share", {"p": "0", "margin": "120"}, ["PLAN-103", "PLAN-103"]),
        ("size_index", {"sd": "inf", "margin": "nan"}, ["PLAN-103", "PLAN-103"]),
        ("size_index", {"sd": "20", "margin": "2", "N": "10.5"}, ["PLAN-103"]),
        ("size_index", {"sd": "2", "margin": "2", "deff": "2", "cluster": "5", "rho": "0.1"},
         ["PLAN-104"]),
        ("size_index", {"sd": "20", "margin": "2", "rho": "0.1"}, ["PLAN-105"]),
        ("allocation", {"n": "9", "sizes": "10, 20", "sds": "1"}, ["PLAN-106"]),
        ("size_nps", {"promoters": "60", "detractors": "60", "margin": "5"}, ["PLAN-107"]),
        ("size_change", {"p1": "50", "p2": "50"}, ["PLAN-108"]),
        ("margin_change", {"p1": "5", "p2": "6", "n1": "10", "n2": "9", "n_overlap": "10"},
         ["PLAN-109"]),
    ],
)  # fmt: skip
def test_everything_wrong_is_told_together(kind: str, typed: dict[str, str], codes: list[str]):
    with pytest.raises(ProblemsError) as told:
        planfields.read(planfields.KINDS[kind], typed)
    assert [problem.message.code for problem in told.value.problems] == codes

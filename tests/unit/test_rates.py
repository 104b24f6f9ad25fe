"""Response rates: the standard's identities, cuts, the error of e, and what is refused."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cati import rates as command
from cati.rates import case_rates
from cati.rules.rates import (
    GROUPS,
    Dispositions,
    EligibleShare,
    counted,
    dispositions,
    proportional_share,
    rates,
    rates_by_cut,
    response_rate_error,
)
from foundation.problems import ProblemsError

WORKED = {"I": 420, "P": 30, "R": 310, "NC": 260, "O": 40, "UH": 600, "UO": 140, "NE": 900}
#  by hand, and with the R package outcomerate: six decimals
BY_HAND = {
    "RR1": 0.233333,
    "RR2": 0.250000,
    "RR3": 0.287631,
    "RR4": 0.308176,
    "RR5": 0.396226,
    "RR6": 0.424528,
    "COOP1": 0.525000,
    "COOP2": 0.562500,
    "COOP3": 0.552632,
    "COOP4": 0.592105,
    "REF1": 0.172222,
    "REF2": 0.212299,
    "REF3": 0.292453,
    "CON1": 0.444444,
    "CON2": 0.547869,
    "CON3": 0.754717,
}
#  published in the README of the R package outcomerate: three decimals
OUTCOMERATE = {"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1, "NE": 1}
PUBLISHED = [0.364, 0.545, 0.370, 0.556, 0.444, 0.667, 0.5, 0.75, 0.571, 0.857]
PUBLISHED += [0.091, 0.093, 0.111, 0.727, 0.741, 0.889]

counts = st.builds(
    Dispositions, **{group: st.integers(0, 2000).map(float) for group in GROUPS}
).filter(lambda found: found.eligible > 0 and found.contacted > 0)
shares = st.floats(0, 1).map(lambda e: EligibleShare(e, e))


def test_the_worked_example_comes_out():
    found = case_rates({"dispositions": WORKED})
    assert found == pytest.approx(BY_HAND, abs=5e-7)


def test_the_published_example_comes_out():
    found = case_rates({"dispositions": OUTCOMERATE})
    assert list(found.values()) == pytest.approx(PUBLISHED, abs=5e-4)


@given(counts, shares)
def test_rates_rise_as_the_unknown_are_left_out(found, share):
    got = rates(found, share)
    assert got["RR1"] <= got["RR3"] + 1e-12 <= got["RR5"] + 2e-12
    assert got["RR2"] <= got["RR4"] + 1e-12 <= got["RR6"] + 2e-12


@given(counts, shares)
def test_response_is_contact_times_cooperation(found, share):
    got = rates(found, share)
    assert got["RR1"] == pytest.approx(got["COOP1"] * got["CON1"])
    for response, contact in (("RR2", "CON1"), ("RR4", "CON2"), ("RR6", "CON3")):
        assert got[response] == pytest.approx(got["COOP2"] * got[contact])


@given(counts)
def test_e_of_one_counts_all_unknown_and_e_of_zero_none(found):
    assert rates(found, EligibleShare(1, 1))["RR3"] == rates(found, None)["RR1"]
    assert rates(found, EligibleShare(0, 0))["RR3"] == rates(found, None)["RR5"]


def test_nothing_is_defined_without_cases():
    assert set(case_rates({"dispositions": {}}).values()) == {None}


def test_a_rate_without_a_denominator_is_not_zero():
    found = case_rates({"dispositions": {"NC": 5}})
    assert found["COOP1"] is None
    assert found["RR1"] == 0


def test_e_may_differ_for_the_two_kinds_of_unknown_cases():
    found = case_rates({"dispositions": WORKED, "e": {"UH": 0.5, "UO": 1.0}})
    assert found["RR3"] == pytest.approx(420 / (1060 + 0.5 * 600 + 140))


def test_without_known_cases_the_share_of_the_unknown_is_unknown():
    found = case_rates({"dispositions": {"UH": 10}})
    assert (found["RR1"], found["RR3"]) == (0, None)


def test_rates_by_any_cut_add_up_to_the_whole():
    rows = [("ann", "I", 1.0), ("ann", "R", 1.0), ("bob", "I", 2.0), ("bob", "NC", 1.0)]
    found = rates_by_cut(rows)
    assert found["ann"]["RR5"] == pytest.approx(0.5)
    assert found["bob"]["RR5"] == pytest.approx(2 / 3)
    whole = rates(counted((group, weight) for _, group, weight in rows), None)
    assert whole["RR5"] == pytest.approx(3 / 5)


def test_the_error_of_e_widens_the_rate():
    found = response_rate_error(dispositions(WORKED))
    assert found.rate == pytest.approx(0.287631, abs=5e-7)
    assert found.se > found.se_cases > 0
    assert found.low < found.rate < found.high
    known = response_rate_error(dispositions(WORKED | {"UH": 0, "UO": 0}))
    assert known.se_share == 0
    assert response_rate_error(Dispositions()) is None
    partial = response_rate_error(dispositions(WORKED), with_partials=True)
    assert partial.rate == pytest.approx(0.308176, abs=5e-7)


def test_the_share_is_that_of_the_known_cases():
    assert pytest.approx(1060 / 1960) == proportional_share(dispositions(WORKED)).UH


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"dispositions": {"I": -1}}, "RATE-001"),
        ({"dispositions": {"I": "many"}}, "RATE-001"),
        ({"dispositions": {"I": float("nan")}}, "RATE-001"),
        ({"dispositions": {"NR": 1}}, "RATE-002"),
        ({"dispositions": {"I": 1}, "e": 1.5}, "RATE-003"),
        ({"dispositions": {"I": 1}, "e": "guess"}, "RATE-003"),
        ({}, "RATE-004"),
    ],
)
def test_counts_that_make_no_sense_are_refused(case, code):
    with pytest.raises(ProblemsError, match=code):
        case_rates(case)


def test_the_command_prints_null_where_a_rate_is_undefined(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"cases": [{"id": "a", "dispositions": {"NC": 1}}]}))
    done = CliRunner().invoke(command.rates, [str(path)])
    assert json.loads(done.output)["cases"]["a"]["COOP1"] is None


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_the_command_refuses_a_file_without_counts(tmp_path, text):
    path = tmp_path / "case.json"
    path.write_text(text)
    done = CliRunner().invoke(command.rates, [str(path)])
    assert done.exit_code == 1
    assert "RATE-004" in done.output

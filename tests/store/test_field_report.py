"""The floor reports a wave to the analysis: every released case, the rates, how it was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import sqrt

import pytest

from cati import reporting
from cati.rules.rates import (
    Weighed,
    counted,
    response_rate_error,
    student,
    weighted_rate_error,
)
from foundation import jobs, queue
from foundation.database import Store
from foundation.personal import FieldCipher
from foundation.settings import Settings
from foundation.tables import Job, JobState
from survey import fieldrecords, paradata
from survey.fieldrecords import SampledCase
from tests.store.cati_floor import MONDAY, a_case, a_floor


@pytest.fixture
def made(store: Store, cipher: FieldCipher):
    """Return a floor with a complete, a refused, an untouched and an unreleased case."""
    floor = a_floor(store, cipher)
    for number, stratum in enumerate("nns"):
        a_case(
            floor, f"+8613800000{number:03}", random_number=number / 10, stratum=stratum,
            selection_probability=0.5 if stratum == "n" else 0.1,
        )  # fmt: skip
    a_case(floor, "+8613800000900", random_number=0.9, state="unreleased")
    held = floor.taken(1)
    floor.dial(held.claim)
    interview = floor.begin(held.claim)
    floor.answer(interview, "right", "1", MONDAY + timedelta(seconds=20))
    floor.answer(interview, "q1", "3", MONDAY + timedelta(seconds=50))
    floor.answer(interview, "q2", "4", MONDAY + timedelta(hours=1))
    floor.finish(held.claim, now=MONDAY + timedelta(seconds=55))
    floor.call("hard_refusal")
    return floor


def test_a_report_has_every_released_case_and_replaces_the_one_before(made):
    for _ in range(2):
        with made.store.write() as session:
            assert reporting.report_wave(session, made.wave_id, now=MONDAY) == 3
    with made.store.read() as session:
        cases = fieldrecords.cases(session, made.wave_id)
        report = fieldrecords.report(session, made.wave_id)
    assert [case.outcome for case in cases] == ["I", "R", "UH"]
    assert [case.refused for case in cases] == [False, True, False]
    assert [case.attempts for case in cases] == [1, 1, 0]
    assert report.reported_at == MONDAY
    # One of three is complete; e = 1, since nobody is known not to be eligible.
    assert report.rates["rates"]["RR1"] == pytest.approx(1 / 3)
    # Weights 2, 2 and 10: 2 of 14.
    assert report.rates["weighted"]["rates"]["RR1"] == pytest.approx(2 / 14)
    assert [(case.stratum, case.selection_probability) for case in cases] == [
        ("n", 0.5), ("n", 0.5), ("s", 0.1),
    ]  # fmt: skip


def test_the_report_is_followed_by_the_work_that_waits_for_it(
    made, store: Store, settings: Settings
):
    with store.write() as session:
        params = {"then": "analysis.qualityjobs.assess_quality", "with": {"seed": 7}}
        job = jobs.request(session, "cati.jobs.report_wave", made.wave_id, by=None, params=params)
        job_id = job.id
    queue.perform_in(store, settings, job_id)
    with store.read() as session:
        assert session.get_one(Job, job_id).state == JobState.DONE
        after = jobs.latest(session, "analysis.qualityjobs.assess_quality", made.wave_id)
        assert (after.state, after.params) == (JobState.WAITING, {"seed": 7})
        assert len(fieldrecords.cases(session, made.wave_id)) == 3


def test_how_an_interview_was_held_comes_from_its_events(made):
    with made.store.read() as session:
        (held,) = paradata.held(session, made.wave_id).values()
    # Answers after 20 and 30 more seconds; the hour before the last is a pause, no time.
    assert held.questions == {"right": 20.0, "q1": 30.0}
    assert held.seconds == 50.0
    assert held.interviewer == f"i{made.people[0]}"


def test_the_weighted_rate_with_equal_weights_is_the_plain_one():
    groups = ["I"] * 30 + ["R"] * 50 + ["NC"] * 20 + ["UH"] * 40
    plain = response_rate_error(counted((group, 1.0) for group in groups))
    found = weighted_rate_error([Weighed(group, 4.0) for group in groups])
    n = len(groups)
    assert found.rate == pytest.approx(plain.rate)
    assert found.se_cases == pytest.approx(plain.se_cases * sqrt(n / (n - 1)))
    # By hand: e = 1, RR3 = 30/140, sqrt(p q / 139).
    assert found.se == pytest.approx(sqrt(30 / 140 * 110 / 140 / 139))


def test_the_uncertainty_of_e_widens_the_weighted_rate():
    groups = ["I"] * 30 + ["R"] * 70 + ["UH"] * 100 + ["NE"] * 50
    found = weighted_rate_error([Weighed(group, 1.0) for group in groups])
    e, base = 2 / 3, 100 + 200 / 3
    # By hand: se(e) = sqrt(e (1-e)/149), dR/de = R 100 / base.
    share = sqrt(e * (1 - e) / 149) * (30 / base) * 100 / base
    assert found.se_share == pytest.approx(share)
    assert found.low < found.rate < found.high


UNITS = (  # stratum, unit, weight, groups
    ("n", "1", 2.0, "I I R UH NE"),
    ("n", "2", 3.0, "I R R UH NC"),
    ("n", "3", 2.0, "I I I UH NE"),
    ("s", "1", 5.0, "R NC UH UH I"),
    ("s", "2", 4.0, "I R NE UO I"),
)
ALONE = ("z", "9", 3.0, "I R UH")


def clustered(units) -> list[Weighed]:
    return [
        Weighed(group, weight, stratum, unit)
        for stratum, unit, weight, groups in units
        for group in groups.split()
    ]


@pytest.mark.parametrize(
    ("units", "rate", "se"),
    [
        (UNITS, 0.375980392157, 0.121601825202),
        ((*UNITS, ALONE), 0.371575004928, 0.107704956264),
    ],
)
def test_the_error_over_sampling_units_is_that_of_r(units, rate, se):
    """R 4.2.2, survey 4.1-1: svydesign(~u, strata = ~h, weights = ~w, nest = TRUE), then
    svycontrast(svytotal(~I+E+U+N, .), quote(I/(E+E/(E+N)*U))); survey.lonely.psu = "adjust".
    """
    found = weighted_rate_error(clustered(units))
    assert (found.rate, found.se) == pytest.approx((rate, se), rel=1e-10)
    assert found.units == len(units)


def test_the_part_of_the_cases_is_that_of_r_too_and_limits_are_students():
    """SE(svyratio(~I, ~x, .)) with x = 1, e or 0; t of 5 units less 2 strata is 3.182446."""
    found = weighted_rate_error(clustered(UNITS))
    assert found.se_cases == pytest.approx(0.112873672179, rel=1e-10)
    assert found.high - found.rate == pytest.approx(3.182446 * found.se, rel=2e-3)
    assert found.low == 0


@pytest.mark.parametrize(
    ("df", "point"), [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (20, 2.086), (1000, 1.962)]
)
def test_students_points_are_those_of_the_tables(df, point):
    assert student(df) == pytest.approx(point, abs=0.005)


def test_without_sampling_units_strata_change_nothing():
    rows = clustered(UNITS)
    bare = [Weighed(row.group, row.weight) for row in rows]
    stratified = [Weighed(row.group, row.weight, row.stratum) for row in rows]
    assert weighted_rate_error(stratified) == weighted_rate_error(bare)
    assert weighted_rate_error(bare).units is None
    # Cases that are units by themselves, in one stratum, are what the plain formula counts.
    single = [Weighed(row.group, row.weight, "", str(at)) for at, row in enumerate(rows)]
    assert weighted_rate_error(single).se_cases == pytest.approx(weighted_rate_error(bare).se_cases)


def test_a_case_without_a_unit_counts_as_one_and_a_single_unit_has_no_error():
    rows = clustered(UNITS)
    mixed = [*rows, Weighed("I", 1.0, "s"), Weighed("R", 1.0, "s")]
    assert weighted_rate_error(mixed).units == 7
    assert weighted_rate_error(clustered(UNITS[:1])) is None


def test_the_report_takes_both_errors_over_the_units(store: Store, cipher: FieldCipher):
    floor = a_floor(store, cipher)
    for number in range(12):
        a_case(
            floor, f"+8613800000{number:03}", random_number=number / 20, stratum="n",
            psu=str(number // 3), selection_probability=0.5,
        )  # fmt: skip
    for outcome in ("hard_refusal", "busy", "hard_refusal"):
        floor.call(outcome)
    with store.write() as session:
        reporting.report_wave(session, floor.wave_id, now=MONDAY)
    with store.read() as session:
        cases = fieldrecords.cases(session, floor.wave_id)
        report = fieldrecords.report(session, floor.wave_id)
    assert [case.psu for case in cases] == [str(number // 3) for number in range(12)]
    assert report.rates["error"]["units"] == report.rates["weighted"]["error"]["units"] == 4


def test_alike_cases_of_a_unit_widen_the_error_of_the_rate():
    cases = [
        SampledCase(f"p{unit}-{at}", "I" if unit % 2 else "R", "n", 0.1, psu=str(unit))
        for unit in range(20)
        for at in range(10)
    ]
    found = reporting.rates_of(cases)
    apart = reporting.rates_of([replace(case, psu="") for case in cases])
    assert found["rates"] == apart["rates"]
    # Whole units answer or refuse: 20 draws, not 200. By hand: sqrt(.25 / 19), sqrt(.25 / 200).
    assert found["error"]["se"] == pytest.approx(sqrt(0.25 / 19))
    assert apart["error"]["se"] == pytest.approx(sqrt(0.25 / 200))
    assert found["weighted"]["error"]["se"] == pytest.approx(sqrt(0.25 / 19))

"""The floor reports a wave to the analysis: every released case, the rates, how it was asked."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt

import pytest

from cati import reporting
from cati.rules.rates import Weighed, counted, response_rate_error, weighted_rate_error
from foundation import jobs, queue
from foundation.database import Store
from foundation.personal import FieldCipher
from foundation.settings import Settings
from foundation.tables import Job, JobState
from survey import fieldrecords, paradata
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

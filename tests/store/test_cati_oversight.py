"""What the supervisor looks at, counted on both databases."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.store.tables import Login
from cati import oversight, supervision
from cati.oversight import MatterKind, SeatState
from cati.rules.queue import CaseState, Rank
from cati.store.claims import LEASE
from survey.store.tables import Wave
from tests.store.cati_floor import MONDAY, SHANGHAI, a_case, a_floor

ZONE = ZoneInfo(SHANGHAI)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def figures(made, now=MONDAY):
    with made.store.read() as session:
        return oversight.figures(session, session.get_one(Wave, made.wave_id), now, ZONE)


def kinds(made, now=MONDAY) -> list[MatterKind]:
    with made.store.read() as session:
        wave = session.get_one(Wave, made.wave_id)
        at = supervision.progress(session, made.wave_id)
        return [matter.kind for matter in oversight.matters(session, wave, at, now)]


def seats(made, now=MONDAY, idle=30 * MINUTE):
    with made.store.read() as session:
        wave = session.get_one(Wave, made.wave_id)
        return {seat.name: seat.state for seat in oversight.seats(session, [wave], now, idle)}


def test_the_rates_are_those_of_the_released_sample(store, cipher):
    made = a_floor(store, cipher, cases=4)
    a_case(made, "+8613900000000", state=CaseState.UNRELEASED, rank=int(Rank.NEVER), next_at=None)
    made.call("hard_refusal")
    made.call("not_eligible")
    found = figures(made)
    # R 1, NE 1, two never called (UH): e = 1/2, CON2 = 1/(1 + 2 e) by hand.
    assert found.share is not None
    assert found.share.UH == 0.5
    assert found.rates["RR1"] == 0
    assert found.rates["REF1"] == pytest.approx(1 / 3)
    assert found.rates["CON2"] == pytest.approx(1 / 2)


def test_without_a_released_case_no_rate_is_defined(store, cipher):
    found = figures(a_floor(store, cipher))
    assert set(found.rates.values()) == {None}
    assert (found.share, found.response, found.reached_on) == (None, None, None)


def test_a_case_called_twice_counts_once_where_its_last_call_was(store, cipher):
    made = a_floor(store, cipher)
    for n in range(3):
        a_case(made, f"+861380000000{n}", stratum="A" if n else "B", random_number=n / 10)
    made.call("no_answer", who=0)
    made.call("hard_refusal", who=1)
    # The retry goes before the case that nobody called yet, which stays out of two cuts.
    made.call("hard_refusal", who=2, now=MONDAY + DAY)
    with store.read() as session:
        cuts = oversight.rates_by_cut(session, made.wave_id, ZONE)
    assert [(cut.name, cut.cases) for cut in cuts.by_stratum] == [("A", 2), ("B", 1)]
    called = [(cut.name, cut.cases, cut.counts.R) for cut in cuts.by_interviewer]
    assert called == [("Interviewer 1", 1, 1), ("Interviewer 2", 1, 1)]
    days = [(cut.name, cut.cases) for cut in cuts.by_day]
    assert days == [("2026-11-23", 1), ("2026-11-24", 1)]


def test_any_case_variable_is_a_cut_and_rates_stand_weighted_beside_unweighted(store, cipher):
    made = a_floor(store, cipher)
    for n in range(4):
        a_case(
            made, f"+861380000000{n}", random_number=n / 10, replicate=1 + n % 2,
            selection_probability=0.5 if n else 0.1,
            variables={"branch": "North" if n < 2 else "South", "bank": "one"},
        )  # fmt: skip
    made.call("hard_refusal")
    with store.read() as session:
        cuts = oversight.rates_by_cut(session, made.wave_id, ZONE)
    # What all cases share is no cut.
    assert list(cuts.by_other) == ["replicate", "branch"]
    assert [(cut.name, cut.cases) for cut in cuts.by_other["branch"]] == [
        ("North", 2),
        ("South", 2),
    ]
    north = cuts.by_other["branch"][0]
    # One of two refused: its weight is 10, that of the other 2.
    assert north.rates["REF1"] == 0.5
    assert north.weighted["REF1"] == pytest.approx(10 / 12)


def test_without_selection_probabilities_no_rate_is_weighted(store, cipher):
    made = a_floor(store, cipher, cases=2)
    with store.read() as session:
        cuts = oversight.rates_by_cut(session, made.wave_id, ZONE)
    assert cuts.by_stratum[0].weighted is None


def test_a_call_entered_by_mistake_counts_in_no_cut(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.call("hard_refusal")
    with store.write() as session:
        decision = supervision.Decision(made.people[2], MONDAY, "wrong key")
        supervision.reopen(session, 1, decision, was_mistaken=True)
    with store.read() as session:
        cuts = oversight.rates_by_cut(session, made.wave_id, ZONE)
    assert (cuts.by_interviewer, cuts.by_day) == ([], [])
    assert cuts.by_stratum[0].counts.R == 0


def test_a_day_is_that_of_the_centre(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.rules(hours={"mon": "00:00-24:00", "tue": "00:00-24:00"})
    late = MONDAY + 15 * HOUR  # Tuesday 01:00 in Shanghai, Monday 17:00 in UTC
    made.call("no_answer", now=late)
    with store.read() as session:
        cuts = oversight.rates_by_cut(session, made.wave_id, ZONE)
    assert [cut.name for cut in cuts.by_day] == ["2026-11-24"]


def test_the_seats_tell_call_case_silence_and_who_is_logged_in(store, cipher):
    made = a_floor(store, cipher, cases=4)
    claim = made.taken(0).claim
    made.dial(claim)
    made.taken(1)
    with store.write() as session:
        session.add(Login(person_id=made.people[2], token_hash="t", seen_at=MONDAY))
    assert seats(made) == {
        "Interviewer 0": SeatState.CALL,
        "Interviewer 1": SeatState.CASE,
        "Interviewer 2": SeatState.FREE,
    }
    later = seats(made, MONDAY + LEASE)
    assert set(list(later.values())[:2]) == {SeatState.SILENT}
    assert "Interviewer 2" not in seats(made, MONDAY + HOUR)


def test_who_called_and_went_is_away(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.call("no_answer")
    assert seats(made, MONDAY + HOUR) == {"Interviewer 0": SeatState.AWAY}


def test_what_needs_a_decision_follows_the_sample(store, cipher):
    made = a_floor(store, cipher)
    assert kinds(made) == [MatterKind.NO_SAMPLE]
    waiting = a_case(made, "+8613900000000", state=CaseState.UNRELEASED, rank=int(Rank.NEVER),
                     next_at=None)  # fmt: skip
    assert kinds(made) == [MatterKind.RUN_DRY]
    made.set(waiting, state=CaseState.FRESH, rank=int(Rank.FRESH), next_at=MONDAY)
    assert kinds(made) == []
    made.call("hard_refusal")
    assert kinds(made) == [MatterKind.USED_UP]
    with store.write() as session:
        session.get_one(Wave, made.wave_id).target = 1
    made.set(waiting, outcome="complete")
    assert kinds(made) == [MatterKind.TARGET_REACHED]


def test_an_appointment_being_called_needs_nobody_else(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    made.book(claim, "+1h")
    late = MONDAY + 2 * HOUR
    assert kinds(made, late) == [MatterKind.OVERDUE]
    made.taken(1, late)
    assert kinds(made, late) == []


def test_a_silent_case_is_not_told_again_as_held_too_long(store, cipher):
    made = a_floor(store, cipher, cases=2)
    claim = made.taken().claim
    assert kinds(made, MONDAY + HOUR) == [MatterKind.SILENT]
    made.set(claim.case_id, claim_expires=MONDAY + 2 * HOUR)
    assert kinds(made, MONDAY + HOUR) == [MatterKind.HELD]

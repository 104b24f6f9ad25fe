"""The cases that nonresponse weights need: drawn, eligible, and without a finished interview."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from analysis.requests.weights import WeightingEntry
from analysis.store import sampled, weightings
from analysis.store.tables import WeightingVersion
from cati.rules.queue import CaseState
from cati.store.contacts import Contacts
from cati.store.tables import Case
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from survey.store.tables import Interview, Wave
from tests.desk import a_survey


@pytest.fixture
def wave_id(store: Store, cipher: FieldCipher) -> int:
    """Return a wave of six cases: one not released, one not eligible, one that answered."""
    wave = a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now(), cases=6)
    with store.write() as session:
        cases = session.exec(select(Case).order_by(Case.id)).all()
        cases[0].state = CaseState.UNRELEASED
        cases[1].code = "4.10"
        for case, outcome in ((cases[2], "complete"), (cases[3], "refused")):
            session.add(_interview(session, case, outcome))
    return wave


def _interview(session: Session, case: Case, outcome: str) -> Interview:
    version = session.get_one(Wave, case.wave_id).form_version_id
    return Interview(
        wave_id=case.wave_id, form_version_id=version, respondent=case.pseudonym, outcome=outcome
    )


def test_unreleased_cases_were_not_drawn_and_the_others_say_how_they_stand(
    store: Store, wave_id: int
):
    with store.read() as session:
        rows = sampled.released(session, wave_id)
        names = [case.pseudonym for case in session.exec(select(Case).order_by(Case.id))]
    assert [row.respondent for row in rows] == names[1:]
    told = [row.outcome for row in rows]
    assert told == ["not_eligible", *["unresolved"] * 4]  # nobody has called the others yet
    assert rows[0].values["segment"] == "retail"
    assert set(rows[0].design) == {"stratum", "psu", "selection_probability", "panel_id"}


def test_the_plan_in_force_comes_with_those_who_did_not_answer(store: Store, wave_id: int):
    by_segment = WeightingEntry(classes=("segment",))
    entries = [WeightingEntry(), by_segment, replace(by_segment, eligible=None), None]
    for number, entry in enumerate(entries, start=1):
        stored = entry.to_json() if entry else None
        with store.write() as session:
            session.add(WeightingVersion(wave_id=wave_id, number=number, entry=stored))
        with store.read() as session:
            plan = weightings.plan_in_force(session, wave_id)
            names = [case.pseudonym for case in session.exec(select(Case).order_by(Case.id))]
        if entry is None:
            assert plan is None
        else:
            assert plan.version == number
            assert plan.entry == entry
            silent = names[3:] if entry.classes else []
            asked = [names[1]] if entry.eligible is None else []  # where e is estimated
            assert [row.respondent for row in plan.silent] == [*asked, *silent]

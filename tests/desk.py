"""A survey on the desk: a wave under fieldwork with cases that an interviewer can take."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

from cati import sample
from cati.rules.fieldrules import FieldRules
from cati.rules.hours import CallingHours, Window
from cati.store.contacts import Contacts
from cati.store.fieldwork import set_rules
from foundation.database import Store
from survey import forms, studies
from survey.studies import WavePlan

QUESTIONS = Path(__file__).with_name("desk_form.md")
# Tests run at any hour.
ANY_HOUR = CallingHours((Window(0, 24 * 60),) * 7)
COLUMNS = "id,name,phone,bank_name,segment,branch"


def a_survey(
    store: Store,
    contacts: Contacts,
    source: bytes | None = None,
    *,
    now: datetime,
    cases: int = 3,
    **rules,
) -> int:
    """Publish a questionnaire, open a wave for it, release cases; return the wave's id."""
    with store.write() as session:
        source = QUESTIONS.read_bytes() if source is None else source
        version = forms.publish(session, source, "form.md", by=None, now=now)
        study = studies.create_study(session, "bank", title={"en": "Bank"}, by=None, now=now)
        assert study.id is not None
        plan = WavePlan({"en": "Wave 1"}, form_version_id=version.id)
        wave = studies.add_wave(session, study.id, plan, by=None, now=now)
        assert wave.id is not None
        studies.set_open(session, wave.id, is_open=True, by=None, now=now)
        set_rules(session, wave.id, FieldRules(**{"hours": ANY_HOUR, **rules}))
        rng = random.Random(1)
        sample.import_sample(
            session, contacts, wave.id, _sample_file(cases), "sample.csv",
            by=None, now=now, rng=rng,
        )  # fmt: skip
        sample.release(session, wave.id, [1], by=None, now=now)
        return wave.id


def _sample_file(cases: int) -> bytes:
    rows = [f"C{n},王女士{n},+86138{n:08},Example Bank,retail,North" for n in range(1, cases + 1)]
    return "\n".join([COLUMNS, *rows, ""]).encode()

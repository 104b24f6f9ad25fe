"""Load the demo: a synthetic bank with one finished wave and one that is still being called.

Each wave is written in one transaction, and where the loading stands is read from what is
stored. So a load that was killed goes on with the wave it was at, and one that is finished does
nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from importlib.resources import files

from sqlmodel import Session, col, select

from accounts import audit
from analysis import quality, waves
from cati import sample
from cati.rules.fieldrules import FieldRules
from cati.rules.hours import CallingHours, Window
from cati.store.contacts import Contacts
from cati.store.fieldwork import read_field, set_rules
from demo import records, staff
from demo.callees import callee
from demo.crew import HERE, weeks_before
from demo.fieldwork import Floor, work
from demo.population import Population, draw, make_population
from demo.respondents import respondents
from demo.sample import sample_file
from demo.truth import SEED
from demo.words import STUDY_TITLE, WAVE_TITLE
from foundation.database import Store
from foundation.personal import FieldCipher
from foundation.settings import Settings
from survey import forms, studies
from survey.store.tables import Study, Wave

KEY = "example-bank"
FORM = "bank-csi.md"
WEEKS = 2
BETWEEN_WAVES = timedelta(days=84)
TARGETS = {1: 400, 2: 450}
OPEN_WAVE = max(TARGETS)
REPLICATES = 10
KEY_QUESTIONS = ("sat_overall", "sat_expected", "sat_ideal")
RULES = FieldRules(key_questions=KEY_QUESTIONS)
# The open wave may be called at any hour: nobody can be disturbed, for no number has a subscriber.
ANY_HOUR = CallingHours((Window(0, 24 * 60),) * 7)
OPEN_RULES = FieldRules(key_questions=KEY_QUESTIONS, hours=ANY_HOUR)

Keep = Callable[[dict[str, str]], None]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What every step of one load needs."""

    contacts: Contacts
    people: Population
    now: datetime


def load(
    store: Store,
    settings: Settings,
    cipher: FieldCipher,
    *,
    now: datetime,
    keep: Keep,
    say: Say,
) -> None:
    """Load the demo, or go on loading it where it stopped.

    `keep` receives the logins with their passwords before they are committed, `say` a line of
    progress for every wave.
    """
    with store.read() as session:
        if _is_loaded(session):
            return
    contacts = Contacts(cipher, settings.country, settings.zone)
    demo = Demo(contacts, make_population(), now)
    with store.write() as session:
        _begin(session, now, keep)
    for number in TARGETS:
        with store.write() as session:
            if number not in _stored_waves(session):
                say(f"Loading the synthetic bank, wave {number} of {len(TARGETS)} ...")
                _add_wave(session, demo, number)


def _stored_waves(session: Session) -> dict[int, Wave]:
    query = (
        select(Wave)
        .join(Study, col(Study.id) == col(Wave.study_id))
        .where(Study.key == KEY, col(Wave.number).in_(TARGETS))
    )
    return {wave.number: wave for wave in session.exec(query)}


def _is_loaded(session: Session) -> bool:
    return _stored_waves(session).keys() == TARGETS.keys()


def _begin(session: Session, now: datetime, keep: Keep) -> None:
    """Make the people and the study, once."""
    if studies.by_key(session, KEY) is not None:
        return
    keep(staff.hire(session, now))
    by = staff.researcher(session)
    studies.create_study(session, KEY, title=STUDY_TITLE, synthetic=True, by=by, now=now)


def _add_wave(session: Session, demo: Demo, number: int) -> None:
    """Make a wave with its sample and its fieldwork, and ask for its estimate and its quality."""
    study, by, now = studies.by_key(session, KEY), staff.researcher(session), demo.now
    assert study is not None and study.id is not None  # noqa: S101, PT018 - made by _begin
    source = files("survey").joinpath("library", FORM).read_bytes()
    version = forms.publish(session, source, FORM, by=by, now=now)
    days = _days(number, now)
    wave = studies.add_wave(session, study.id, _plan(number, days, version.id), by=by, now=now)
    assert wave.id is not None and version.id is not None  # noqa: S101, PT018 - stored
    studies.set_open(session, wave.id, is_open=number == OPEN_WAVE, by=by, now=now)
    set_rules(session, wave.id, RULES)
    _import_sample(session, demo, number, wave.id)
    worked = range(1, REPLICATES if number == OPEN_WAVE else REPLICATES + 1)
    sample.release(session, wave.id, worked, by=by, now=_morning(days[0]))
    _fieldwork(session, demo, wave, version.id, days)
    if number == OPEN_WAVE:
        # The last replicate waits for those who try the demo, whatever the time of day.
        set_rules(session, wave.id, OPEN_RULES)
        sample.release(session, wave.id, [REPLICATES], by=by, now=now)
    waves.request_estimate(session, wave.id, by=by)
    quality.request(session, wave, by=by)


def _plan(number: int, days: list[date], form_version_id: int | None) -> studies.WavePlan:
    title = {language: text % number for language, text in WAVE_TITLE.items()}
    ends_on = None if number == OPEN_WAVE else days[-1]
    return studies.WavePlan(title, form_version_id, days[0], ends_on, TARGETS[number])


def _days(number: int, now: datetime) -> list[date]:
    today = now.astimezone(HERE).date()
    return weeks_before(today - (OPEN_WAVE - number) * BETWEEN_WAVES, WEEKS)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=HERE)


def _import_sample(session: Session, demo: Demo, number: int, wave_id: int) -> None:
    earlier: frozenset[int] = frozenset()
    for wave in range(1, number + 1):
        drawn = draw(demo.people, wave, but=earlier)
        earlier |= {one.number for one in drawn}
    sample.import_sample(
        session,
        demo.contacts,
        wave_id,
        sample_file(demo.people, drawn),
        f"example-bank-wave-{number}.csv",
        options=sample.ImportOptions(replicates=REPLICATES),
        by=staff.researcher(session),
        now=demo.now,
        rng=random.Random(f"{SEED}-{number}"),  # noqa: S311 - a simulation, not a secret
    )


def _fieldwork(
    session: Session, demo: Demo, wave: Wave, form_version_id: int, days: list[date]
) -> None:
    """Simulate the fieldwork of a wave on its released cases, and store it."""
    assert wave.id is not None  # noqa: S101 - stored
    form = forms.read(session, form_version_id)
    floor = Floor(
        form,
        RULES,
        staff.interviewers(session),
        read_field(session, wave.id).end(HERE),
        respondents(demo.people, wave.number),
        partial(callee, wave=wave.number),
    )
    cases = records.released_cases(session, demo.contacts, wave.id, form)
    work(floor, cases, days)
    records.store(session, demo.contacts, cases, wave_id=wave.id, form_version_id=form_version_id)
    detail: dict[str, object] = {"calls": sum(len(case.calls) for case in cases)}
    audit.record(
        session, "demo.fieldwork", f"wave {wave.id}",
        by=staff.researcher(session), at=demo.now, detail=detail,
    )  # fmt: skip

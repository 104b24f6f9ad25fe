"""Load the demo: a synthetic bank with one finished wave and one that is still being called.

Everything is written in transactions of one simulated day, and where the loading stands is read
from what is stored. So a load that was killed goes on where it stopped, and one that is finished
does nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from importlib.resources import files
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from analysis import waves
from cati import sample
from cati.rules.fieldrules import FieldRules
from cati.rules.hours import CallingHours, Window
from cati.store.contacts import Contacts
from cati.store.fieldwork import set_rules
from cati.store.tables import Call, Case
from demo import staff
from demo.callees import callee
from demo.fieldwork import COMPLETE, Floor, work_day
from demo.population import ZONE, Population, draw, make_population
from demo.respondents import respondents
from demo.sample import sample_file
from demo.truth import SEED
from demo.words import STUDY_TITLE, WAVE_TITLE
from foundation import jobs
from foundation.database import Store
from foundation.personal import FieldCipher
from foundation.settings import Settings
from survey import forms, responses, studies
from survey.store.tables import Study, Wave

KEY = "example-bank"
FORM = "bank-csi.md"
DAYS = 12
BETWEEN_WAVES = timedelta(days=84)
COMPLETES = 400
TARGETS = {1: COMPLETES, 2: 480}
REPLICATES = 10
KEY_QUESTIONS = ("sat_overall", "sat_expected", "sat_ideal")
SUNDAY = 6
RULES = FieldRules(key_questions=KEY_QUESTIONS)
# The open wave may be called at any hour: nobody can be disturbed, for no number has a subscriber.
ANY_HOUR = CallingHours((Window(0, 24 * 60),) * 7)
OPEN_RULES = FieldRules(key_questions=KEY_QUESTIONS, hours=ANY_HOUR)

Keep = Callable[[dict[str, str]], None]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loading:
    """One run of the loader, and what it needs everywhere."""

    store: Store
    contacts: Contacts
    people: Population
    now: datetime
    say: Say


def load(
    store: Store,
    settings: Settings,
    cipher: FieldCipher,
    *,
    now: datetime,
    keep: Keep,
    say: Say,
    completes: int = COMPLETES,
) -> None:
    """Load the demo, or go on loading it, up to `completes` interviews in each wave.

    `keep` receives the logins with their passwords before they are committed, `say` a line of
    progress for every simulated day.
    """
    with store.read() as session:
        if _is_loaded(session):
            return
    contacts = Contacts(cipher, settings.country, settings.zone)
    loading = Loading(store, contacts, make_population(), now, say)
    with store.write() as session:
        _begin(session, now, keep)
    for number in TARGETS:
        with store.write() as session:
            wave_id = _wave(session, loading, number)
        _fieldwork(loading, number, wave_id, completes)
    with store.write() as session:
        _finish(session, now)


def _stored_waves(session: Session) -> dict[int, Wave]:
    query = (
        select(Wave)
        .join(Study, col(Study.id) == col(Wave.study_id))
        .where(Study.key == KEY, col(Wave.number).in_(TARGETS))
    )
    return {wave.number: wave for wave in session.exec(query)}


def _is_loaded(session: Session) -> bool:
    stored = _stored_waves(session)
    ids = [wave.id for wave in stored.values() if wave.id is not None]
    return len(ids) == len(TARGETS) and all(jobs.latest(session, waves.TASK, i) for i in ids)


def _begin(session: Session, now: datetime, keep: Keep) -> None:
    """Make the people, the questionnaire and the study, once."""
    if studies.by_key(session, KEY) is not None:
        return
    keep(staff.hire(session, now))
    by = staff.researcher(session)
    studies.create_study(session, KEY, title=STUDY_TITLE, synthetic=True, by=by, now=now)


def _wave(session: Session, loading: Loading, number: int) -> int:
    """Return the id of a wave; make it with its sample, released, when it is not there."""
    stored = _stored_waves(session).get(number)
    if stored is not None and stored.id is not None:
        return stored.id
    study, by, now = studies.by_key(session, KEY), staff.researcher(session), loading.now
    assert study is not None and study.id is not None  # noqa: S101, PT018 - made by _begin
    plan = _plan(number, days := _days(number, now), _form(session, now))
    wave = studies.add_wave(session, study.id, plan, by=by, now=now)
    assert wave.id is not None  # noqa: S101 - stored
    studies.set_open(session, wave.id, is_open=True, by=by, now=now)
    set_rules(session, wave.id, RULES)
    _import_sample(session, loading, number, wave.id)
    start = datetime.combine(days[0], datetime.min.time(), tzinfo=ZoneInfo(ZONE))
    # The last replicate of the open wave waits for those who try the demo.
    worked = REPLICATES if number < len(TARGETS) else REPLICATES - 1
    sample.release(session, wave.id, range(1, worked + 1), by=by, now=start)
    return wave.id


def _form(session: Session, now: datetime) -> int | None:
    source = files("survey").joinpath("library", FORM).read_bytes()
    return forms.publish(session, source, FORM, by=staff.researcher(session), now=now).id


def _plan(number: int, days: list[date], form_version_id: int | None) -> studies.WavePlan:
    title = {language: text % number for language, text in WAVE_TITLE.items()}
    ends_on = days[-1] if number < len(TARGETS) else None
    return studies.WavePlan(title, form_version_id, days[0], ends_on, TARGETS[number])


def _import_sample(session: Session, loading: Loading, number: int, wave_id: int) -> None:
    earlier: frozenset[int] = frozenset()
    for wave in range(1, number + 1):
        drawn = draw(loading.people, wave, but=earlier)
        earlier |= {one.number for one in drawn}
    sample.import_sample(
        session,
        loading.contacts,
        wave_id,
        sample_file(loading.people, drawn),
        f"example-bank-wave-{number}.csv",
        options=sample.ImportOptions(replicates=REPLICATES),
        by=staff.researcher(session),
        now=loading.now,
        rng=random.Random(f"{SEED}-{number}"),  # noqa: S311 - a simulation, not a secret
    )


def _days(number: int, now: datetime) -> list[date]:
    """Return the working days of a wave; those of the last one end yesterday."""
    last = now.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    last -= (len(TARGETS) - number) * BETWEEN_WAVES
    back = [last - timedelta(days=n) for n in range(2 * DAYS)]
    return sorted([day for day in back if day.weekday() != SUNDAY][:DAYS])


def _fieldwork(loading: Loading, number: int, wave_id: int, completes: int) -> None:
    """Simulate the days of a wave that are not stored yet, each in one transaction."""
    with loading.store.read() as session:
        wave = session.get_one(Wave, wave_id)
        site = Floor(
            loading.contacts,
            wave_id,
            staff.interviewers(session),
            respondents(loading.people, number),
            partial(callee, wave=number),
        )
        last = _last_day(session, wave_id)
    days = _days(number, loading.now) if wave.starts_on is None else _days_from(wave.starts_on)
    for place, day in enumerate(days, 1):
        if last is not None and day <= last:
            continue
        with loading.store.write() as session:
            done = responses.count_outcomes(session, wave_id).get(COMPLETE, 0)
            done += work_day(session, site, day, wanted=completes - done)
        loading.say(f"Demo, wave {number}: day {place} of {DAYS}, {done} interviews")


def _days_from(first: date) -> list[date]:
    ahead = [first + timedelta(days=n) for n in range(2 * DAYS)]
    return [day for day in ahead if day.weekday() != SUNDAY][:DAYS]


def _last_day(session: Session, wave_id: int) -> date | None:
    query = select(func.max(Call.started_at)).join(Case, col(Case.id) == col(Call.case_id))
    newest = session.exec(query.where(Case.wave_id == wave_id)).one()
    return newest.astimezone(ZoneInfo(ZONE)).date() if newest else None


def _finish(session: Session, now: datetime) -> None:
    """Close the finished wave, open the other one to everybody, ask for both estimates."""
    by = staff.researcher(session)
    for number, wave in sorted(_stored_waves(session).items()):
        assert wave.id is not None  # noqa: S101 - stored
        if number < len(TARGETS):
            studies.set_open(session, wave.id, is_open=False, by=by, now=now)
        else:
            set_rules(session, wave.id, OPEN_RULES)
            sample.release(session, wave.id, [REPLICATES], by=by, now=now)
        waves.request_estimate(session, wave.id, by=by)

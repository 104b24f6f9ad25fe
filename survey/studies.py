"""Studies and their waves: make them, choose the questionnaire, open and close."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from accounts import audit
from foundation.problems import Place, Problem, ProblemsError
from survey import messages
from survey.store.tables import DataRow, FormVersion, Interview, Study, Wave, WaveSource

KEY = re.compile(r"[a-z][a-z0-9-]{0,63}")
LONGEST_TITLE = 200
LARGEST_TARGET = 1_000_000
COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class WavePlan:
    """What is decided about a wave: title by language, questionnaire, dates and target.

    target   completes wanted; 0 when there is none
    """

    title: Mapping[str, str]
    form_version_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    target: int = 0


@dataclass(frozen=True, slots=True)
class WaveCount:
    """A wave with its number of completes (rows, when it was imported)."""

    wave: Wave
    completes: int


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One line of the list of studies; waves from the first to the last."""

    study: Study
    waves: tuple[WaveCount, ...]


def create_study(
    session: Session,
    key: str,
    *,
    title: Mapping[str, str],
    synthetic: bool = False,
    by: int | None,
    now: datetime,
) -> Study:
    """Add a study; raises ProblemsError with everything wrong about its name and title."""
    key, title = key.strip(), _tidy(title)
    problems = [*_key_problems(session, key), *_title_problems(title)]
    if problems:
        raise ProblemsError(problems)
    study = Study(key=key, title=title, synthetic=synthetic, created_at=now)
    session.add(study)
    session.flush()
    audit.record(session, "create study", f"study {study.id}", by=by, at=now)
    return study


def by_key(session: Session, key: str) -> Study | None:
    """Return the study of a short name."""
    return session.exec(select(Study).where(Study.key == key)).first()


def study(session: Session, study_id: int) -> Study | None:
    """Return one study."""
    return session.get(Study, study_id)


def wave(session: Session, wave_id: int) -> Wave | None:
    """Return one wave."""
    return session.get(Wave, wave_id)


def overview(session: Session) -> list[StudyLine]:
    """Return every study with its waves, the newest study first."""
    studies = session.exec(select(Study).order_by(col(Study.id).desc())).all()
    waves = session.exec(select(Wave).order_by(col(Wave.number))).all()
    completes = _completes(session)
    counted = [WaveCount(wave, completes.get(wave.id, 0)) for wave in waves]
    return [
        StudyLine(study, tuple(c for c in counted if c.wave.study_id == study.id))
        for study in studies
    ]


def line(session: Session, study_id: int) -> StudyLine | None:
    """Return one study with its waves."""
    return next((line for line in overview(session) if line.study.id == study_id), None)


def plan_of(wave: Wave) -> WavePlan:
    """Return what is decided about a wave."""
    return WavePlan(wave.title, wave.form_version_id, wave.starts_on, wave.ends_on, wave.target)


def add_wave(
    session: Session, study_id: int, plan: WavePlan, *, by: int | None, now: datetime
) -> Wave:
    """Add the next wave of a study, closed until it is opened.

    Raises ProblemsError with everything wrong about the plan.
    """
    plan = _checked(session, plan)
    wave = Wave(
        study_id=study_id, number=_next_number(session, study_id), title=dict(plan.title),
        form_version_id=plan.form_version_id, starts_on=plan.starts_on, ends_on=plan.ends_on,
        target=plan.target, is_open=False, created_at=now,
    )  # fmt: skip
    return _stored(session, wave, by, now)


def add_imported_wave(
    session: Session,
    study_id: int,
    *,
    title: Mapping[str, str],
    origin: str,
    model: Mapping[str, object] | None,
    by: int | None,
    now: datetime,
) -> Wave:
    """Add a wave whose answers come from a file; `survey.responses.store_rows` fills it."""
    plan = _checked(session, WavePlan(title))
    wave = Wave(
        study_id=study_id, number=_next_number(session, study_id), title=dict(plan.title),
        source=WaveSource.IMPORT, model=dict(model) if model else None, is_open=False,
        origin=origin[-255:], created_at=now,
    )  # fmt: skip
    return _stored(session, wave, by, now)


def change_wave(
    session: Session, wave_id: int, plan: WavePlan, *, by: int | None, now: datetime
) -> None:
    """Change what is decided about a wave.

    Raises ProblemsError with everything wrong about the plan; the questionnaire cannot change
    once interviews were opened with it and the new one is of another form.
    """
    wave = session.get_one(Wave, wave_id)
    plan = _checked(session, plan, wave)
    wave.title, wave.target = dict(plan.title), plan.target
    wave.form_version_id = plan.form_version_id
    wave.starts_on, wave.ends_on = plan.starts_on, plan.ends_on
    audit.record(session, "change wave", f"wave {wave_id}", by=by, at=now)


def set_open(
    session: Session, wave_id: int, *, is_open: bool, by: int | None, now: datetime
) -> None:
    """Open a wave for interviews, or close it; one without a questionnaire cannot be opened."""
    wave = session.get_one(Wave, wave_id)
    if is_open and wave.form_version_id is None:
        raise ProblemsError([messages.NO_WAVE_FORM.at(Place())])
    wave.is_open = is_open
    action = "open wave" if is_open else "close wave"
    audit.record(session, action, f"wave {wave_id}", by=by, at=now)


def _stored(session: Session, wave: Wave, by: int | None, now: datetime) -> Wave:
    session.add(wave)
    session.flush()
    audit.record(session, "create wave", f"wave {wave.id}", by=by, at=now)
    return wave


def _next_number(session: Session, study_id: int) -> int:
    last = session.exec(select(func.max(Wave.number)).where(Wave.study_id == study_id)).one()
    return (last or 0) + 1


def _completes(session: Session) -> dict[int | None, int]:
    interviews = (
        select(Interview.wave_id, func.count())
        .where(Interview.outcome == COMPLETE)
        .group_by(col(Interview.wave_id))
    )
    rows = select(DataRow.wave_id, func.count()).group_by(col(DataRow.wave_id))
    return {**dict(session.exec(interviews).all()), **dict(session.exec(rows).all())}


def _tidy(title: Mapping[str, str]) -> dict[str, str]:
    return {code: text.strip() for code, text in title.items() if text.strip()}


def _key_problems(session: Session, key: str) -> list[Problem]:
    if not KEY.fullmatch(key):
        return [messages.BAD_KEY.at(Place(), key=key)]
    if by_key(session, key) is not None:
        return [messages.KEY_TAKEN.at(Place(), key=key)]
    return []


def _title_problems(title: Mapping[str, str]) -> list[Problem]:
    if not title:
        return [messages.NO_TITLE.at(Place())]
    if any(len(text) > LONGEST_TITLE for text in title.values()):
        return [messages.LONG_TITLE.at(Place(), most=LONGEST_TITLE)]
    return []


def _checked(session: Session, plan: WavePlan, wave: Wave | None = None) -> WavePlan:
    plan = replace(plan, title=_tidy(plan.title))
    problems = _title_problems(plan.title)
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        problems.append(messages.ENDS_BEFORE_START.at(Place()))
    if not 0 <= plan.target <= LARGEST_TARGET:
        problems.append(messages.BAD_TARGET.at(Place(), most=LARGEST_TARGET))
    problems += _form_problems(session, plan.form_version_id, wave)
    if problems:
        raise ProblemsError(problems)
    return plan


def _form_problems(
    session: Session, form_version_id: int | None, wave: Wave | None
) -> list[Problem]:
    form = session.get(FormVersion, form_version_id) if form_version_id is not None else None
    if form is None and form_version_id is not None:
        return [messages.NO_SUCH_FORM.at(Place())]
    used = _form_in_use(session, wave)
    if used is not None and (form is None or form.form_id != used):
        return [messages.FORM_IN_USE.at(Place(), form_id=used)]
    if wave is not None and wave.is_open and form is None:
        return [messages.NO_WAVE_FORM.at(Place())]
    return []


def _form_in_use(session: Session, wave: Wave | None) -> str | None:
    if wave is None:
        return None
    query = (
        select(FormVersion.form_id)
        .join(Interview, col(Interview.form_version_id) == FormVersion.id)
        .where(Interview.wave_id == wave.id)
        .limit(1)
    )
    return session.exec(query).first()

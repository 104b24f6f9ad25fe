"""Responses: the response table of a wave, from interviews or from an imported file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from accounts import audit
from survey import forms
from survey.formats.table import CellStatus, ResponseRow, ResponseTable, Variable, variable
from survey.interview.routing import Route, route
from survey.interview.state import Event, JsonValue, State, fold
from survey.language.model import Form, Question, QuestionKind
from survey.store import responses as stored
from survey.store.tables import DataRow, Interview, Wave, WaveSource

COMPLETE = "complete"


def table(
    session: Session, wave_id: int, *, start: int = 0, limit: int | None = None
) -> ResponseTable:
    """Return the response table of a wave, or the rows of one page of it.

    Only answers on the path count, as the path was at the interview's last event. Raises
    LookupError when there is no such wave.
    """
    wave = session.get(Wave, wave_id)
    if wave is None:
        raise LookupError(wave_id)
    if wave.source == WaveSource.IMPORT:
        return _imported(session, wave_id, start, limit)
    return _interviewed(session, wave, start, limit)


def count_outcomes(session: Session, wave_id: int) -> dict[str | None, int]:
    """Return how many respondents ended in which outcome; None counts interviews still open.

    Every row of an imported wave counts as complete.
    """
    found = stored.count_outcomes(session, wave_id)
    imported = stored.count_data_rows(session, wave_id)
    return {COMPLETE: imported} if imported and not found else found


def completed_at(session: Session, wave_id: int) -> list[datetime]:
    """Return when each complete interview of a wave ended."""
    return stored.completed_at(session, wave_id, COMPLETE)


def store_rows(session: Session, wave_id: int, rows: Iterable[Mapping[str, JsonValue]]) -> int:
    """Store the rows of an imported wave as they stand in the file; return how many.

    The columns are the keys, in their order; None is an empty cell.
    """
    numbered = [
        DataRow(wave_id=wave_id, number=number, answers=dict(row))
        for number, row in enumerate(rows, start=1)
    ]
    session.add_all(numbered)
    session.flush()
    return len(numbered)


def note_export(
    session: Session, wave_id: int, *, kind: str, rows: int, by: int | None, now: datetime
) -> None:
    """Write into the audit trail that the answers of a wave were taken out as a file."""
    detail: dict[str, object] = {"kind": kind, "rows": rows}
    audit.record(session, "export responses", f"wave {wave_id}", by=by, at=now, detail=detail)


def _interviewed(session: Session, wave: Wave, start: int, limit: int | None) -> ResponseTable:
    assert wave.id is not None  # noqa: S101 - a stored wave
    interviews = stored.interviews(session, wave.id, start=start, limit=limit)
    events = stored.events_of(session, [i.id for i in interviews if i.id is not None])
    versions = {i.form_version_id for i in interviews}
    if wave.form_version_id is not None:
        versions.add(wave.form_version_id)
    read = {version: forms.read(session, version) for version in sorted(versions)}
    variables = _variables(read.values())
    names = tuple(v.name for v in variables)
    rows = tuple(
        _row(read[i.form_version_id], i, events[i.id], names)
        for i in interviews
        if i.id is not None
    )
    return ResponseTable(wave.id, WaveSource.INTERVIEWS.value, variables, rows)


def _variables(read: Iterable[Form]) -> tuple[Variable, ...]:
    # When the questionnaire changed during a wave, the newest version describes a question.
    found: dict[str, Variable] = {}
    for form in read:
        for question in form.questions:
            if question.kind != QuestionKind.NOTE and not question.is_personal:
                found[question.name] = variable(form, question)
    return tuple(found.values())


def _row(
    form: Form, interview: Interview, events: Sequence[Event], names: Sequence[str]
) -> ResponseRow:
    state = fold(events)
    at = datetime.fromisoformat(state.last_at) if state.last_at else interview.opened_at
    walked = route(form, state, now=at)
    later = _not_reached(form, walked)
    cells = {name: _cell(form.by_name.get(name), state, walked, later) for name in names}
    return ResponseRow(
        interview.respondent,
        interview.outcome,
        {name: value for name, (status, value) in cells.items() if status == CellStatus.ANSWERED},
        {name: status.value for name, (status, _) in cells.items()},
        interview.design or {},
        interview.opened_at,
        interview.closed_at,
    )


def _not_reached(form: Form, walked: Route) -> frozenset[str]:
    # Whether a later question would have been asked is unknown: its condition may wait for
    # answers that were never given.
    if walked.next is None:
        return frozenset()
    names = [question.name for question in form.questions]
    return frozenset(names[names.index(walked.next.name) :])


def _cell(
    question: Question | None, state: State, walked: Route, later: frozenset[str]
) -> tuple[CellStatus, JsonValue]:
    if question is None:
        return CellStatus.OFF_PATH, None
    if question.kind == QuestionKind.HIDDEN:
        return _given(state.variables.get(question.name))
    if question.name in walked.calculated:
        return _given(walked.calculated[question.name])
    answer = walked.answers.get(question.name)
    if answer is not None:
        return CellStatus(answer.status.value), answer.value
    missing = CellStatus.NOT_REACHED if question.name in later else CellStatus.OFF_PATH
    return missing, None


def _given(value: object) -> tuple[CellStatus, JsonValue]:
    if value is None or value == "":
        return CellStatus.BLANK, None
    if isinstance(value, str | int | float | bool):
        return CellStatus.ANSWERED, value
    if isinstance(value, tuple | list):
        return CellStatus.ANSWERED, [str(part) for part in value]
    return CellStatus.ANSWERED, str(value)


def _imported(session: Session, wave_id: int, start: int, limit: int | None) -> ResponseTable:
    # Every row is looked at, so that a page tells the same kinds of columns as the whole.
    rows = stored.data_rows(session, wave_id)
    names = tuple(dict.fromkeys(name for row in rows for name in row.answers))
    variables = tuple(
        Variable(name, _kind(row.answers.get(name) for row in rows)) for name in names
    )
    end = None if limit is None else start + limit
    return ResponseTable(
        wave_id,
        WaveSource.IMPORT.value,
        variables,
        tuple(_imported_row(row, names) for row in rows[start:end]),
    )


def _imported_row(row: DataRow, names: Sequence[str]) -> ResponseRow:
    cells = {name: _given(row.answers.get(name)) for name in names}
    return ResponseRow(
        str(row.number),
        COMPLETE,
        {name: value for name, (status, value) in cells.items() if status == CellStatus.ANSWERED},
        {name: status.value for name, (status, _) in cells.items()},
    )


def _kind(values: Iterable[object]) -> QuestionKind:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return QuestionKind.INTEGER
    return QuestionKind.DECIMAL if kinds and kinds <= {int, float} else QuestionKind.TEXT

"""Answers collected elsewhere: a data file and a model file become a wave of a study."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from analysis import waves
from analysis.files.data import read_data
from analysis.files.tables import PAGE, opened, parsed, records
from analysis.model.specify import Model, model_from_json
from analysis.wavefit import messages
from analysis.wavefit.sample import FEWEST
from analysis.wavefit.specification import require_scales
from foundation.problems import Place, Problem, ProblemsError
from survey import responses, studies

if TYPE_CHECKING:
    from sqlmodel import Session

    from analysis.files.tables import Limits, Table
    from foundation.tables import Job
    from survey.interview.state import JsonValue
    from survey.store.tables import Study, Wave

    Row = dict[str, JsonValue]


@dataclass(frozen=True)
class Outside:
    """A data file that was checked against its model file; each row as the file has it."""

    filename: str
    rows: tuple[Row, ...]
    model: Model


def checked(
    data: bytes, filename: str, model: bytes, model_filename: str, *, limits: Limits = PAGE
) -> Outside:
    """Return what two files say; ProblemsError lists every problem of both, with its place."""
    problems: list[Problem] = []
    read: Model | None = None
    try:
        read = model_from_json(model, model_filename)
        require_scales(read)
    except ProblemsError as error:
        problems += (_in_file(problem, model_filename) for problem in error.problems)
    try:
        _check_data(data, filename, read, limits)
    except ProblemsError as error:
        problems += error.problems
    if problems or read is None:
        raise ProblemsError(problems)
    return Outside(filename, tuple(_rows(opened(data, filename, limits), read)), read)


def add(
    session: Session,
    outside: Outside,
    *,
    key: str,
    title: Mapping[str, str],
    wave_title: Mapping[str, str],
    by: int | None,
    now: datetime,
) -> tuple[Wave, Job]:
    """Store a checked file as the next wave of a study, and ask a worker for its index.

    The study of this short name is made when there is none, with `title`. An empty title is
    the file's name. Raises ProblemsError, and stores nothing, when name or titles cannot be used.
    """
    name = PurePath(outside.filename).stem
    key = key.strip() or key_from(name)
    there = studies.by_key(session, key)
    study = there or _study(session, key, _or_name(title, name), by, now)
    assert study.id is not None  # noqa: S101 - stored
    wave = studies.add_imported_wave(
        session,
        study.id,
        title=_or_name(wave_title, name),
        origin=outside.filename,
        model=outside.model.to_json(),
        by=by,
        now=now,
    )
    assert wave.id is not None  # noqa: S101 - stored
    responses.store_rows(session, wave.id, outside.rows)
    return wave, waves.request_estimate(session, wave.id, by=by)


def key_from(name: str) -> str:
    """Return the short name of a study from the name of a file.

    >>> key_from("Bank survey 2026"), key_from("2026")
    ('bank-survey-2026', 'study-2026')
    """
    key = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:50]
    return key if key[:1].isalpha() else f"study-{key}".rstrip("-")


def _study(
    session: Session, key: str, title: Mapping[str, str], by: int | None, now: datetime
) -> Study:
    return studies.create_study(session, key, title=title, by=by, now=now)


def _or_name(title: Mapping[str, str], name: str) -> dict[str, str]:
    given = {code: text for code, text in title.items() if text.strip()}
    return given or {"en": name}


def _in_file(problem: Problem, filename: str) -> Problem:
    if problem.place.file:
        return problem
    return Problem(problem.message, Place(filename, item=problem.place.item), problem.values)


def _check_data(data: bytes, filename: str, model: Model | None, limits: Limits) -> None:
    """Raise every problem of a data file; without a model, what can be told without one."""
    if model is None:
        opened(data, filename, limits)
        return
    read = read_data(data, model, filename=filename, pandas=False, limits=limits)
    if len(read.values) < FEWEST:
        few = messages.TOO_FEW_COMPLETES
        raise ProblemsError([few.at(Place(filename), found=len(read.values), needed=FEWEST)])


def _rows(table: Table, model: Model) -> Iterator[Row]:
    items = set(model.indicators)
    for _number, cells in records(table):
        padded = cells or [""] * len(table.heading)
        named = zip(table.heading, padded, strict=True)
        yield {
            name: _number_in(cell) if name in items else _as_written(cell)
            for name, cell in named
            if name
        }


def _number_in(cell: str) -> int | float | None:
    value = parsed(cell)
    if value is None or math.isnan(value):
        return None
    return int(value) if value.is_integer() else value


def _as_written(cell: str) -> int | str | None:
    """Return what stands in a cell: a whole number when it is written as one, else the text.

    >>> _as_written("12"), _as_written("007"), _as_written(" ")
    (12, '007', None)
    """
    text = cell.strip()
    if not text:
        return None
    is_whole = text.isascii() and text.isdigit() and str(int(text[:18])) == text
    return int(text) if is_whole else text

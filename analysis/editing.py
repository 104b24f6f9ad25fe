"""The model of a wave, edited: what it may be made of, what is wrong with it, its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from accounts import audit
from analysis.library import shipped, shipped_names
from analysis.model import messages
from analysis.model.specify import Model, model_from_json
from analysis.store import findings as stored
from analysis.store.tables import ModelVersion
from analysis.wavefit.messages import ITEM_NOT_ASKED, NO_SCALES
from analysis.wavefit.specification import group_labels, model_of
from foundation.problems import Place, Problem, ProblemsError, nearest
from survey import forms, responses, studies
from survey.language.model import Form, QuestionKind, Texts
from survey.store.tables import Study, Wave

COMPLETE = "complete"
LOOKED_AT = 200
CASES_PER_TERM = 10
NUMBERS = {QuestionKind.INTEGER, QuestionKind.DECIMAL}
FORM, IMPORTED = "form", "import"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A question that may measure a construct; points are the ends of its scale, if it has one."""

    name: str
    label: Texts
    points: tuple[float, float] | None = None
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything the editor needs.

    in_force   the model by which the wave is computed, as JSON
    is_own     whether that is the form's own model
    labels     what the questionnaire calls a construct, by the name of its group
    base       where scales, reversed items and missing codes of an imported wave come from
    cases      complete interviews so far
    """

    study: Study
    wave: Wave
    items: tuple[Item, ...]
    in_force: Json
    is_own: bool
    labels: Mapping[str, Texts]
    base: Json
    versions: tuple[ModelVersion, ...]
    cases: int


def bench(session: Session, wave_id: int) -> Bench | None:
    """Return what the editor of a wave's model needs; None when there is no such wave."""
    wave = studies.wave(session, wave_id)
    study = studies.study(session, wave.study_id) if wave else None
    if wave is None or study is None:
        return None
    form = forms.read(session, wave.form_version_id) if wave.form_version_id else None
    own, items = _of_form(form) if form else ({}, _columns(session, wave))
    versions = tuple(stored.versions(session, wave_id))
    imported: Any = versions[-1].model if versions else wave.model
    base: Json = own if form else imported
    return Bench(
        study=study,
        wave=wave,
        items=items,
        in_force=wave.model or own,
        is_own=wave.model is None,
        labels=group_labels(form) if form else {},
        base=base or {},
        versions=versions,
        cases=responses.count_outcomes(session, wave_id).get(COMPLETE, 0),
    )


def beginning(found: Bench, name: str) -> tuple[Json, str]:
    """Return the model that the editor opens with, and what it is: `name` asks for another.

    form: that of the questionnaire; a number: a version; the name of a model that ships: its
    constructs and paths, with the items of the same name. Else the one in force.
    """
    if name == FORM and found.wave.form_version_id:
        return found.base, FORM
    if name in shipped_names():
        return _fitted(shipped(name).model.to_json(), found.items), name
    for version in found.versions:
        if name == str(version.number):
            return version.model, name
    return found.in_force, ""


def checked(found: Bench, written: bytes | Json) -> tuple[Model | None, list[Problem]]:
    """Return an edited model, completed by what the questions say, and everything wrong with it.

    Scale, direction and missing codes are the questionnaire's (or the imported model's); the
    editor cannot change them. None instead of a model when there is an error.
    """
    try:
        model = model_from_json(written)
    except ProblemsError as error:
        return None, list(error.problems)
    model = _completed(found, model)
    problems = [*_item_problems(found, model), *_size_problems(found, model)]
    return (None if any(own.is_error for own in problems) else model), problems


def save(
    session: Session,
    found: Bench,
    model: Model,
    *,
    start: str,
    note: str,
    by: int | None,
    now: datetime,
) -> ModelVersion:
    """Store a model as the next version of the wave's, and put it in force.

    The model of an imported wave becomes version 1 first, so that it can be had back.
    """
    wave = session.get_one(Wave, found.wave.id)
    if not found.versions and wave.form_version_id is None and wave.model is not None:
        imported = model_from_json(wave.model)
        _add(session, wave, imported, start=IMPORTED, note="", by=by, now=now)
    made = _add(session, wave, model, start=start, note=note[:200], by=by, now=now)
    _put_in_force(session, wave, dict(made.model), str(made.number), by=by, now=now)
    return made


def use(session: Session, found: Bench, name: str, *, by: int | None, now: datetime) -> bool:
    """Put a version, or the form's own model, in force; False when there is no such version."""
    wave = session.get_one(Wave, found.wave.id)
    if name == FORM and wave.form_version_id:
        _put_in_force(session, wave, None, FORM, by=by, now=now)
        return True
    version = next((own for own in found.versions if str(own.number) == name), None)
    if version is None:
        return False
    _put_in_force(session, wave, dict(version.model), name, by=by, now=now)
    return True


def _add(
    session: Session,
    wave: Wave,
    model: Model,
    *,
    start: str,
    note: str,
    by: int | None,
    now: datetime,
) -> ModelVersion:
    assert wave.id is not None  # noqa: S101 - a stored wave
    made = ModelVersion(
        wave_id=wave.id,
        number=stored.next_number(session, wave.id),
        model=model.to_json(),
        digest=model.digest,
        start=start,
        note=note,
        created_by=by,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _put_in_force(
    session: Session,
    wave: Wave,
    model: dict[str, object] | None,
    name: str,
    *,
    by: int | None,
    now: datetime,
) -> None:
    wave.model = model
    session.add(wave)
    detail: dict[str, object] = {"version": name}
    audit.record(session, "model in force", f"wave {wave.id}", by=by, at=now, detail=detail)


def _of_form(form: Form) -> tuple[Json, tuple[Item, ...]]:
    """Return the model written in a form (empty when it is none) and its questions."""
    items = tuple(
        Item(q.name, q.label, q.points, q.reverse)
        for q in form.questions
        if q.points or q.kind in NUMBERS
    )
    try:
        return model_of(form).to_json(), items
    except ProblemsError:
        return {}, items


def _columns(session: Session, wave: Wave) -> tuple[Item, ...]:
    """Return the columns of numbers of an imported wave, with the scales of its model."""
    assert wave.id is not None  # noqa: S101 - a stored wave
    model = model_from_json(wave.model) if wave.model else None
    found = []
    for own in responses.table(session, wave.id, limit=LOOKED_AT).variables:
        if own.kind in NUMBERS:
            scale = model.scale_of(own.name) if model else None
            points = (scale.minimum, scale.maximum) if scale else None
            reverse = bool(model and own.name in model.reversed_items)
            found.append(Item(own.name, own.label or {"und": own.name}, points, reverse))
    return tuple(found)


def _fitted(model: Json, items: tuple[Item, ...]) -> Json:
    """Return a model that ships without the items that this questionnaire does not have."""
    known = {item.name for item in items}
    constructs = [
        {**own, "indicators": [name for name in own["indicators"] if name in known]}
        for own in model["constructs"]
    ]
    return {"constructs": constructs, "paths": model["paths"]}


def _completed(found: Bench, model: Model) -> Model:
    """Return a model with the scales, directions and missing codes of its items."""
    used = set(model.indicators)
    stated = {item.name: item for item in found.items if item.name in used}
    codes: Any = found.base.get("missing_code", ())
    written = {
        **model.to_json(),
        "scales": {
            name: {"min": item.points[0], "max": item.points[1]}
            for name, item in stated.items()
            if item.points
        },
        "reversed": [name for name, item in stated.items() if item.reverse and item.points],
        "missing_code": list(codes),
    }
    written.pop("scale", None)
    return model_from_json(written)


def _item_problems(found: Bench, model: Model) -> list[Problem]:
    known = {item.name: item for item in found.items}
    problems = []
    for construct in model.constructs:
        for item in construct.indicators:
            place = Place(item=construct.name)
            if item not in known:
                near = nearest(item, known)
                values = {"construct": construct.name, "item": item, "near": near}
                problems.append(ITEM_NOT_ASKED.at(place, **values))
            elif known[item].points is None:
                problems.append(NO_SCALES.at(place, item=item))
    return problems


def _size_problems(found: Bench, model: Model) -> list[Problem]:
    """Return a warning when the wave has fewer cases than the largest equation asks for.

    Ten cases per term (Barclay, Higgins, Thompson 1995, Technology Studies 2, 285-309). It is
    no error here: interviews may still come.
    """
    into = [sum(path.target == name for path in model.paths) for name in model.names]
    formative = [len(own.indicators) for own in model.constructs if own.mode == "B"]
    terms = max([*into, *formative, 1])
    wanted = CASES_PER_TERM * terms
    if found.cases >= wanted:
        return []
    values = {"found": found.cases, "predictors": terms, "wanted": wanted}
    return [replace(messages.FEW_CASES.at(Place(), **values))]

"""What a worker finds of the quality of a wave: its interviews and its field in, figures out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from analysis.fieldquality.evidence import Evidence, Item
from analysis.fieldquality.figures import quality_numbers
from analysis.model.specify import Model, model_from_json
from analysis.quality import Assessed
from analysis.store.tables import QualityFacts
from analysis.wavefit.messages import NO_COMPLETES
from analysis.wavefit.specification import form_labels, headline, model_labels, model_of
from foundation.problems import Place, ProblemsError
from survey import fieldrecords, forms, paradata, responses
from survey.store.tables import Wave

if TYPE_CHECKING:
    from sqlmodel import Session

    from analysis.wavefit.specification import Labels
    from survey.language.model import Form


def gather(session: Session, wave_id: int) -> Evidence:
    """Read everything that the quality of a wave is judged by.

    Raises LookupError when there is no such wave, ProblemsError when nobody answered to the end.
    """
    wave = session.get(Wave, wave_id)
    if wave is None:
        raise LookupError(wave_id)
    table = responses.table(session, wave_id)
    index, items = _items(session, wave)
    report = fieldrecords.report(session, wave_id)
    stated = session.get(QualityFacts, wave_id)
    rows = [(row[0], row[1], row[2]) for row in stated.backcheck] if stated else []
    evidence = Evidence(
        table=table,
        index=index,
        items=items,
        cases=fieldrecords.cases(session, wave_id),
        rates=report.rates if report else None,
        held=paradata.held(session, wave_id),
        backcheck=rows,
    )
    if not evidence.rows:
        raise ProblemsError([NO_COMPLETES.at(Place(), needed=1)])
    return evidence


def assess(evidence: Evidence, *, seed: int) -> Assessed:
    """Return the quality figures of a wave; the same evidence and seed give the same digits."""
    return Assessed(
        wave_id=evidence.table.wave_id,
        numbers=quality_numbers(evidence, seed=seed),
        seed=seed,
        data_digest=_digest(evidence),
        code_version=f"soundings {version('soundings')}",
    )


def _items(session: Session, wave: Wave) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Return the items of the index and all items on scales; none where there is no model."""
    form = forms.read(session, wave.form_version_id) if wave.form_version_id else None
    try:
        found = _model(wave, form)
    except ProblemsError:
        return (), ()
    if found is None:
        return (), ()
    model, labels = found
    named = headline(model, labels)
    own = next(one for one in model.constructs if one.name == named)
    return _scaled(model, own.indicators), _scaled(model, model.indicators)


def _model(wave: Wave, form: Form | None) -> tuple[Model, Labels] | None:
    if wave.model is not None:
        model = model_from_json(wave.model)
        return model, model_labels(model)
    if form is None or not form.paths:
        return None
    model = model_of(form)
    return model, form_labels(form, model)


def _scaled(model: Model, names: Sequence[str]) -> tuple[Item, ...]:
    return tuple(
        Item(name, scale, name in model.reversed_items)
        for name in names
        if (scale := model.scale_of(name)) is not None
    )


def _digest(evidence: Evidence) -> str:
    """Return the SHA-256 of the answers, the cases and the times that the figures rest on."""
    content = [
        [[row.respondent, dict(row.values), dict(row.statuses)] for row in evidence.rows],
        [[case.respondent, case.outcome, case.attempts, case.refused] for case in evidence.cases],
        {name: [held.interviewer, held.seconds] for name, held in evidence.held.items()},
        list(evidence.backcheck),
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

"""What a worker computes of a wave: its answers and its model in, its numbers out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from analysis.model.specify import Model, model_from_json
from analysis.store.tables import Resampling, Weighting
from analysis.wavefit import numbers, resampling
from analysis.wavefit.judging import judgement_of, observed
from analysis.wavefit.opinion import opinion, told
from analysis.wavefit.sample import sample_of
from analysis.wavefit.specification import (
    form_labels,
    headline,
    model_labels,
    model_of,
    require_scales,
)
from analysis.waves import Computed
from foundation.jobs import as_json
from foundation.problems import Place, ProblemsError
from survey import forms, responses
from survey.messages import NO_WAVE_FORM
from survey.store.tables import Wave

if TYPE_CHECKING:
    from sqlmodel import Session

    from analysis.wavefit.specification import Labels
    from survey.formats.table import ResponseTable
    from survey.language.model import Form

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """What the numbers of a wave are computed from.

    form, form_digest    which questionnaire; empty for an imported wave
    """

    wave_id: int
    table: ResponseTable
    model: Model
    labels: Labels
    form: str = ""
    form_digest: str = ""


def gather(session: Session, wave_id: int) -> Source:
    """Read the answers and the model of a wave.

    The model is the wave's own, if it has one, else that of its questionnaire. Raises
    ProblemsError when there is none, LookupError when there is no such wave.
    """
    wave = session.get(Wave, wave_id)
    if wave is None:
        raise LookupError(wave_id)
    form = forms.read(session, wave.form_version_id) if wave.form_version_id else None
    if form is None and wave.model is None:
        raise ProblemsError([NO_WAVE_FORM.at(Place())])
    model, labels = _model(wave, form)
    table = responses.table(session, wave_id)
    if form is None:
        return Source(wave_id, table, model, labels)
    return Source(wave_id, table, model, labels, f"{form.form_id} {form.version}", form.digest)


def compute(
    source: Source, *, resamples: int, seed: int, progress: Progress | None = None
) -> Computed:
    """Return everything that is stored of a wave; the same source and seed give the same digits.

    Raises ProblemsError with everything that keeps the wave from being computed.
    """
    require_scales(source.model)
    sample = sample_of(source.table, source.model)
    fit = resampling.fitted(source.model, sample, resamples=resamples, seed=seed, progress=progress)
    index = headline(source.model, source.labels)
    found = numbers.wave_numbers(fit, sample, source.labels, index)
    second, said = opinion(source.model, sample)
    warnings = [*sample.problems, *fit.problems, *told(second, said)]
    return Computed(
        wave_id=source.wave_id,
        numbers={
            **found,
            "reach": observed(fit, sample),
            "cbsem": {**second, "said": [as_json(problem) for problem in said]},
            "form": source.form,
            "warnings": [as_json(problem) for problem in warnings],
        },
        model=source.model.to_json(),
        seed=seed,
        resamples=resamples,
        weighting=Weighting.EQUAL if sample.weights is None else Weighting.PROBABILITY,
        resampling=Resampling.STRATIFIED if sample.is_stratified else Resampling.SIMPLE,
        form_digest=source.form_digest,
        data_digest=sample.digest,
        code_version=code_version(),
        judgement=judgement_of(fit, sample, is_simple=not sample.is_stratified),
    )


def code_version() -> str:
    """Return which program computes."""
    return f"soundings {version('soundings')}, numpy {version('numpy')}"


def _model(wave: Wave, form: Form | None) -> tuple[Model, Labels]:
    if wave.model is not None:
        model = model_from_json(wave.model)
        return model, form_labels(form, model) if form else model_labels(model)
    assert form is not None  # noqa: S101 - gather has looked
    model = model_of(form)
    return model, form_labels(form, model)

"""What a worker computes of a wave: its answers and its model in, its numbers out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from analysis.model.specify import Model, model_from_json
from analysis.store import weightings
from analysis.store.tables import Resampling, Weighting
from analysis.wavefit import numbers, resampling
from analysis.wavefit.fixed import fixed_errors
from analysis.wavefit.joint import Side, side_of
from analysis.wavefit.judging import judgement_of, observed
from analysis.wavefit.league import groupings, leagues
from analysis.wavefit.leaguedraws import Scene
from analysis.wavefit.opinion import opinion, told
from analysis.wavefit.overlap import shared
from analysis.wavefit.sample import reweighted, sample_of
from analysis.wavefit.specification import (
    form_labels,
    headline,
    model_labels,
    model_of,
    require_scales,
)
from analysis.wavefit.weighing import RULE, weigh
from analysis.waves import Computed
from foundation.jobs import as_json
from foundation.problems import Place, ProblemsError
from survey import forms, responses
from survey.messages import NO_WAVE_FORM
from survey.store.tables import Wave

if TYPE_CHECKING:
    from sqlmodel import Session

    from analysis.model.resampling import Resamples
    from analysis.store.weightings import InForce
    from analysis.wavefit.resampling import Drawn
    from analysis.wavefit.sample import Sample
    from analysis.wavefit.specification import Labels
    from analysis.wavefit.weighing import Weighed
    from survey.formats.table import ResponseTable
    from survey.language.model import Form

    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """What the numbers of a wave are computed from.

    form, form_digest    which questionnaire; empty for an imported wave
    plan                 the weighting plan in force, None for none
    """

    wave_id: int
    table: ResponseTable
    model: Model
    labels: Labels
    form: str = ""
    form_digest: str = ""
    plan: InForce | None = None


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
    plan = weightings.plan_in_force(session, wave_id)
    if form is None:
        return Source(wave_id, table, model, labels, plan=plan)
    name = f"{form.form_id} {form.version}"
    return Source(wave_id, table, model, labels, name, form.digest, plan)


@dataclass(frozen=True)
class Prepared:
    """A wave ready for its resamples; `digest` says from what exactly, and by which program."""

    source: Source
    sample: Sample
    weighed: Weighed | None
    drawn: Drawn

    @property
    def side(self) -> Side:
        """The wave as one of two that are compared."""
        return side_of(self.source.table, self.sample, self.weighed)

    @property
    def digest(self) -> str:
        """SHA-256 of answers, weights, design, model and program."""
        cases = self.sample.digest if self.weighed is None else self.weighed.digest
        asked = [self.drawn.resamples, self.drawn.seed, code_version()]
        content = json.dumps([self.sample.digest, cases, self.source.model.to_json(), asked])
        return hashlib.sha256(content.encode()).hexdigest()


def prepare(source: Source, *, resamples: int, seed: int) -> Prepared:
    """Return a wave with its weights and its model on the full sample; raises as `compute`."""
    require_scales(source.model)
    sample = sample_of(source.table, source.model)
    weighed = _weighed(source)
    if weighed is not None:
        sample = reweighted(sample, weighed.weights)
    drawn = resampling.drawn(source.model, sample, resamples=resamples, seed=seed, weighed=weighed)
    return Prepared(source, sample, weighed, drawn)


def compute(
    source: Source, *, resamples: int, seed: int, progress: Progress | None = None
) -> Computed:
    """Return everything that is stored of a wave; the same source and seed give the same digits.

    Raises ProblemsError with everything that keeps the wave from being computed.
    """
    prepared = prepare(source, resamples=resamples, seed=seed)
    return completed(prepared, prepared.drawn.part(progress=progress))


def completed(prepared: Prepared, resamples: Resamples) -> Computed:
    """Return everything that is stored of a wave with its resamples; raises as `compute`."""
    source, sample, weighed = prepared.source, prepared.sample, prepared.weighed
    fit = prepared.drawn.fit(resamples)
    index = headline(source.model, source.labels)
    scene = Scene(prepared.drawn, prepared.side, index)
    found = numbers.wave_numbers(fit, sample, source.labels, index)
    second, said = opinion(source.model, sample)
    warnings = [*sample.problems, *fit.problems, *told(second, said)]
    weighting = Weighting.EQUAL if sample.weights is None else Weighting.PROBABILITY
    return Computed(
        wave_id=source.wave_id,
        numbers={
            **found,
            **_plan_numbers(source, weighed, found),
            "fixed": fixed_errors(fit, sample, weighed),
            "reach": observed(fit, sample),
            "cbsem": {**second, "said": [as_json(problem) for problem in said]},
            "leagues": leagues(scene, groupings(source.table)),
            "form": source.form,
            "warnings": [as_json(problem) for problem in warnings],
        },
        model=source.model.to_json(),
        seed=prepared.drawn.seed,
        resamples=prepared.drawn.resamples,
        weighting=weighting if weighed is None else Weighting.PLAN,
        resampling=Resampling.STRATIFIED if sample.is_stratified else Resampling.SIMPLE,
        form_digest=source.form_digest,
        data_digest=sample.digest,
        code_version=code_version(),
        judgement=judgement_of(fit, sample, is_simple=weighed is None and not sample.is_stratified),
    )


def compared(prepared: Prepared, computed: Computed, earlier: Sequence[Prepared]) -> Computed:
    """Return what was computed of a wave, with what it shares with earlier waves.

    The report takes the error of a change from it: see `analysis.report.StoredWave.overlap`.
    """
    now, seed = (prepared.drawn, prepared.side), prepared.drawn.seed
    found = {own.source.wave_id: shared(now, (own.drawn, own.side), seed=seed) for own in earlier}
    stated = {
        str(own.source.wave_id): {
            "data": own.sample.digest,
            "model": own.drawn.full.specified.digest,
            **asdict(found[own.source.wave_id]),
        }
        for own in earlier
    }
    return replace(computed, numbers={**computed.numbers, "overlaps": stated})


def code_version() -> str:
    """Return which program computes."""
    return f"soundings {version('soundings')}, numpy {version('numpy')}"


def _weighed(source: Source) -> Weighed | None:
    plan = source.plan
    return None if plan is None else weigh(source.table, plan.silent, plan.entry)


def _plan_numbers(
    source: Source, weighed: Weighed | None, found: dict[str, object]
) -> dict[str, object]:
    """Return what a result tells of its weighting plan; nothing without one."""
    if weighed is None or source.plan is None:
        return {}
    errors = found["errors"]
    assert isinstance(errors, dict)  # noqa: S101 - of wave_numbers
    steps = [record.name for record in weighed.found.records]
    return {
        "plan": {"version": source.plan.version, "steps": steps},
        "errors": {**errors, "resample_rule": RULE},
    }


def _model(wave: Wave, form: Form | None) -> tuple[Model, Labels]:
    if wave.model is not None:
        model = model_from_json(wave.model)
        return model, form_labels(form, model) if form else model_labels(model)
    assert form is not None  # noqa: S101 - gather has looked
    model = model_of(form)
    return model, form_labels(form, model)

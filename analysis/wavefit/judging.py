"""PURE. What the researcher's pages show of a fitted wave beside its numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.index import scores_by_construct
from analysis.model.insight_output import importance_json, mediation_json
from analysis.model.judging.output import judgement_json
from analysis.model.judging.verdict import judge
from analysis.model.whatif import observed_range

if TYPE_CHECKING:
    from analysis.model.run import Fit
    from analysis.wavefit.sample import Sample

    Json = dict[str, object]

MANY_CASES = 20_000
"""Respondents beyond whom a wave is not judged with its index: that would take minutes."""


def judgement_of(fit: Fit, sample: Sample, *, is_simple: bool) -> Json:
    """Return the judgement, mediation, and importance and performance of a fitted wave.

    `judgement` is None above `MANY_CASES` respondents. When the resamples were not simple (drawn
    within strata, or weighted anew) only the figures that the fit itself resampled have an
    interval: others would be drawn again without the design, so they are left without.
    """
    large = sample.n > MANY_CASES
    own = fit if is_simple else replace(fit, seed=None)
    judged = None if large else judgement_json(judge(own, sample.values, sample.weights))
    return {
        "judgement": judged,
        "mediation": mediation_json(fit),
        "importance_performance": importance_json(fit),
    }


def observed(fit: Fit, sample: Sample) -> dict[str, list[float]]:
    """Return by construct the scores 0-100 between which 90 % of the respondents lie."""
    scores = scores_by_construct(fit, sample.values)
    return {name: list(observed_range(own, sample.weights)) for name, own in scores.items()}

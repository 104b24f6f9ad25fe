"""PURE. The second opinion on a wave: the same model by covariance-based SEM."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model.cbsem import second_opinion
from analysis.model.cbsem_messages import IMPROPER, NEAR_FLAT
from analysis.model.cbsem_output import opinion_json
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from analysis.model.specify import Model
    from analysis.wavefit.sample import Sample

    Json = dict[str, object]

METHOD = "CB-SEM"
SAID = {NEAR_FLAT.code, IMPROPER.code}
"""What is told beside the report of an opinion that could be had."""


def opinion(model: Model, sample: Sample) -> tuple[Json, list[Problem]]:
    """Return the second opinion as JSON, and all that is to be said of it, as warnings.

    The report rests on the other method: an opinion that cannot be had is a warning, not an
    error.
    """
    try:
        found = second_opinion(model, sample.values, sample.weights)
    except ProblemsError as error:
        warnings = [_as_warning(problem) for problem in error.problems if problem.is_error]
        return {"converged": False}, warnings
    return opinion_json(model, found), [_as_warning(own) for own in found.problems]


def told(found: Json, said: list[Problem]) -> list[Problem]:
    """Return what readers of the report are warned of; the rest stands with the opinion."""
    return [own for own in said if not found["converged"] or own.message.code in SAID]


def _as_warning(problem: Problem) -> Problem:
    message = replace(problem.message, severity="warning")
    return Problem(message, Place(file=METHOD), problem.values)

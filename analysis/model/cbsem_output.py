"""PURE. The second opinion as JSON, under lavaan's names; what cannot be had says why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.model.cbsem import second_opinion
from analysis.model.cbsem_messages import LEFT_OUT
from foundation.problems import Place, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from analysis.model.cbsem import Estimator, SecondOpinion
    from analysis.model.cbsem_estimates import Estimate
    from analysis.model.specify import Model
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]
    Json = dict[str, object]

COUNTS = ("npar", "df", "baseline.df", "df.scaled")


def cbsem_json(
    model: Model,
    data: FloatArray,
    weights: FloatArray | None = None,
    *,
    estimator: Estimator = "ML",
) -> Json:
    """Return the second opinion on (n, p) data, or `error` when the model cannot be fitted."""
    try:
        opinion = second_opinion(model, data, weights, estimator=estimator)
    except ProblemsError as error:
        found = [problem_json(problem) for problem in error.problems if problem.is_error]
        return {"converged": False, "error": found[0], "errors": found, "warnings": []}
    return opinion_json(model, opinion)


def cbsem_left_out(found: int, most: int) -> Json:
    """Return what stands in the place of a second opinion that nobody asked for on many cases."""
    said = LEFT_OUT.at(Place(), found=f"{found:,}", most=f"{most:,}")
    return {"converged": False, "warnings": [problem_json(said)]}


def opinion_json(model: Model, found: SecondOpinion) -> Json:
    """Return a second opinion as JSON; `single_items` maps items that are constructs."""
    return {
        "converged": True,
        "n": found.n,
        "estimator": found.estimator,
        "standard_errors": found.errors,
        "parameters": [_parameter(estimate) for estimate in found.parameters],
        "fit": {key: measure(key, value) for key, value in found.fit.items()},
        "r2": dict(found.r2),
        "single_items": {
            own.indicators[0]: own.name for own in model.constructs if len(own.indicators) == 1
        },
        "semopy_gradient": found.semopy_gradient,
        "gradient_max": found.gradient,
        "steps": found.steps,
        "condition": found.condition,
        "warnings": [problem_json(problem) for problem in found.problems],
    }


def cbsem_texts(result: Mapping[str, Any]) -> list[str]:
    """Return the errors and warnings of a second opinion as lines for the command line."""
    said = [*result.get("errors", ()), *result.get("warnings", ())]
    return [f"[{own['code']}] CB-SEM: {own['problem']} {own['remedy']}" for own in said]


def measure(key: str, value: float | None) -> float | None:
    """Return a fit measure as a JSON number: counts whole, null for one that does not exist."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if key in COUNTS else value


def _parameter(own: Estimate) -> Json:
    return {
        "lhs": own.lhs,
        "op": own.op,
        "rhs": own.rhs,
        "est": own.est,
        "se": own.se,
        "z": own.z,
        "pvalue": own.pvalue,
        "std.all": own.std,
        "se.robust": own.robust_se,
    }


def problem_json(problem: Problem) -> Json:
    """Return a problem as code, sentence, remedy and place."""
    return {
        "code": problem.message.code,
        "problem": problem.message.problem % problem.values,
        "remedy": problem.message.remedy % problem.values,
        "place": str(problem.place),
    }

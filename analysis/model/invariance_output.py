"""PURE. The steps of measurement invariance as JSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model.cbsem_output import measure, problem_json
from analysis.model.measurement_invariance import measurement_invariance
from foundation.problems import ProblemsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from analysis.model.measurement_invariance import Step
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    Json = dict[str, Any]


def invariance_json(
    model: Model, data: FloatArray, labels: Sequence[str], weights: FloatArray | None = None
) -> Json:
    """Return the three steps on (n, p) data in groups `labels` (n,), or `error` and why."""
    try:
        found = measurement_invariance(model, data, labels, weights)
    except ProblemsError as error:
        said = [problem_json(problem) for problem in error.problems if problem.is_error]
        return {"error": said[0], "errors": said, "warnings": []}
    return {
        "estimator": found.estimator,
        "groups": dict(zip(found.groups, found.sizes, strict=True)),
        "constructs": list(found.constructs),
        "left_out": list(found.left_out),
        "steps": [_step(step) for step in found.steps],
        "warnings": [problem_json(problem) for problem in found.problems],
    }


def invariance_words(result: Mapping[str, Any]) -> list[str]:
    """Return one line for each step, or for each reason why there is none."""
    lines = [
        f"[{own['code']}] {own['problem']} {own['remedy']}" for own in result.get("errors", ())
    ]
    for step in result.get("steps", ()):
        fit, change = step["fit"], step["change"]
        line = f"{step['name']}: chi-square {fit['chisq']:.1f} ({fit['df']}), CFI {fit['cfi']:.3f}"
        if change:
            line += f", change of chi-square {change['chisq']:.1f} ({change['df']})"
            line += f", of CFI {change['cfi']:+.3f}"
        lines.append(f"{line}: {step['mark']['verdict']}")
    return lines


def _step(step: Step) -> Json:
    change, mark = step.change, step.mark
    return {
        "name": step.name,
        "fit": {key: measure(key, value) for key, value in step.fit.items()},
        "change": change
        and {
            "chisq": change.chisq,
            "df": change.df,
            "pvalue": change.pvalue,
            "cfi": change.cfi,
            "tli": change.tli,
            "rmsea": change.rmsea,
            "srmr": change.srmr,
        },
        "mark": {"verdict": mark.verdict, "rule": mark.rule % mark.values, "source": mark.source},
    }

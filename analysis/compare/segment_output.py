"""PURE. A search for segments as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from analysis.compare.segments import CONCLUSIONS
from analysis.model.output import number

if TYPE_CHECKING:
    from analysis.compare.segments import Segmentation, Solution
    from analysis.model.run import Fit

    Json = dict[str, object]


def segmentation_json(found: Segmentation) -> Json:
    """Return every solution with its criteria, segments and assignment, and the conclusion.

    `assignment` has one number for each case that entered, segments counted from 1; `rows` says
    which cases of the data those are, counted from 0.
    """
    fit = found.fit
    return {
        "n": fit.n,
        "rows": found.rows.tolist(),
        "solutions": [_solution(fit, own) for own in found.solutions],
        "named_by": found.named,
        "conclusion": CONCLUSIONS[found.conclusion],
        "supported_segments": found.supported,
        "label_order": "from the largest share to the smallest",
        "starts": found.starts,
        "seed": found.seed,
        "start_rule": "numpy.random.default_rng([seed, segments, start]).integers(0, segments, n)",
        "scheme": fit.settings.scheme,
        "metric": fit.settings.metric,
        "missing": fit.settings.missing,
        "model_digest": fit.model.digest,
        "problems": [problem.text() for problem in found.problems],
    }


def _solution(fit: Fit, own: Solution) -> Json:
    mixture = own.mixture
    return {
        "segments": mixture.segments,
        "log_likelihood": number(mixture.log_likelihood),
        "converged": mixture.converged,
        "steps": mixture.steps,
        "starts_that_reached_it": own.reached,
        **asdict(own.criteria),
        "by_segment": [_segment(fit, own, segment) for segment in range(mixture.segments)],
        "assignment": (mixture.assignment + 1).tolist(),
    }


def _segment(fit: Fit, own: Solution, segment: int) -> Json:
    mixture, names, refit = own.mixture, fit.model.names, own.refits[segment]
    place = {name: j for j, name in enumerate(names)}
    return {
        "share": number(mixture.shares[segment]),
        "n_assigned": int((mixture.assignment == segment).sum()),
        "paths": [
            {
                "from": path.source,
                "to": path.target,
                "value": number(mixture.paths[segment, place[path.target], place[path.source]]),
                "refitted": _refitted(refit, place[path.target], place[path.source]),
            }
            for path in fit.model.paths
        ],
        "unexplained_variance": {
            names[j]: number(mixture.variances[segment, j]) for j in fit.plan.endogenous
        },
    }


def _refitted(refit: Fit | None, target: int, source: int) -> float | None:
    return None if refit is None else number(refit.estimates.inner.paths[target, source, 0])

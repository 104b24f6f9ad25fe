"""PURE. Mediation, importance and performance, what-if and planning as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model.importance import importance_map
from analysis.model.mediation import WORDS, mediations

if TYPE_CHECKING:
    from analysis.model.importance import Lever
    from analysis.model.inference import Figure
    from analysis.model.planning import Planned
    from analysis.model.run import Fit
    from analysis.model.whatif import Effect

    Json = dict[str, object]


def figure_json(found: Figure) -> Json:
    """Return a number as {value, se, ci95}; without resampling as {value}."""
    if found.se is None:
        return {"value": found.value}
    return {"value": found.value, "se": found.se, "ci95": [found.low, found.high]}


def mediation_json(fit: Fit) -> list[Json]:
    """Return every mediated effect: by each route, together, beside the direct one, in words."""
    return [
        {
            "from": own.source,
            "to": own.target,
            "specific": [
                {"route": list(each.route), **figure_json(each.effect)} for each in own.specific
            ],
            "indirect": figure_json(own.indirect),
            "direct": figure_json(own.direct) if own.direct else None,
            "total": figure_json(own.total),
            "vaf": figure_json(own.share) if own.share else None,
            "kind": own.kind or None,
            "words": WORDS[own.kind] if own.kind else None,
        }
        for own in mediations(fit)
    ]


def importance_json(fit: Fit) -> Json:
    """Return the importance-performance map of every construct that something leads to."""
    if fit.ends is None:
        return {}
    targets = dict.fromkeys(label.name for label in fit.labels if label.kind == "impact")
    maps = [importance_map(fit, target) for target in targets]
    return {
        own.target: {
            "constructs": [_lever(lever) for lever in own.constructs],
            "items": [_lever(lever) for lever in own.items],
            "problems": [problem.text() for problem in own.problems],
        }
        for own in maps
    }


def _lever(lever: Lever) -> Json:
    item = {"item": lever.item} if lever.item else {}
    return {
        "construct": lever.construct,
        **item,
        "importance": figure_json(lever.importance),
        "performance": figure_json(lever.performance),
    }


def what_if_json(effects: list[Effect]) -> list[Json]:
    """Return what moving a driver does to each construct."""
    return [
        {
            "driver": own.driver,
            "points": own.points,
            "target": own.target,
            "change": figure_json(own.change),
            "index_then": figure_json(own.index),
        }
        for own in effects
    ]


def plan_json(found: Planned) -> Json:
    """Return the interviews needed for a margin, with every size that was simulated."""
    return {
        "construct": found.construct,
        "margin_wanted": found.wanted,
        "level": found.level,
        "seed": found.seed,
        "interviews": found.interviews,
        "monte_carlo_se": found.error,
        "simulated_by": "cases drawn with replacement from the data, the model fitted to each",
        "steps": [
            {
                "interviews": step.interviews,
                "margin": step.margin,
                "monte_carlo_se": step.error,
                "surveys": step.surveys,
                "dropped": step.dropped,
            }
            for step in found.steps
        ],
    }

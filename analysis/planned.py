"""PURE. Answers to planning questions (`analysis.planfields`), computed by a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from analysis.planfields import KINDS
from analysis.sampling import allocation, planning
from analysis.sampling.plan_messages import NO_ANSWER
from foundation.problems import Place, ProblemsError

Asked = Mapping[str, Any]
Json = dict[str, Any]
CONFIDENCE, POWER = 0.95, 0.8
ATTEMPTS = 1.0


def answer(kind: str, asked: Asked) -> Json:
    """Return the numbers that answer a question, with the design effect used.

    Raises ProblemsError when the numbers have no answer.
    """
    try:
        found = ANSWERS[kind](asked)
    except (ArithmeticError, ValueError):
        raise ProblemsError([NO_ANSWER.at(Place(item=kind), kind=kind)]) from None
    if not all(np.isfinite(value).all() for value in found.values() if value is not None):
        raise ProblemsError([NO_ANSWER.at(Place(item=kind), kind=kind)])
    return found


def design_effect(asked: Asked) -> float:
    """Return the stated design effect, else (1 + cv^2)(1 + (m - 1) rho) of what it is made of."""
    if "deff" in asked:
        return float(asked["deff"])
    cluster, rho = asked.get("cluster", 1.0), asked.get("rho", 0.0)
    return allocation.expected_effect(cluster, rho, asked.get("cv_weights", 0.0), 1.0).deff


def _common(asked: Asked) -> Json:
    return {
        "confidence": asked.get("confidence", CONFIDENCE),
        "population": asked.get("N"),
        "deff": design_effect(asked),
    }


def _sized(asked: Asked, n: int) -> Json:
    """Return the interviews with what they take: cases to draw and calls to dial."""
    found: Json = {"n": n, "deff": design_effect(asked)}
    rate = asked.get("response_rate")
    if rate:
        found["cases"] = planning.rounded_up(n / rate)
        found["calls"] = planning.calls_needed(n, rate, asked.get("attempts", ATTEMPTS))
    return found


def _size_index(asked: Asked) -> Json:
    size = planning.size_for_mean(asked["sd"], asked["margin"], **_common(asked))
    return _sized(asked, size.n)


def _size_share(asked: Asked) -> Json:
    return _sized(
        asked, planning.size_for_proportion(asked["p"], asked["margin"], **_common(asked)).n
    )


def _size_nps(asked: Asked) -> Json:
    up, down = asked["promoters"], asked["detractors"]
    # 100 times the net promoter score is a mean of answers of -100, 0 and 100.
    sd = 100 * (up + down - (up - down) ** 2) ** 0.5
    size = planning.size_for_mean(sd, asked["margin"], **_common(asked))
    return {**_sized(asked, size.n), "value": 100 * (up - down)}


def _size_change(asked: Asked) -> Json:
    size = planning.size_for_difference(
        asked["p1"], asked["p2"], alpha=1 - asked.get("confidence", CONFIDENCE),
        power=asked.get("power", POWER), deff=design_effect(asked),
    )  # fmt: skip
    return _sized(asked, size.n_per_group)


def _margin_index(asked: Asked) -> Json:
    found = planning.margin_of_mean(asked["sd"], asked["n"], **_common(asked))
    return {"se": found.se, "margin": found.moe_z, "deff": design_effect(asked)}


def _margin_share(asked: Asked) -> Json:
    found = planning.margin_of_proportion(asked["p"], asked["n"], **_common(asked))
    return {
        "se": 100 * found.se_planning,
        "margin": 100 * found.moe_planning,
        "wilson": [100 * one for one in found.wilson],
        "exact": [100 * one for one in found.clopper_pearson],
        "deff": design_effect(asked),
    }


def _margin_nps(asked: Asked) -> Json:
    found = planning.margin_of_nps(
        asked["promoters"], asked["detractors"], asked["n"], **_common(asked)
    )
    deff = design_effect(asked)
    return {"value": found.nps, "se": found.se, "margin": found.moe, "deff": deff}


def _margin_change(asked: Asked) -> Json:
    found = planning.difference_of_proportions(
        asked["p1"], asked["p2"], asked["n1"], asked["n2"], rho=asked.get("overlap_rho", 0.0),
        n_overlap=asked.get("n_overlap", 0.0), confidence=asked.get("confidence", CONFIDENCE),
    )  # fmt: skip
    # The page speaks of the second wave less the first.
    return {
        "value": -100 * found.diff,
        "se": 100 * found.se,
        "margin": 100 * found.moe,
        "p": found.p_value,
    }


def _allocation(asked: Asked) -> Json:
    sizes, sds = np.array(asked["sizes"]), np.array(asked["sds"])
    costs = np.array(asked.get("costs") or np.ones_like(sizes))
    n = min(asked["n"], float(sizes.sum()))
    ways = {
        "proportional": allocation.proportional(n, sizes, sds),
        "neyman": allocation.allocate(n, sizes, sds),
        "cost": allocation.allocate(n, sizes, sds, costs),
    }
    found: Json = {name: way.n.tolist() for name, way in ways.items()}
    found["errors"] = [max(way.variance, 0.0) ** 0.5 for way in ways.values()]
    return found


def _cluster(asked: Asked) -> Json:
    best = allocation.best_cluster_size(
        asked["cost_cluster"], asked["cost_interview"], asked["rho"]
    )
    whole = max(round(best), 1)
    return {"best": best, "whole": whole, "deff": 1 + (whole - 1) * asked["rho"]}


def _none_found(asked: Asked) -> Json:
    upper = planning.upper_bound_of_none(asked["n"], asked.get("confidence", CONFIDENCE))
    return {"upper": 100 * upper}


ANSWERS: dict[str, Callable[[Asked], Json]] = {
    "size_index": _size_index,
    "size_share": _size_share,
    "size_nps": _size_nps,
    "size_change": _size_change,
    "margin_index": _margin_index,
    "margin_share": _margin_share,
    "margin_nps": _margin_nps,
    "margin_change": _margin_change,
    "allocation": _allocation,
    "cluster": _cluster,
    "none_found": _none_found,
}
assert ANSWERS.keys() == KINDS.keys()  # noqa: S101 - a question without an answer is a slip here

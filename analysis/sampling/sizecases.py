"""PURE. Planning questions as JSON: which formula, with which input, gives which numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeGuard

import numpy as np

from analysis.sampling import allocation, planning
from analysis.sampling.columns import FloatArray
from analysis.sampling.plan_messages import BAD_VALUE, MISSING_KEY, NO_ANSWER, UNKNOWN_KIND
from foundation.problems import Place, Problem, ProblemsError, nearest

Fields = Mapping[str, Any]
Answer = dict[str, Any]

SHARES = ("p", "p1", "p2", "promoters", "detractors")
INNER = ("confidence", "alpha", "power")
POSITIVE = (
    *("margin", "n", "N", "deff", "sd", "n1", "n2", "response_rate"),
    *("mean_cluster_size", "cost_cluster", "cost_interview", "cost"),
)
NOT_NEGATIVE = ("n_overlap", "cv_weights", "S")
LISTS = ("N", "S", "cost")
"""Keys that hold one number for each stratum in an allocation."""


def answer(case: Fields) -> Answer:
    """Return the numbers of one planning case: its kind (or the start of its id) and `input`.

    A value of null is one that is not given. Raises every problem of the input together.
    """
    given = case.get("input")
    if not isinstance(given, Mapping):
        raise ProblemsError([MISSING_KEY.at(Place(item="input"), key="input")])
    kind = _kind(str(case.get("kind") or case.get("id") or ""))
    known = {key: value for key, value in given.items() if value is not None}
    _check(known, lists=kind == "allocation")
    try:
        result = KINDS[kind](known)
    except KeyError as error:
        key = str(error.args[0])
        raise ProblemsError([MISSING_KEY.at(Place(item=key), key=key)]) from None
    except (ArithmeticError, ValueError):
        raise ProblemsError([NO_ANSWER.at(Place(item=kind), kind=kind)]) from None
    if not all(np.isfinite(value).all() for value in result.values()):
        raise ProblemsError([NO_ANSWER.at(Place(item=kind), kind=kind)])
    return result


def _kind(name: str) -> str:
    for kind in KINDS:
        if name == kind or name.startswith(f"{kind}."):
            return kind
    near, known = nearest(name, KINDS), ", ".join(KINDS)
    raise ProblemsError([UNKNOWN_KIND.at(Place(item=name), name=name, near=near, known=known)])


def _check(given: Fields, *, lists: bool) -> None:
    problems = [
        _wrong(key, value, wanted)
        for key, value in given.items()
        if (wanted := _wanted_of(key, value, listed=lists and key in LISTS))
    ]
    problems = problems or _contradictions(given, lists=lists)
    if problems:
        raise ProblemsError(problems)


def _contradictions(given: Fields, *, lists: bool) -> list[Problem]:
    """Return what is wrong between values that are each right."""
    if lists:
        counts = {key: len(given[key]) for key in LISTS if key in given}
        first = next(iter(counts.values()), 0)
        return [
            _wrong(key, given[key], f"{first} numbers")
            for key, count in counts.items()
            if count != first
        ]
    shared, least = given.get("n_overlap", 0), min(given.get("n1", 0), given.get("n2", 0))
    if shared > least:
        wanted = "at most the smaller of n1 and n2"
        return [_wrong("n_overlap", shared, wanted)]
    both = given.get("promoters", 0) + given.get("detractors", 0)
    if both > 1:
        wanted = "at most 1 together with the promoters"
        return [_wrong("detractors", given["detractors"], wanted)]
    return []


def _wrong(key: str, value: object, wanted: str) -> Problem:
    return BAD_VALUE.at(Place(item=key), key=key, value=value, wanted=wanted)


def _wanted_of(key: str, value: object, *, listed: bool) -> str:
    """Return what the value of a key should be, or nothing when it is right."""
    if not listed:
        return _wanted(key, float(value)) if _is_number(value) else "a number"
    if not isinstance(value, list) or not value or not all(map(_is_number, value)):
        return "a list of numbers, one for each stratum"
    return next((wanted for one in value if (wanted := _wanted(key, float(one)))), "")


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def _wanted(key: str, value: float) -> str:
    """Return what a number should be, or nothing when it is right."""
    if key in SHARES and not 0 <= value <= 1:
        return "between 0 and 1"
    if key in INNER and not 0 < value < 1:
        return "above 0 and below 1"
    if key in POSITIVE and not value > 0:
        return "above 0"
    if key in NOT_NEGATIVE and value < 0:
        return "0 or more"
    if key == "rho" and not -1 <= value <= 1:
        return "between -1 and 1"
    return ""


def _common(given: Fields) -> dict[str, Any]:
    return {
        "confidence": given.get("confidence") or 0.95,
        "population": given.get("N"),
        "deff": given.get("deff") or 1.0,
    }


def _size_proportion(given: Fields) -> Answer:
    return asdict(
        planning.size_for_proportion(
            given["p"],
            given["margin"],
            response_rate=given.get("response_rate") or 1.0,
            **_common(given),
        )
    )


def _margin_proportion(given: Fields) -> Answer:
    result = asdict(planning.margin_of_proportion(given["p"], given["n"], **_common(given)))
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in result.items()
    }


def _size_mean(given: Fields) -> Answer:
    return asdict(planning.size_for_mean(given["sd"], given["margin"], **_common(given)))


def _margin_mean(given: Fields) -> Answer:
    return asdict(planning.margin_of_mean(given["sd"], given["n"], **_common(given)))


def _margin_difference(given: Fields) -> Answer:
    result = asdict(
        planning.difference_of_proportions(
            given["p1"],
            given["p2"],
            given["n1"],
            given["n2"],
            rho=given.get("rho", 0.0),
            n_overlap=given.get("n_overlap", 0.0),
            confidence=given.get("confidence", 0.95),
        )
    )
    return result | {"ci": list(result["ci"])}


def _size_difference(given: Fields) -> Answer:
    return asdict(
        planning.size_for_difference(
            given["p1"],
            given["p2"],
            alpha=given.get("alpha", 0.05),
            power=given.get("power", 0.8),
            deff=given.get("deff", 1.0),
        )
    )


def _margin_nps(given: Fields) -> Answer:
    return asdict(
        planning.margin_of_nps(
            given["promoters"], given["detractors"], given["n"], **_common(given)
        )
    )


def _kish(given: Fields) -> Answer:
    return asdict(
        allocation.expected_effect(
            given["mean_cluster_size"], given["rho"], given["cv_weights"], given["n"]
        )
    )


def _cluster(given: Fields) -> Answer:
    best = allocation.best_cluster_size(
        given["cost_cluster"], given["cost_interview"], given["rho"]
    )
    return {"m_opt": best}


def _allocation(given: Fields) -> Answer:
    sizes, sds = _array(given["N"]), _array(given["S"])
    costs = _array(given["cost"]) if given.get("cost") else np.ones_like(sizes)
    ways = {
        "proportional": allocation.proportional(given["n"], sizes, sds),
        "neyman": allocation.allocate(given["n"], sizes, sds),
        "optimal_cost": allocation.allocate(given["n"], sizes, sds, costs),
    }
    result: Answer = {name: way.n.tolist() for name, way in ways.items()}
    return result | {f"var_{name}": way.variance for name, way in ways.items()}


def _array(values: Any) -> FloatArray:
    return np.asarray(values, dtype=np.float64)


def _none_found(given: Fields) -> Answer:
    n = given["n"]
    return {"upper": planning.upper_bound_of_none(n), "rule_of_three": 3 / n}


KINDS: dict[str, Callable[[Fields], Answer]] = {
    "size.proportion": _size_proportion,
    "moe.proportion": _margin_proportion,
    "size.mean_or_index": _size_mean,
    "moe.mean_or_index": _margin_mean,
    "moe.difference": _margin_difference,
    "size.difference": _size_difference,
    "moe.nps": _margin_nps,
    "deff.kish": _kish,
    "cluster.optimal": _cluster,
    "allocation": _allocation,
    "zero_events": _none_found,
}

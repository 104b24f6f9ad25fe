"""PURE. What interviewers add: the variance between them, item by item, and each one's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.fieldquality.evidence import Json, why
from analysis.sampling.answerquality import straight_lining
from analysis.sampling.reliability import interviewer_variance
from foundation.problems import ProblemsError

if TYPE_CHECKING:
    from analysis.fieldquality.evidence import Evidence, Item
    from analysis.sampling.answerquality import GridRow
    from analysis.sampling.columns import BoolArray, FloatArray

SHORTEST_BATTERY = 4


def interviewer_effects(evidence: Evidence) -> Json:
    """Return rho of the index and of each item with interval and design effect.

    A negative rho is kept raw; the design effect is then 1.
    """
    codes = evidence.interviewer_codes
    if not len(codes) or codes.max() < 1:
        return why("one_interviewer" if len(codes) and codes.max() == 0 else "no_interviewers")
    rows = [("", evidence.scores)] + [(item.name, evidence.points(item)) for item in evidence.items]
    return {"items": [_effect(evidence, name, values) for name, values in rows]}


def _effect(evidence: Evidence, name: str, values: FloatArray) -> Json:
    try:
        found = interviewer_variance(values, evidence.interviewer_codes, name=name or "index")
    except ProblemsError:
        return {"name": name, **why("no_spread")}
    return {
        "name": name,
        "rho": found.rho,
        "low": found.low,
        "high": found.high,
        "deff": found.deff,
        "p": found.p,
        "interviewers": found.k,
        "base": found.N,
        "workload": found.mean_workload,
    }


def battery(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the largest set of items asked on one scale, as a battery is."""
    scales = [item.scale for item in items]
    most = max(scales, key=scales.count, default=None)
    return tuple(item for item in items if item.scale == most)


def lines(evidence: Evidence) -> list[GridRow | None]:
    """Return how each respondent answered the battery; None who answered less than half of it."""
    items = battery(evidence.items)
    if len(items) < SHORTEST_BATTERY:
        return [None] * len(evidence.rows)
    table = np.column_stack([evidence.answers(item.name) for item in items])
    given = [row[~np.isnan(row)] for row in table]
    least = max(len(items) / 2, SHORTEST_BATTERY)
    return [straight_lining(row[None, :]).rows[0] if len(row) >= least else None for row in given]


def work_of_each(evidence: Evidence, missing: FloatArray, asked: FloatArray) -> list[Json]:
    """Return for each interviewer the interviews and the signs of how they were held.

    `missing`, `asked` (n,) are the answers each respondent left out and was asked for. The error
    of the missing share counts respondents as clusters; the score's is sd over root n. `variety`
    is the mean of 1 - sum p^2 of the answers to the battery: low where all answers are alike.
    """
    names = sorted(set(evidence.interviewers) - {""}, key=lambda name: int(name[1:]))
    owners = np.array(evidence.interviewers)
    grid = lines(evidence)
    variety = np.array([row.scale_point_variation if row else np.nan for row in grid])
    seconds = np.array([_seconds(evidence, row.respondent) for row in evidence.rows])
    return [
        _work(name, owners == name, evidence.scores, (missing, asked, variety, seconds))
        for name in names
    ]


def _seconds(evidence: Evidence, respondent: str) -> float:
    held = evidence.held.get(respondent)
    return held.seconds if held and held.seconds > 0 else float("nan")


def _work(
    name: str,
    own: BoolArray,
    scores: FloatArray,
    signs: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
) -> Json:
    missing, asked, variety, seconds = (values[own] for values in signs)
    n = int(own.sum())
    share, se = ratio(missing, asked)
    known = scores[own][~np.isnan(scores[own])]
    return {
        "name": name,
        "base": n,
        "mean": float(known.mean()) if len(known) else None,
        "mean_se": float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else None,
        "missing": share,
        "missing_se": se,
        "variety": _mean(variety),
        "minutes": None if (m := _median(seconds)) is None else m / 60.0,
    }


def ratio(above: FloatArray, below: FloatArray) -> tuple[float | None, float | None]:
    """Return sum(above)/sum(below) and its linearised error; None where not defined."""
    total, n = float(below.sum()), len(below)
    if total <= 0:
        return None, None
    value = float(above.sum()) / total
    if n < 2:  # noqa: PLR2004 - one respondent has no spread
        return value, None
    spread = n / (n - 1) * float(((above - value * below) ** 2).sum())
    return value, float(np.sqrt(spread)) / total


def _mean(values: FloatArray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _median(values: FloatArray) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None

"""PURE. Who did not answer: response by strata, by effort, by converted refusals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.fieldquality.evidence import Json, proportion, why
from analysis.sampling.answerquality import mode_effect
from analysis.sampling.intervals import critical
from analysis.sampling.unitresponse import level_of_effort, representativeness

if TYPE_CHECKING:
    from analysis.fieldquality.evidence import Evidence
    from analysis.sampling.columns import BoolArray, FloatArray
    from survey.fieldrecords import SampledCase

DRAWS = 2000
LEVEL = 0.95
FEWEST = 10
"""Interviews in each of two groups below which their means are not compared."""


def response_by_strata(cases: Sequence[SampledCase], rng: np.random.Generator) -> Json:
    """Return the R-indicator of response by strata, with its interval.

    Cases known not to be eligible do not count. Classes are weighed by one over the selection
    probability where every case has one. The variance of the propensities is freed of what
    chance adds (Shlomo, Skinner, Schouten 2012, Journal of Statistical Planning and Inference
    142, 201-211); the interval is 1.96 standard errors of 2000 binomial redraws of the classes.
    """
    eligible = [case for case in cases if case.outcome != "NE"]
    names = sorted({case.stratum for case in eligible})
    if not eligible:
        return why("no_report")
    if len(names) < 2:  # noqa: PLR2004 - one class has nothing to differ from
        return why("one_stratum")
    place = [names.index(case.stratum) for case in eligible]
    counts = np.bincount(place, minlength=len(names)).astype(float)
    done = np.bincount(place, [case.outcome == "I" for case in eligible], len(names))
    if (done == 0).any():
        return why("silent_stratum", stratum=names[int(np.argmin(done))])
    sizes = np.bincount(place, _weights(eligible), len(names)).astype(np.float64)
    rates = done / counts
    raw = representativeness(sizes, rates)
    draws = rng.binomial(counts.astype(int), rates, size=(DRAWS, len(names))) / counts
    drawn = np.array([_r_indicator(sizes, row, counts) for row in draws])
    R, se = _r_indicator(sizes, rates, counts), float(drawn.std(ddof=1))
    reach = critical(math.inf, LEVEL) * se
    low = max(R - reach, 0.0)
    return {
        "R": R,
        "raw": raw.R,
        "se": se,
        "low": low,
        "high": min(R + reach, 1.0),
        "most_bias": (1.0 - low) / 2.0 / raw.mean_propensity,
        "base": len(eligible),
        "classes": [
            {"name": name, "cases": int(n), "completes": int(k), **proportion(float(k), float(n)),
             "contribution": float(part)}
            for name, n, k, part in zip(names, counts, done, raw.category_contrib, strict=True)
        ],
    }  # fmt: skip


def _weights(cases: Sequence[SampledCase]) -> FloatArray:
    known = [case.selection_probability for case in cases]
    if None in known:
        return np.ones(len(cases))
    return 1.0 / np.array(known, dtype=float)


def _r_indicator(sizes: FloatArray, rates: FloatArray, counts: FloatArray) -> float:
    """Return 1 - 2 S, S^2 less what the binomial variance of the rates adds to it."""
    shares = sizes / sizes.sum()
    spread = float((shares * (rates - shares @ rates) ** 2).sum())
    noise = float((shares * (1 - shares) * rates * (1 - rates) / np.maximum(counts - 1, 1)).sum())
    return 1.0 - 2.0 * math.sqrt(max(spread - noise, 0.0))


def response_by_effort(evidence: Evidence) -> Json:
    """Return the mean of all interviews up to each attempt, and early against late ones.

    Early is the first attempt, late any later one. Means are unweighted, on 0-100.
    """
    known = [
        (case.attempts, score)
        for row, score in zip(evidence.rows, evidence.scores, strict=True)
        if (case := evidence.by_respondent.get(row.respondent)) and not math.isnan(score)
    ]
    if not known:
        return why("no_report")
    attempts = np.maximum([attempt for attempt, _ in known], 1)
    scores = np.array([score for _, score in known])
    levels = [
        (int(at), float((attempts == at).sum()), float(scores[attempts == at].mean()))
        for at in np.unique(attempts)
    ]
    return {
        "levels": [vars(level) for level in level_of_effort(levels)],
        "late": compared(scores, attempts > 1),
    }


def converted(evidence: Evidence) -> Json:
    """Return those who had refused before they answered, against the others."""
    known = [evidence.by_respondent.get(row.respondent) for row in evidence.rows]
    if not any(known):
        return why("no_report")
    refused = np.array([case is not None and case.refused for case in known])
    return compared(evidence.scores, refused)


def compared(scores: FloatArray, second: BoolArray) -> Json:
    """Return the mean of the `second` group less that of the others, by Welch's t (1947)."""
    usable = ~np.isnan(scores)
    a, b = scores[usable & ~second], scores[usable & second]
    if min(len(a), len(b)) < FEWEST:
        return why("few", first=len(a), second=len(b), least=FEWEST)
    spreads = float(a.std(ddof=1)), float(b.std(ddof=1))
    if max(spreads) == 0:
        return why("no_spread")
    found = mode_effect(
        m1=float(b.mean()), s1=spreads[1], n1=len(b), m2=float(a.mean()), s2=spreads[0], n2=len(a)
    )
    reach = critical(found.df, LEVEL) * found.se
    return {
        "first": {"n": len(a), "mean": float(a.mean())},
        "second": {"n": len(b), "mean": float(b.mean())},
        "difference": found.diff,
        "se": found.se,
        "low": found.diff - reach,
        "high": found.diff + reach,
        "p": found.p,
    }

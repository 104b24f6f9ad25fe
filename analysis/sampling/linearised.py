"""PURE. The variance of a weighted total by Taylor linearisation, for any number of stages.

V = sum over stages, over strata h of a stage: share_h (1 - n_h/N_h) n_h/(n_h - 1)
    sum over units u of (t_u - mean t)(t_u - mean t)'
where t_u are the totals of the weighted scores in unit u and share_h is the product of the
sampling fractions of the stages before. Without population sizes only the first stage counts.
Source: Lohr, Sampling: Design and Analysis (3rd ed.), ch. 6 and 9; Binder (1983). Lonely units
as in R's survey package 4.1 (options survey.lonely.psu and survey.adjust.domain.lonely), with
which the results agree to 1e-13.
"""

from __future__ import annotations

import numpy as np

from analysis.sampling.columns import BoolArray, FloatArray, IntArray
from analysis.sampling.design import Design
from analysis.sampling.messages import ALL_LONELY, LONELY_UNIT
from analysis.sampling.stages import Stage
from foundation.problems import Place, Problem, ProblemsError

CENSUS = 1e-7
"""A stratum with this little left unsampled adds no variance (R's threshold)."""


def covariance_of_total(design: Design, scores: FloatArray) -> FloatArray:
    """Return the (k, k) covariance of the column sums of `scores`.

    `scores` (n, k) are already multiplied by the weights: for a total w*y, for a mean
    w*(y - mean)/sum(w), for any smooth estimate w times its influence function.
    """
    # The chain rule: what the last step leaves is what the one before it works on.
    for residual in reversed(design.residuals):
        scores = residual(scores)
    k = scores.shape[1]
    covariance = np.zeros((k, k))
    present = _present(design)
    for number, stage in enumerate(design.stages, start=1):
        if number > 1 and not np.isfinite(stage.population).any():
            break
        covariance += _stage_covariance(design, stage, number, _totals(stage, scores), present)
    return covariance


def grouped_sums(values: FloatArray, groups: IntArray, count: int) -> FloatArray:
    """Return (count, k) sums of the rows of `values` (n, k) by group code."""
    sums = np.empty((count, values.shape[1]))
    for column in range(values.shape[1]):
        sums[:, column] = np.bincount(groups, weights=values[:, column], minlength=count)
    return sums


def _totals(stage: Stage, scores: FloatArray) -> FloatArray:
    if stage.alone:
        return scores
    return grouped_sums(scores, stage.unit, len(stage.stratum))


def _present(design: Design) -> BoolArray | None:
    """(n,) rows that make a unit count as present, or None when all units do.

    After calibration every row bears on a domain, and all units count.
    """
    return None if design.residuals or design.inside.all() else design.inside


def _stage_covariance(
    design: Design, stage: Stage, number: int, totals: FloatArray, present: BoolArray | None
) -> FloatArray:
    remaining = np.where(stage.remaining < CENSUS, 0.0, stage.remaining)
    seen = _units_seen(stage, present)
    lonely = (stage.sampled == 1) & (remaining > 0) & (seen > 0)
    if design.lonely == "fail" and lonely.any():
        raise ProblemsError([_lonely_problem(stage, lonely, number)])
    left_lonely = (seen == 1) & (stage.sampled > 1) & design.lonely_domains
    factor = stage.share * remaining * _degrees_factor(stage.sampled)
    uncentred = (lonely | left_lonely) & (design.lonely == "adjust")
    if design.lonely == "average":
        dropped = (lonely | left_lonely) & (remaining > 0)
        factor = np.where(dropped, 0.0, factor) * _average_factor(stage, dropped, seen > 0, number)
    means = grouped_sums(totals, stage.stratum, len(stage.strata)) / stage.sampled[:, None]
    means[uncentred] = 0.0
    deviations = totals - means[stage.stratum]
    return np.asarray((deviations * factor[stage.stratum][:, None]).T @ deviations)


def _degrees_factor(sampled: FloatArray) -> FloatArray:
    return np.where(sampled > 1, sampled / np.maximum(sampled - 1, 1.0), 1.0)


def _units_seen(stage: Stage, present: BoolArray | None) -> FloatArray:
    """(H,) units of each stratum with a row in the domain."""
    if present is None:
        return stage.sampled
    seen = np.zeros(len(stage.stratum))
    seen[stage.unit[present]] = 1.0
    counts = np.bincount(stage.stratum, weights=seen, minlength=len(stage.strata))
    return counts.astype(np.float64)


def _average_factor(
    stage: Stage, dropped: BoolArray, counted: BoolArray, number: int
) -> FloatArray:
    """(H,) strata over strata with a variance, within each unit of the stage before."""
    parents = int(stage.parent.max(initial=0)) + 1
    every = np.bincount(stage.parent, weights=counted.astype(float), minlength=parents)
    usable = np.bincount(
        stage.parent, weights=(counted & ~dropped).astype(float), minlength=parents
    )
    if ((every > 0) & (usable == 0)).any():
        raise ProblemsError([ALL_LONELY.at(Place(), stage=number)])
    return np.asarray((every / np.maximum(usable, 1.0))[stage.parent])


def _lonely_problem(stage: Stage, lonely: BoolArray, number: int) -> Problem:
    names = [stage.strata[code] for code in np.flatnonzero(lonely)]
    return LONELY_UNIT.at(Place(), count=len(names), stage=number, strata=", ".join(names[:5]))

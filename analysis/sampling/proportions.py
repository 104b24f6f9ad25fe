"""PURE. Shares of answers: proportions with their intervals, boxes, NPS, multi-response sets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from analysis.sampling.columns import FloatArray, Labels
from analysis.sampling.design import Design
from analysis.sampling.estimates import Estimates, estimate
from analysis.sampling.estimators import Sums, means_of, ratios_of
from analysis.sampling.intervals import Proportion, proportion_limits
from analysis.sampling.messages import NOT_ZERO_ONE
from foundation.problems import Place, ProblemsError

PROMOTER, DETRACTOR = 9, 6


def level_indicators(labels: Labels) -> FloatArray:
    """Return (n, levels) ones and zeros, NaN in rows without a category."""
    table = np.equal(labels.codes[:, None], np.arange(len(labels.levels))).astype(np.float64)
    table[~labels.known] = np.nan
    return np.asarray(table)


def shares_of(labels: Labels, prefix: str = "") -> Sums:
    """Return the proportions of all levels of a category, jointly."""
    return means_of(level_indicators(labels), [f"{prefix}{level}" for level in labels.levels])


def box_of(values: FloatArray, least: float, name: str) -> Sums:
    """Return the share of answers at or above `least`, for example a top-two box."""
    hits = np.where(np.isnan(values), np.nan, (values >= least).astype(np.float64))
    return means_of(hits, [name])


def nps_of(values: FloatArray, name: str = "nps") -> Sums:
    """Return the net promoter score: 100 times the share of 9-10 minus the share of 0-6.

    Reichheld (2003); `values` (n,) are answers from 0 to 10.
    """
    points = 100.0 * ((values >= PROMOTER).astype(np.float64) - (values <= DETRACTOR))
    return means_of(np.where(np.isnan(values), np.nan, points), [name])


def of_respondents(chosen: FloatArray, names: Sequence[str]) -> Sums:
    """Return, for a multi-response set (n, k) of ones and zeros, each answer's share of cases."""
    return means_of(chosen, names)


def of_answers(chosen: FloatArray, names: Sequence[str]) -> Sums:
    """Return each answer's share of all answers given; the shares add to one."""
    given = np.nansum(chosen, axis=1, keepdims=True)
    return ratios_of(chosen, np.broadcast_to(given, chosen.shape), names)


def proportion_interval(
    design: Design,
    hits: FloatArray,
    *,
    method: str = "logit",
    level: float = 0.95,
    df: float | None = None,
    name: str = "",
) -> tuple[Estimates, float, float]:
    """Return the share of ones in `hits` (n,) of 0, 1 and NaN, and its limits by `method`.

    Missing answers are outside the domain, whose degrees of freedom `df` defaults to.
    """
    domain = design.within(~np.isnan(hits))
    known = hits[domain.inside]
    if not np.isin(known, (0.0, 1.0)).all():
        raise ProblemsError([NOT_ZERO_ONE.at(Place(item=name), name=name)])
    share = estimate(domain, means_of(hits, [name]))
    proportion = Proportion(
        value=float(share.values[0]),
        variance=_variance(design, share, method),
        n=int(share.counts[0]),
        df=share.df if df is None else df,
        design_df=share.df,
        name=name,
    )
    low, high = proportion_limits(proportion, method, level)
    return share, low, high


def _variance(design: Design, share: Estimates, method: str) -> float:
    """Return the variance of the share; by replicates of the logit for the method logit."""
    variance, p = float(share.covariance[0, 0]), float(share.values[0])
    draws = share.draws
    usable = draws is not None and bool(((draws > 0) & (draws < 1)).all()) and 0 < p < 1
    if method != "logit" or draws is None or not usable or design.replicates is None:
        return variance
    logits = design.replicates.covariance(special.logit(draws), special.logit(share.values))
    return float(logits[0, 0]) * (p * (1 - p)) ** 2

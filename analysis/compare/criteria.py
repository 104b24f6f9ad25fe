"""PURE. How many segments: information criteria of a mixture, and how well it tells cases apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from analysis.compare.mixture import Mixture
    from analysis.model.layout import Layout

NAMES = ("aic3", "aic4", "bic", "caic")


@dataclass(frozen=True)
class Criteria:
    """Information criteria, the lower the better, and the entropy criterion EN.

    EN is 1 when every case belongs to one segment for certain and 0 when nothing tells them
    apart; None for a single segment.
    """

    parameters: int
    aic3: float
    aic4: float
    bic: float
    caic: float
    entropy: float | None


def criteria(plan: Layout, found: Mixture) -> Criteria:
    """Return the criteria of a mixture.

    With L the log likelihood and N parameters, N = (S - 1) + S (paths + constructs they lead
    to): AIC3 = -2L + 3N, AIC4 = -2L + 4N, BIC = -2L + N ln n, CAIC = -2L + N (1 + ln n).
    EN = 1 - sum over cases and segments of -P ln P / (n ln S).
    Source: Hahn et al. (2002); Sarstedt, Becker, Ringle, Schwaiger (2011), Schmalenbach
    Business Review 63, 34-62.
    """
    n, S = found.members.shape
    each = sum(len(sources) for sources in plan.sources) + len(plan.endogenous)
    N = S - 1 + S * each
    misfit, per_case = -2.0 * found.log_likelihood, math.log(n)
    return Criteria(
        N,
        misfit + 3 * N,
        misfit + 4 * N,
        misfit + per_case * N,
        misfit + (per_case + 1) * N,
        _entropy(found) if S > 1 else None,
    )


def _entropy(found: Mixture) -> float:
    n, S = found.members.shape
    positive = np.where(found.members > 0, found.members, 1.0)
    return float(1.0 + (positive * np.log(positive)).sum() / (n * math.log(S)))

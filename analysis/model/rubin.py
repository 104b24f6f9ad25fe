"""PURE. Rubin's rules: one estimate and its error from several imputed data sets.

Source: Rubin, Multiple Imputation for Nonresponse in Surveys (1987), ch. 3; degrees of freedom
for small samples: Barnard, Rubin (1999), Biometrika 86, 948-955.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]


NONE = 1e-8
"""A share of the variance below which gaps count as having added nothing."""


@dataclass(frozen=True)
class Pooled:
    """K estimates over m imputations, each (K,).

    estimate       mean over the imputations
    within         mean of the squared standard errors
    between        variance of the estimates over the imputations
    se             root of the total variance, within + (1 + 1/m) between
    df             of Barnard and Rubin
    missing        fraction of missing information (fmi)
    """

    estimate: FloatArray
    within: FloatArray
    between: FloatArray
    se: FloatArray
    df: FloatArray
    missing: FloatArray


def pooled(estimates: FloatArray, variances: FloatArray, df: float) -> Pooled:
    """Return (m, K) estimates and their squared standard errors as one.

    `df` are the degrees of freedom that complete data would have (infinite for a large sample).
    Where nothing varies, the standard error is zero and no information is missing.
    """
    m = len(estimates)
    within = variances.mean(axis=0)
    between = estimates.var(axis=0, ddof=1) if m > 1 else np.zeros_like(within)
    extra = (1.0 + 1.0 / m) * between
    total = within + extra
    share = np.divide(extra, total, out=np.zeros_like(total), where=total > 0)
    own = _degrees(share, m, df)
    ratio = np.divide(extra, within, out=np.zeros_like(total), where=within > 0)
    missing = np.where(share > 0, (ratio + 2.0 / (own + 3.0)) / (ratio + 1.0), 0.0)
    missing = np.where((within == 0) & (share > 0), 1.0, missing)
    return Pooled(estimates.mean(axis=0), within, between, np.sqrt(total), own, missing)


def _degrees(share: FloatArray, m: int, df: float) -> FloatArray:
    """Return (K,) degrees of freedom from the share of the variance that is due to gaps."""
    old = np.divide(m - 1.0, share**2, out=np.full(len(share), np.inf), where=share > NONE)
    if not np.isfinite(df):
        return np.asarray(old)
    observed = (df + 1.0) / (df + 3.0) * df * (1.0 - share)
    # 1 / (1 / old + 1 / observed), which is `observed` where `old` is infinite
    return np.asarray(observed / (1.0 + np.where(np.isinf(old), 0.0, observed / old)))

"""PURE. How well implied moments meet the data: chi-square and the indices made from it.

Definitions are those of lavaan (likelihood "normal": divisor n), since programs differ. Sources:
chi-square Joreskog (1969); CFI Bentler (1990); TLI Tucker, Lewis (1973); RMSEA Steiger (1990),
interval Browne, Cudeck (1993); SRMR Bentler (1995); GFI, AGFI Joreskog, Sorbom (1981); AIC Akaike
(1974); BIC Schwarz (1978), sample-size adjusted Sclove (1987); scaled Yuan, Bentler (2000);
robust CFI, TLI, RMSEA Brosseau-Liard, Savalei (2012, 2014).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

CLOSE = 0.05
"""The RMSEA whose exceedance `rmsea.pvalue` tests."""

LEVEL = 0.90


@dataclass(frozen=True)
class Test:
    """A chi-square and its degrees of freedom; `scaling` is its Yuan-Bentler factor."""

    __test__ = False

    chi2: float
    df: int
    scaling: float = 1.0

    @property
    def scaled(self) -> float:
        """Return the chi-square corrected for non-normal answers."""
        return self.chi2 / self.scaling

    @property
    def excess(self) -> float:
        """Return the misfit beyond chance under non-normal answers."""
        return self.chi2 - self.scaling * self.df


def tail(chi2: float, df: int) -> float | None:
    """Return the probability of a chi-square at least as large; None without freedom."""
    from scipy.stats import chi2 as distribution

    return float(distribution.sf(chi2, df)) if df > 0 else None


def incremental(chi2: float, df: int, baseline: float, baseline_df: int) -> dict[str, float]:
    """Return the indices that compare a model with the baseline of unrelated items.

    CFI is held within 0 and 1; TLI (also called NNFI) and RNI are not.
    """
    own, other = chi2 - df, baseline - baseline_df
    worst = max(own, other, 0.0)
    ratio = baseline / baseline_df
    tli = (ratio - chi2 / df) / (ratio - 1.0) if df > 0 and ratio != 1.0 else 1.0
    return {
        "cfi": 1.0 - max(own, 0.0) / worst if worst > 0 else 1.0,
        "tli": tli,
        "nnfi": tli,
        "nfi": 1.0 - chi2 / baseline,
        "ifi": (baseline - chi2) / (baseline - df),
        "rni": 1.0 - own / other,
    }


def rmsea(chi2: float, df: int, n: int, groups: int = 1) -> dict[str, float | None]:
    """Return RMSEA, its 90 % interval, and the p-value of its being at most 0.05.

    sqrt(max(chi2 - df, 0) / (n df)) times the root of the number of groups.
    """
    if df <= 0:
        return dict.fromkeys(("rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.pvalue"))
    from scipy.stats import ncx2

    per = n * df / groups
    lower, upper = _ends(chi2, df)
    return {
        "rmsea": math.sqrt(max(chi2 - df, 0.0) / per),
        "rmsea.ci.lower": math.sqrt(lower / per),
        "rmsea.ci.upper": math.sqrt(upper / per),
        "rmsea.pvalue": float(ncx2.sf(chi2, df, CLOSE**2 * per)),
    }


def _ends(chi2: float, df: int) -> tuple[float, float]:
    """Return the noncentralities under which the chi-square stands at the 95th and 5th percent."""
    from scipy.stats import ncx2

    def below(noncentrality: float) -> float:
        return float(ncx2.cdf(chi2, df, noncentrality))

    side = (1.0 - LEVEL) / 2.0
    return _root(below, 1.0 - side, chi2), _root(below, side, chi2)


def _root(falling: Callable[[float], float], level: float, scale: float) -> float:
    """Return where a falling function meets a level, or zero when it starts below it."""
    from scipy.optimize import brentq

    if falling(0.0) < level:
        return 0.0
    end = max(scale, 1.0)
    while falling(end) > level:
        end *= 2.0
    return float(brentq(lambda x: falling(x) - level, 0.0, end, xtol=1e-10))


def information_criteria(logl: float, free: int, n: int) -> dict[str, float]:
    """Return AIC, BIC and the sample-size adjusted BIC (`bic2`); smaller is better."""
    return {
        "aic": -2.0 * logl + 2.0 * free,
        "bic": -2.0 * logl + free * math.log(n),
        "bic2": -2.0 * logl + free * math.log((n + 2.0) / 24.0),
    }


def srmr(
    observed: FloatArray,
    implied: FloatArray,
    means: tuple[FloatArray, FloatArray] | None = None,
) -> float:
    """Return the standardised root mean square residual of (p, p) covariances.

    Residuals are divided by the observed standard deviations, variances included. `means` are
    the observed and implied ones (p,), where the model has some.
    """
    deviations = np.sqrt(np.diag(observed))
    rows, columns = np.tril_indices(len(observed))
    gaps = ((observed - implied) / np.outer(deviations, deviations))[rows, columns]
    if means is not None:
        gaps = np.concatenate([gaps, (means[0] - means[1]) / deviations])
    return float(np.sqrt(np.mean(gaps**2)))


def gfi(observed: FloatArray, implied: FloatArray, df: int) -> dict[str, float | None]:
    """Return the share of the weighted variance of the covariances that the model meets.

    1 - tr((W S - I)^2) / tr((W S)^2), W the inverse of the implied covariances; AGFI corrects
    it for the degrees of freedom.
    """
    product = np.linalg.solve(implied, observed)
    off = product - np.eye(len(observed))
    value = 1.0 - float(np.trace(off @ off)) / float(np.trace(product @ product))
    return adjusted_gfi(value, len(observed), df)


def adjusted_gfi(value: float, p: int, df: int) -> dict[str, float | None]:
    """Return a GFI of p items and the one corrected for the degrees of freedom."""
    adjusted = 1.0 - p * (p + 1) / (2.0 * df) * (1.0 - value) if df > 0 else None
    return {"gfi": value, "agfi": adjusted}


def scaled_indices(own: Test, baseline: Test, n: int) -> dict[str, float | None]:
    """Return chi-square and indices that hold for non-normal answers (MLR).

    `.scaled` ones put the scaled chi-squares into the usual formulas; `.robust` ones estimate
    what the indices would be for normal answers.
    """
    usual = incremental(own.scaled, own.df, baseline.scaled, baseline.df)
    worst = max(own.excess, baseline.excess, 0.0)
    found: dict[str, float | None] = {
        "chisq.scaled": own.scaled,
        "df.scaled": float(own.df),
        "pvalue.scaled": tail(own.scaled, own.df),
        "chisq.scaling.factor": own.scaling,
        "cfi.scaled": usual["cfi"],
        "tli.scaled": usual["tli"],
        "cfi.robust": 1.0 - max(own.excess, 0.0) / worst if worst > 0 else 1.0,
        "rmsea.scaled": rmsea(own.scaled, own.df, n)["rmsea"],
    }
    if own.df > 0:
        found["tli.robust"] = 1.0 - own.excess * baseline.df / (baseline.excess * own.df)
        found["rmsea.robust"] = math.sqrt(max(own.excess, 0.0) / (n * own.df))
    return found

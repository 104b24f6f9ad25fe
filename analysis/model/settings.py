"""PURE. How a path model is estimated: scheme, metric, consistency, missing answers, stopping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scheme = Literal["path", "centroid", "factorial"]
Metric = Literal["standardised", "raw"]
Missing = Literal["mean", "pairwise", "complete", "imputation"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a result was computed with; printed beside every result.

    Parameters
    ----------
    scheme           inner weights: path (regressions towards a construct, correlations away from
                     it), centroid (signs of correlations) or factorial (correlations)
    metric           standardised (every item divided by its standard deviation) or raw (items
                     only centred; the treatment of the 2005 mobile telephone example)
    consistent       correct for measurement error (PLSc) in constructs of mode A
    missing          mean replacement, pairwise moments, complete cases only, or multiple
                     imputation (`analysis.model.imputed`)
    ordinal          correlate items by polychoric correlations
    tolerance        the iteration stops when no outer weight, in units of its item's standard
                     deviation, changes by more
    max_iterations   a resample that needs more counts as not converged
    """

    scheme: Scheme = "path"
    metric: Metric = "standardised"
    consistent: bool = False
    missing: Missing = "mean"
    tolerance: float = 1e-12
    max_iterations: int = 3000
    ordinal: bool = False

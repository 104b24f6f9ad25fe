"""PURE. Cases of which nobody learned whether they are eligible count in part.

Their weight is multiplied by e, the share of them that is taken as eligible; cases known not to be
eligible end with weight 0. e is stated, or the weighted share of eligible cases among those of
which it is known (the proportional or CASRO method: AAPOR, Standard Definitions, 10th ed. 2023).
The step comes before that of nonresponse (Valliant, Dever, Kreuter 2018, section 13.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.weighting.nonresponse import Residual

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ELIGIBLE, UNKNOWN, NOT_ELIGIBLE = range(3)


@dataclass(frozen=True)
class EligibilityAdjustment:
    """What is known of each case, (n,) of the three codes above; `share` is e, None to estimate."""

    standing: IntArray
    share: float | None = None

    @property
    def cells(self) -> IntArray:
        """(n,) the standing."""
        return self.standing

    def shares(self, counts: FloatArray) -> FloatArray:
        """Return (R,) e from (R, 3) weighted counts: as stated, or eligible over known cases."""
        if self.share is not None:
            return np.full(len(counts), self.share)
        known = counts[:, ELIGIBLE] + counts[:, NOT_ELIGIBLE]
        return np.divide(counts[:, ELIGIBLE], known, out=np.ones(len(counts)), where=known != 0)

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, C) factors from (R, C) weighted counts: 1, e and 0."""
        padded = np.zeros((len(counts), 3))
        padded[:, : counts.shape[1]] = counts
        found = np.zeros_like(padded)
        found[:, ELIGIBLE], found[:, UNKNOWN] = 1.0, self.shares(padded)
        return found[:, : counts.shape[1]]

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return scores plus what the estimated e adds: (dT/de) (a_i - e k_i) w_i / sum(w k).

        a says eligible, k known; dT/de is the sum of the scores of the unknown cases over e.
        """
        del after
        counts = np.bincount(self.standing, weights=before, minlength=3).astype(float)[None, :]
        e = float(self.shares(counts)[0])
        known = self.standing != UNKNOWN
        of_share = before * ((self.standing == ELIGIBLE) - e * known)
        total = float(before @ known)

        def deviations(scores: FloatArray) -> FloatArray:
            if self.share is not None or not total or not e:
                return scores
            slope = scores[~known].sum(axis=0) / e
            return np.asarray(scores + np.outer(of_share / total, slope))

        return deviations

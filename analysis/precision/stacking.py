"""PURE. Waves below each other in one design: which strata they share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sampling.columns import Labels, crossed


def joint_strata(wave: Labels, stratum: Labels, unit: Labels) -> NDArray[np.str_]:
    """Return (n,) strata in which several waves can be estimated together, "stratum: waves".

    A stratum is parted by the waves in which its units take part: those of one wave alone, those
    of both, and so on. A unit that several waves share (a panel member, a branch) enters or
    leaves a replicate in all its waves at once, which makes their covariance right; units that
    could never be drawn in place of each other are not, which would blur the variance. For two
    simple samples it is, but for chance, V1 + V2 - 2 n12/(n1 n2) S12, given how many are in one
    wave and in both (Kish 1965, Survey Sampling, section 12.4; Tam 1984, American
    Statistician 38, 288-289).

    Each of `wave`, `stratum` and `unit` has n codes; units are told apart within strata.
    """
    own = crossed(stratum, unit)
    present = np.zeros((len(own.levels), len(wave.levels)), dtype=np.bool_)
    present[own.codes, wave.codes] = True
    patterns, pattern = np.unique(present, axis=0, return_inverse=True)
    names = np.array([_joined(wave, row) for row in patterns])
    strata = np.array(stratum.levels)[stratum.codes]
    return np.asarray(np.char.add(np.char.add(strata, ": "), names[pattern.reshape(-1)[own.codes]]))


def _joined(wave: Labels, present: NDArray[np.bool_]) -> str:
    return "+".join(name for name, there in zip(wave.levels, present, strict=True) if there)

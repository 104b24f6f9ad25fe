"""PURE. Indices with their errors side by side, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.sampling.estimates import Estimates, chosen

if TYPE_CHECKING:
    from analysis.model.run import Fit
    from analysis.sampling.columns import FloatArray
    from foundation.problems import Problem


@dataclass(frozen=True)
class IndexErrors:
    """Indices 0-100 of all parts and constructs, each error with its joint covariance.

    The estimates are in the order of the parts, within each in that of the constructs. Their
    `deff` is against a simple random sample drawn with replacement.

    fixed          by replicates, outer weights fixed
    linearised     by Taylor, outer weights fixed: must be near `fixed`
    re_estimated   by replicates, everything estimated again
    effects        every path, total effect, impact, loading ... of every model, re-estimated,
                   named "part: kind name < of"
    fits           the models of the full sample by the name of their part
    problems       warnings: of the models, and replicates left out
    """

    parts: tuple[str, ...]
    constructs: tuple[str, ...]
    fixed: Estimates
    linearised: Estimates
    re_estimated: Estimates
    effects: Estimates
    fits: Mapping[str, Fit]
    problems: tuple[Problem, ...] = ()

    def place(self, part: str, construct: str) -> int:
        """Return where an index stands among the estimates; ValueError when it does not."""
        width = len(self.constructs)
        return self.parts.index(part) * width + self.constructs.index(construct)

    def of(self, construct: str) -> IndexErrors:
        """Return one construct in all parts, named by part: what a league table compares."""
        places = [self.place(part, construct) for part in self.parts]
        return replace(
            self,
            constructs=(construct,),
            fixed=chosen(self.fixed, places, self.parts),
            linearised=chosen(self.linearised, places, self.parts),
            re_estimated=chosen(self.re_estimated, places, self.parts),
        )

    def change(self, first: str, second: str, construct: str) -> IndexErrors:
        """Return the index of part `second` minus that of part `first`, with all its errors."""
        row = np.zeros(len(self.fixed.values))
        row[self.place(second, construct)] += 1.0
        row[self.place(first, construct)] -= 1.0
        name = f"{second} - {first}"
        return replace(
            self,
            parts=(name,),
            constructs=(construct,),
            fixed=_combined(self.fixed, row, name),
            linearised=_combined(self.linearised, row, name),
            re_estimated=_combined(self.re_estimated, row, name),
        )

    def model_share(self) -> FloatArray:
        """Return (k,) the share of the re-estimated variance that fixed weights leave out.

        Below zero where the error with fixed weights happens to be the larger one.
        """
        fixed, whole = np.diag(self.fixed.covariance), np.diag(self.re_estimated.covariance)
        ratio = np.divide(fixed, whole, out=np.ones_like(fixed), where=whole > 0)
        return np.asarray(1.0 - ratio)


def _combined(estimates: Estimates, row: FloatArray, name: str) -> Estimates:
    """Return the combination `row` (k,) of estimates; replicates of it are those of its parts."""
    nothing = np.full(1, np.nan)
    return replace(
        estimates,
        names=(name,),
        values=np.array([estimates.values @ row]),
        covariance=np.array([[row @ estimates.covariance @ row]]),
        counts=np.array([estimates.counts[row != 0].sum()]),
        deff=nothing,
        n_eff=nothing,
        draws=None if estimates.draws is None else estimates.draws @ row[:, None],
    )

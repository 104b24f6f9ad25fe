"""PURE. The index of many groups in every resample: by outer weights fixed, and estimated anew.

Where a group is a single sampling unit (a league of the branches that were drawn), drawing units
again says nothing of it: the group is there or not. Its error then is that of its own customers:
groups are strata, respondents the units. It says how surely these very groups differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.index import scores_by_construct
from analysis.model.cases import prepared
from analysis.model.estimates import Status
from analysis.model.moments import moments
from analysis.scales import weighted_index
from analysis.wavefit.joint import Joint, has_lone_unit, within_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.wavefit.joint import Side
    from analysis.wavefit.resampling import Drawn

    FloatArray = NDArray[np.float64]

RESAMPLES = 1000


@dataclass(frozen=True)
class GroupDraws:
    """The index of G groups, in the sample and in B resamples.

    values        (G,)
    fixed         (B, G) under the outer weights of the full sample
    re_estimated  (B, G) under those of the resample; None for models of several stages
    df            degrees of freedom: sampling units minus strata
    is_own_unit   whether groups are sampling units themselves
    """

    values: FloatArray
    fixed: FloatArray
    re_estimated: FloatArray | None
    df: int
    is_own_unit: bool

    @property
    def draws(self) -> FloatArray:
        """(B, G) the index with all that is uncertain in it."""
        return self.fixed if self.re_estimated is None else self.re_estimated


@dataclass(frozen=True)
class Scene:
    """A wave whose groups are drawn again: its model, its cases, and the index wanted."""

    drawn: Drawn
    side: Side
    index: str

    def group_draws(self, groups: Sequence[str], names: Sequence[str]) -> GroupDraws:
        """Return the index of the groups `names`, each respondent's being one of `groups` (n,)."""
        keys = self.side.keys(0)
        is_own_unit = has_lone_unit(keys[: len(groups)], groups, names)
        if is_own_unit:
            keys = within_groups(keys, [*groups, *[""] * (len(keys) - len(groups))])
        joint = Joint.of([self.side], [keys])
        parts = _Parts.of(self, groups, names)
        seed = self.drawn.seed
        found = [parts.means(own.weights) for (own,) in joint.stacks(RESAMPLES, seed)]
        fixed = np.concatenate([one for one, _ in found])
        again = [one for _, one in found if one is not None]
        estimated = np.concatenate(again) if again else None
        fine = np.isfinite(fixed if estimated is None else estimated).all(axis=1)
        return GroupDraws(
            parts.means(self.weights[None, :])[0][0],
            fixed[fine],
            None if estimated is None else estimated[fine],
            joint.design.degrees_of_freedom(),
            is_own_unit,
        )

    @property
    def weights(self) -> FloatArray:
        """(n,) final weights of the respondents."""
        own = self.drawn.sample.weights
        return np.ones(self.drawn.sample.n) if own is None else own


@dataclass(frozen=True)
class _Parts:
    """What the index of a group is made of.

    inside   (n, G) who is in which group
    scores   (n,) of the index, by the outer weights of the full sample
    items    (n, q) of the index, gaps filled by the item's mean; None for models of several stages
    """

    scene: Scene
    inside: FloatArray
    scores: FloatArray
    items: FloatArray | None

    @classmethod
    def of(cls, scene: Scene, groups: Sequence[str], names: Sequence[str]) -> _Parts:
        inside = np.array([[group == name for name in names] for group in groups], dtype=float)
        fit, values = scene.drawn.full, scene.drawn.sample.values
        scores = scores_by_construct(fit, values)[scene.index]
        if fit.chain is not None:
            return cls(scene, inside, scores, None)
        own = prepared(fit.model, values)
        filled = np.where(np.isnan(own), fit.estimates.means[:, 0], own)
        return cls(scene, inside, scores, filled[:, cls._block(scene)])

    @staticmethod
    def _block(scene: Scene) -> slice:
        fit = scene.drawn.full
        return fit.plan.blocks[fit.model.names.index(scene.index)]

    def means(self, weights: FloatArray) -> tuple[FloatArray, FloatArray | None]:
        """Return the (B, G) indices under (B, n) weights, outer weights fixed and estimated."""
        below = weights @ self.inside
        below = np.where(below > 0, below, np.nan)
        fixed = np.asarray(((weights * self.scores) @ self.inside) / below)
        if self.items is None:
            return fixed, None
        means = np.stack([((weights * item) @ self.inside) / below for item in self.items.T])
        return fixed, self._again(weights, means)

    def _again(self, weights: FloatArray, means: FloatArray) -> FloatArray:
        """Return (B, G) indices by each resample's own outer weights; NaN where it has none."""
        estimator, fit = self.scene.drawn.estimator, self.scene.drawn.full
        found = estimator.estimates(moments(estimator.products, weights))
        assert fit.ends is not None  # noqa: S101 - a wave states its scales
        block = self._block(self.scene)
        slopes = np.where(found.status == Status.FINE, found.slopes[block], np.nan)
        low, high = (end[block] for end in fit.ends)
        return np.stack(
            [weighted_index(slopes, means[:, :, g], low, high) for g in range(means.shape[2])],
            axis=1,
        )

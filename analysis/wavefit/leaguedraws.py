"""PURE. The index of many groups in every resample: by outer weights fixed, and estimated anew.

Where a group is a single sampling unit (a league of the branches that were drawn), drawing units
again says nothing of it: the group is there or not. Its error then is that of its own customers:
groups are strata, respondents the units. It says how surely these very groups differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.index import scores_by_construct
from analysis.model.cases import prepared
from analysis.model.estimates import Status
from analysis.model.moments import moments
from analysis.model.resampling import Replication as Weights
from analysis.sampling.columns import labels_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.scales import weighted_index
from analysis.wavefit.design import declared
from analysis.wavefit.sample import STRATUM, carried

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.sampling.design import Design
    from analysis.wavefit.resampling import Drawn
    from analysis.wavefit.weighing import Weighed

    FloatArray = NDArray[np.float64]
    Draw = Callable[[int, np.random.Generator], Weights]

STACKS, STACK = 2, 500
LEAST_UNITS = 2


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
    """A wave whose groups are drawn again: its model, its weighting, and the index wanted."""

    drawn: Drawn
    weighed: Weighed | None
    index: str

    def group_draws(self, groups: Sequence[str], names: Sequence[str]) -> GroupDraws:
        """Return the index of the groups `names`, each respondent's being one of `groups` (n,)."""
        inside = np.array([[group == name for name in names] for group in groups], dtype=float)
        is_own_unit = self._is_own_unit(inside)
        draw, df = self._within(groups) if is_own_unit else self._as_drawn()
        parts = _Parts.of(self, inside)
        found = [parts.means(weights) for weights in self._stacks(draw)]
        fixed = np.concatenate([one for one, _ in found])
        again = [one for _, one in found if one is not None]
        estimated = np.concatenate(again) if again else None
        fine = np.isfinite(fixed if estimated is None else estimated).all(axis=1)
        own = np.ones(len(inside)) if self.weights is None else self.weights
        return GroupDraws(
            parts.means(own[None, :])[0][0],
            fixed[fine],
            None if estimated is None else estimated[fine],
            df,
            is_own_unit,
        )

    @property
    def weights(self) -> FloatArray | None:
        """(n,) final weights of the respondents, None for all alike."""
        return self.drawn.sample.weights

    def _stacks(self, draw: Draw) -> Iterator[FloatArray]:
        for k in range(STACKS):
            yield draw(STACK, np.random.default_rng((self.drawn.seed, k))).weights

    def _is_own_unit(self, inside: FloatArray) -> bool:
        """Tell whether any group has its respondents from a single sampling unit."""
        sample = self.drawn.sample
        if sample.units is None:
            return False
        units = labels_of(_crossed(sample.units, sample.strata or ("",) * sample.n)).codes
        return any(len(np.unique(units[column > 0])) < LEAST_UNITS for column in inside.T)

    def _as_drawn(self) -> tuple[Draw, int]:
        """Return how the sample is drawn again: as for the index, where that has a rule."""
        sample = self.drawn.sample
        if self.weighed is not None:
            return self.weighed.draw, self.weighed.start.degrees_of_freedom()
        design, _ = declared(sample.n, sample.strata, sample.units, sample.weights)
        return _redraw(design), design.degrees_of_freedom()

    def _within(self, groups: Sequence[str]) -> tuple[Draw, int]:
        """Return how respondents are drawn again within groups, and within the strata in them."""
        sample = self.drawn.sample
        if self.weighed is None:
            strata = _crossed(groups, sample.strata or ("",) * sample.n)
            design, _ = declared(sample.n, strata, None, sample.weights)
            return _redraw(design), design.degrees_of_freedom()
        rows = self.weighed.rows
        own = [str(carried(row, STRATUM) or "") for row in rows]
        everybody = [*groups, *[""] * (len(rows) - len(groups))]
        design, _ = declared(len(rows), _crossed(everybody, own), None)
        start = replace(self.weighed, start=design, is_stratified=True)
        return start.draw, design.degrees_of_freedom()


def _crossed(groups: Sequence[str], strata: Sequence[str]) -> list[str]:
    return [f"{group}\x1f{stratum}" for group, stratum in zip(groups, strata, strict=True)]


def _redraw(design: Design) -> Draw:
    def draw(count: int, rng: np.random.Generator) -> Weights:
        found = replicate_weights(design, Replication("subbootstrap", count), rng=rng)
        return Weights(found.weights(design.weights, slice(None)), scale=found.scale)

    return draw


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
    def of(cls, scene: Scene, inside: FloatArray) -> _Parts:
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

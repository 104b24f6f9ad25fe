"""PURE. A model of several stages on the moments of its items: L'SL from stage to stage.

The items of a stage are linear combinations of the columns of the data, so that their
covariances are L'SL: no row of the data is needed after the first matrix product. Products of
two scores are linear combinations too, once the products of the items are columns: with
x = sum a_i u_i and z = sum b_j v_j, both centred, xz = sum a_i b_j u_i v_j. The second moments of
those columns are the fourth moments of the items, so interactions are exact in every resample.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.estimates import Estimates, Status, estimate
from analysis.model.layout import Layout, layout
from analysis.model.moments import Moments
from analysis.model.scoring import ends_of
from analysis.model.stages import ItemProduct, Own, Product, Score, Source, Stage, stages_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.scoring import Ends
    from analysis.model.settings import Settings
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Lift:
    """The q items of a stage from the P columns of the data: columns' matrix plus constant.

    matrix (P, q, B), constant (q, B). `sound` (B,) is False where a score on 0-100 does not
    exist because its weights add up to zero or less.
    """

    matrix: FloatArray
    constant: FloatArray
    sound: BoolArray


@dataclass(frozen=True)
class Chain:
    """The stages of a model, ready to be estimated on moments.

    Parameters
    ----------
    items            names of the columns that were asked
    centres : (p,)   what is subtracted from the items before products are made
    anchors          for each stage, the slopes of the full sample that signs follow, or nothing
    own              for each stage, how the full sample's items are made, or nothing
    """

    items: tuple[str, ...]
    stages: tuple[Stage, ...]
    centres: FloatArray
    anchors: tuple[FloatArray, ...] = ()
    own: tuple[Lift, ...] = ()

    @cached_property
    def plans(self) -> tuple[Layout, ...]:
        """Return the layout of each stage."""
        return tuple(layout(stage.model) for stage in self.stages)

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Return the pairs of items whose products are columns after the items, in order."""
        found: set[tuple[int, int]] = set()
        for before, stage in zip((None, *self.stages), self.stages, strict=False):
            for source in stage.sources:
                if isinstance(source, ItemProduct):
                    one, other = self.items.index(source.first), self.items.index(source.second)
                    found.add((min(one, other), max(one, other)))
                if isinstance(source, Product) and before is not None:
                    reached = (self._reached(source.first), self._reached(source.second))
                    found |= {(min(pair), max(pair)) for pair in product(*reached)}
        return tuple(sorted(found))

    def _reached(self, name: str) -> set[int]:
        """Return the columns from which the score of a construct is made."""
        found: set[int] = set()
        names = {name}
        for stage in reversed(self.stages[:-1]):
            sources = dict(zip(stage.model.indicators, stage.sources, strict=True))
            own = [own for own in stage.model.constructs if own.name in names]
            used = [sources[item] for construct in own for item in construct.indicators]
            found |= {self.items.index(source.item) for source in used if isinstance(source, Own)}
            names = {source.construct for source in used if isinstance(source, Score)}
        return found

    def columns(self, values: FloatArray) -> FloatArray:
        """Return (n, P) columns: the (n, p) items, without gaps, and the products they need."""
        centred = values - self.centres
        products = [centred[:, i] * centred[:, j] for i, j in self.pairs]
        return np.column_stack([values, *products])

    def anchored(self, base: Moments, found: Estimates) -> Chain:
        """Return the chain that knows the full sample: its resamples are turned the same way."""
        slopes = tuple(each.slopes[:, 0] for each in through(found))
        return replace(self, anchors=slopes, own=tuple(self._lifts(base, found)))

    def items_of(self, values: FloatArray) -> list[FloatArray]:
        """Return the (n, q) items of each stage from (n, p) cases, as the full sample makes them.

        A missing answer counts as the mean of its item.
        """
        columns = self.columns(np.where(np.isnan(values), self.centres, values))
        return [columns @ lift.matrix[:, :, 0] + lift.constant[:, 0] for lift in self.own]

    def estimate(self, base: Moments, settings: Settings) -> Estimates:
        """Return the estimates of the last stage; `first` leads to those of the stages before.

        The status of a resample is that of the first stage that failed.
        """
        found: Estimates | None = None
        lift: Lift | None = None
        for number, plan in enumerate(self.plans):
            lift = self._lift(number, base, lift, found)
            towards = self.anchors[number] if self.anchors else None
            own = estimate(plan, lifted(base, lift), settings, towards)
            found = replace(own, first=found, status=_status(own, found, lift))
        assert found is not None  # noqa: S101 - a chain has a stage
        return found

    def _lifts(self, base: Moments, found: Estimates) -> list[Lift]:
        """Return how the items of each stage are made, given the estimates of all stages."""
        lifts: list[Lift] = []
        all_found = (None, *through(found))
        for number in range(len(self.stages)):
            before = lifts[-1] if lifts else None
            lifts.append(self._lift(number, base, before, all_found[number]))
        return lifts

    def _lift(
        self, number: int, base: Moments, before: Lift | None, found: Estimates | None
    ) -> Lift:
        maker = _Maker(self, number, base, before, found)
        made = [maker.column(source) for source in self.stages[number].sources]
        matrix = np.stack([column for column, _ in made], axis=1)
        return Lift(matrix, np.stack([constant for _, constant in made]), maker.sound)


def chain_of(model: Model, centres: FloatArray) -> Chain:
    """Return the chain of a model; `centres` (p,) are the items' means in the full sample."""
    return Chain(model.indicators, stages_of(model), centres)


def through(found: Estimates) -> tuple[Estimates, ...]:
    """Return the estimates of all stages, the first stage first."""
    return (*(through(found.first) if found.first else ()), found)


def lifted(base: Moments, lift: Lift) -> Moments:
    """Return the moments of a stage's items: L'm + c and L'SL."""
    half = np.einsum("prb,rqb->pqb", base.covariances, lift.matrix)
    covariances = np.einsum("pqb,psb->qsb", lift.matrix, half)
    means = np.einsum("pqb,pb->qb", lift.matrix, base.means) + lift.constant
    return Moments(means, covariances, base.varies)


def _status(own: Estimates, before: Estimates | None, lift: Lift) -> NDArray[np.int64]:
    status = np.where(lift.sound, own.status, int(Status.NO_INDEX))
    if before is None:
        return status
    return np.where(before.status == Status.FINE, status, before.status)


class _Maker:
    """Makes the items of one stage, column by column, from the stage before."""

    def __init__(
        self,
        chain: Chain,
        number: int,
        base: Moments,
        before: Lift | None,
        found: Estimates | None,
    ) -> None:
        self.chain, self.base, self.before, self.found = chain, base, before, found
        self.model = chain.stages[number - 1].model
        self.plan = chain.plans[number - 1]
        self.ends: Ends | None = ends_of(self.model)
        self.shape = base.means.shape
        self.sound = np.ones(self.shape[1], dtype=bool)

    def column(self, source: Source) -> tuple[FloatArray, FloatArray]:
        """Return the (P, B) coefficients and the (B,) constant of one item."""
        if isinstance(source, Own):
            return self._own(source.item), np.zeros(self.shape[1])
        if isinstance(source, Score):
            return self._score(source.construct)
        if isinstance(source, Product):
            first, second = self._composite(source.first), self._composite(source.second)
            return self._product(first[0], second[0])
        return self._product(self._standard(source.first), self._standard(source.second))

    def _own(self, item: str) -> FloatArray:
        column = np.zeros(self.shape)
        column[self.chain.items.index(item)] = 1.0
        return column

    def _standard(self, item: str) -> FloatArray:
        place = self.chain.items.index(item)
        return np.asarray(self._own(item) / np.sqrt(self.base.covariances[place, place]))

    def _composite(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return the coefficients and the constant of a score of variance one."""
        assert self.before is not None  # noqa: S101 - the first stage has no scores
        assert self.found is not None  # noqa: S101
        block = self.plan.blocks[self.model.names.index(name)]
        slopes = self.found.slopes[block]
        column = np.einsum("pqb,qb->pb", self.before.matrix[:, block], slopes)
        return column, (self.before.constant[block] * slopes).sum(axis=0)

    def _score(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Return the coefficients and the constant of a score on 0-100, if scales are known."""
        column, constant = self._composite(name)
        if self.ends is None or self.found is None:
            return column, constant
        block = self.plan.blocks[self.model.names.index(name)]
        slopes = self.found.slopes[block]
        low, high = (end[block, None] for end in self.ends)
        reach = (slopes * (high - low)).sum(axis=0)
        self.sound &= reach > 0
        unit = 100.0 / np.where(reach > 0, reach, 1.0)
        return column * unit, (constant - (slopes * low).sum(axis=0)) * unit

    def _product(self, first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the product of two centred combinations of items as one of columns."""
        p = len(self.chain.items)
        a, b, centres = first[:p], second[:p], self.chain.centres[:, None]
        off = self.base.means[:p] - centres
        moved_a, moved_b = (a * off).sum(axis=0), (b * off).sum(axis=0)
        column = np.zeros(self.shape)
        column[:p] = -moved_b * a - moved_a * b
        for place, (i, j) in enumerate(self.chain.pairs, start=p):
            column[place] = a[i] * b[j] + (a[j] * b[i] if i != j else 0.0)
        constant = moved_a * moved_b - (column[:p] * centres).sum(axis=0)
        return column, constant

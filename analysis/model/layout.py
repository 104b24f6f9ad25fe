"""PURE. The model as positions in arrays, worked out once and used for every resample."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Layout:
    """Where each construct's items stand, and which constructs each one leans on.

    `p` items and `k` constructs. `blocks[j]` are the positions of construct j's items;
    `sources[j]` and `targets[j]` the constructs with a path to and from j; `order` lists the
    constructs so that every path leads forward.
    """

    blocks: tuple[slice, ...]
    modes: tuple[str, ...]
    sources: tuple[tuple[int, ...], ...]
    targets: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]

    @property
    def p(self) -> int:
        """Return the number of items."""
        return int(self.blocks[-1].stop)

    @property
    def k(self) -> int:
        """Return the number of constructs."""
        return len(self.blocks)

    @property
    def owners(self) -> NDArray[np.intp]:
        """Return for each item the position of its construct, as a (p,) array."""
        return np.repeat(np.arange(self.k), [size(block) for block in self.blocks])

    def sums(self, values: FloatArray) -> FloatArray:
        """Return (k, ...) sums over the items of each construct, from (p, ...) values."""
        return np.add.reduceat(values, [block.start for block in self.blocks], axis=0)

    @property
    def endogenous(self) -> tuple[int, ...]:
        """Return the constructs that some path leads to."""
        return tuple(j for j in range(self.k) if self.sources[j])

    @property
    def singles(self) -> tuple[int, ...]:
        """Return the constructs of one item."""
        return tuple(j for j, block in enumerate(self.blocks) if size(block) == 1)

    @property
    def factors(self) -> tuple[int, ...]:
        """Return the constructs of mode A with more than one item: those PLSc corrects."""
        return tuple(j for j in range(self.k) if self.modes[j] == "A" and j not in self.singles)

    @property
    def largest_equation(self) -> int:
        """Return the largest number of predictors in one regression of the estimation."""
        items = [size(self.blocks[j]) for j in range(self.k) if self.modes[j] == "B"]
        return max([len(sources) for sources in self.sources] + items)


def size(block: slice) -> int:
    """Return the number of items of a block."""
    return int(block.stop - block.start)


def layout(model: Model) -> Layout:
    """Return the positions of a model's items and constructs."""
    ends = np.cumsum([0, *(len(construct.indicators) for construct in model.constructs)]).tolist()
    place = {name: j for j, name in enumerate(model.names)}
    arrows = [(place[path.source], place[path.target]) for path in model.paths]
    every = range(len(place))
    sources = tuple(tuple(sorted(s for s, t in arrows if t == j)) for j in every)
    targets = tuple(tuple(sorted(t for s, t in arrows if s == j)) for j in every)
    return Layout(
        blocks=tuple(slice(start, end) for start, end in pairwise(ends)),
        modes=tuple(construct.mode for construct in model.constructs),
        sources=sources,
        targets=targets,
        order=_forward(sources),
    )


def _forward(sources: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    order: list[int] = []
    while len(order) < len(sources):
        order += [
            j for j, needed in enumerate(sources) if j not in order and set(needed) <= set(order)
        ]
    return tuple(order)

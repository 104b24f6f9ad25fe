"""PURE. Where the boxes of a path diagram stand: layers from cause to effect, few crossings.

Arrows lead from left to right. A box stands one layer after the last of its causes; within a
layer boxes are ordered by the mean place of their neighbours (Sugiyama, Tagawa, Toda 1981, IEEE
Trans. Systems, Man, Cybernetics 11, 109-125). An arrow that skips layers passes them in a lane
of its own, so that it does not run behind a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Arrow = tuple[str, str]
Lane = tuple[str, str, int]
Stop = str | Lane
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Layers:
    """The stops of every layer, top to bottom: names of boxes, and lanes of passing arrows."""

    layers: tuple[tuple[Stop, ...], ...]
    depth: dict[str, int]

    def route(self, source: str, target: str) -> list[Stop]:
        """Return the stops of one arrow, from its source to its target."""
        between = range(self.depth[source] + 1, self.depth[target])
        return [source, *((source, target, layer) for layer in between), target]


def layered(names: Sequence[str], arrows: Sequence[Arrow]) -> Layers:
    """Return the layers of boxes; arrows must not run in a circle.

    >>> layered(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")]).layers
    (('a',), (('a', 'c', 1), 'b'), ('c',))
    """
    depth = _depths(names, arrows)
    count = max(depth.values(), default=0) + 1
    layers: list[list[Stop]] = [[n for n in names if depth[n] == layer] for layer in range(count)]
    for source, target in arrows:
        for layer in range(depth[source] + 1, depth[target]):
            layers[layer].insert(0, (source, target, layer))
    steps = _steps(arrows, depth)
    best, least = layers, _crossings(layers, steps)
    for sweep in range(SWEEPS):
        layers = _swept(layers, steps, down=sweep % 2 == 0)
        crossings = _crossings(layers, steps)
        if crossings < least:
            best, least = layers, crossings
    return Layers(tuple(tuple(layer) for layer in best), depth)


def _depths(names: Sequence[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """Return the length of the longest way to each box; causes move up to their first effect."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        for source, target in arrows:
            depth[target] = max(depth[target], depth[source] + 1)
    driven = {target for _, target in arrows}
    for name in names:
        effects = [depth[target] for source, target in arrows if source == name]
        if name not in driven and effects:
            depth[name] = min(effects) - 1
    return depth


def _steps(arrows: Sequence[Arrow], depth: dict[str, int]) -> list[tuple[Stop, Stop]]:
    """Return every arrow as steps from one layer to the next."""
    routes = [Layers((), depth).route(*arrow) for arrow in arrows]
    return [step for route in routes for step in pairwise(route)]


def _swept(
    layers: list[list[Stop]], steps: list[tuple[Stop, Stop]], *, down: bool
) -> list[list[Stop]]:
    """Return the layers, each ordered by the mean place of its neighbours in the one before."""
    found = [list(layer) for layer in layers]
    numbers = range(1, len(found)) if down else range(len(found) - 2, -1, -1)
    pairs = steps if down else [(target, source) for source, target in steps]
    for number in numbers:
        before = found[number - 1 if down else number + 1]
        places = _shares(before)
        own = _shares(found[number])
        means = {
            stop: _mean([places[a] for a, b in pairs if b == stop and a in places], own[stop])
            for stop in found[number]
        }
        found[number].sort(key=means.__getitem__)
    return found


def _shares(layer: list[Stop]) -> dict[Stop, float]:
    """Return how far down its layer each stop stands, from 0 to 1."""
    return {stop: place / max(len(layer) - 1, 1) for place, stop in enumerate(layer)}


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(layers: list[list[Stop]], steps: list[tuple[Stop, Stop]]) -> int:
    place = {stop: number for layer in layers for number, stop in enumerate(layer)}
    layer_of = {stop: number for number, layer in enumerate(layers) for stop in layer}
    count = 0
    for number in range(len(layers) - 1):
        here = [(place[a], place[b]) for a, b in steps if layer_of[a] == number]
        count += sum(
            (a - c) * (b - d) < 0 for at, (a, b) in enumerate(here) for c, d in here[at + 1 :]
        )
    return count

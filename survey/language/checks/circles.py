"""PURE. Circles in a graph of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def circles(graph: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Return circles of two or more names, each name in at most one, in the order of the graph.

    >>> circles({"a": "b", "b": "c", "c": "b", "d": "d"})
    [('b', 'c')]
    """
    left = {name: {other for other in others if other != name} for name, others in graph.items()}
    found: list[tuple[str, ...]] = []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle = set(error.args[1])
            found.append(tuple(name for name in graph if name in circle))
            left = {name: others - circle for name, others in left.items() if name not in circle}
        else:
            return found

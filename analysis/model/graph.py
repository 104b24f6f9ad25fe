"""PURE. Arrows between names: finding a circle."""

from __future__ import annotations


def find_circle(edges: set[tuple[str, str]]) -> list[str]:
    """Return the names along one circle of arrows, first name repeated, or an empty list.

    >>> find_circle({("a", "b"), ("b", "c"), ("c", "b")})
    ['b', 'c', 'b']
    """
    left = set(edges)
    while True:
        targets = {target for _, target in left}
        sources = {source for source, _ in left}
        kept = {(s, t) for s, t in left if s in targets and t in sources}
        if kept == left:
            break
        left = kept
    return _walk(sorted(left))


def _walk(edges: list[tuple[str, str]]) -> list[str]:
    """Follow arrows, each of which can be followed further, until a name comes again."""
    if not edges:
        return []
    onward = dict(reversed(edges))
    name, seen = edges[0][0], list[str]()
    while name not in seen:
        seen.append(name)
        name = onward[name]
    return [*seen[seen.index(name) :], name]

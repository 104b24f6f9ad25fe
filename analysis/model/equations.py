"""PURE. The equations of a model for covariance-based estimation, as lavaan's sem() sets them up.

The first item of a construct is its marker (loading one). Exogenous constructs covary freely;
so do the disturbances of constructs that are outcomes only. A construct with parts is measured by
them. A construct of one item is the item itself, without measurement error.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from analysis.model.covariance_structure import FIXED, Structure, Term, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.model.specify import Construct, Model

START = 0.5
"""Residual variances and construct variances start at half of a standardised item's."""


def path_equations(model: Model, *, means: bool = False) -> Structure:
    """Return the whole model: measurement and paths; `means` adds the items' intercepts."""
    items = model.indicators
    nodes = (*items, *(own.name for own in model.constructs if _latent(own)))
    place = _places(model.constructs, nodes, len(items))
    terms = [
        *_loadings(model.constructs, items, place),
        *_paths(model, nodes, place),
        *_variances(nodes, len(items), set(place.values())),
        *_covariances(model, nodes, place),
        *(_intercepts(nodes, len(items)) if means else ()),
    ]
    return Structure(nodes, len(items), numbered(terms))


def measurement_equations(constructs: Sequence[Construct]) -> Structure:
    """Return a factor model with means: the constructs of several items, all free to covary."""
    items = tuple(item for own in constructs for item in own.indicators)
    nodes, p = (*items, *(own.name for own in constructs)), len(items)
    place = _places(constructs, nodes, p)
    terms = [
        *_loadings(constructs, items, place),
        *_variances(nodes, p, set(place.values())),
        *(_covariance(nodes, place[one], place[two]) for one, two in combinations(place, 2)),
        *_intercepts(nodes, p),
    ]
    return Structure(nodes, p, numbered(terms))


def _latent(construct: Construct) -> bool:
    return len(construct.indicators) != 1


def _places(constructs: Sequence[Construct], nodes: tuple[str, ...], p: int) -> dict[str, int]:
    """Return the node of every construct: one of its own, or that of its only item."""
    return {
        own.name: nodes.index(own.name, p) if _latent(own) else nodes.index(own.indicators[0])
        for own in constructs
    }


def _loadings(
    constructs: Sequence[Construct], items: tuple[str, ...], place: dict[str, int]
) -> Iterator[Term]:
    """Return the loadings of each construct's items or parts; that of the first is one."""
    for own in constructs:
        if not _latent(own):
            continue
        for number, name in enumerate(own.parts or own.indicators):
            row = place[name] if own.parts else items.index(name)
            term = Term(own.name, "=~", name, "effect", row, place[own.name], 1.0)
            yield replace(term, free=FIXED) if number == 0 else term


def _paths(model: Model, nodes: tuple[str, ...], place: dict[str, int]) -> Iterator[Term]:
    for own in model.constructs:
        for path in model.paths:
            if path.target == own.name:
                row, column = place[path.target], place[path.source]
                yield Term(nodes[row], "~", nodes[column], "effect", row, column, 0.0)


def _variances(nodes: tuple[str, ...], p: int, constructs: set[int]) -> Iterator[Term]:
    """Return residual variances; a single item, which is a construct, starts at its whole one."""
    for number, name in enumerate(nodes):
        start = 1.0 if number < p and number in constructs else START
        yield Term(name, "~~", name, "covariance", number, number, start)


def _covariances(model: Model, nodes: tuple[str, ...], place: dict[str, int]) -> Iterator[Term]:
    sources = {path.source for path in model.paths}
    targets = {path.target for path in model.paths}
    parts = {part for own in model.constructs for part in own.parts}
    free = [own.name for own in model.constructs if own.name not in parts]
    outside = [name for name in free if name not in targets]
    outcomes = [name for name in free if name in targets and name not in sources]
    for group in (outside, outcomes):
        for one, two in combinations(group, 2):
            yield _covariance(nodes, place[one], place[two])


def _covariance(nodes: tuple[str, ...], row: int, column: int) -> Term:
    return Term(nodes[row], "~~", nodes[column], "covariance", row, column, 0.0)


def _intercepts(nodes: tuple[str, ...], p: int) -> Iterator[Term]:
    for number, name in enumerate(nodes):
        term = Term(name, "~1", "", "mean", number, number, 0.0)
        yield term if number < p else replace(term, free=FIXED)

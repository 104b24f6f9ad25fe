"""PURE. P values corrected for many tests, and the verdict on measurement invariance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.compare import messages
from analysis.compare.invariance import verdict
from analysis.compare.results import METHODS
from analysis.sampling.many import adjusted
from foundation.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.compare.groups import Groups
    from analysis.compare.results import Pair
    from analysis.model.parameters import Parameter
    from analysis.sampling.many import Correction
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]


def corrected(
    pairs: list[Pair], labels: tuple[Parameter, ...], correction: Correction
) -> tuple[Pair, ...]:
    """Return the pairs with p values corrected within each method and kind of parameter."""
    kinds = np.array([label.kind for label in labels])
    own: list[dict[str, FloatArray]] = [{} for _ in pairs]
    for method in METHODS:
        have = [i for i, pair in enumerate(pairs) if method in pair.p]
        if not have:
            continue
        raw = np.stack([pairs[i].p[method] for i in have])
        fixed = np.empty_like(raw)
        for kind in np.unique(kinds):
            part = raw[:, kinds == kind]
            fixed[:, kinds == kind] = adjusted(part.ravel(), correction).reshape(part.shape)
        for i, row in zip(have, fixed, strict=True):
            own[i][method] = row
    return tuple(replace(pair, adjusted=found) for pair, found in zip(pairs, own, strict=True))


def judged(
    groups: Groups, pairs: tuple[Pair, ...], correction: Correction
) -> tuple[tuple[Pair, ...], list[Problem]]:
    """Return the pairs with the verdict on each construct, and warnings in words.

    The p values of a construct are corrected over the pairs of groups.
    """
    tested = [pair.invariance for pair in pairs if pair.invariance is not None]
    if len(tested) < len(pairs):
        return pairs, []
    steps = [
        _over_pairs(np.stack([getattr(own, step).p for own in tested]), correction)
        for step in ("composition", "means", "variances")
    ]
    found = tuple(
        replace(pair, verdicts=tuple(map(verdict, *(step[i].tolist() for step in steps))))
        for i, pair in enumerate(pairs)
    )
    return found, [problem for pair in found for problem in _said(groups, pair)]


def _over_pairs(p: FloatArray, correction: Correction) -> FloatArray:
    """Return (pairs, k) p values corrected over the pairs."""
    return np.stack([adjusted(column, correction) for column in p.T], axis=1)


def _said(groups: Groups, pair: Pair) -> Iterator[Problem]:
    names = {"first": groups.names[pair.first], "second": groups.names[pair.second]}
    place = Place(item=" - ".join(names.values()))
    different = [
        name for name, word in zip(groups.model.names, pair.verdicts, strict=True) if word == "none"
    ]
    if different:
        yield messages.NOT_INVARIANT.at(place, constructs=", ".join(different), **names)
    elif pair.verdict == "partial":
        yield messages.ONLY_PARTIAL.at(place, **names)

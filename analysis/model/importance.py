"""PURE. Importance and performance: which construct, and which item, to improve first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import messages
from analysis.model.derived import derived, row_of
from analysis.model.extension_messages import NO_SCALES, UNKNOWN_NAME
from foundation.problems import Place, Problem, ProblemsError, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.inference import Figure
    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Lever:
    """Something that moves the target.

    importance     index points of the target for each point (0-100) of the lever
    performance    where the lever stands on 0-100
    item           "" for the construct as a whole
    """

    construct: str
    item: str
    importance: Figure
    performance: Figure


@dataclass(frozen=True)
class ImportanceMap:
    """Importance and performance of all that leads to one construct, and what to beware of."""

    target: str
    constructs: tuple[Lever, ...]
    items: tuple[Lever, ...]
    problems: tuple[Problem, ...]


def importance_map(fit: Fit, target: str, *, level: float = 0.95) -> ImportanceMap:
    """Return the importance-performance map of one construct.

    The importance of a construct is its total effect on the 0-100 metric; that of an item is
    the construct's times the item's share of it. A negative share is reported with the item's
    name: improving that item would lower the target, which is hardly meant.
    Source: Ringle, Sarstedt (2016), Industrial Management & Data Systems 116(9), 1865-1886.

    ProblemsError when the model has no such construct or does not state all scales.
    """
    must_be_rated(fit, target)
    drivers = [label.of for label in fit.labels if label[:2] == ("impact", target)]
    constructs = [
        Lever(
            name,
            "",
            fit.figure("impact", target, name, level=level),
            fit.figure("index", name, level=level),
        )
        for name in drivers
    ]
    items = [lever for name in drivers for lever in _items(fit, target, name, level)]
    problems = [_negative(fit, lever) for lever in items if _share(fit, lever) < 0]
    return ImportanceMap(target, tuple(constructs), tuple(items), tuple(problems))


def must_be_rated(fit: Fit, *names: str) -> None:
    """Raise ProblemsError when a name is no construct with an index in this fit."""
    known = fit.model.rated
    problems = [
        UNKNOWN_NAME.at(Place(item=name), name=name, near=nearest(name, known))
        for name in names
        if name not in known
    ]
    if fit.ends is None:
        problems.append(NO_SCALES.at(Place()))
    if problems:
        raise ProblemsError(problems)


def _shares(fit: Fit, name: str) -> list[str]:
    return [label.name for label in fit.labels if label.kind == "share" and label.of == name]


def _items(fit: Fit, target: str, name: str, level: float) -> list[Lever]:
    items = _shares(fit, name)
    impact = row_of(fit, "impact", target, name)
    rows = [row_of(fit, "share", item, name) for item in items]

    def combine(values: FloatArray) -> FloatArray:
        return np.asarray(values[rows] * values[impact])

    found = derived(fit, combine, level=level)
    return [
        Lever(name, item, figure, fit.figure("performance", item, name, level=level))
        for item, figure in zip(items, found, strict=True)
    ]


def _share(fit: Fit, lever: Lever) -> float:
    return float(fit.point[row_of(fit, "share", lever.item, lever.construct)])


def _negative(fit: Fit, lever: Lever) -> Problem:
    return messages.NEGATIVE_WEIGHT.at(
        Place(item=lever.item),
        item=lever.item,
        value=f"{_share(fit, lever):.3f}",
        name=lever.construct,
    )

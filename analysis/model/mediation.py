"""PURE. Mediation: by which constructs an effect runs, how strongly, and what to call it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.derived import derived, row_of
from foundation.problems import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from analysis.model.inference import Figure
    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]

WORDS = {
    "complementary": N_("complementary mediation: direct and indirect effect point the same way"),
    "competitive": N_("competitive mediation: direct and indirect effect point opposite ways"),
    "indirect_only": N_("indirect-only mediation: the effect runs by the mediators alone"),
    "direct_only": N_("no mediation: there is a direct effect only"),
    "none": N_("no effect, neither direct nor indirect, can be told from zero"),
    "assumed": N_("indirect effect; the model has no direct path that it could be compared with"),
}
"""What each kind of mediation is called. Source: Zhao, Lynch, Chen (2010), J. Consumer Research
37(2), 197-206, figure 2."""


@dataclass(frozen=True)
class Specific:
    """The effect along one route of paths, for example Quality > Value > Satisfaction."""

    route: tuple[str, ...]
    effect: Figure


@dataclass(frozen=True)
class Mediation:
    """All of the effect of one construct on another that runs by others.

    Parameters
    ----------
    specific       the indirect effect by each route; they add up to `indirect`
    direct         None when the model has no direct path
    share          variance accounted for (VAF): indirect over total effect; None when the two
                   parts have opposite signs or there is no direct path: it means nothing there
    kind           a key of WORDS, or "" without resamples, when nothing can be told from zero
    """

    source: str
    target: str
    specific: tuple[Specific, ...]
    indirect: Figure
    direct: Figure | None
    total: Figure
    share: Figure | None
    kind: str


def mediations(fit: Fit, *, level: float = 0.95) -> list[Mediation]:
    """Return every mediated effect of the model, standardised, with intervals.

    An effect counts as different from zero when its interval excludes zero. VAF as in Hair,
    Hult, Ringle, Sarstedt, A Primer on PLS-SEM (2nd ed. 2017), ch. 7.
    """
    routes = _routes(fit)
    return [_mediation(fit, source, target, own, level) for (source, target), own in routes.items()]


def _routes(fit: Fit) -> Mapping[tuple[str, str], list[tuple[str, ...]]]:
    """Return all routes of two paths and more, by their ends."""
    onward: dict[str, list[str]] = defaultdict(list)
    for path in fit.model.paths:
        onward[path.source].append(path.target)
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for name in fit.model.rated:
        for route in _from((name,), onward):
            found[name, route[-1]].append(route)
    return found


def _from(route: tuple[str, ...], onward: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    for name in onward.get(route[-1], ()):
        longer = (*route, name)
        if len(longer) > 2:  # noqa: PLR2004 - a route by a mediator has three ends
            yield longer
        yield from _from(longer, onward)


def _mediation(
    fit: Fit, source: str, target: str, routes: list[tuple[str, ...]], level: float
) -> Mediation:
    rows = [[row_of(fit, "path", b, a) for a, b in pairwise(route)] for route in routes]

    def combine(values: FloatArray) -> FloatArray:
        return np.stack([values[own].prod(axis=0) for own in rows])

    effects = derived(fit, combine, level=level)
    indirect = fit.figure("indirect", target, source, level=level)
    total = fit.figure("total", target, source, level=level)
    has_direct = (source, target) in {(path.source, path.target) for path in fit.model.paths}
    direct = fit.figure("path", target, source, level=level) if has_direct else None
    return Mediation(
        source,
        target,
        tuple(Specific(*pair) for pair in zip(routes, effects, strict=True)),
        indirect,
        direct,
        total,
        _share(fit, direct, indirect, (target, source), level),
        _kind(direct, indirect),
    )


def _share(
    fit: Fit, direct: Figure | None, indirect: Figure, ends: tuple[str, str], level: float
) -> Figure | None:
    if direct is None or direct.value * indirect.value <= 0:
        return None
    part, whole = (row_of(fit, kind, *ends) for kind in ("indirect", "total"))

    def combine(values: FloatArray) -> FloatArray:
        total = values[whole]
        return np.asarray(values[part] / np.where(total == 0, 1.0, total))[None]

    return derived(fit, combine, level=level)[0]


def _kind(direct: Figure | None, indirect: Figure) -> str:
    if indirect.low is None:
        return ""
    if direct is None:
        return "assumed" if _clear(indirect) else "none"
    if _clear(indirect) and _clear(direct):
        same = direct.value * indirect.value > 0
        return "complementary" if same else "competitive"
    if _clear(indirect):
        return "indirect_only"
    return "direct_only" if _clear(direct) else "none"


def _clear(found: Figure) -> bool:
    """Tell whether the interval excludes zero."""
    assert found.low is not None  # noqa: S101 - asked of figures with an interval
    assert found.high is not None  # noqa: S101
    return found.low > 0 or found.high < 0

"""PURE. Judging the paths, what they explain, and how well the whole model fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model.estimates import Status
from analysis.model.judging.rows import (
    DEPENDENT,
    NO_INTERVAL,
    NOT_ADMISSIBLE,
    NOT_VARYING,
    STAGES,
    Row,
    judged,
    undefined,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model.exactfit import ExactFit
    from analysis.model.judging.lookup import Lookup
    from analysis.model.resampling import Resamples

DISTANCES = ("srmr", "d_ULS", "d_G")


def inner_rows(found: Lookup) -> list[Row]:
    """Return the rows of paths, collinearity, effect sizes and explained variance."""
    fit = found.fit
    names = [fit.model.names[j] for j in fit.plan.endogenous]
    return [
        *(
            _path(found, kind, p.target, p.source)
            for kind in ("path", "vif", "f2")
            for p in fit.model.paths
        ),
        *(found.row(kind, name) for kind in ("r2", "r2_adj") for name in names),
    ]


def _path(found: Lookup, kind: str, target: str, source: str) -> Row:
    shown = f"{source} -> {target}"
    if kind == "f2" and found.figure("r2", target).value >= 1:
        return undefined(kind, shown, DEPENDENT)
    return found.row(kind, target, source, shown=shown)


def fit_rows(found: Lookup, tested: ExactFit | None, *, stages: bool) -> Iterator[Row]:
    """Yield SRMR and the tests of exact fit (None: no resamples were asked for)."""
    yield found.row("srmr", "")
    if tested is not None and tested.distances:
        for distance in tested.distances:
            yield judged("exact_fit", distance.name, distance.p)
        total = tested.used + tested.dropped
        yield judged("dropped", "exact_fit", tested.dropped / total)
        return
    for name in DISTANCES:
        yield undefined("exact_fit", name, _why(tested, stages=stages))


def _why(tested: ExactFit | None, *, stages: bool) -> str:
    if stages:
        return STAGES
    if tested is None:
        return NO_INTERVAL
    unfit = (Status.NOT_ADMISSIBLE, Status.NO_RELIABILITY)
    return NOT_ADMISSIBLE if tested.status in unfit else NOT_VARYING


def resample_rows(resamples: Resamples | None) -> list[Row]:
    """Return the share of resamples that could not be estimated, if there were any resamples."""
    if resamples is None:
        return []
    return [judged("dropped", "", 1.0 - float(resamples.fine.mean()))]

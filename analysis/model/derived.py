"""PURE. Numbers made of several parameters, with the error and interval of what they make.

A product of paths, or an impact times a share, is made anew in every resample from the values
that the resample already has: nothing is estimated again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model.inference import Figure, figure
from analysis.model.parameters import Parameter

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]
    Combine = Callable[[FloatArray], FloatArray]


def derived(fit: Fit, combine: Combine, *, level: float = 0.95) -> list[Figure]:
    """Return D numbers made of the parameters, each with its error and interval.

    `combine` turns (K, B) parameters, in the order of `fit.labels`, into (D, B) numbers.
    Studentised intervals need an error within each resample, which a derived number lacks: it
    gets the BCa interval instead.
    """
    point = combine(fit.point[:, None])[:, 0]
    own = fit.resamples
    if own is not None:
        own = replace(
            own,
            labels=(),
            values=combine(own.values),
            deleted=None if own.deleted is None else combine(own.deleted),
            inner=None,
            interval="percentile" if own.deleted is None else "bca",
        )
    return [figure(point, own, place, level) for place in range(len(point))]


def row_of(fit: Fit, kind: str, name: str, of: str = "") -> int:
    """Return where a parameter stands among those of the fit; ValueError when it is not there."""
    return fit.labels.index(Parameter(kind, name, of))

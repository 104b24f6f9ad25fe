"""PURE. The value and interval of a figure, wherever it was listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.inference import Figure
from analysis.model.judging.rows import Row, judged, undefined
from analysis.model.parameters import Parameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Lookup:
    """A fit, and the further figures (`figures.figures`) with the ends of their intervals.

    further : {label: place}; point (K,); ends (2, K) or None without resamples
    """

    fit: Fit
    further: dict[Parameter, int]
    point: FloatArray
    ends: FloatArray | None

    def figure(self, kind: str, name: str, of: str = "") -> Figure:
        """Return one figure with its interval."""
        label = Parameter(kind, name, of)
        if label not in self.further:
            return self.fit.figure(kind, name, of)
        place = self.further[label]
        low, high = (None, None) if self.ends is None else self.ends[:, place].tolist()
        return Figure(float(self.point[place]), None, low, high)

    def row(self, kind: str, name: str, of: str = "", *, shown: str = "") -> Row:
        """Return the row that judges a figure by the criterion of its kind."""
        found = self.figure(kind, name, of)
        return judged(kind, shown or name, found.value, found.low, found.high)

    def rows(self, kind: str, names: tuple[str, ...], reasons: dict[str, str]) -> list[Row]:
        """Return a row for each construct, undefined with the reason where there is one."""
        return [
            undefined(kind, name, reasons[name]) if name in reasons else self.row(kind, name)
            for name in names
        ]

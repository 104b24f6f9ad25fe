"""PURE. The columns of one data set, read as numbers or as categories.

Missing is NaN among numbers and -1 among category codes, and nothing else: an empty text, None
and NaN are the same thing. Rows are never dropped here; a missing value only takes its row out
of the domain of the estimates that need it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.sampling.messages import BAD_LENGTH, NOT_NUMERIC, UNKNOWN_COLUMN
from foundation.problems import Place, ProblemsError, nearest

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Labels:
    """A categorical column: `codes` (n,) index into `levels`, -1 where missing."""

    codes: IntArray
    levels: tuple[str, ...]

    @property
    def known(self) -> BoolArray:
        """(n,) whether the row has a category."""
        return self.codes >= 0

    def indicator(self, level: int) -> FloatArray:
        """Return (n,) 1.0 where the row has this level and 0.0 elsewhere."""
        return np.asarray(self.codes == level, dtype=np.float64)


def label_text(value: object) -> str:
    """Return the name of a category; whole numbers lose their decimal point.

    >>> label_text(3.0), label_text(2.5), label_text("E"), label_text(True)
    ('3', '2.5', 'E', 'TRUE')
    """
    if isinstance(value, bool | np.bool_):
        return str(value).upper()
    if isinstance(value, float | np.floating):
        return f"{value:.15g}"
    return str(value)


def labels_of(values: ArrayLike) -> Labels:
    """Return the categories of `values` in sorted order (numbers by size, texts by code point)."""
    array = np.asarray(values)
    if array.dtype.kind in "OUS":
        array = array.astype(object)
        array[pd.isna(array) | (array == "")] = None
    codes, levels = pd.factorize(array, sort=True, use_na_sentinel=True)
    return Labels(codes.astype(np.int64), tuple(label_text(level) for level in levels))


def crossed(first: Labels, second: Labels, *, separator: str = ".") -> Labels:
    """Return the combinations of two columns that occur, the first varying fastest."""
    known = first.known & second.known
    joint = np.where(known, second.codes * len(first.levels) + first.codes, -1)
    present = np.unique(joint[known])
    codes = np.where(known, np.searchsorted(present, joint), -1)
    width = max(len(first.levels), 1)
    names = tuple(
        f"{first.levels[int(cell) % width]}{separator}{second.levels[int(cell) // width]}"
        for cell in present
    )
    return Labels(codes.astype(np.int64), names)


class Columns:
    """Named columns of equal length. Reading an unknown name says which name is near."""

    def __init__(self, values: Mapping[str, ArrayLike]) -> None:
        self._values = {name: np.asarray(column) for name, column in values.items()}
        lengths = {len(column) for column in self._values.values()}
        self.n = max(lengths, default=0)
        if len(lengths) > 1:
            raise ProblemsError(
                BAD_LENGTH.at(Place(column=name), name=name, found=len(column), expected=self.n)
                for name, column in self._values.items()
                if len(column) != self.n
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the file."""
        return tuple(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def raw(self, name: str) -> NDArray[np.generic]:
        """Return the column as stored."""
        if name not in self._values:
            near = nearest(name, self._values)
            raise ProblemsError([UNKNOWN_COLUMN.at(Place(column=name), name=name, near=near)])
        return self._values[name]

    def is_numeric(self, name: str) -> bool:
        """Tell whether the column holds numbers."""
        return self.raw(name).dtype.kind in "fiub"

    def number(self, name: str) -> FloatArray:
        """Return the column as (n,) numbers, NaN where missing."""
        column = self.raw(name)
        if column.dtype.kind in "fiub":
            return column.astype(np.float64)
        return self._parsed(name, column)

    def labels(self, name: str) -> Labels:
        """Return the column as categories."""
        return labels_of(self.raw(name))

    def crossing(self, names: Iterable[str]) -> Labels:
        """Return the combinations of several columns that occur, the first varying fastest."""
        every = [self.labels(name) for name in names]
        joint = every[0]
        for further in every[1:]:
            joint = crossed(joint, further)
        return joint

    @staticmethod
    def _parsed(name: str, column: NDArray[np.generic]) -> FloatArray:
        numbers = pd.to_numeric(pd.Series(column), errors="coerce").to_numpy(dtype=np.float64)
        texts = ~(pd.isna(column) | (column == "")) & np.isnan(numbers)
        if texts.any():
            value = str(column[int(np.argmax(texts))])
            raise ProblemsError([NOT_NUMERIC.at(Place(column=name), name=name, value=value)])
        return numbers

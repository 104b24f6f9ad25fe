"""PURE. The design of a wave from what its cases carry: strata, sampling units, weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sampling.columns import Columns
from analysis.sampling.design import Design, declare
from analysis.wavefit import messages
from foundation.problems import Place, Problem, ProblemsError

FloatArray = NDArray[np.float64]


def declared(
    n: int,
    strata: Sequence[str] | None,
    units: Sequence[str] | None,
    weights: FloatArray | None = None,
) -> tuple[Design, list[Problem]]:
    """Return the design of n cases, lonely units joined to the neighbouring stratum, and warnings.

    Without `units` every case is one, without `strata` all are drawn from one, without
    `weights` (n,) all count the same. Raises ProblemsError when there is a single unit.
    """
    units = units or tuple(map(str, range(n)))
    strata = strata or ("",) * n
    joined, lonely = _joined(strata, units)
    if len(set(zip(strata, units, strict=True))) == 1:
        raise ProblemsError([messages.ONE_UNIT.at(Place(column="psu"), unit=units[0])])
    warnings = [messages.STRATA_MERGED.at(Place(), strata=", ".join(lonely))] if lonely else []
    # A unit counts within its own stratum, also where another one has a unit of that name.
    named = [f"{stratum}\x1f{unit}" for stratum, unit in zip(strata, units, strict=True)]
    columns = Columns({
        "stratum": np.array([f"s{name}" for name in joined], dtype=object),
        "unit": np.array(named, dtype=object),
        "weight": np.ones(n) if weights is None else weights,
    })  # fmt: skip
    return declare(columns, ids=["unit"], strata=["stratum"], weights="weight"), warnings


def _joined(strata: Sequence[str], units: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return each case's stratum after lonely ones were joined, and which were lonely.

    A stratum of one unit joins the one before it in order of name, the first the one after it:
    "collapsed strata" (Wolter, Introduction to Variance Estimation, 2nd ed., section 2.5).

    >>> _joined(["a", "a", "b", "c", "c"], ["1", "2", "3", "4", "5"])
    (['a', 'a', 'a', 'c', 'c'], ['b'])
    """
    counts = Counter(stratum for stratum, _ in set(zip(strata, units, strict=True)))
    names, lonely = sorted(counts), [name for name in sorted(counts) if counts[name] == 1]
    into: dict[str, str] = {}
    for before, name in zip(["", *names], names, strict=False):
        into[name] = into[before] if counts[name] == 1 and before in into else name
    first = into[names[0]]
    if counts[names[0]] == 1 and Counter(into.values())[first] == 1 and len(names) > 1:
        into[names[0]] = into[names[1]]
    return [into[name] for name in strata], lonely

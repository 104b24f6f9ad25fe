"""The data of the speed benchmarks: needs numpy alone, so that every peer can read it."""

from __future__ import annotations

import numpy as np

MEANS, REPLICATES = 30, 500
POPULATION = 500_000


def data(n):
    """Return columns of 100 strata x 2 units with three margins, and (n, 30) variables."""
    rng = np.random.default_rng(1)
    columns = {
        "stratum": rng.integers(0, 100, n),
        "unit": rng.integers(0, 2, n),
        "w": rng.uniform(1, 5, n),
        "sex": rng.integers(0, 2, n),
        "age": rng.integers(0, 5, n),
        "region": rng.integers(0, 8, n),
    }
    return columns, rng.normal(60, 20, (n, MEANS))


def margin_totals(columns):
    """Return the targets of the three margins by level, off the sample's by up to a fifth."""
    rng = np.random.default_rng(7)
    found = {}
    for name in ("sex", "age", "region"):
        counts = np.bincount(columns[name], weights=columns["w"])
        counts = counts * rng.uniform(0.8, 1.2, len(counts))
        shares = counts / counts.sum() * POPULATION
        found[name] = {str(level): float(share) for level, share in enumerate(shares)}
    return found

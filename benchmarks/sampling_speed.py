"""Speed and memory of estimation at n = 200,000, and of the survey package svy on the same work.

Run: python -m benchmarks.sampling_speed [rows]. Thirty means over 100 strata x 2 units; Taylor,
500 Rao-Wu replicates, 500 replicates each raked to three margins. If the package svy can be
imported, the same means are taken with it, one variable a call, which is the only way in which
its errors after calibration are right.
"""

from __future__ import annotations

import resource
import sys
import time
from contextlib import contextmanager

import numpy as np

from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.weighting.margins import Raking, margin

MEANS, REPLICATES = 30, 500


@contextmanager
def timed(what, bar):
    start = time.perf_counter()
    yield
    print(f"| {what} | {time.perf_counter() - start:.2f} s | {bar} |")


def data(n):
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


def margins(columns, named):
    found = []
    for name in ("sex", "age", "region"):
        labels = columns.labels(name)
        counts = np.bincount(labels.codes, weights=named["w"])
        targets = dict(zip(labels.levels, counts / counts.sum() * 500_000, strict=True))
        found.append(margin(name, labels.codes, labels.levels, targets))
    return Raking(tuple(found))


def main(n):
    named, values = data(n)
    columns, names = Columns(named), [f"y{at}" for at in range(MEANS)]
    print(f"| n = {n:,} | time | bar |\n|---|---|---|")
    with timed("declare the design", "-"):
        design = declare(columns, ids=["unit"], strata=["stratum"], weights="w", nest=True)
    with timed(f"{MEANS} means by Taylor, deff and all", "0.5 s"):
        estimate(design, means_of(values, names))
    with timed(f"{REPLICATES} Rao-Wu replicates: make, {MEANS} means", "1.5 s"):
        rng = np.random.default_rng(2)
        made = replicate_weights(design, Replication("subbootstrap", REPLICATES), rng=rng)
        resampled = design.with_replicates(made)
        estimate(resampled, means_of(values, names))
    with timed(f"{REPLICATES} replicates raked to 3 margins, {MEANS} means", "3 s"):
        estimate(adjusted(resampled, margins(columns, named)), means_of(values, names))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory | {peak:.0f} MB | 600 MB |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)

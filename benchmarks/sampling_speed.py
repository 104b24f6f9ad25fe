"""Speed and memory of estimation at n = 200,000, and of the package svy on the same work.

Run: python -m benchmarks.sampling_speed [rows]. Thirty means over 100 strata x 2 units: Taylor,
500 Rao-Wu replicates, 500 replicates each raked to three margins; then the index of a path model
with 500 raked replicates at n = 10,000, the model estimated anew in each. `make bench-svy` makes
an environment for svy and runs `sampling_speed_svy.py` on the same data.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from contextlib import contextmanager

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from analysis.precision.index import index_errors
from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.weighting.margins import Raking, margin
from benchmarks.sampling_data import MEANS, REPLICATES, data, margin_totals
from benchmarks.satisfaction import answers, model

MODEL_ROWS = 10_000


@contextmanager
def timed(what, bar):
    start, busy = time.perf_counter(), time.process_time()
    yield
    took, busy = time.perf_counter() - start, time.process_time() - busy
    print(f"| {what} | {took:.2f} s | {busy:.2f} s | {bar} |", flush=True)


def peak(what):
    """Print the largest memory of the process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory, {what} | {used:.0f} MB | | 600 MB |", flush=True)


def raking(columns, named):
    found = []
    for name, targets in margin_totals(named).items():
        labels = columns.labels(name)
        found.append(margin(name, labels.codes, labels.levels, targets))
    return Raking(tuple(found))


def rao_wu(design):
    wanted = Replication("subbootstrap", REPLICATES)
    return design.with_replicates(replicate_weights(design, wanted, rng=np.random.default_rng(2)))


def means(n):
    named, values = data(n)
    columns, names = Columns(named), [f"y{at}" for at in range(MEANS)]
    with timed("declare the design", "-"):
        design = declare(columns, ids=["unit"], strata=["stratum"], weights="w", nest=True)
    with timed(f"{MEANS} means by Taylor, deff and all", "0.5 s"):
        estimate(design, means_of(values, names))
    with timed(f"{REPLICATES} Rao-Wu replicates: make, {MEANS} means", "1.5 s"):
        resampled = rao_wu(design)
        estimate(resampled, means_of(values, names))
    with timed(f"{REPLICATES} replicates raked to 3 margins, {MEANS} means", "3 s"):
        estimate(adjusted(resampled, raking(columns, named)), means_of(values, names))
    peak(f"n = {n:,}")


def index(n):
    """Time the index of all five constructs: clusters of 50, and every case a unit."""
    named, _ = data(n)
    columns = Columns(named)
    items = answers(np.random.default_rng(3), named["stratum"] / 100 - 0.5)
    for what, options in (
        ("200 units", {"ids": ["unit"], "strata": ["stratum"], "nest": True}),
        (f"{n:,} units", {"strata": ["stratum"]}),
    ):
        with timed(f"PLS index, n = {n:,}, {what}, {REPLICATES} raked replicates", "30 s"):
            design = rao_wu(declare(columns, weights="w", **options))
            index_errors(model(), items, adjusted(design, raking(columns, named)))
    peak(f"PLS index at n = {n:,}")


def main(n):
    print(f"| n = {n:,} | took | of which computing | bar |\n|---|---|---|---|")
    index(MODEL_ROWS)
    means(n)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)

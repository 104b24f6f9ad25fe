"""The work of `sampling_speed.py` done by the package svy, one variable a call.

Run by `make bench-svy` in an environment of its own, which holds svy and numpy: in several
variables a call svy 0.35 leaves calibration out of the variance, so that its numbers would be
wrong. Prints the same lines, to be read beside those of `sampling_speed.py` from the same run.
"""

from __future__ import annotations

import resource
import sys
import time
from contextlib import contextmanager

import numpy as np
import polars as pl
import svy

from benchmarks.sampling_data import MEANS, REPLICATES, data, margin_totals


@contextmanager
def timed(what):
    start, busy = time.perf_counter(), time.process_time()
    yield
    took, busy = time.perf_counter() - start, time.process_time() - busy
    print(f"| {what} | {took:.2f} s | {busy:.2f} s | svy |", flush=True)


def sample(n):
    columns, values = data(n)
    frame = pl.DataFrame(columns | {f"y{at}": values[:, at] for at in range(MEANS)})
    frame = frame.with_columns((pl.col("stratum") * 2 + pl.col("unit")).alias("unit"))
    margins = [pl.col(name).cast(pl.String) for name in ("sex", "age", "region")]
    return svy.Sample(
        frame.with_columns(margins), svy.Design(stratum="stratum", psu="unit", wgt="w")
    ), margin_totals(columns)


def means(sampled, method):
    return [sampled.estimation.mean(f"y{at}", method=method) for at in range(MEANS)]


def main(n):
    sampled, controls = sample(n)
    with timed(f"{MEANS} means by Taylor"):
        means(sampled, "taylor")
    with timed(f"{REPLICATES} Rao-Wu replicates: make, {MEANS} means"):
        replicated = sampled.weighting.create_bs_wgts(REPLICATES, rstate=np.random.default_rng(2))
        means(replicated, "replication")
    with timed(f"{REPLICATES} replicates raked to 3 margins, {MEANS} means"):
        raked = replicated.weighting.rake(controls=controls, tol=1e-8)
        means(raked, "replication")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory, n = {n:,} | {peak:.0f} MB | | svy |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)

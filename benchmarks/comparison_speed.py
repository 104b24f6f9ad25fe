"""Seconds to compare the two halves of the mobile telephone data, and a loop over rows beside it.

Run: OPENBLAS_NUM_THREADS=1 python -m benchmarks.comparison_speed. Medians of five.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

from analysis.compare.run import compare
from analysis.model.run import fit
from tests.golden.sem_reference import mobi_model, table

MODEL, DATA = mobi_model(), table("mobi.csv")
LABELS = ["even" if row % 2 == 0 else "odd" for row in range(len(DATA))]


def seconds(work, times=5):
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def loop(permutations):
    rng = np.random.default_rng(1)
    codes = np.arange(len(DATA)) % 2
    for _ in range(permutations):
        own = rng.permutation(codes)
        for group in (0, 1):
            fit(MODEL, DATA[own == group])


def main():
    tests = seconds(lambda: compare(MODEL, DATA, LABELS, permutations=1000, bootstrap=0))
    both = seconds(lambda: compare(MODEL, DATA, LABELS, permutations=1000, bootstrap=1000))
    rows = seconds(lambda: loop(100), 1) * 10
    print(f"1000 permutations (differences, MICOM, omnibus): {tests:.2f} s")
    print(f"  and 1000 resamples of both groups:             {both:.2f} s")
    print(f"1000 permutations, differences only, row by row: {rows:.1f} s (from 100)")


if __name__ == "__main__":
    main()

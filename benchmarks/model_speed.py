"""Speed of the structural model: a bootstrap beside plspm and a loop over rows, growth, profile.

Run: python -m benchmarks.model_speed [--plot FILE]; some five minutes. Medians. The peer plspm
(GPL-3, never a dependency) is put into an environment of its own under var/, at the versions that
it works with.
"""

from __future__ import annotations

import json
import os

# Before numpy: one thread of the matrix library, as the product's commands and workers run it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from analysis.model import resampling
from analysis.model.estimates import estimate
from analysis.model.judging.verdict import judge
from analysis.model.moments import moments
from analysis.model.pls import outer_weights
from analysis.model.run import fit, prepared_fit
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Model
from analysis.model.specify import Path as Arrow
from benchmarks.growth_plot import plot
from tests.golden.plain_pls import plain_pls
from tests.golden.sem_reference import mobi_model, table

MODEL, DATA = mobi_model(), table("mobi.csv")
RESAMPLES, SEED, PEER, LOOP = 5000, 20260101, 20, 100
PINS = ("plspm==0.5.7", "pandas==2.3.3", "numpy==2.4.6")
ENVIRONMENT = Path("var/plspm")
CASES, ITEMS = (250, 1_000, 5_000, 20_000, 100_000), (8, 16, 24, 40, 80)


def timed(work, times=5):
    """Return the median seconds of some runs, and of their processor time."""
    took, busy = [], []
    for _ in range(times):
        start, used = time.perf_counter(), time.process_time()
        work()
        took.append(time.perf_counter() - start)
        busy.append(time.process_time() - used)
    return median(took), median(busy)


def row(what, took, busy="", beside=""):
    cells = [f"{cell:.3g} s" if isinstance(cell, float) else cell for cell in (took, busy)]
    print(f"| {what} | {' | '.join(cells)} | {beside} |", flush=True)


def drawn():
    """Return the rows of the first resamples, as the bootstrap draws them."""
    return np.random.default_rng(SEED).integers(0, len(DATA), (LOOP, len(DATA)))


def bootstrap():
    return fit(MODEL, DATA, bootstrap=RESAMPLES, seed=SEED)


def whole():
    found = bootstrap()
    return judge(found, DATA)


def loop():
    """Return seconds per resample of PLS on the rows themselves, and its paths of each."""
    start, used, paths = time.perf_counter(), time.process_time(), []
    for rows in drawn():
        found = plain_pls(MODEL, DATA[rows])
        paths.append(listed(found.paths))
    return (time.perf_counter() - start) / LOOP, (time.process_time() - used) / LOOP, paths


def listed(paths):
    """Return the paths of a matrix [target, source] in the order of the model."""
    names = MODEL.names
    return [float(paths[names.index(p.target), names.index(p.source)]) for p in MODEL.paths]


def peer():
    """Return what plspm takes per resample, and its paths; None when it cannot be had."""
    python = ENVIRONMENT / "bin" / "python"
    there = python.exists() and not subprocess.call([python, "-c", "import plspm"])
    if not there:
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
        install = ["install", "--quiet", "--disable-pip-version-check", *PINS]
        if subprocess.run([python, "-m", "pip", *install], check=False).returncode:
            return None
    asked = {
        "items": MODEL.indicators,
        "constructs": {own.name: own.indicators for own in MODEL.constructs},
        "paths": [[path.source, path.target] for path in MODEL.paths],
        "samples": [DATA[rows].tolist() for rows in drawn()[:PEER]],
    }
    script = Path(__file__).with_name("model_speed_plspm.py")
    run = subprocess.run(
        [python, "-W", "ignore", script], input=json.dumps(asked), check=True, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return json.loads(run.stdout)


def beside(found, times, paths):
    """Return how much slower another is, and the largest difference of a path in its resamples."""
    places = [found.labels.index(("path", p.target, p.source)) for p in MODEL.paths]
    ours = found.resamples.values[places, : len(paths)].T
    return f"{times:.0f} times, paths differ by {np.abs(ours - np.array(paths)).max():.0e}"


def simulated(n, p, k=4):
    """Return a chain of k constructs with p items together, and n answers to them."""
    rng = np.random.default_rng(1)
    latent = np.cumsum(rng.normal(size=(n, k)), axis=1)
    values = np.repeat(latent, p // k, axis=1) + rng.normal(size=(n, p))
    names = [f"c{j}" for j in range(k)]
    blocks = (tuple(f"{name}_{i}" for i in range(p // k)) for name in names)
    arrows = [Arrow(names[i], names[j]) for j in range(k) for i in range(max(j - 2, 0), j)]
    constructs = tuple(Construct(*pair) for pair in zip(names, blocks, strict=True))
    return Model(constructs, tuple(arrows)), values


def growth(sizes, resamples):
    """Return seconds per 1,000 resamples for each (n, p)."""
    found = []
    for n, p in sizes:
        model, values = simulated(n, p)
        count = resamples if n <= 5_000 else 200
        estimator, _ = prepared_fit(model, values, None, Settings())
        took, busy = timed(lambda e=estimator, c=count: resampling.bootstrap(e, c, 1), 3)
        found.append(1000 * busy / count)
        row(f"n = {n:,}, {p} items, 1,000 resamples", 1000 * took / count, 1000 * busy / count)
    return found


def profile():
    """Print what the steps of a bootstrap take, and what arithmetic alone would."""
    estimator, found = prepared_fit(MODEL, DATA, None, Settings())
    rng, step = np.random.default_rng(SEED), resampling.stack_size(estimator)
    sizes = [min(step, RESAMPLES - start) for start in range(0, RESAMPLES, step)]
    counts = [resampling.draw_counts(rng, size, len(DATA)) for size in sizes]
    each = [moments(estimator.products, own) for own in counts]
    settings, towards = Settings(), found.estimates.slopes[:, 0]
    made = [estimate(estimator.plan, own, settings, towards) for own in each]
    steps = {
        "draw the cases": lambda: [resampling.draw_counts(rng, size, len(DATA)) for size in sizes],
        "moments: one matrix product": lambda: [moments(estimator.products, c) for c in counts],
        "iterate the weights": lambda: [
            outer_weights(estimator.plan, own.items, settings) for own in made
        ],
        "weights, then paths, effects, R2": lambda: [
            estimate(estimator.plan, own, settings, towards) for own in each
        ],
        "list all parameters": lambda: [estimator.listing.values(own) for own in made],
    }
    spent = {name: timed(work)[1] for name, work in steps.items()}
    spent["weights, then paths, effects, R2"] -= spent["iterate the weights"]
    total = sum(spent.values())
    for name, seconds in spent.items():
        row(name, "", seconds, f"{seconds / total:.0%}")
    floor = product_floor(), traffic_floor(np.concatenate([own.iterations for own in made]))
    share = f"{floor[0]:.3f} + {floor[1]:.3f} s, {sum(floor) / total:.0%} of {total:.2f} s"
    row("arithmetic floor: product + traffic of the iteration", "", sum(floor), share)


def product_floor():
    """Return seconds of the matrix product at the speed of a large one on one processor."""
    square = np.ones((1500, 1500))
    rate = 2 * 1500**3 / timed(lambda: square @ square)[1]
    p = DATA.shape[1]
    return 2 * RESAMPLES * len(DATA) * (1 + p + p * (p + 1) // 2) / rate


def traffic_floor(iterations):
    """Return seconds to read every covariance matrix once in each iteration."""
    large = np.ones(25_000_000)
    rate = large.nbytes / timed(large.sum)[1]
    return iterations.sum() * DATA.shape[1] ** 2 * 8 / rate


def main():
    print("| what | time | processor time | |\n|---|---|---|---|")
    found = bootstrap()
    alone = timed(bootstrap)
    row(f"{RESAMPLES:,} resamples of mobi, {len(found.labels)} parameters", *alone)
    row("and every judging figure with its interval and tests", *timed(whole, 3))
    row("peak memory so far", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    own = alone[1] / RESAMPLES
    took, busy, paths = loop()
    row("loop over rows, per resample", took, busy, beside(found, busy / own, paths))
    other = peer()
    if other is None:
        row("plspm 0.5.7 could not be installed", "")
    else:
        share = beside(found, other["busy"] / own, other["paths"])
        row("plspm 0.5.7, per resample", other["took"], other["busy"], share)
    by_cases = growth([(n, 24) for n in CASES], 1000)
    by_items = growth([(250, p) for p in ITEMS], 1000)
    profile()
    if "--plot" in sys.argv:
        target = Path(sys.argv[sys.argv.index("--plot") + 1])
        target.write_text(plot({"cases (24 items)": (CASES, by_cases),
                                "items (250 cases)": (ITEMS, by_items)}))  # fmt: skip


if __name__ == "__main__":
    main()

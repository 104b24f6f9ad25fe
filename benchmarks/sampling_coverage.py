"""How often 95 % intervals hold the truth, by simulation; beside them a tool blind to the design.

Run: python -m benchmarks.sampling_coverage [draws] [processes]. One population of 48,000
customers: 8 strata x 40 branches, answers that differ by stratum, branch, sex and age. Three
designs of about 480 interviews, each raked to sex and age. The model's index and impact are
those of a fit of the whole population; their errors come from 200 Rao-Wu replicates, each raked
and each with a model of its own. The same number of draws gives the same table on any number of
processes.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from analysis.model.run import full_sample
from analysis.model.settings import Settings
from analysis.precision.index import index_errors
from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.estimates import contrast, estimate, jointly
from analysis.sampling.estimators import means_of
from analysis.sampling.proportions import nps_of, proportion_interval
from analysis.sampling.replication import Replication, replicate_weights
from analysis.weighting.margins import Raking, margin
from benchmarks.satisfaction import answers, model

STRATA, BRANCHES, SIZE = 8, 40, 150
AGES = ("18-34", "35-54", "55+")
SEED, REPLICATES, CHUNK = 2026, 200, 25
MODEL = model()
TARGET, DRIVER = "Satisfaction", "Quality"
LABELS = {
    "simple": "simple random",
    "stratified": "stratified, unequal",
    "clustered": "branches, then customers",
}


@cache
def population():
    """Return the columns of all customers, two waves of answers each, and the model's items."""
    rng = np.random.default_rng(SEED)
    stratum = np.repeat(np.arange(STRATA), BRANCHES * SIZE)
    branch = np.repeat(np.arange(STRATA * BRANCHES), SIZE)
    n = len(branch)
    sex, age = rng.integers(0, 2, n), rng.choice(3, n, p=[0.3, 0.4, 0.3])
    level = 3 * stratum / STRATA + rng.normal(0, 0.8, STRATA * BRANCHES)[branch]
    level = level + 0.4 * sex - 0.5 * age
    first = level + rng.normal(0, 1.6, n)
    second = level + 0.15 + 0.6 * (first - level) + rng.normal(0, 1.3, n)
    trouble = rng.random(n) < 0.05 * np.exp(-0.5 * (level - level.mean()))
    people = {
        "stratum": stratum,
        "branch": branch,
        "sex": np.array(["f", "m"])[sex],
        "age": np.array(AGES)[age],
        "index": np.clip(55 + 12 * (first - 1.2), 0, 100),
        "later": np.clip(55 + 12 * (second - 1.2), 0, 100),
        "nps": np.clip(np.round(6.5 + 1.4 * first), 0, 10),
        "trouble": trouble.astype(float),
    }
    return people, answers(rng, 0.5 * (level - level.mean()))


def simple(rng, people):
    n = len(people["branch"])
    rows = rng.choice(n, 480, replace=False)
    return rows, np.full(480, n / 480), {"populations": ["N"]}, np.full(480, n)


def stratified(rng, people):
    """Ninety from every stratum of the first half, thirty from every one of the second."""
    rows, weights, totals = [], [], []
    for code in range(STRATA):
        inside = np.flatnonzero(people["stratum"] == code)
        take = 90 if code < STRATA // 2 else 30
        rows.append(rng.choice(inside, take, replace=False))
        weights.append(np.full(take, len(inside) / take))
        totals.append(np.full(take, len(inside)))
    design = {"strata": ["stratum"], "populations": ["N"]}
    return np.concatenate(rows), np.concatenate(weights), design, np.concatenate(totals)


def clustered(rng, people):
    """Six branches of every stratum, ten customers of each."""
    del people
    rows = []
    for code in range(STRATA):
        for branch in rng.choice(BRANCHES, 6, replace=False):
            first = (code * BRANCHES + branch) * SIZE
            rows.append(first + rng.choice(SIZE, 10, replace=False))
    rows = np.concatenate(rows)
    weights = np.full(len(rows), BRANCHES / 6 * SIZE / 10)
    return rows, weights, {"strata": ["stratum"], "ids": ["branch"]}, np.full(len(rows), BRANCHES)


def raking(columns, people):
    margins = []
    for name in ("sex", "age"):
        labels = columns.labels(name)
        targets = {level: float((people[name] == level).sum()) for level in labels.levels}
        margins.append(margin(name, labels.codes, labels.levels, targets))
    return Raking(tuple(margins))


def intervals(design, columns):
    """Return (low, high) of each plain statistic, by Taylor."""
    index = means_of(columns.number("index"), ["index"])
    later = means_of(columns.number("later"), ["later"])
    rows = {"mean": estimate(design, index, against="none")}
    rows["NPS"] = estimate(design, nps_of(columns.number("nps")), against="none")
    waves = jointly(design, [(design, index), (design, later)])
    rows["change between waves"] = contrast(design, waves, np.array([-1.0, 1.0]), "change")
    found = {name: [float(limit[0]) for limit in row.interval()] for name, row in rows.items()}
    _, low, high = proportion_interval(design, columns.number("trouble"), name="trouble")
    return found | {"proportion near 0.05": [low, high]}


def model_intervals(design, items, rng, step=None):
    """Return (low, high) of the model's index and of an impact, everything re-estimated."""
    made = replicate_weights(design, Replication("subbootstrap", REPLICATES), rng=rng)
    design = design.with_replicates(made)
    found = index_errors(MODEL, items, design if step is None else adjusted(design, step))
    at = found.place("all", TARGET)
    impact = found.effects.names.index(f"all: impact {TARGET} < {DRIVER}")
    low, high = found.re_estimated.interval()
    least, most = found.effects.interval()
    return {"PLS index": [low[at], high[at]], "PLS impact": [least[impact], most[impact]]}


def blind(columns):
    """Return what an unweighted mean +- 1.96 s / sqrt(n) says; waves as if independent."""
    score = columns.number("nps")
    values = {
        "mean": [columns.number("index")],
        "NPS": [100.0 * ((score >= 9).astype(float) - (score <= 6))],
        "change between waves": [columns.number("later"), columns.number("index")],
        "proportion near 0.05": [columns.number("trouble")],
    }
    found = {}
    for name, parts in values.items():
        center = parts[0].mean() - (parts[1].mean() if len(parts) > 1 else 0.0)
        reach = 1.96 * np.sqrt(sum(part.var(ddof=1) / len(part) for part in parts))
        found[name] = [center - reach, center + reach]
    return found


@cache
def truths():
    people, items = population()
    score = people["nps"]
    whole = full_sample(MODEL, items, None, Settings())
    return {
        "mean": people["index"].mean(),
        "NPS": 100 * ((score >= 9).mean() - (score <= 6).mean()),
        "change between waves": (people["later"] - people["index"]).mean(),
        "proportion near 0.05": people["trouble"].mean(),
        "PLS index": whole.figure("index", TARGET).value,
        "PLS impact": whole.figure("impact", TARGET, DRIVER).value,
    }


def draw(name, number):
    """Return (statistics, 2) hits of one draw: the own interval, and that of the blind tool."""
    people, items = population()
    rng = np.random.default_rng([SEED, list(LABELS).index(name), number])
    rows, weights, options, sizes = DESIGNS[name](rng, people)
    columns = Columns(
        {key: values[rows] for key, values in people.items()} | {"w": weights, "N": sizes}
    )
    design, step = declare(columns, weights="w", **options), raking(columns, people)
    own = intervals(adjusted(design, step), columns)
    own |= model_intervals(design, items[rows], rng, step)
    other = blind(columns) | model_intervals(declare(columns), items[rows], rng)
    return np.array(
        [
            [low <= value <= high for low, high in (own[key], other[key])]
            for key, value in truths().items()
        ],
        dtype=float,
    )


DESIGNS = {"simple": simple, "stratified": stratified, "clustered": clustered}


def chunk(task):
    name, first, last = task
    return name, sum(draw(name, number) for number in range(first, last))


def main(draws, processes):
    tasks = [
        (name, first, min(first + CHUNK, draws))
        for first in range(0, draws, CHUNK)
        for name in DESIGNS
    ]
    hits = {name: np.zeros((len(truths()), 2)) for name in DESIGNS}
    with ProcessPoolExecutor(processes) as pool:
        for name, found in pool.map(chunk, tasks):
            hits[name] += found
    print(
        f"{draws} draws; the truth:",
        {key: round(float(value), 3) for key, value in truths().items()},
    )
    print("| design | statistic | covers | blind to the design |")
    print("|---|---|---|---|")
    for name, table in hits.items():
        for key, (good, naive) in zip(truths(), table, strict=True):
            print(f"| {LABELS[name]} | {key} | {good / draws:.1%} | {naive / draws:.1%} |")


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*[*numbers, *(2000, 2)[len(numbers) :]])

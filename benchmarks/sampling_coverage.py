"""How often 95 % intervals hold the truth, by simulation; beside them a tool blind to the design.

Run: python -m benchmarks.sampling_coverage [draws]. 2,000 draws take some minutes.
One population of 48,000 customers: 8 strata x 40 branches, answers that differ by stratum,
branch, sex and age. Three designs of about 480 interviews, each raked to sex and age.
"""

from __future__ import annotations

import sys

import numpy as np

from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.estimates import contrast, estimate, jointly
from analysis.sampling.estimators import means_of
from analysis.sampling.proportions import nps_of, proportion_interval
from analysis.weighting.margins import Raking, margin

STRATA, BRANCHES, SIZE = 8, 40, 150
AGES = ("18-34", "35-54", "55+")


def population(rng):
    """Return the columns of all customers, two waves of answers each."""
    stratum = np.repeat(np.arange(STRATA), BRANCHES * SIZE)
    branch = np.repeat(np.arange(STRATA * BRANCHES), SIZE)
    n = len(branch)
    sex, age = rng.integers(0, 2, n), rng.choice(3, n, p=[0.3, 0.4, 0.3])
    level = 3 * stratum / STRATA + rng.normal(0, 0.8, STRATA * BRANCHES)[branch]
    level = level + 0.4 * sex - 0.5 * age
    first = level + rng.normal(0, 1.6, n)
    second = level + 0.15 + 0.6 * (first - level) + rng.normal(0, 1.3, n)
    trouble = rng.random(n) < 0.05 * np.exp(-0.5 * (level - level.mean()))
    return {
        "stratum": stratum,
        "branch": branch,
        "sex": np.array(["f", "m"])[sex],
        "age": np.array(AGES)[age],
        "index": np.clip(55 + 12 * (first - 1.2), 0, 100),
        "later": np.clip(55 + 12 * (second - 1.2), 0, 100),
        "nps": np.clip(np.round(6.5 + 1.4 * first), 0, 10),
        "trouble": trouble.astype(float),
    }


def simple(rng, people):
    n = len(people["branch"])
    rows = rng.choice(n, 480, replace=False)
    return rows, np.full(480, n / 480), {"populations": ["N"]}, np.full(480, n)


def stratified(rng, people):
    """Sixty from every stratum of one size, and a third as many from the second half."""
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
    rows = []
    for code in range(STRATA):
        for branch in rng.choice(BRANCHES, 6, replace=False):
            first = (code * BRANCHES + branch) * SIZE
            rows.append(first + rng.choice(SIZE, 10, replace=False))
    rows = np.concatenate(rows)
    weights = np.full(len(rows), BRANCHES / 6 * SIZE / 10)
    return rows, weights, {"strata": ["stratum"], "ids": ["branch"]}, np.full(len(rows), BRANCHES)


def raked(columns, options, people):
    design = declare(columns, weights="w", **options)
    margins = []
    for name in ("sex", "age"):
        labels = columns.labels(name)
        targets = {level: float((people[name] == level).sum()) for level in labels.levels}
        margins.append(margin(name, labels.codes, labels.levels, targets))
    return adjusted(design, Raking(tuple(margins)))


def intervals(design, columns):
    """Return (low, high) of each statistic."""
    index = means_of(columns.number("index"), ["index"])
    later = means_of(columns.number("later"), ["later"])
    rows = {"mean": estimate(design, index, against="none")}
    rows["NPS"] = estimate(design, nps_of(columns.number("nps")), against="none")
    waves = jointly(design, [(design, index), (design, later)])
    rows["change between waves"] = contrast(design, waves, np.array([-1.0, 1.0]), "change")
    found = {name: [float(limit[0]) for limit in row.interval()] for name, row in rows.items()}
    _, low, high = proportion_interval(design, columns.number("trouble"), name="trouble")
    return found | {"proportion near 0.05": [low, high]}


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


def truths(people):
    score = people["nps"]
    return {
        "mean": people["index"].mean(),
        "NPS": 100 * ((score >= 9).mean() - (score <= 6).mean()),
        "change between waves": (people["later"] - people["index"]).mean(),
        "proportion near 0.05": people["trouble"].mean(),
    }


def main(draws):
    rng = np.random.default_rng(2026)
    people = population(rng)
    truth = truths(people)
    print(f"{draws} draws; the truth:", {name: round(value, 3) for name, value in truth.items()})
    print("| design | statistic | covers | blind to the design |")
    print("|---|---|---|---|")
    for drawn in (simple, stratified, clustered):
        hits = {name: np.zeros(2) for name in truth}
        for _ in range(draws):
            rows, weights, options, sizes = drawn(rng, people)
            values = {name: column[rows] for name, column in people.items()}
            columns = Columns(values | {"w": weights, "N": sizes})
            own = intervals(raked(columns, options, people), columns)
            other = blind(columns)
            for name, value in truth.items():
                hits[name] += [
                    own[name][0] <= value <= own[name][1],
                    other[name][0] <= value <= other[name][1],
                ]
        for name, (good, naive) in hits.items():
            print(f"| {drawn.__name__} | {name} | {good / draws:.1%} | {naive / draws:.1%} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)

"""How often the 95 % interval of a change between waves of a panel holds the truth, by simulation.

Run: python -m benchmarks.panel_change [draws]. A population of 40,000 in four strata whose people
keep most of their level from wave to wave; two waves of 400, of which a half or nine in ten are the
same people. The error of the change is that of the report: each wave's own, and the correlation of
`analysis.wavefit.overlap`. Beside it the error of two independent samples.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from analysis.model.inference import standard_errors
from analysis.model.specify import Construct, Model, Path
from analysis.report import Estimate, difference
from analysis.scales import Scale
from analysis.wavefit import resampling
from analysis.wavefit.joint import Side
from analysis.wavefit.overlap import shared
from analysis.wavefit.sample import Sample
from survey.formats.table import ResponseRow

PEOPLE, STRATA, EACH, RESAMPLES, SEED = 40_000, 4, 100, 500, 2026
MODEL = Model(
    constructs=(
        Construct("Image", ("i1", "i2", "i3")),
        Construct("Satisfaction", ("s1", "s2", "s3")),
    ),
    paths=(Path("Image", "Satisfaction"),),
    scale=Scale(1, 10),
)


def answers(rng, level):
    """Return (n, 6) answers from 1 to 10 of people of this level."""
    image = level + rng.normal(0, 0.5, len(level))
    satisfied = 0.7 * image + rng.normal(0, 0.5, len(level))
    latent = np.column_stack([image] * 3 + [satisfied] * 3)
    return np.clip(np.round(6 + 1.5 * (latent + rng.normal(0, 0.8, latent.shape))), 1, 10)


def fitted(values, strata=None, seed=1, resamples=1):
    sample = Sample(values, None, strata, None, "", ())
    return resampling.drawn(MODEL, sample, resamples=resamples, seed=seed)


def index_of(fit):
    kinds = [(label.kind, label.name) for label in fit.labels]
    return kinds.index(("index", "Satisfaction"))


def wave(people, stratum, values, seed):
    """Return the wave of these people for `overlap.shared`, and its index with its error."""
    strata = tuple(f"s{stratum[at]}" for at in people)
    made = fitted(values[people], strata, seed, RESAMPLES)
    rows = [
        ResponseRow(str(at), "complete", {}, {}, {"stratum": name, "panel_id": f"m{at}"})
        for at, name in zip(people, strata, strict=True)
    ]
    place = index_of(made.full)
    se = standard_errors(made.full.point, made.part())[place]
    return (made, Side(made.sample, None, rows)), Estimate(made.full.point[place], se, 0.0, 0.0)


def drawn(rng, stratum, part):
    """Return the people of two waves, of whom `part` are in both."""
    first, second, kept = [], [], int(part * EACH)
    for code in range(STRATA):
        people = rng.permutation(np.flatnonzero(stratum == code))[: 2 * EACH]
        first.append(people[:EACH])
        second.append(people[EACH - kept : 2 * EACH - kept])
    return np.concatenate(first), np.concatenate(second)


def main(draws):
    rng = np.random.default_rng(SEED)
    stratum = rng.integers(0, STRATA, PEOPLE)
    level = rng.normal(0, 0.8, PEOPLE) + 0.4 * stratum
    waves = [answers(rng, level + rng.normal(gap, 0.4, PEOPLE)) for gap in (0.0, 0.05)]
    fits = [fitted(values).full for values in waves]
    truth = fits[1].point[index_of(fits[1])] - fits[0].point[index_of(fits[0])]
    print("| in both waves | deviation | mean SE | covers | as independent, SE | covers |")
    print("|---|---|---|---|---|---|")
    for part in (0.5, 0.9):
        found = []
        for seed in range(draws):
            people = drawn(rng, stratum, part)
            (one, before), (two, now) = (
                wave(own, stratum, values, seed) for own, values in zip(people, waves, strict=True)
            )
            common = shared(two, one, seed=seed, resamples=RESAMPLES)
            pair = (difference(now, before, common.correlation["Satisfaction"]),
                    difference(now, before))  # fmt: skip
            holds = [own.low <= truth <= own.high for own in pair]
            found.append([pair[0].value, pair[0].se, holds[0], pair[1].se, holds[1]])
        table = np.array(found, dtype=float)
        se, covers, plain, blind = 100 * table[:, 1:].mean(axis=0)
        print(
            f"| {100 * part:.0f} % | {table[:, 0].std(ddof=1):.3f} | {se / 100:.3f} | "
            f"{covers:.1f} % | {plain / 100:.3f} | {blind:.1f} % |", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

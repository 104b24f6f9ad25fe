"""How often bootstrap intervals of a skewed indirect effect hold the truth, by simulation.

Run: python -m benchmarks.model_intervals [samples] [cases] [--studentised]
A model X > M > Y of three items each, errors of a chi-square distribution with 3 degrees of
freedom, n = 100: the indirect effect, a product of two small paths, is skewed to the right. The
truth is what PLS makes of the population's covariances. 95 % intervals of 1,000 resamples.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

from analysis.model.moments import Moments
from analysis.model.run import fit, prepared_fit
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Model, Path
from foundation.problems import ProblemsError

A, B, LOADING, DF, RESAMPLES = 0.3, 0.35, 0.85, 3, 1000
NAMES = ("X", "M", "Y")
MODEL = Model(
    tuple(Construct(name, tuple(f"{name.lower()}{i}" for i in range(3))) for name in NAMES),
    (Path("X", "M"), Path("M", "Y")),
)


def noise(rng, *shape):
    """Return skewed numbers of mean zero and variance one."""
    return (rng.chisquare(DF, shape) - DF) / np.sqrt(2 * DF)


def sample(rng, n):
    latent = noise(rng, n, 3)
    latent[:, 1] = A * latent[:, 0] + np.sqrt(1 - A * A) * latent[:, 1]
    latent[:, 2] = B * latent[:, 1] + np.sqrt(1 - B * B) * latent[:, 2]
    return np.repeat(LOADING * latent, 3, axis=1) + np.sqrt(1 - LOADING**2) * noise(rng, n, 9)


def truth():
    """Return the indirect effect that PLS finds in the population."""
    latent = np.array([[1, A, A * B], [A, 1, B], [A * B, B, 1]])
    covariances = LOADING**2 * np.kron(latent, np.ones((3, 3)))
    np.fill_diagonal(covariances, 1.0)
    data = sample(np.random.default_rng(0), 60)
    estimator, _ = prepared_fit(MODEL, data, None, Settings())
    whole = Moments(np.zeros((9, 1)), covariances[:, :, None], np.ones(1, dtype=bool))
    values, _ = estimator.of(whole)
    return values[estimator.listing.labels.index(("indirect", "Y", "X")), 0]


def covered(kind, samples, n):
    """Return the shares of intervals below, around and above the truth, width and number."""
    real, misses, width, used = truth(), np.zeros(3), 0.0, 0
    for number in range(samples):
        data = sample(np.random.default_rng([7, number]), n)
        try:
            found = fit(MODEL, data, bootstrap=RESAMPLES, seed=number, interval=kind)
        except ProblemsError:
            continue
        used += 1
        own = found.figure("indirect", "Y", "X")
        misses += [own.high < real, own.low <= real <= own.high, own.low > real]
        width += own.high - own.low
    return misses / used, width / used, used


def main():
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    samples, n = (*numbers, *(1000, 100)[len(numbers) :])
    kinds = ["percentile", "bca"] + ["studentised"] * ("--studentised" in sys.argv)
    print(f"true indirect effect {truth():.4f}, n = {n}, {samples} samples, {RESAMPLES} resamples")
    for kind in kinds:
        start = perf_counter()
        (below, inside, above), width, used = covered(kind, samples, n)
        error = np.sqrt(inside * (1 - inside) / used)
        print(
            f"{kind:12} holds {inside:.3f} (SE {error:.3f})  too low {below:.3f}"
            f"  too high {above:.3f}  width {width:.3f}  refused {samples - used}"
            f"  {perf_counter() - start:.0f} s"
        )


if __name__ == "__main__":
    main()

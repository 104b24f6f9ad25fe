"""How often tests between groups that do not differ say that they do, by simulation.

Run: python -m benchmarks.comparison_errors [draws]. 500 draws take some minutes.
One population, three constructs of two items each, answers 1-10; groups of 120 and 80 cases.
Then two waves of 100 people of whom 60 answered in both. Then how often a mixture of two
segments is called two segments, and one population one.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from analysis.compare.results import METHODS
from analysis.compare.run import compare
from analysis.compare.segments import segments
from analysis.model.specify import Construct, Model, Path, Scale

MODEL = Model(
    (Construct("Q", ("q1", "q2")), Construct("V", ("v1", "v2")), Construct("S", ("s1", "s2"))),
    (Path("Q", "V"), Path("Q", "S"), Path("V", "S")),
    Scale(1, 10),
)
PERMUTATIONS, BOOTSTRAP, LEVEL = 199, 199, 0.05
KINDS = ("path", "total", "loading", "index")


def people(rng, n):
    """Return the (n, 3) constructs of n people."""
    q = rng.normal(size=n)
    v = 0.5 * q + 0.9 * rng.normal(size=n)
    return np.stack([q, v, 0.4 * q + 0.4 * v + 0.7 * rng.normal(size=n)], axis=1)


def answers(rng, constructs):
    """Return (n, 6) answers 1-10."""
    items = np.repeat(constructs, 2, axis=1) + 0.6 * rng.normal(size=(len(constructs), 6))
    return np.clip(np.round(6 + 1.5 * items), 1, 10)


def independent(rng):
    """Return the comparison of two groups of one population."""
    data = answers(rng, people(rng, 200))
    labels = ["a"] * 120 + ["b"] * 80
    return compared(rng, data, labels)


def waves(rng):
    """Return the comparison of two waves that 60 of 140 people answered both."""
    constructs = people(rng, 140)
    first = answers(rng, constructs[:100])
    second = answers(rng, constructs[40:])
    names = [str(row) for row in range(140)]
    who = names[:100] + names[40:]
    return compared(rng, np.vstack([first, second]), ["1"] * 100 + ["2"] * 100, who)


def compared(rng, data, labels, who=None):
    seed = int(rng.integers(2**31))
    sizes = {"permutations": PERMUTATIONS, "bootstrap": BOOTSTRAP, "seed": seed}
    return compare(MODEL, data, labels, people=who, **sizes)


def shares(draw, draws, rng):
    """Print how often each test was significant, in per cent, averaged over parameters."""
    found = [draw(rng) for _ in range(draws)]
    kinds = np.array([label.kind for label in found[0].labels])
    for method in METHODS:
        own = [one.pairs[0].p[method] for one in found if method in one.pairs[0].p]
        if own:
            line = {kind: rejected(np.stack(own)[:, kinds == kind]) for kind in KINDS}
            print(f"  {method:12}", line)
    outside = np.stack([(p.low > 0) | (p.high < 0) for p in (one.pairs[0] for one in found)])
    line = {kind: round(float(100 * outside[:, kinds == kind].mean()), 1) for kind in KINDS}
    print("  interval    ", line)
    for step in ("composition", "means", "variances"):
        p = np.stack([getattr(one.pairs[0].invariance, step).p for one in found])
        print(f"  MICOM {step:12}", rejected(p))
    for name in ("geodesic_p", "euclidean_p"):
        print(
            f"  omnibus {name}", rejected(np.array([getattr(one.omnibus, name) for one in found]))
        )


def rejected(p):
    return round(float(100 * (p <= LEVEL).mean()), 1)


def recovered(draws, rng):
    """Print the conclusions on mixtures of two segments (60 : 40, n = 400) and of one."""
    model = Model(
        tuple(Construct(name, tuple(f"{name}{i}" for i in range(3))) for name in "QVS"),
        (Path("Q", "S"), Path("V", "S")),
    )
    for share in (0.6, 1.0):
        said, right = {}, []
        for _ in range(draws):
            q, v = rng.normal(size=(2, 400))
            other = rng.random(400) > share
            paths = np.where(other[:, None], (-0.3, 0.9), (0.9, -0.3))
            s = paths[:, 0] * q + paths[:, 1] * v + 0.25 * rng.normal(size=400)
            latent = np.stack([q, v, s], axis=1)
            items = np.repeat(latent, 3, axis=1) + 0.3 * rng.normal(size=(400, 9))
            found = segments(model, items, most=3, starts=5, seed=int(rng.integers(2**31)))
            key = f"{found.conclusion} {found.supported}"
            said[key] = said.get(key, 0) + 1
            if found.supported == 2:
                right.append((found.solutions[1].mixture.assignment == other).mean())
        cases = f", cases assigned rightly {100 * np.mean(right):.0f} %" if right else ""
        print(f"  share {share}: {said}{cases}")


def main():
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    rng = np.random.default_rng(20261124)
    start = time.perf_counter()
    print(f"Nothing differs: per cent of tests with p <= 0.05, {draws} draws")
    shares(independent, draws, rng)
    print("Two waves that share people")
    shares(waves, draws, rng)
    print("Segments")
    recovered(max(draws // 10, 1), rng)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()

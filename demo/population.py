"""PURE. The customers of the synthetic bank, and the sample drawn from them.

"Example Bank" and its customers exist nowhere. A customer has a number instead of a name, and a
telephone number that no subscriber can have: a Chinese area code followed by a local number
that begins with 0, which the numbering plan gives to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.truth import ATTITUDES, HIGHEST, ITEMS, LOWEST, NAMES, SEED, Attitude, shifts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CUSTOMERS = 60_000
BRANCHES_PER_REGION = 6
BRANCH_SPREAD = 0.15
CHINESE_SHARE = 0.85
ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Segment:
    """A group of customers: share of all, how much better they think of the bank, sample size.

    sampled    of one wave, over all regions
    """

    name: str
    share: float
    image: float
    sampled: int


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the country: share of customers, area code, how waiting is felt there."""

    name: str
    share: float
    area_code: str
    waiting: float


SEGMENTS = (
    Segment("mass", 0.78, -0.04, 1100),
    Segment("affluent", 0.18, 0.10, 550),
    Segment("private", 0.04, 0.35, 350),
)
REGIONS = (
    Region("north", 0.35, "10", 0.10),
    Region("south", 0.30, "20", 0.00),
    Region("east", 0.20, "25", 0.10),
    Region("west", 0.15, "28", -0.30),
)


@dataclass(frozen=True)
class Population:
    """All N customers, one row each; a customer's number is its row + 1.

    segment, region, branch    (N,) indices; a branch is numbered within its region
    birth_year, female, chinese    (N,) what the bank knows of the person
    attitudes    (N, 10) as in wave 1, in the order of `truth.NAMES`
    errors       (N, 28) the error of each item, in the order of `truth.ITEMS`
    """

    segment: IntArray
    region: IntArray
    branch: IntArray
    birth_year: IntArray
    female: NDArray[np.bool_]
    chinese: NDArray[np.bool_]
    attitudes: FloatArray
    errors: FloatArray

    @property
    def size(self) -> int:
        """Return how many customers there are."""
        return len(self.segment)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sampled customer with the chance it had."""

    number: int
    stratum: str
    probability: float


def make_population(seed: int = SEED, size: int = CUSTOMERS) -> Population:
    """Return the customers of the bank, drawn from the stated model."""
    rng = np.random.default_rng(seed)
    segment = rng.choice(len(SEGMENTS), size, p=[s.share for s in SEGMENTS])
    region = rng.choice(len(REGIONS), size, p=[r.share for r in REGIONS])
    branch = rng.integers(1, BRANCHES_PER_REGION + 1, size)
    attitudes = _attitudes(rng, segment, region, branch)
    return Population(
        segment,
        region,
        branch,
        np.clip(np.rint(rng.normal(1981, 14, size)), 1938, 2006).astype(np.int64),
        rng.random(size) < 0.5,  # noqa: PLR2004 - half of them
        rng.random(size) < CHINESE_SHARE,
        attitudes,
        rng.standard_normal((size, len(ITEMS))),
    )


def _attitudes(
    rng: np.random.Generator, segment: IntArray, region: IntArray, branch: IntArray
) -> FloatArray:
    local = rng.normal(0.0, BRANCH_SPREAD, (len(REGIONS), BRANCHES_PER_REGION))
    local -= local.mean()
    level = {
        "image": np.array([s.image for s in SEGMENTS])[segment],
        "waiting": np.array([r.waiting for r in REGIONS])[region] + local[region, branch - 1],
    }
    found: dict[str, FloatArray] = {}
    for attitude in ATTITUDES:
        explained = _explained(attitude, found, len(segment))
        own = level.get(attitude.name, np.zeros(len(segment)))
        rest = 1.0 - np.var(explained + own)
        noise = rng.normal(0.0, np.sqrt(rest), len(segment))
        found[attitude.name] = explained + own - own.mean() + noise
    return np.column_stack([found[name] for name in NAMES])


def _explained(attitude: Attitude, found: Mapping[str, FloatArray], size: int) -> FloatArray:
    total = np.zeros(size)
    for name, coefficient in attitude.causes.items():
        total += coefficient * found[name]
    return total


def attitudes_in(people: Population, wave: int) -> FloatArray:
    """Return the (N, 10) attitudes of all customers at the time of a wave."""
    moved = shifts(wave)
    added: FloatArray = np.array([moved[name] for name in NAMES])
    return people.attitudes + added


def answers_in(people: Population, wave: int) -> IntArray:
    """Return the (N, 28) numbers 1-10 that all customers would answer in a wave, as they say them.

    A reverse item is answered in its own direction: a loyal customer gives it a low number.
    """
    attitudes = attitudes_in(people, wave)
    owner = [at for at, attitude in enumerate(ATTITUDES) for _ in attitude.items]
    loading = np.array([item.loading for item in ITEMS])
    shown = loading * attitudes[:, owner] + np.sqrt(1.0 - loading**2) * people.errors
    mean = np.array([item.mean for item in ITEMS])
    sd = np.array([-item.sd if item.reverse else item.sd for item in ITEMS])
    said: IntArray = np.clip(np.rint(mean + sd * shown), LOWEST, HIGHEST).astype(np.int64)
    return said


def draw(
    people: Population, wave: int, *, seed: int = SEED, but: frozenset[int] = frozenset()
) -> list[Drawn]:
    """Return a stratified simple random sample (segment by region), in random order.

    Customers in `but`, drawn for an earlier wave, are left in peace; the probability is that
    of the stratum among all its customers.
    """
    rng = np.random.default_rng((seed, wave))
    drawn: list[Drawn] = []
    for s, segment in enumerate(SEGMENTS):
        for r, region in enumerate(REGIONS):
            rows = np.flatnonzero((people.segment == s) & (people.region == r))
            free = np.array([row for row in rows if int(row) + 1 not in but])
            wanted = min(len(free), round(segment.sampled * region.share))
            chance = wanted / len(rows)
            drawn += [
                Drawn(int(row) + 1, f"{segment.name}-{region.name}", round(chance, 8))
                for row in rng.choice(free, wanted, replace=False)
            ]
    return [drawn[at] for at in rng.permutation(len(drawn))]


def telephone(people: Population, number: int) -> str:
    """Return the telephone number of a customer, which no subscriber can have."""
    area = REGIONS[people.region[number - 1]].area_code
    return f"+86{area}0{number:07d}"


def reference(number: int) -> str:
    """Return the number under which the bank keeps a customer.

    >>> reference(123), customer_number("C000123")
    ('C000123', 123)
    """
    return f"C{number:06d}"


def customer_number(written: str) -> int:
    """Return the number of the customer with that reference."""
    return int(written.removeprefix("C"))


def branch_name(people: Population, number: int) -> str:
    """Return the branch of a customer, such as "west-4"."""
    return f"{REGIONS[people.region[number - 1]].name}-{people.branch[number - 1]}"

"""PURE. Simulated respondents: who a customer is in one wave, and what they think."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from demo.population import REGIONS, SEGMENTS, Population, answers_in, attitudes_in
from demo.truth import ATTITUDES, HIGHEST, ITEMS, NAMES, SEED
from demo.words import CHINESE, ENGLISH


class Screening(StrEnum):
    """Why somebody is not interviewed although they speak to the interviewer."""

    FITS = "fits"
    STRANGER = "stranger"
    UNWILLING = "unwilling"
    FORMER = "former"
    IN_TRADE = "in trade"


SCREENING = {
    Screening.STRANGER: 0.02,
    Screening.UNWILLING: 0.05,
    Screening.FORMER: 0.02,
    Screening.IN_TRADE: 0.02,
}


@dataclass(frozen=True, slots=True)
class Respondent:
    """One customer in one wave.

    attitudes   by construct, 0 is the average of wave 1, 1 its standard deviation
    scores      the number 1-10 for each item, as it will be said
    seeds       what this person's chances are drawn from
    """

    language: str
    segment: str
    region: str
    female: bool
    birth_year: int
    screening: Screening
    attitudes: Mapping[str, float]
    scores: Mapping[str, int]
    seeds: tuple[int, ...]

    def chance(self, about: str) -> np.random.Generator:
        """Return the generator of this person's chances in one matter."""
        return np.random.default_rng([*self.seeds, zlib.crc32(about.encode())])

    def view(self, attitude: str) -> float:
        """Return the mean of a construct's items, with 10 always the good end."""
        found = [
            HIGHEST + 1 - self.scores[item.name] if item.reverse else self.scores[item.name]
            for entry in ATTITUDES
            if entry.name == attitude
            for item in entry.items
        ]
        return sum(found) / len(found)


def respondents(people: Population, wave: int, *, seed: int = SEED) -> Callable[[int], Respondent]:
    """Return a function from a customer's number to the respondent they are in a wave."""
    attitudes, answers = attitudes_in(people, wave), answers_in(people, wave)

    def find(number: int) -> Respondent:
        row = number - 1
        seeds = (seed, wave, number)
        return Respondent(
            language=CHINESE if people.chinese[row] else ENGLISH,
            segment=SEGMENTS[people.segment[row]].name,
            region=REGIONS[people.region[row]].name,
            female=bool(people.female[row]),
            birth_year=int(people.birth_year[row]),
            screening=_screening(np.random.default_rng(seeds)),
            attitudes=dict(zip(NAMES, attitudes[row].tolist(), strict=True)),
            scores={i.name: int(a) for i, a in zip(ITEMS, answers[row], strict=True)},
            seeds=seeds,
        )

    return find


def _screening(rng: np.random.Generator) -> Screening:
    kinds = [Screening.FITS, *SCREENING]
    shares = [1.0 - sum(SCREENING.values()), *SCREENING.values()]
    return kinds[rng.choice(len(kinds), p=shares)]

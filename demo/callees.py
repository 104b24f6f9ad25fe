"""PURE. Who answers the telephone: what comes of each dial to a simulated customer.

The outcomes are those of `cati.rules.outcomes`. Whether somebody takes part has nothing to do
with what they think of the bank, so nonresponse bends no estimate of the demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from demo.truth import SEED

AGREES = "agrees"
LINES = 1
"""Keeps these chances apart from those of the answers, which have the same seeds."""


class Before(StrEnum):
    """What happened between the customer and the floor until now."""

    NOTHING = "nothing"
    BOOKED = "booked"
    REFUSED = "refused"
    BEGUN = "begun"


# What a number turns out to be, before anybody speaks. "" is a working line.
NUMBERS: Mapping[str, float] = {
    "": 0.913,
    "disconnected": 0.045,
    "wrong_number": 0.025,
    "business": 0.008,
    "fax": 0.004,
    "blocked": 0.005,
}
# What happens when nobody picks up, without and with an answering machine on the line.
SILENCE: Mapping[str, float] = {"no_answer": 0.82, "busy": 0.16, "technical": 0.02}
MACHINE: Mapping[str, float] = {"machine": 0.6, "machine_message": 0.2, "no_answer": 0.2}
# What comes of speaking with somebody.
TALK: Mapping[Before, Mapping[str, float]] = {
    Before.NOTHING: {
        AGREES: 0.16,
        "appointment": 0.08,
        "callback": 0.03,
        "not_available": 0.10,
        "gatekeeper_refusal": 0.03,
        "hung_up": 0.09,
        "soft_refusal": 0.22,
        "hard_refusal": 0.23,
        "do_not_call": 0.02,
        "dropped": 0.01,
        "away": 0.01,
        "unable": 0.01,
        "deceased": 0.003,
        "language": 0.007,
    },
    Before.BOOKED: {
        AGREES: 0.66,
        "appointment": 0.05,
        "not_available": 0.12,
        "soft_refusal": 0.08,
        "hard_refusal": 0.06,
        "hung_up": 0.03,
    },
    Before.REFUSED: {
        AGREES: 0.16,
        "not_available": 0.10,
        "soft_refusal": 0.26,
        "hard_refusal": 0.46,
        "do_not_call": 0.02,
    },
    Before.BEGUN: {AGREES: 0.72, "not_available": 0.16, "hard_refusal": 0.12},
}
# How ready people are to pick up, against the average, in each part of the week.
PARTS: Mapping[str, float] = {
    "morning": 0.75,
    "afternoon": 0.85,
    "evening": 1.25,
    "weekend": 1.15,
}
NEVER_THERE, HARDLY = 0.07, 0.02
STOPS_EARLY = 0.07
# How an interview stops in the middle.
STOPS: Mapping[str, float] = {"break_off": 0.6, "dropped_midway": 0.2, "refused_midway": 0.2}
# Minutes on the line, for planning the interviewer's next dial; 1.5 for every other talk.
MINUTES: Mapping[str, float] = {
    "no_answer": 0.6,
    "busy": 0.3,
    "technical": 0.3,
    "disconnected": 0.3,
    "fax": 0.3,
    "blocked": 0.3,
    "machine": 0.6,
    "machine_message": 1.0,
}
TALKING = 1.5


@dataclass(frozen=True, slots=True)
class Callee:
    """One customer at the telephone.

    line          what the number turns out to be; "" when it works
    reach         chance that somebody picks up, in an average part of the week
    has_machine   an answering machine stands in when nobody does
    stops_after   number of questions after which they stop, the first time; 0 is never
    stops_by      how they stop then
    """

    line: str
    reach: float
    has_machine: bool
    stops_after: int
    stops_by: str
    seeds: tuple[int, ...]


def callee(number: int, wave: int, *, seed: int = SEED) -> Callee:
    """Return the customer of that number as the floor will find them in a wave."""
    rng = np.random.default_rng((seed, wave, number, LINES))
    return Callee(
        line=_pick(rng, NUMBERS),
        reach=HARDLY if rng.random() < NEVER_THERE else float(rng.beta(5.0, 4.0)),
        has_machine=bool(rng.random() < 0.15),  # noqa: PLR2004 - share of such lines
        stops_after=int(rng.integers(8, 40)) if rng.random() < STOPS_EARLY else 0,
        stops_by=_pick(rng, STOPS),
        seeds=(seed, wave, number, LINES),
    )


def dialled(person: Callee, dial: int, *, part: str, before: Before) -> str:
    """Return what comes of a dial: an outcome, or AGREES when the interview can begin.

    dial     1 for the first dial to this customer; the same dial always ends the same
    part     the part of the week, as `cati.rules.dayparts` names it
    """
    if person.line:
        return person.line
    rng = np.random.default_rng((*person.seeds, dial))
    ready = 1.5 if before in {Before.BOOKED, Before.BEGUN} else PARTS[part]
    if rng.random() >= min(person.reach * ready, 0.95):
        return _pick(rng, MACHINE if person.has_machine else SILENCE)
    return _pick(rng, TALK[before])


def _pick(rng: np.random.Generator, chances: Mapping[str, float]) -> str:
    names, shares = list(chances), np.array(list(chances.values()))
    return names[rng.choice(len(names), p=shares / shares.sum())]

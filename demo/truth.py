"""PURE. What is true of the synthetic bank: the stated model that its customers' answers follow.

Every attitude (construct) is a number with mean 0 and variance 1 among all customers of wave 1,
made of the attitudes before it and of something of its own. An item shows its attitude on the
1-10 scale, with some error. `docs/demo.md` prints these tables; nothing else in the product
knows them, so that a report either finds them or is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LOWEST, HIGHEST = 1, 10
SEED = 4
"""From which every chance of the demo is drawn."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question about an attitude.

    mean, sd    of the answers before they are rounded to the scale and cut off at its ends
    loading     correlation of that answer with the attitude
    unknown     share of customers who answer "don't know"
    reverse     a high answer means a low attitude
    """

    name: str
    mean: float
    sd: float
    loading: float
    unknown: float = 0.01
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Attitude:
    """One construct: what it depends on, with standardised coefficients, and its items."""

    name: str
    causes: Mapping[str, float]
    items: tuple[Item, ...]


# Causes stand before their effects.
ATTITUDES = (
    Attitude(
        "image",
        {},
        (
            Item("image_trust", 7.6, 1.8, 0.88),
            Item("image_cares", 7.1, 1.9, 0.86),
            Item("image_sound", 7.7, 1.7, 0.82, 0.03),
        ),
    ),
    Attitude(
        "expectation",
        {"image": 0.55},
        (
            Item("expect_overall", 7.5, 1.7, 0.86, 0.03),
            Item("expect_needs", 7.2, 1.8, 0.85, 0.03),
            Item("expect_errors", 7.6, 1.8, 0.80, 0.03),
        ),
    ),
    Attitude(
        "staff",
        {"expectation": 0.50},
        (
            Item("staff_friendly", 7.8, 1.7, 0.87, 0.02),
            Item("staff_knowledge", 7.4, 1.7, 0.88, 0.03),
            Item("staff_explain", 7.3, 1.8, 0.86, 0.03),
        ),
    ),
    Attitude(
        "waiting",
        {"expectation": 0.35},
        (
            Item("wait_queue", 5.3, 2.2, 0.90, 0.05),
            Item("wait_handling", 6.0, 2.0, 0.88, 0.05),
            Item("wait_paperwork", 5.8, 2.1, 0.84, 0.05),
        ),
    ),
    Attitude(
        "branches",
        {"expectation": 0.40},
        (
            Item("branch_location", 7.4, 1.9, 0.80, 0.02),
            Item("branch_hours", 6.9, 1.9, 0.84, 0.03),
            Item("machines_work", 7.3, 1.8, 0.78, 0.05),
        ),
    ),
    Attitude(
        "remote",
        {"expectation": 0.40},
        (
            Item("remote_easy", 6.8, 2.1, 0.90, 0.08),
            Item("remote_reliable", 6.7, 2.0, 0.88, 0.08),
            Item("remote_help", 6.3, 2.1, 0.78, 0.12),
        ),
    ),
    Attitude(
        "fees",
        {"expectation": 0.35},
        (
            Item("fees_clear", 6.4, 2.1, 0.88, 0.04),
            Item("fees_fair", 6.0, 2.1, 0.90, 0.05),
        ),
    ),
    Attitude(
        "value",
        {"staff": 0.10, "waiting": 0.25, "branches": 0.05, "remote": 0.15, "fees": 0.35},
        (
            Item("value_price", 6.4, 1.9, 0.90, 0.04),
            Item("value_quality", 6.8, 1.8, 0.90, 0.03),
        ),
    ),
    Attitude(
        "satisfaction",
        {
            "image": 0.15,
            "staff": 0.12,
            "waiting": 0.30,
            "branches": 0.05,
            "remote": 0.22,
            "fees": 0.08,
            "value": 0.25,
        },
        (
            Item("sat_overall", 7.1, 1.8, 0.92),
            Item("sat_expected", 6.7, 1.8, 0.88, 0.02),
            Item("sat_ideal", 6.5, 1.9, 0.88, 0.03),
        ),
    ),
    Attitude(
        "loyalty",
        {"image": 0.20, "satisfaction": 0.60},
        (
            Item("loyal_stay", 7.5, 2.0, 0.88, 0.02),
            Item("loyal_first", 7.0, 2.1, 0.86, 0.03),
            Item("loyal_switch", 3.9, 2.3, 0.74, 0.03, reverse=True),
        ),
    ),
)
NAMES = tuple(attitude.name for attitude in ATTITUDES)
ITEMS = tuple(item for attitude in ATTITUDES for item in attitude.items)

# Between the waves the branches got a ticket system: everybody's view of waiting moved by this.
IMPROVED: Mapping[str, float] = {"waiting": 0.65}


def shifts(wave: int) -> dict[str, float]:
    """Return by how much the mean of each attitude lies above that of wave 1.

    An improvement reaches every attitude that depends on it, along the stated coefficients.

    >>> round(shifts(2)["value"], 4), shifts(1)["value"]
    (0.1625, 0.0)
    """
    moved: dict[str, float] = {}
    for attitude in ATTITUDES:
        own = IMPROVED.get(attitude.name, 0.0) if wave > 1 else 0.0
        moved[attitude.name] = own + sum(c * moved[name] for name, c in attitude.causes.items())
    return moved

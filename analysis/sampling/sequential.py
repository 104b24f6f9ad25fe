"""PURE. The margin reached so far while the field runs, valid under any number of looks.

An ordinary interval holds for one look at a size fixed beforehand; looking every evening and
stopping when it is narrow enough breaks it. The asymptotic confidence sequence of Robbins'
normal mixture holds for all looks at once: half-width
    s sqrt( 2 (n r^2 + 1) / (n^2 r^2) log( sqrt(n r^2 + 1) / alpha ) ),
r tuned so that it is narrowest near the planned size. n is the effective base, so design and
weights count. Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2024), Annals of Statistics
52, eq. 9 and appendix; Robbins (1970).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

LARGEST = 10_000_000


@dataclass(frozen=True)
class Progress:
    """The margin now, the effective base that meets the wish, and the day it should be reached.

    `due` is None when there is no pace yet, or when the wish is met (`is_met`).
    """

    margin: float
    n_eff: float
    n_eff_needed: int
    is_met: bool
    due: date | None


def running_margin(
    sd: float, n_eff: float, planned_n_eff: float, confidence: float = 0.95
) -> float:
    """Return the half-width of the confidence sequence after an effective base of `n_eff`.

    >>> round(running_margin(20.0, 400, 400), 2)  # an ordinary interval would say 1.96
    3.04
    """
    alpha = 1 - confidence
    mixture = _mixture(planned_n_eff, alpha) * n_eff
    return sd * math.sqrt(
        2 * (mixture + 1) / (n_eff * mixture) * math.log(math.sqrt(mixture + 1) / alpha)
    )


def _mixture(planned: float, alpha: float) -> float:
    """Return r^2 that makes the sequence narrowest near the planned size."""
    spent = -2 * math.log(alpha)
    return (spent + math.log(spent) + 1) / planned


def base_for_margin(
    sd: float, margin: float, planned_n_eff: float, confidence: float = 0.95
) -> int:
    """Return the least effective base whose running margin is not above `margin`."""
    low, high = 1, 2
    while running_margin(sd, high, planned_n_eff, confidence) > margin and high < LARGEST:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if running_margin(sd, middle, planned_n_eff, confidence) > margin:
            low = middle
        else:
            high = middle
    return high


def field_progress(
    sd: float,
    n_eff: float,
    *,
    wanted: float,
    planned_n_eff: float,
    per_day: float,
    today: date,
    confidence: float = 0.95,
) -> Progress:
    """Return how far the field is from a margin, at `per_day` more effective interviews a day."""
    margin = running_margin(sd, n_eff, planned_n_eff, confidence)
    needed = base_for_margin(sd, wanted, planned_n_eff, confidence)
    missing = needed - n_eff
    due = None
    if missing > 0 and per_day > 0:
        due = today + timedelta(days=math.ceil(missing / per_day))
    return Progress(margin, n_eff, needed, missing <= 0, due)

"""PURE. The criteria a path model is judged by: rule of thumb, source, and the mark of a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from foundation.problems import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    Grade = Callable[[float, float | None, float | None], "Mark"]


class Mark(StrEnum):
    """What a rule of thumb says of a value. Rules of thumb are no tests: look before acting."""

    PASSED = "pass"
    LOOK = "look"
    FAIL = "fail"
    UNDEFINED = "not defined"


MARKS = {
    Mark.PASSED: N_("pass"),
    Mark.LOOK: N_("look"),
    Mark.FAIL: N_("fail"),
    Mark.UNDEFINED: N_("not defined"),
}

HAIR_2019 = "Hair, Risher, Sarstedt, Ringle (2019), European Business Review 31, 2-24"
FORNELL_1981 = "Fornell, Larcker (1981), Journal of Marketing Research 18, 39-50"
HENSELER_2015 = "Henseler, Ringle, Sarstedt (2015), J. Acad. Marketing Science 43, 115-135"
ROEMER_2021 = "Roemer, Schuberth, Henseler (2021), Industrial Management & Data Systems 121"
COHEN_1988 = "Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, ch. 9"
FALK_1992 = "Falk, Miller (1992), A Primer for Soft Modeling"
CHIN_1998 = "Chin (1998), in Marcoulides, Modern Methods for Business Research, 295-336"
HU_1999 = "Hu, Bentler (1999), Structural Equation Modeling 6, 1-55"
DIJKSTRA_2015 = "Dijkstra, Henseler (2015), Computational Statistics & Data Analysis 81, 10-23"
SHMUELI_2019 = "Shmueli, Sarstedt, Hair et al. (2019), European Journal of Marketing 53, 2322-2347"
SHARMA_2023 = "Sharma, Liengaard, Hair et al. (2023), European Journal of Marketing 57, 1662-1677"


@dataclass(frozen=True)
class Criterion:
    """A way to judge a model: its name and rule in words, where the rule stands, and the mark.

    `grade` takes a value and the ends of its interval (None without resamples).
    """

    title: str
    rule: str
    source: str
    grade: Grade


def at_least(good: float, fair: float) -> Grade:
    """Return a grade: pass from `good` on, look from `fair` on."""
    return lambda value, _low, _high: (
        Mark.PASSED if value >= good else Mark.LOOK if value >= fair else Mark.FAIL
    )


def below(good: float, fair: float) -> Grade:
    """Return a grade: pass below `good`, look below `fair`."""
    return lambda value, _low, _high: (
        Mark.PASSED if value < good else Mark.LOOK if value < fair else Mark.FAIL
    )


def above_zero(value: float, _low: float | None, _high: float | None) -> Mark:
    """Pass a value above zero, fail any other."""
    return Mark.PASSED if value > 0 else Mark.FAIL


def noted(value: float, _low: float | None, _high: float | None) -> Mark:
    """Pass a value below zero, look at any other."""
    return Mark.PASSED if value < 0 else Mark.LOOK


def reliable(value: float, _low: float | None, _high: float | None) -> Mark:
    """Pass 0.70 to 0.95; look from 0.60 and above 0.95 (items that repeat each other)."""
    if value < 0.60:  # noqa: PLR2004 - the numbers are the rule
        return Mark.FAIL
    return Mark.PASSED if 0.70 <= value <= 0.95 else Mark.LOOK  # noqa: PLR2004


def distinct(value: float, _low: float | None, high: float | None) -> Mark:
    """Pass below 0.85; fail from 0.90 on, or when the interval reaches one."""
    if value >= 0.90 or (high is not None and high >= 1.0):  # noqa: PLR2004
        return Mark.FAIL
    return Mark.PASSED if value < 0.85 else Mark.LOOK  # noqa: PLR2004


def apart_from_zero(_value: float, low: float | None, high: float | None) -> Mark:
    """Pass when the interval leaves out zero; not defined without one."""
    if low is None or high is None:
        return Mark.UNDEFINED
    return Mark.PASSED if low > 0 or high < 0 else Mark.LOOK


def smaller_loss(_value: float, low: float | None, high: float | None) -> Mark:
    """Pass when the whole interval lies below zero, fail when it lies above."""
    if low is None or high is None:
        return Mark.UNDEFINED
    return Mark.PASSED if high < 0 else Mark.FAIL if low > 0 else Mark.LOOK


LOADING = N_("0.708 or more; below 0.40 remove the item")
RELIABILITY = N_("0.70 to 0.95; above 0.95 the items repeat each other, below 0.60 too little")
RATIO = N_("below 0.85 (0.90 for constructs near in meaning), its interval below 1")
INFLATION = N_("below 3; from 5 on collinear")

CRITERIA = {
    "loading": Criterion(N_("Loading"), LOADING, HAIR_2019, at_least(0.708, 0.40)),
    "cross_loading": Criterion(
        N_("Own loading less the largest cross loading"),
        N_("above 0: every item belongs to its own construct most"),
        CHIN_1998,
        above_zero,
    ),
    "weight": Criterion(
        N_("Outer weight (mode B)"),
        N_("its interval leaves out 0; else judge the item by its loading"),
        HAIR_2019,
        apart_from_zero,
    ),
    "vif_outer": Criterion(
        N_("Variance inflation of the item (mode B)"), INFLATION, HAIR_2019, below(3.0, 5.0)
    ),
    "alpha": Criterion(N_("Cronbach's alpha"), RELIABILITY, HAIR_2019, reliable),
    "rho_A": Criterion(N_("Reliability rho_A"), RELIABILITY, HAIR_2019, reliable),
    "rho_C": Criterion(N_("Composite reliability rho_C"), RELIABILITY, HAIR_2019, reliable),
    "AVE": Criterion(
        N_("Average variance extracted"),
        N_("0.50 or more; from 0.40 on tolerable where rho_C exceeds 0.60"),
        FORNELL_1981,
        at_least(0.50, 0.40),
    ),
    "fornell": Criterion(
        N_("Root of AVE less the largest correlation (Fornell-Larcker)"),
        N_("above 0: a construct shares more with its items than with any other construct"),
        FORNELL_1981,
        above_zero,
    ),
    "htmt": Criterion(N_("HTMT of correlations"), RATIO, HENSELER_2015, distinct),
    "htmt_absolute": Criterion(N_("HTMT of absolute correlations"), RATIO, HENSELER_2015, distinct),
    "htmt2": Criterion(N_("HTMT2"), RATIO, ROEMER_2021, distinct),
    "path": Criterion(
        N_("Path coefficient"), N_("its interval leaves out 0"), HAIR_2019, apart_from_zero
    ),
    "vif": Criterion(
        N_("Variance inflation of the predictor"), INFLATION, HAIR_2019, below(3.0, 5.0)
    ),
    "r2": Criterion(
        N_("R2"),
        N_("0.25 weak, 0.50 moderate, 0.75 substantial; below 0.10 too little"),
        f"{HAIR_2019}; {FALK_1992}",
        at_least(0.25, 0.10),
    ),
    "r2_adj": Criterion(
        N_("Adjusted R2"),
        N_("0.25 weak, 0.50 moderate, 0.75 substantial; below 0.10 too little"),
        f"{HAIR_2019}; {FALK_1992}",
        at_least(0.25, 0.10),
    ),
    "f2": Criterion(
        N_("Effect size f2"),
        N_("0.02 small, 0.15 medium, 0.35 large; below 0.02 no effect to speak of"),
        COHEN_1988,
        at_least(0.02, 0.0),
    ),
    "srmr": Criterion(
        N_("SRMR"), N_("below 0.08; from 0.10 on the model misfits"), HU_1999, below(0.08, 0.10)
    ),
    "exact_fit": Criterion(
        N_("p value of the test of exact fit"),
        N_("0.05 or more: no sign that the model is wrong; below 0.01 it is"),
        DIJKSTRA_2015,
        at_least(0.05, 0.01),
    ),
    "q2_redundancy": Criterion(
        N_("Blindfolding Q2, redundancy"), N_("above 0"), CHIN_1998, above_zero
    ),
    "q2_communality": Criterion(
        N_("Blindfolding Q2, communality"), N_("above 0"), CHIN_1998, above_zero
    ),
    "q2_predict": Criterion(
        N_("Q2predict of the item"),
        N_("above 0: the model predicts new cases better than the item's mean"),
        SHMUELI_2019,
        above_zero,
    ),
    "rmse": Criterion(
        N_("RMSE of the model less RMSE of the linear model"), N_("below 0"), SHMUELI_2019, noted
    ),
    "power": Criterion(
        N_("Share of items that the model predicts better than the linear model"),
        N_("1 high, from 0.5 on medium, below low, 0 none"),
        SHMUELI_2019,
        lambda value, _low, _high: at_least(0.5, 1e-9)(value, None, None),
    ),
    "cvpat_average": Criterion(
        N_("CVPAT: loss less that of the item means"),
        N_("below 0 with its interval"),
        SHARMA_2023,
        smaller_loss,
    ),
    "cvpat_linear": Criterion(
        N_("CVPAT: loss less that of the linear model"),
        N_("below 0 with its interval; near 0 is good enough"),
        SHARMA_2023,
        smaller_loss,
    ),
    "dropped": Criterion(
        N_("Share of resamples that could not be estimated"),
        N_("0; above 0.05 intervals deserve no trust"),
        HAIR_2019,
        lambda value, _low, _high: (
            Mark.PASSED if value == 0 else Mark.LOOK if value <= 0.05 else Mark.FAIL  # noqa: PLR2004
        ),
    ),
}

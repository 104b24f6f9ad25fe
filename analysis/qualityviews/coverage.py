"""PURE. Coverage: the stated facts of the frame, and what calling found of it."""

from __future__ import annotations

from math import sqrt

from analysis.qualityfacts import Frame
from analysis.qualityviews.parts import (
    DASH,
    Figure,
    Numbers,
    Said,
    Section,
    base,
    percent,
    se,
    unknown,
)
from foundation.problems import N_


def section(numbers: Numbers, frame: Frame) -> Section:
    """Return the section on coverage."""
    return Section(
        "coverage",
        N_("Coverage"),
        N_("People who are not on the list cannot be asked; entries that are none waste calls."),
        (_stated(frame), _under(frame), _twice(frame), _over(numbers)),
    )


def _stated(frame: Frame) -> Figure:
    what = Said(N_("Sampling frame"))
    if not frame.name:
        return unknown(what, {"why": "not_stated"})
    dated = frame.dated or DASH
    said = Said(N_("%(frame)s, as of %(dated)s."), {"frame": frame.name, "dated": dated})
    return Figure(what, frame.listed or DASH, "", "", "", said)


def _under(frame: Frame) -> Figure:
    what, formula = Said(N_("Undercoverage")), "missing / population"
    if not (frame.population and frame.missing) or not int(frame.population):
        return unknown(what, {"why": "not_stated"}, formula)
    gone = int(frame.missing) / int(frame.population)
    said = Said(
        N_("Whatever they think, it cannot move an index 0-100 by more than %(most)s points."),
        {"most": f"{100 * gone:.1f}"},
    )
    return Figure(what, percent(gone), "", f"N = {frame.population}", formula, said)


def _twice(frame: Frame) -> Figure:
    what, formula = Said(N_("Duplicate entries")), "duplicates / entries"
    if not (frame.listed and frame.twice) or not int(frame.listed):
        return unknown(what, {"why": "not_stated"}, formula)
    said = Said(N_("A person listed twice is drawn twice as easily unless it is removed."))
    listed = int(frame.listed)
    return Figure(what, percent(int(frame.twice) / listed), "", f"N = {listed}", formula, said)


def _over(numbers: Numbers) -> Figure:
    what, formula = Said(N_("Overcoverage found by calling")), "NE / (I + P + R + NC + O + NE)"
    response = numbers["response"]
    if "why" in response:
        return unknown(what, response, formula)
    counts = response["counts"]
    known = sum(value for name, value in counts.items() if name not in {"UH", "UO"})
    if not known:
        return unknown(what, {"why": "no_rate"}, formula)
    part = counts["NE"] / known
    error = sqrt(part * (1 - part) / max(known - 1, 1))
    said = Said(N_("Cases whose number does not work or whose person does not belong."))
    return Figure(what, percent(part), se(error, 1, 100), base(known), formula, said)

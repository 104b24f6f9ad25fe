"""PURE. What a quality page is made of, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.report import rounded, share
from foundation.problems import N_

Numbers = Mapping[str, Any]
DASH = "–"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with the values that fill it; translated where it is printed."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure: its name, value, interval or error, base, formula, and what it means."""

    what: Said
    value: str
    error: str
    base: str
    formula: str
    reading: Said


@dataclass(frozen=True, slots=True)
class Table:
    """A table behind figures. Heads and texts of cells marked `Said` are translated."""

    title: Said
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Said]]


@dataclass(frozen=True, slots=True)
class Section:
    """One source of error: what it is, its figures, the tables behind them."""

    key: str
    title: str
    about: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()


REASONS = {
    "no_report": N_("Not known: the wave has no cases of a telephone sample."),
    "one_stratum": N_("Not defined: the cases have one stratum, so response cannot differ by it."),
    "silent_stratum": N_("Not defined yet: nobody of stratum '%(stratum)s' has answered."),
    "few": N_("Too few to compare: %(first)s and %(second)s interviews; each needs %(least)s."),
    "no_spread": N_("Not defined: all answers are the same."),
    "no_interviewers": N_("Not known: nothing says who held the interviews."),
    "one_interviewer": N_("Not defined: one interviewer held all interviews."),
    "short_battery": N_(
        "Not computed: %(count)s items share a scale; a battery has at least %(least)s."
    ),
    "few_whole": N_("Not computed: nobody answered half of the battery."),
    "few_timed": N_("Not computed: %(count)s interviews have times; it takes %(least)s."),
    "no_backcheck": N_("No back-check yet: nobody was asked again."),
    "one_answer": N_("Not defined: everybody gave the same answer, both times."),
    "all_agree": N_(
        "All answers agree. The interval is not computed: its formula would make it a point."
    ),
    "no_round": N_("Not computed: no question asks for a number of some size."),
    "no_rate": N_("Not defined: its denominator is zero."),
    "one_unit": N_("%(rate)s, but its error is not known: the cases are all of one sampling unit."),
    "no_weights": N_("Not computed: not every case has a selection probability."),
    "not_stated": N_("Not stated."),
}


def unknown(what: Said, found: Numbers, formula: str = "") -> Figure:
    """Return a figure that could not be computed, with the reason in words."""
    values = {key: value for key, value in found.items() if key != "why"}
    return Figure(what, DASH, "", "", formula, Said(REASONS[found["why"]], values))


def percent(value: float | None) -> str:
    """Return a share as percent.

    >>> percent(0.2184), percent(None)
    ('21.8 %', '–')
    """
    return DASH if value is None else f"{share(value)} %"


def points(value: float | None, digits: int = 1) -> str:
    """Return a number, or a dash for none."""
    return DASH if value is None else rounded(value, digits)


def signed(value: float, digits: int = 1) -> str:
    """Return a difference with its sign.

    >>> signed(0.26), signed(-0.26)
    ('+0.3', '−0.3')
    """
    text = rounded(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def interval(found: Numbers, digits: int = 1) -> str:
    """Return the limits of a figure, as [low, high]."""
    return f"[{rounded(found['low'], digits)}, {rounded(found['high'], digits)}]"


def percents(found: Numbers) -> str:
    """Return the limits of a share as percent."""
    return f"[{share(found['low'])}, {share(found['high'])}] %"


def se(value: float | None, digits: int = 1, scale: float = 1.0) -> str:
    """Return a standard error, marked as one; nothing where there is none."""
    return "" if value is None else f"SE {rounded(scale * value, digits)}"


def base(n: float) -> str:
    """Return a base."""
    return f"n = {n:.0f}"

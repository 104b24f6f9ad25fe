"""PURE. Planning questions: what each needs, and what was typed as numbers. No science here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from foundation.problems import N_, Message, Place, Problem, ProblemsError

Unit = Literal["percent", "number", "whole", "correlation", "list"]
Asked = dict[str, object]

NOT_A_NUMBER = Message(
    "PLAN-101", N_("'%(value)s' is no number."), N_("Write a number such as 12 or 12.5.")
)
MISSING = Message("PLAN-102", N_("the field is empty."), N_("This question needs it."))
OUT_OF_RANGE = Message(
    "PLAN-103", N_("%(value)s cannot be right here."), N_("It must be %(wanted)s.")
)
TWO_EFFECTS = Message(
    "PLAN-104",
    N_("a design effect is given, and what it would be made of."),
    N_("Give either the design effect, or interviews per cluster with their correlation."),
)
HALF_A_CLUSTER = Message(
    "PLAN-105",
    N_("interviews per cluster and their correlation belong together."),
    N_("Give both or neither."),
)
LENGTHS_DIFFER = Message(
    "PLAN-106",
    N_("there are %(count)s numbers, but %(first)s strata."),
    N_("Give one number for each stratum, in the same order."),
)
TOO_MANY = Message(
    "PLAN-107",
    N_("promoters and detractors are more than everybody."),
    N_("Together they are at most 100 per cent."),
)
SAME_SHARES = Message(
    "PLAN-108",
    N_("both waves have the same share: there is no difference to find."),
    N_("Write the smallest difference that should be found."),
)
OVERLAP = Message(
    "PLAN-109",
    N_("%(value)s people cannot take part in both waves."),
    N_("It is at most the smaller of the two numbers of interviews."),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A field of a question: its label and unit; one that is not `needed` may stay empty."""

    name: str
    label: str
    unit: Unit
    needed: bool = True
    start: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A planning question: its title and fields."""

    name: str
    title: str
    entries: tuple[Entry, ...]


P = Entry("p", N_("Expected share, %%"), "percent", start="50")
MARGIN_P = Entry("margin", N_("Margin wanted, ± points"), "percent", start="3")
MARGIN = Entry("margin", N_("Margin wanted, ± points"), "number", start="2")
SD = Entry("sd", N_("Standard deviation of answers, points"), "number", start="22")
N = Entry("n", N_("Interviews"), "whole", start="400")
UP = Entry("promoters", N_("Promoters, %%"), "percent", start="45")
DOWN = Entry("detractors", N_("Detractors, %%"), "percent", start="20")
DESIGN = (
    Entry("confidence", N_("Confidence, %%"), "percent", needed=False, start="95"),
    Entry("N", N_("People in the population"), "whole", needed=False),
    Entry("deff", N_("Design effect"), "number", needed=False),
    Entry("cluster", N_("or: interviews per cluster"), "number", needed=False),
    Entry("rho", N_("and their correlation ρ"), "correlation", needed=False),
    Entry("cv_weights", N_("Variation of the weights (cv)"), "number", needed=False),
)
FIELD = (
    Entry("response_rate", N_("Response rate, %%"), "percent", needed=False, start="20"),
    Entry("attempts", N_("Calls per case"), "number", needed=False, start="4"),
)
KINDS = {
    kind.name: kind
    for kind in (
        Kind("size_index", N_("Interviews for an index or a mean"), (SD, MARGIN, *DESIGN, *FIELD)),
        Kind("size_share", N_("Interviews for a share"), (P, MARGIN_P, *DESIGN, *FIELD)),
        Kind(
            "size_nps",
            N_("Interviews for a net promoter score"),
            (UP, DOWN, MARGIN, *DESIGN, *FIELD),
        ),
        Kind(
            "size_change",
            N_("Interviews to find a change between waves"),
            (
                Entry("p1", N_("Share in the first wave, %%"), "percent", start="50"),
                Entry("p2", N_("Share in the second wave, %%"), "percent", start="56"),
                Entry("power", N_("Chance to find it, %%"), "percent", needed=False, start="80"),
                *DESIGN[:1],
                *DESIGN[2:],
                *FIELD,
            ),
        ),
        Kind("margin_index", N_("Margin of an index or a mean"), (SD, N, *DESIGN)),
        Kind("margin_share", N_("Margin of a share"), (P, N, *DESIGN)),
        Kind("margin_nps", N_("Margin of a net promoter score"), (UP, DOWN, N, *DESIGN)),
        Kind(
            "margin_change",
            N_("Margin of a change between waves"),
            (
                Entry("p1", N_("Share in the first wave, %%"), "percent", start="50"),
                Entry("n1", N_("Interviews in the first wave"), "whole", start="400"),
                Entry("p2", N_("Share in the second wave, %%"), "percent", start="56"),
                Entry("n2", N_("Interviews in the second wave"), "whole", start="400"),
                Entry("n_overlap", N_("People asked in both"), "number", needed=False),
                Entry("overlap_rho", N_("Correlation of their answers"), "correlation",
                      needed=False),
                DESIGN[0],
            ),
        ),
        Kind(
            "allocation",
            N_("Interviews per stratum"),
            (
                N,
                Entry("sizes", N_("People of each stratum"), "list", start="2000, 6000, 12000"),
                Entry("sds", N_("Standard deviation in each"), "list", start="25, 20, 18"),
                Entry("costs", N_("Cost of an interview in each"), "list", needed=False),
            ),
        ),
        Kind(
            "cluster",
            N_("Interviews per cluster"),
            (
                Entry("cost_cluster", N_("Cost of a further cluster"), "number", start="100"),
                Entry("cost_interview", N_("Cost of a further interview"), "number", start="10"),
                Entry("rho", N_("Correlation ρ within clusters"), "correlation", start="0.05"),
            ),
        ),
        Kind("none_found", N_("Nobody had it: how many may there be?"), (N, DESIGN[0])),
    )
}  # fmt: skip
FIRST = "size_index"
WANTED = {
    "percent": N_("above 0 and below 100"),
    "number": N_("above 0"),
    "whole": N_("a whole number of 1 or more"),
    "correlation": N_("above 0 and below 1"),
    "list": N_("numbers above 0, separated by commas"),
}
CAN_BE_NONE = frozenset({"promoters", "detractors", "n_overlap", "cv_weights"})


def read(kind: Kind, typed: Mapping[str, str]) -> Asked:
    """Return the fields of a question as numbers; shares are of 1, empty fields are left out.

    Raises everything that is wrong with them together.
    """
    problems: list[Problem] = []
    asked: Asked = {}
    for entry in kind.entries:
        text = typed.get(entry.name, "").strip()
        if text:
            value = _value(entry, text, problems)
            if value is not None:
                asked[entry.name] = value
        elif entry.needed:
            problems.append(MISSING.at(Place(item=entry.name)))
    problems = problems or _contradictions(asked)
    if problems:
        raise ProblemsError(problems)
    return asked


def _value(entry: Entry, text: str, problems: list[Problem]) -> object:
    place = Place(item=entry.name)
    parts = text.split(",") if entry.unit == "list" else [text]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        problems.append(NOT_A_NUMBER.at(place, value=text))
        return None
    if not all(_is_right(entry, number) for number in numbers):
        problems.append(OUT_OF_RANGE.at(place, value=text, wanted=WANTED[entry.unit]))
        return None
    if entry.unit == "list":
        return numbers
    return numbers[0] / 100 if entry.unit == "percent" else numbers[0]


def _is_right(entry: Entry, number: float) -> bool:
    if not math.isfinite(number):
        return False
    if number == 0 and entry.name in CAN_BE_NONE:
        return True
    if entry.unit == "whole":
        return number >= 1 and number == int(number)
    most = {"percent": 100.0, "correlation": 1.0}.get(entry.unit, math.inf)
    return 0 < number < most


def _contradictions(asked: Asked) -> list[Problem]:
    found: list[Problem] = []
    clusters = {"cluster", "rho"} & asked.keys()
    if "deff" in asked and ("cluster" in asked or "cv_weights" in asked):
        found.append(TWO_EFFECTS.at(Place(item="deff")))
    if "cost_cluster" not in asked and len(clusters) == 1:
        found.append(HALF_A_CLUSTER.at(Place(item=clusters.pop())))
    for name in ("sds", "costs"):
        first, own = asked.get("sizes"), asked.get(name)
        if isinstance(first, list) and isinstance(own, list) and len(own) != len(first):
            values = {"count": len(own), "first": len(first)}
            found.append(LENGTHS_DIFFER.at(Place(item=name), **values))
    return found + _between(asked)


def _between(asked: Asked) -> list[Problem]:
    numbers = {name: value for name, value in asked.items() if isinstance(value, float)}
    found = []
    if numbers.get("promoters", 0) + numbers.get("detractors", 0) > 1:
        found.append(TOO_MANY.at(Place(item="detractors")))
    if "n1" not in numbers and "p1" in numbers and numbers["p1"] == numbers.get("p2"):
        found.append(SAME_SHARES.at(Place(item="p2")))
    overlap = numbers.get("n_overlap", 0)
    if overlap > min(numbers.get("n1", math.inf), numbers.get("n2", math.inf)):
        found.append(OVERLAP.at(Place(item="n_overlap"), value=f"{overlap:g}"))
    return found

"""PURE. Population totals from a file, each with the source that states it.

{"margins": [{"name": "sex", "source": "customer register, 2026-09-30",
              "targets": {"f": 2100, "m": 1900}}]}
Targets may be counts, or shares that are scaled to one population size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.weighting.messages import BAD_TARGETS_FILE, NO_POPULATION, NO_SOURCE
from foundation.problems import Place, Problem, ProblemsError


@dataclass(frozen=True)
class MarginTargets:
    """The targets of one variable, by level, and where they come from."""

    name: str
    targets: Mapping[str, float]
    source: str = ""


@dataclass(frozen=True)
class Targets:
    """All margins, and a warning for each without a source."""

    margins: tuple[MarginTargets, ...]
    remarks: tuple[Problem, ...] = ()


def read_targets(content: object, population: float | None = None) -> Targets:
    """Return the targets in a decoded JSON document; `population` scales shares to counts."""
    listed = content.get("margins") if isinstance(content, Mapping) else None
    if isinstance(listed, Mapping):
        listed = [{"name": name, "targets": targets} for name, targets in listed.items()]
    if not isinstance(listed, list) or not listed:
        raise ProblemsError([BAD_TARGETS_FILE.at(Place(), reason="there are no 'margins'.")])
    margins = tuple(_margin(number, entry, population) for number, entry in enumerate(listed, 1))
    remarks = tuple(
        NO_SOURCE.at(Place(item=one.name), name=one.name) for one in margins if not one.source
    )
    return Targets(margins, remarks)


def _margin(number: int, entry: Any, population: float | None) -> MarginTargets:
    named = isinstance(entry, Mapping) and isinstance(entry.get("targets"), Mapping)
    if not named or not entry.get("name"):
        reason = f"margin {number} needs 'name' and 'targets'."
        raise ProblemsError([BAD_TARGETS_FILE.at(Place(item=str(number)), reason=reason)])
    try:
        targets = {str(level): float(value) for level, value in entry["targets"].items()}
    except (TypeError, ValueError):
        reason = f"a target of '{entry['name']}' is not a number."
        raise ProblemsError([BAD_TARGETS_FILE.at(Place(item=str(number)), reason=reason)]) from None
    if population is not None:
        total = sum(targets.values())
        if not total > 0:
            name, place = str(entry["name"]), Place(item=str(number))
            raise ProblemsError([NO_POPULATION.at(place, name=name, total=f"{total:g}")])
        targets = {level: value * population / total for level, value in targets.items()}
    return MarginTargets(str(entry["name"]), targets, str(entry.get("source", "")))

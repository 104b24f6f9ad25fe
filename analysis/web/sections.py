"""The sections of the Model pages: which tables each has, or why it has none yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from analysis.modelviews import insight
from analysis.modelviews.judgement import MARKS, Choice, judgement
from analysis.modelviews.measurement import measurement
from analysis.modelviews.sheets import Sheet
from analysis.modelviews.stored import Stored
from analysis.modelviews.structure import structure

TITLES = {
    "diagram": _l("Path diagram"),
    "structure": _l("Structural model"),
    "measurement": _l("Measurement model"),
    "judging": _l("Judging"),
    "mediation": _l("Mediation"),
    "importance": _l("Importance and performance"),
    "opinion": _l("Second opinion (CB-SEM)"),
    "paper": _l("For a paper"),
    "origin": _l("Origin"),
}
OLDER = _l("This result was computed before the judgement was part of it.")
LARGE = _l("Above 20,000 respondents a wave is not judged with its index: it would take minutes. "
           "The command 'soundings model fit --judge' does it.")  # fmt: skip
NO_OPINION = _l("Covariance-based SEM could not estimate this model; this is why:")


@dataclass(frozen=True, slots=True)
class Section:
    """What a section shows: tables, and why there are none (with whether computing would help)."""

    sheets: tuple[Sheet, ...] = ()
    missing: Any = ""
    may_compute: bool = False


def section(key: str, stored: Stored, found: Mapping[str, Any] | None) -> Section:
    """Return one section of a stored result; `found` is its judgement, None of older results."""
    if key in ("structure", "diagram"):
        return Section(structure(stored))
    if key == "measurement":
        return Section(measurement(stored))
    if key == "opinion":
        sheets = insight.opinion(stored.numbers["cbsem"])
        return Section(sheets, "" if sheets else NO_OPINION)
    if key == "origin":
        return Section()
    if found is None:
        return Section(missing=OLDER, may_compute=True)
    return _insight(key, stored, found)


def _insight(key: str, stored: Stored, found: Mapping[str, Any]) -> Section:
    if key == "mediation":
        return Section(insight.mediation(stored, found["mediation"]))
    if key == "importance":
        own = found["importance_performance"]
        return Section(insight.importance(stored, own, target_of(stored, found)))
    if found["judgement"] is None:
        return Section(missing=LARGE)
    return Section(judgement(stored, found["judgement"], choice_of(found["judgement"])))


def target_of(stored: Stored, found: Mapping[str, Any]) -> str:
    """Return whose importance is asked for: the index, unless the address names another."""
    asked = request.args.get("target", "")
    return asked if asked in found["importance_performance"] else str(stored.numbers["index"])


def choice_of(found: Mapping[str, Any]) -> Choice:
    """Return which rows of the judging table are asked for; those that fail unless another is."""
    criterion, mark = request.args.get("criterion", ""), request.args.get("mark", "fail")
    return Choice(
        criterion if criterion in found["criteria"] else "", mark if mark in MARKS else ""
    )

"""PURE. The judging table: every criterion with value, interval, rule, source and mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.modelviews.sheets import Cell, Column, Mark, Number, Route, Said, Sheet, numbers
from analysis.modelviews.stored import Stored
from foundation.problems import N_

MARKS = ("pass", "look", "fail", "not defined")
MARK_TITLES = (N_("pass"), N_("look"), N_("fail"), N_("not defined"))
SIGNS = ((" -> ", "→"), (" ~ ", "↔"))
WHOLE = {"": N_("whole model"), "exact_fit": N_("test of exact fit")}


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows are shown: those of a criterion, with a mark; empty means all."""

    criterion: str = ""
    mark: str = ""


def judgement(stored: Stored, found: Mapping[str, Any], choice: Choice) -> tuple[Sheet, ...]:
    """Return the marks by criterion, and the rows that were chosen, as stored by a worker."""
    rows = [
        row
        for row in found["rows"]
        if choice.criterion in ("", row["criterion"]) and choice.mark in ("", row["mark"])
    ]
    return (_summary(found), _rows(stored, found["criteria"], rows))


def _summary(found: Mapping[str, Any]) -> Sheet:
    counts: dict[str, dict[str, int]] = {}
    for row in found["rows"]:
        own = counts.setdefault(row["criterion"], dict.fromkeys(MARKS, 0))
        own[row["mark"]] += 1
    rows = tuple(
        (
            Said(found["criteria"][key]["title"]),
            *(Number(own[mark], 0) for mark in MARKS),
            Said(found["criteria"][key]["rule"]),
            found["criteria"][key]["source"],
        )
        for key, own in counts.items()
    )
    columns = (
        Column("criterion", N_("Criterion")),
        *numbers(*zip(MARKS, MARK_TITLES, strict=True)),
        Column("rule", N_("Rule of thumb")),
        Column("source", N_("Source")),
    )
    return Sheet("judgement_summary", N_("By criterion"), columns, rows)


def _rows(stored: Stored, criteria: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Sheet:
    columns = (
        Column("criterion", N_("Criterion")),
        Column("of", N_("Of")),
        *numbers(("value", N_("Value")), ("low", "2.5 %"), ("high", "97.5 %")),
        Column("mark", N_("Mark")),
        Column("rule", N_("Rule of thumb, or why not defined")),
        Column("source", N_("Source")),
    )
    return Sheet("judgement", N_("Each row"), columns, tuple(
        _row(stored, criteria[row["criterion"]], row) for row in rows
    ))  # fmt: skip


def _row(stored: Stored, rule: Mapping[str, str], row: Mapping[str, Any]) -> tuple[Cell, ...]:
    low, high = row["ci95"] or (None, None)
    return (
        Said(rule["title"]),
        _subject(stored, row["of"]),
        Number(row["value"]),
        Number(low),
        Number(high),
        Mark(row["mark"]),
        Said(row.get("reason") or rule["rule"]),
        rule["source"],
    )


def _subject(stored: Stored, of: str) -> Cell:
    if of in WHOLE:
        return Said(WHOLE[of])
    for written, sign in SIGNS:
        if written in of:
            return Route(tuple(stored.label(part) for part in of.split(written)), sign)
    return stored.label(of)

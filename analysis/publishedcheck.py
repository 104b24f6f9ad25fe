"""PURE. What published tables can and cannot say: possible bases, sums, intervals, claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.sampling.claims import share_against
from analysis.sampling.consistency import Figure, PublishedTable, lint, possible_bases
from analysis.sampling.planning import margin_of_proportion
from foundation.problems import Problem

Json = dict[str, Any]
LISTED = 12


def check(tables: Sequence[Mapping[str, Any]], deff: float) -> tuple[Json, list[Problem]]:
    """Return the figures of all tables with their errors, and the findings about them.

    `tables` are those of `analysis.publishedfields.read_tables`. The cases are taken as a simple
    random sample whose variance the design multiplies by `deff`.
    """
    printed = [_published(table) for table in tables]
    found = [_checked(table, own, deff) for table, own in zip(tables, printed, strict=True)]
    return {"tables": found, "deff": deff}, lint(printed)


def _checked(table: Mapping[str, Any], printed: PublishedTable, deff: float) -> Json:
    lines = [_line(table, line, deff) for line in _lines(table)]
    return {**table, "bases": _bases(printed), "lines": lines}


def _lines(table: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    lines: Sequence[Mapping[str, str]] = table["lines"]
    return lines


def _published(table: Mapping[str, Any]) -> PublishedTable:
    figures = tuple(Figure(line["label"], line["percent"]) for line in _lines(table))
    return PublishedTable(
        str(table["name"]), figures, table["answers"], int(table["least"]), int(table["most"])
    )


def _bases(table: PublishedTable) -> Json:
    """Return the bases of the range from which all figures can come: how many, and the first."""
    found = possible_bases(table.figures, table.least_base, table.largest_base)
    return {"count": len(found), "first": found[:LISTED]}


def _line(table: Mapping[str, Any], line: Mapping[str, str], deff: float) -> Json:
    least, most = int(table["least"]), int(table["most"])
    figure = Figure(line["label"], line["percent"])
    own = possible_bases([figure], least, most)
    row: Json = {**line, "fits": len(own), "some": own[:LISTED], "error": None, "verdict": None}
    if least != most or least < 2:  # noqa: PLR2004 - an error needs two people
        return row
    share = figure.percent / 100
    row["error"] = _error(share, least, deff)
    if line["claim"]:
        row["verdict"] = _verdict(share, line["claim"], least, deff)
    return row


def _error(share: float, n: int, deff: float) -> Json:
    found = margin_of_proportion(share, n, deff=deff)
    return {
        "se": 100 * found.se_estimation,
        "margin": 100 * found.moe_estimation_z,
        "wilson": [100 * one for one in found.wilson],
        "exact": [100 * one for one in found.clopper_pearson],
    }


def _verdict(share: float, claim: str, n: int, deff: float) -> Json:
    """Return whether a figure lies on the claimed side of a value by more than chance makes."""
    value = float(claim[1:]) / 100
    if not 0 < value < 1:
        return {"holds": (share < value) == (claim[0] == "<") and share != value, "z": None,
                "p": None}  # fmt: skip
    found = share_against(share, value, n, deff)
    is_there = found.difference < 0 if claim[0] == "<" else found.difference > 0
    return {"holds": is_there and found.is_supported, "z": found.z, "p": found.p}

"""PURE. Stored scores of several sources as a page, a file and a command print them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.report import rounded

Json = dict[str, Any]
BESIDE = ("SAMP-501", "SAMP-513", "SAMP-514")
"""A small base, a missing source, a single rater: the cells of the page say it themselves."""


def posted(answer: Mapping[str, Any]) -> Json:
    """Return what may be posted: the first places with ties, the others as counts only.

    named      rows of unit, rank, best, worst, value, low, high, base
    others     how many are not named
    uncertain  how many of them cannot be told from a place among the first
    unranked   how many of them have no rank: hidden or withheld
    """
    kept = ("unit", "rank", "best", "worst", "value", "se", "low", "high", "base")
    first = set(answer["podium"]["named"])
    rows = [row for row in answer["units"] if row["unit"] in first]
    return {
        "places": answer["scheme"]["places"],
        "named": [{name: row[name] for name in kept} for row in rows],
        "others": len(answer["units"]) - len(rows),
        "uncertain": answer["podium"]["uncertain"],
        "unranked": sum(row["rank"] is None for row in answer["units"]),
    }


def ranks(row: Mapping[str, Any]) -> str:
    """Return the ranks that the errors leave possible.

    >>> ranks({"best": 1, "worst": 4}), ranks({"best": 2, "worst": 2})
    ('1–4', '2')
    """
    best, worst = row["best"], row["worst"]
    return str(best) if best == worst else f"{best}–{worst}"


def figure(value: float | None, digits: int = 1) -> str:
    """Return a figure in words, a dash for what is not shown."""
    return "–" if value is None else rounded(value, digits)


def is_said_below(remark: Mapping[str, Any]) -> bool:
    """Tell whether a stored remark is listed under its unit, for its row does not say it."""
    return str(remark["code"]) not in BESIDE

"""PURE. The answer to a planning question as rows of a page; never computes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.qualityviews.parts import Figure, Said, Table, signed
from analysis.report import rounded
from foundation.problems import N_

Numbers = Mapping[str, Any]
FORMULAS = {
    "size_index": "n₁ = (z s / e)² deff; n = n₁ / (1 + n₁ / N)",
    "size_share": "n₁ = z² p q / e² deff; n = n₁ / (1 + (n₁ − 1) / N)",
    "size_nps": "s² = P + D − (P − D)²; n₁ = (100 z s / e)² deff; n = n₁ / (1 + n₁ / N)",
    "size_change": "n = deff ((z₁ √(2 p̄ q̄) + z₂ √(p₁q₁ + p₂q₂)) / (p₁ − p₂))²",
    "margin_index": "z s √(deff (1 − n/N) / n)",
    "margin_share": "z √(deff (1 − n/N) p q / n)",
    "margin_nps": "100 z √(deff (1 − n/N) (P + D − (P − D)²) / n)",
    "margin_change": "z √(p₁q₁/n₁ + p₂q₂/n₂ − 2 ρ nₒ √(p₁q₁p₂q₂) / (n₁n₂))",
    "cluster": "√(c₁/c₂ (1 − ρ)/ρ)",
    "none_found": "1 − α^(1/n)",
}
WAYS = {
    "proportional": N_("Proportional to people"),
    "neyman": N_("Neyman: people × standard deviation"),
    "cost": N_("Cost: people × standard deviation / √cost"),
}
LEVEL = 0.05


def figures(kind: str, found: Numbers) -> tuple[Figure, ...]:
    """Return the rows that answer a question; a design effect of 1 is not mentioned."""
    rows = [
        _row(name, make(found[name]), FORMULAS.get(kind, "") if first else "", reading)
        for first, (name, make, reading) in _rows(found)
    ]
    return tuple(rows)


def _rows(found: Numbers) -> list[tuple[bool, tuple[str, Any, Said]]]:
    """Return the rows whose numbers are there; the first carries the formula."""
    wanted = [row for row in ROWS if found.get(row[0]) is not None]
    if found.get("deff") == 1:
        wanted = [row for row in wanted if row[0] != "deff"]
    if "p" in found:
        clear = found["p"] < LEVEL
        wanted = [(n, m, (CLEAR if clear else UNCLEAR) if n == "value" else r)
                  for n, m, r in wanted]  # fmt: skip
    return [(at == 0, row) for at, row in enumerate(wanted)]


def _row(name: str, value: str, formula: str, reading: Said) -> Figure:
    return Figure(Said(NAMES[name]), value, "", "", formula, reading)


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _one(value: float) -> str:
    return rounded(value, 1)


def _plus(value: float) -> str:
    return f"± {rounded(value, 1)}"


def _limits(value: list[float]) -> str:
    return f"[{rounded(value[0], 1)}, {rounded(value[1], 1)}]"


CLEAR = Said(N_("Beyond its margin: such a change would be found real."))
UNCLEAR = Said(N_("Within its margin: such a change could not be told from chance."))
NAMES = {
    "n": N_("Complete interviews"),
    "cases": N_("Cases to draw"),
    "calls": N_("Calls to dial"),
    "margin": N_("Margin, points"),
    "se": N_("Standard error, points"),
    "value": N_("Score or difference, points"),
    "wilson": N_("Limits by Wilson, %%"),
    "exact": N_("Exact limits (Clopper-Pearson), %%"),
    "best": N_("Interviews per cluster that cost least"),
    "upper": N_("At most, %%"),
    "deff": N_("Design effect"),
}
ROWS: tuple[tuple[str, Any, Said], ...] = (
    ("n", _whole, Said(N_("Rounded up; of a change between waves: in each of the two."))),
    ("margin", _plus, Said(N_("Half the width of the interval at the confidence chosen."))),
    ("best", _one, Said(N_("More in a cluster are cheaper to reach, but tell less each."))),
    ("upper", _one, Said(N_("So many may have it although nobody asked had it."))),
    ("cases", _whole, Said(N_("Interviews over the response rate."))),
    ("calls", _whole, Said(N_("Cases times calls per case."))),
    ("value", signed, Said("")),
    ("se", _one, Said(N_("Planning formula: the variance is divided by n."))),
    ("wilson", _limits, Said(N_("Uneven where the share is near 0 or 100; n over deff."))),
    ("exact", _limits, Said(N_("Never too narrow; n over deff."))),
    ("deff", lambda value: rounded(value, 2),
     Said(N_("So many times the interviews of a simple random sample."))),
)  # fmt: skip


def strata_table(found: Numbers) -> Table | None:
    """Return the interviews per stratum under three rules, with the error of the mean; or None."""
    if "proportional" not in found:
        return None
    count = len(found["proportional"])
    rows: list[list[str | Said]] = [
        [Said(text), *(rounded(n, 1) for n in found[way]), rounded(se, 3)]
        for (way, text), se in zip(WAYS.items(), found["errors"], strict=True)
    ]
    heads = (N_("Rule"), *(f"{at}." for at in range(1, count + 1)), N_("SE of the mean"))
    return Table(Said(N_("Interviews by stratum")), heads, rows)

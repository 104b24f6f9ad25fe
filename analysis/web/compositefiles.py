"""Composite scores as Excel and CSV: the same figures as the page, hidden ones left out."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext

from analysis import compositeviews
from analysis.modelviews.sheets import Cell, Column, Number, Said, Sheet, numbers
from analysis.store.tables import SamplePlan
from analysis.web import tablefiles
from foundation import jobs
from foundation.problems import N_

Json = Any
DECISIONS = {
    "show": N_("shown"),
    "mark": N_("shown with care"),
    "hide": N_("hidden"),
    "withhold": N_("withheld"),
}
SCORES = (
    Column("unit", N_("Unit")),
    *numbers(("rank", N_("Rank")), ("score", N_("Score, 0-100")), ("se", N_("SE")),
             ("low", N_("Lower limit")), ("high", N_("Upper limit"))),
    Column("ranks", N_("Possible ranks")),
    Column("group", N_("Group")),
    *numbers(("drawn", N_("Drawn towards the mean")), ("raters", N_("Raters"))),
    Column("decision", N_("Decision")),
)  # fmt: skip
REMARKS = Column("remarks", N_("Remarks"))
PODIUM = (
    *numbers(("rank", N_("Rank"))),
    Column("unit", N_("Unit")),
    *numbers(("score", N_("Score, 0-100")), ("se", N_("SE")), ("low", N_("Lower limit")),
             ("high", N_("Upper limit"))),
    Column("ranks", N_("Possible ranks")),
    *numbers(("raters", N_("Raters"))),
)  # fmt: skip


def taken(plan: SamplePlan, answer: Json, kind: str, *, is_posting: bool) -> Response:
    """Return the whole table, or for posting the first places only, as a file."""
    asked: Json = plan.asked
    scheme = answer["scheme"]
    sources = "; ".join(f"{one['name']} {one['weight']:g} %" for one in scheme["sources"])
    origin = {"title": asked["title"], "computed": plan.created_at.isoformat(),
              "sources": sources, "missing": scheme["missing"]}  # fmt: skip
    sheet = _podium(answer) if is_posting else _scores(answer)
    return tablefiles.download(kind, [sheet], origin, f"scores-{plan.id}")


def _scores(answer: Json) -> Sheet:
    names = [one["name"] for one in answer["scheme"]["sources"]]
    by_source = [
        column
        for name in names
        for column in numbers(
            (f"{name} mean", f"{name}: {gettext('mean')}"),
            (f"{name} raters", f"{name}: {gettext('raters')}"),
            (f"{name} weight", f"{name}: {gettext('weight, %%') % ()}"),
        )
    ]
    rows = tuple(_row(row, names) for row in answer["units"])
    return Sheet("scores", N_("Scores"), (*SCORES, *by_source, REMARKS), rows)


def _row(row: Json, names: list[str]) -> tuple[Cell, ...]:
    drawn = row["drawn"]["value"] if row["drawn"] else None
    cells: list[Cell] = [
        row["unit"],
        Number(row["rank"], 0),
        *(Number(row[name], 2) for name in ("value", "se", "low", "high")),
        compositeviews.ranks(row) if row["rank"] else "",
        row["letters"],
        Number(drawn, 2),
        Number(row["base"], 0),
        Said(DECISIONS[row["decision"]]),
    ]
    for name in names:
        own = row["sources"].get(name) or {"mean": None, "raters": 0, "weight": None}
        weight = None if own["weight"] is None else 100 * own["weight"]
        cells += [Number(own["mean"], 2), Number(own["raters"], 0), Number(weight, 1)]
    told = [jobs.from_json(one) for one in row["remarks"]]
    said = [gettext(one.message.problem) % one.values for one in told]
    return (*cells, " ".join(said))


def _podium(answer: Json) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            Number(row["rank"], 0),
            row["unit"],
            *(Number(row[name], 2) for name in ("value", "se", "low", "high")),
            compositeviews.ranks(row),
            Number(row["base"], 0),
        )
        for row in compositeviews.posted(answer)["named"]
    ]
    return Sheet("podium", N_("First places"), PODIUM, tuple(rows))

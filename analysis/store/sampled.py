"""The cases that were drawn for a wave and did not answer to the end.

The telephone floor keeps the cases, and this package never meets the floor's code: its table is
read by name, and only what weighting needs of it. A case whose code begins with 4 is not eligible,
of one that begins with 3 it is not known (AAPOR, Standard Definitions, 2023); a case that was not
released was not drawn for the field.
"""

from __future__ import annotations

from sqlalchemy import column, select, table
from sqlmodel import Session

from analysis.requests.weights import OUT_OF_SCOPE, UNRESOLVED
from foundation.database import json_type
from survey.formats.table import ResponseRow

NOT_ELIGIBLE, UNKNOWN = "4", "3"
DESIGN = ("stratum", "psu", "selection_probability", "panel_id")
CASES = table(
    "sample_case",
    column("id"),
    column("wave_id"),
    column("pseudonym"),
    column("stratum"),
    column("psu"),
    column("panel_id"),
    column("selection_probability"),
    column("variables", json_type()),
    column("state"),
    column("code"),
)


def released(session: Session, wave_id: int) -> list[ResponseRow]:
    """Return the released cases of a wave as rows without answers, in a fixed order.

    Case variables stand in `values`, stratum, unit and probability in `design`; `outcome` is one
    of `analysis.requests.weights`: unresolved, not eligible, else None.
    """
    query = select(CASES).where(CASES.c.wave_id == wave_id, CASES.c.state != "unreleased")
    found = session.connection().execute(query.order_by(CASES.c.id)).mappings()
    return [
        ResponseRow(
            row["pseudonym"],
            _standing(row["code"]),
            dict(row["variables"]),
            {},
            {name: row[name] for name in DESIGN},
        )
        for row in found
    ]


def _standing(code: str) -> str | None:
    return {NOT_ELIGIBLE: OUT_OF_SCOPE, UNKNOWN: UNRESOLVED}.get(code[:1])

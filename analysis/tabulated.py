"""What a worker makes of a set of tables: the wave's answers and its weights in, numbers out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.computing import code_version
from analysis.requests.tables import TablesEntry, read_entry
from analysis.requests.variables import known_variables
from analysis.store import tabulations, weightings
from analysis.tabulating import Tabulated
from analysis.wavefit.tabulating import counted, tables
from analysis.wavefit.weighing import weigh
from foundation.jobs import as_json
from survey import responses
from survey.store.tables import Wave

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from analysis.store.weightings import InForce
    from survey.formats.table import ResponseTable


@dataclass(frozen=True)
class Source:
    """The request, the answers, and the weighting plan in force (None: none).

    about    the wave's dates and where its answers come from, for the footnotes
    """

    tabulation_id: int
    entry: TablesEntry
    table: ResponseTable
    plan: InForce | None
    about: dict[str, Any]


def gather(session: Session, tabulation_id: int) -> Source:
    """Read a request and what it is computed from; LookupError when there is none."""
    found = tabulations.one(session, tabulation_id)
    if found is None:
        raise LookupError(tabulation_id)
    stored: Any = found.request
    return Source(
        tabulation_id,
        TablesEntry.from_json(stored),
        responses.table(session, found.wave_id),
        weightings.plan_in_force(session, found.wave_id),
        _about(session.get_one(Wave, found.wave_id)),
    )


def compute(source: Source, progress: Callable[[int, int], None] | None = None) -> Tabulated:
    """Return the numbers of all tables; raises ProblemsError with all that keeps them from it."""
    known = known_variables(source.table.variables, source.table.source)
    entry = read_entry(source.entry, known)
    plan = source.plan
    weighed = weigh(source.table, plan.silent, plan.entry) if plan else None
    who = counted(source.table, weighed, plan.version if plan else 0)
    numbers = tables(who, entry, known, progress)
    names = (*entry.rows, *entry.banner, entry.filter_by)
    read = [[row.respondent, [row.values.get(name) for name in names]] for row in who.rows]
    content = json.dumps([read, who.design.weights.tolist()], ensure_ascii=False)
    return Tabulated(
        source.tabulation_id,
        {**numbers, **source.about, "warnings": [as_json(one) for one in who.warnings]},
        hashlib.sha256(content.encode()).hexdigest(),
        code_version(),
    )


def _about(wave: Wave) -> dict[str, Any]:
    days = {"starts_on": wave.starts_on, "ends_on": wave.ends_on}
    return {
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "mode": wave.source.value,
    }

"""What a worker makes of a weighting version: its plan and the wave's cases in, weights out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.computing import code_version
from analysis.store import weightings
from analysis.wavefit.weighing import weigh
from analysis.weighing import Weighting
from foundation.jobs import as_json
from survey import responses

if TYPE_CHECKING:
    from sqlmodel import Session

    from analysis.store.weightings import InForce
    from survey.formats.table import ResponseTable


@dataclass(frozen=True)
class Source:
    """The answers of a wave and the version that weights them."""

    version_id: int
    table: ResponseTable
    plan: InForce


def gather(session: Session, version_id: int) -> Source:
    """Read a version and the cases of its wave; LookupError when there is no such plan."""
    version = weightings.version(session, version_id)
    if version is None or version.entry is None:
        raise LookupError(version_id)
    table = responses.table(session, version.wave_id)
    return Source(version_id, table, weightings.read(session, version))


def compute(source: Source) -> Weighting:
    """Return the weights with the record of every step; raises ProblemsError if they cannot be."""
    found = weigh(source.table, source.plan.silent, source.plan.entry)
    names = [row.respondent for row in found.rows[: found.n]]
    return Weighting(
        version_id=source.version_id,
        numbers={
            **found.to_json(),
            "warnings": [as_json(one) for one in (*found.warnings, *found.found.remarks)],
        },
        weights=list(zip(names, found.base.tolist(), found.weights.tolist(), strict=True)),
        data_digest=found.digest,
        code_version=code_version(),
    )

"""Report a wave's field to `survey`: every released case with its outcome, and the rates.

The analysis of quality needs those who did not answer, and may not look into the floor's tables.
So the floor says where it stands, when somebody asks for it, in a copy that knows its date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from cati.rules.aapor import group_of
from cati.rules.outcomes import OUTCOMES
from cati.rules.queue import CaseState
from cati.rules.rates import (
    Dispositions,
    RateError,
    Weighed,
    counted,
    proportional_share,
    rates,
    response_rate_error,
    weighted_rate_error,
)
from cati.store.tables import Call, Case
from survey import fieldrecords
from survey.fieldrecords import SampledCase

REFUSALS = tuple(name for name, outcome in OUTCOMES.items() if outcome.group == "R")


def report_wave(session: Session, wave_id: int, *, now: datetime) -> int:
    """Put the standing of all released cases of a wave where `survey` keeps it; return how many."""
    cases = _cases(session, wave_id)
    return fieldrecords.replace_report(session, wave_id, cases, rates=rates_of(cases), now=now)


def rates_of(cases: Sequence[SampledCase]) -> dict[str, Any]:
    """Return the rates of cases as JSON: counts by group, e, each rate, RR3 with its error.

    `weighted` is the same by one over the selection probability; None when a case has none. Where
    the cases have sampling units, both errors are taken over these.
    """
    counts = counted((case.outcome, 1.0) for case in cases)
    known = [case.selection_probability for case in cases]
    return {
        **_rates(counts),
        "error": _error(_plain_error(cases, counts)),
        "weighted": _weighted(cases) if cases and None not in known else None,
    }


def _rates(counts: Dispositions) -> dict[str, Any]:
    share = proportional_share(counts)
    return {
        "counts": {name: getattr(counts, name) for name in counts.__dataclass_fields__},
        "e": share.UH if share else None,
        "rates": rates(counts, share),
    }


def _weighted(cases: Sequence[SampledCase]) -> dict[str, Any]:
    rows = [_weighed(case, 1.0 / (case.selection_probability or 1.0)) for case in cases]
    counts = counted((row.group, row.weight) for row in rows)
    return {**_rates(counts), "error": _error(weighted_rate_error(rows))}


def _plain_error(cases: Sequence[SampledCase], counts: Dispositions) -> RateError | None:
    if any(case.psu for case in cases):
        return weighted_rate_error([_weighed(case, 1.0) for case in cases])
    return response_rate_error(counts)


def _weighed(case: SampledCase, weight: float) -> Weighed:
    return Weighed(case.outcome, weight, case.stratum, case.psu)


def _error(found: RateError | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)


def _cases(session: Session, wave_id: int) -> list[SampledCase]:
    refused = _refused(session, wave_id)
    query = (
        select(Case)
        .where(Case.wave_id == wave_id, col(Case.state) != CaseState.UNRELEASED)
        .order_by(col(Case.id))
    )
    return [
        SampledCase(
            respondent=case.pseudonym,
            outcome=group_of(case.code).value,
            stratum=case.stratum,
            psu=case.psu,
            selection_probability=case.selection_probability,
            attempts=case.attempts,
            refused=refused.get(case.id or 0, False),
        )
        for case in session.exec(query)
    ]


def _refused(session: Session, wave_id: int) -> Mapping[int, bool]:
    """Return the cases in which a call was answered by a refusal that still counts."""
    query = (
        select(Call.case_id)
        .join(Case, col(Case.id) == col(Call.case_id))
        .where(Case.wave_id == wave_id, col(Call.outcome).in_(REFUSALS))
        .where(col(Call.withdrawn_at).is_(None))
    )
    return dict.fromkeys(session.exec(query), True)

"""PURE. All quality figures of a wave together, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.fieldquality.again import agreements, modes
from analysis.fieldquality.answering import (
    haste,
    missing_answers,
    one_answer_throughout,
    round_numbers,
)
from analysis.fieldquality.evidence import Json, why
from analysis.fieldquality.interviewers import interviewer_effects, ratio, work_of_each
from analysis.fieldquality.response import converted, response_by_effort, response_by_strata

if TYPE_CHECKING:
    from analysis.fieldquality.evidence import Evidence


def quality_numbers(evidence: Evidence, *, seed: int) -> Json:
    """Return every figure of the quality page; one that cannot be computed is {"why": reason}.

    The same evidence and seed give the same digits. There is at least one complete interview.
    """
    items, missing, asked = missing_answers(evidence)
    rates = evidence.rates
    share, se = ratio(missing, asked)
    return {
        "base": len(evidence.rows),
        "response": dict(rates) if rates else why("no_report"),
        "strata": response_by_strata(evidence.cases, np.random.default_rng(seed)),
        "effort": response_by_effort(evidence),
        "converted": converted(evidence),
        "interviewers": interviewer_effects(evidence),
        "work": work_of_each(evidence, missing, asked),
        "missing": {"share": share, "se": se, "base": int(asked.sum())},
        "items": items,
        "straight": one_answer_throughout(evidence),
        "haste": haste(evidence),
        "heaping": round_numbers(evidence),
        "backcheck": agreements(evidence),
        "mode": modes(evidence),
    }

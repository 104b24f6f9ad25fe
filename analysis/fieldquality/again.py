"""PURE. The same thing measured twice: re-interviews, and modes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.fieldquality.evidence import Json, proportion, why
from analysis.fieldquality.response import LEVEL, compared
from analysis.sampling.answerquality import agreement, kappa_error
from analysis.sampling.intervals import critical

if TYPE_CHECKING:
    from analysis.fieldquality.evidence import Evidence

MODE = "mode"


def agreements(evidence: Evidence) -> Json:
    """Return for each question asked again how often both answers agree, with kappa.

    Rows whose respondent or question the wave does not have, or has no answer to, are counted
    as `unmatched`. The limits of agreement are Wilson's, those of kappa (Cohen 1960) 1.96 standard
    errors of Fleiss, Cohen, Everitt (1969); where these say nothing, `kappa_error` says why.
    """
    if not evidence.backcheck:
        return why("no_backcheck")
    first = {row.respondent: row.values for row in evidence.table.rows}
    pairs: dict[str, list[tuple[str, str]]] = {}
    unmatched = 0
    for respondent, question, answer in evidence.backcheck:
        before = first.get(respondent, {}).get(question)
        if before is None:
            unmatched += 1
        else:
            pairs.setdefault(question, []).append((_code(before), _code(answer)))
    respondents = {row[0] for row in evidence.backcheck} & set(first)
    questions = [_agreement(question, both) for question, both in pairs.items()]
    return {"questions": questions, "unmatched": unmatched, "respondents": len(respondents)}


def _agreement(question: str, pairs: Sequence[tuple[str, str]]) -> Json:
    codes = sorted({code for pair in pairs for code in pair})
    table = np.zeros((len(codes), len(codes)))
    for before, after in pairs:
        table[codes.index(before), codes.index(after)] += 1
    found, n = agreement(table.tolist()), len(pairs)
    return {
        "name": question,
        "base": n,
        **proportion(found.agreement * n, n),
        **_kappa(found.kappa, kappa_error(table.tolist()), complete=found.agreement == 1),
        "net": max(abs(one) for one in found.net_difference_rate),
    }


def _kappa(kappa: float, se: float | None, *, complete: bool) -> Json:
    if se is None:
        return {"kappa": None, "kappa_error": why("one_answer")}
    if complete:
        # No answer changed: the formula's error is zero, which n answers do not prove.
        return {"kappa": kappa, "kappa_error": why("all_agree")}
    reach = critical(math.inf, LEVEL) * se
    limits = {"se": se, "low": max(kappa - reach, -1.0), "high": min(kappa + reach, 1.0)}
    return {"kappa": kappa, "kappa_error": limits}


def _code(value: object) -> str:
    """Return an answer as text, so that 7, 7.0 and "7" are one."""
    text = str(value).strip()
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def modes(evidence: Evidence) -> Json:
    """Return the modes of a wave: the case variable `mode`, else the telephone alone.

    Two modes are compared by the index score, unweighted: people who choose a mode differ, and
    the difference holds what they are as well as what the mode does.
    """
    names = [str(row.values.get(MODE, "")) for row in evidence.rows]
    counts = {name: names.count(name) for name in sorted(set(names) - {""})}
    if not counts:
        source = "telephone" if evidence.table.source == "interviews" else "unknown"
        return {"modes": {source: len(evidence.rows)}}
    found: Json = {"modes": counts}
    if len(counts) == 2:  # noqa: PLR2004 - one difference
        second = np.array([name == list(counts)[1] for name in names])
        found["compared"] = compared(evidence.scores, second)
    return found

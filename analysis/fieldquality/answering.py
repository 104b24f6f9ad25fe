"""PURE. How questions were answered: gaps, one answer throughout, haste, round numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.fieldquality.evidence import Json, proportion, why
from analysis.fieldquality.interviewers import SHORTEST_BATTERY, battery, lines
from analysis.sampling.answerquality import heaping, item_nonresponse, speeding
from survey.formats.table import CellStatus
from survey.language.model import QuestionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.fieldquality.evidence import Evidence, Item
    from analysis.sampling.columns import FloatArray
    from survey.formats.table import Variable

GONE = (CellStatus.DK.value, CellStatus.REF.value, CellStatus.BLANK.value)
ASKED = {CellStatus.ANSWERED.value, CellStatus.ERASED.value, *GONE}
FEWEST_TIMED = 20
FEWEST_HEAPED = 30
WIDE = 20
"""Values that a question must span before round ones can stand out."""


def missing_answers(evidence: Evidence) -> tuple[list[Json], FloatArray, FloatArray]:
    """Return item nonresponse by item; and (n,) what each respondent left out and was asked."""
    scales = {item.name: item for item in evidence.items}
    questions = [one for one in evidence.table.variables if _counts(one)]
    missing, asked = np.zeros(len(evidence.rows)), np.zeros(len(evidence.rows))
    found = []
    for question in questions:
        cells = [row.statuses.get(question.name, "") for row in evidence.rows]
        asked += [cell in ASKED for cell in cells]
        missing += [cell in GONE for cell in cells]
        if any(cell in ASKED for cell in cells):
            found.append(_item(evidence, question, cells, scales.get(question.name)))
    return found, missing, asked


def _counts(question: Variable) -> bool:
    return question.is_asked and question.kind not in {QuestionKind.NOTE, QuestionKind.HIDDEN}


def _item(evidence: Evidence, question: Variable, cells: Sequence[str], item: Item | None) -> Json:
    dk, ref, blank = (cells.count(status) for status in GONE)
    gone, asked = dk + ref + blank, sum(cell in ASKED for cell in cells)
    row: Json = {
        "name": question.name,
        "asked": asked,
        "missing": proportion(gone, asked),
        "dk": dk,
        "ref": ref,
        "blank": blank,
        "mean": None,
    }
    values = evidence.answers(question.name)
    values = values[~np.isnan(values)]
    if item is None or not len(values):
        return row
    bounds = item_nonresponse(
        asked=asked, valid=len(values), refused=ref, dont_know=dk, missing=blank,
        mean=float(values.mean()), scale_min=item.scale.minimum, scale_max=item.scale.maximum,
    )  # fmt: skip
    ends = {"low": bounds.mean_low, "high": bounds.mean_high}
    return {**row, "mean": float(values.mean()), **ends}


def one_answer_throughout(evidence: Evidence) -> Json:
    """Return the share that gave one answer to the battery, of those who answered half of it."""
    items = battery(evidence.items)
    if len(items) < SHORTEST_BATTERY:
        return why("short_battery", count=len(items), least=SHORTEST_BATTERY)
    rows = [row for row in lines(evidence) if row]
    if not rows:
        return why("few_whole")
    return {
        **proportion(sum(row.identical for row in rows), len(rows)),
        "base": len(rows),
        "items": len(items),
        "scale": [items[0].scale.minimum, items[0].scale.maximum],
        "longest": float(np.mean([row.longest_run for row in rows])),
        "variety": float(np.mean([row.scale_point_variation for row in rows])),
    }


def haste(evidence: Evidence) -> Json:
    """Return how many interviews took less than half the median time, and below the fence."""
    times = [evidence.held.get(row.respondent) for row in evidence.rows]
    seconds = np.array([held.seconds for held in times if held and held.seconds > 0])
    if len(seconds) < FEWEST_TIMED:
        return why("few_timed", count=len(seconds), least=FEWEST_TIMED)
    found = speeding(seconds)
    return {
        "median": found.median,
        "threshold": found.threshold,
        "fast": len(found.flagged),
        **proportion(len(found.flagged), len(seconds)),
        "fence": found.log_iqr_low,
        "below_fence": int((seconds < found.log_iqr_low).sum()),
        "base": len(seconds),
        "questions": _questions(evidence),
    }


def _questions(evidence: Evidence) -> list[Json]:
    """Return for each question the median seconds and the share below 0.3 of it."""
    times: dict[str, list[float]] = {}
    for row in evidence.rows:
        held = evidence.held.get(row.respondent)
        for name, seconds in held.questions.items() if held else ():
            times.setdefault(name, []).append(seconds)
    found = []
    for name, own in times.items():
        median = float(np.median(own))
        fast = sum(one < 0.3 * median for one in own)
        found.append({"name": name, "median": median, "fast": fast, "base": len(own)})
    return found


def round_numbers(evidence: Evidence) -> list[Json]:
    """Return heaping at multiples of 5 for each question that asks for a number of some size."""
    found = []
    for question in evidence.table.variables:
        if question.kind != QuestionKind.INTEGER or not question.is_asked:
            continue
        values = evidence.answers(question.name)
        values = values[~np.isnan(values)]
        if len(values) < FEWEST_HEAPED or np.ptp(values) < WIDE:
            continue
        one = heaping(values)
        found.append(
            {"name": question.name, "base": len(values), "index": one.index, "p": one.p_one_sided,
             **proportion(one.share * len(values), len(values))}
        )  # fmt: skip
    return found

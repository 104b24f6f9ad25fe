"""A wave of 70 who answered and 50 who did not, in two segments, drawn with one chance in ten."""

from __future__ import annotations

from dataclasses import replace

from survey.formats.table import ResponseRow, ResponseTable, Variable
from survey.language.model import Choice, QuestionKind

SEX = Variable(
    "sex", QuestionKind.SELECT_ONE, {"en": "Sex"}, (Choice("f", {}), Choice("m", {}))
)  # fmt: skip
SEGMENT = Variable("segment", QuestionKind.HIDDEN)


def a_row(number, segment, outcome="complete", **values):
    # The sample file says "sex" too: what it says of silent cases must never count.
    design = {"stratum": segment, "psu": "", "selection_probability": 0.1}
    given = {"segment": segment, "sex": "f" if number % 4 else "m", **values}
    return ResponseRow(f"r{number}", outcome, given, {}, design)


def a_wave():
    """Return 40 who answered of segment a and 30 of b, and 20 and 30 who did not."""
    answered = [a_row(n, "a" if n < 40 else "b") for n in range(70)]
    silent = [a_row(100 + n, "a" if n < 20 else "b", None, sex="x") for n in range(50)]
    return ResponseTable(1, "interviews", (SEX, SEGMENT), tuple(answered)), silent


def with_others(silent, *, unresolved, not_eligible):
    """Return silent cases, the last ones of a segment never resolved, and ineligible ones."""
    taken = dict(unresolved)
    rows = []
    for row in reversed(silent):
        left = taken.get(row.values["segment"], 0)
        taken[row.values["segment"]] = left - 1
        rows.append(replace(row, outcome="unresolved") if left > 0 else row)
    more = [a_row(200 + n, "a", "not_eligible", sex="x") for n in range(not_eligible)]
    return [*reversed(rows), *more]

"""PURE. What a banner table is made of: the lines of a question, the columns of a banner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Texts = Mapping[str, str]
Measure = Literal["share", "box", "missing", "mean", "nps"]
BOX = 2
LEAST_POINTS = 5
NPS_ENDS = (0, 10)
PROMOTERS, PASSIVES = 9, 7


@dataclass(frozen=True)
class Line:
    """One line of a table: (n,) values of the respondents, NaN of those outside its base.

    A share is 1 or 0, a mean the number itself, a net promoter score 100, 0 or -100.
    `name` is the code of the answer, or top2, bottom2, mean, nps, dk, ref.
    """

    measure: Measure
    name: str
    values: FloatArray
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One question as a table: (n,) who was asked and gave any reply, and its lines."""

    name: str
    label: Texts
    asked: BoolArray
    lines: tuple[Line, ...]
    asked_if: str = ""
    is_multiple: bool = False


@dataclass(frozen=True)
class Column:
    """One column: (n,) who is in it; `banner` names its question, empty for the total."""

    banner: str
    code: str
    inside: BoolArray
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """The replies to one question: (n,) sets of codes, and who did not know or refused.

    chosen   by code, (n,) who gave it; codes in the order of the table
    numbers  (n,) answers as numbers, NaN for none; None when they are no quantity
    ends     of the answer scale, None when there is none
    """

    chosen: Mapping[str, BoolArray]
    dk: BoolArray
    ref: BoolArray
    labels: Mapping[str, Texts] = field(default_factory=dict)
    numbers: FloatArray | None = None
    ends: tuple[int, int] | None = None

    @property
    def asked(self) -> BoolArray:
        """(n,) who gave any reply, also "don't know" or a refusal."""
        given = [*self.chosen.values(), self.dk, self.ref]
        if self.numbers is not None:
            given.append(~np.isnan(self.numbers))
        return np.asarray(np.logical_or.reduce(given))


def lines_of(answers: Answers) -> tuple[Line, ...]:
    """Return the lines of a table: shares, boxes, net promoter score, mean, no answer.

    Shares and boxes are of all who replied, so that a box is the sum of its shares; the mean and
    the net promoter score are of those who gave an answer. Shares of several answers do not add
    up to 100: each is a share of respondents.
    """
    asked = answers.asked
    lines = [
        Line("share", code, _share(chosen, asked), answers.labels.get(code, {}))
        for code, chosen in answers.chosen.items()
    ]
    if answers.numbers is not None:
        lines += _of_numbers(answers.numbers, answers.ends, asked)
    unanswered = (("dk", answers.dk), ("ref", answers.ref))
    lines += [Line("missing", name, _share(who, asked)) for name, who in unanswered if who.any()]
    return tuple(lines)


def _share(chosen: BoolArray, asked: BoolArray) -> FloatArray:
    return np.where(asked, chosen.astype(np.float64), np.nan)


def _of_numbers(numbers: FloatArray, ends: tuple[int, int] | None, asked: BoolArray) -> list[Line]:
    lines: list[Line] = []
    known = ~np.isnan(numbers)
    filled = np.where(known, numbers, 0.0)
    if ends is not None and ends[1] - ends[0] + 1 >= LEAST_POINTS:
        top = known & (filled > ends[1] - BOX)
        bottom = known & (filled < ends[0] + BOX)
        lines += [
            Line("box", "top2", _share(top, asked)),
            Line("box", "bottom2", _share(bottom, asked)),
        ]
    if ends == NPS_ENDS:
        points = np.where(filled >= PROMOTERS, 100.0, np.where(filled < PASSIVES, -100.0, 0.0))
        lines.append(Line("nps", "nps", np.where(known, points, np.nan)))
    return [*lines, Line("mean", "mean", numbers)]

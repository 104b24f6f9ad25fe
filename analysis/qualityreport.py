"""PURE. The quality report of a wave from stored numbers: one section for each source of error.

After Groves, Survey Errors and Survey Costs (1989), and the European Statistical System's
Handbook for Quality and Metadata Reports (2021).
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.qualityfacts import Frame
from analysis.qualityviews import answers, coverage, response
from analysis.qualityviews.parts import Figure, Numbers, Section

SHORT = {"response": (0, 3), "interviewers": (1,), "items": (0,)}
"""Figures by section that an executive reads beside the index."""


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Sections in the order in which errors arise; `base` complete interviews."""

    base: int
    sections: tuple[Section, ...]

    @property
    def short(self) -> tuple[Figure, ...]:
        """Return the figures for the report of the executive."""
        return tuple(
            section.figures[at]
            for section in self.sections
            for at in SHORT.get(section.key, ())
            if at < len(section.figures)
        )


def build(numbers: Numbers, frame: Frame) -> QualityReport:
    """Return the report of `numbers` (`analysis.fieldquality.figures`) and the stated frame."""
    return QualityReport(
        base=int(numbers["base"]),
        sections=(
            coverage.section(numbers, frame),
            response.section(numbers),
            answers.items(numbers),
            answers.interviewers(numbers),
            answers.habits(numbers),
            answers.again(numbers),
        ),
    )

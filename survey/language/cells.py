"""PURE. Single cells: yes or no, names, points, parameters, expressions, texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from foundation.problems import Message
from survey.language import messages
from survey.language.compiler import compile_expression
from survey.language.findings import Findings, near
from survey.language.grammar import parse
from survey.language.headings import Cells
from survey.language.languages import Languages
from survey.language.model import Compiled, Texts
from survey.language.slips import SyntaxSlip
from survey.language.types import QuestionType

YES_NO = {
    **dict.fromkeys(("yes", "true", "true()"), True),
    **dict.fromkeys(("no", "false", "false()"), False),
}
MAX_NAME = 64
NAME = re.compile(r"[^\W\d][\w.-]{0,63}")
OUTCOME = re.compile(r"[A-Za-z0-9][\w.-]{0,31}")
POINTS = re.compile(r"(-?\d{1,6})\s*[-–]\s*(-?\d{1,6})")


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the cells of one row and notes what is wrong with them."""

    cells: Cells
    sheet: str
    languages: Languages
    findings: Findings

    def add(self, message: Message, column: str, /, **values: object) -> None:
        """Note a problem at a column of this row."""
        self.findings.add(message, self.sheet, self.cells.row, column, **values)

    def plain(self, column: str) -> str:
        """Return the cell of a column, or an empty text."""
        return self.cells.plain.get(column, "")

    def yes(self, column: str) -> bool:
        """Return a yes/no cell; empty is no."""
        text = self.plain(column)
        if text and text.lower() not in YES_NO:
            self.add(messages.YES_NO, column, text=text)
        return YES_NO.get(text.lower(), False)

    def texts(self, column: str, name: str) -> Texts:
        """Return a text by language; a language that lacks it is noted."""
        found = self.cells.texts.get(column, {})
        for code in self.languages.codes if found else ():
            if code not in found:
                language = self.languages.names[code] or code
                self.add(messages.TRANSLATION_MISSING, column, name=name, language=language)
        return {code: found[code] for code in self.languages.codes if code in found}

    def label(self, name: str, *, needed: bool = True) -> Texts:
        """Return the label; where it is needed and missing, that is noted."""
        found = self.texts("label", name)
        if needed and not found and "label" in self.cells.headed:
            self.add(messages.LABEL_MISSING, "label", name=name)
        return found

    def expression(self, column: str) -> Compiled | None:
        """Return the compiled expression of a cell; None when it is empty or no expression."""
        text = self.plain(column)
        if not text:
            return None
        try:
            return compile_expression(text, parse(text))
        except SyntaxSlip as slip:
            self.add(slip.message, column, **slip.values)
            return None

    def required(self) -> bool | Compiled:
        """Return the cell `required`: yes, no, or a condition."""
        if self.plain("required").lower() in YES_NO:
            return self.yes("required")
        return self.expression("required") or False

    def points(self) -> tuple[int, int] | None:
        """Return the ends of a scale such as 1-10."""
        text = self.plain("points")
        found = POINTS.fullmatch(text)
        ends = (int(found[1]), int(found[2])) if found else None
        if text and (ends is None or ends[0] >= ends[1]):
            self.add(messages.POINTS_BAD, "points", text=text)
            return None
        return ends

    def end_with(self) -> str | None:
        """Return the outcome code of a closing note."""
        text = self.plain("end_with")
        if text and not OUTCOME.fullmatch(text):
            self.add(messages.OUTCOME_BAD, "end_with", text=text)
        return text or None

    def parameters(self, of: QuestionType) -> Mapping[str, str]:
        """Return the parameters key=value of a row."""
        known = of.parameters or {}
        found: dict[str, str] = {}
        for part in self.plain("parameters").replace(",", " ").split():
            key, _, value = part.partition("=")
            if value not in known.get(key, ()):
                written = [f"{k}={v}" for k, values in known.items() for v in values]
                self.add(
                    messages.PARAMETER_BAD,
                    "parameters",
                    text=part,
                    type=of.kind,
                    near=near(part, written),
                )
            found[key] = value
        return found

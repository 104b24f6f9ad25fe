"""PURE. The variables of a wave that weights and tables can be made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.formats.table import Variable
from survey.language.model import QuestionKind, Texts

DESIGN = ("stratum", "psu")
CATEGORIES = {QuestionKind.SELECT_ONE, QuestionKind.HIDDEN, QuestionKind.CALCULATE}


@dataclass(frozen=True)
class Known:
    """One variable: how it is asked, its codes with their texts (none when they are not stated).

    of_case   known of every case of the sample, also of those who did not answer
    points    the ends of its answer scale
    """

    name: str
    kind: QuestionKind
    label: Texts = field(default_factory=dict)
    codes: Mapping[str, Texts] = field(default_factory=dict)
    of_case: bool = False
    points: tuple[int, int] | None = None
    asked_if: str = ""

    @property
    def is_multiple(self) -> bool:
        """Tell whether a respondent may have given several answers."""
        return self.kind == QuestionKind.SELECT_MULTIPLE

    @property
    def is_numeric(self) -> bool:
        """Tell whether the answers are numbers."""
        return self.kind in {QuestionKind.INTEGER, QuestionKind.DECIMAL} or self.points is not None

    @property
    def has_categories(self) -> bool:
        """Tell whether the answers can be columns of a table, or levels of a target."""
        return self.kind in CATEGORIES or self.is_multiple or self.kind == QuestionKind.INTEGER


def known_variables(variables: Sequence[Variable], source: str) -> dict[str, Known]:
    """Return the variables of a response table by name, free texts and dates left out.

    In a wave of interviews the design columns of the cases come first.
    """
    found: dict[str, Known] = {}
    if source == "interviews":
        for name in DESIGN:
            found[name] = Known(name, QuestionKind.HIDDEN, {"und": name}, of_case=True)
    for one in variables:
        if usable(one, source):
            found[one.name] = _known(one)
    return found


def usable(one: Variable, source: str) -> bool:
    """Tell whether a variable can be counted: free text of an interview cannot.

    A text of an imported file may be a category.
    """
    if one.kind == QuestionKind.TEXT:
        return source == "import"
    return one.kind != QuestionKind.DATE


def _known(one: Variable) -> Known:
    codes = {choice.code: dict(choice.label) for choice in one.choices}
    kind = QuestionKind.HIDDEN if one.kind == QuestionKind.TEXT else one.kind
    of_case = one.kind == QuestionKind.HIDDEN
    label = dict(one.label) or {"und": one.name}
    return Known(one.name, kind, label, codes, of_case, one.points, one.asked_if)


def text_of(value: Any) -> str:
    """Return an answer as the code of a category: a whole number loses its decimal point.

    >>> text_of(3.0), text_of(True), text_of(" f ")
    ('3', 'TRUE', 'f')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value).strip()

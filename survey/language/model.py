"""PURE. What the designer wrote: an immutable Form.

Form
├── items           tree of Group | Question, as the rows stand in the file
├── questions       the same questions, flat, in order
├── choice_lists    by name
├── paths           arrows between constructs, from the sheet `model`
└── warnings        what the checks found that does not stop the form

What a respondent did is not here and never will be: see `survey.interview.state`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from foundation.problems import Problem
from survey.language.environment import Environment, Value
from survey.language.tree import Node

Texts = Mapping[str, str]
"""A text by language code. Empty when the designer wrote nothing. May hold ${fills}."""

UNDETERMINED = "und"
"""Language code of a form that never names a language (the BCP 47 tag for it)."""


class QuestionKind(StrEnum):
    """What a row of the survey sheet asks for. Stored: never rename one, only add."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    NOTE = "note"
    CALCULATE = "calculate"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """An expression that was parsed once and can be run.

    source    as written in the file
    tree      its typed tree
    uses      names of the questions that it looks at
    run       returns its value
    holds     returns its value as true or false
    """

    source: str
    tree: Node
    uses: tuple[str, ...]
    run: Callable[[Environment], Value]
    holds: Callable[[Environment], bool]


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the choices sheet. `columns` holds every cell that a choice_filter may use."""

    code: str
    label: Texts
    exclusive: bool = False
    fixed: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    row: int = 0


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A named list of choices in the order of the file."""

    name: str
    choices: tuple[Choice, ...]
    by_code: Mapping[str, Choice]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One row of the survey sheet that is not a group.

    instruction    for the interviewer only, never read out
    probe          shown on demand
    read_list      whether the choices are read out
    end_with       outcome code that ends the interview once this note was read out
    construct      the construct of which this question is an indicator; `points` is its scale
    groups         names of the groups around it, outermost first
    row            row in the file
    """

    name: str
    kind: QuestionKind
    label: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    instruction: Texts = field(default_factory=dict)
    probe: Texts = field(default_factory=dict)
    required: bool | Compiled = False
    required_message: Texts = field(default_factory=dict)
    relevant: Compiled | None = None
    constraint: Compiled | None = None
    constraint_message: Texts = field(default_factory=dict)
    calculation: Compiled | None = None
    choice_list: str | None = None
    choice_filter: Compiled | None = None
    dk: bool = False
    ref: bool = False
    read_list: bool = False
    end_with: str | None = None
    construct: str | None = None
    scale: str | None = None
    points: tuple[int, int] | None = None
    reverse: bool = False
    appearance: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    row: int = 0

    @property
    def is_asked(self) -> bool:
        """Tell what appears on the interviewer's screen from calculated and hidden rows."""
        return self.kind not in {QuestionKind.CALCULATE, QuestionKind.HIDDEN}

    @property
    def is_personal(self) -> bool:
        """Tell a hidden variable that comes from the contact: shown in texts, never stored."""
        return self.parameters.get("source") == "contact"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Questions between `begin group` and `end group`; `relevant` rules all of them."""

    name: str
    label: Texts
    relevant: Compiled | None
    items: tuple[Item, ...]
    groups: tuple[str, ...] = ()
    row: int = 0


Item = Group | Question


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A questionnaire that passed every check. Compare two of them by `digest`."""

    form_id: str
    title: Texts
    version: str
    languages: tuple[str, ...]
    language_names: Mapping[str, str]
    default_language: str
    style: str
    items: tuple[Item, ...]
    questions: tuple[Question, ...]
    by_name: Mapping[str, Question]
    choice_lists: Mapping[str, ChoiceList]
    paths: tuple[tuple[str, str], ...]
    digest: str
    warnings: tuple[Problem, ...] = ()

    def question(self, name: str) -> Question:
        """Return the question called `name`; KeyError when there is none."""
        return self.by_name[name]

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Return every choice of a question before its filter; none for other kinds."""
        return self.choice_lists[question.choice_list].choices if question.choice_list else ()

    def conditions(self, question: Question) -> tuple[tuple[str, Compiled], ...]:
        """Return who is asked a question: the group, or "", with each condition that must hold.

        The conditions of its groups come first, the outermost before the inner. None when
        everybody is asked.
        """
        around = [(group.name, group.relevant) for group in self._around(question)]
        found = [*around, ("", question.relevant)]
        return tuple((name, condition) for name, condition in found if condition is not None)

    def _around(self, question: Question) -> list[Group]:
        found, items = list[Group](), self.items
        for name in question.groups:
            group = next(item for item in items if isinstance(item, Group) and item.name == name)
            found.append(group)
            items = group.items
        return found

    @property
    def constructs(self) -> dict[str, tuple[Question, ...]]:
        """Return the indicators of each construct, in the order of the file."""
        found: dict[str, tuple[Question, ...]] = {}
        for question in self.questions:
            if question.construct:
                found[question.construct] = (*found.get(question.construct, ()), question)
        return found

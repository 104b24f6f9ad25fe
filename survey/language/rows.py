"""PURE. From the rows of the survey sheet to questions and groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from survey.language import messages
from survey.language.cells import NAME, CellReader
from survey.language.findings import Findings, near
from survey.language.headings import Cells
from survey.language.languages import Languages
from survey.language.model import Group, Item, Question, QuestionKind
from survey.language.types import (
    BEGIN_GROUP,
    END_GROUP,
    LATER,
    OR_OTHER,
    SPELLINGS,
    SPOKEN,
    QuestionType,
)

SHEET = "survey"


@dataclass(slots=True)
class _OpenGroup:
    """A group whose end has not been read yet."""

    reader: CellReader
    name: str
    around: tuple[str, ...]
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SurveyRows:
    """What the survey sheet says."""

    items: tuple[Item, ...]
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]
    declared: dict[str, int]


class SurveyReader:
    """Reads the survey sheet row by row; a row that is wrong is noted and left out."""

    def __init__(self, languages: Languages, findings: Findings) -> None:
        self.languages = languages
        self.findings = findings
        self.items: list[Item] = []
        self.questions: list[Question] = []
        self.groups: list[Group] = []
        self.open: list[_OpenGroup] = []
        self.declared: dict[str, int] = {}

    def read(self, rows: Iterable[Cells]) -> SurveyRows:
        """Return the questions and groups of the rows."""
        for cells in rows:
            self._row(CellReader(cells, SHEET, self.languages, self.findings))
        while self.open:
            left = self.open[-1]
            left.reader.add(messages.GROUP_OPEN, "type", name=left.name)
            self._close()
        return SurveyRows(
            tuple(self.items), tuple(self.questions), tuple(self.groups), self.declared
        )

    def _row(self, reader: CellReader) -> None:
        written = reader.plain("type").split()
        words = tuple(word.lower() for word in written)
        if not words:
            reader.add(messages.TYPE_MISSING, "type")
        elif words in BEGIN_GROUP:
            self._begin(reader)
        elif words in END_GROUP:
            self._end(reader)
        else:
            self._question(reader, written, words)

    def _name(self, reader: CellReader) -> str:
        name = reader.plain("name")
        if not name:
            reader.add(messages.NAME_MISSING, "name")
        elif not NAME.fullmatch(name):
            reader.add(messages.NAME_BAD, "name", name=name)
        elif name in self.declared:
            reader.add(messages.NAME_TWICE, "name", name=name, row=self.declared[name])
        else:
            self.declared[name] = reader.cells.row
            return name
        return ""

    def _begin(self, reader: CellReader) -> None:
        around = tuple(group.name for group in self.open if group.name)
        self.open.append(_OpenGroup(reader, self._name(reader), around))

    def _end(self, reader: CellReader) -> None:
        name = reader.plain("name")
        if not self.open:
            reader.add(messages.GROUP_CLOSE, "type")
            return
        current = self.open[-1].name
        if name and current and name != current:
            reader.add(messages.END_NAME, "name", name=name, open=current)
        self._close()

    def _close(self) -> None:
        ended = self.open.pop()
        reader = ended.reader
        _refuse_columns(reader, "begin group", frozenset({"type", "name", "label", "relevant"}))
        group = Group(
            ended.name,
            reader.texts("label", ended.name),
            reader.expression("relevant"),
            tuple(ended.items),
            ended.around,
            reader.cells.row,
        )
        if not ended.items:
            reader.add(messages.GROUP_EMPTY, "type", name=ended.name)
        self.groups.append(group)
        self._append(group)

    def _append(self, item: Item) -> None:
        (self.open[-1].items if self.open else self.items).append(item)

    def _question(self, reader: CellReader, written: list[str], words: tuple[str, ...]) -> None:
        name = self._name(reader)
        found = _type(reader, words)
        if found is None:
            return
        kind, used = found
        choice_list = _list_name(reader, kind, written, used)
        question = _question(reader, name, kind, choice_list, self._around())
        if name:
            self.questions.append(question)
            self._append(question)

    def _around(self) -> tuple[str, ...]:
        return tuple(group.name for group in self.open if group.name)


def _type(reader: CellReader, words: tuple[str, ...]) -> tuple[QuestionType, int] | None:
    """Return the type and how many words name it; a type that is not read is noted."""
    for used in range(len(words), 0, -1):
        if words[:used] in SPELLINGS:
            return SPELLINGS[words[:used]], used
    known = (*(" ".join(spelling) for spelling in SPELLINGS), "begin group", "end group")
    name = reader.plain("type")
    later = next((n for n in (" ".join(words), " ".join(words[:2]), words[0]) if n in LATER), None)
    if later:
        kinds = ", ".join(dict.fromkeys(row.kind for row in SPELLINGS.values()))
        reader.add(messages.TYPE_LATER, "type", name=later, known=kinds)
    else:
        reader.add(messages.TYPE_UNKNOWN, "type", name=name, near=near(words[0], known))
    return None


def _list_name(reader: CellReader, kind: QuestionType, written: list[str], used: int) -> str | None:
    """Return the list of a select question; words that mean nothing are noted."""
    rest = written[used:]
    spelled = " ".join(written[:used])
    if kind.takes_list and not rest:
        reader.add(messages.LIST_NOT_NAMED, "type", name=spelled)
        return None
    name = rest.pop(0) if kind.takes_list else None
    if rest and rest[0].lower() == OR_OTHER:
        reader.add(messages.TYPE_LATER, "type", name=OR_OTHER, known="select_one, select_multiple")
    elif rest:
        reader.add(messages.TYPE_WORDS, "type", words=" ".join(rest), name=spelled)
    return name


def _question(
    reader: CellReader,
    name: str,
    of: QuestionType,
    choice_list: str | None,
    groups: tuple[str, ...],
) -> Question:
    _refuse_columns(reader, of.kind, of.columns)
    is_asked = bool(of.columns & SPOKEN)
    question = Question(
        name,
        of.kind,
        label=reader.label(name or str(of.kind), needed=is_asked),
        hint=reader.texts("hint", name),
        instruction=reader.texts("instruction", name),
        probe=reader.texts("probe", name),
        required=reader.required(),
        required_message=reader.texts("required_message", name),
        relevant=reader.expression("relevant"),
        constraint=reader.expression("constraint"),
        constraint_message=reader.texts("constraint_message", name),
        calculation=reader.expression("calculation"),
        choice_list=choice_list,
        choice_filter=reader.expression("choice_filter"),
        dk=reader.yes("dk"),
        ref=reader.yes("ref"),
        read_list=reader.yes("read_list"),
        end_with=reader.end_with(),
        construct=reader.plain("construct") or None,
        scale=reader.plain("scale") or None,
        points=reader.points(),
        reverse=reader.yes("reverse"),
        appearance=reader.plain("appearance"),
        parameters=reader.parameters(of),
        groups=groups,
        row=reader.cells.row,
    )
    _needed(reader, question)
    return question


def _needed(reader: CellReader, question: Question) -> None:
    if question.kind is QuestionKind.CALCULATE and not reader.plain("calculation"):
        reader.add(messages.CALCULATION_MISSING, "calculation", name=question.name)
    for column, rule in (("constraint_message", "constraint"), ("required_message", "required")):
        if column in reader.cells.texts and not reader.plain(rule):
            reader.add(messages.MESSAGE_UNUSED, column, column=column, rule=rule)


def _refuse_columns(reader: CellReader, of: str, allowed: frozenset[str]) -> None:
    """Note each filled cell that means nothing for a row of this type."""
    for column in (*reader.cells.plain, *reader.cells.texts):
        says_no = reader.plain(column).lower() in {"no", "false", "false()"}
        if column not in allowed and not says_no:
            reader.add(messages.NOT_FOR_TYPE, column, column=column, type=of)

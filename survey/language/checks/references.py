"""PURE. References: each ${name} must be a question above, with a value, that may be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from foundation.problems import Message
from survey.language import expression_messages as messages
from survey.language.checks.circles import circles
from survey.language.draft import Draft, Expression
from survey.language.findings import Findings, near
from survey.language.functions import quoted_question
from survey.language.model import QuestionKind
from survey.language.tree import Call, walk

SHEET = "survey"
Said = tuple[Message, Mapping[str, object]]


def check_references(draft: Draft, findings: Findings) -> None:
    """Note references to what is not there, comes later, depends on itself or has no value."""
    in_circle = _circles(draft, findings)
    for expression in draft.expressions():
        for name in _names(expression):
            circle = in_circle.get(expression.owner.name)
            if circle is None or circle is not in_circle.get(name):
                _check_name(draft, expression, name, findings)


def _names(expression: Expression) -> Iterator[str]:
    yield from expression.compiled.uses
    for node in walk(expression.compiled.tree):
        if isinstance(node, Call) and node.function == "jr:choice-name":
            yield from filter(None, map(quoted_question, node.arguments[1:2]))


def _check_name(draft: Draft, expression: Expression, name: str, findings: Findings) -> None:
    owner, column, _ = expression
    said = _itself(owner.name, name) or defect_of(draft, name, owner.row)
    question = draft.by_name.get(name)
    if said is None and question is not None and question.is_personal:
        said = messages.PERSONAL, {"name": name}
    if said is not None:
        findings.add(said[0], SHEET, owner.row, column, **said[1])


def _itself(owner: str, name: str) -> Said | None:
    return (messages.QUESTION_ITSELF, {"name": name}) if owner == name else None


def defect_of(draft: Draft, name: str, row: int) -> Said | None:
    """Return what is wrong with looking at `name` from a row, if anything."""
    declared = draft.declared.get(name)
    if declared is None:
        return messages.QUESTION_UNKNOWN, {"name": name, "near": near(name, draft.by_name)}
    if name in draft.by_group:
        return messages.NO_VALUE, {"name": name, "type": "group"}
    question = draft.by_name.get(name)
    if question is not None and question.kind is QuestionKind.NOTE:
        return messages.NO_VALUE, {"name": name, "type": question.kind}
    if declared >= row:
        return messages.QUESTION_LATER, {"name": name, "row": declared}
    return None


def _circles(draft: Draft, findings: Findings) -> dict[str, tuple[str, ...]]:
    """Note each circle of dependence once; return the circle of every name in one."""
    graph: dict[str, set[str]] = {}
    for expression in draft.expressions():
        graph.setdefault(expression.owner.name, set()).update(_names(expression))
    found = circles(graph)
    for circle in found:
        row = min(draft.declared.get(name, 0) for name in circle)
        findings.add(messages.CYCLE, SHEET, row, names=", ".join(circle))
    return {name: circle for circle in found for name in circle}

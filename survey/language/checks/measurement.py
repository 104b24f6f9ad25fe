"""PURE. The measurement model: constructs with their indicators, and the paths between them."""

from __future__ import annotations

from foundation.problems import Message
from survey.language import messages
from survey.language.checks.circles import circles
from survey.language.draft import Draft
from survey.language.findings import Findings, near
from survey.language.model import Question, QuestionKind
from survey.language.values import to_number

SHEET = "survey"
MODEL = "model"


def check_indicators(draft: Draft, findings: Findings) -> None:
    """Note indicators without a scale, and constructs whose indicators have several."""
    first: dict[str, Question] = {}
    for question in draft.questions:
        construct = question.construct
        if construct is None:
            _without_construct(question, findings)
            continue
        if question.points is None:
            _add_to(findings, question, messages.POINTS_MISSING, construct=construct)
            continue
        other = first.setdefault(construct, question)
        if other.points != question.points:
            _add_to(
                findings,
                question,
                messages.POINTS_MIXED,
                construct=construct,
                points=_ends(question),
                other=other.name,
                others=_ends(other),
            )
        _codes_on_points(draft, question, findings)


def _add_to(findings: Findings, question: Question, message: Message, **values: object) -> None:
    findings.add(message, SHEET, question.row, "points", name=question.name, **values)


def _ends(question: Question) -> str:
    return "-".join(map(str, question.points or ()))


def _without_construct(question: Question, findings: Findings) -> None:
    for column, filled in (("reverse", question.reverse), ("scale", question.scale)):
        if filled:
            findings.add(messages.CONSTRUCT_MISSING, SHEET, question.row, column, column=column)


def _codes_on_points(draft: Draft, question: Question, findings: Findings) -> None:
    """Note codes of an indicator that are not numbers of its scale."""
    if question.kind is not QuestionKind.SELECT_ONE or question.points is None:
        return
    least, most = question.points
    found = draft.choice_lists.get(question.choice_list or "")
    for choice in found.choices if found else ():
        number = to_number(choice.code)
        if not (isinstance(number, int) and least <= number <= most):
            _add_to(
                findings,
                question,
                messages.CODE_OFF_POINTS,
                code=choice.code,
                list=question.choice_list,
                points=_ends(question),
            )


def check_paths(draft: Draft, findings: Findings) -> None:
    """Note paths that name no construct, repeat, or run in a circle."""
    constructs = {question.construct for question in draft.questions if question.construct}
    first: dict[tuple[str, str], int] = {}
    for start, end, row in draft.paths:
        for column, name in (("from", start), ("to", end)):
            if name not in constructs:
                meant = near(name, constructs)
                findings.add(messages.CONSTRUCT_UNKNOWN, MODEL, row, column, name=name, near=meant)
        before = first.setdefault((start, end), row)
        if before != row:
            findings.add(messages.PATH_TWICE, MODEL, row, start=start, end=end, row=before)
        if start == end:
            findings.add(messages.PATH_ITSELF, MODEL, row, "to", name=start)
    _circles(draft, findings)


def _circles(draft: Draft, findings: Findings) -> None:
    graph: dict[str, set[str]] = {}
    for start, end, _row in draft.paths:
        if start != end:
            graph.setdefault(start, set()).add(end)
    for circle in circles(graph):
        row = min(row for start, end, row in draft.paths if start in circle and end in circle)
        findings.add(messages.PATH_CYCLE, MODEL, row, names=", ".join(circle))


def check_loose_constructs(draft: Draft, findings: Findings) -> None:
    """Note constructs that no path touches, once there are paths at all."""
    joined = {name for start, end, _row in draft.paths for name in (start, end)}
    seen: set[str] = set()
    for question in draft.questions:
        name = question.construct
        if draft.paths and name and name not in joined and name not in seen:
            seen.add(name)
            findings.add(messages.CONSTRUCT_LOOSE, SHEET, question.row, "construct", name=name)

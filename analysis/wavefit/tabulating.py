"""PURE. The tables of a wave: from its responses and a request to the numbers of every table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.requests.messages import MANY_COLUMNS, NOBODY
from analysis.requests.tables import MOST_COLUMNS
from analysis.requests.variables import Known, text_of
from analysis.tabulation.parts import LEAST_POINTS, Answers, Column, Question, lines_of
from analysis.tabulation.table import table
from analysis.wavefit import sample as cases
from analysis.wavefit.design import declared
from analysis.wavefit.messages import NO_COMPLETES
from foundation.problems import Place, Problem, ProblemsError
from survey.formats.table import CellStatus
from survey.language.model import QuestionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from analysis.requests.tables import TablesEntry
    from analysis.sampling.design import Design
    from analysis.wavefit.weighing import Weighed
    from survey.formats.table import ResponseRow, ResponseTable

    BoolArray = NDArray[np.bool_]
    Json = dict[str, Any]

FILL = re.compile(r"\$\{([^}]+)\}")
MOST_ANSWERS = 60
MOST_NUMBERS = 12
"""A question answered by more whole numbers than this shows their mean and not each of them."""


@dataclass(frozen=True)
class Counted:
    """Those who are counted: the design of all its cases, and which rows of it answered.

    rows       those who answered to the end: the first rows of the design
    weighting  how they are weighted: a word, and of a plan its version and steps
    """

    design: Design
    rows: tuple[ResponseRow, ...]
    weighting: Mapping[str, object]
    warnings: tuple[Problem, ...] = field(default=())


def counted(table_: ResponseTable, weighed: Weighed | None, version: int = 0) -> Counted:
    """Return who is counted and how heavily: by the plan, else by the selection probabilities."""
    rows = tuple(row for row in table_.rows if row.outcome == cases.COMPLETE)
    if not rows:
        raise ProblemsError([NO_COMPLETES.at(Place(), needed=2)])
    if weighed is not None:
        steps = [record.name for record in weighed.found.records]
        said: dict[str, object] = {"kind": "plan", "version": version, "steps": steps}
        return Counted(weighed.found.design, rows, said, weighed.warnings)
    warnings: list[Problem] = []
    strata = cases.design_column(rows, cases.STRATUM, warnings)
    units = cases.design_column(rows, cases.UNIT, warnings)
    weights = cases.weights_of(rows, cases.design_column(rows, cases.PROBABILITY, warnings))
    design, more = declared(len(rows), strata, units, weights)
    kind = "equal" if weights is None else "probability"
    return Counted(design, rows, {"kind": kind}, (*warnings, *more))


def tables(
    who: Counted,
    entry: TablesEntry,
    known: Mapping[str, Known],
    progress: Callable[[int, int], None] | None = None,
) -> Json:
    """Return all tables of a request; the keys of each are those of `analysis.tabulation.table`.

    `progress` is called with (done, total) after each table.

    Raises ProblemsError when nobody is left, or a banner question has too many categories.
    """
    n = who.design.n
    kept = _kept(who, entry)
    design = who.design.within(kept)
    if not design.inside.any():
        raise ProblemsError([NOBODY.at(Place(item=entry.filter_by))])
    columns = [Column("", "", np.ones(n, dtype=np.bool_)), *_banner(who, entry, known)]
    made = []
    for name in entry.rows:
        answers = answers_of(who.rows, known[name], n)
        one = known[name]
        question = Question(
            name,
            _filled(one.label, who.rows),
            answers.asked,
            lines_of(answers),
            one.asked_if,
            one.is_multiple,
        )
        made.append(table(design, question, columns, entry.correction))  # type: ignore[arg-type]
        if progress:
            progress(len(made), len(entry.rows))
    return {
        "tables": made,
        "banner": {name: _filled(known[name].label, who.rows) for name in entry.banner},
        "correction": entry.correction,
        "filter": {"by": entry.filter_by, "kept": list(entry.kept)},
        "filter_texts": _filter_texts(who, entry, known),
        "respondents": len(who.rows),
        "counted": int(design.inside.sum()),
        "df": design.degrees_of_freedom(),
        "weighting": dict(who.weighting),
    }


def answers_of(rows: Sequence[ResponseRow], one: Known, n: int) -> Answers:
    """Return the replies to a question as arrays of n, of which the first are those of `rows`."""
    given = [_codes(row, one) for row in rows]
    status = [row.statuses.get(one.name, "") for row in rows]
    found = dict.fromkeys(code for codes in given for code in codes)
    codes = {code: one.codes.get(code, {"und": code}) for code in [*one.codes, *found]}
    points = _ends(one)
    numeric = one.kind in {QuestionKind.INTEGER, QuestionKind.DECIMAL}
    few = one.kind == QuestionKind.INTEGER and len(codes) <= MOST_NUMBERS
    listed = points is not None or few or not numeric
    order = sorted(codes, key=_rank) if not one.codes else list(codes)
    chosen = {code: _long([code in own for own in given], n) for code in order} if listed else {}
    numbers = None
    if points is not None or one.is_numeric:
        values = [cases.as_number(row.values.get(one.name)) for row in rows]
        numbers = np.full(n, np.nan)
        numbers[: len(rows)] = [np.nan if value is None else value for value in values]
    return Answers(
        chosen if len(chosen) <= MOST_ANSWERS else {},
        _long([one_ == CellStatus.DK for one_ in status], n),
        _long([one_ == CellStatus.REF for one_ in status], n),
        codes,
        numbers,
        points,
    )


def _ends(one: Known) -> tuple[int, int] | None:
    """Return the ends of an answer scale: as stated, else as the choices show it.

    They do when their codes are whole numbers in a row, and all but the ends are called by them.
    """
    if one.points is not None:
        return one.points
    numbers = [int(code) for code in one.codes if code.isascii() and code.isdigit()]
    if len(numbers) < len(one.codes) or len(numbers) < LEAST_POINTS:
        return None
    in_row = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    inner = list(one.codes.items())[1:-1]
    plain = all(text.strip() == code for code, texts in inner for text in texts.values())
    return (numbers[0], numbers[-1]) if in_row and plain else None


def _codes(row: ResponseRow, one: Known) -> frozenset[str]:
    given = cases.said_or_carried(row, one.name)
    if given is None or given == "":
        return frozenset()
    if isinstance(given, list | tuple):
        return frozenset(map(text_of, given))
    return frozenset([text_of(given)])


def _rank(code: str) -> tuple[int, float, str]:
    number = cases.as_number(code)
    return (1, 0.0, code) if number is None else (0, number, code)


def _long(said: Sequence[bool], n: int) -> BoolArray:
    column = np.zeros(n, dtype=np.bool_)
    column[: len(said)] = said
    return column


def _kept(who: Counted, entry: TablesEntry) -> BoolArray:
    answered = _long([True] * len(who.rows), who.design.n)
    if not entry.filter_by:
        return answered
    wanted, one = set(entry.kept), Known(entry.filter_by, QuestionKind.HIDDEN)
    return _long([bool(_codes(row, one) & wanted) for row in who.rows], who.design.n)


def _banner(who: Counted, entry: TablesEntry, known: Mapping[str, Known]) -> list[Column]:
    columns: list[Column] = []
    problems: list[Problem] = []
    for name in entry.banner:
        answers = answers_of(who.rows, known[name], who.design.n)
        # What is answered in too many ways to be listed makes no columns either.
        count = len(answers.chosen) or len(answers.labels)
        most = MOST_COLUMNS if answers.chosen else min(MOST_COLUMNS, MOST_NUMBERS)
        if count > most:
            said = MANY_COLUMNS.at(Place(item=name), name=name, count=count, most=most)
            problems.append(said)
        columns += [
            Column(name, code, inside, answers.labels.get(code, {}))
            for code, inside in answers.chosen.items()
        ]
    if problems:
        raise ProblemsError(problems)
    return columns


def _filter_texts(who: Counted, entry: TablesEntry, known: Mapping[str, Known]) -> Json:
    if not entry.filter_by:
        return {}
    one = known[entry.filter_by]
    return {
        "label": _filled(one.label, who.rows),
        "kept": [dict(one.codes.get(code, {"und": code})) for code in entry.kept],
    }


def _filled(texts: Mapping[str, str], rows: Sequence[ResponseRow]) -> dict[str, str]:
    """Return texts in which a fill that is the same for everybody stands, any other by name."""

    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        values = {text_of(row.values.get(name, "")) for row in rows}
        return values.pop() if len(values) == 1 and values != {""} else f"[{name}]"

    return {language: FILL.sub(fill, text) for language, text in texts.items()}

"""PURE. Logic: rows that can never be reached, conditions and constraints that decide nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foundation.problems import Message
from survey.language import expression_messages as messages
from survey.language.checks.formulas import HERE, Formula, FormulaMaker, unknown
from survey.language.checks.representatives import NOT_ASKED, Representatives
from survey.language.checks.worlds import can_hold
from survey.language.draft import Draft
from survey.language.environment import EMPTY, Environment
from survey.language.findings import Findings
from survey.language.model import Group, Question
from survey.language.values import is_empty

SHEET = "survey"


def check_logic(draft: Draft, findings: Findings) -> None:
    """Note rows that no answers lead to and conditions that all answers fulfil.

    A condition in which something else is wrong counts as one that may hold or not.
    """
    _LogicCheck(draft, findings).run()


@dataclass(frozen=True, slots=True)
class _Ending:
    """A closing note and the formulas under which it ends the interview."""

    row: int
    formulas: tuple[Formula, ...]


class _LogicCheck:
    """Checks the rows from the top down, so that a row knows which endings stand above it."""

    def __init__(self, draft: Draft, findings: Findings) -> None:
        self.draft = draft
        self.findings = findings
        self.representatives = Representatives(draft)
        self.maker = FormulaMaker(self.representatives)
        self.broken = {
            (problem.place.row, problem.place.column)
            for problem in findings.problems
            if problem.is_error and problem.place.sheet == SHEET
        }
        self.made: dict[int, list[Formula]] = {}
        self.endings: list[_Ending] = []
        self.dead: set[str] = set()

    def run(self) -> None:
        for owner in self.draft.rows():
            if self._is_after_end(owner):
                return
            if not self.dead.intersection(owner.groups):
                self._reach(owner)
            if isinstance(owner, Question):
                self._constraint(owner)
                self._ending(owner)

    def _add(self, message: Message, owner: Question | Group, column: str) -> None:
        self.findings.add(message, SHEET, owner.row, column, name=owner.name)

    def _about(self, question: Question) -> FormulaMaker:
        """Return the maker of formulas about the answer to a question."""
        return FormulaMaker(self.representatives, question.name)

    def _can_hold(self, formulas: Iterable[Formula], owner: str = EMPTY) -> bool:
        return can_hold(formulas, self.representatives, owner)

    def _conjuncts(self, owner: Question | Group) -> list[Formula]:
        if owner.row not in self.made:
            self.made[owner.row] = self._make(owner)
        return self.made[owner.row]

    def _make(self, owner: Question | Group) -> list[Formula]:
        if (owner.row, "relevant") in self.broken:
            return [unknown(owner.row)]
        condition = owner.relevant
        return self.maker.conjuncts(condition.tree, owner.row) if condition else []

    def _path(self, owner: Question | Group) -> list[Formula]:
        """Return what must hold for a row to be on the path: its condition, those around it."""
        around = [self.draft.by_group[name] for name in owner.groups]
        return [formula for row in (*around, owner) for formula in self._conjuncts(row)]

    def _reach(self, owner: Question | Group) -> None:
        if owner.relevant is None or (owner.row, "relevant") in self.broken:
            return
        own = self._conjuncts(owner)
        if not self._can_hold(own):
            self._kill(owner)
            self._add(messages.NEVER, owner, "relevant")
            return
        others = self._around(owner)
        if not self._can_hold([*own, *others]):
            self._kill(owner)
            self._contradiction(owner, own, others)
            return
        whole = self.maker.whole(owner.relevant.tree, owner.row)
        if not self._can_hold([whole.negated()]):
            self._add(messages.ALWAYS, owner, "relevant")

    def _kill(self, owner: Question | Group) -> None:
        if isinstance(owner, Group):
            self.dead.add(owner.name)

    def _around(self, owner: Question | Group) -> list[Formula]:
        """Return what else holds wherever a row is on the path."""
        on_path = self._path(owner)
        names = frozenset[str]().union(*(formula.variables for formula in on_path))
        endings = [self._not_ended(ending) for ending in self.endings]
        implied = [formula for name in sorted(names) for formula in self._implied(name)]
        related = [formula for formula in endings if formula.variables & names]
        return [f for f in on_path if f.row != owner.row] + implied + related

    def _not_ended(self, ending: _Ending) -> Formula:
        parts = ending.formulas
        names = frozenset[str]().union(*(formula.variables for formula in parts))
        return Formula(names, lambda env: not all(f.holds(env) for f in parts), ending.row)

    def _implied(self, name: str) -> list[Formula]:
        """Return what an answer to a question says: it was on the path and fits its constraint."""
        question = self.draft.by_name.get(name)
        if question is None or not question.is_asked:
            return []
        asked = [_if_asked(name, formula) for formula in self._path(question)]
        if question.constraint is None or (question.row, "constraint") in self.broken:
            return asked
        parts = self._about(question).conjuncts(question.constraint.tree, question.row)
        return asked + [_if_answered(name, formula) for formula in parts]

    def _contradiction(
        self, owner: Question | Group, own: list[Formula], others: list[Formula]
    ) -> None:
        """Note the row that contradicts a condition; all of them when no single one does."""
        rows = {f.row for f in others if not self._can_hold([*own, f])} or {f.row for f in others}
        said = ", ".join(map(str, sorted(rows)))
        self.findings.add(
            messages.NEVER_WITHIN, SHEET, owner.row, "relevant", name=owner.name, rows=said
        )

    def _constraint(self, question: Question) -> None:
        if question.constraint is None or (question.row, "constraint") in self.broken:
            return
        whole = self._about(question).whole(question.constraint.tree, question.row)
        if not self._can_hold([whole], question.name):
            self._add(messages.CONSTRAINT_NEVER, question, "constraint")
        elif question.points is None and not self._can_hold([whole.negated()], question.name):
            self._add(messages.CONSTRAINT_ALWAYS, question, "constraint")

    def _ending(self, question: Question) -> None:
        if question.end_with is not None:
            self.endings.append(_Ending(question.row, tuple(self._path(question))))

    def _is_after_end(self, owner: Question | Group) -> bool:
        """Note the first row below a note that always ends the interview."""
        for ending in self.endings:
            if not ending.formulas:
                row = ending.row
                self.findings.add(messages.AFTER_END, SHEET, owner.row, name=owner.name, row=row)
                return True
        return False


def _if_asked(name: str, formula: Formula) -> Formula:
    def holds(env: Environment) -> bool:
        is_asked = env.statuses.get(name, EMPTY) != NOT_ASKED.status
        return not is_asked or formula.holds(env)

    return Formula(formula.variables | {name}, holds, formula.row)


def _if_answered(name: str, formula: Formula) -> Formula:
    """Return a formula about the dot as one about the question that the dot stands for."""

    def holds(env: Environment) -> bool:
        value = env.values.get(name, EMPTY)
        before, env.here = env.here, value
        fits = is_empty(value) or formula.holds(env)
        env.here = before
        return fits

    return Formula(formula.variables - {HERE} | {name}, holds, formula.row)

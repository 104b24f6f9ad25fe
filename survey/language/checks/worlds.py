"""PURE. Is there a world in which all formulas hold? A small search, given up when it grows.

Formulas that share no variable are searched apart, and each formula is tested as soon as its
variables have values, so conditions of real questionnaires take a few dozen steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from survey.language.checks.formulas import HERE, OPAQUE, Formula
from survey.language.checks.representatives import Representative, Representatives
from survey.language.environment import Environment

MAX_STEPS = 5000
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_FREE = (Representative(value=True), Representative(value=False))

Domains = Mapping[str, Sequence[Representative]]


class _GaveUp(Exception):
    """The search grew too large."""


def can_hold(
    formulas: Iterable[Formula], representatives: Representatives, owner: str = ""
) -> bool:
    """Tell whether all formulas can hold together; True also when that is too hard to tell.

    `owner` is the question whose real answers the dot stands for.
    """
    parts = _parts(list(formulas))
    return all(_Search(part, representatives, owner).succeeds() for part in parts)


def _parts(formulas: list[Formula]) -> list[list[Formula]]:
    """Return the formulas in groups that share no variable."""
    parts: list[tuple[set[str], list[Formula]]] = []
    for formula in formulas:
        names, members = set(formula.variables), [formula]
        apart = []
        for part in parts:
            if part[0] & names:
                names |= part[0]
                members = part[1] + members
            else:
                apart.append(part)
        parts = [*apart, (names, members)]
    return [members for _, members in parts]


class _Search:
    """The search for one world of formulas that hang together."""

    def __init__(
        self, formulas: list[Formula], representatives: Representatives, owner: str
    ) -> None:
        self.variables = list(
            dict.fromkeys(
                name for f in sorted(formulas, key=_width) for name in sorted(f.variables)
            )
        )
        self.domains = {name: _domain(name, representatives, owner) for name in self.variables}
        self.due = _due(formulas, self.variables)
        self.environment = Environment(_ANY_TIME)
        self.steps = 0

    def succeeds(self) -> bool:
        """Tell whether a world was found, or the search grew too large."""
        try:
            return self._from(0)
        except _GaveUp:
            return True

    def _from(self, level: int) -> bool:
        if not all(formula.holds(self.environment) for formula in self.due[level]):
            return False
        if level == len(self.variables):
            return True
        name = self.variables[level]
        return any(self._with(level, name, one) for one in self.domains[name])

    def _with(self, level: int, name: str, one: Representative) -> bool:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _GaveUp
        if name == HERE:
            self.environment.here = one.value
        self.environment.values[name] = one.value
        self.environment.statuses[name] = one.status
        return self._from(level + 1)


def _width(formula: Formula) -> int:
    return len(formula.variables)


def _domain(name: str, representatives: Representatives, owner: str) -> Sequence[Representative]:
    if name.startswith(OPAQUE):
        return _FREE
    return representatives.answers(owner) if name == HERE else representatives.of(name)


def _due(formulas: Iterable[Formula], variables: list[str]) -> list[list[Formula]]:
    """Return for each number of assigned variables the formulas that can be decided then."""
    due: list[list[Formula]] = [[] for _ in range(len(variables) + 1)]
    for formula in formulas:
        last = max((variables.index(name) + 1 for name in formula.variables), default=0)
        due[last].append(formula)
    return due

"""PURE. The matrix of a regression or a calibration, from a formula.

Categories become treatment contrasts against their first level, and full indicators where a
margin is absent, with R's names: "(Intercept)", "ell", "stypeH", "sexm:age55+".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from analysis.sampling.columns import BoolArray, Columns, FloatArray
from analysis.sampling.plan_messages import BAD_FORMULA
from analysis.sampling.rowwise import category, is_category, row_values
from analysis.sampling.syntax import Node, Number, Operation, written
from foundation.problems import Place, ProblemsError

INTERCEPT = "(Intercept)"
Term = frozenset[str]


@dataclass(frozen=True)
class ModelMatrix:
    """values (n, p), zero where a term is missing; names (p,); term (p,) number, 0 intercept."""

    names: tuple[str, ...]
    values: FloatArray
    term: tuple[int, ...]
    complete: BoolArray


@dataclass(frozen=True)
class _Variable:
    """One variable of the formula, as numbers or as one indicator per level."""

    name: str
    columns: tuple[tuple[str, FloatArray], ...]
    categorical: bool
    complete: BoolArray

    def coded(self, *, full: bool) -> Sequence[tuple[str, FloatArray]]:
        return self.columns if full or not self.categorical else self.columns[1:]


def model_matrix(terms: Node, columns: Columns, *, rows: BoolArray | None = None) -> ModelMatrix:
    """Return the model matrix of the right-hand side of a formula.

    Levels that no row of `rows` (n,) has are left out, as R does for a subset without factors.
    """
    nodes: dict[str, Node] = {}
    expanded, intercept = _expanded(terms, nodes)
    inside = np.ones(columns.n, dtype=np.bool_) if rows is None else rows
    variables = {name: _variable(name, node, columns, inside) for name, node in nodes.items()}
    ordered = sorted(expanded, key=len)
    sets = [frozenset(term) for term in ordered]
    names, values, numbers = [], [], []
    if intercept:
        names, values, numbers = [INTERCEPT], [np.ones(columns.n)], [0]
    for number, term in enumerate(ordered, start=1):
        for name, column in _columns_of(term, variables, sets, intercept=intercept):
            names.append(name)
            values.append(column)
            numbers.append(number)
    complete = np.ones(columns.n, dtype=np.bool_)
    for variable in variables.values():
        complete &= variable.complete
    table = np.stack(values, axis=1) if values else np.zeros((columns.n, 0))
    table = table * complete[:, None]
    return ModelMatrix(tuple(names), table, tuple(numbers), complete)


def _columns_of(
    term: tuple[str, ...], variables: dict[str, _Variable], sets: list[Term], *, intercept: bool
) -> Iterable[tuple[str, FloatArray]]:
    coded = []
    for name in term:
        margin = frozenset(term) - {name}
        has_margin = margin in sets if margin else intercept or _earlier_main(name, sets)
        coded.append(variables[name].coded(full=not has_margin))
    for reversed_cell in product(*reversed(coded)):
        cell = reversed_cell[::-1]
        column = np.prod([values for _, values in cell], axis=0)
        yield ":".join(name for name, _ in cell), column


def _earlier_main(name: str, sets: list[Term]) -> bool:
    """Without an intercept only the first main effect is coded in full."""
    mains = [term for term in sets if len(term) == 1]
    return bool(mains) and mains[0] != frozenset({name})


def _variable(name: str, node: Node, columns: Columns, rows: BoolArray) -> _Variable:
    if not is_category(node, columns):
        values = row_values(node, columns)
        complete = ~np.isnan(values)
        return _Variable(name, ((name, np.where(complete, values, 0.0)),), False, complete)
    labels = category(node, columns)
    present = np.unique(labels.codes[rows & labels.known])
    indicators = tuple((f"{name}{labels.levels[code]}", labels.indicator(code)) for code in present)
    return _Variable(name, indicators, True, labels.known)


def _expanded(node: Node, nodes: dict[str, Node]) -> tuple[list[tuple[str, ...]], bool]:
    """Return the terms as tuples of variable names, and whether there is an intercept."""
    plus, minus = _signed_terms(node)
    intercept = True
    terms: list[tuple[str, ...]] = []
    for part, kept in [*((part, True) for part in plus), *((part, False) for part in minus)]:
        if isinstance(part, Number) and part.value in (0.0, 1.0):
            intercept = (part.value == 1.0) == kept
        elif kept:
            terms.extend(term for term in _crossed(part, nodes) if not _listed(term, terms))
        else:
            gone = [frozenset(term) for term in _crossed(part, {})]
            terms = [term for term in terms if frozenset(term) not in gone]
    return terms, intercept


def _listed(term: tuple[str, ...], terms: list[tuple[str, ...]]) -> bool:
    return frozenset(term) in map(frozenset, terms)


def _signed_terms(node: Node) -> tuple[list[Node], list[Node]]:
    if isinstance(node, Operation) and node.sign in "+-":
        plus, minus = _signed_terms(node.left)
        more, less = _signed_terms(node.right)
        if node.sign == "+":
            return plus + more, minus + less
        return plus + less, minus + more
    return [node], []


def _crossed(node: Node, nodes: dict[str, Node]) -> list[tuple[str, ...]]:
    """Return the terms that one summand stands for: a, a:b, or a*b = a + b + a:b."""
    if isinstance(node, Operation) and node.sign in (":", "*"):
        left, right = _crossed(node.left, nodes), _crossed(node.right, nodes)
        joint = [
            first + tuple(n for n in second if n not in first) for first in left for second in right
        ]
        return joint if node.sign == ":" else [*left, *right, *joint]
    if isinstance(node, Operation) and node.sign == "+":
        return [*_crossed(node.left, nodes), *_crossed(node.right, nodes)]
    if isinstance(node, Operation):
        text = written(node)
        raise ProblemsError([BAD_FORMULA.at(Place(item=text), text=text, near=node.sign)])
    name = written(node)
    nodes[name] = node
    return [(name,)]

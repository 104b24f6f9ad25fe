"""PURE. Expressions of columns, row by row: arithmetic, comparisons, a few functions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.sampling.columns import Columns, FloatArray, Labels, label_text
from analysis.sampling.plan_messages import BAD_VALUE, OUT_OF_DOMAIN, UNKNOWN_FUNCTION
from analysis.sampling.syntax import Call, Name, Node, Number, Operation, Text, written
from foundation.problems import Place, ProblemsError

FUNCTIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "I": lambda x: x,
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}
ARITHMETIC: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
COMPARISONS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def row_values(node: Node, columns: Columns) -> FloatArray:
    """Return (n,) numbers of an expression; a condition is 1 or 0; missing stays NaN."""
    if isinstance(node, Number):
        return np.full(columns.n, node.value)
    if isinstance(node, Name):
        return columns.number(node.name)
    if isinstance(node, Call):
        return _called(node, columns)
    if isinstance(node, Operation):
        return _operated(node, columns)
    raise _not_a_number(node)


def is_category(node: Node, columns: Columns) -> bool:
    """Tell whether a term of a model is a category: a column of texts or factor(column)."""
    if isinstance(node, Name):
        return not columns.is_numeric(node.name)
    return isinstance(node, Call) and node.name in ("factor", "as.factor")


def category(node: Node, columns: Columns) -> Labels:
    """Return the categories of a term for which `is_category` holds."""
    if isinstance(node, Call):
        (inner,) = node.arguments
        return category(inner, columns)
    if isinstance(node, Name):
        return columns.labels(node.name)
    raise _not_a_number(node)


def equals(columns: Columns, name: str, value: object) -> FloatArray:
    """Return (n,) 1.0 where the column has the value, 0.0 where another, NaN where missing.

    Of a list of values, any of them.
    """
    labels = columns.labels(name)
    every = value if isinstance(value, list) else [value]
    wanted = {label_text(float(one) if isinstance(one, int) else one) for one in every}
    chosen = [code for code, level in enumerate(labels.levels) if level in wanted]
    hits = np.isin(labels.codes, chosen).astype(np.float64)
    return np.where(labels.known, hits, np.nan)


def _not_a_number(node: Node) -> ProblemsError:
    return ProblemsError(
        [
            BAD_VALUE.at(
                Place(item=written(node)), key=written(node), value="a text", wanted="a number"
            )
        ]
    )


def _called(node: Call, columns: Columns) -> FloatArray:
    function = FUNCTIONS.get(node.name)
    if function is None or len(node.arguments) != 1:
        known = ", ".join(sorted(FUNCTIONS))
        raise ProblemsError(
            [UNKNOWN_FUNCTION.at(Place(item=written(node)), name=node.name, known=known)]
        )
    return _checked(node, function, row_values(node.arguments[0], columns))


def _operated(node: Operation, columns: Columns) -> FloatArray:
    if node.sign in COMPARISONS:
        return _compared(node, columns)
    if node.sign not in ARITHMETIC:
        raise _not_a_number(node)
    left, right = row_values(node.left, columns), row_values(node.right, columns)
    return _checked(node, ARITHMETIC[node.sign], left, right)


def _checked(node: Node, function: Callable[..., FloatArray], *inputs: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        values = function(*inputs)
    known = ~np.isnan(np.stack(inputs)).any(axis=0)
    bad = known & ~np.isfinite(values)
    if bad.any():
        at = int(np.argmax(bad))
        shown = ", ".join(f"{values[at]:g}" for values in inputs)
        raise ProblemsError(
            [
                OUT_OF_DOMAIN.at(
                    Place(item=written(node), row=at + 1), name=written(node), value=shown
                )
            ]
        )
    return np.asarray(values, dtype=np.float64)


def _compared(node: Operation, columns: Columns) -> FloatArray:
    left, right = node.left, node.right
    if isinstance(left, Text):
        left, right = right, left
    if isinstance(right, Text) and isinstance(left, Name) and node.sign in ("==", "!="):
        hits = equals(columns, left.name, right.value)
        return hits if node.sign == "==" else 1.0 - hits
    first, second = row_values(left, columns), row_values(right, columns)
    known = ~(np.isnan(first) | np.isnan(second))
    outcome = COMPARISONS[node.sign](first, second).astype(np.float64)
    return np.where(known, outcome, np.nan)

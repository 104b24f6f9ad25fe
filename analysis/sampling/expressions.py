"""PURE. Figures made of estimates: 100*(mean(api00)-200)/800, log(mean(x)/mean(y)).

Each mean(...), total(...), ratio(..., ...) is estimated jointly with the others; the figure's
error follows by the delta method, or from the figure of each replicate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import Columns, FloatArray
from analysis.sampling.design import Design
from analysis.sampling.estimates import Estimates, estimate, transformed
from analysis.sampling.estimators import Sums, joined, means_of, ratios_of, totals_of
from analysis.sampling.plan_messages import OUT_OF_DOMAIN, UNKNOWN_FUNCTION
from analysis.sampling.rowwise import row_values
from analysis.sampling.syntax import Call, Name, Node, Number, Operation, Text, expression, written
from foundation.problems import Place, ProblemsError

LEAVES = {"mean": 1, "total": 1, "ratio": 2}


@dataclass(frozen=True)
class _Curve:
    """A function of one number and its derivative."""

    value: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]


CURVES = {
    "log": _Curve(np.log, lambda x: 1 / x),
    "exp": _Curve(np.exp, np.exp),
    "sqrt": _Curve(np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "abs": _Curve(np.abs, np.sign),
}


def expression_estimate(design: Design, columns: Columns, text: str) -> Estimates:
    """Return the estimate of one expression of means, totals and ratios."""
    tree = expression(text)
    leaves: dict[str, Sums] = {}
    _collect(tree, columns, leaves)
    if not leaves:
        raise _unknown(tree)
    parts = estimate(design, joined(list(leaves.values())), against="none")
    order = list(leaves)

    def function(values: FloatArray) -> FloatArray:
        known = {name: values[:, at] for at, name in enumerate(order)}
        return np.asarray(_value(tree, known) + np.zeros(len(values)))[:, None]

    def gradient(values: FloatArray) -> FloatArray:
        known = {name: values[at : at + 1] for at, name in enumerate(order)}
        slopes = _slopes(tree, known)
        return np.array([[float(np.squeeze(slopes.get(name, 0.0))) for name in order]])

    replicates = design.replicates
    return transformed(
        parts, [text], function, gradient, None if replicates is None else replicates.covariance
    )


def _collect(node: Node, columns: Columns, leaves: dict[str, Sums]) -> None:
    if isinstance(node, Call) and LEAVES.get(node.name) == len(node.arguments):
        name = written(node)
        values = [row_values(part, columns) for part in node.arguments]
        leaves[name] = _leaf(node.name, values, name)
    elif isinstance(node, Call) and node.name in CURVES and len(node.arguments) == 1:
        _collect(node.arguments[0], columns, leaves)
    elif isinstance(node, Operation) and node.sign in "+-*/^":
        _collect(node.left, columns, leaves)
        _collect(node.right, columns, leaves)
    elif not isinstance(node, Number):
        raise _unknown(node)


def _leaf(kind: str, values: list[FloatArray], name: str) -> Sums:
    if kind == "ratio":
        return ratios_of(values[0], values[1], [name])
    return (means_of if kind == "mean" else totals_of)(values[0], [name])


def _unknown(node: Node) -> ProblemsError:
    name = written(node) if isinstance(node, Name | Text | Number | Operation) else node.name
    known = ", ".join([*LEAVES, *CURVES])
    return ProblemsError([UNKNOWN_FUNCTION.at(Place(item=written(node)), name=name, known=known)])


def _value(node: Node, known: dict[str, FloatArray]) -> FloatArray:
    if isinstance(node, Number):
        return np.asarray(node.value)
    if isinstance(node, Call):
        if written(node) in known:
            return known[written(node)]
        inner = _value(node.arguments[0], known)
        return _finite(node, CURVES[node.name].value, inner)
    assert isinstance(node, Operation)  # noqa: S101 - _collect has refused the rest
    left, right = _value(node.left, known), _value(node.right, known)
    return _finite(node, OPERATIONS[node.sign], left, right)


def _finite(node: Node, function: Callable[..., FloatArray], *inputs: FloatArray) -> FloatArray:
    with np.errstate(all="ignore"):
        values = np.asarray(function(*inputs))
    if not np.isfinite(values).all():
        shown = ", ".join(f"{np.ravel(part)[0]:g}" for part in inputs)
        text = written(node)
        raise ProblemsError([OUT_OF_DOMAIN.at(Place(item=text), name=text, value=shown)])
    return values


OPERATIONS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}


def _slopes(node: Node, known: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return the derivative of a node by each leaf, by the chain rule."""
    if isinstance(node, Number):
        return {}
    if isinstance(node, Call):
        if written(node) in known:
            return {written(node): np.ones(1)}
        inner = _value(node.arguments[0], known)
        return _scaled(_slopes(node.arguments[0], known), CURVES[node.name].slope(inner))
    assert isinstance(node, Operation)  # noqa: S101 - _collect has refused the rest
    by_left, by_right = _partials(node, known)
    slopes = _scaled(_slopes(node.left, known), by_left)
    for name, slope in _scaled(_slopes(node.right, known), by_right).items():
        slopes[name] = slopes.get(name, np.zeros(1)) + slope
    return slopes


def _scaled(slopes: dict[str, FloatArray], factor: FloatArray) -> dict[str, FloatArray]:
    return {name: slope * factor for name, slope in slopes.items()}


def _partials(node: Operation, known: dict[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    left, right = _value(node.left, known), _value(node.right, known)
    one = np.ones(1)
    if node.sign in "+-":
        return one, one if node.sign == "+" else -one
    if node.sign == "*":
        return right, left
    if node.sign == "/":
        return 1 / right, -left / right**2
    rising = left**right * np.log(left) if np.all(left > 0) else np.zeros(1)
    return right * left ** (right - 1), rising

"""PURE. From a tree to a closure: an expression is parsed once and run a million times.

Nothing of the designer's text is ever executed: each node becomes a Python function of our own.
The commonest shapes (a question compared with a constant, a code looked for in a question) get
closures without any conversion; a routing step at 500 questions owes its speed to them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping

from survey.language.environment import EMPTY, Environment, ValueKind
from survey.language.functions import FUNCTIONS, Run
from survey.language.model import Compiled
from survey.language.tree import (
    Binary,
    Call,
    Column,
    Here,
    Literal,
    Node,
    Reference,
    Unary,
    references,
)
from survey.language.values import EXACT_LIMIT, equal, to_number, to_truth

Holds = Callable[[Environment], bool]

_ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_expression(source: str, tree: Node) -> Compiled:
    """Return the expression ready to run. Defects of names and kinds are found by the checks."""
    run = _run(tree)
    return Compiled(source, tree, references(tree), run, _holds(tree, run))


def _holds(tree: Node, run: Run) -> Holds:
    if gives_truth(tree):
        return run  # type: ignore[return-value]
    return lambda env: to_truth(run(env))


def gives_truth(node: Node) -> bool:
    """Tell whether a node gives true or false rather than a text or a number."""
    if isinstance(node, Binary):
        return node.operator in {"and", "or", "=", "!=", *_ORDER}
    known = FUNCTIONS.get(node.function) if isinstance(node, Call) else None
    return known is not None and known.gives is ValueKind.TRUTH


def _run(node: Node) -> Run:
    match node:
        case Unary():
            operand = _run(node.operand)
            return lambda env: -to_number(operand(env))
        case Binary():
            return _binary(node)
        case Call():
            return _call(node)
        case _:
            return _leaf(node)


def _leaf(node: Literal | Reference | Here | Column) -> Run:
    match node:
        case Literal(value=value):
            return lambda _env: value
        case Reference(name=name):
            return lambda env: env.values.get(name, EMPTY)
        case Column(name=name):
            return lambda env: env.columns.get(name, EMPTY)
        case Here():
            return lambda env: env.here


def _binary(node: Binary) -> Run:
    if node.operator in {"and", "or"}:
        return _joined(node)
    if node.operator in {"=", "!="}:
        return _comparison(node)
    left, right = _run(node.left), _run(node.right)
    if node.operator in _ORDER:
        compare = _ORDER[node.operator]
        return lambda env: compare(to_number(left(env)), to_number(right(env)))
    compute = _ARITHMETIC[node.operator]
    return lambda env: compute(to_number(left(env)), to_number(right(env)))


def chain_of(node: Node, joiner: str) -> list[Node]:
    """Return the parts of a and b and c, however deep they nest."""
    parts, todo = [], [node]
    while todo:
        part = todo.pop()
        if isinstance(part, Binary) and part.operator == joiner:
            todo += [part.right, part.left]
        else:
            parts.append(part)
    return parts


def _joined(node: Binary) -> Run:
    parts = [_holds(part, _run(part)) for part in chain_of(node, node.operator)]
    if len(parts) == 2:  # noqa: PLR2004 - the common case deserves no loop
        left, right = parts
        if node.operator == "and":
            return lambda env: left(env) and right(env)
        return lambda env: left(env) or right(env)
    join = all if node.operator == "and" else any
    return lambda env: join(part(env) for part in parts)


def _comparison(node: Binary) -> Run:
    wanted = node.operator == "="
    if isinstance(node.left, Reference) and isinstance(node.right, Literal):
        return _question_is(node.left.name, node.right.value, wanted=wanted)
    left, right = _run(node.left), _run(node.right)
    return lambda env: equal(left(env), right(env)) is wanted


def _question_is(name: str, constant: str | float, *, wanted: bool) -> Run:
    if not isinstance(constant, str):
        return lambda env: equal(env.values.get(name, EMPTY), constant) is wanted

    def compare(env: Environment) -> bool:
        value = env.values.get(name, EMPTY)
        if type(value) is str:
            return (value == constant) is wanted
        return equal(value, constant) is wanted

    return compare


def _call(node: Call) -> Run:
    function = FUNCTIONS.get(node.function)
    given = len(node.arguments)
    if function is None or given < function.least or given > (function.most or given):
        return lambda _env: EMPTY
    if function.name == "selected":
        quick = _code_in_question(*node.arguments)
        if quick is not None:
            return quick
    return function.build(node.arguments, tuple(map(_run, node.arguments)))


def _code_in_question(question: Node, code: Node) -> Run | None:
    if not (isinstance(question, Reference) and isinstance(code, Literal)):
        return None
    name, wanted = question.name, str(code.value)

    def look(env: Environment) -> bool:
        value = env.values.get(name, EMPTY)
        if type(value) is tuple:
            return wanted in value
        return wanted in str(value).split()

    return look


def _kept(number: float) -> float:
    """Return whole numbers beyond the exact range of a double as a double, as XPath has it."""
    return float(number) if isinstance(number, int) and abs(number) > EXACT_LIMIT else number


def _divide(left: float, right: float) -> float:
    if right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left)
    quotient = left / right
    return int(quotient) if quotient.is_integer() and abs(quotient) < EXACT_LIMIT else quotient


def _modulo(left: float, right: float) -> float:
    if right == 0 or not math.isfinite(left):
        return math.nan
    rest = math.fmod(left, right)
    return int(rest) if rest.is_integer() else rest


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda left, right: _kept(left + right),
    "-": lambda left, right: _kept(left - right),
    "*": lambda left, right: _kept(left * right),
    "div": _divide,
    "mod": _modulo,
}

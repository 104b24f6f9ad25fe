"""PURE. The functions that expressions may call: one table, one row per function.

To add a function: write what it computes, add a row to `FUNCTIONS`, and take its name out of
`LATER`. The checker, the compiler and the reference page all read this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from survey.language import calculations as calculate
from survey.language.environment import EMPTY, Environment, Value, ValueKind
from survey.language.patterns import PatternRefused, matches, read_pattern
from survey.language.tree import Literal, Node, Reference
from survey.language.values import is_empty, to_text, to_truth

Run = Callable[[Environment], Value]
Build = Callable[[tuple[Node, ...], tuple[Run, ...]], Run]

TEXT, NUMBER, TRUTH = ValueKind.TEXT, ValueKind.NUMBER, ValueKind.TRUTH
DATE, ANY, CODES = ValueKind.DATE, ValueKind.ANY, ValueKind.CODES


@dataclass(frozen=True, slots=True)
class Function:
    """One function: how it is written, how many arguments it takes, what it takes and gives.

    most      None when there is no upper limit
    takes     kind of each argument; the last one holds for all that follow
    build     makes the closure from the argument nodes and their closures
    """

    name: str
    usage: str
    says: str
    least: int
    most: int | None
    takes: tuple[ValueKind, ...]
    gives: ValueKind
    build: Build
    needs_question: bool = False

    def takes_at(self, position: int) -> ValueKind:
        """Return the kind of the argument at a position counted from 0."""
        return self.takes[min(position, len(self.takes) - 1)] if self.takes else ANY


def _plain(compute: Callable[..., Value]) -> Build:
    """Call an ordinary function with the values of the arguments."""

    def build(_nodes: tuple[Node, ...], runs: tuple[Run, ...]) -> Run:
        if len(runs) == 1:
            only = runs[0]
            return lambda env: compute(only(env))
        return lambda env: compute(*[run(env) for run in runs])

    return build


def _constant(value: Value) -> Build:
    return lambda _nodes, _runs: lambda _env: value


def _if(_nodes: tuple[Node, ...], runs: tuple[Run, ...]) -> Run:
    condition, then, otherwise = runs
    return lambda env: then(env) if to_truth(condition(env)) else otherwise(env)


def _coalesce(_nodes: tuple[Node, ...], runs: tuple[Run, ...]) -> Run:
    def first_filled(env: Environment) -> Value:
        for run in runs:
            value = run(env)
            if not is_empty(value):
                return value
        return EMPTY

    return first_filled


def _today(_nodes: tuple[Node, ...], _runs: tuple[Run, ...]) -> Run:
    return lambda env: env.now.date()


def _now(_nodes: tuple[Node, ...], _runs: tuple[Run, ...]) -> Run:
    return lambda env: env.now


def _has_status(status: str, nodes: tuple[Node, ...], _runs: tuple[Run, ...]) -> Run:
    name = nodes[0].name if isinstance(nodes[0], Reference) else ""
    return lambda env: env.statuses.get(name) == status


def _answered(_nodes: tuple[Node, ...], runs: tuple[Run, ...]) -> Run:
    value = runs[0]
    return lambda env: not is_empty(value(env))


def _regex(nodes: tuple[Node, ...], runs: tuple[Run, ...]) -> Run:
    text, pattern = runs[0], nodes[1]
    try:
        compiled = read_pattern(str(pattern.value) if isinstance(pattern, Literal) else "(")
    except PatternRefused:
        return lambda _env: False
    return lambda env: matches(compiled, to_text(text(env)))


def quoted_question(node: Node) -> str:
    """Return the name inside the text '${name}', the second argument of jr:choice-name."""
    text = node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""
    is_fill = text.startswith("${") and text.endswith("}")
    return text[2:-1].strip() if is_fill else ""


def _choice_name(nodes: tuple[Node, ...], runs: tuple[Run, ...]) -> Run:
    code, question = runs[0], quoted_question(nodes[1])
    return lambda env: env.label(question, to_text(code(env)))


_ROWS = (
    Function(
        "if", "if(condition, then, else)", "The second argument when the first is true, "
        "else the third.", 3, 3, (TRUTH, ANY, ANY), ANY, _if,
    ),
    Function(
        "coalesce", "coalesce(a, b, ...)", "The first argument that is not empty.",
        2, None, (ANY,), ANY, _coalesce,
    ),
    Function("true", "true()", "True.", 0, 0, (), TRUTH, _constant(value=True)),
    Function("false", "false()", "False.", 0, 0, (), TRUTH, _constant(value=False)),
    Function(
        "not", "not(condition)", "True when the argument is false.",
        1, 1, (TRUTH,), TRUTH, _plain(calculate.negation),
    ),
    Function(
        "boolean", "boolean(value)", "False for empty, zero and not-a-number; else true.",
        1, 1, (ANY,), TRUTH, _plain(to_truth),
    ),
    Function(
        "selected", "selected(${question}, 'code')", "Whether the code is among the answers.",
        2, 2, (CODES, ANY), TRUTH, _plain(calculate.selected),
    ),
    Function(
        "count-selected", "count-selected(${question})", "How many choices are selected.",
        1, 1, (CODES,), NUMBER, _plain(calculate.count_selected),
    ),
    Function(
        "selected-at", "selected-at(${question}, 0)", "The selected code at a position counted "
        "from 0; empty behind the last.", 2, 2, (CODES, NUMBER), ANY, _plain(calculate.selected_at),
    ),
    Function(
        "jr:choice-name", "jr:choice-name(${question}, '${question}')", "The label of a code in "
        "the language of the interview.", 2, 2, (ANY, TEXT), TEXT, _choice_name,
    ),
    Function(
        "answered", "answered(${question})", "Whether the question has an answer; don't know "
        "and refused are none.", 1, 1, (ANY,), TRUTH, _answered, needs_question=True,
    ),
    Function(
        "is-dk", "is-dk(${question})", "Whether the answer was don't know.",
        1, 1, (ANY,), TRUTH, partial(_has_status, "dk"), needs_question=True,
    ),
    Function(
        "is-ref", "is-ref(${question})", "Whether the answer was refused.",
        1, 1, (ANY,), TRUTH, partial(_has_status, "ref"), needs_question=True,
    ),
    Function(
        "count-non-empty", "count-non-empty(${a}, ${b}, ...)", "How many of the questions have "
        "an answer.", 1, None, (ANY,), NUMBER, _plain(calculate.count_non_empty),
    ),
    Function(
        "sum", "sum(a, b, ...)", "The sum of the arguments; empty ones are left out.",
        1, None, (NUMBER,), NUMBER, _plain(calculate.total),
    ),
    Function(
        "min", "min(a, b, ...)", "The smallest argument; empty ones are left out.",
        1, None, (NUMBER,), NUMBER, _plain(calculate.smallest),
    ),
    Function(
        "max", "max(a, b, ...)", "The largest argument; empty ones are left out.",
        1, None, (NUMBER,), NUMBER, _plain(calculate.largest),
    ),
    Function(
        "number", "number(value)", "The value as a number.",
        1, 1, (ANY,), NUMBER, _plain(calculate.as_number),
    ),
    Function(
        "string", "string(value)", "The value as text.", 1, 1, (ANY,), TEXT, _plain(to_text),
    ),
    Function(
        "int", "int(number)", "The number without its decimals.",
        1, 1, (NUMBER,), NUMBER, _plain(calculate.whole),
    ),
    Function(
        "abs", "abs(number)", "The number without its sign.",
        1, 1, (NUMBER,), NUMBER, _plain(calculate.absolute),
    ),
    Function(
        "round", "round(number, decimals)", "The number rounded, halves away from zero; "
        "decimals may be left out.", 1, 2, (NUMBER,), NUMBER, _plain(calculate.rounded),
    ),
    Function(
        "string-length", "string-length(text)", "How many signs the text has.",
        1, 1, (TEXT,), NUMBER, _plain(calculate.length),
    ),
    Function(
        "contains", "contains(text, part)", "Whether the text holds the part.",
        2, 2, (TEXT,), TRUTH, _plain(calculate.contains),
    ),
    Function(
        "starts-with", "starts-with(text, part)", "Whether the text begins with the part.",
        2, 2, (TEXT,), TRUTH, _plain(calculate.starts_with),
    ),
    Function(
        "ends-with", "ends-with(text, part)", "Whether the text ends with the part.",
        2, 2, (TEXT,), TRUTH, _plain(calculate.ends_with),
    ),
    Function(
        "concat", "concat(a, b, ...)", "The arguments as one text.",
        1, None, (TEXT,), TEXT, _plain(calculate.concat),
    ),
    Function(
        "regex", "regex(text, 'pattern')", "Whether the whole text fits the pattern.",
        2, 2, (TEXT, TEXT), TRUTH, _regex,
    ),
    Function(
        "date", "date('2026-11-24')", "A text or a number of days since 1970 as a date.",
        1, 1, (ANY,), DATE, _plain(calculate.as_date),
    ),
    Function("today", "today()", "The date of the interview.", 0, 0, (), DATE, _today),
    Function("now", "now()", "The date and time of the interview.", 0, 0, (), DATE, _now),
)  # fmt: skip

FUNCTIONS: Mapping[str, Function] = {row.name: row for row in _ROWS}

# fmt: off
LATER = frozenset((
    "once", "position", "current", "instance", "indexed-repeat", "count", "jr:itext", "pulldata",
    "substr", "substring", "substring-before", "substring-after", "translate", "normalize-space",
    "join", "boolean-from-string", "base64-decode", "digest", "pow", "log", "log10", "exp",
    "exp10", "sqrt", "pi", "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
    "decimal-date-time", "decimal-time", "format-date", "format-date-time", "random",
    "randomize", "uuid", "checklist", "weighted-checklist", "area", "distance", "geofence",
    "intersects", "ceiling", "floor", "last", "name", "local-name", "id", "lang", "version",
    "property",
))
"""Functions of XLSForm and XPath that are refused by name."""
# fmt: on

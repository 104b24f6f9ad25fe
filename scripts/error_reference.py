"""Write docs/reference/errors.md: every error code of the product with its text and remedy.

Run: python scripts/error_reference.py
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "reference" / "errors.md"
PACKAGES = ("foundation", "accounts", "survey", "cati", "analysis", "demo")
FAMILIES = {
    "ACC": "people and logins",
    "ANSW": "answers in an interview",
    "APPT": "appointments",
    "CBSEM": "second opinion by covariance-based SEM",
    "COMP": "scores of several sources",
    "DATA": "data files of a model",
    "FIT": "estimating a model",
    "FLOOR": "acts on a case",
    "FORM": "questionnaires",
    "GROUP": "comparing groups and waves",
    "HOUR": "calling hours and rules",
    "JOB": "work of the workers",
    "MODEL": "model files",
    "NEXT": "why there is no next case",
    "NUM": "telephone numbers",
    "PLAN": "planning samples",
    "PUB": "published tables",
    "QUAL": "quality of the fieldwork",
    "RATE": "response rates",
    "RUN": "starting the product",
    "SAMP": "estimates, designs and sample sizes",
    "SEGMENT": "segments of respondents",
    "SET": "settings",
    "SMPL": "sample files of the floor",
    "SUR": "studies, waves and interviews",
    "TAB": "banner tables",
    "WAVE": "computing a wave",
    "WGT": "weighting",
}
HEAD = """# Error codes

Made by `make references` from the code; do not edit. What is wrong with an input is told with a
code, the place, the problem and a remedy, all problems at once, in the page and on the command
line. A code never changes its meaning and is never used again. {fields} stand for what was found.
A warning is told and the work goes on; every other problem stops it, and nothing is stored.
"""


@dataclass(frozen=True, order=True)
class Entry:
    """One message of the product, and the module that declares it."""

    code: str
    problem: str
    remedy: str
    is_warning: bool
    module: str


def entries() -> list[Entry]:
    """Return every message that the packages declare, by code."""
    found = [
        entry
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for entry in _declared(path)
    ]
    return sorted(found)


def reference() -> str:
    """Return the whole page."""
    families: dict[str, list[Entry]] = {}
    for entry in entries():
        families.setdefault(entry.code.rpartition("-")[0], []).append(entry)
    return "\n".join([HEAD, *(_family(name, own) for name, own in families.items())])


def _declared(path: Path) -> Iterator[Entry]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _names(node, "Message"):
            texts = [_text(argument) for argument in node.args]
            if None not in texts:  # else it is read from a job's row, where it is kept as JSON
                code, problem, remedy, *rest = (text or "" for text in texts)
                yield Entry(code, problem, remedy, rest == ["warning"], module)


def _text(node: ast.expr) -> str | None:
    """Return the text of an argument, marked for translation or not."""
    if isinstance(node, ast.Call) and _names(node, "N_"):
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _names(call: ast.Call, function: str) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == function


def _family(name: str, own: list[Entry]) -> str:
    modules = ", ".join(f"`{module}`" for module in sorted({entry.module for entry in own}))
    head = [
        f"## {name}: {FAMILIES[name]}",
        "",
        f"Declared in {modules}.",
        "",
        "| code | it says | what to do |",
    ]
    return "\n".join([*head, "|---|---|---|", *map(_row, own), ""])


def _row(entry: Entry) -> str:
    code = f"{entry.code} (warning)" if entry.is_warning else entry.code
    return f"| {code} | {_shown(entry.problem)} | {_shown(entry.remedy)} |"


def _shown(text: str) -> str:
    with_fields = re.sub(r"%\((\w+)\)[sd]", r"{\1}", text).replace("%%", "%")
    return re.sub(r"([|*<>])", r"\\\1", with_fields)


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")

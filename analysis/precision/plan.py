"""PURE. A plan of weighting as a value: ordered steps and the targets they are to reach.

{"targets": {"population": 4000, "margins": [{"name": "sex", "source": "customer register",
                                              "targets": {"f": 0.52, "m": 0.48}}]},
 "steps": [{"kind": "nonresponse", "by": "stratum", "responded": "status == 'complete'"},
           {"kind": "rake", "margins": ["sex"]}, {"kind": "trim", "upper": 5, "of": "mean"}]}
The keys of each kind stand in docs/reference/sampling.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.sampling.plan_messages import BAD_PLAN, BAD_VALUE, MISSING_KEY
from analysis.sampling.planvalues import Fields, maybe_number
from analysis.weighting.messages import ORDER, UNKNOWN_KEY, UNKNOWN_METHOD
from analysis.weighting.targets import MarginTargets, Targets, read_targets
from foundation.problems import Place, Problem, ProblemsError, nearest

KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "base": (("probability",), ()),
    "frames": (("first", "both"), ("share",)),
    "eligibility": (("unknown", "e"), ("not_eligible", "rows")),
    "nonresponse": (("by", "responded"), ("merge", "rows")),
    "propensity": (
        ("formula", "responded"),
        (
            "classes",
            "rows",
        ),
    ),
    "poststratify": (
        ("by",),
        (
            "totals",
            "rows",
        ),
    ),
    "rake": (("margins",), ("rows",)),
    "calibrate": (
        ("formula", "totals"),
        (
            "calfun",
            "bounds",
            "rows",
        ),
    ),
    "trim": ((), ("lower", "upper", "of", "strict")),
}
"""The keys that each kind of step needs, and those that it may have beside `name`, `source`.
`rows` is a condition: the step is taken by those cases alone, for example by one wave."""

FREE = ("kind", "name", "source")


@dataclass(frozen=True)
class Step:
    """One step of a plan: its kind, what it was given, and what a page calls it."""

    kind: str
    fields: Fields
    number: int

    @property
    def name(self) -> str:
        """The name of the step, else its kind."""
        return str(self.fields.get("name") or self.kind)

    @property
    def source(self) -> str:
        """Where the targets of the step come from, as stated with it."""
        return str(self.fields.get("source", ""))


@dataclass(frozen=True)
class WeightingPlan:
    """The steps in their order and the margins they may name; `to_json` gives the file back."""

    steps: tuple[Step, ...]
    targets: Targets | None = None

    def margin(self, name: str) -> MarginTargets | None:
        """Return the targets of a margin by its name."""
        listed = self.targets.margins if self.targets else ()
        return next((one for one in listed if one.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as an object that `read_weighting` reads back."""
        content: dict[str, Any] = {"steps": [dict(step.fields) for step in self.steps]}
        if self.targets:
            content["targets"] = {
                "margins": [
                    {"name": one.name, "source": one.source, "targets": dict(one.targets)}
                    for one in self.targets.margins
                ]
            }
        return content


def read_weighting(content: object) -> WeightingPlan:
    """Return the plan in a decoded JSON document, or raise every problem of its shape."""
    if not isinstance(content, Mapping) or not isinstance(content.get("steps"), list):
        raise ProblemsError([BAD_PLAN.at(Place(), reason="a weighting has a list of 'steps'.")])
    problems: list[Problem] = []
    targets = _targets(content.get("targets"), problems)
    steps = read_steps(content["steps"], problems)
    if problems:
        raise ProblemsError(problems)
    return WeightingPlan(steps, targets)


def read_steps(listed: Sequence[object], problems: list[Problem]) -> tuple[Step, ...]:
    """Return the steps in a list of objects; what is wrong with them joins `problems`."""
    steps = []
    for number, fields in enumerate(listed, start=1):
        found = list(_step_problems(number, fields))
        problems += found
        if not found and isinstance(fields, Mapping):
            steps.append(Step(str(fields["kind"]), fields, number))
    for before, step in zip([None, *steps], steps, strict=False):
        if step.kind == "base" and before is not None:
            problems.append(ORDER.at(Place(item=str(step.number)), name=step.name))
    return tuple(steps)


def _targets(content: object, problems: list[Problem]) -> Targets | None:
    if content is None:
        return None
    try:
        fields = content if isinstance(content, Mapping) else {}
        return read_targets(content, maybe_number(fields, "population"))
    except ProblemsError as error:
        problems += error.problems
        return None


def _step_problems(number: int, fields: object) -> list[Problem]:
    place = Place(item=f"step {number}")
    if not isinstance(fields, Mapping):
        wanted = "an object with 'kind'"
        return [BAD_VALUE.at(place, key=f"step {number}", value=fields, wanted=wanted)]
    kind = str(fields.get("kind", ""))
    if kind not in KEYS:
        return [UNKNOWN_METHOD.at(place, value=kind, what="step", choices=", ".join(KEYS))]
    needed, optional = KEYS[kind]
    known = (*needed, *optional, *FREE)
    missing = [MISSING_KEY.at(place, key=key) for key in needed if fields.get(key) is None]
    strange = [
        UNKNOWN_KEY.at(place, key=key, kind=kind, near=nearest(key, known))
        for key in map(str, fields)
        if key not in known
    ]
    return missing + strange

"""PURE. A weighting plan as a researcher writes it, checked before it is saved.

Base weight, nonresponse classes, population targets, limits: the order of the steps is fixed,
because the method fixes it (Valliant, Dever, Kreuter, Practical Tools for Designing and Weighting
Survey Samples, 2nd ed. 2018, ch. 13-15).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from analysis.requests import messages
from analysis.requests.targets import SHARE_TOTALS, Target, by_variable, is_share, read_targets
from analysis.requests.variables import Known
from foundation.problems import Place, Problem, ProblemsError, nearest

ALL, CASRO, SHARE = "all", "casro", "share"
ELIGIBLE = (ALL, CASRO, SHARE)
"""How many of the cases never resolved count as eligible: all, as among the others, as stated."""
UNRESOLVED, OUT_OF_SCOPE = "unresolved", "not_eligible"
"""What is known of a case that was drawn and did not answer, beside that it is eligible."""
CLASSES, PROPENSITY = "classes", "propensity"
NONRESPONSE = (CLASSES, PROPENSITY)
"""How those who answered carry those who did not: by class, or by a fitted chance to answer."""
METHODS = ("none", "rake", "poststratify", "linear", "logit")
NEAR = 0.1
"""So near to 1 or 100 a sum of targets is taken for shares of which some are wrong."""
SAME = 1e-6
TINY = 1e-12
LARGEST_CLASS = 1_000_000
Json = dict[str, Any]


@dataclass(frozen=True)
class WeightingEntry:
    """A plan as entered.

    base         start from one over the probability of selection
    classes      variables that nonresponse is corrected by
    nonresponse  by classes, their combinations; or by propensity, a logistic regression on them
    merge        classes in which fewer answered join their neighbours; None: they are refused
    eligible     e, the share of the cases never resolved that counts as eligible; None: as among
                 the resolved ones (CASRO)
    method       how the targets are reached: one of METHODS
    population   people the sample stands for; None: the weighted count of the cases
    lower, upper  limits of the weights as multiples of their mean
    """

    base: bool = True
    classes: tuple[str, ...] = ()
    method: str = "none"
    targets: tuple[Target, ...] = ()
    population: float | None = None
    lower: float | None = None
    upper: float | None = None
    merge: int | None = None
    eligible: float | None = 1.0
    nonresponse: str = CLASSES

    def to_json(self) -> Json:
        """Return the entry as an object that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> WeightingEntry:
        """Return the entry that `to_json` wrote."""
        targets = tuple(Target(**one) for one in stored["targets"])
        return cls(**{**stored, "classes": tuple(stored["classes"]), "targets": targets})


@dataclass(frozen=True)
class Typed:
    """The fields of the page as they were sent; `content` is an uploaded file of targets."""

    base: bool
    classes: tuple[str, ...]
    method: str
    targets: str
    population: str = ""
    lower: str = ""
    upper: str = ""
    content: bytes = b""
    file: str = ""
    merge: str = ""
    eligible: str = ALL
    share: str = ""
    nonresponse: str = CLASSES


def read_entry(typed: Typed, known: Mapping[str, Known], *, imported: bool) -> WeightingEntry:
    """Return the plan in the fields of the page, or raise all that is wrong with them together."""
    problems: list[Problem] = []
    targets = read_targets(typed.content or typed.targets, typed.file, known, problems)
    population = _number(typed.population, messages.BAD_POPULATION, 0, math.inf, problems)
    lower = _number(typed.lower, messages.BAD_LIMIT, 0, 1, problems)
    upper = _number(typed.upper, messages.BAD_LIMIT, 1, math.inf, problems)
    method = typed.method if typed.method in METHODS else "none"
    merge, eligible = (_merge(typed, problems), _eligible(typed, problems))
    nonresponse = typed.nonresponse if typed.nonresponse in NONRESPONSE else CLASSES
    by_class = bool(typed.classes) and nonresponse == CLASSES
    entry = WeightingEntry(
        typed.base, typed.classes, method, targets, population, lower, upper,
        merge if by_class else None, eligible if typed.classes else 1.0, nonresponse,
    )  # fmt: skip
    problems += _class_problems(typed.classes, known, imported=imported)
    problems += _target_problems(entry, given=bool(typed.content or typed.targets.strip()))
    if not (problems or entry.base or entry.classes or targets or lower or upper):
        problems.append(messages.NOTHING_TO_DO.at(Place()))
    if problems:
        raise ProblemsError(problems)
    return entry


def plan_of(
    entry: WeightingEntry,
    *,
    probability: str,
    responded: str,
    counted: float,
    unresolved: str = "",
    not_eligible: str = "",
) -> Json:
    """Return the steps and targets of an entry in the form that `read_weighting` reads.

    probability  column with the probability of selection; empty when the cases carry none
    responded    condition that tells who answered
    counted      weighted count of the cases: the population, where nobody states one
    unresolved, not_eligible  conditions that tell the cases never resolved, and those known not
                 to be eligible; needed when not all unresolved ones count
    """
    steps: list[Json] = []
    if entry.base and probability:
        steps.append({"kind": "base", "probability": probability})
    if entry.classes:
        steps += _silent_steps(entry, responded, unresolved, not_eligible)
    if entry.method != "none":
        steps.append(_reaching(entry, counted))
    if entry.lower is not None or entry.upper is not None:
        limits = {"lower": entry.lower, "upper": entry.upper}
        kept = {name: value for name, value in limits.items() if value is not None}
        steps.append({"kind": "trim", "of": "mean", **kept})
    plan: Json = {"steps": steps}
    if entry.method in {"rake", "poststratify"}:
        plan["targets"] = {"margins": _margins(entry, counted)}
    return plan


def _silent_steps(
    entry: WeightingEntry, responded: str, unresolved: str, not_eligible: str
) -> list[Json]:
    step: Json = {"kind": "nonresponse", "by": list(entry.classes), "responded": responded}
    if entry.nonresponse == PROPENSITY:
        formula = "~" + "+".join(entry.classes)
        step = {"kind": "propensity", "formula": formula, "responded": responded}
    if entry.merge is not None:
        step["merge"] = entry.merge
    if entry.eligible == 1:
        return [step]
    share: Json = {"kind": "eligibility", "unknown": unresolved}
    if entry.eligible is None:
        return [{**share, "not_eligible": not_eligible, "e": CASRO}, step]
    return [{**share, "e": entry.eligible}, step]


def _reaching(entry: WeightingEntry, counted: float) -> Json:
    names = list(by_variable(entry.targets))
    source = "; ".join(dict.fromkeys(one.source for one in entry.targets if one.source))
    if entry.method == "rake":
        return {"kind": "rake", "margins": names}
    if entry.method == "poststratify":
        return {"kind": "poststratify", "by": names[0].split(".")}
    step = {"kind": "calibrate", "calfun": entry.method, "formula": "~" + "+".join(names)}
    bounds = {"bounds": [entry.lower or 0.2, entry.upper or 5.0]} if entry.method == "logit" else {}
    return {**step, **bounds, "totals": _totals(entry, counted), "source": source}


def _margins(entry: WeightingEntry, counted: float) -> list[Json]:
    size = _population(entry, counted)
    return [
        {
            "name": name,
            "source": next((one.source for one in targets if one.source), ""),
            "targets": _scaled(targets, size),
        }
        for name, targets in by_variable(entry.targets).items()
    ]


def _totals(entry: WeightingEntry, counted: float) -> dict[str, float]:
    """Return totals by the term names of a formula: the first level of each variable is left out.

    A target without a level is the total of a number.
    """
    size = _population(entry, counted)
    totals = {"(Intercept)": size}
    for name, targets in by_variable(entry.targets).items():
        if not targets[0].level:
            totals[name] = targets[0].target
            continue
        scaled = _scaled(targets, size)
        totals |= {f"{name}{level}": scaled[level] for level in sorted(scaled)[1:]}
    return totals


def _scaled(targets: Sequence[Target], size: float) -> dict[str, float]:
    whole = sum(one.target for one in targets)
    factor = size / whole if is_share(targets) else 1.0
    return {one.level: one.target * factor for one in targets}


def _population(entry: WeightingEntry, counted: float) -> float:
    """Return the population: that of the counts among the targets, else stated, else counted."""
    groups = [g for g in by_variable(entry.targets).values() if g[0].level and not is_share(g)]
    if groups:
        return sum(one.target for one in groups[0])
    return entry.population or counted


def _class_problems(
    classes: Sequence[str], known: Mapping[str, Known], *, imported: bool
) -> list[Problem]:
    if classes and imported:
        return [messages.NOBODY_SILENT.at(Place(item="nonresponse"))]
    usable = ", ".join(name for name, one in known.items() if one.of_case)
    problems = []
    for name in classes:
        place = Place(item=name)
        if name not in known:
            near = nearest(name, known)
            problems.append(messages.NO_SUCH_VARIABLE.at(place, name=name, near=near))
        elif not known[name].of_case:
            problems.append(messages.NOT_OF_CASES.at(place, name=name, known=usable))
    return problems


def _target_problems(entry: WeightingEntry, *, given: bool) -> list[Problem]:
    place = Place(item="targets")
    if entry.method == "none":
        return [messages.METHOD_MISSING.at(place)] if given else []
    if not given:
        return [messages.NO_TARGETS.at(place)]
    groups = by_variable(entry.targets)
    problems = [
        messages.SOURCE_MISSING.at(Place(item=name), name=name)
        for name, targets in groups.items()
        if not any(one.source for one in targets)
    ]
    if entry.method == "poststratify" and len(groups) > 1:
        problems.append(messages.ONE_VARIABLE.at(place, count=len(groups)))
    problems += [
        messages.SHARES_INCOMPLETE.at(Place(item=name), name=name, total=f"{total:.10g}")
        for name, targets in groups.items()
        if entry.population is None and (total := _near_shares(targets))
    ]
    return problems + _sum_problems(entry, groups)


def _near_shares(targets: Sequence[Target]) -> float | None:
    """Return the sum of targets that look like shares and are none; else None."""
    total = sum(one.target for one in targets)
    near = any(abs(total - whole) <= NEAR * whole for whole in SHARE_TOTALS)
    return total if targets[0].level and near and not is_share(targets) else None


def _sum_problems(entry: WeightingEntry, groups: Mapping[str, Sequence[Target]]) -> list[Problem]:
    sums = {
        name: sum(one.target for one in targets)
        for name, targets in groups.items()
        if targets[0].level and not is_share(targets)
    }
    if entry.population:
        sums = {"population": entry.population} | sums
    first = next(iter(sums), "")
    return [
        messages.SUMS_DIFFER.at(
            Place(item=name), first=first, first_sum=f"{sums[first]:.10g}", second=name,
            second_sum=f"{total:.10g}",
        )
        for name, total in sums.items()
        if abs(total - sums[first]) > SAME * abs(sums[first])
    ]  # fmt: skip


def _merge(typed: Typed, problems: list[Problem]) -> int | None:
    value = _number(typed.merge, messages.BAD_MERGE, 0, LARGEST_CLASS, problems)
    if value is not None and not value.is_integer():
        problems.append(messages.BAD_MERGE.at(Place(item=typed.merge), value=typed.merge))
        return None
    return None if value is None else int(value)


def _eligible(typed: Typed, problems: list[Problem]) -> float | None:
    if typed.eligible == CASRO:
        return None
    if typed.eligible != SHARE:
        return 1.0
    if not typed.share.strip():
        problems.append(messages.BAD_SHARE.at(Place(item="e"), value=""))
    value = _number(typed.share, messages.BAD_SHARE, -TINY, 1 + TINY, problems)
    return None if value is None else min(max(value, 0.0), 1.0)


def _number(
    text: str, said: Any, least: float, most: float, problems: list[Problem]
) -> float | None:
    text = text.strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least < value < most:
        problems.append(said.at(Place(item=text), value=text))
        return None
    return value

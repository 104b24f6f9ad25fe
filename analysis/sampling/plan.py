"""PURE. A plan of estimates: named designs over one data file, and cases to compute.

A plan is a JSON object: {"designs": {name: {...}}, "cases": [{"id", "design", "stat"}]}. Its
keys are described in docs/reference/sampling.md. This module reads it and reports what is
wrong with it; `analysis.sampling.kinds` computes the cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.sampling.columns import BoolArray, Columns, FloatArray
from analysis.sampling.design import Design, Lonely, declare
from analysis.sampling.plan_messages import (
    BAD_FAY,
    BAD_PLAN,
    BAD_VALUE,
    REPLICATE_SCALE,
    TOO_FEW_REPLICATES,
    UNKNOWN_DESIGN,
    UNKNOWN_REPLICATION,
)
from analysis.sampling.planvalues import (
    Fields,
    choice,
    mapping,
    maybe_number,
    names,
    number,
    numbers,
    required,
    some_names,
)
from analysis.sampling.replicates import Replicates, imported
from analysis.sampling.replication import Replication, replicate_weights
from analysis.sampling.rowwise import equals, row_values
from analysis.sampling.syntax import expression
from foundation.problems import Place, ProblemsError, nearest

Table = Callable[[str], FloatArray]
"""Reads a table of replicate weights by the name that the plan gives it."""

LEAST_REPLICATES = 2
KEYS = (
    *("ids", "strata", "weights", "fpc", "nest", "lonely_psu", "adjust_domain_lonely"),
    *("replicates", "weighting", "targets"),
)
NO_UNITS = (["~1"], ["~0"], ["1"], ["0"])
"""What R writes in place of units where there are none."""
LONELY: tuple[Lonely, ...] = ("fail", "adjust", "average", "remove", "certainty")


@dataclass(frozen=True)
class Case:
    """One statistic to compute."""

    id: str
    design: str | None
    stat: Fields
    expect: Fields


@dataclass(frozen=True)
class Plan:
    """The designs by name (None: data without a design) and the cases in order."""

    designs: Mapping[str, Fields | None]
    cases: tuple[Case, ...]


def read_plan(content: object) -> Plan:
    """Return the plan in a decoded JSON document, or raise every problem of its shape."""
    if not isinstance(content, Mapping):
        raise ProblemsError([BAD_PLAN.at(Place(), reason="it is not an object.")])
    designs, cases = content.get("designs", {}), content.get("cases", [])
    if not isinstance(designs, Mapping) or not isinstance(cases, Sequence):
        raise ProblemsError([BAD_PLAN.at(Place(), reason="'designs' or 'cases' has a wrong form.")])
    only = next(iter(designs)) if len(designs) == 1 else None
    read = [_case(number, case, only) for number, case in enumerate(cases, start=1)]
    return Plan(designs, tuple(read))


def _case(number: int, case: object, only: str | None) -> Case:
    stat = case.get("stat") if isinstance(case, Mapping) else None
    if not isinstance(case, Mapping) or not isinstance(stat, Mapping):
        reason = f"case {number} has no 'stat'."
        raise ProblemsError([BAD_PLAN.at(Place(item=f"case {number}"), reason=reason)])
    design = case.get("design", only)
    expect = case.get("expect", {})
    if "subpopulation" in case:
        # It may stand beside the statistic or in it, which then counts.
        stat = {"subpopulation": case["subpopulation"], **stat}
    return Case(str(case.get("id", number)), None if design is None else str(design), stat, expect)


def plan_design(
    plan: Plan, name: str | None, columns: Columns, *, table: Table, seed: int = 1
) -> Design:
    """Return the design of that name over the columns, with its replicates if it asks for them.

    A design of null is the sample itself: every row a unit, all weights one. A case that names no
    design takes the only one there is.
    """
    if name is not None and name not in plan.designs:
        known = ", ".join(plan.designs) or "-"
        raise ProblemsError([UNKNOWN_DESIGN.at(Place(item=name), name=name, known=known)])
    fields = None if name is None else plan.designs[name]
    if fields is None:
        return replace(declare(columns), remarks=())
    if not isinstance(fields, Mapping):
        raise ProblemsError([BAD_PLAN.at(Place(item=str(name)), reason="a design is an object.")])
    _check_keys(fields, name or "")
    ids = names(fields, "ids")
    design = declare(
        columns,
        ids=[] if ids in NO_UNITS and ids[0] not in columns else ids,
        strata=names(fields, "strata"),
        weights=next(iter(names(fields, "weights")), None),
        populations=names(fields, "fpc"),
        nest=bool(fields.get("nest", False)),
        lonely=choice(fields, "lonely_psu", LONELY, "fail"),
        lonely_domains=bool(fields.get("adjust_domain_lonely", False)),
    )
    if fields.get("replicates") is None:
        return design
    asked = fields["replicates"]
    wanted = {"type": asked} if isinstance(asked, str) else mapping(fields, "replicates")
    return design.with_replicates(
        planned_replicates(design, wanted, columns, table=table, seed=seed)
    )


def _check_keys(fields: Fields, name: str) -> None:
    """Raise the problem of a key that is nearly one of a design's: it would change the error.

    Other keys are notes, also `notes` and `data`, which are near to `nest` and `strata`.
    """
    near = {key: nearest(key, KEYS) for key in map(str, fields) if key not in KEYS}
    alike = {key: known for key, known in near.items() if known and known[:2] == key[:2]}
    wrong = [f"'{key}' (did you mean '{known}'?)" for key, known in alike.items()]
    if wrong:
        reason = f"the design '{name}' has no key {', '.join(wrong)}."
        raise ProblemsError([BAD_PLAN.at(Place(item=name), reason=reason)])


def planned_replicates(
    design: Design, fields: Fields, columns: Columns, *, table: Table, seed: int = 1
) -> Replicates:
    """Return the replicates that a plan asks for: made from the design, or given as weights."""
    kind = str(required(fields, "type"))
    mse = bool(fields.get("mse", False))
    rho = number(fields, "rho", 0.0)
    if "multipliers" in fields or "columns" in fields:
        given = _given(fields, columns, table)
        scale, rscales = _scales(kind, given.shape[1], rho, fields, design)
        combined = bool(fields.get("combined", "columns" in fields))
        return imported(
            given,
            design.weights,
            combined=combined,
            scale=scale,
            rscales=rscales,
            kind=kind,
            mse=mse,
        )
    count = int(number(fields, "B", number(fields, "replicates", 500)))
    rng = np.random.default_rng(int(number(fields, "seed", seed)))
    return replicate_weights(design, Replication(kind, count, rho, mse), rng=rng)


def _given(fields: Fields, columns: Columns, table: Table) -> FloatArray:
    if "multipliers" in fields:
        given = table(str(fields["multipliers"]))
    else:
        wanted = some_names(fields, "columns")
        if len(wanted) == 1 and wanted[0].endswith("*"):
            wanted = [name for name in columns.names if name.startswith(wanted[0][:-1])]
        given = np.column_stack([columns.number(name) for name in wanted or [""]])
    if given.shape[1] < LEAST_REPLICATES:
        raise ProblemsError([TOO_FEW_REPLICATES.at(Place(), count=given.shape[1])])
    return given


def _scales(
    kind: str, count: int, rho: float, fields: Fields, design: Design
) -> tuple[float, FloatArray | None]:
    """Return scale and rscales: those given, else what the kind of replicates implies."""
    factors = None if fields.get("rscales") is None else numbers(fields, "rscales")
    if factors is not None and len(factors) == 1:
        factors = np.repeat(factors, count)
    if factors is not None and len(factors) != count:
        wanted = f"{count} numbers"
        raise ProblemsError(
            [BAD_VALUE.at(Place(item="rscales"), key="rscales", value=factors, wanted=wanted)]
        )
    if not 0 <= rho < 1:
        raise ProblemsError([BAD_FAY.at(Place(), value=rho)])
    scale = maybe_number(fields, "scale")
    if scale is not None:
        return scale, factors
    implied = _implied_scale(kind, count, rho)
    if kind == "JKn" and factors is None:
        if len(design.stages[0].stratum) != count:
            raise ProblemsError([REPLICATE_SCALE.at(Place(), kind=kind, name="rscales")])
        sampled = design.stages[0].sampled[design.stages[0].stratum]
        factors = (sampled - 1) / sampled
    return implied, factors


def _implied_scale(kind: str, count: int, rho: float) -> float:
    """Return the scale of a kind of replicates.

    ACS and successive differences: 4/R (Fay, Train 1995). JK2: one replicate per pair, 1.
    """
    implied = {
        "JK1": (count - 1) / count,
        "BRR": 1 / count,
        "Fay": 1 / (count * (1 - rho) ** 2),
        "bootstrap": 1 / (count - 1),
        "subbootstrap": 1 / (count - 1),
        "JKn": 1.0,
        "JK2": 1.0,
        "ACS": 4 / count,
        "successive-difference": 4 / count,
    }
    if kind == "other":
        raise ProblemsError([REPLICATE_SCALE.at(Place(), kind=kind, name="scale")])
    if kind not in implied:
        raise ProblemsError([UNKNOWN_REPLICATION.at(Place(), value=kind)])
    return implied[kind]


def domain_of(design: Design, stat: Fields, columns: Columns) -> Design:
    """Return the design within the case's `subpopulation`, or the design itself."""
    wanted = stat.get("subpopulation")
    if wanted is None:
        return design
    return design.within(rows_of(wanted, columns))


def rows_of(wanted: object, columns: Columns) -> BoolArray:
    """Return (n,) the rows that {"var", "equals"} or an expression such as "age >= 60" names."""
    if isinstance(wanted, str):
        return np.asarray(row_values(expression(wanted), columns) == 1.0)
    if isinstance(wanted, Mapping):
        value = required(wanted, "equals")
        every = value if isinstance(value, list) else [value]
        name = str(required(wanted, "var"))
        hits = [equals(columns, name, one) == 1.0 for one in every]
        return np.asarray(np.logical_or.reduce(hits))
    raise ProblemsError(
        [BAD_VALUE.at(Place(), key="subpopulation", value=wanted, wanted="an object or a text")]
    )

"""PURE. From a step of a weighting plan to what it does to a design."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.precision.plan import Step, WeightingPlan
from analysis.precision.response import eligibility, fewest_in, merged
from analysis.precision.trimmed import Limits, trimmed_design
from analysis.sampling.adjusted import Adjustment, Within, adjusted
from analysis.sampling.columns import BoolArray, Columns, FloatArray, Labels
from analysis.sampling.design import Design
from analysis.sampling.modelmatrix import INTERCEPT, model_matrix
from analysis.sampling.plan import rows_of
from analysis.sampling.plan_messages import BAD_VALUE
from analysis.sampling.planvalues import (
    Fields,
    choice,
    mapping,
    maybe_number,
    name_of,
    number,
    numbers,
    required,
    some_names,
    totals,
)
from analysis.sampling.syntax import formula
from analysis.weighting.calibration import Calibration, calibration
from analysis.weighting.frames import base_weights, joint_weights
from analysis.weighting.margins import Margin, PostStratification, Raking, margin
from analysis.weighting.messages import (
    BAD_PROBABILITY,
    MISSING_CATEGORY,
    NO_MARGIN,
    NO_POPULATION,
    NOBODY_LEFT,
)
from analysis.weighting.nonresponse import (
    ClassAdjustment,
    PropensityAdjustment,
    propensities,
    propensity_classes,
)
from foundation.problems import Place, Problem, ProblemsError

NO_TARGETS = WeightingPlan(())


@dataclass(frozen=True)
class Covariate:
    """What a step balances: (n,) values and the mean they are to have, None that of all cases."""

    name: str
    values: FloatArray
    target: float | None = None


@dataclass(frozen=True)
class Built:
    """A step made ready for one data set.

    take        what it does to a design
    covariates  what it brings to known means
    margins     names of the margins it takes from the plan's targets
    total       the population that its targets add up to, None when it has none
    responded   (n,) who answered, for steps of nonresponse; true of cases it is not for
    facts       from (n,) weights before the step to what its record says beside the figures
    """

    step: Step
    take: Callable[[Design], Design]
    covariates: tuple[Covariate, ...] = ()
    margins: tuple[str, ...] = ()
    total: float | None = None
    responded: BoolArray | None = None
    facts: Callable[[FloatArray], dict[str, Any]] | None = None


@dataclass(frozen=True)
class Table:
    """The data of a plan as a step finds it.

    used   (n,) rows that carry weight, and that the step is for
    rows   (n,) those that the step is for, None for all
    """

    columns: Columns
    used: BoolArray
    plan: WeightingPlan = NO_TARGETS
    rows: BoolArray | None = None


def built(step: Step, table: Table) -> Built:
    """Return the step made ready for the data, or raise everything that is wrong with it."""
    if "rows" in step.fields:
        rows = rows_of(step.fields["rows"], table.columns)
        table = replace(table, rows=rows, used=table.used & rows)
    if not table.used.any():
        raise ProblemsError([NOBODY_LEFT.at(Place(item=step.name), name=step.name)])
    return MAKERS[step.kind](step, table)


def weighting_step(fields: Fields, columns: Columns) -> PostStratification | Raking | Calibration:
    """Return the adjustment that a case of a plan describes: rake, poststratify or calibrate."""
    kind = choice(fields, "kind", ("rake", "poststratify", "calibrate"), None)
    table = Table(columns, np.ones(columns.n, dtype=np.bool_))
    step = Step(str(kind), fields, 1)
    if kind == "rake":
        return _raking(step, table)
    if kind == "poststratify":
        return PostStratification(_cells(step, table))
    return _calibration(step, table)


def _adjusting(step: Step, table: Table, adjustment: Adjustment, **more: Any) -> Built:
    own = _for_rows(table, adjustment)
    return Built(step, lambda design: adjusted(design, own), **more)


def _for_rows(table: Table, adjustment: Adjustment) -> Adjustment:
    return adjustment if table.rows is None else Within(adjustment, table.rows)


def _responded(step: Step, table: Table) -> BoolArray:
    """Return (n,) who answered; true of the cases that the step is not for."""
    answered = rows_of(step.fields["responded"], table.columns)
    return answered if table.rows is None else answered | ~table.rows


def _covariate(
    step: Step, table: Table, name: str, values: FloatArray, target: float | None = None
) -> Covariate:
    """Return a covariate; of cases that the step is not for, its values are missing."""
    if table.rows is None:
        return Covariate(name, values, target)
    label = f"{name} ({step.fields['rows']})"
    return Covariate(label, np.where(table.rows, values, np.nan), target)


def _base(step: Step, table: Table) -> Built:
    name = name_of(step.fields, "probability")
    chance = table.columns.number(name)
    bad = table.used & ~((chance > 0) & (chance <= 1))
    if bad.any():
        row = int(np.argmax(bad))
        raise ProblemsError(
            [BAD_PROBABILITY.at(Place(column=name, row=row + 1), name=name, value=chance[row])]
        )
    weights = np.where(table.used, base_weights(np.where(table.used, chance, 1.0)), 0.0)
    return Built(step, lambda design: replace(design, weights=weights, remarks=()))


def _frames(step: Step, table: Table) -> Built:
    first = rows_of(step.fields["first"], table.columns)
    both = rows_of(step.fields["both"], table.columns)
    share = maybe_number(step.fields, "share")

    def take(design: Design) -> Design:
        return replace(design, weights=joint_weights(design.weights, first, both, share))

    return Built(step, take)


def _nonresponse(step: Step, table: Table) -> Built:
    wanted = some_names(step.fields, "by")
    labels = table.columns.crossing(wanted)
    responded = _responded(step, table)
    name = ".".join(wanted)
    codes, levels = _filled(name, labels, table.used), labels.levels
    facts: dict[str, Any] = {}
    fewest = fewest_in(step)
    if fewest is not None:
        codes, levels, facts["merged"] = merged(codes, levels, responded & table.used, fewest)
        facts["fewest"] = fewest
    adjustment = ClassAdjustment(codes, levels, responded, merge=fewest is not None)
    covariates = tuple(
        _covariate(step, table, f"{name}: {level}", labels.indicator(code))
        for code, level in enumerate(labels.levels)
    )
    return _adjusting(
        step, table, adjustment,
        covariates=covariates, responded=responded, facts=lambda _before: facts,
    )  # fmt: skip


def _eligibility(step: Step, table: Table) -> Built:
    within = table.used if table.rows is None else table.used & table.rows
    made = eligibility(step, table.columns, within)
    kept = ~made.outside if table.rows is None else ~(made.outside & table.rows)
    return _adjusting(step, table, made.adjustment, responded=kept, facts=made.facts)


def _propensity(step: Step, table: Table) -> Built:
    X, names = _terms(step, table)
    responded = _responded(step, table)
    terms = [pair for pair in zip(names, X.T, strict=True) if pair[0] != INTERCEPT]
    covariates = tuple(_covariate(step, table, name, values) for name, values in terms)
    count = maybe_number(step.fields, "classes")
    if count is None:
        adjustment = PropensityAdjustment(X, responded)
        return _adjusting(step, table, adjustment, covariates=covariates, responded=responded)

    def take(design: Design) -> Design:
        weights = np.where(table.used, design.weights, 0.0)
        fitted = propensities(X, responded.astype(np.float64), weights)
        classes = propensity_classes(fitted, weights, int(count))
        levels = tuple(f"class {code + 1}" for code in range(int(classes.max()) + 1))
        return adjusted(design, _for_rows(table, ClassAdjustment(classes, levels, responded)))

    return Built(step, take, covariates=covariates, responded=responded)


def _poststratify(step: Step, table: Table) -> Built:
    cells = _cells(step, table)
    return _reaching(step, table, PostStratification(cells), (cells,))


def _reaching(
    step: Step, table: Table, adjustment: Adjustment, margins: tuple[Margin, ...]
) -> Built:
    covariates = tuple(
        _covariate(
            step,
            table,
            f"{one.name}: {level}",
            np.equal(one.codes, code).astype(np.float64),
            float(one.targets[code] / one.targets.sum()),
        )
        for one in margins
        for code, level in enumerate(one.levels)
    )
    names, total = tuple(one.name for one in margins), float(margins[0].targets.sum())
    return _adjusting(step, table, adjustment, covariates=covariates, margins=names, total=total)


def _cells(step: Step, table: Table) -> Margin:
    wanted = some_names(step.fields, "by")
    name = ".".join(wanted)
    targets = totals(step.fields, "totals") if "totals" in step.fields else _stated(name, table)
    return _margin(wanted, targets, table)


def _rake(step: Step, table: Table) -> Built:
    raking = _raking(step, table)
    return _reaching(step, table, raking, raking.margins)


def _raking(step: Step, table: Table) -> Raking:
    """Return the raking; what is wrong with its margins is raised together."""
    wanted = step.fields["margins"] if "margins" in step.fields else mapping(step.fields, "margins")
    listed = list(wanted) if isinstance(wanted, Mapping) else some_names(step.fields, "margins")
    some_names({"margins": listed}, "margins")
    found: list[Margin] = []
    problems: list[Problem] = []
    for name in listed:
        try:
            given = isinstance(wanted, Mapping)
            targets = totals(wanted, name) if given else _stated(name, table)
            found.append(_margin(_columns_of(name, table), targets, table))
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return Raking(tuple(found))


def _columns_of(name: str, table: Table) -> list[str]:
    """Return the column of a margin, or those whose crossing `a.b` names."""
    parts = name.split(".")
    crossed = name not in table.columns and all(part in table.columns for part in parts)
    return parts if crossed else [name]


def _stated(name: str, table: Table) -> Mapping[str, float]:
    found = table.plan.margin(name)
    if found is None:
        known = [one.name for one in table.plan.targets.margins] if table.plan.targets else []
        listed = ", ".join(known) or "-"
        raise ProblemsError([NO_MARGIN.at(Place(item=name), name=name, known=listed)])
    return found.targets


def _margin(wanted: list[str], targets: Mapping[str, float], table: Table) -> Margin:
    """Return a margin checked on the rows in use; the others take part with weight zero."""
    labels, name = table.columns.crossing(wanted), ".".join(wanted)
    margin(name, labels.codes[table.used], labels.levels, targets)
    codes = np.where(table.used, labels.codes, labels.codes[np.argmax(table.used)])
    return margin(name, codes, labels.levels, targets)


def _filled(name: str, labels: Labels, used: BoolArray) -> Any:
    missing = int((used & ~labels.known).sum())
    if missing:
        raise ProblemsError([MISSING_CATEGORY.at(Place(column=name), name=name, count=missing)])
    return np.where(used, labels.codes, labels.codes[np.argmax(used)])


def _calibrate(step: Step, table: Table) -> Built:
    made = _calibration(step, table)
    if INTERCEPT not in made.names:
        return _adjusting(step, table, made)
    total = float(made.totals[made.names.index(INTERCEPT)])
    if not total > 0:
        place = Place(item=step.name)
        raise ProblemsError([NO_POPULATION.at(place, name=INTERCEPT, total=f"{total:g}")])
    covariates = tuple(
        _covariate(step, table, name, values, float(wanted) / total)
        for name, values, wanted in zip(made.names, made.X.T, made.totals, strict=True)
        if name != INTERCEPT
    )
    return _adjusting(step, table, made, covariates=covariates, total=total)


def _calibration(step: Step, table: Table) -> Calibration:
    X, names = _terms(step, table)
    method = str(step.fields.get("calfun", "linear"))
    wanted = totals(step.fields, "totals")
    return calibration(names, X, wanted, method=method, bounds=_bounds(step.fields))


def _terms(step: Step, table: Table) -> tuple[FloatArray, tuple[str, ...]]:
    """Return (n, p) terms of a formula; rows without weight repeat the first that has one."""
    text = str(required(step.fields, "formula"))
    matrix = model_matrix(formula(text).terms, table.columns, rows=table.used)
    missing = int((table.used & ~matrix.complete).sum())
    if missing:
        raise ProblemsError([MISSING_CATEGORY.at(Place(item=text), name=text, count=missing)])
    first = matrix.values[np.argmax(table.used)]
    return np.where(table.used[:, None], matrix.values, first), matrix.names


def _bounds(fields: Fields) -> tuple[float, float] | None:
    if fields.get("bounds") is None:
        return None
    found = numbers(fields, "bounds")
    if len(found) != 2:  # noqa: PLR2004 - a lower and an upper one
        raise ProblemsError(
            [BAD_VALUE.at(Place(item="bounds"), key="bounds", value=found, wanted="two numbers")]
        )
    return float(found[0]), float(found[1])


def _trim(step: Step, table: Table) -> Built:
    del table
    limits = Limits(
        number(step.fields, "lower", -np.inf),
        number(step.fields, "upper", np.inf),
        of=choice(step.fields, "of", ("one", "mean", "median"), "one"),
        strict=bool(step.fields.get("strict", False)),
    )
    return Built(step, lambda design: trimmed_design(design, limits))


MAKERS: dict[str, Callable[[Step, Table], Built]] = {
    "base": _base,
    "frames": _frames,
    "eligibility": _eligibility,
    "nonresponse": _nonresponse,
    "propensity": _propensity,
    "poststratify": _poststratify,
    "rake": _rake,
    "calibrate": _calibrate,
    "trim": _trim,
}

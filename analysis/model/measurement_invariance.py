"""PURE. Do groups answer by the same measure? Configural, metric and scalar invariance by ML.

Three factor models of all groups at once: the same items in the same constructs (configural),
equal loadings (metric: paths may be compared), equal loadings and intercepts (scalar: means may
be compared). Sources: Joreskog (1971), Psychometrika 36(4), 409-426; Vandenberg, Lance (2000),
Organizational Research Methods 3(1), 4-70.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import cases, cbsem_messages, fit_indices
from analysis.model.cbsem_measures import Bounds, bounds_of
from analysis.model.covariance_structure import FIXED, Structure
from analysis.model.equations import measurement_equations
from analysis.model.invariance_marks import Drift, mark_of
from analysis.model.likelihood import sample_of
from analysis.model.maximum import Group, maximised, start_of
from analysis.model.standardising import standardise
from foundation.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.model.covariance_structure import Term
    from analysis.model.invariance_marks import Mark
    from analysis.model.likelihood import Sample
    from analysis.model.specify import Construct, Model

    FloatArray = NDArray[np.float64]

SHARED: dict[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("=~",),
    "scalar": ("=~", "~1"),
}
"""Which numbers the groups share in each step, by their operator; never the constructs' means."""


@dataclass(frozen=True)
class Step:
    """One model of all groups: fit measures under lavaan's names, the change since the step before.

    change is None for the first step; mark: pass, look or fail, with the rule it rests on.
    """

    name: str
    fit: dict[str, float | None]
    change: Drift | None
    mark: Mark


@dataclass(frozen=True)
class Invariance:
    """The three steps, for groups of these names and sizes.

    left_out: constructs of one item, whose measure cannot be examined.
    """

    groups: tuple[str, ...]
    sizes: tuple[int, ...]
    constructs: tuple[str, ...]
    left_out: tuple[str, ...]
    steps: tuple[Step, ...]
    estimator: str
    problems: tuple[Problem, ...] = ()


def measurement_invariance(
    model: Model,
    data: FloatArray,
    labels: Sequence[str],
    weights: FloatArray | None = None,
) -> Invariance:
    """Examine the measurement part of a model for invariance across groups.

    Parameters
    ----------
    data : (n, p) float      answers, columns in the order of `model.indicators`; with missing
                             ones the likelihood is that of the answers that are there
    labels : (n,) text       the group of each case; an empty text is none, and the case left out
    weights : (n,) float     sampling weights; chi-squares are then not exact

    Raises
    ------
    ProblemsError listing everything that keeps the groups from being compared.
    """
    cases.raise_errors([*cases.shape_problems(model, data, weights), *_lengths(data, labels)])
    values = cases.prepared(model, data)
    names = np.array([label.strip() for label in labels])
    kept = cases.usable_rows(values, weights, "mean") & (names != "")
    factors = [own for own in model.constructs if len(own.indicators) > 1]
    columns = [model.indicators.index(item) for own in factors for item in own.indicators]
    values, names = values[kept][:, columns], names[kept]
    cases.raise_errors(_problems(factors, values, names))
    standardise(values)
    groups = sorted(set(names.tolist()))
    samples = _samples(values, names, groups, None if weights is None else weights[kept])
    bounds = [bounds_of(sample) for sample in samples]
    base, sizes = measurement_equations(factors), [sample.n for sample in samples]
    fits = [
        _fit(_started(grouped(base, len(groups), shared), samples, bounds), bounds)
        for shared in SHARED.values()
    ]
    return Invariance(
        groups=tuple(groups),
        sizes=tuple(sizes),
        constructs=tuple(own.name for own in factors),
        left_out=tuple(own.name for own in model.constructs if len(own.indicators) == 1),
        steps=tuple(_steps(fits, sizes)),
        estimator="ML" if all(sample.complete for sample in samples) else "FIML",
        problems=() if weights is None else (cbsem_messages.WEIGHTED.at(Place()),),
    )


def _samples(
    values: FloatArray, names: NDArray[np.str_], groups: list[str], weights: FloatArray | None
) -> list[Sample]:
    """Return the cases of each group, ready for the likelihood."""
    rows = [names == name for name in groups]
    return [sample_of(values[own], None if weights is None else weights[own]) for own in rows]


def grouped(structure: Structure, count: int, shared: tuple[str, ...]) -> tuple[Structure, ...]:
    """Return the equations of `count` groups; terms with a shared operator are held equal.

    Where intercepts are shared, the means of the constructs are free in all groups but the
    first, where they are zero.
    """
    place, common, found = 0, dict[tuple[str, str], int](), []
    for number in range(count):
        terms: list[Term] = []
        for term in structure.terms:
            centre = term.op == "~1" and term.row >= structure.p
            free = number > 0 and "~1" in shared if centre else term.free != FIXED
            if not free:
                terms.append(replace(term, free=FIXED))
                continue
            equal = term.op in shared and not centre
            own = common.setdefault((term.lhs, term.rhs), place) if equal else place
            terms.append(replace(term, free=own))
            place = max(place, own + 1)
        found.append(Structure(structure.nodes, structure.p, tuple(terms)))
    return tuple(found)


def _started(
    structures: tuple[Structure, ...], samples: list[Sample], bounds: list[Bounds]
) -> tuple[Group, ...]:
    """Return the groups with intercepts that start at the items' means.

    The mean of a construct starts at what its items have on average above the first group.
    """
    found = []
    for structure, sample, bound in zip(structures, samples, bounds, strict=True):
        above = bound.means - bounds[0].means
        terms = tuple(
            replace(term, value=_mean_start(structure, term, bound.means, above))
            if term.matrix == "mean" and term.free != FIXED
            else term
            for term in structure.terms
        )
        found.append(Group(replace(structure, terms=terms), sample))
    return tuple(found)


def _mean_start(structure: Structure, term: Term, means: FloatArray, above: FloatArray) -> float:
    if term.row < structure.p:
        return float(means[term.row])
    items = [own.row for own in structure.terms if own.op == "=~" and own.column == term.row]
    return float(above[items].mean())


def _fit(groups: tuple[Group, ...], bounds: list[Bounds]) -> dict[str, float | None]:
    """Return the fit measures of one step; ProblemsError when it does not converge."""
    optimum = maximised(groups, start_of(groups))
    if not optimum.converged:
        cases.raise_errors([cbsem_messages.NOT_CONVERGED.at(Place(), steps=optimum.steps)])
    p, count, n = groups[0].structure.p, len(groups), sum(group.sample.n for group in groups)
    chi2 = max(optimum.value - sum(bound.best for bound in bounds), 0.0)
    df = count * (p * (p + 1) // 2 + p) - len(optimum.theta)
    worst = sum(bound.worst - bound.best for bound in bounds)
    return {
        "npar": float(len(optimum.theta)),
        "chisq": chi2,
        "df": float(df),
        "pvalue": fit_indices.tail(chi2, df),
        **fit_indices.incremental(chi2, df, worst, count * p * (p - 1) // 2),
        **fit_indices.rmsea(chi2, df, n, count),
        "srmr": _srmr(groups, optimum.theta, bounds) / n,
    }


def _srmr(groups: tuple[Group, ...], theta: FloatArray, bounds: list[Bounds]) -> float:
    """Return the sum over groups of cases times SRMR."""
    total = 0.0
    for group, bound in zip(groups, bounds, strict=True):
        _, implied, means = group.moments(theta)
        both = None if means is None else (bound.means, means)
        total += group.sample.n * fit_indices.srmr(bound.covariances, implied, both)
    return total


def _steps(fits: list[dict[str, float | None]], sizes: list[int]) -> list[Step]:
    steps: list[Step] = []
    for name, fit in zip(SHARED, fits, strict=True):
        change = Drift.between(steps[-1].fit, fit) if steps else None
        steps.append(Step(name, fit, change, mark_of(name, fit, change, sizes)))
    return steps


def _lengths(data: FloatArray, labels: Sequence[str]) -> list[Problem]:
    if len(labels) == len(data):
        return []
    place, said = Place(item="groups"), {"found": len(labels), "expected": len(data)}
    return [cbsem_messages.LABELS.at(place, **said)]


def _problems(
    factors: list[Construct], values: FloatArray, names: NDArray[np.str_]
) -> list[Problem]:
    """Return what keeps cases (n, p) of groups `names` (n,) from being compared."""
    if not factors:
        return [cbsem_messages.NO_FACTOR.at(Place())]
    sizes = Counter(names.tolist())
    if len(sizes) < 2:  # noqa: PLR2004 - a comparison
        return [cbsem_messages.TOO_FEW_GROUPS.at(Place())]
    items, found = [item for own in factors for item in own.indicators], list[Problem]()
    for name, n in sorted(sizes.items()):
        if n <= len(items):
            said = {"found": n, "items": len(items), "needed": len(items) + 1}
            found.append(cbsem_messages.TOO_FEW_CASES.at(Place(item=name), **said))
            continue
        own = values[names == name]
        for column, item in enumerate(items):
            there = own[~np.isnan(own[:, column]), column]
            if not there.size or np.ptp(there) == 0:
                found.append(cbsem_messages.IN_GROUP.at(Place(item=name), item=item, group=name))
    return found

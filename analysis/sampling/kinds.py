"""PURE. What each kind of case in a plan computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from analysis.sampling.columns import Columns, FloatArray
from analysis.sampling.design import Design
from analysis.sampling.domains import domains, group_covariance, groups
from analysis.sampling.estimates import Against, contrast, estimate, jointly
from analysis.sampling.estimators import (
    Statistic,
    means_of,
    ratios_of,
    totals_of,
    variances_of,
)
from analysis.sampling.expressions import expression_estimate
from analysis.sampling.messages import EMPTY_DOMAIN
from analysis.sampling.plan import Case, domain_of
from analysis.sampling.plan_messages import BAD_VALUE, UNKNOWN_KIND
from analysis.sampling.planvalues import (
    Fields,
    maybe_number,
    name_of,
    names,
    numbers,
    required,
    some_names,
)
from analysis.sampling.proportions import level_indicators, nps_of, proportion_interval
from analysis.sampling.quantiles import quantiles
from analysis.sampling.results import Kind, Result, Task, described, finite, plain
from analysis.sampling.rowwise import equals
from analysis.sampling.testkinds import TESTS
from foundation.problems import Place, ProblemsError, nearest


def compute(
    case: Case, columns: Columns, design: Design, kinds: Mapping[str, Kind] | None = None
) -> Result:
    """Return the result of one case; `kinds` adds kinds to those of this module."""
    known = {**KINDS, **(kinds or {})}
    kind = str(required(case.stat, "kind"))
    if kind not in known:
        near, listed = nearest(kind, known), ", ".join(sorted(known))
        raise ProblemsError([UNKNOWN_KIND.at(Place(), name=kind, near=near, known=listed)])
    task = Task(case, columns, domain_of(design, case.stat, columns))
    result = _each_group(task, known[kind]) if _is_split(task) else known[kind](task)
    remarks = [problem.text() for problem in design.remarks] + result.pop("remarks", [])
    answer: Result = finite(result)
    return answer | ({"warnings": remarks} if remarks else {})


SPLIT = ("quantile", "nps", "proportion_ci", "expression", "glm", "cronbach_alpha", "chisq")
"""Kinds that `by` repeats in every group, without the covariance between groups."""


def _is_split(task: Task) -> bool:
    return task.stat["kind"] in SPLIT and bool(task.stat.get("by"))


def _each_group(task: Task, kind: Kind) -> Result:
    by = task.columns.crossing(some_names(task.stat, "by"))
    levels = []
    for _, level, domain in domains(task.design, by):
        levels.append({"level": level, **kind(Task(task.case, task.columns, domain))})
    remarks = [text for row in levels for text in row.pop("remarks", [])]
    return {"levels": levels} | ({"remarks": remarks} if remarks else {})


def _against(stat: Fields) -> Against:
    return "with replacement" if stat.get("deff") == "replace" else "without replacement"


def _mean(task: Task) -> Result:
    if _is_categorical(task):
        return _levels(task, means_of)
    values, wanted = task.matrix()
    return _by_or_whole(task, lambda _: means_of(values, wanted))


def _total(task: Task) -> Result:
    if task.stat.get("levels") or _is_categorical(task):
        return _levels(task, totals_of)
    values, wanted = task.matrix()
    return _by_or_whole(task, lambda _: totals_of(values, wanted))


def _is_categorical(task: Task) -> bool:
    """Texts have no mean: their levels are counted instead, as R does."""
    wanted = names(task.stat, "vars", "var")
    return bool(wanted) and not any(task.columns.is_numeric(name) for name in wanted)


def _proportion(task: Task) -> Result:
    if "equals" in task.stat:
        name = name_of(task.stat, "var", "vars")
        hits = equals(task.columns, name, task.stat["equals"])
        return _by_or_whole(task, lambda _: means_of(hits, [name]))
    return _levels(task, means_of)


def _levels(task: Task, maker: Callable[[FloatArray, list[str]], Statistic]) -> Result:
    wanted = some_names(task.stat, "vars", "var")
    parts = [task.columns.labels(name) for name in wanted]
    empty = [name for name, part in zip(wanted, parts, strict=True) if not part.levels]
    if empty:
        raise ProblemsError(EMPTY_DOMAIN.at(Place(column=name), name=name) for name in empty)
    table = task.completed(np.hstack([level_indicators(part) for part in parts]))
    labels = [
        f"{name}{level}" for name, part in zip(wanted, parts, strict=True) for level in part.levels
    ]
    return _by_or_whole(task, lambda _: maker(table, labels))


def _ratio(task: Task) -> Result:
    """Each numerator over each denominator, numerators varying fastest, as R orders them."""
    above, top = task.matrix("numerator")
    below, bottom = task.matrix("denominator")
    label = [f"{first}/{second}" for second in bottom for first in top]
    both = np.hstack([np.tile(above, len(bottom)), np.repeat(below, len(top), axis=1)])
    first, second = np.hsplit(task.completed(both), 2)
    return _by_or_whole(task, lambda _: ratios_of(first, second, label))


def _variance(task: Task) -> Result:
    """As R does, n counts missing answers too, except with replicates."""
    values, wanted = task.matrix()

    def statistic(domain: Design) -> Statistic:
        used = np.broadcast_to(domain.inside[:, None], values.shape)
        if domain.replicates is not None:
            used = used & ~np.isnan(values)
        counts = used.sum(axis=0).astype(np.float64)
        return variances_of(values, wanted, counts)

    return _by_or_whole(task, statistic)


def _by_or_whole(task: Task, statistic: Callable[[Design], Statistic]) -> Result:
    if not task.stat.get("by"):
        return described(estimate(task.design, statistic(task.design), against=_against(task.stat)))
    by = task.columns.crossing(some_names(task.stat, "by"))
    every = groups(task.design, by, statistic, against=_against(task.stat))
    rows = [{"level": one.level, **described(one.estimates), "n": one.n} for one in every]
    remarks = [text for row in rows for text in row.pop("remarks", [])]
    joint = group_covariance(task.design, by, statistic)
    result = {
        "levels": rows if _wants_rows(task) else [row["level"] for row in rows],
        **{key: [row[key] for row in rows] for key in COLUMNS_BY},
        "vcov": plain(joint.covariance),
        "df_full": task.design.degrees_of_freedom(),
        "df_note": DOMAIN_DF,
    }
    return result | ({"remarks": remarks} if remarks else {})


DOMAIN_DF = "df counts the units and strata that hold the domain; df_full those of the design"
COLUMNS_BY = ("estimate", "se", "df", "ci95_low", "ci95_high", "cv", "deff", "n", "n_eff")


def _wants_rows(task: Task) -> bool:
    """Means by one column come as rows, other tables as parallel lists, unless `expect` says."""
    expected = task.case.expect.get("levels")
    if expected:
        return isinstance(expected[0], dict)
    return task.stat["kind"] == "mean" and len(some_names(task.stat, "by")) == 1


def _quantile(task: Task) -> Result:
    name = name_of(task.stat, "var", "vars")
    probabilities = numbers(task.stat, "probs").tolist()
    found = quantiles(
        task.design,
        task.columns.number(name),
        probabilities,
        rule=str(task.stat.get("qrule", "math")),
        interval=str(task.stat.get("interval", "mean")),
        df=maybe_number(task.stat, "df"),
        name=name,
    )
    return {
        "estimate": plain(found.values),
        "ci95_low": plain(found.low),
        "ci95_high": plain(found.high),
        "se": plain(found.se),
        "df": found.df,
        "n": found.n,
    }


def _difference(task: Task) -> Result:
    values, columns = task.matrix()
    by = task.columns.crossing(some_names(task.stat, "by"))
    chosen = domains(task.design, by, names(task.stat, "order") or None)
    joint = jointly(task.design, [(domain, means_of(values, columns)) for _, _, domain in chosen])
    weights = numbers(task.stat, "contrast", [-1.0, 1.0])
    if len(weights) != len(joint.values):
        wanted = f"{len(joint.values)} numbers"
        raise ProblemsError(
            [BAD_VALUE.at(Place(item="contrast"), key="contrast", value=weights, wanted=wanted)]
        )
    single_row = contrast(task.design, joint, weights, "difference")
    return described(single_row) | {
        "vcov": plain(joint.covariance),
        "means": plain(joint.values),
        "levels": [level for _, level, _ in chosen],
    }


def _proportion_ci(task: Task) -> Result:
    name = name_of(task.stat, "var", "vars")
    hits = (
        equals(task.columns, name, task.stat["equals"])
        if "equals" in task.stat
        else task.columns.number(name)
    )
    share, low, high = proportion_interval(
        task.design,
        hits,
        method=str(task.stat.get("method", "logit")),
        df=maybe_number(task.stat, "df"),
        name=name,
    )
    return described(share) | {"ci95_low": low, "ci95_high": high}


def _expression(task: Task) -> Result:
    return described(
        expression_estimate(task.design, task.columns, str(required(task.stat, "expr")))
    )


def _nps(task: Task) -> Result:
    name = name_of(task.stat, "var", "vars")
    result = described(estimate(task.design, nps_of(task.columns.number(name), name)))
    return {"nps": result["estimate"], **result}


KINDS: dict[str, Kind] = {
    "mean": _mean,
    "total": _total,
    "proportion": _proportion,
    "proportion_ci": _proportion_ci,
    "ratio": _ratio,
    "quantile": _quantile,
    "variance": _variance,
    "difference": _difference,
    "expression": _expression,
    "nps": _nps,
    **TESTS,
}

"""PURE. What each kind of case in a plan computes, as plain numbers for JSON.

Keys and their order are those of the golden files' `expect`; a list of one is a single value;
what is not defined is null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.sampling.columns import Columns, FloatArray
from analysis.sampling.comparisons import rank_test, t_test, trend_test
from analysis.sampling.crosstabs import crosstab, independence
from analysis.sampling.design import Design
from analysis.sampling.domains import domains, group_covariance, groups
from analysis.sampling.estimates import (
    Against,
    Estimates,
    contrast,
    estimate,
    jointly,
    number_or_none,
)
from analysis.sampling.estimators import (
    Statistic,
    means_of,
    ratios_of,
    totals_of,
    variances_of,
)
from analysis.sampling.expressions import expression_estimate
from analysis.sampling.messages import NO_DEGREES, UNKNOWN_KIND
from analysis.sampling.plan import Case, Fields, domain_of, names, required
from analysis.sampling.proportions import level_indicators, nps_of, proportion_interval
from analysis.sampling.quantiles import quantiles
from analysis.sampling.regression import regress
from analysis.sampling.reliability import cronbach_alpha, interviewer_variance
from analysis.sampling.rowwise import equals
from foundation.problems import Place, ProblemsError, nearest

Result = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """A case with its data and the domain of its design."""

    case: Case
    columns: Columns
    design: Design

    @property
    def stat(self) -> Fields:
        """The statistic asked for."""
        return self.case.stat

    def matrix(self, *keys: str) -> tuple[FloatArray, list[str]]:
        """Return the numeric columns that `var` or `vars` names, and their names."""
        wanted = names(self.stat, *(keys or ("vars", "var"))) or [required(self.stat, "var")]
        return np.column_stack([self.columns.number(name) for name in wanted]), wanted


Kind = Callable[[Task], Result]


def compute(
    case: Case, columns: Columns, design: Design, kinds: Mapping[str, Kind] | None = None
) -> Result:
    """Return the result of one case; `kinds` adds kinds to those of this module."""
    known = {**KINDS, **(kinds or {})}
    kind = str(required(case.stat, "kind"))
    if kind not in known:
        near, listed = nearest(kind, known), ", ".join(sorted(known))
        raise ProblemsError([UNKNOWN_KIND.at(Place(), name=kind, near=near, known=listed)])
    result = known[kind](Task(case, columns, domain_of(design, case.stat, columns)))
    remarks = [problem.text() for problem in design.remarks] + result.pop("remarks", [])
    return result | ({"warnings": remarks} if remarks else {})


def plain(values: FloatArray) -> Any:
    """Return numbers for JSON: nested lists, None for what is not finite, one value unwrapped."""
    array = np.asarray(values, dtype=np.float64)
    if array.size == 1:
        return number_or_none(float(array.ravel()[0]))
    if array.ndim > 1:
        return [[number_or_none(value) for value in row] for row in array]
    return [number_or_none(value) for value in array]


def single(values: list[Any] | tuple[Any, ...]) -> Any:
    """Return a list, or its only element.

    >>> single(["a"]), single(["a", "b"])
    ('a', ['a', 'b'])
    """
    return values[0] if len(values) == 1 else list(values)


def described(estimates: Estimates, df: float | None = None) -> Result:
    """Return everything known of estimates, by the keys of a result."""
    freedom = estimates.df if df is None else df
    low, high = estimates.interval(df=freedom)
    normal_low, normal_high = estimates.normal_interval()
    values = estimates.values
    cv = np.divide(estimates.se, values, out=np.full_like(values, np.nan), where=values != 0)
    result: Result = {
        "names": single(estimates.names),
        "estimate": plain(values),
        "se": plain(estimates.se),
        "df": freedom,
        "ci95_low": plain(low),
        "ci95_high": plain(high),
        "ci95_normal_low": plain(normal_low),
        "ci95_normal_high": plain(normal_high),
        "cv": plain(cv),
        "deff": plain(estimates.deff),
        "n": plain(estimates.counts),
        "n_eff": plain(estimates.n_eff),
        "vcov": plain(estimates.covariance),
    }
    if freedom <= 0:
        result["remarks"] = [_no_degrees(estimates)]
    return result


def _no_degrees(estimates: Estimates) -> str:
    name = ", ".join(estimates.names[:3])
    units = "the" if estimates.df == 0 else "no"
    return NO_DEGREES.at(Place(item=name), name=name, units=units, strata="the").text()


def _against(stat: Fields) -> Against:
    return "with replacement" if stat.get("deff") == "replace" else "without replacement"


def _mean(task: Task) -> Result:
    values, wanted = task.matrix()
    return _by_or_whole(task, lambda _: means_of(values, wanted))


def _total(task: Task) -> Result:
    if task.stat.get("levels"):
        return _levels(task, totals_of)
    values, wanted = task.matrix()
    return _by_or_whole(task, lambda _: totals_of(values, wanted))


def _proportion(task: Task) -> Result:
    if "equals" in task.stat:
        name = str(required(task.stat, "var"))
        hits = equals(task.columns, name, task.stat["equals"])
        return _by_or_whole(task, lambda _: means_of(hits, [name]))
    return _levels(task, means_of)


def _levels(task: Task, maker: Callable[[FloatArray, list[str]], Statistic]) -> Result:
    wanted = names(task.stat, "vars", "var")
    parts = [task.columns.labels(name) for name in wanted]
    table = np.hstack([level_indicators(part) for part in parts])
    labels = [
        f"{name}{level}" for name, part in zip(wanted, parts, strict=True) for level in part.levels
    ]
    return _by_or_whole(task, lambda _: maker(table, labels))


def _ratio(task: Task) -> Result:
    above, top = task.matrix("numerator")
    below, bottom = task.matrix("denominator")
    label = [f"{first}/{second}" for first, second in zip(top, bottom, strict=True)]
    return _by_or_whole(task, lambda _: ratios_of(above, below, label))


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
    by = task.columns.crossing(names(task.stat, "by"))
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
    return task.stat["kind"] == "mean" and len(names(task.stat, "by")) == 1


def _quantile(task: Task) -> Result:
    name = str(required(task.stat, "var"))
    probabilities = np.atleast_1d(required(task.stat, "probs")).tolist()
    found = quantiles(
        task.design,
        task.columns.number(name),
        probabilities,
        rule=task.stat.get("qrule", "math"),
        interval=task.stat.get("interval", "mean"),
        df=task.stat.get("df"),
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
    values, wanted = task.matrix()
    by = task.columns.crossing(names(task.stat, "by"))
    order = task.stat.get("order")
    chosen = domains(task.design, by, None if order is None else [str(level) for level in order])
    joint = jointly([(domain, means_of(values, wanted)) for _, _, domain in chosen])
    weights = np.asarray(task.stat.get("contrast", [-1.0, 1.0]), dtype=np.float64)
    single_row = contrast(task.design, joint, weights, "difference")
    return described(single_row) | {
        "vcov": plain(joint.covariance),
        "means": plain(joint.values),
        "levels": [level for _, level, _ in chosen],
    }


def _proportion_ci(task: Task) -> Result:
    name = str(required(task.stat, "var"))
    hits = (
        equals(task.columns, name, task.stat["equals"])
        if "equals" in task.stat
        else task.columns.number(name)
    )
    share, low, high = proportion_interval(
        task.design,
        hits,
        method=task.stat.get("method", "logit"),
        df=task.stat.get("df"),
        name=name,
    )
    return described(share) | {"ci95_low": low, "ci95_high": high}


def _expression(task: Task) -> Result:
    return described(
        expression_estimate(task.design, task.columns, str(required(task.stat, "expr")))
    )


def _nps(task: Task) -> Result:
    name = str(required(task.stat, "var"))
    result = described(estimate(task.design, nps_of(task.columns.number(name), name)))
    return {"nps": result["estimate"], **result}


def _table(task: Task) -> Result:
    table = crosstab(
        task.design,
        task.columns.labels(str(required(task.stat, "row"))),
        task.columns.labels(str(required(task.stat, "col"))),
    )
    counts = [[float(value) for value in row] for row in table.counts]
    return {"rows": list(table.rows), "cols": list(table.columns), "counts": counts}


def _chisq(task: Task) -> Result:
    test = independence(
        task.design,
        task.columns.labels(str(required(task.stat, "row"))),
        task.columns.labels(str(required(task.stat, "col"))),
        task.stat.get("statistic", "F"),
    )
    return {
        "statistic": number_or_none(test.statistic),
        "parameter": test.parameter[0] if len(test.parameter) == 1 else list(test.parameter),
        "p": number_or_none(test.p),
    }


def _ttest(task: Task) -> Result:
    name, by = str(required(task.stat, "var")), str(required(task.stat, "by"))
    test = t_test(task.design, task.columns.number(name), task.columns.labels(by), by)
    return _t_result(test)


def _trend(task: Task) -> Result:
    name, by = str(required(task.stat, "var")), str(required(task.stat, "by"))
    labels = task.columns.labels(by)
    order = np.where(labels.known, labels.codes + 1.0, np.nan)
    return _t_result(trend_test(task.design, task.columns.number(name), order, by))


def _t_result(test: Any) -> Result:
    return {
        "t": test.t,
        "df": test.df,
        "p": test.p,
        "difference": test.difference,
        "se": test.se,
        "ci95_low": test.low,
        "ci95_high": test.high,
    }


def _ranktest(task: Task) -> Result:
    name, by = str(required(task.stat, "var")), str(required(task.stat, "by"))
    test = rank_test(
        task.design,
        task.columns.number(name),
        task.columns.labels(by),
        task.stat.get("test", "wilcoxon"),
        by,
    )
    result = {"t": test.t, "df": test.df, "p": test.p, "difference": test.difference}
    if test.F is not None:
        return {"F": test.F, "chisq": test.chi_square, "ndf": test.groups_df, **result}
    return result


def _glm(task: Task) -> Result:
    fit = regress(
        task.design,
        task.columns,
        str(required(task.stat, "formula")),
        str(task.stat.get("family", "gaussian")),
    )
    result = described(fit.coefficients, fit.residual_df)
    result |= {"t": plain(fit.t), "p": plain(fit.p), "df_resid": fit.residual_df}
    if fit.wald is not None:
        wald = fit.wald
        result["wald_F_all"] = {
            "F": wald.F,
            "df": wald.df,
            "ddf": wald.residual_df,
            "p": number_or_none(wald.p),
        }
    return result


def _alpha(task: Task) -> Result:
    items, wanted = task.matrix()
    alpha = cronbach_alpha(task.design, items, wanted)
    return {"alpha": alpha.alpha, "remarks": [problem.text() for problem in alpha.remarks]}


def _icc(task: Task) -> Result:
    name, by = str(required(task.stat, "var")), str(required(task.stat, "by"))
    values = np.where(task.design.inside, task.columns.number(name), np.nan)
    found = interviewer_variance(values, task.columns.labels(by).codes, name=name)
    keys = ("k", "N", "n0", "mean_workload", "msb", "msw", "F", "df1", "df2", "p", "rho")
    return {key: getattr(found, key) for key in keys} | {
        "rho_reported": found.rho_reported,
        "deff_int": found.deff,
        "deff_int_n0": found.deff_n0,
        "ci95": [found.low, found.high],
    }


KINDS: dict[str, Kind] = {
    "mean": _mean,
    "total": _total,
    "proportion": _proportion,
    "proportion_ci": _proportion_ci,
    "ratio": _ratio,
    "quantile": _quantile,
    "variance": _variance,
    "difference": _difference,
    "table": _table,
    "chisq": _chisq,
    "ttest": _ttest,
    "trend": _trend,
    "ranktest": _ranktest,
    "glm": _glm,
    "expression": _expression,
    "cronbach_alpha": _alpha,
    "nps": _nps,
    "interviewer_icc": _icc,
}

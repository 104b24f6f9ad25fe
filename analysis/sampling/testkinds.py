"""PURE. Kinds of cases that test or model: tables, chi-square, t, ranks, trend, regression."""

from __future__ import annotations

import numpy as np

from analysis.sampling.comparisons import TTest, mean_test, rank_test, t_test, trend_test
from analysis.sampling.crosstabs import crosstab, independence
from analysis.sampling.estimates import number_or_none
from analysis.sampling.planvalues import name_of, number, required
from analysis.sampling.regression import regress
from analysis.sampling.reliability import cronbach_alpha, interviewer_variance
from analysis.sampling.results import Kind, Result, Task, described, plain


def _table(task: Task) -> Result:
    table = crosstab(
        task.design,
        task.columns.labels(name_of(task.stat, "row")),
        task.columns.labels(name_of(task.stat, "col")),
    )
    counts = [[float(value) for value in row] for row in table.counts]
    return {"rows": list(table.rows), "cols": list(table.columns), "counts": counts}


def _chisq(task: Task) -> Result:
    test = independence(
        task.design,
        task.columns.labels(name_of(task.stat, "row")),
        task.columns.labels(name_of(task.stat, "col")),
        str(task.stat.get("statistic", "F")),
    )
    return {
        "statistic": number_or_none(test.statistic),
        "parameter": test.parameter[0] if len(test.parameter) == 1 else list(test.parameter),
        "p": number_or_none(test.p),
    }


def _ttest(task: Task) -> Result:
    """Two groups, or without `by` the mean against `null`."""
    name = name_of(task.stat, "var", "vars")
    values = task.columns.number(name)
    if not task.stat.get("by"):
        return _t_result(mean_test(task.design, values, number(task.stat, "null", 0.0), name))
    by = name_of(task.stat, "by")
    return _t_result(t_test(task.design, values, task.columns.labels(by), by))


def _trend(task: Task) -> Result:
    name, by = name_of(task.stat, "var", "vars"), name_of(task.stat, "by")
    labels = task.columns.labels(by)
    order = np.where(labels.known, labels.codes + 1.0, np.nan)
    return _t_result(trend_test(task.design, task.columns.number(name), order, by))


def _t_result(test: TTest) -> Result:
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
    name, by = name_of(task.stat, "var", "vars"), name_of(task.stat, "by")
    test = rank_test(
        task.design,
        task.columns.number(name),
        task.columns.labels(by),
        str(task.stat.get("test", "wilcoxon")),
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
    name, by = name_of(task.stat, "var", "vars"), name_of(task.stat, "by")
    values = np.where(task.design.inside, task.columns.number(name), np.nan)
    found = interviewer_variance(values, task.columns.labels(by).codes, name=name)
    keys = ("k", "N", "n0", "mean_workload", "msb", "msw", "F", "df1", "df2", "p", "rho")
    return {key: getattr(found, key) for key in keys} | {
        "rho_reported": found.rho_reported,
        "deff_int": found.deff,
        "deff_int_n0": found.deff_n0,
        "ci95": [found.low, found.high],
    }


TESTS: dict[str, Kind] = {
    "table": _table,
    "chisq": _chisq,
    "ttest": _ttest,
    "trend": _trend,
    "ranktest": _ranktest,
    "glm": _glm,
    "cronbach_alpha": _alpha,
    "interviewer_icc": _icc,
}

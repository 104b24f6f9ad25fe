"""PURE. Reliability of measurement: Cronbach's alpha, agreement, interviewer variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.sampling.columns import FloatArray, IntArray
from analysis.sampling.design import Design
from analysis.sampling.distributions import f_upper
from analysis.sampling.estimators import require_cases, variances_of
from analysis.sampling.messages import NEGATIVE_ITEM, NO_VARIATION, TOO_FEW_ITEMS, TWO_GROUPS
from foundation.problems import Place, Problem, ProblemsError

TWO = 2


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha, and a warning for each item that runs against the others."""

    alpha: float
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class InterviewerVariance:
    """One-way analysis of variance by interviewer. k interviewers, N cases.

    rho may come out negative; `rho_reported` is then 0 and the design effect 1.
    """

    k: int
    N: int
    n0: float
    mean_workload: float
    msb: float
    msw: float
    F: float
    df1: int
    df2: int
    p: float
    rho: float
    low: float
    high: float

    @property
    def rho_reported(self) -> float:
        """Rho, or 0 when the estimate is negative."""
        return max(self.rho, 0.0)

    @property
    def deff(self) -> float:
        """Design effect 1 + (mean workload - 1) rho (Kish 1962)."""
        return 1 + (self.mean_workload - 1) * self.rho_reported

    @property
    def deff_n0(self) -> float:
        """Design effect with n0, the workload corrected for its unevenness."""
        return 1 + (self.n0 - 1) * self.rho_reported


def cronbach_alpha(design: Design, items: FloatArray, names: Sequence[str]) -> Alpha:
    """Return alpha = k/(k-1) (1 - sum of item variances / variance of the sum), weighted.

    `items` (n, k); cases with a missing item are outside the domain. As svycralpha of R's
    survey package 4.1.
    """
    k = items.shape[1]
    if k < TWO:
        raise ProblemsError([TOO_FEW_ITEMS.at(Place(), count=k)])
    domain = design.within(np.asarray(~np.isnan(items).any(axis=1)))
    table = np.column_stack([items, items.sum(axis=1)])
    table = np.where(domain.inside[:, None], table, 0.0)
    counts = np.full(k + 1, float(domain.inside.sum()))
    statistic = variances_of(table, [*names, "sum"], counts)
    require_cases(statistic, domain.inside)
    spreads = statistic.function((domain.weights @ statistic.columns)[None, :])[0]
    if spreads[-1] <= 0:
        raise ProblemsError([NO_VARIATION.at(Place(), name=" + ".join(names))])
    alpha = k / (k - 1) * (1 - float(spreads[:-1].sum()) / float(spreads[-1]))
    return Alpha(alpha, _negative_items(table[:, :k], domain, names))


def _negative_items(items: FloatArray, domain: Design, names: Sequence[str]) -> tuple[Problem, ...]:
    """Return a warning for each item with a negative correlation with the sum of the others."""
    inside = domain.inside
    remarks = []
    for at, name in enumerate(names):
        rest = np.delete(items, at, axis=1).sum(axis=1)
        pair = np.cov(items[inside, at], rest[inside], aweights=domain.weights[inside])
        if pair[0, 0] > 0 and pair[1, 1] > 0:
            correlation = float(pair[0, 1] / np.sqrt(pair[0, 0] * pair[1, 1]))
            if correlation < 0:
                value = f"{correlation:.2f}"
                remarks.append(NEGATIVE_ITEM.at(Place(item=name), name=name, value=value))
    return tuple(remarks)


def interviewer_variance(
    values: FloatArray, interviewer: IntArray, level: float = 0.95, name: str = ""
) -> InterviewerVariance:
    """Return the intra-interviewer correlation of `values` (n,) with its interval.

    rho = (MSB - MSW)/(MSB + (n0 - 1) MSW), n0 = (N - sum n_i^2/N)/(k - 1); the interval inverts
    the F distribution (Searle 1971). Unweighted: it speaks of the interviewers who worked, and
    only where calls were given to them at random. NaN values and codes below 0 do not count.
    """
    known = ~np.isnan(values) & (interviewer >= 0)
    y, groups = values[known], np.unique(interviewer[known], return_inverse=True)[1]
    sizes = np.bincount(groups).astype(np.float64)
    k, N = len(sizes), len(y)
    if k < TWO or k >= N:
        raise ProblemsError([TWO_GROUPS.at(Place(item=name), name=name, count=k)])
    means = np.bincount(groups, weights=y) / sizes
    msb = float((sizes * (means - y.mean()) ** 2).sum()) / (k - 1)
    msw = float(((y - means[groups]) ** 2).sum()) / (N - k)
    if msw <= 0:
        raise ProblemsError([NO_VARIATION.at(Place(item=name), name=name)])
    n0 = (N - float((sizes**2).sum()) / N) / (k - 1)
    F = msb / msw
    low, high = (
        _rho(F / float(special.fdtri(k - 1, N - k, tail)), n0)
        for tail in ((1 + level) / 2, (1 - level) / 2)
    )
    return InterviewerVariance(
        k=k,
        N=N,
        n0=n0,
        mean_workload=N / k,
        msb=msb,
        msw=msw,
        F=F,
        df1=k - 1,
        df2=N - k,
        p=f_upper(F, k - 1, N - k),
        rho=_rho(F, n0),
        low=low,
        high=high,
    )


def _rho(F: float, n0: float) -> float:
    return (F - 1) / (F + n0 - 1)

"""PURE. The same statistic in every group of a table, with the covariance between groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import Labels
from analysis.sampling.design import Design
from analysis.sampling.estimates import Against, Estimates, estimate, jointly
from analysis.sampling.estimators import Statistic, means_of, require_cases
from analysis.sampling.messages import UNKNOWN_CHOICE
from foundation.problems import Place, ProblemsError


@dataclass(frozen=True)
class Group:
    """One group: its level, its cases and its estimates with its own degrees of freedom."""

    level: str
    n: int
    estimates: Estimates


def groups(
    design: Design,
    by: Labels,
    statistic: Callable[[Design], Statistic],
    *,
    against: Against = "without replacement",
) -> list[Group]:
    """Return the statistic of each level of `by` that has cases in the domain of `design`."""
    found = []
    for _, level, domain in domains(design, by):
        row = estimate(domain, statistic(domain), against=against)
        found.append(Group(level, int(domain.inside.sum()), row))
    return found


def group_covariance(
    design: Design, by: Labels, statistic: Callable[[Design], Statistic]
) -> Estimates:
    """Return the estimates of all levels jointly, with their full covariance.

    Groups that share sampling units are correlated; their difference needs this covariance.
    """
    return jointly(design, [(domain, statistic(domain)) for _, _, domain in domains(design, by)])


def domains(
    design: Design, by: Labels, order: Sequence[str] | None = None
) -> list[tuple[int, str, Design]]:
    """Return (code, level, domain) of each level with cases, in sorted or the given order."""
    present = set(np.unique(by.codes[design.inside & by.known]).tolist())
    if not present:
        _require_groups(design, by)
    codes = range(len(by.levels)) if order is None else [_code(by, level) for level in order]
    return [
        (code, by.levels[code], design.within(by.codes == code))
        for code in codes
        if code in present or order is not None
    ]


def _require_groups(design: Design, by: Labels) -> None:
    """Raise the problem of an empty domain for a table without any group."""
    name = "/".join(by.levels[:3])
    require_cases(means_of(np.zeros(design.n), [name]), design.inside & by.known)


def _code(by: Labels, level: str) -> int:
    if level not in by.levels:
        choices = ", ".join(by.levels)
        raise ProblemsError(
            [UNKNOWN_CHOICE.at(Place(item=level), value=level, what="group", choices=choices)]
        )
    return by.levels.index(level)

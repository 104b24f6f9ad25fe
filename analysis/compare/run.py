"""PURE. Comparing a path model between groups: differences, tests, invariance, league."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analysis.compare import estimation, messages, twosample
from analysis.compare.groups import grouped
from analysis.compare.invariance import invariance
from analysis.compare.judging import corrected, judged
from analysis.compare.league import leagues
from analysis.compare.omnibus import omnibus
from analysis.compare.quantities import compared, implied, with_scores
from analysis.compare.redraws import permuted_labels, redrawn_people
from analysis.compare.results import Comparison, Pair
from analysis.model import cases
from analysis.model import messages as fit_messages
from analysis.model.estimates import Status
from analysis.model.settings import Settings
from foundation.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.compare.estimation import Redraws
    from analysis.compare.groups import Groups
    from analysis.compare.omnibus import Omnibus
    from analysis.compare.redraws import DesignDraws
    from analysis.model.parameters import Listing
    from analysis.model.resampling import Progress
    from analysis.model.specify import Model
    from analysis.sampling.many import Correction
    from analysis.sampling.many import Place as Ranked
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class _Plan:
    """What every step of a comparison needs."""

    groups: Groups
    listing: Listing
    towards: FloatArray
    values: FloatArray
    permutations: int
    seed: int
    drawn: DesignDraws | None = None


def compare(
    model: Model,
    data: FloatArray,
    labels: Sequence[str],
    *,
    weights: FloatArray | None = None,
    people: Sequence[str] | None = None,
    settings: Settings | None = None,
    permutations: int = 1000,
    bootstrap: int = 1000,
    seed: int = 1,
    correction: Correction = "holm",
    drawn: DesignDraws | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare a path model between groups of cases: branches, waves, customers of a kind.

    Parameters
    ----------
    data : (n, p)            answers, in the order of `model.indicators`
    labels, people           the group and the person of each case; see `groups.grouped`
    weights : (n,)           case weights: permutation tests are then left out, with a warning
    permutations, bootstrap  how many; zero leaves out what rests on them
    seed                     pair i (0, 1, ...) of groups permutes with seed + i, the omnibus
                             test with seed + the number of pairs; the bootstrap see
                             `redraws.redrawn_people`
    correction               of p values, within one method and kind of parameter over all pairs
    drawn                    redraws by the sampling design of the cases, in place of `bootstrap`:
                             its t test then stands for the tests that take cases as drawn alone
    progress                 called with (done, total) while the bootstrap runs

    Raises
    ------
    ProblemsError listing everything that keeps the groups from being compared.
    """
    groups = grouped(model, data, labels, settings or Settings(), weights=weights, people=people)
    every = np.arange(len(groups.codes))
    towards = estimation.pooled(groups, every).slopes[:, 0]
    listing = compared(model, groups.plan)
    mine = estimation.observed(groups, listing, towards)
    values = mine.values[:, :, 0]
    said = list(cases.raise_errors([*groups.problems, *_turned_away(groups, mine)]))
    if weights is not None and permutations:
        said.append(messages.WEIGHTS_NOT_PERMUTED.at(Place()))
        permutations = 0
    plan = _Plan(groups, listing, towards, values, permutations, seed, drawn)
    redraws = None
    bootstrap = len(drawn.counts) if drawn else bootstrap
    if bootstrap:
        people_drawn = redrawn_people(groups.codes, groups.people, seed)
        counts = drawn.of(groups.kept) if drawn else people_drawn
        redraws = estimation.under_redraws(
            groups, listing, towards, counts, bootstrap, progress=progress
        )
        said += _lost(redraws, bootstrap)
        cases.raise_errors(said)
    pairs = []
    for number, (a, b) in enumerate(combinations(range(len(groups.names)), 2)):
        pair, problems = _pair(plan, redraws, a, b, number)
        pairs.append(pair)
        said += problems
    overall = None
    if permutations:
        overall, problems = _omnibus(plan, len(pairs))
        said += problems
    checked, problems = judged(groups, corrected(pairs, listing.labels, correction), correction)
    said += problems
    return Comparison(
        groups,
        listing.labels,
        values,
        None if redraws is None else redraws.usable.std(axis=2, ddof=1),
        checked,
        overall,
        {}
        if redraws is None
        else leagues(groups, listing.labels, values, redraws.usable, drawn.df if drawn else None),
        permutations,
        bootstrap,
        seed,
        correction,
        cases.raise_errors(said),
        drawn.df if drawn else None,
    )


def _pair(
    plan: _Plan, redraws: Redraws | None, a: int, b: int, number: int
) -> tuple[Pair, list[Problem]]:
    """Return two groups against each other, before the correction of p values."""
    groups, values = plan.groups, plan.values
    names = {"first": groups.names[a], "second": groups.names[b]}
    shared = groups.shared(a, b)
    place = Place(item=" - ".join(names.values()))
    said: list[Problem] = []
    pair = Pair(a, b, values[b] - values[a], None, None, None, {}, {}, None)
    if plan.permutations:
        pair, said = _permuted(plan, pair, number)
    if redraws is not None:
        apart = redraws.usable[b] - redraws.usable[a]
        low, high = np.quantile(apart, [0.025, 0.975], axis=1)
        se = apart.std(axis=1, ddof=1)
        pair = replace(pair, se=se, low=low, high=high)
        pair = replace(pair, p={**pair.p, **_tests(plan, redraws, pair)})
    if shared and plan.drawn is None:
        said.append(messages.SHARED_PEOPLE.at(place, count=shared, **names))
    return pair, said


def _permuted(plan: _Plan, pair: Pair, number: int) -> tuple[Pair, list[Problem]]:
    """Return a pair with its permutation tests and measurement invariance."""
    groups, which = plan.groups, [pair.first, pair.second]
    rows = groups.rows(*which)
    both = estimation.pooled(groups, rows)
    listing = with_scores(plan.listing, groups.model, groups.plan, both)
    whole = estimation.estimator(groups, rows, listing, plan.towards)
    codes, people = groups.codes[rows], groups.people[rows]
    mine = estimation.under_labels(whole, iter([codes]), which, 1)
    labels = permuted_labels(codes, people, plan.seed + number)
    found = estimation.under_labels(whole, labels, which, plan.permutations)
    names = " - ".join(groups.names[group] for group in which)
    said = _dropped(found, names, plan.permutations)
    if not found.fine.any():
        return pair, said
    K = len(plan.listing.labels)
    apart = found.usable[1, :K] - found.usable[0, :K]
    sizes = (groups.sizes[pair.first], groups.sizes[pair.second])
    own = invariance(
        groups.plan,
        both,
        listing,
        groups=mine.values[:, :, 0],
        permuted=found.usable,
        sizes=sizes,
    )
    p = {"permutation": twosample.permutation_p(pair.difference, apart)}
    return replace(pair, p=p, invariance=own), said


def _leagues(plan: _Plan, redraws: Redraws | None) -> dict[str, list[Ranked]]:
    if redraws is None:
        return {}
    df = plan.drawn.df if plan.drawn else None
    return leagues(plan.groups, plan.listing.labels, plan.values, redraws.usable, df)


def _tests(plan: _Plan, redraws: Redraws, pair: Pair) -> dict[str, FloatArray]:
    """Return the p values of the tests that rest on redraws, those that apply."""
    if plan.drawn is not None and pair.se is not None:
        found = twosample.design_t(pair.difference, pair.se, plan.drawn.df)
        return {"design": twosample.two_sided(*found)}
    if plan.groups.shared(pair.first, pair.second):
        return {}
    return _independent(plan, redraws, pair.first, pair.second)


def _independent(plan: _Plan, redraws: Redraws, a: int, b: int) -> dict[str, FloatArray]:
    """Return the p values of the tests that need two groups without common members."""
    values, draws = plan.values, redraws.usable
    gap, n = values[b] - values[a], (plan.groups.sizes[a], plan.groups.sizes[b])
    se = draws[a].std(axis=1, ddof=1), draws[b].std(axis=1, ddof=1)
    return {
        "henseler": twosample.henseler_p(draws[a], draws[b], (values[a], values[b])),
        "parametric": twosample.two_sided(*twosample.pooled_t(gap, se, n)),
        "welch": twosample.two_sided(*twosample.welch_t(gap, se, n)),
    }


def _omnibus(plan: _Plan, number: int) -> tuple[Omnibus | None, list[Problem]]:
    groups = plan.groups
    every = np.arange(len(groups.codes))
    listing, which = implied(groups.model, groups.plan), list(range(len(groups.names)))
    whole = estimation.estimator(groups, every, listing, plan.towards)
    mine = estimation.under_labels(whole, iter([groups.codes]), which, 1)
    labels = permuted_labels(groups.codes, groups.people, plan.seed + number)
    found = estimation.under_labels(whole, labels, which, plan.permutations)
    said = _dropped(found, "all groups", plan.permutations)
    if not found.fine.any():
        return None, said
    return omnibus(groups.plan.p, mine.values[:, :, 0], found.usable), said


def _turned_away(groups: Groups, found: Redraws) -> Iterator[Problem]:
    """Yield an error for each group that has no index once its signs are those of all groups."""
    for name, status in zip(groups.names, found.status[:, 0].tolist(), strict=True):
        if status == Status.NO_INDEX:
            reason = "the weights of an index add up to zero or less"
            yield messages.OTHER_DIRECTION.at(Place(item=name), name=name, reason=reason)


def _lost(found: Redraws, total: int) -> list[Problem]:
    """Return a warning when bootstrap resamples had to be left out, an error when most had."""
    usable = int(found.fine.sum())
    if usable < 2:  # noqa: PLR2004 - a deviation needs two
        return [messages.FEW_RESAMPLES.at(Place(), usable=usable, total=total)]
    if usable == total:
        return []
    said = fit_messages.RESAMPLES_DROPPED
    return [said.at(Place(), dropped=total - usable, total=total, reasons=found.reasons())]


def _dropped(found: Redraws, names: str, total: int) -> list[Problem]:
    lost = total - int(found.fine.sum())
    if not lost:
        return []
    message = messages.NO_PERMUTATIONS if lost == total else messages.PERMUTATIONS_DROPPED
    values = {"total": total, "groups": names, "reasons": found.reasons()}
    return [message.at(Place(), dropped=lost, **values)]

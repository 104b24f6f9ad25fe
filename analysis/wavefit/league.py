"""PURE. The index of strata, branches and other groups of a wave: ranks that the data support.

Every group's index is the weighted mean of its respondents' scores; the outer weights are those
of all respondents, so that groups differ by their answers only. Every resample estimates them
anew, and all groups in it by the same: one set of resamples gives the joint covariance. The rules
of publication are applied before anything is compared: a hidden group takes no rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.sampling.estimates import Estimates
from analysis.sampling.many import league_table, shrunken
from analysis.sampling.publication import Rules, protected, screened
from analysis.wavefit.sample import COMPLETE
from survey.language.model import QuestionKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.wavefit.leaguedraws import GroupDraws, Scene
    from survey.formats.table import ResponseTable
    from survey.language.model import Texts

    FloatArray = NDArray[np.float64]

MOST_GROUPS = 200
FEWEST_GROUPS = 2
RULES = Rules()


@dataclass(frozen=True)
class Grouping:
    """A way to part the respondents: what it is called, and the group of each of the n."""

    name: str
    label: Texts
    groups: tuple[str, ...]


def groupings(table: ResponseTable) -> list[Grouping]:
    """Return the strata and the case variables that part the respondents of a wave.

    A case variable counts when the questionnaire gives it a label (one without is for the
    interviewer's texts alone) and when it has 2 to 200 groups, and people in them: one that tells
    nearly everybody apart, a name or a number, is none.
    """
    rows = [row for row in table.rows if row.outcome == COMPLETE]
    strata = tuple(str(row.design.get("stratum") or "") for row in rows)
    found = [Grouping("stratum", {"en": "Stratum", "zh-Hans": "层"}, strata)]
    for one in table.variables:
        if one.kind == QuestionKind.HIDDEN and one.label:
            groups = tuple(str(row.values.get(one.name) or "") for row in rows)
            found.append(Grouping(one.name, dict(one.label), groups))
    return [one for one in found if _parts(one.groups)]


def _parts(groups: Sequence[str]) -> bool:
    names = set(groups) - {""}
    return FEWEST_GROUPS <= len(names) <= min(MOST_GROUPS, len(groups) / 2)


def leagues(scene: Scene, parts: Sequence[Grouping]) -> list[dict[str, Any]]:
    """Return for each grouping its league table as JSON; see `analysis.leaguereport`.

    Groups of fewer than 30 respondents are hidden, as are those whose relative error is above a
    third; bases under 50 are marked, and shrunk towards the mean of all (Morris 1983).
    """
    return [_league(scene, one) for one in parts]


def _large(one: Grouping) -> list[str]:
    """Return the groups that may be shown; none that would tell a very small one by subtraction."""
    names = sorted(set(one.groups) - {""})
    counts = [one.groups.count(name) for name in names]
    secret = protected(counts, RULES.least_people)
    return [
        name
        for name, count, hidden in zip(names, counts, secret, strict=True)
        if count >= RULES.least_base and not hidden
    ]


def _league(scene: Scene, one: Grouping) -> dict[str, Any]:
    names, shown = sorted(set(one.groups) - {""}), _large(one)
    league: dict[str, Any] = {
        "name": one.name,
        "label": dict(one.label),
        "hidden": [name for name in names if name not in shown],
        "rows": [],
        "least_base": RULES.least_base,
    }
    if not shown:
        return league
    draws = scene.group_draws(one.groups, shown)
    league |= {"own_units": draws.is_own_unit, "estimated": draws.re_estimated is not None}
    counts = np.array([one.groups.count(name) for name in shown], dtype=float)
    found = screened(_estimates(shown, counts, draws), RULES)
    league["hidden"] = sorted([*league["hidden"], *found.named("hide")])
    if found.estimates is not None:
        marked = set(found.named("mark"))
        fixed = dict(zip(shown, draws.fixed.std(axis=0, ddof=1).tolist(), strict=True))
        league["rows"] = _rows(found.estimates, marked, fixed)
    return league


def _estimates(names: Sequence[str], counts: FloatArray, draws: GroupDraws) -> Estimates:
    nothing = np.full(len(names), np.nan)
    return Estimates(
        names=tuple(names),
        values=draws.values,
        covariance=np.atleast_2d(np.cov(draws.draws.T)),
        df=draws.df,
        counts=counts,
        deff=nothing,
        n_eff=nothing,
    )


def _rows(
    estimates: Estimates, marked: set[str], fixed: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Return the rows from the highest to the lowest; small bases carry a shrunken estimate.

    `fixed` are the standard errors that take the weights of the questions as given.
    """
    by_name = {row.name: row for row in estimates.rows()}
    drawn_in = shrunken(estimates) if len(by_name) >= FEWEST_GROUPS else None
    rows = []
    for place in league_table(estimates):
        own, at = by_name[place.name], estimates.names.index(place.name)
        is_small = place.name in marked
        row: dict[str, Any] = {
            "name": place.name,
            "base": own.n,
            "index": {"value": own.value, "se": own.se, "low": own.low, "high": own.high},
            "fixed_se": fixed[place.name],
            "rank": place.rank,
            "best": place.best,
            "worst": place.worst,
            "letters": place.letters,
            "marked": is_small,
            "shrunken": None,
        }
        if is_small and drawn_in is not None:
            row["shrunken"] = {
                "value": float(drawn_in.values[at]),
                "se": float(drawn_in.se[at]),
                "low": float(drawn_in.low[at]),
                "high": float(drawn_in.high[at]),
            }
        rows.append(row)
    return rows

"""PURE. The index of strata, branches and other groups of a wave: ranks that the data support.

Every group's index is the weighted mean of its respondents' scores; the outer weights are those
of all respondents, so that groups differ by their answers only, and what is uncertain about the
model is common to all groups. One set of replicates gives their joint covariance. The rules of
publication are applied before anything is compared: a hidden group takes no rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.index import scores_by_construct
from analysis.model.resampling import Replication as Weights
from analysis.sampling.estimates import Estimates
from analysis.sampling.many import league_table, shrunken
from analysis.sampling.publication import Rules, protected, screened
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit.design import declared
from analysis.wavefit.sample import COMPLETE
from survey.language.model import QuestionKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.run import Fit
    from analysis.wavefit.resampling import Drawn
    from analysis.wavefit.sample import Sample
    from survey.formats.table import ResponseTable
    from survey.language.model import Texts

    FloatArray = NDArray[np.float64]

STACKS, STACK = 2, 500
"""Resamples of a league: the first thousand of those of the index, where it has strata."""
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

    A case variable counts when it has 2 to 200 groups, and people in them: one that tells
    nearly everybody apart, a name or a number, is none.
    """
    rows = [row for row in table.rows if row.outcome == COMPLETE]
    strata = tuple(str(row.design.get("stratum") or "") for row in rows)
    found = [Grouping("stratum", {"en": "Stratum", "zh-Hans": "层"}, strata)]
    for one in table.variables:
        if one.kind == QuestionKind.HIDDEN:
            groups = tuple(str(row.values.get(one.name) or "") for row in rows)
            found.append(Grouping(one.name, dict(one.label) or {"und": one.name}, groups))
    return [one for one in found if _parts(one.groups)]


def _parts(groups: Sequence[str]) -> bool:
    names = set(groups) - {""}
    return FEWEST_GROUPS <= len(names) <= min(MOST_GROUPS, len(groups) / 2)


def leagues(
    fit: Fit, sample: Sample, drawn: Drawn, index: str, parts: Sequence[Grouping]
) -> list[dict[str, Any]]:
    """Return for each grouping its league table as JSON; see `analysis.leaguereport`.

    Groups of fewer than 30 respondents are hidden, as are those whose relative error is above a
    third; bases under 50 are marked, and shrunk towards the mean of all (Morris 1983).
    """
    if not parts:
        return []
    scores = scores_by_construct(fit, sample.values)[index]
    own = np.ones(sample.n) if sample.weights is None else sample.weights
    large = {one.name: _large(one) for one in parts}
    sums = {one.name: _Sums.start(one, large[one.name], scores, own) for one in parts}
    for weights in _draws(sample, drawn):
        for one in sums.values():
            one.add(weights)
    return [_league(one, sums[one.name]) for one in parts]


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


@dataclass
class _Sums:
    """Group means of the scores under weights: of the sample, and of each replicate so far."""

    names: list[str]
    inside: FloatArray
    scores: FloatArray
    values: FloatArray
    draws: list[FloatArray]

    @classmethod
    def start(
        cls, one: Grouping, names: list[str], scores: FloatArray, weights: FloatArray
    ) -> _Sums:
        inside = np.array([[group == name for name in names] for group in one.groups], dtype=float)
        inside = inside.reshape(len(one.groups), len(names))
        made = cls(names, inside, scores, np.empty(0), [])
        made.values = made._means(weights[None, :])[0]
        return made

    def add(self, weights: FloatArray) -> None:
        """Count some replicates, (B, n) weights."""
        self.draws.append(self._means(weights))

    def _means(self, weights: FloatArray) -> FloatArray:
        below = weights @ self.inside
        above = (weights * self.scores) @ self.inside
        return np.asarray(above / np.where(below > 0, below, np.nan))


def _draws(sample: Sample, drawn: Drawn) -> Iterator[FloatArray]:
    """Yield stacks of (B, n) replicate weights: those of the index, or of its design."""
    draw = drawn.draw or _simple(sample)
    for k in range(STACKS):
        yield draw(STACK, np.random.default_rng((drawn.seed, k))).weights


def _simple(sample: Sample) -> Any:
    design, _ = declared(sample.n, None, None, sample.weights)

    def draw(count: int, rng: np.random.Generator) -> Weights:
        found = replicate_weights(design, Replication("subbootstrap", count), rng=rng)
        return Weights(found.weights(design.weights, slice(None)), scale=found.scale)

    return draw


def _league(one: Grouping, sums: _Sums) -> dict[str, Any]:
    names = sorted(set(one.groups) - {""})
    league: dict[str, Any] = {
        "name": one.name,
        "label": dict(one.label),
        "hidden": [name for name in names if name not in sums.names],
        "rows": [],
        "least_base": RULES.least_base,
    }
    if not sums.names:
        return league
    found = screened(_estimates(one, sums), RULES)
    league["hidden"] = sorted([*league["hidden"], *found.named("hide")])
    if found.estimates is not None:
        marked = set(found.named("mark"))
        league["rows"] = _rows(found.estimates, marked)
    return league


def _estimates(one: Grouping, sums: _Sums) -> Estimates:
    draws = np.concatenate(sums.draws)
    draws = draws[~np.isnan(draws).any(axis=1)]
    nothing = np.full(len(sums.names), np.nan)
    return Estimates(
        names=tuple(sums.names),
        values=sums.values,
        covariance=np.atleast_2d(np.cov(draws.T)),
        df=len(one.groups) - len(set(one.groups)),
        counts=sums.inside.sum(axis=0),
        deff=nothing,
        n_eff=nothing,
    )


def _rows(estimates: Estimates, marked: set[str]) -> list[dict[str, Any]]:
    """Return the rows from the highest to the lowest; small bases carry a shrunken estimate."""
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

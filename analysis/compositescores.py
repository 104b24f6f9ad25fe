"""PURE. Scores of units by a scheme, with what may be published of them; a worker computes it.

The rules of publication come first: a score on too few raters or of too large an error is hidden
and takes no rank, and the mean of a source by too few people is not printed, nor one from which
it could be had by subtraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.compositemessages import ALL_ALIKE, NO_ERROR, TOO_FEW
from analysis.sampling.composites import (
    Composite,
    Scheme,
    Source,
    comparable,
    composite,
    drawn_in,
    podium,
    sources_of,
)
from analysis.sampling.estimates import Estimates
from analysis.sampling.many import Place as Rank
from analysis.sampling.many import league_table
from analysis.sampling.publication import Rules, Verdict, protected, screened
from analysis.sampling.raters import Means, means_by_rater
from analysis.sampling.report_messages import MISSING_SOURCE
from foundation.problems import Place, Problem

Json = dict[str, Any]
Remarks = dict[str, list[Problem]]
FEWEST_DRAWN = 2
ALIKE = 1e-9
FIGURES = ("value", "se", "df", "low", "high")


@dataclass(frozen=True)
class Unit:
    """A unit with its score: what each source says of it, and those that have enough raters."""

    name: str
    said: Mapping[str, Source]
    counted: Mapping[str, Source]
    score: Composite

    @property
    def base(self) -> int:
        """Return the raters behind the score; one who speaks for two sources counts in both."""
        return sum(source.n for source in self.counted.values())


def score(scheme: Mapping[str, Any], ratings: Sequence[Sequence[Any]]) -> tuple[Json, Remarks]:
    """Return the scores of all units as JSON, the highest rank first, and remarks by unit.

    `scheme` is that of `analysis.compositescheme`, `ratings` those of
    `analysis.compositefields.read_ratings`. Scores lie on 0-100. A unit's `decision` is show,
    mark (a small base or a large error), hide or withhold; the last two carry no figures, and
    stand at the end by name.
    """
    means = _means(ratings)
    names = sorted({str(unit) for unit, *_ in ratings})
    units = [_unit(name, scheme, means) for name in names]
    estimates = comparable(
        {one.name: one.score for one in units}, {one.name: one.base for one in units}, means
    )
    rules = Rules(max(scheme["least_base"], scheme["least_people"]), scheme["small_base"])
    found = screened(estimates, rules)
    table = league_table(found.estimates) if found.estimates else []
    places = _places(table, found.estimates) if found.estimates else {}
    rows = [_row(one, found.verdicts.get(one.name), places.get(one.name)) for one in units]
    for row, one in zip(rows, units, strict=True):
        row["sources"] = _sources(one, means, scheme, shown=row["rank"] is not None)
    first = podium(table, scheme["places"])
    remarks = {one.name: _remarks(one, scheme, found.verdicts.get(one.name)) for one in units}
    answer = {
        "scheme": dict(scheme),
        "units": sorted(rows, key=lambda row: (row["rank"] or len(units) + 1, row["unit"])),
        "podium": {"named": list(first.named), "uncertain": first.uncertain},
        "by_rater": any(rater is not None for *_, rater in ratings),
    }
    return answer, remarks


def _means(ratings: Sequence[Sequence[Any]]) -> dict[str, Means]:
    """Return the mean ratings of each source, of all units that it rated."""
    found = {}
    for name in dict.fromkeys(str(source) for _, source, *_ in ratings):
        own = [one for one in ratings if one[1] == name]
        raters = ["" if rater is None else str(rater) for *_, rater in own]
        found[name] = means_by_rater([one[0] for one in own], [one[2] for one in own], raters)
    return found


def _unit(name: str, scheme: Mapping[str, Any], means: Mapping[str, Means]) -> Unit:
    said = sources_of(name, means)
    least = {one["name"]: one["least"] for one in scheme["sources"]}
    counted = {source: own for source, own in said.items() if own.n >= least[source]}
    weights = {one["name"]: one["weight"] / 100 for one in scheme["sources"]}
    return Unit(name, said, counted, composite(Scheme(weights, scheme["missing"]), counted))


def _places(table: Sequence[Rank], estimates: Estimates) -> dict[str, Json]:
    """Return rank, possible ranks, letters and the score drawn in, by name."""
    drawn = drawn_in(estimates) if len(estimates.names) >= FEWEST_DRAWN else None
    found: dict[str, Json] = {}
    for place in table:
        own: Json = {"rank": place.rank, "best": place.best, "worst": place.worst}
        own |= {"letters": place.letters, "drawn": None}
        if drawn is not None:
            at = estimates.names.index(place.name)
            own["drawn"] = {
                key: float(getattr(drawn, name)[at])
                for key, name in (("value", "values"), ("se", "se"), ("low", "low"),
                                  ("high", "high"))
            }  # fmt: skip
        found[place.name] = own
    return found


def _row(unit: Unit, verdict: Verdict | None, place: Json | None) -> Json:
    """Return a unit's figures; only a marked one carries its score drawn towards the mean."""
    row: Json = {"unit": unit.name, "base": unit.base, **dict.fromkeys(FIGURES)}
    row |= {"rank": None, "best": None, "worst": None, "letters": "", "drawn": None}
    if unit.score.value is None:
        return row | {"decision": "withhold"}
    if verdict is None or place is None:
        return row | {"decision": "hide"}
    row |= {name: getattr(unit.score, name) for name in FIGURES} | place
    if verdict.decision != "mark":
        row["drawn"] = None
    return row | {"decision": verdict.decision}


def _sources(
    unit: Unit, means: Mapping[str, Means], scheme: Mapping[str, Any], *, shown: bool
) -> dict[str, Json]:
    """Return what each source says of a unit: always how many, the mean where it may be shown."""
    counts = [source.n for source in unit.counted.values()]
    secret = dict(zip(unit.counted, protected(counts, scheme["least_people"]), strict=True))
    found: dict[str, Json] = {}
    for name, source in unit.said.items():
        may_show = shown and not secret.get(name, True)
        own = means[name]
        found[name] = {
            "raters": source.n,
            "ratings": int(own.ratings[own.units.index(unit.name)]),
            "weight": unit.score.weights.get(name) if shown else None,
            "mean": source.mean if may_show else None,
            "se": source.se if may_show else None,
        }
    return found


def _remarks(unit: Unit, scheme: Mapping[str, Any], verdict: Verdict | None) -> list[Problem]:
    least = {one["name"]: one["least"] for one in scheme["sources"]}
    few = [name for name in unit.said if name not in unit.counted]
    told = [
        one for one in unit.score.remarks
        if not (one.message == MISSING_SOURCE and one.place.item in few)
    ]  # fmt: skip
    told += [
        TOO_FEW.at(Place(item=name), name=name, count=unit.said[name].n, least=least[name])
        for name in few
    ]
    told += [
        ALL_ALIKE.at(Place(item=name), name=name, count=source.n)
        for name, source in unit.counted.items()
        if source.se is not None and source.se < ALIKE
    ]
    if unit.score.value is not None and unit.score.se is None:
        told.append(NO_ERROR.at(Place(item=unit.name)))
    return told + list(verdict.reasons if verdict else ())

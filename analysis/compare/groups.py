"""PURE. The cases of a comparison: which group each belongs to, checked before anything else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analysis.compare import messages
from analysis.model import cases
from analysis.model.layout import layout
from analysis.model.run import full_sample
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from analysis.model.layout import Layout
    from analysis.model.settings import Settings
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    Rows = NDArray[np.intp]

MOST = 30
UNEQUAL = 4


@dataclass(frozen=True)
class Groups:
    """The cases that enter a comparison.

    Parameters
    ----------
    values : (n, p)     answers; missing codes blanked, items turned
    weights : (n,)      case weights, or None
    codes : (n,)        the position in `names` of each case's group
    people : (n,)       the number of the person behind each case; all different when groups
                        share nobody
    names               of the groups, in alphabetical order
    kept : (n,)         the row of each case in the data that were given
    problems            warnings
    """

    model: Model
    settings: Settings
    values: FloatArray
    weights: FloatArray | None
    codes: Rows
    people: Rows
    names: tuple[str, ...]
    kept: Rows
    problems: tuple[Problem, ...] = ()

    @cached_property
    def plan(self) -> Layout:
        """Return the positions of the model's items and constructs."""
        return layout(self.model)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Return the number of cases in each group."""
        return tuple(np.bincount(self.codes, minlength=len(self.names)).tolist())

    def rows(self, *groups: int) -> Rows:
        """Return the rows of the cases in any of some groups, in the order of the data."""
        return np.flatnonzero(np.isin(self.codes, groups))

    def shared(self, first: int, second: int) -> int:
        """Return how many persons are in both of two groups."""
        return len(
            np.intersect1d(self.people[self.codes == first], self.people[self.codes == second])
        )


def grouped(
    model: Model,
    data: FloatArray,
    labels: Sequence[str],
    settings: Settings,
    *,
    weights: FloatArray | None = None,
    people: Sequence[str] | None = None,
) -> Groups:
    """Return the checked cases of a comparison; ProblemsError lists all that is wrong.

    Every group is fitted once, so that what cannot be estimated is refused with its group named.

    Parameters
    ----------
    data : (n, p)   answers, in the order of `model.indicators`
    labels : (n,)   the group of each case; an empty text is no group, and the case is left out
    people : (n,)   who answered; the same text in two groups is the same person
    """
    problems = cases.shape_problems(model, data, weights)
    problems += plainness(model, settings)
    problems += _lengths(len(data), labels, people)
    cases.raise_errors(problems)
    values = cases.prepared(model, data)
    usable = cases.usable_rows(values, weights, settings.missing)
    inside = np.array([bool(label.strip()) for label in labels])
    kept = np.flatnonzero(usable & inside)
    own = [labels[row].strip() for row in kept.tolist()]
    names = tuple(sorted(set(own)))
    place = {name: code for code, name in enumerate(names)}
    persons, unnamed = _numbered(people, kept)
    found = Groups(
        model,
        settings,
        values[kept],
        None if weights is None else weights[kept],
        np.array([place[name] for name in own], dtype=np.intp),
        persons,
        names,
        kept,
    )
    said = [*_left_out(int((usable & ~inside).sum())), *unnamed, *_number(found.names)]
    cases.raise_errors(said)
    said += _repeated(found, people, kept)
    said += [p for group in range(len(names)) for p in _fitting(found, data[kept], group)]
    said += _sizes(found)
    return replace(found, problems=cases.raise_errors(said))


def plainness(model: Model, settings: Settings) -> Iterator[Problem]:
    """Yield an error for each part of a model, and the setting, that no comparison covers."""
    if settings.missing == "imputation":
        yield messages.NOT_IMPUTED.at(Place(item="missing"))
    if any(construct.parts for construct in model.constructs):
        yield messages.NOT_PLAIN.at(Place(item="constructs"), what="higher-order constructs")
    if model.interactions:
        yield messages.NOT_PLAIN.at(Place(item="interactions"), what="interactions")


def _lengths(n: int, labels: Sequence[str], people: Sequence[str] | None) -> Iterator[Problem]:
    for what, found in (("groups", labels), ("persons", people)):
        if found is not None and len(found) != n:
            yield messages.WRONG_LENGTH.at(Place(), what=what, found=len(found), expected=n)


def _numbered(people: Sequence[str] | None, kept: Rows) -> tuple[Rows, list[Problem]]:
    """Return (n,) numbers of persons in order of appearance; unnamed cases stand alone."""
    if people is None:
        return np.arange(len(kept)), []
    keys = [people[row].strip() or row for row in kept.tolist()]
    numbers: dict[str | int, int] = {}
    found = [numbers.setdefault(key, len(numbers)) for key in keys]
    unnamed = sum(isinstance(key, int) for key in keys)
    said = [messages.PERSON_UNNAMED.at(Place(), count=unnamed)] if unnamed else []
    return np.array(found, dtype=np.intp), said


def _left_out(count: int) -> list[Problem]:
    return [messages.WITHOUT_GROUP.at(Place(), count=count)] if count else []


def _number(names: tuple[str, ...]) -> Iterator[Problem]:
    if not names:
        yield messages.NO_GROUPS.at(Place())
    elif len(names) == 1:
        yield messages.ONE_GROUP.at(Place(), name=names[0])
    elif len(names) > MOST:
        yield messages.MANY_GROUPS.at(Place(), found=len(names), most=MOST)


def _repeated(groups: Groups, people: Sequence[str] | None, kept: Rows) -> Iterator[Problem]:
    if people is None:
        return
    pairs = zip(groups.codes.tolist(), (people[row].strip() for row in kept.tolist()), strict=True)
    counts = Counter((code, person) for code, person in pairs if person)
    twice = [(key, count) for key, count in counts.items() if count > 1]
    for (code, person), count in twice[: cases.LISTED]:
        place = Place(item=groups.names[code])
        yield messages.PERSON_TWICE.at(place, person=person, count=count, group=groups.names[code])


def _fitting(groups: Groups, data: FloatArray, group: int) -> list[Problem]:
    """Return what a fit of one group alone complains of, with the group as the place."""
    rows = groups.rows(group)
    weights = None if groups.weights is None else groups.weights[rows]
    try:
        found = full_sample(groups.model, data[rows], weights, groups.settings).problems
    except ProblemsError as error:
        found = error.problems
    name = groups.names[group]
    return [
        replace(problem, place=replace(problem.place, item=_inside(name, problem.place)))
        for problem in found
    ]


def _inside(name: str, place: Place) -> str:
    return f"{name}: {place.item}" if place.item else name


def _sizes(groups: Groups) -> Iterator[Problem]:
    least, most = min(groups.sizes), max(groups.sizes)
    if most > UNEQUAL * least:
        name = groups.names[groups.sizes.index(least)]
        yield messages.UNEQUAL_SIZES.at(Place(item=name), times=f"{most / least:.1f}", name=name)

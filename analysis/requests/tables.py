"""PURE. A set of banner tables as a researcher asks for it, checked before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analysis.requests import messages
from analysis.requests.variables import Known
from foundation.problems import Place, Problem, ProblemsError, nearest

CORRECTIONS = ("benjamini-hochberg", "bonferroni", "none")
MOST_COLUMNS = 26
MOST_ROWS = 60
Json = dict[str, Any]


@dataclass(frozen=True)
class TablesEntry:
    """A set of tables as entered.

    rows        questions, one table each
    banner      questions whose categories are the columns, beside the total
    filter_by   question by which respondents are kept; empty: all
    kept        codes of its answers that are kept
    correction  of significance tests, for many comparisons: one of CORRECTIONS
    """

    title: str
    rows: tuple[str, ...]
    banner: tuple[str, ...] = ()
    filter_by: str = ""
    kept: tuple[str, ...] = ()
    correction: str = CORRECTIONS[0]

    def to_json(self) -> Json:
        """Return the entry as an object that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> TablesEntry:
        """Return the entry that `to_json` wrote."""
        lists = {name: tuple(stored[name]) for name in ("rows", "banner", "kept")}
        return cls(**{**stored, **lists})


def read_entry(entry: TablesEntry, known: Mapping[str, Known]) -> TablesEntry:
    """Return the entry when it is right, or raise all that is wrong with it together."""
    problems = [*_row_problems(entry, known), *_banner_problems(entry, known)]
    problems += _filter_problems(entry, known)
    if entry.correction not in CORRECTIONS:
        place = Place(item="correction")
        problems.append(messages.UNKNOWN_CORRECTION.at(place, value=entry.correction))
    if problems:
        raise ProblemsError(problems)
    return entry


def _row_problems(entry: TablesEntry, known: Mapping[str, Known]) -> list[Problem]:
    place = Place(item="rows")
    if not entry.rows:
        return [messages.NO_ROWS.at(place)]
    if len(entry.rows) > MOST_ROWS:
        return [messages.MANY_ROWS.at(place, count=len(entry.rows), most=MOST_ROWS)]
    return _unknown(entry.rows, "rows", known)


def _banner_problems(entry: TablesEntry, known: Mapping[str, Known]) -> list[Problem]:
    problems = _unknown(entry.banner, "banner", known)
    for name in entry.banner:
        one, place = known.get(name), Place(item=name)
        if one is not None and not one.has_categories:
            problems.append(messages.NO_CATEGORIES.at(place, name=name))
        elif one is not None and len(one.codes) > MOST_COLUMNS:
            count, most = len(one.codes), MOST_COLUMNS
            problems.append(messages.MANY_COLUMNS.at(place, name=name, count=count, most=most))
    return problems


def _filter_problems(entry: TablesEntry, known: Mapping[str, Known]) -> list[Problem]:
    place = Place(item="filter")
    if bool(entry.filter_by) != bool(entry.kept):
        return [messages.FILTER_INCOMPLETE.at(place)]
    problems = _unknown((entry.filter_by,) if entry.filter_by else (), "filter", known)
    codes = known[entry.filter_by].codes if entry.filter_by in known else {}
    wrong = [code for code in entry.kept if codes and code not in codes]
    listed = ", ".join(codes)
    return problems + [
        messages.FILTER_LEVEL.at(place, name=entry.filter_by, level=code, known=listed)
        for code in wrong
    ]


def _unknown(names: tuple[str, ...], part: str, known: Mapping[str, Known]) -> list[Problem]:
    return [
        messages.NO_SUCH_QUESTION.at(Place(item=part), name=name, near=nearest(name, known))
        for name in names
        if name not in known
    ]

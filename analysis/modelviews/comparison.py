"""PURE. A comparison of groups, and a search for segments, as tables: the verdict first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.modelviews.sheets import Cell, Column, Number, Row, Said, Sheet, numbers
from analysis.modelviews.stored import CONSTRUCT, Stored
from analysis.report import Texts
from foundation.problems import N_

VERDICTS = {
    "full": (N_("comparable"), N_("The constructs mean the same, with equal means and variances.")),
    "partial": (N_("partly comparable"),
                N_("The constructs mean the same: paths may be compared, pooling is not allowed.")),
    "none": (N_("not comparable"),
             N_("The constructs mean different things: differences of paths say nothing.")),
}  # fmt: skip
UNTESTED = (
    N_("not tested"),
    N_("Invariance (MICOM) needs permutations, which neither weights nor clusters allow."),
)
CLEAR, OPEN = N_("differ"), N_("no clear difference")
ALPHA = 0.05
TESTED = numbers(
    ("difference", N_("Difference")),
    ("se", N_("Standard error")),
    ("low", "2.5 %"),
    ("high", "97.5 %"),
    ("p", N_("p value")),
    ("p_adjusted", N_("p corrected")),
)
WORD = Column("word", N_("In words"))
PAIR = Column("pair", N_("Groups"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is stored of a comparison, the test that is shown, and what to call the groups."""

    numbers: Mapping[str, Any]
    method: str
    groups: Mapping[str, Texts]

    @property
    def stored(self) -> Stored:
        """Return the labels of the constructs."""
        return Stored(self.numbers)

    def group(self, code: str) -> Texts:
        """Return what to call a group."""
        return self.groups.get(code) or {"und": code}


def methods_of(stored: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tests that a stored comparison has p values of, in the order of the pages."""
    for pair in stored["pairs"]:
        for own in pair["differences"].get("index_0_100", {}).values():
            return tuple(own["p"])
    return ()


def comparison(found: Comparison) -> tuple[Sheet, ...]:
    """Return the verdict on each pair of groups, the groups, their differences, and MICOM."""
    return (
        _verdicts(found),
        _sizes(found),
        _differences(found, "paths", N_("Differences of paths")),
        _differences(found, "index_0_100", N_("Differences of indices 0-100"), 1),
        _differences(found, "total_effects", N_("Differences of total effects")),
        _differences(found, "r2", N_("Differences of explained variance R²")),
        _micom(found),
    )


def _verdicts(found: Comparison) -> Sheet:
    rows: list[Row] = []
    for pair in found.numbers["pairs"]:
        own = pair["micom"]["verdict"] if pair["micom"] else None
        word, why = VERDICTS.get(own or "", UNTESTED)
        rows.append((*_ends(found, pair), Said(word), Said(why)))
    columns = (PAIR, Column("second", N_("against")), WORD, Column("why", N_("Because")))
    title = N_("May the groups be compared? (MICOM)")
    return Sheet("verdicts", title, columns, tuple(rows))


def _ends(found: Comparison, pair: Mapping[str, Any]) -> tuple[Texts, Texts]:
    return found.group(pair["first"]), found.group(pair["second"])


def _sizes(found: Comparison) -> Sheet:
    names = list(next(iter(found.numbers["groups"].values())).get("index_0_100", ()))
    rows: tuple[Row, ...] = tuple(
        (found.group(code), Number(own["n"], 0),
         *(Number(own["index_0_100"][name]["value"], 1) for name in names))
        for code, own in found.numbers["groups"].items()
    )  # fmt: skip
    columns = (
        Column("group", N_("Group")),
        *numbers(("n", N_("Respondents"))),
        *(Column(name, found.stored.label(name), is_number=True) for name in names),
    )
    note = Said(N_("In each column the index 0-100 of a construct."))
    return Sheet("groups", N_("Groups"), columns, rows, note)


def _differences(found: Comparison, key: str, title: str, digits: int = 3) -> Sheet:
    rows: list[Row] = []
    for pair in found.numbers["pairs"]:
        first, second = _ends(found, pair)
        for what, own in _of_kind(found, pair["differences"].get(key, ())):
            rows.append((second, first, what, *_tested(own, found.method, digits)))
    columns = (
        PAIR, Column("minus", N_("minus")), Column("of", N_("Of")), *TESTED, WORD,
    )  # fmt: skip
    return Sheet(f"differences_{key}", title, columns, tuple(rows))


def _of_kind(found: Comparison, stored: Any) -> Iterator[tuple[Cell, Mapping[str, Any]]]:
    if isinstance(stored, Mapping):
        for name, own in stored.items():
            yield found.stored.label(name), own
        return
    for own in stored:
        yield found.stored.route(own["from"], own["to"]), own


def _tested(own: Mapping[str, Any], method: str, digits: int) -> tuple[Cell, ...]:
    low, high = own["ci95_percentile"] or (None, None)
    raw, adjusted = own["p"].get(method), own["p_adjusted"].get(method)
    word = Said(CLEAR if adjusted is not None and adjusted < ALPHA else OPEN)
    values = (own["difference"], own["se"], low, high)
    return (
        *(Number(value, digits) for value in values),
        Number(raw, is_p=True),
        Number(adjusted, is_p=True),
        word,
    )


def _micom(found: Comparison) -> Sheet:
    steps = (
        ("c", N_("Correlation c of scores")),
        ("mean_difference", N_("Difference of means")),
        ("log_variance_ratio", N_("Log ratio of variances")),
    )
    rows: list[Row] = []
    for pair in found.numbers["pairs"]:
        for name, own in (pair["micom"] or {}).get("constructs", {}).items():
            values = [cell for key, _ in steps for cell in _step(own[key])]
            word, _why = VERDICTS.get(own["verdict"] or "", UNTESTED)
            rows.append((*_ends(found, pair), found.stored.label(name), Said(word), *values))
    columns = (
        PAIR,
        Column("second", N_("against")),
        CONSTRUCT,
        WORD,
        *(
            column
            for key, title in steps
            for column in numbers((key, title), (f"{key}_p", N_("p value")))
        ),
    )
    note = Said(
        N_("Step 1 (same items, same treatment) is met by construction. Step 2: p of c below 0.05 "
           "says that the scores differ. Step 3: means and variances.")
    )  # fmt: skip
    return Sheet("micom", N_("Measurement invariance by construct"), columns, tuple(rows), note)


def _step(own: Mapping[str, Any]) -> tuple[Number, Number]:
    return Number(own["value"], 4), Number(own["p"], is_p=True)


SEGMENTS = numbers(
    ("segments", N_("Segments")), ("aic3", "AIC3"), ("aic4", "AIC4"), ("bic", "BIC"),
    ("caic", "CAIC"), ("entropy", N_("Entropy EN")),
)  # fmt: skip


def segmentation(numbers_: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """Return the criteria of every number of segments, and paths by segment of the best."""
    rows = tuple(
        (
            Number(own["segments"], 0),
            *(Number(own[key], 1) for key in ("aic3", "aic4", "bic", "caic")),
            Number(own["entropy"]),
            Said(N_("supported")) if own["segments"] == numbers_["supported_segments"] else "",
        )
        for own in numbers_["solutions"]
    )
    columns = (*SEGMENTS, Column("chosen", N_("Supported")))
    first = Sheet("criteria", N_("How many segments?"), columns, rows)
    return (first, *_by_segment(numbers_))


def _by_segment(numbers_: Mapping[str, Any]) -> Iterator[Sheet]:
    stored = Stored(numbers_)
    for own in numbers_["solutions"]:
        parts = own["by_segment"]
        if len(parts) < 2:  # noqa: PLR2004 - one segment is the model itself
            continue
        columns = (
            Column("path", N_("Path")),
            *(
                Column(f"segment_{place}", {"und": _share(part, place)}, is_number=True)
                for place, part in enumerate(parts, start=1)
            ),
        )
        rows = tuple(
            (stored.route(arrow["from"], arrow["to"]), *_values(parts, at))
            for at, arrow in enumerate(parts[0]["paths"])
        )
        title = {2: N_("Two segments"), 3: N_("Three segments"), 4: N_("Four segments")}
        yield Sheet(f"segments_{len(parts)}", title.get(len(parts), N_("Segments")), columns, rows)


def _share(part: Mapping[str, Any], place: int) -> str:
    return f"{place}: {100 * part['share']:.0f} %"


def _values(parts: list[Mapping[str, Any]], at: int) -> tuple[Cell, ...]:
    return tuple(Number(part["paths"][at]["value"]) for part in parts)

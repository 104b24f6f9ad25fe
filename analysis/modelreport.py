"""PURE. The researcher's tables of a fitted model, from stored numbers; never computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.report import Estimate, Texts, rounded

DIGITS = 3
Numbers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a construct; `share` is its part of the construct's index, of one."""

    construct: Texts
    item: str
    loading: Estimate
    weight: Estimate
    share: str


@dataclass(frozen=True, slots=True)
class ConstructRow:
    """How well a construct is measured; reliabilities are None for a single item.

    r2   explained share of its variance; None when no path leads to it
    """

    construct: Texts
    items: int
    index: Estimate
    alpha: Estimate | None
    rho_a: Estimate | None
    rho_c: Estimate | None
    variance: Estimate | None
    r2: Estimate | None


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What one construct does to another.

    path      the standardised coefficient of their arrow; None when there is none
    total     directly and through others, standardised
    impact    points of the target's index per point of the source's; None where the source is a
              product of constructs, which has no index
    """

    source: Texts
    target: Texts
    path: Estimate | None
    total: Estimate
    impact: Estimate | None
    f2: str
    inflation: str


@dataclass(frozen=True, slots=True)
class ModelReport:
    """Every table of the page, and the fit of the whole by name."""

    items: tuple[ItemRow, ...]
    constructs: tuple[ConstructRow, ...]
    effects: tuple[EffectRow, ...]
    srmr: str
    cases: int
    iterations: int


def build(numbers: Numbers) -> ModelReport:
    """Return the tables of a stored wave: `numbers` as `analysis.wavefit.numbers` made them."""
    run = numbers["run"]
    return ModelReport(
        items=tuple(
            _item(numbers, name, item) for name, own in numbers["items"].items() for item in own
        ),
        constructs=tuple(_construct(numbers, name) for name in numbers["items"]),
        effects=tuple(_effect(numbers, own) for own in run["total_effects"]),
        srmr=_text(run["fit"]["srmr"]),
        cases=int(run["n"]),
        iterations=int(run["iterations"]),
    )


def _item(numbers: Numbers, name: str, item: str) -> ItemRow:
    run, errors = numbers["run"], numbers["errors"]
    return ItemRow(
        numbers["labels"][name],
        item,
        _estimate(run["loadings"][name][item], errors["loadings"][item]),
        _estimate(run["outer_weights"][name][item], errors["outer_weights"][item]),
        _text(run["index"][name]["normalised_weights"][item]),
    )


def _construct(numbers: Numbers, name: str) -> ConstructRow:
    run, errors = numbers["run"], numbers["errors"]

    def found(key: str) -> Estimate | None:
        stored = errors.get(key, {}).get(name)
        value = run[key].get(name)
        return None if stored is None or value is None else _estimate(value, stored)

    index = _estimate(run["index"][name]["index_0_100"], errors["index_0_100"][name], 2)
    return ConstructRow(
        numbers["labels"][name],
        len(numbers["items"][name]),
        index,
        found("cronbach_alpha"),
        found("rho_A"),
        found("rho_C"),
        found("AVE"),
        found("r2"),
    )


def _effect(numbers: Numbers, own: Mapping[str, Any]) -> EffectRow:
    run, errors, source, target = numbers["run"], numbers["errors"], own["from"], own["to"]

    def found(key: str, value: str) -> Estimate | None:
        point, error = _arrow(run[key], source, target), _arrow(errors[key], source, target)
        return _estimate(point[value], error) if point and error else None

    total = found("total_effects", "total")
    assert total is not None  # noqa: S101 - stored together
    return EffectRow(
        numbers["labels"].get(source, {"und": source}),
        numbers["labels"].get(target, {"und": target}),
        found("paths", "value"),
        total,
        found("impacts", "value"),
        _text(run["f2"].get(target, {}).get(source)),
        _text(run["vif_inner"].get(target, {}).get(source)),
    )


def _arrow(rows: list[Mapping[str, Any]], source: str, target: str) -> Mapping[str, Any] | None:
    return next((row for row in rows if (row["from"], row["to"]) == (source, target)), None)


def _estimate(value: float, error: Mapping[str, Any], digits: int = DIGITS) -> Estimate:
    low, high = error["ci95_percentile"]
    return Estimate(float(value), float(error["se"]), float(low), float(high), digits)


def _text(value: float | None) -> str:
    return "" if value is None else rounded(float(value), DIGITS)

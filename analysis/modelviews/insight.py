"""PURE. Mediation, importance and performance, and the second opinion, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.modelviews.sheets import Cell, Column, Number, Said, Sheet, numbers
from analysis.modelviews.stored import Stored
from foundation.problems import N_

INTERVAL = (
    ("value", N_("Value")),
    ("se", N_("Standard error")),
    ("low", "2.5 %"),
    ("high", "97.5 %"),
)
ROUTE = Column("route", N_("Route"))
NO_ROUTE = Said(N_("No effect of this model runs by a third construct."))
LEVERS = numbers(
    ("importance", N_("Importance")),
    ("importance_low", "2.5 %"),
    ("importance_high", "97.5 %"),
    ("performance", N_("Performance, 0-100")),
    ("performance_low", "2.5 %"),
    ("performance_high", "97.5 %"),
)
FIT = (
    ("chisq", N_("Chi-square")), ("df", N_("Degrees of freedom")), ("pvalue", N_("p value")),
    ("cfi", "CFI"), ("tli", "TLI"), ("rmsea", "RMSEA"), ("rmsea.ci.lower", N_("RMSEA, 5 %")),
    ("rmsea.ci.upper", N_("RMSEA, 95 %")), ("srmr", "SRMR"), ("gfi", "GFI"), ("aic", "AIC"),
    ("bic", "BIC"),
)  # fmt: skip


def mediation(stored: Stored, found: list[Mapping[str, Any]]) -> tuple[Sheet, ...]:
    """Return every mediated effect with its kind in words, and every single route."""
    effects = tuple(
        (
            stored.route(own["from"], own["to"]),
            *_figure(own["indirect"]),
            Number(own["direct"]["value"] if own["direct"] else None),
            Number(own["total"]["value"]),
            Number(own["vaf"]["value"] if own["vaf"] else None),
            Said(own["words"] or N_("an interval needs resamples")),
        )
        for own in found
    )
    routes = tuple(
        (stored.route(*each["route"]), *_figure(each)) for own in found for each in own["specific"]
    )
    columns = (
        Column("effect", N_("Effect")),
        *numbers(*INTERVAL, ("direct", N_("Direct")), ("total", N_("Total")), ("vaf", "VAF")),
        Column("kind", N_("In words")),
    )
    note = None if found else NO_ROUTE
    return (
        Sheet("mediation", N_("Mediated effects"), columns, effects, note),
        Sheet("specific_indirect", N_("Specific indirect effects"),
              (ROUTE, *numbers(*INTERVAL)), routes),
    )  # fmt: skip


def importance(stored: Stored, found: Mapping[str, Any], target: str) -> tuple[Sheet, ...]:
    """Return importance and performance of constructs and of items for one target."""
    own = found[target]
    note = Said(N_("Importance: points of the target's index for each point of the driver."))
    constructs = tuple((stored.label(row["construct"]), *_lever(row)) for row in own["constructs"])
    items = tuple(
        (stored.label(row["construct"]), row["item"], *_lever(row)) for row in own["items"]
    )
    name = Column("construct", N_("Construct"))
    return (
        Sheet("importance_constructs", N_("Importance and performance of constructs"),
              (name, *LEVERS), constructs, note),
        Sheet("importance_items", N_("Importance and performance of items"),
              (name, Column("item", N_("Item")), *LEVERS), items),
    )  # fmt: skip


def opinion(found: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """Return fit and estimates of the second opinion by covariance-based SEM."""
    if not found.get("converged"):
        return ()
    fit = found["fit"]
    rows = tuple(
        (title, Number(fit.get(key), 0 if key == "df" else 3, is_p=key == "pvalue"))
        for key, title in FIT
        if fit.get(key) is not None
    )
    columns = (Column("measure", N_("Measure")), *numbers(("value", N_("Value"))))
    estimates = tuple(_parameters(found["parameters"]))
    return (
        Sheet("cbsem_fit", N_("Fit"), columns, tuple((Said(a), b) for a, b in rows)),
        Sheet("cbsem_parameters", N_("Estimates"), PARAMETERS, estimates),
    )


PARAMETERS = (
    Column("lhs", N_("Left")), Column("op", ""), Column("rhs", N_("Right")),
    *numbers(("est", N_("Estimate")), ("se", N_("Standard error")), ("z", "z"),
             ("pvalue", N_("p value")), ("std.all", N_("Standardised"))),
)  # fmt: skip


def _parameters(found: list[Mapping[str, Any]]) -> Iterator[tuple[Cell, ...]]:
    for own in found:
        names = (own["lhs"], own["op"], own["rhs"])
        cells = (Number(own[c.key], is_p=c.key == "pvalue") for c in PARAMETERS[3:])
        yield (*names, *cells)


def _figure(own: Mapping[str, Any]) -> tuple[Cell, ...]:
    low, high = own.get("ci95") or (None, None)
    return tuple(Number(cell) for cell in (own["value"], own.get("se"), low, high))


def _lever(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for key, digits in (("importance", 3), ("performance", 1)):
        low, high = row[key].get("ci95") or (None, None)
        cells += [Number(cell, digits) for cell in (row[key]["value"], low, high)]
    return tuple(cells)

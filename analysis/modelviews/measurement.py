"""PURE. The measurement tables of a fitted model, in the order that users of SmartPLS know."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.modelviews.sheets import Cell, Column, Number, Row, Said, Sheet, numbers
from analysis.modelviews.stored import CONSTRUCT, ERRORS, Stored, by_item, measured
from analysis.modelviews.structure import VALUE, square
from foundation.problems import N_

ITEM = Column("item", N_("Item"))
SINGLE = Said(N_("A single item has no reliability of its own; no number is printed for it."))
DIAGONAL = Said(N_("On the diagonal the root of the average variance extracted (AVE)."))
RELIABILITY = (
    ("cronbach_alpha", N_("Cronbach's alpha")),
    ("rho_A", "rho_A"),
    ("rho_C", N_("Composite reliability rho_C")),
    ("AVE", N_("Average variance extracted (AVE)")),
)
TWO = (
    CONSTRUCT,
    *numbers(
        ("index", N_("Index")),
        ("fixed", N_("SE, weights fixed")),
        ("re_estimated", N_("SE, re-estimated")),
        ("model_share", N_("Model share, %")),
        ("deff", N_("Design effect")),
        ("n_eff", N_("Effective base")),
    ),
)
TWO_NOTE = Said(
    N_(
        "Weights fixed: the index as the mean of the respondents' scores, by linearisation under "
        "the sampling design. Re-estimated: every resample takes the weighting and the model "
        "anew; this is the error of the report. Model share: what the second variance adds to the "
        "first; the two differ by chance, too, so that it can fall below zero. The design effect "
        "is against a simple random sample."
    )
)


def measurement(stored: Stored) -> tuple[Sheet, ...]:
    """Return loadings, weights, indices, reliability, validity and collinearity of the items."""
    return (
        _items(stored, "loadings", N_("Outer loadings")),
        _items(stored, "outer_weights", N_("Outer weights")),
        _indices(stored),
        _side_by_side(stored),
        _reliability(stored),
        *(_reliable(stored, key, title) for key, title in RELIABILITY),
        square(stored, "htmt_raw_correlations", N_("Discriminant validity: HTMT")),
        square(stored, "fornell_larcker", N_("Discriminant validity: Fornell-Larcker"), DIAGONAL),
        _crossed(stored),
        _inflation(stored),
    )


def _items(stored: Stored, key: str, title: str) -> Sheet:
    rows: tuple[Row, ...] = tuple(
        (stored.label(name), item, *measured(value, stored.error(key, item)))
        for name, item, value in by_item(stored, key)
    )
    return Sheet(key, title, (CONSTRUCT, ITEM, *ERRORS), rows)


def _indices(stored: Stored) -> Sheet:
    own: Mapping[str, Mapping[str, float]] = stored.run["index"]
    columns = (CONSTRUCT, *ERRORS, *numbers(("sd", N_("Spread of respondents"))))
    rows: tuple[Row, ...] = tuple(
        (
            stored.label(name),
            *measured(found["index_0_100"], stored.error("index_0_100", name), digits=1),
            Number(found["sd_of_scores"], 1),
        )
        for name, found in own.items()
    )
    return Sheet("indices", N_("Indices 0-100"), columns, rows)


def _side_by_side(stored: Stored) -> Sheet:
    fixed: Mapping[str, Mapping[str, float | None]] = stored.numbers.get("fixed", {})
    rows: tuple[Row, ...] = tuple(
        (stored.label(name), Number(stored.run["index"][name]["index_0_100"], 1), *_errors(*pair))
        for name in stored.run["index"]
        if (pair := (fixed.get(name), stored.error("index_0_100", name))) and all(pair)
    )
    return Sheet("index_errors", N_("Errors of the indices, side by side"), TWO, rows, TWO_NOTE)


def _errors(
    fixed: Mapping[str, float | None] | None, again: Mapping[str, float] | None
) -> tuple[Cell, ...]:
    """Return both errors, the share of the variance that the model adds, and the design effect."""
    assert fixed is not None and again is not None  # noqa: S101, PT018 - asked before
    held, whole = fixed["se"], again["se"]
    share = 100.0 * (1.0 - held**2 / whole**2) if held is not None and whole else None
    return (
        Number(held),
        Number(whole),
        Number(share, 1),
        Number(fixed["deff"], 2),
        Number(fixed["n_eff"], 0),
    )


def _reliability(stored: Stored) -> Sheet:
    names = list(stored.numbers["items"])
    items = {name: len(own) for name, own in stored.numbers["items"].items()}
    rows: tuple[Row, ...] = tuple(
        (stored.label(name), Number(items[name], 0), *_quality(stored, name)) for name in names
    )
    columns = (CONSTRUCT, *numbers(("items", N_("Items")), *RELIABILITY))
    return Sheet("reliability", N_("Construct reliability and validity"), columns, rows, SINGLE)


def _quality(stored: Stored, name: str) -> tuple[Cell, ...]:
    single = len(stored.numbers["items"][name]) == 1
    return tuple(Number(None if single else stored.run[key].get(name)) for key, _ in RELIABILITY)


def _reliable(stored: Stored, key: str, title: str) -> Sheet:
    rows: tuple[Row, ...] = tuple(
        (stored.label(name), *measured(stored.run[key].get(name), error))
        for name in stored.numbers["items"]
        if (error := stored.error(key, name))
    )
    return Sheet(f"{key}_errors", title, (CONSTRUCT, *ERRORS), rows)


def _crossed(stored: Stored) -> Sheet:
    found: Mapping[str, Mapping[str, float]] = stored.run["cross_loadings"]
    names = list(next(iter(found.values()), {}))
    rows: tuple[Row, ...] = tuple(
        (item, *(Number(own[name]) for name in names)) for item, own in found.items()
    )
    columns = tuple(Column(name, stored.label(name), is_number=True) for name in names)
    return Sheet("cross_loadings", N_("Cross loadings"), (ITEM, *columns), rows)


def _inflation(stored: Stored) -> Sheet:
    rows: tuple[Row, ...] = tuple(
        (stored.label(name), item, Number(value))
        for name, item, value in by_item(stored, "vif_outer")
    )
    title = N_("Collinearity of items (VIF)")
    return Sheet("vif_outer", title, (CONSTRUCT, ITEM, *VALUE), rows)

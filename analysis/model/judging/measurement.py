"""PURE. Judging how the items measure their constructs, and whether the constructs differ."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from analysis.model.judging.rows import MODE_B, NOT_POSITIVE, SINGLE, Row, undefined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model.judging.lookup import Lookup
    from analysis.model.specify import Construct

RELIABILITIES = ("alpha", "rho_A", "rho_C", "AVE")
RATIOS = ("htmt", "htmt_absolute", "htmt2")


def measurement_rows(found: Lookup) -> list[Row]:
    """Return the rows of loadings, reliabilities and discriminant validity."""
    model = found.fit.model
    reasons = {c.name: reason for c in model.constructs if (reason := without(c))}
    items = [row for construct in model.constructs for row in _items(found, construct)]
    reliabilities = [
        row for kind in RELIABILITIES for row in found.rows(kind, model.names, reasons)
    ]
    apart = {name: reason for name, reason in reasons.items() if reason == MODE_B}
    return [
        *items,
        *reliabilities,
        *found.rows("fornell", model.names, apart),
        *(row for kind in RATIOS for row in _ratios(found, kind, apart)),
    ]


def without(construct: Construct) -> str:
    """Return why a construct has no reliability, or an empty text when it has."""
    if len(construct.indicators) == 1:
        return SINGLE
    return MODE_B if construct.mode == "B" else ""


def _items(found: Lookup, construct: Construct) -> Iterator[Row]:
    """Yield loadings, and in mode B weights and inflation too; a single item stands for itself."""
    name = construct.name
    if len(construct.indicators) == 1:
        yield undefined("loading", construct.indicators[0], SINGLE)
        return
    for item in construct.indicators:
        yield found.row("loading", item, name)
        yield found.row("cross_loading", item, name)
        if construct.mode == "B":
            yield found.row("weight", item, name)
            yield found.row("vif_outer", item)


def _ratios(found: Lookup, kind: str, apart: dict[str, str]) -> Iterator[Row]:
    for second, first in combinations(found.fit.model.names, 2):
        shown = f"{second} ~ {first}"
        if first in apart or second in apart:
            yield undefined(kind, shown, MODE_B)
        elif found.figure(kind, first, second).value == 0:
            yield undefined(kind, shown, NOT_POSITIVE)
        else:
            yield found.row(kind, first, second, shown=shown)

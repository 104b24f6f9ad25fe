"""PURE. Judging what the model says of answers that it has not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model.judging.measurement import without
from analysis.model.judging.rows import (
    NO_BENCHMARK,
    NOT_PREDICTED,
    STAGES,
    Row,
    judged,
    undefined,
)
from analysis.model.prediction import accuracy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model.blindfold import Blindfold
    from analysis.model.cvpat import Comparison
    from analysis.model.prediction import Prediction
    from analysis.model.specify import Model


def blindfold_rows(model: Model, reached: tuple[int, ...], found: Blindfold | None) -> list[Row]:
    """Return Q2 of redundancy for the constructs that paths reach, of communality for all."""
    rows = []
    for kind in ("redundancy", "communality"):
        for j, construct in enumerate(model.constructs):
            if kind == "redundancy" and j not in reached:
                continue
            reason = without(construct)
            if kind == "redundancy" and construct.mode == "A":
                reason = ""
            key = f"q2_{kind}"
            if found is None or reason:
                rows.append(undefined(key, construct.name, reason or STAGES))
            else:
                rows.append(judged(key, construct.name, getattr(found, kind)[j]))
    return rows


def prediction_rows(
    model: Model, reached: tuple[int, ...], found: Prediction | None
) -> Iterator[Row]:
    """Yield Q2predict and the RMSE against the linear model for each item that is predicted."""
    if found is None:
        for item in (i for j in reached for i in model.constructs[j].indicators):
            yield undefined("q2_predict", item, STAGES)
        return
    own, other = accuracy(found, found.pls), accuracy(found, found.linear)
    names = [model.indicators[i] for i in found.items]
    for name, q2 in zip(names, own.q2.tolist(), strict=True):
        yield _or(NOT_PREDICTED, "q2_predict", name, q2)
    gaps = own.rmse - other.rmse
    for name, gap in zip(names, gaps.tolist(), strict=True):
        yield _or(NO_BENCHMARK, "rmse", name, gap)
    known = gaps[~np.isnan(gaps)]
    yield _or(NO_BENCHMARK, "power", "", float((known < 0).mean()) if len(known) else np.nan)


def cvpat_rows(
    model: Model, reached: tuple[int, ...], found: list[Comparison] | None
) -> Iterator[Row]:
    """Yield the losses against both benchmarks, over all and for each construct."""
    said = {(c.benchmark, c.construct): c for c in found or []}
    for benchmark in ("average", "linear"):
        for construct in (None, *reached):
            name = "" if construct is None else model.names[construct]
            one = said.get((benchmark, construct))
            key = f"cvpat_{benchmark}"
            if one is None:
                why = STAGES if found is None else NO_BENCHMARK
                yield undefined(key, name, why)
            else:
                yield judged(key, name, one.difference, one.low, one.high)


def _or(reason: str, key: str, of: str, value: float) -> Row:
    return judged(key, of, value) if np.isfinite(value) else undefined(key, of, reason)

"""PURE. The standard error of satisfaction indices, for many groups and waves at once.

Two errors stand side by side. "Weights fixed": the outer weights of the full sample are taken
as given, so that an index is the weighted mean of case scores; by replicates and, as a check,
by Taylor linearisation. "Re-estimated": every replicate weights the cases anew, estimates the
structural model anew and takes the index from it. What the second adds is the uncertainty of
the model. All constructs, groups and waves share one covariance, so that changes and league
tables count what panel members, branches and the model itself have in common.

Sources: Wolter, Introduction to Variance Estimation (2nd ed.), ch. 1 and 3, replicates of
nonlinear statistics; Fornell et al. (1996), Journal of Marketing 60(4), 7-18, the index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.run import full_sample
from analysis.model.scoring import ends_of
from analysis.model.settings import Settings
from analysis.precision.parts import Frame, Part, with_effect
from analysis.precision.redrawn import ModelDraws, model_draws
from analysis.precision.results import IndexErrors
from analysis.sampling.estimates import Estimates
from analysis.sampling.plan_messages import REPLICATE_FAILED
from analysis.sampling.resampled import from_draws, required_replicates
from foundation.problems import Place, ProblemsError

if TYPE_CHECKING:
    from analysis.model.run import Fit
    from analysis.model.specify import Model
    from analysis.sampling.columns import BoolArray, FloatArray
    from analysis.sampling.design import Design
    from analysis.sampling.replicates import Replicates

__all__ = ["IndexErrors", "Part", "index_errors"]

BOOTSTRAPS = ("bootstrap", "subbootstrap")
"""Kinds whose replicates are exchangeable: some may be left out without shrinking the error."""


def index_errors(
    model: Model,
    data: FloatArray,
    design: Design,
    parts: Sequence[Part] = (),
    *,
    settings: Settings | None = None,
) -> IndexErrors:
    """Return the indices of `parts` (none: the whole sample) with their joint errors.

    Parameters
    ----------
    model    with the scale of every item
    data     (n, p) answers in the order of `model.indicators`; NaN or a missing code is none
    design   of the n rows, weighted, with replicates (`analysis.sampling.replication`,
             `analysis.sampling.adjusted`). Waves stand below each other; who or what takes
             part in two of them is one sampling unit (`analysis.precision.stacking`)
    settings how the models are estimated

    Degrees of freedom are units minus strata: raking raises the rank of replicate weights, by
    which R counts them, without adding what one can know.

    Raises
    ------
    ProblemsError when a model cannot be estimated, a part is empty, or a replicate that cannot
    be done without is undefined. ValueError when the model does not state its scales, a part
    names a model that is not a part, or data and design differ in length.
    """
    if len(data) != design.n:
        raise ValueError(f"the data have {len(data)} rows, the design {design.n}")
    wanted = tuple(parts) or (Part("all", np.ones(design.n, dtype=np.bool_)),)
    rows = _model_rows(wanted)
    ends = ends_of(model)
    if ends is None:
        raise ValueError("an index needs the scale of every item")
    fits = {name: _fit(model, data, design.within(inside), settings) for name, inside in rows}
    draws = {name: model_draws(fits[name], data, inside, design) for name, inside in rows}
    warnings = [problem for one in draws.values() for problem in one.problems()]
    design, draws = _usable(design, draws)
    frame = Frame(data, wanted, fits, ends)
    means = frame.item_means(design)
    fixed = frame.fixed(design, means)
    plain = replace(design, replicates=None)
    df = min(plain.degrees_of_freedom(), design.degrees_of_freedom())
    return IndexErrors(
        parts=tuple(part.name for part in wanted),
        constructs=model.names,
        fixed=replace(fixed, df=df),
        linearised=frame.fixed(plain, frame.item_means(plain)),
        re_estimated=replace(_re_estimated(design, frame, means, fixed, draws), df=df),
        effects=replace(_effects(design, fits, draws), df=df),
        fits=fits,
        problems=(*(said for fit in fits.values() for said in fit.problems), *warnings),
    )


def _model_rows(parts: Sequence[Part]) -> list[tuple[str, BoolArray]]:
    """Return the name and the cases of every part whose model gives outer weights."""
    known = {part.name: part.rows for part in parts}
    named = dict.fromkeys(part.source for part in parts)
    unknown = [name for name in named if name not in known]
    if unknown:
        raise ValueError(f"there is no part '{unknown[0]}' to take outer weights from")
    return [(name, known[name]) for name in named]


def _fit(model: Model, data: FloatArray, domain: Design, settings: Settings | None) -> Fit:
    inside = domain.inside
    return full_sample(model, data[inside], domain.weights[inside], settings or Settings())


def _usable(design: Design, draws: dict[str, ModelDraws]) -> tuple[Design, dict[str, ModelDraws]]:
    """Return the design and the draws without the replicates that some model has no estimate in.

    Only bootstrap replicates may be left out, and the others then stand for them: each is a
    sample like any other. A jackknife or balanced replicate cannot be spared.
    """
    replicates = required_replicates(design)
    fine = np.logical_and.reduce([one.fine for one in draws.values()])
    if fine.all():
        return design, draws
    if replicates.kind not in BOOTSTRAPS or not fine.any():
        failed, total = int((~fine).sum()), replicates.count
        name = ", ".join(name for name, one in draws.items() if not one.fine.all())
        raise ProblemsError(
            [REPLICATE_FAILED.at(Place(item=name), name=name, count=failed, total=total)]
        )
    return design.with_replicates(_kept(replicates, fine)), {
        name: ModelDraws(one.labels, one.parameters[:, fine], one.slopes[:, fine], one.status[fine])
        for name, one in draws.items()
    }


def _kept(replicates: Replicates, fine: BoolArray) -> Replicates:
    rscales = replicates.rscales
    return replace(
        replicates,
        multipliers=replicates.multipliers[:, fine],
        drawn=None if replicates.drawn is None else replicates.drawn[:, fine],
        rscales=rscales[fine],
        scale=replicates.scale * float(rscales.sum() / rscales[fine].sum()),
    )


def _re_estimated(
    design: Design,
    frame: Frame,
    means: Estimates,
    fixed: Estimates,
    draws: Mapping[str, ModelDraws],
) -> Estimates:
    assert means.draws is not None  # noqa: S101 - the design has replicates
    slopes = {name: one.slopes for name, one in draws.items()}
    found = from_draws(design, fixed.names, fixed.values, frame.indices(means.draws, slopes))
    return with_effect(found, fixed.counts, _simple(fixed))


def _simple(fixed: Estimates) -> FloatArray:
    """(k,) variances under simple random sampling, from variance and design effect."""
    variance = np.diag(fixed.covariance)
    defined = np.isfinite(fixed.deff) & (fixed.deff > 0)
    return np.divide(variance, fixed.deff, out=np.zeros_like(variance), where=defined)


def _effects(design: Design, fits: Mapping[str, Fit], draws: Mapping[str, ModelDraws]) -> Estimates:
    """Return every parameter of every model, jointly, by replicates."""
    names = [
        f"{part}: {label.kind} {label.name}" + (f" < {label.of}" if label.of else "")
        for part, fit in fits.items()
        for label in fit.labels
    ]
    values = np.concatenate([fit.point for fit in fits.values()])
    table = np.concatenate([draws[name].parameters for name in fits]).T
    counts = np.concatenate([np.full(len(fit.labels), float(fit.n)) for fit in fits.values()])
    return replace(from_draws(design, names, values, table), counts=counts)

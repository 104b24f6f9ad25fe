"""PURE. A fitted model as JSON, under the keys that researchers compare programs by.

A run has outer_weights, loadings, paths, r2, total_effects and so on; a run in the raw metric
has outer_weights_on_raw_units and communality. The bootstrap stands under `bootstrap`. Numbers
that do not exist (a variance inflation of dependent items) are null, never NaN.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import fitting, reliability, scoring, structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]
    Json = dict[str, object]


def run_json(fit: Fit) -> Json:
    """Return everything known of the full sample's fit."""
    found = {**_measurement(fit), **_inner(fit), **_quality(fit), **_raw_metric(fit)}
    if fit.ends is not None:
        found |= {"index": _index(fit), "impacts": _impacts(fit)}
    if fit.chain is not None:
        found["stages"] = [run_json(stage) for stage in fit.earlier]
        found["moderation"] = _moderation(fit)
    return {**found, **_origin(fit)}


def _origin(fit: Fit) -> Json:
    settings = fit.settings
    return {
        "n": fit.n,
        "scheme": settings.scheme,
        "metric": settings.metric,
        "consistent": settings.consistent,
        "missing": settings.missing,
        "ordinal": settings.ordinal,
        "tolerance": settings.tolerance,
        "iterations": int(fit.estimates.iterations[0]),
        "model_digest": fit.specified.digest,
        "problems": [problem.text() for problem in fit.problems],
    }


def _measurement(fit: Fit) -> Json:
    found, model = fit.estimates, fit.model
    raw = fit.settings.metric == "raw"
    weights = found.slopes if raw else found.weights
    return {
        "outer_weights_on_raw_units" if raw else "outer_weights": by_construct(fit, weights[:, 0]),
        "loadings": by_construct(fit, found.loadings[:, 0]),
        "cross_loadings": {
            item: _named(model.names, row)
            for item, row in zip(model.indicators, found.cross[:, :, 0], strict=True)
        },
        "vif_outer": by_construct(fit, reliability.outer_inflation(fit.plan, found.items)[:, 0]),
    }


def _inner(fit: Fit) -> Json:
    plan, names, found = fit.plan, fit.model.names, fit.estimates
    inner = found.inner
    place = {name: j for j, name in enumerate(names)}
    adjusted = structure.adjusted_r2(plan, inner.r2, fit.n)[:, 0]
    return {
        "paths": [
            _arrow(
                path.source,
                path.target,
                value=inner.paths[place[path.target], place[path.source], 0],
            )
            for path in fit.model.paths
        ],
        "r2": {names[j]: number(inner.r2[j, 0]) for j in plan.endogenous},
        "r2_adj": {names[j]: number(adjusted[j]) for j in plan.endogenous},
        "total_effects": [
            _arrow(
                names[s],
                names[t],
                total=inner.totals[t, s, 0],
                indirect=inner.totals[t, s, 0] - inner.paths[t, s, 0],
            )
            for t, s in structure.routes(plan)
        ],
        "construct_correlations": _square(names, found.constructs[:, :, 0]),
        "vif_inner": _by_target(fit, structure.inflation(plan, found.constructs)),
        "f2": _by_target(fit, structure.effect_sizes(plan, found.constructs, inner.r2)),
    }


def _quality(fit: Fit) -> Json:
    plan, names, found = fit.plan, fit.model.names, fit.estimates
    variance = reliability.average_variance(plan, found.loadings)[:, 0]
    fornell = np.array(found.constructs[:, :, 0])
    np.fill_diagonal(fornell, np.sqrt(variance))
    ratios = {
        "htmt_raw_correlations": reliability.htmt(plan, found.items),
        "htmt_absolute_correlations": reliability.htmt(plan, np.abs(found.items)),
        "htmt2": reliability.htmt2(plan, found.items),
    }
    return {
        "cronbach_alpha": _named(names, reliability.cronbach_alpha(plan, found.items)[:, 0]),
        "rho_A": _named(names, reliability.rho_a(plan, found.items, found.weights)[:, 0]),
        "rho_C": _named(names, reliability.rho_c(plan, found.loadings)[:, 0]),
        "AVE": _named(names, variance),
        "fornell_larcker": _square(names, fornell),
        **{key: _ratios(names, values[:, :, 0]) for key, values in ratios.items()},
        "fit": _fit(fit),
    }


def _fit(fit: Fit) -> Json:
    plan, found = fit.plan, fit.estimates
    implied = fitting.implied_of(plan, found)
    gaps = fitting.discrepancy(found.items, implied)
    return {
        "srmr": number(gaps.srmr[0]),
        "d_G": number(gaps.d_g[0]),
        "d_ULS": number(gaps.d_uls[0]),
        "gof": number(fitting.goodness(plan, found.loadings, found.inner.r2)[0]),
        "df": fitting.degrees_of_freedom(plan),
    }


def _raw_metric(fit: Fit) -> Json:
    """Return the further keys of a run in the raw metric, as published in 2005."""
    if fit.settings.metric != "raw":
        return {}
    plan, found, names = fit.plan, fit.estimates, fit.model.names
    r2 = found.inner.r2[:, 0]
    communality = reliability.average_variance(plan, found.loadings)[:, 0]
    return {
        "communality": by_construct(fit, found.loadings[:, 0] ** 2),
        "r2": _named(names, r2),
        "mean_redundancy": _named(names, communality * r2),
        "gof": number(fitting.goodness(plan, found.loadings, found.inner.r2)[0]),
    }


def _index(fit: Fit) -> Json:
    """Return weights, index and deviation of the scores; sample deviations have divisor n - 1."""
    if fit.ends is None:
        return {}
    plan, found = fit.plan, fit.estimates
    sample = math.sqrt(fit.n / (fit.n - 1))
    slopes = by_construct(
        fit, found.slopes[:, 0] / (1.0 if fit.settings.metric == "raw" else sample)
    )
    shares = by_construct(fit, scoring.normalised_weights(plan, found.slopes)[:, 0])
    levels = scoring.indices(plan, found.slopes, found.means, fit.ends)[:, 0]
    spread = 100.0 * sample / scoring.reach(plan, found.slopes, fit.ends)[:, 0]
    return {
        name: {
            "unstandardised_weights": slopes[name],
            "normalised_weights": shares[name],
            "index_0_100": number(levels[j]),
            "sd_of_scores": number(spread[j]),
        }
        for j, name in enumerate(fit.model.names)
        if name in fit.model.rated
    }


def _impacts(fit: Fit) -> list[Json]:
    return [
        _arrow(label.of, label.name, value=value)
        for label, value in zip(fit.labels, fit.point, strict=True)
        if label.kind == "impact"
    ]


def _moderation(fit: Fit) -> list[Json]:
    return [
        _arrow(label.of, label.name, value=value)
        for label, value in zip(fit.labels, fit.point, strict=True)
        if label.kind == "moderation"
    ]


def by_construct(fit: Fit, values: FloatArray) -> dict[str, dict[str, float | None]]:
    """Return (p,) values of the items as {construct: {item: value}}."""
    return {
        construct.name: _named(construct.indicators, values[block])
        for construct, block in zip(fit.model.constructs, fit.plan.blocks, strict=True)
    }


def number(value: float | np.float64) -> float | None:
    """Return a plain number, or None for one that does not exist."""
    return float(value) if math.isfinite(value) else None


def _named(names: Iterable[str], values: FloatArray) -> dict[str, float | None]:
    return {name: number(value) for name, value in zip(names, values, strict=True)}


def _arrow(source: str, target: str, **values: float) -> Json:
    return {"from": source, "to": target, **{key: number(value) for key, value in values.items()}}


def _square(
    names: tuple[str, ...], values: FloatArray, *, own: bool = True
) -> Mapping[str, object]:
    return {
        row: {name: number(values[i, j]) for j, name in enumerate(names) if own or name != row}
        for i, row in enumerate(names)
    }


def _ratios(names: tuple[str, ...], values: FloatArray) -> Mapping[str, object]:
    """Return HTMT ratios between different constructs; zero stands for one that does not exist."""
    return _square(names, np.where(values == 0, np.inf, values), own=False)


def _by_target(fit: Fit, values: list[FloatArray]) -> Mapping[str, object]:
    names = fit.model.names
    return {
        names[j]: _named([names[i] for i in fit.plan.sources[j]], values[j][:, 0])
        for j in fit.plan.endogenous
    }

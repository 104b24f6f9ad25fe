"""PURE. Standard errors and intervals of a fit as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.model.inference import intervals, standard_errors
from analysis.model.output import number

if TYPE_CHECKING:
    from analysis.model.parameters import Parameter
    from analysis.model.resampling import Resamples
    from analysis.model.run import Fit

    Json = dict[str, object]

RULE = (
    "numpy.random.default_rng(seed).integers(0, n, size=(B, n)); row b of that array = row "
    "numbers drawn in resample b; quantiles numpy default (linear)"
)

ARROWS = {
    "paths": "path",
    "total_effects": "total",
    "indirect_effects": "indirect",
    "impacts": "impact",
    "moderation": "moderation",
    "htmt_raw_correlations": "htmt",
    "htmt_absolute_correlations": "htmt_absolute",
    "htmt2": "htmt2",
}
VALUES = {
    "outer_weights": "weight",
    "loadings": "loading",
    "r2": "r2",
    "cronbach_alpha": "alpha",
    "rho_A": "rho_A",
    "rho_C": "rho_C",
    "AVE": "AVE",
    "index_0_100": "index",
    "index_shares": "share",
    "performance": "performance",
}


def bootstrap_json(fit: Fit) -> Json:
    """Return the bootstrap: SE, mean and percentile 95 % interval of every parameter."""
    resamples = fit.resamples
    if resamples is None:
        return {}
    settings = fit.settings
    return {
        "scheme": settings.scheme,
        "mode": f"{'/'.join(sorted(set(fit.plan.modes)))} {settings.metric}",
        "B": len(resamples.status),
        "seed": fit.seed,
        "n": fit.n,
        "sign_change": "aligned with the full sample",
        "tolerance": settings.tolerance,
        "resample_rule": RULE,
        "dropped": resamples.dropped(),
        "interval": resamples.interval,
        **_errors(fit, resamples, "ci95_percentile"),
        "first_three_replicates": [
            _replicate(resamples, b) for b in range(min(3, len(resamples.status)))
        ],
    }


def replicates_json(fit: Fit) -> Json:
    """Return errors from replicate weights: SE, mean of the replicates, 95 % t interval."""
    resamples = fit.resamples
    if resamples is None:
        return {}
    return {
        "R": len(resamples.status),
        "df": number(resamples.df),
        "dropped": resamples.dropped(),
        **_errors(fit, resamples, "ci95"),
    }


def _errors(fit: Fit, resamples: Resamples, interval: str) -> Json:
    ses = standard_errors(fit.point, resamples)
    means = resamples.usable.mean(axis=1)
    ends = {interval: intervals(fit.point, replace(resamples, interval="percentile"))}
    if resamples.interval != "percentile":
        ends[f"ci95_{resamples.interval}"] = intervals(fit.point, resamples)
    rows: dict[str, list[tuple[Parameter, Json]]] = {}
    for place, label in enumerate(fit.labels):
        values: Json = {
            "se": number(ses[place]),
            "mean": number(means[place]),
            **{key: [number(end) for end in found[:, place]] for key, found in ends.items()},
        }
        rows.setdefault(label.kind, []).append((label, values))
    arrows = {
        key: [{"from": label.of, "to": label.name, **values} for label, values in rows[kind]]
        for key, kind in ARROWS.items()
        if kind in rows
    }
    values = {
        key: {label.name: values for label, values in rows[kind]}
        for key, kind in VALUES.items()
        if kind in rows
    }
    return {**arrows, **values}


def _replicate(resamples: Resamples, b: int) -> Json:
    def own(kind: str) -> list[float | None]:
        rows = [row for row, label in enumerate(resamples.labels) if label.kind == kind]
        return [number(resamples.values[row, b]) if resamples.fine[b] else None for row in rows]

    return {"paths": own("path"), "index_0_100": own("index")}

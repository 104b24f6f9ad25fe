"""PURE. A fit by multiple imputation as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model.cases import prepared
from analysis.model.imputation import CYCLES, DONORS, patterns
from analysis.model.output import number, run_json
from analysis.model.resample_output import ARROWS, VALUES
from foundation.problems import N_

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analysis.model.imputed import ImputedFit
    from analysis.model.parameters import Parameter
    from analysis.model.settings import Missing
    from analysis.model.specify import Model

    Json = dict[str, Any]

HANDLING = {
    "mean": N_("partial interviews enter; a missing answer counts as the mean of its item"),
    "pairwise": N_("partial interviews enter; each correlation rests on those who answered both"),
    "complete": N_("interviews with a missing answer are left out"),
    "imputation": N_("partial interviews enter; missing answers are imputed several times"),
}
METHOD = "chained equations, predictive mean matching; pooled by Rubin's rules"
MEASURES = {"alpha": "cronbach_alpha", "rho_A": "rho_A", "rho_C": "rho_C", "AVE": "AVE"}
RATIOS = {
    "htmt": "htmt_raw_correlations",
    "htmt_absolute": "htmt_absolute_correlations",
    "htmt2": "htmt2",
}


def imputed_json(fit: ImputedFit) -> Json:
    """Return the keys of a run, and `imputation` with errors and missing information.

    Numbers of the run are means over the imputed data sets, so that they are the estimates under
    `imputation`; others (cross loadings, variance inflation, f2) are of the mean estimates.
    """
    found: Json = run_json(fit)
    for label, value in zip(fit.labels, fit.point.tolist(), strict=True):
        _replaced(found, label, number(value))
    return {**found, "imputation": _imputation(fit)}


def answers_json(model: Model, data: NDArray[np.float64], missing: Missing) -> Json:
    """Return how many cases of (n, p) answers are whole, and how the others are handled."""
    found = patterns(prepared(model, data))
    return {
        "complete": found.complete,
        "broken_off": found.broken_off,
        "partial": found.partial,
        "without_answers": found.empty,
        "handling": HANDLING[missing],
    }


def _replaced(found: Json, label: Parameter, value: float | None) -> None:
    """Put the pooled estimate where the run prints a function of mean estimates."""
    if label.kind in MEASURES:
        found[MEASURES[label.kind]][label.name] = value
    elif label.kind in RATIOS and value != 0:
        ratios = found[RATIOS[label.kind]]
        ratios[label.name][label.of] = ratios[label.of][label.name] = value
    elif label.kind == "index" and label.name in found.get("index", {}):
        found["index"][label.name]["index_0_100"] = value


def _imputation(fit: ImputedFit) -> Json:
    return {
        "method": METHOD,
        "m": fit.copies,
        "lost": fit.lost,
        "cycles": CYCLES,
        "donors": DONORS,
        "seed": fit.seed,
        **_parameters(fit),
    }


def _parameters(fit: ImputedFit) -> Json:
    arrows: Json = {key: [] for key in ARROWS}
    values: Json = {key: {} for key in VALUES}
    names = {kind: key for key, kind in (ARROWS | VALUES).items()}
    for place, label in enumerate(fit.labels):
        key = names.get(label.kind, "")
        if key in arrows:
            arrows[key].append({"from": label.of, "to": label.name, **_one(fit, place)})
        elif key in values:
            values[key][label.name] = _one(fit, place)
    return {key: found for key, found in (arrows | values).items() if found}


def _one(fit: ImputedFit, place: int) -> Json:
    label, pool = fit.labels[place], fit.pool
    found = fit.figure(*label)
    if found.se is None or found.low is None or found.high is None:
        return {"estimate": number(found.value), "between": number(pool.between[place])}
    return {
        "estimate": number(found.value),
        "se": number(found.se),
        "ci95": [number(found.low), number(found.high)],
        "df": number(pool.df[place]),
        "missing_information": number(pool.missing[place]),
    }

"""PURE. A comparison of groups as JSON. Numbers that do not exist are null, never NaN."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from analysis.compare.invariance import CHECKED, TO_CONFIRM
from analysis.model.output import number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analysis.compare.invariance import Invariance, Permuted
    from analysis.compare.results import Comparison, Pair
    from analysis.model.parameters import Parameter

    FloatArray = NDArray[np.float64]
    Json = dict[str, object]

ARROWS = {"path": "paths", "total": "total_effects"}
ITEMS = {"loading": "loadings", "weight": "outer_weights"}
CONSTRUCTS = {"r2": "r2", "index": "index_0_100"}
RULE = (
    "permutation b of pair i: the b-th permutation(labels) of numpy.random.default_rng(seed + i); "
    "bootstrap of group g: numpy.random.default_rng(seed + g).integers(0, n_g, n_g) row by row; "
    "people in several groups are drawn with all their cases"
)
DESIGN_RULE = (
    "analysis.wavefit.joint: Rao-Wu within strata and units, every step of a weighting plan anew, "
    "stack k of 500 by numpy.random.default_rng((seed, k))"
)


def comparison_json(found: Comparison) -> Json:
    """Return groups, differences with their tests, invariance, omnibus test and leagues."""
    groups, settings = found.groups, found.groups.settings
    return {
        "groups": {
            name: {"n": size, **_values(found, g)}
            for g, (name, size) in enumerate(zip(groups.names, groups.sizes, strict=True))
        },
        "pairs": [_pair(found, pair) for pair in found.pairs],
        "omnibus": None if found.omnibus is None else asdict(found.omnibus),
        "leagues": {
            name: [asdict(place) for place in places] for name, places in found.leagues.items()
        },
        "permutations": found.permutations,
        "B": found.bootstrap,
        "seed": found.seed,
        "correction": found.correction,
        "draw_rule": RULE if found.df is None else DESIGN_RULE,
        "df": found.df,
        "scheme": settings.scheme,
        "metric": settings.metric,
        "consistent": settings.consistent,
        "missing": settings.missing,
        "weighted": groups.weights is not None,
        "model_digest": groups.model.digest,
        "problems": [problem.text() for problem in found.problems],
    }


def _values(found: Comparison, group: int) -> Json:
    rows: list[tuple[Parameter, Json]] = []
    for row, label in enumerate(found.labels):
        se = None if found.se is None else number(found.se[group, row])
        rows.append((label, {"value": number(found.values[group, row]), "se": se}))
    return _by_kind(rows)


def _pair(found: Comparison, pair: Pair) -> Json:
    rows = [(label, _difference(pair, row)) for row, label in enumerate(found.labels)]
    names = found.groups.names
    return {
        "first": names[pair.first],
        "second": names[pair.second],
        "shared_people": found.groups.shared(pair.first, pair.second),
        "differences": _by_kind(rows),
        "micom": _micom(found, pair, pair.invariance) if pair.invariance else None,
    }


def _difference(pair: Pair, row: int) -> Json:
    return {
        "difference": number(pair.difference[row]),
        "se": None if pair.se is None else number(pair.se[row]),
        "ci95_percentile": _interval(pair, row),
        "p": {method: number(values[row]) for method, values in pair.p.items()},
        "p_adjusted": {method: number(values[row]) for method, values in pair.adjusted.items()},
    }


def _interval(pair: Pair, row: int) -> list[float | None] | None:
    if pair.low is None or pair.high is None:
        return None
    return [number(pair.low[row]), number(pair.high[row])]


def _micom(found: Comparison, pair: Pair, own: Invariance) -> Json:
    def step(of: Permuted, j: int) -> Json:
        limits = {"low": number(of.low[j]), "high": number(of.high[j])}
        return {"value": number(of.value[j]), **limits, "p": number(of.p[j])}

    return {
        "configural": {"checked": list(CHECKED), "to_confirm": list(TO_CONFIRM)},
        "constructs": {
            name: {
                "c": step(own.composition, j),
                "mean_difference": step(own.means, j),
                "log_variance_ratio": step(own.variances, j),
                "verdict": pair.verdicts[j] if pair.verdicts else None,
            }
            for j, name in enumerate(found.groups.model.names)
        },
        "verdict": pair.verdict or None,
    }


def _by_kind(rows: list[tuple[Parameter, Json]]) -> Json:
    """Return values under the keys of a fit: arrows as lists, the rest by name."""
    result: Json = {}
    for kind, key in ARROWS.items():
        result[key] = [{"from": at.of, "to": at.name, **own} for at, own in rows if at.kind == kind]
    for kind, key in {**ITEMS, **CONSTRUCTS}.items():
        result[key] = {at.name: own for at, own in rows if at.kind == kind}
    return {key: value for key, value in result.items() if value}

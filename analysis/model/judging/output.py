"""PURE. A judgement as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.model.judging.criteria import CRITERIA
from analysis.model.judging.sentences import sentences
from analysis.model.judging.syntax import lavaan_syntax, seminr_syntax
from analysis.model.output import number
from analysis.model.prediction import accuracy

if TYPE_CHECKING:
    from analysis.model.judging.rows import Row
    from analysis.model.judging.verdict import Judgement
    from analysis.model.prediction import Prediction

    Json = dict[str, Any]


def judgement_json(found: Judgement) -> Json:
    """Return rows with marks, what they rest on, sentences for a paper and syntax."""
    fit = found.fit
    drawn = 0 if fit.resamples is None else len(fit.resamples.status)
    return {
        "counts": found.counts(),
        "rows": [_row(row) for row in found.rows],
        "criteria": {
            key: {"title": rule.title, "rule": rule.rule, "source": rule.source}
            for key, rule in CRITERIA.items()
        },
        "plspredict": _prediction(found),
        "cvpat": _losses(found),
        "blindfolding": _hidden(found),
        "exact_fit": _exact(found),
        "sentences": [sentence.text() for sentence in sentences(found)],
        "lavaan": lavaan_syntax(fit.specified) or None,
        "seminr": seminr_syntax(fit.specified, fit.settings, resamples=drawn, seed=fit.seed or 1)
        or None,
    }


def _row(row: Row) -> Json:
    shown: Json = {
        "criterion": row.criterion,
        "of": row.of,
        "value": row.value,
        "ci95": None if row.low is None else [row.low, row.high],
        "mark": row.mark.value,
    }
    return {**shown, "reason": row.reason} if row.reason else shown


def _prediction(found: Judgement) -> Json | None:
    said = found.prediction
    if said is None:
        return None
    plan = said.plan
    return {
        "folds": plan.folds,
        "repeats": plan.repeats,
        "seed": plan.seed,
        "antecedents": plan.antecedents,
        "folds_lost": said.lost,
        "folds_lost_linear": said.lost_linear,
        "items": _items(found, said),
    }


def _items(found: Judgement, said: Prediction) -> Json:
    own, linear = accuracy(said, said.pls), accuracy(said, said.linear)
    names = found.fit.model.indicators
    return {
        names[item]: {
            "rmse": number(own.rmse[at]),
            "mae": number(own.mae[at]),
            "q2_predict": number(own.q2[at]),
            "rmse_linear": number(linear.rmse[at]),
            "mae_linear": number(linear.mae[at]),
            "q2_predict_linear": number(linear.q2[at]),
        }
        for at, item in enumerate(said.items)
    }


def _losses(found: Judgement) -> list[Json]:
    names = found.fit.model.names
    return [
        {
            "benchmark": one.benchmark,
            "construct": None if one.construct is None else names[one.construct],
            "n": one.n,
            "loss": number(one.loss),
            "loss_benchmark": number(one.other),
            "difference": number(one.difference),
            "se": number(one.se),
            "ci95": [number(one.low), number(one.high)],
            "p": number(one.p),
        }
        for one in found.losses or []
    ]


def _hidden(found: Judgement) -> Json | None:
    said, names = found.hidden, found.fit.model.names
    if said is None:
        return None
    pairs = zip(names, said.redundancy, said.communality, strict=True)
    return {
        "omission_distance": said.distance,
        "rounds_lost": said.lost,
        "q2": {
            name: {"redundancy": number(first), "communality": number(second)}
            for name, first, second in pairs
        },
    }


def _exact(found: Judgement) -> Json | None:
    said = found.exact
    if said is None:
        return None
    return {
        "used": said.used,
        "dropped": said.dropped,
        "estimation": said.status.name.lower(),
        "distances": {
            one.name: {"value": number(one.value), "limit95": one.limit, "p": number(one.p)}
            for one in said.distances
        },
    }

"""PURE. Judging a fitted model: every criterion with its value, interval, rule and mark."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import resampling
from analysis.model.blindfold import blindfold
from analysis.model.cases import prepared, usable_rows
from analysis.model.cvpat import comparisons
from analysis.model.exactfit import exact_fit
from analysis.model.judging.criteria import Mark
from analysis.model.judging.figures import figures
from analysis.model.judging.foresight import blindfold_rows, cvpat_rows, prediction_rows
from analysis.model.judging.inner import fit_rows, inner_rows, resample_rows
from analysis.model.judging.lookup import Lookup
from analysis.model.judging.measurement import measurement_rows
from analysis.model.moments import products
from analysis.model.prediction import predict
from analysis.model.resampling import Estimator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.blindfold import Blindfold
    from analysis.model.cvpat import Comparison
    from analysis.model.exactfit import ExactFit
    from analysis.model.judging.rows import Row
    from analysis.model.prediction import Plan, Prediction
    from analysis.model.resampling import Progress
    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """All rows, and the results they rest on (None: not made for a model of several stages).

    `exact` is None also when the fit had no bootstrap.
    """

    fit: Fit
    rows: tuple[Row, ...]
    hidden: Blindfold | None
    prediction: Prediction | None
    losses: list[Comparison] | None
    exact: ExactFit | None

    def counts(self) -> dict[str, int]:
        """Return how many rows have each mark."""
        found = Counter(row.mark for row in self.rows)
        return {mark.value: found[mark] for mark in Mark}


def judge(
    fit: Fit,
    data: FloatArray,
    weights: FloatArray | None = None,
    *,
    plan: Plan | None = None,
    progress: Progress | None = None,
) -> Judgement:
    """Judge a fitted model by every criterion of `criteria.CRITERIA`.

    After a bootstrap, figures that are not among the parameters of the fit are resampled by the
    same rule, and the fit of the model is tested. Prediction and blindfolding put means in the
    place of missing answers, also where the fit imputed them.

    Parameters
    ----------
    data, weights    what the model was fitted to: (n, p) answers, (n,) weights or None
    plan             how PLSpredict holds cases out; progress(done, total) of the resamples
    """
    values, own = _sample(fit, data, weights)
    missing = "mean" if fit.settings.missing == "imputation" else fit.settings.missing
    settings = replace(fit.settings, missing=missing)
    plain, layout = fit.chain is None, fit.plan
    hidden = blindfold(layout, values, own, settings) if plain else None
    prediction = predict(layout, values, own, settings, plan) if plain else None
    losses = comparisons(layout, prediction) if prediction else None
    found, exact = _resampled(fit, values, own, progress)
    rows = (
        *measurement_rows(found),
        *inner_rows(found),
        *fit_rows(found, exact, stages=not plain),
        *blindfold_rows(fit.model, layout.endogenous, hidden),
        *prediction_rows(fit.model, layout.endogenous, prediction),
        *cvpat_rows(fit.model, layout.endogenous, losses),
        *resample_rows(fit.resamples),
    )
    return Judgement(fit, rows, hidden, prediction, losses, exact)


def _sample(
    fit: Fit, data: FloatArray, weights: FloatArray | None
) -> tuple[FloatArray, FloatArray | None]:
    """Return the cases that entered the fit."""
    values = prepared(fit.specified, data)
    missing = "mean" if fit.settings.missing == "imputation" else fit.settings.missing
    used = usable_rows(values, weights, missing)
    return values[used], None if weights is None else weights[used]


def _resampled(
    fit: Fit, values: FloatArray, weights: FloatArray | None, progress: Progress | None
) -> tuple[Lookup, ExactFit | None]:
    """Return the further figures, with intervals and the test of fit after a bootstrap."""
    names = figures(fit.model, fit.plan, fit.n)
    further = {label: place for place, label in enumerate(names.labels)}
    point = names.values(fit.estimates)[:, 0]
    drawn = fit.resamples
    if drawn is None or drawn.factors is not None or fit.seed is None or fit.chain is not None:
        return Lookup(fit, further, point, None), None
    source = products(values, fit.settings.missing, weights, ordinal=fit.settings.ordinal)
    towards = fit.estimates.slopes[:, 0]
    estimator = Estimator(fit.plan, source, fit.settings, names, towards)
    again = resampling.bootstrap(estimator, len(drawn.status), fit.seed, progress)
    ends = np.quantile(again.usable, [0.025, 0.975], axis=1)
    tested = exact_fit(estimator, len(drawn.status), fit.seed, progress)
    return Lookup(fit, further, point, ends), tested

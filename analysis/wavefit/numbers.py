"""PURE. The numbers of a fitted wave, in the shape that `analysis.report` and the pages read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.cases import prepared
from analysis.model.inference import intervals, standard_errors
from analysis.model.output import run_json
from analysis.model.parameters import Parameter
from analysis.model.resample_output import bootstrap_json
from analysis.wavefit.resampling import RULE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.resampling import Resamples
    from analysis.model.run import Fit
    from analysis.wavefit.sample import Sample
    from analysis.wavefit.specification import Labels

    FloatArray = NDArray[np.float64]
    Json = dict[str, object]


@dataclass(frozen=True)
class _Rows:
    """Some parameters of a fit: point (k,) and its resamples (k, B)."""

    point: FloatArray
    resamples: Resamples

    def beside_mean(self) -> _Rows:
        """Return each parameter less the mean of all of them, in every resample."""
        values = self.resamples.values
        return _Rows(
            self.point - self.point.mean(),
            replace(self.resamples, values=values - values.mean(axis=0)),
        )

    def estimates(self, names: Sequence[str]) -> dict[str, dict[str, float]]:
        """Return value, standard error and 95 % interval of each, by name."""
        if not names:
            return {}
        ses = standard_errors(self.point, self.resamples).tolist()
        lows, highs = intervals(self.point, self.resamples).tolist()
        values = self.point.tolist()
        return {
            name: {"value": value, "se": se, "low": low, "high": high}
            for name, value, se, low, high in zip(names, values, ses, lows, highs, strict=True)
        }


def wave_numbers(fit: Fit, sample: Sample, labels: Labels, index: str) -> Json:
    """Return everything that is stored of a wave: see `analysis.report.StoredWave`.

    `index` names the construct of the headline. A driver is what has a total effect on it; its
    impact is that effect in points of the index per point of the driver. `run` and `errors`
    hold the whole model, under the keys of `analysis.model.output`. The fit has resamples and
    the scale of every item.
    """
    # A product of constructs is measured by nothing, so it has no index and is no driver.
    measured = [own.name for own in fit.labels if own.kind == "index"]
    impacts = {own.of for own in fit.labels if (own.kind, own.name) == ("impact", index)}
    drivers = [name for name in measured if name in impacts]
    performance = _rows(fit, [Parameter("index", name) for name in measured])
    impact = _rows(fit, [Parameter("impact", index, name) for name in drivers])
    levels = _rows(fit, [Parameter("index", name) for name in drivers])
    assert fit.resamples is not None  # noqa: S101 - a wave is never computed without its error
    rule = {"resample_rule": RULE} if sample.is_stratified else {}
    return {
        "index": index,
        "labels": {name: dict(texts) for name, texts in labels.items()},
        "items": {
            own.name: list(own.indicators) for own in fit.model.constructs if own.name in measured
        },
        "base": fit.n,
        "performance": performance.estimates(measured),
        "impact": impact.estimates(drivers),
        "lead": impact.beside_mean().estimates(drivers),
        "gap": levels.beside_mean().estimates(drivers),
        "usable": int(fit.resamples.fine.sum()),
        "effective_base": sample.effective_base,
        "missing_share": float(np.isnan(prepared(fit.model, sample.values)).mean()),
        "missing_rule": fit.settings.missing,
        "run": run_json(fit),
        "errors": {**bootstrap_json(fit), **rule},
    }


def _rows(fit: Fit, wanted: Sequence[Parameter]) -> _Rows:
    assert fit.resamples is not None  # noqa: S101 - see wave_numbers
    places = [fit.labels.index(label) for label in wanted]
    values = fit.resamples.values[places]
    own = replace(fit.resamples, labels=tuple(wanted), values=values)
    return _Rows(fit.point[places], own)

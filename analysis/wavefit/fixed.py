"""PURE. The error of a wave's indices with the weights of the questions taken as given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.index import scores_by_construct
from analysis.sampling.estimates import estimate, number_or_none
from analysis.sampling.estimators import means_of
from analysis.wavefit.design import declared

if TYPE_CHECKING:
    from analysis.model.run import Fit
    from analysis.sampling.design import Design
    from analysis.wavefit.sample import Sample
    from analysis.wavefit.weighing import Weighed


def fixed_errors(
    fit: Fit, sample: Sample, weighed: Weighed | None
) -> dict[str, dict[str, float | None]]:
    """Return se, deff and n_eff of each construct's index by linearisation, by construct.

    An index is then the weighted mean of the respondents' scores, and its standard error that of
    a mean under the sampling design, calibration counted (Taylor linearisation: Woodruff 1971,
    JASA 66, 411-414). The design effect is against a simple random sample of the same size.
    """
    scores = scores_by_construct(fit, sample.values)
    design = _design(sample, weighed)
    table = np.full((design.n, len(scores)), np.nan)
    table[: sample.n] = np.column_stack(list(scores.values()))
    answered = np.arange(design.n) < sample.n
    found = estimate(
        design.within(answered), means_of(table, list(scores)), against="with replacement"
    )
    return {
        name: {
            "se": number_or_none(found.se[at]),
            "deff": number_or_none(found.deff[at]),
            "n_eff": number_or_none(found.n_eff[at]),
        }
        for at, name in enumerate(scores)
    }


def _design(sample: Sample, weighed: Weighed | None) -> Design:
    if weighed is not None:
        return weighed.found.design
    return declared(sample.n, sample.strata, sample.units, sample.weights)[0]

"""The error of the index with its weights as given, beside that of the model estimated anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis import computing, uploads
from analysis.index import scores_by_construct
from analysis.modelviews.measurement import measurement
from analysis.modelviews.stored import Stored
from analysis.requests.targets import Target
from analysis.requests.weights import WeightingEntry
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.store.weightings import InForce
from analysis.wavefit.fixed import fixed_errors
from tests.outside import DATA, MODEL, computed, mobi_table

INDEX = "Satisfaction"


def test_of_a_simple_sample_it_is_that_of_the_mean_of_scores():
    numbers = computed().numbers
    own = numbers["fixed"][INDEX]
    spread = numbers["run"]["index"][INDEX]["sd_of_scores"]
    assert own["se"] == pytest.approx(spread / np.sqrt(250), rel=1e-3)
    assert own["deff"] == pytest.approx(1)
    assert own["n_eff"] == pytest.approx(250)


def raked() -> computing.Prepared:
    """Return the published example drawn from two strata and raked to a sex of its own."""
    model = uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json").model
    table = mobi_table()
    rows = tuple(
        replace(row, design={"stratum": f"s{at % 2}", "sex": "fm"[at % 3 == 0]})
        for at, row in enumerate(table.rows)
    )
    targets = (Target("sex", "f", 0.4, "register"), Target("sex", "m", 0.6))
    plan = WeightingEntry(base=False, method="rake", targets=targets)
    labels = {name: {"en": name} for name in model.names}
    source = computing.Source(
        1, replace(table, rows=rows), model, labels, plan=InForce(1, plan, ())
    )
    return computing.prepare(source, resamples=200, seed=1)


def test_under_a_plan_it_agrees_with_the_jackknife_that_rakes_each_replicate():
    made = raked()
    assert made.weighed is not None
    found = fixed_errors(made.drawn.full, made.sample, made.weighed)
    start = made.weighed.start
    drawn = replicate_weights(start, Replication("JKn"), rng=np.random.default_rng(1))
    scores = scores_by_construct(made.drawn.full, made.sample.values)
    again = estimate(
        made.weighed.redrawn(drawn), means_of(np.column_stack(list(scores.values())), list(scores))
    )
    for at, name in enumerate(scores):
        assert found[name]["se"] == pytest.approx(again.se[at], rel=0.01)
        assert found[name]["deff"] > 1.0


def test_both_errors_stand_side_by_side_with_what_the_model_adds():
    numbers = computed().numbers
    (sheet,) = (own for own in measurement(Stored(numbers)) if own.key == "index_errors")
    row = next(row for row in sheet.rows if row[0]["en"] == INDEX)
    cells = {column.key: cell for column, cell in zip(sheet.columns, row, strict=True)}
    held, whole = numbers["fixed"][INDEX]["se"], numbers["performance"][INDEX]["se"]
    assert (cells["fixed"].value, cells["re_estimated"].value) == (held, whole)
    assert cells["model_share"].value == pytest.approx(100 * (1 - (held / whole) ** 2))
    assert len(sheet.rows) == 7


def test_a_result_from_before_shows_no_row():
    numbers = {key: value for key, value in computed().numbers.items() if key != "fixed"}
    (sheet,) = (own for own in measurement(Stored(numbers)) if own.key == "index_errors")
    assert sheet.rows == ()

"""The error of an index against R's survey package 4.1-1 (tests/golden/sampling/cati_demo).

The reference column `index` is the mean of q1, q2 and q3 on 0-100: an index whose three outer
weights are equal.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.model.run import full_sample
from analysis.model.scoring import ends_of
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Model, Path
from analysis.precision.index import index_errors
from analysis.precision.parts import Frame, Part
from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.replicates import imported
from analysis.sampling.replication import Replication, replicate_weights
from analysis.scales import Scale
from analysis.weighting.margins import Raking, margin
from tests.golden.sampling.reference import HERE, reference

ITEMS = ("q1", "q2", "q3")
MODEL = Model(
    constructs=(Construct("Satisfaction", ITEMS), Construct("Loyalty", ("nps",))),
    paths=(Path("Satisfaction", "Loyalty"),),
    scale=Scale(1, 10),
    scales={"nps": Scale(0, 10)},
)
CASES = {case["id"]: case for case in reference("cati_demo")["cases"]}
INDEX = 4
"""Place of the index among the variables of the case `cati.mean`."""


@pytest.fixture(scope="module")
def survey():
    frame = pd.read_csv(HERE / "cati_demo.csv")
    columns = Columns({name: frame[name].to_numpy() for name in frame})
    design = declare(columns, ids=["branch"], strata=["stratum"], weights="weight")
    return frame, columns, design


@pytest.fixture(scope="module")
def equal_weights(survey):
    """Return the index of equal outer weights as a frame of one part."""
    frame, _, design = survey
    data = frame[list(MODEL.indicators)].to_numpy(dtype=float)
    fit = full_sample(MODEL, data, design.weights, Settings())
    flat = replace(fit, estimates=replace(fit.estimates, weights=fit.estimates.deviations))
    everybody = Part("all", np.ones(len(data), dtype=bool))
    return Frame(data, (everybody,), {"all": flat}, ends_of(MODEL))


def index_of(frame, design):
    found = frame.fixed(design, frame.item_means(design))
    return found.values[0], found.se[0]


def with_replicates(design, case):
    stat, expect = CASES[case]["stat"], CASES[case]["expect"]
    if "multipliers" not in stat:
        wanted = Replication(stat["type"])
        return design.with_replicates(
            replicate_weights(design, wanted, rng=np.random.default_rng(1))
        )
    table = pd.read_csv(HERE / stat["multipliers"], header=None).to_numpy(dtype=float)
    rscales = np.array(expect["rscales"], dtype=float)
    return design.with_replicates(
        imported(table, design.weights, combined=False, scale=expect["scale"], rscales=rscales)
    )


def raked(design, columns):
    margins = []
    for name, targets in CASES["cati.rake"]["stat"]["margins"].items():
        labels = columns.labels(name)
        margins.append(margin(name, labels.codes, labels.levels, targets))
    return adjusted(design, Raking(tuple(margins)))


def test_taylor_error_with_fixed_weights_agrees(survey, equal_weights):
    expect = CASES["cati.mean"]["expect"]
    value, se = index_of(equal_weights, survey[2])
    assert value == pytest.approx(expect["estimate"][INDEX], rel=1e-12)
    assert se == pytest.approx(expect["se"][INDEX], rel=1e-12)


@pytest.mark.parametrize(
    "case", ["cati.rep.JKn", "cati.rep.BRR", "cati.rep.Fay0.3", "cati.rep.raowu500"]
)
def test_replicate_error_with_fixed_weights_agrees(survey, equal_weights, case):
    expect = CASES[case]["expect"]["mean"]
    at = expect["names"].index("index")
    value, se = index_of(equal_weights, with_replicates(survey[2], case))
    assert value == pytest.approx(expect["estimate"][at], rel=1e-12)
    assert se == pytest.approx(expect["se"][at], rel=1e-10)


def test_raked_errors_with_fixed_weights_agree(survey, equal_weights):
    _, columns, design = survey
    for case, own in (
        ("cati.rake", design),
        ("cati.rep.JKn.raked", with_replicates(design, "cati.rep.JKn")),
    ):
        expect = CASES[case]["expect"]
        at = expect["names"].index("index")
        value, se = index_of(equal_weights, raked(own, columns))
        assert value == pytest.approx(expect["estimate"][at], rel=1e-8)
        assert se == pytest.approx(expect["se"][at], rel=1e-6)


def test_both_errors_stand_beside_each_other(survey):
    frame, columns, design = survey
    data = frame[list(MODEL.indicators)].to_numpy(dtype=float)
    found = index_errors(MODEL, data, raked(with_replicates(design, "cati.rep.JKn"), columns))
    assert found.fixed.se == pytest.approx(found.linearised.se, rel=0.01)
    assert found.re_estimated.se == pytest.approx(found.fixed.se, rel=0.1)
    assert (found.re_estimated.se != found.fixed.se)[0]
    assert found.re_estimated.df == CASES["cati.mean"]["expect"]["df"]

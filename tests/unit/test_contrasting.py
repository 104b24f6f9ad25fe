"""Groups of a wave compared as its sample was drawn: strata, branches, weights, panel members."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis import computing, uploads
from analysis.contrasting import Cases, contrast, partition
from analysis.findings import Asked, Segmenting
from analysis.modelviews.comparison import methods_of
from analysis.precision.index import index_errors
from analysis.precision.parts import Part
from analysis.requests.targets import Target
from analysis.requests.weights import WeightingEntry
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.replication import Replication, replicate_weights
from analysis.store.weightings import InForce
from tests.outside import DATA, MODEL, mobi_table

INDEX = "Satisfaction"
ALONE = ("permutation", "henseler", "parametric", "welch")


@cache
def the_model():
    return uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json").model


def a_wave(design, *, wave_id: int = 1, plan: WeightingEntry | None = None) -> computing.Source:
    """Return the published example as a wave; `design` gives the columns of each respondent."""
    table = mobi_table()
    rows = tuple(replace(row, design=design(at)) for at, row in enumerate(table.rows))
    labels = {name: {"en": name} for name in the_model().names}
    in_force = InForce(1, plan, ()) if plan else None
    return computing.Source(wave_id, replace(table, rows=rows), the_model(), labels, plan=in_force)


def found(cases: Cases, by: str, *, resamples: int = 300, weighted: bool = False) -> dict:
    asked = Asked(by, "permutation", "holm", weighted, resamples=resamples, seed=1)
    return dict(contrast(cases, asked).numbers)


def difference(numbers: dict) -> dict:
    (pair,) = numbers["pairs"]
    return pair["differences"]["index_0_100"][INDEX]


def codes(numbers: dict) -> list[str]:
    return [problem["code"] for problem in numbers["said"]]


@cache
def ranks() -> np.ndarray:
    """Return the place of each respondent in the order of satisfaction."""
    names = [name for name in the_model().indicators if name.startswith("CUSA")]
    sums = [sum(row.values.get(name, 7) for name in names) for row in mobi_table().rows]
    return np.argsort(np.argsort(sums, kind="stable"))


def branched(at: int) -> dict[str, object]:
    """Return one of ten branches that differ in satisfaction, and one of two sexes in each."""
    branch = int(ranks()[at]) // 25
    return {"stratum": f"s{branch % 2}", "psu": f"b{branch}", "sex": "fm"[at % 2]}


def test_a_simple_sample_is_compared_by_all_tests_that_take_cases_as_drawn_alone():
    numbers = found(Cases(a_wave(lambda at: {"sex": "fm"[at % 2]})), "design:sex", resamples=50)
    assert methods_of(numbers) == ALONE
    assert numbers["df"] is None
    assert codes(numbers) == []


def test_branches_are_drawn_whole_and_permutations_left_out():
    numbers = found(Cases(a_wave(branched)), "design:sex", resamples=2000)
    assert methods_of(numbers) == ("design",)
    assert numbers["df"] == 8
    assert "WAVE-214" in codes(numbers)
    (pair,) = numbers["pairs"]
    assert pair["micom"] is None


def test_the_error_of_a_difference_is_that_of_the_jackknife_of_branches():
    source = a_wave(branched)
    numbers = found(Cases(source), "design:sex", resamples=4000)
    branch = ranks() // 25
    columns = Columns({"u": branch, "h": branch % 2, "w": np.ones(250)})
    design = declare(columns, ids=["u"], strata=["h"], weights="w")
    drawn = replicate_weights(design, Replication("JKn"), rng=np.random.default_rng(1))
    sex = np.arange(250) % 2
    values = computing.prepare(source, resamples=10, seed=1).sample.values
    parts = [Part("f", sex == 0), Part("m", sex == 1)]
    errors = index_errors(the_model(), values, design.with_replicates(drawn), parts)
    wanted = errors.change("f", "m", INDEX).re_estimated
    assert difference(numbers)["difference"] == pytest.approx(wanted.values[0])
    assert difference(numbers)["se"] == pytest.approx(wanted.se[0], rel=0.1)


def test_groups_that_are_branches_have_the_error_of_their_own_customers():
    def two(at: int) -> dict[str, object]:
        return {"stratum": "", "psu": f"b{at % 2}", "sex": ""}

    numbers = found(Cases(a_wave(two)), "design:psu", resamples=1000)
    alone = found(Cases(a_wave(lambda at: {"sex": "fm"[at % 2]})), "design:sex", resamples=1000)
    assert difference(numbers)["se"] == pytest.approx(difference(alone)["se"], rel=0.1)


def test_weights_are_those_of_the_plan_and_every_resample_takes_it_anew():
    targets = (Target("sex", "f", 0.8, "register"), Target("sex", "m", 0.2))
    plan = WeightingEntry(base=False, method="rake", targets=targets)

    def grouped(at: int) -> dict[str, object]:
        return {"sex": "fm"[at % 2], "side": "lr"[at % 3 == 0]}

    source = a_wave(grouped, plan=plan)
    numbers = found(Cases(source), "design:side", weighted=True)
    assert methods_of(numbers) == ("design",)
    assert numbers["weighted"]
    rows = [at for at in range(250) if at % 3]
    weights = np.array([0.8 if at % 2 == 0 else 0.2 for at in rows])
    part = replace(
        source, plan=None,
        table=replace(source.table, rows=tuple(
            replace(source.table.rows[at], design={"selection_probability": 0.1 / weight})
            for at, weight in zip(rows, weights, strict=True)
        )),
    )  # fmt: skip
    own = computing.prepare(part, resamples=10, seed=1).drawn.full
    at = [label.kind == "index" and label.name == INDEX for label in own.labels].index(True)
    assert numbers["groups"]["l"]["index_0_100"][INDEX]["value"] == pytest.approx(own.point[at])
    unweighted = found(Cases(source), "design:side", resamples=50)
    assert methods_of(unweighted) == ALONE


@pytest.mark.parametrize("stratum", ["", "north"])
def test_panel_members_are_drawn_in_both_waves_at_once(stratum: str):
    def member(at: int) -> dict[str, object]:
        design = {"panel_id": f"m{at}"}
        return {**design, "stratum": stratum} if stratum else design

    waves = Cases(a_wave(member), a_wave(member, wave_id=2))
    numbers = found(waves, "wave:2", resamples=100)
    # The same people said the same in both.
    assert difference(numbers)["se"] == pytest.approx(0, abs=1e-9)
    apart = Cases(
        a_wave(member), a_wave(lambda at: {**member(at), "panel_id": f"n{at}"}, wave_id=2)
    )
    assert difference(found(apart, "wave:2", resamples=100))["se"] > 1


def test_the_search_for_segments_says_what_it_does_not_count():
    looked = partition(a_wave(branched), Segmenting(most=2, starts=2))
    assert "WAVE-213" in codes(dict(looked.numbers))
    simple = partition(a_wave(lambda _at: {}), Segmenting(most=2, starts=2))
    assert "WAVE-213" not in codes(dict(simple.numbers))

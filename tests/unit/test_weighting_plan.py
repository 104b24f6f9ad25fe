"""A weighting plan: carried out, recorded, and refused with all its problems at once."""

import json
from dataclasses import replace

import numpy as np
import pytest

from analysis.precision.plan import read_weighting
from analysis.precision.trimmed import Limits, trimmed_design
from analysis.precision.weighted import weighted
from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.weighting.margins import PostStratification, margin
from analysis.weighting.trimming import trimmed
from foundation.problems import ProblemsError

TARGETS = {
    "population": 4000,
    "margins": [
        {"name": "sex", "source": "customer register", "targets": {"f": 0.55, "m": 0.45}},
        {"name": "age", "source": "census", "targets": {"old": 0.4, "young": 0.6}},
    ],
}
EQUAL = dict.fromkeys("0123", 1)
STEPS = [
    {"kind": "base", "probability": "p"},
    {"kind": "nonresponse", "by": "h", "responded": "status == 'complete'"},
    {"kind": "rake", "margins": ["sex", "age"], "name": "to the register"},
    {"kind": "trim", "upper": 2.5, "of": "mean"},
    {"kind": "poststratify", "by": "sex"},
]


def cases(n=240, seed=2):
    """Return the columns of a sample of which about 60 % answered; age is known of those alone."""
    rng = np.random.default_rng(seed)
    h = np.repeat(np.arange(4), n // 4)
    answered = rng.random(n) < 0.5 + 0.08 * h
    age = np.where(rng.random(n) < 0.3, "old", "young")
    return Columns(
        {
            "h": h,
            "unit": np.arange(n) // 10,
            "p": 0.02 + 0.02 * h,
            "status": np.where(answered, "complete", "refused"),
            "sex": rng.choice(["f", "m"], n),
            "age": np.where(answered, age, ""),
            "income": rng.normal(10, 2, n),
        }
    )


def drawn(columns, kind=None, **options):
    design = declare(columns, ids=["unit"], strata=["h"])
    if kind is None:
        return design
    wanted = Replication(kind, **options)
    return design.with_replicates(replicate_weights(design, wanted, rng=np.random.default_rng(4)))


def plan(*steps, targets=TARGETS):
    return read_weighting({"targets": targets, "steps": list(steps or STEPS)})


def codes(caught):
    return [problem.message.code for problem in caught.value.problems]


def test_a_plan_reaches_its_targets_and_records_every_step():
    columns = cases()
    found = weighted(plan(), columns, drawn(columns))
    answered = columns.raw("status") == "complete"
    assert ((found.design.weights > 0) == answered).all()
    women = found.design.weights[columns.raw("sex") == "f"].sum()
    assert women == pytest.approx(2200)
    assert found.design.weights.sum() == pytest.approx(4000)
    names = [one.name for one in found.records]
    assert names == ["base", "nonresponse", "to the register", "trim", "poststratify"]
    assert found.records[1].sum_after == pytest.approx(found.records[1].sum_before)
    assert found.records[1].cases == answered.sum()
    assert found.records[2].source == "customer register; census"
    assert found.records[3].largest_weight <= 2.5 * 4000 / answered.sum() + 1e-9
    for before, after in zip(found.records, found.records[1:], strict=False):
        assert after.sum_before == pytest.approx(before.sum_after)
        assert after.effect_before == pytest.approx(before.effect_after)


def test_the_love_plot_shows_margins_and_nonresponse_classes():
    columns = cases()
    found = {one.name: one for one in weighted(plan(), columns, drawn(columns)).balance}
    assert found["sex: f"].target == pytest.approx(0.55)
    assert found["sex: f"].distance_after == pytest.approx(0, abs=1e-9)
    assert {"h: 0", "h: 3", "age: old"} <= set(found)
    population = 1 / np.array([0.02, 0.04, 0.06, 0.08])
    assert found["h: 0"].target == pytest.approx(population[0] / population.sum())


def test_every_step_is_repeated_in_every_replicate():
    """A replicate's weights are those of the plan carried out on that replicate alone."""
    columns = cases()
    steps = [*STEPS[:3], STEPS[4]]
    start = drawn(columns, "JKn")
    found = weighted(plan(*steps), columns, start).design
    table = found.replicates.weights(found.weights, slice(None))
    base = weighted(plan(STEPS[0]), columns, start).design.weights
    for replicate in (0, 11, 23):
        alone = base * start.replicates.multipliers[start.replicates.group, replicate]
        own = Columns({name: columns.raw(name) for name in columns.names} | {"w": alone})
        design = declare(own, ids=["unit"], strata=["h"], weights="w")
        again = weighted(plan(*steps[1:]), own, design).design.weights
        assert table[replicate] == pytest.approx(again, rel=1e-9)


def test_trimming_in_a_replicate_keeps_its_sum_and_trims_no_case_for_being_drawn_twice():
    rng = np.random.default_rng(6)
    n = 60
    columns = Columns({"unit": np.arange(n), "w": rng.uniform(1, 4, n)})
    design = declare(columns, weights="w")
    made = replicate_weights(design, Replication("subbootstrap", 50), rng=rng)
    before = made.weights(design.weights, slice(None))
    loose = trimmed_design(design.with_replicates(made), Limits(upper=4.0))
    assert loose.replicates.weights(loose.weights, slice(None)) == pytest.approx(before)
    tight = trimmed_design(design.with_replicates(made), Limits(upper=3.0, strict=True))
    after = tight.replicates.weights(tight.weights, slice(None))
    assert after.sum(axis=1) == pytest.approx(before.sum(axis=1))
    times = made.multipliers.T[:, made.group]
    once = np.divide(after, times, out=np.zeros_like(after), where=times > 0)
    assert once.max() <= 3.0 + 1e-9


def test_trimming_after_post_stratification_is_that_of_the_replicates_own_weights():
    columns = cases()
    start = drawn(columns, "JKn")
    labels = columns.labels("sex")
    step = PostStratification(margin("sex", labels.codes, labels.levels, {"f": 90.0, "m": 150.0}))
    raked = adjusted(start, step)
    limits = Limits(upper=1.05, of="mean")
    found = trimmed_design(raked, limits)
    table = found.replicates.weights(found.weights, slice(None))
    own = raked.replicates.weights(raked.weights, slice(None))[5]
    times = start.replicates.multipliers[start.replicates.group, 5]
    once = np.divide(own, times, out=np.zeros_like(own), where=times > 0)
    cut = trimmed(once, *limits.on(raked.weights), counts=times)
    assert table[5] == pytest.approx(cut * times)


def test_a_plan_survives_its_file():
    wanted = plan()
    again = read_weighting(json.loads(json.dumps(wanted.to_json())))
    columns = cases()
    first, second = (weighted(one, columns, drawn(columns)) for one in (wanted, again))
    assert (first.design.weights == second.design.weights).all()
    json.dumps(first.to_json(), allow_nan=False)


def test_response_propensity_makes_respondents_resemble_the_sample():
    columns = cases()
    step = {"kind": "propensity", "formula": "~ income + h", "responded": "status == 'complete'"}
    found = weighted(plan(STEPS[0], step), columns, drawn(columns))
    assert all(abs(one.distance_after) < 0.1 for one in found.balance)
    classes = weighted(plan(STEPS[0], step | {"classes": 4}), columns, drawn(columns))
    factor = classes.records[1]
    assert factor.largest_factor < 4
    assert classes.design.weights.sum() == pytest.approx(factor.sum_before)


def test_two_frames_count_their_overlap_once():
    columns = Columns({"list": list("aabb"), "both": [1, 0, 1, 0]})
    step = {"kind": "frames", "first": "list == 'a'", "both": "both == 1", "share": 0.25}
    found = weighted(plan(step), columns, declare(columns))
    assert found.design.weights == pytest.approx([0.25, 1, 0.75, 1])


def test_all_that_is_wrong_with_the_shape_of_a_plan_is_said_at_once():
    steps = [
        {"kind": "rakes"},
        {"kind": "nonresponse", "by": "h"},
        {"kind": "trim", "uper": 3},
        "trim",
        {"kind": "base", "probability": "p"},
        {"kind": "base", "probability": "p"},
    ]
    with pytest.raises(ProblemsError) as caught:
        read_weighting({"targets": {"margins": []}, "steps": steps})
    assert codes(caught) == ["WGT-115", "WGT-111", "SAMP-404", "WGT-121", "SAMP-405", "WGT-122"]
    assert "'upper'" in str(caught.value)


def test_all_that_contradicts_the_data_is_said_at_once():
    columns = cases()
    steps = [
        {"kind": "rake", "margins": {"sex": {"f": 10, "x": 20}, "h": {"0": 40, "1": 40}}},
        {"kind": "poststratify", "by": "branch"},
        {"kind": "calibrate", "formula": "~ 1", "totals": {"(Intercept)": 5000}},
        {"kind": "poststratify", "by": "h", "totals": dict.fromkeys("0123", 1000)},
        {"kind": "rake", "margins": ["region"]},
    ]
    with pytest.raises(ProblemsError) as caught:
        weighted(plan(*steps), columns, drawn(columns))
    assert codes(caught) == [
        "WGT-102",
        "WGT-103",
        "WGT-102",
        "WGT-102",
        "WGT-120",
        "WGT-120",
        "WGT-124",
    ]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (
            {"kind": "rake", "margins": {"sex": {"f": 1, "m": 1}, "h": dict.fromkeys("0123", 1)}},
            104,
        ),
        ({"kind": "rake", "margins": ["age"]}, 101),
        ({"kind": "base", "probability": "income"}, 123),
        ({"kind": "nonresponse", "by": "h", "responded": "status == 'x'"}, 125),
        ({"kind": "nonresponse", "by": "age", "responded": "status == 'complete'"}, 101),
        ({"kind": "propensity", "formula": "~ status", "responded": "status == 'complete'"}, 117),
        (
            {
                "kind": "calibrate",
                "formula": "~ income",
                "totals": {"(Intercept)": 240, "income": 9000},
                "calfun": "logit",
                "bounds": [0.9, 1.1],
            },
            108,
        ),
        (
            {
                "kind": "calibrate",
                "formula": "~ income",
                "totals": {"(Intercept)": 240, "income": 9000},
            },
            109,
        ),
        ({"kind": "trim", "upper": 0.5, "of": "mean"}, 114),
        ({"kind": "poststratify", "by": "sex", "totals": {"f": 0, "m": 0}}, 126),
        ({"kind": "calibrate", "formula": "~ 1", "totals": {"(Intercept)": 0}}, 126),
    ],
)
def test_a_step_that_cannot_be_taken_is_a_named_problem(step, code):
    columns = cases()
    with pytest.raises(ProblemsError) as caught:
        weighted(plan(step), columns, drawn(columns))
    assert codes(caught) == [f"WGT-{code}"]
    assert caught.value.problems[0].message.remedy


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"merge": 0}, "'merge'"),
        ({"merge": 2.5}, "'merge'"),
        ({"kind": "eligibility", "unknown": "status == 'x'", "e": 1.5}, "'e'"),
        ({"kind": "eligibility", "unknown": "status == 'x'", "e": "all"}, "'e'"),
    ],
)
def test_a_rule_for_nonresponse_that_cannot_be_used_is_named(changes, said):
    columns = cases()
    step = {"kind": "nonresponse", "by": "h", "responded": "status == 'complete'"} | changes
    if "e" in changes:
        step = changes
    with pytest.raises(ProblemsError, match=said):
        weighted(plan(step), columns, drawn(columns))


def test_shares_of_nothing_are_refused():
    empty = {"population": 10, "margins": [{"name": "sex", "targets": {"f": 0, "m": 0}}]}
    with pytest.raises(ProblemsError, match="WGT-126"):
        plan({"kind": "rake", "margins": ["sex"]}, targets=empty)


def test_calibration_with_a_missing_value_is_refused():
    columns = cases()
    gap = columns.number("income").copy()
    gap[7] = np.nan
    own = Columns({name: columns.raw(name) for name in columns.names} | {"income": gap})
    totals = {"(Intercept)": 240, "income": 2400}
    step = {"kind": "calibrate", "formula": "~ income", "totals": totals}
    with pytest.raises(ProblemsError, match="missing for 1 case"):
        weighted(plan(step), own, drawn(own))


def test_waves_below_each_other_are_each_brought_to_their_own_targets():
    """Weights, errors and replicates are those of each wave weighted alone."""
    first, second = cases(seed=2), cases(seed=9)
    names = ("h", "unit", "sex", "age", "status", "income")
    both = {name: np.concatenate([first.raw(name), second.raw(name)]) for name in names}
    wave = np.repeat(["1", "2"], first.n)
    both |= {"wave": wave, "h": np.char.add(wave, both["h"].astype(str))}
    both["unit"] = both["unit"] + 100 * (wave == "2")
    columns = Columns(both)
    totals = ({"f": 2000, "m": 1800}, {"f": 900, "m": 1100})

    def steps(**more):
        return [
            {"kind": "nonresponse", "by": "h", "responded": "status == 'complete'", **more},
            {"kind": "poststratify", "by": "sex", **more},
        ]

    listed = []
    for number, wanted in zip("12", totals, strict=True):
        rows = steps(rows=f"wave == '{number}'")
        rows[1]["totals"] = wanted
        listed += rows
    found = weighted(plan(*listed), columns, drawn(columns, "JKn"))
    table = found.design.replicates.weights(found.design.weights, slice(None))
    together = estimate(replace(found.design, replicates=None), income_by_wave(columns))
    for number, wanted in zip("12", totals, strict=True):
        inside = wave == number
        own = Columns({name: values[inside] for name, values in both.items()})
        rows = steps()
        rows[1]["totals"] = wanted
        alone = weighted(plan(*rows), own, drawn(own, "JKn"))
        assert found.design.weights[inside] == pytest.approx(alone.design.weights)
        seen = slice(0, 24) if number == "1" else slice(24, 48)
        single = alone.design.replicates.weights(alone.design.weights, slice(None))
        assert table[seen, inside] == pytest.approx(single)
        error = estimate(
            replace(alone.design, replicates=None), means_of(own.number("income"), ["income"])
        )
        at = "12".index(number)
        assert together.se[at] == pytest.approx(error.se[0], rel=1e-9)
    labels = {one.name: one for one in found.balance}
    assert labels["sex: f (wave == '2')"].target == pytest.approx(0.45)
    assert labels["sex: f (wave == '2')"].after == pytest.approx(0.45)


def income_by_wave(columns):
    income, wave = columns.number("income"), columns.raw("wave")
    table = np.column_stack([np.where(wave == number, income, np.nan) for number in "12"])
    return means_of(table, ["1", "2"])

"""Replicates, lonely units, calibrated errors and trimming against R's survey package 4.1-1."""

import numpy as np
import pandas as pd
import pytest

from analysis.precision.steps import weighting_step
from analysis.sampling.adjusted import adjusted
from analysis.sampling.columns import Columns
from analysis.sampling.design import declare
from analysis.sampling.domains import groups
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of, ratios_of, totals_of
from analysis.sampling.plan import names
from analysis.sampling.quantiles import quantiles
from analysis.sampling.regression import regress
from analysis.sampling.replicates import imported
from analysis.sampling.replication import Replication, replicate_weights
from analysis.sampling.results import described
from analysis.weighting.trimming import trimmed
from foundation.problems import ProblemsError
from tests.golden.sampling.reference import HERE, differences, reference

SCHOOLS = {
    "mean": ("api00", "api99"),
    "total": ("total_enroll", "enroll"),
    "ratio": ("ratio_apistu_enroll", "api.stu", "enroll"),
    "domain": ("domain_mean_api00", "api00", "stype"),
}
CALLS = {
    "mean": ("q1", "index", "satisfied"),
    "total": ("total_satisfied", "satisfied"),
    "ratio": ("ratio_q1_q2", "q1", "q2"),
    "domain": ("domain_index_by_sex", "index", "sex"),
}
FILES = {"apisrs": SCHOOLS, "apistrat": SCHOOLS, "cati_demo": CALLS}


def columns_of(name):
    frame = pd.read_csv(HERE / f"{name}.csv")
    return Columns({column: frame[column].to_numpy() for column in frame})


def design_of(name, columns, case, **options):
    fields = reference(name)["designs"][case["design"]]
    return declare(
        columns,
        ids=names(fields, "ids"),
        strata=names(fields, "strata"),
        weights=fields["weights"],
        populations=names(fields, "fpc"),
        nest=bool(fields.get("nest")),
        **options,
    )


def cases(*kinds):
    return [
        pytest.param(name, case, id=case["id"])
        for name in FILES
        for case in reference(name)["cases"]
        if case["stat"]["kind"] in kinds
    ]


def means(design, columns, wanted):
    values = np.column_stack([columns.number(name) for name in wanted])
    return described(estimate(design, means_of(values, wanted)))


def total(design, columns, wanted):
    return described(estimate(design, totals_of(columns.number(wanted), [wanted])))


def replicates_of(design, stat):
    if "multipliers" not in stat:
        kind = Replication(stat["type"], mse=stat.get("mse", False))
        return replicate_weights(design, kind, rng=np.random.default_rng(1))
    path = HERE / stat["multipliers"]
    return pd.read_csv(path, header=None).to_numpy(dtype=float)


REPLICATES = [one for one in cases("replicates") if "then" not in one.values[1]["stat"]]


@pytest.mark.parametrize(
    ("name", "case"), [one for one in REPLICATES if "5000" not in one.values[1]["id"]]
)
def test_replicate_errors_agree(name, case):
    columns = columns_of(name)
    design = design_of(name, columns, case)
    expect, layout = case["expect"], FILES[name]
    replicates = replicates_of(design, case["stat"])
    if isinstance(replicates, np.ndarray):
        replicates = imported(
            replicates,
            design.weights,
            combined=False,
            scale=expect["scale"],
            rscales=np.array(expect["rscales"], dtype=float),
        )
    design = design.with_replicates(replicates)
    label, above, below = layout["ratio"]
    ratio = ratios_of(columns.number(above), columns.number(below), [label])
    domain, variable, by = layout["domain"]
    every = groups(design, columns.labels(by), lambda _: means_of(columns.number(variable), [by]))
    got = {
        "n_replicates": replicates.count,
        "scale": replicates.scale,
        "rscales": replicates.rscales.tolist(),
        "mse": replicates.mse,
        "df": design.degrees_of_freedom(),
        "mean": means(design, columns, layout["mean"]),
        layout["total"][0]: total(design, columns, layout["total"][1]),
        label: described(estimate(design, ratio)),
        domain: {
            "levels": [one.level for one in every],
            "estimate": [float(one.estimates.values[0]) for one in every],
            "se": [float(one.estimates.se[0]) for one in every],
        },
    }
    if "quantile_api00" in expect:
        probabilities = expect["quantile_api00"]["probs"]
        found = quantiles(design, columns.number("api00"), probabilities)
        got["quantile_api00"] = {
            "probs": probabilities,
            "estimate": found.values.tolist(),
            "se": found.se.tolist(),
        }
    if "logistic_satisfied_age_sex" in expect:
        fit = regress(design, columns, "satisfied ~ age + sex", "quasibinomial")
        got["logistic_satisfied_age_sex"] = described(fit.coefficients)
    assert differences(got, expect, case) == []


def test_rao_wu_error_of_5000_replicates_is_near():
    (case,) = [one.values[1] for one in REPLICATES if "5000" in one.values[1]["id"]]
    columns = columns_of("apistrat")
    design = design_of("apistrat", columns, case)
    drawn = replicate_weights(
        design, Replication("subbootstrap", 5000), rng=np.random.default_rng(7)
    )
    design = design.with_replicates(drawn)
    near = 4 / np.sqrt(2 * 5000) + 0.01
    expect = case["expect"]
    assert means(design, columns, ["api00"])["se"] == pytest.approx(
        expect["se_mean_api00"], rel=near
    )
    assert total(design, columns, "enroll")["se"] == pytest.approx(
        expect["se_total_enroll"], rel=near
    )


@pytest.mark.parametrize(("name", "case"), cases("rake", "poststratify", "calibrate"))
def test_errors_after_calibration_agree(name, case):
    columns = columns_of(name)
    design = adjusted(design_of(name, columns, case), weighting_step(case["stat"], columns))
    wanted = ["api00", "api99"] if name != "cati_demo" else ["index", "satisfied"]
    got = {
        "weights": design.weights.tolist(),
        "weights_sum": float(design.weights.sum()),
        "kish_deff": len(design.weights) * (design.weights**2).sum() / design.weights.sum() ** 2,
        "n_eff": design.weights.sum() ** 2 / (design.weights**2).sum(),
        "mean": means(design, columns, wanted),
    }
    if name == "cati_demo":
        got |= got["mean"]
    else:
        got["total_enroll"] = total(design, columns, "enroll")
    assert differences(got, case["expect"], case) == []


@pytest.mark.parametrize("case", [c.values[1] for c in cases("trim_after_rake")])
def test_trimmed_weights_agree(case):
    columns = columns_of("apistrat")
    (rake,) = [c["stat"] for c in reference("apistrat")["cases"] if c["id"] == "apistrat.rake"]
    raked = adjusted(design_of("apistrat", columns, case), weighting_step(rake, columns))
    stat = case["stat"]
    weights = trimmed(raked.weights, stat["lower"], stat["upper"], strict=stat["strict"])
    got = {"weights": weights.tolist(), "weights_sum": float(weights.sum())}
    expect = {key: case["expect"][key] for key in got}
    assert differences(got, expect, case) == []


@pytest.mark.parametrize(
    ("name", "case"), [c for c in cases("replicates") if "then" in c.values[1]["stat"]]
)
def test_raked_replicates_agree(name, case):
    columns = columns_of(name)
    design = design_of(name, columns, case)
    margins = case["stat"].get("margins") or next(
        c["stat"]["margins"] for c in reference(name)["cases"] if c["id"] == "cati.rake"
    )
    design = design.with_replicates(replicates_of(design, case["stat"]))
    step = weighting_step({"kind": "rake", "margins": margins}, columns)
    wanted = ["api00"] if name == "apisrs" else ["index", "satisfied"]
    assert differences(means(adjusted(design, step), columns, wanted), case["expect"], case) == []


@pytest.mark.parametrize(("name", "case"), cases("lonely_psu"))
def test_lonely_units_agree(name, case):
    columns, rows = e_and_h_with_first_m()
    option = case["stat"]["option"]
    design = design_of(name, columns, case, lonely=option)
    if option == "fail":
        with pytest.raises(ProblemsError, match="'M'"):
            means(design, columns, ["api00"])
        return
    got = {
        "mean_api00": means(design, columns, ["api00"]),
        "total_enroll": total(design, columns, "enroll"),
    }
    assert rows.sum() == len(design.weights)
    assert differences(got, case["expect"], case) == []


@pytest.mark.parametrize(("name", "case"), cases("lonely_domain"))
def test_lonely_domains_agree(name, case):
    columns = columns_of(name)
    _, rows = e_and_h_with_first_m()
    stat = case["stat"]
    design = design_of(
        name,
        columns,
        case,
        lonely=stat.get("option", "adjust"),
        lonely_domains=stat["adjust_domain_lonely"],
    )
    got = means(design.within(rows), columns, ["api00"])
    assert differences(got, case["expect"], case) == []


def e_and_h_with_first_m():
    """Return the columns of all E and H schools and the first M school, and those rows."""
    frame = pd.read_csv(HERE / "apistrat.csv")
    rows = frame["stype"].isin(["E", "H"]).to_numpy(copy=True)
    rows[np.argmax(frame["stype"] == "M")] = True
    kept = frame[rows]
    return Columns({column: kept[column].to_numpy() for column in kept}), rows

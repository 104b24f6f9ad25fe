"""Whatever a plan asks for, its case has a result of plain numbers or an error in words."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from analysis import estimation
from analysis.sampling.columns import Columns
from analysis.sampling.plan import read_plan

ROWS = 60
RAKE = {"kind": "rake", "margins": {"g": {"a": 20, "b": 20, "c": 20}}}
CLUSTERS = {"ids": "c", "strata": "h", "weights": "w"}
DESIGNS = {
    "srs": {"weights": "w"},
    "sizes": {"fpc": "N"},
    "clusters": CLUSTERS,
    "nested": CLUSTERS | {"ids": "cn", "nest": True},
    "stages": CLUSTERS | {"ids": ["c", "i"], "fpc": ["N1", "N"]},
    "lonely": CLUSTERS | {"lonely_psu": "average", "adjust_domain_lonely": True},
    "jkn": CLUSTERS | {"replicates": {"type": "JKn"}},
    "jk1": {"ids": "c", "weights": "w", "replicates": {"type": "JK1"}},
    "fay": CLUSTERS | {"replicates": {"type": "Fay", "rho": 0.3}},
    "rao-wu": CLUSTERS | {"replicates": {"type": "subbootstrap", "B": 10}},
    "raked": CLUSTERS
    | {"replicates": {"type": "BRR"}, "weighting": [RAKE, {"kind": "trim", "upper": 4}]},
}
COLUMNS = [
    *("x", "ym", "gm", "q", "b", "g", "k", "const"),
    *("zero", "one", "empty", "few", "neg", "flag", "h", "nope"),
]
GROUPS = ["g", "gm", "one", "flag", "empty", "b", ["g", "k"], "nope"]
DOMAINS = [
    {"var": "g", "equals": "a"},
    {"var": "g", "equals": ["a", "b"]},
    "x > 5",
    "x > 500",
    "few == 1",
    "nope > 1",
    7,
]
FORMULAS = ["ym ~ g*k", "b ~ x + g", "few ~ x", "x ~ x + b", "x ~ g - 1", "q ~", "b ~ 1"]
EXPRESSIONS = [
    "mean(ym)/mean(zero)",
    "log(mean(neg))",
    "100*mean(b)",
    "mean(",
    "1",
    "sqrt(total(x))",
]
TOTALS = [{"a": 1, "b": 2, "c": 3}, {"u": 5, "v": 6}, {"a": -1, "b": 2, "c": 3}, {}]
KINDS = [
    "mean",
    "total",
    "proportion",
    "proportion_ci",
    "ratio",
    "quantile",
    "variance",
    "difference",
    "table",
    "chisq",
    "ttest",
    "trend",
    "ranktest",
    "glm",
    "expression",
    "cronbach_alpha",
    "nps",
    "interviewer_icc",
    "rake",
    "poststratify",
    "calibrate",
    "nothing",
]
KEYS = {
    "numerator": COLUMNS,
    "denominator": COLUMNS,
    "row": COLUMNS,
    "col": COLUMNS,
    "probs": [[0.5], [0, 1], 0.25, []],
    "interval": ["mean", "beta", "xlogit", "asin", "score"],
    "qrule": ["math", "school", "hf1", "hf6", "hf8", "zz"],
    "statistic": ["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"],
    "formula": FORMULAS,
    "family": ["gaussian", "quasibinomial", "quasipoisson", "zz"],
    "expr": EXPRESSIONS,
    "contrast": [[-1, 1], [1, 0, -1]],
    "test": ["wilcoxon", "vanderWaerden", "median", "KruskalWallis"],
    "method": ["logit", "likelihood", "asin", "beta", "mean", "xlogit", "wilson", "zz"],
    "margins": [{"g": total} for total in TOTALS] + [["g"], 3],
    "totals": [*TOTALS, {"(Intercept)": 60, "x": 300}],
    "calfun": ["linear", "raking", "logit"],
    "bounds": [None, [0.5, 2], [2, 3]],
}


@pytest.fixture(scope="module")
def columns():
    rng = np.random.default_rng(8)
    h = rng.integers(0, 3, ROWS)
    inner, x = rng.integers(0, 2, ROWS), rng.normal(5, 2, ROWS)
    g = rng.choice(["a", "b", "c"], ROWS)
    lost = rng.random(ROWS) < 0.2
    return Columns(
        {
            "h": h,
            "c": 2 * h + inner,
            "cn": inner,
            "i": np.arange(ROWS),
            "w": rng.uniform(0.5, 4, ROWS),
            "N": np.full(ROWS, 200),
            "N1": np.full(ROWS, 6),
            "x": x,
            "ym": np.where(lost, np.nan, 50 + 10 * x + rng.normal(0, 9, ROWS)),
            "g": g,
            "gm": np.where(lost, "", g),
            "k": rng.choice(["u", "v"], ROWS),
            "q": rng.integers(1, 6, ROWS),
            "b": rng.integers(0, 2, ROWS),
            "const": np.ones(ROWS),
            "zero": np.zeros(ROWS),
            "one": np.full(ROWS, "only"),
            "empty": np.full(ROWS, np.nan),
            "few": (np.arange(ROWS) < 2).astype(float),
            "neg": -rng.uniform(1, 2, ROWS),
            "flag": rng.integers(0, 2, ROWS).astype(bool),
        }
    )


def statistic(chance):
    wanted = {"kind": chance.choice(KINDS)}
    name = chance.choice(["var", "vars"])
    wanted[name] = chance.choice(COLUMNS) if name == "var" else chance.sample(COLUMNS, 2)
    wanted |= {key: chance.choice(values) for key, values in KEYS.items()}
    for key, values, often in (
        ("by", GROUPS, 0.6),
        ("subpopulation", DOMAINS, 0.3),
        ("equals", [1, "a", True, None, "zz"], 0.4),
        ("df", [5, None, 0, "a"], 0.1),
    ):
        if chance.random() < often:
            wanted[key] = chance.choice(values)
    return wanted


@pytest.mark.parametrize("seed", range(12))
def test_every_case_has_a_result_or_an_error(columns, seed):
    chance = random.Random(seed)
    cases = [
        {"id": str(at), "design": chance.choice(list(DESIGNS)), "stat": statistic(chance)}
        for at in range(60)
    ]
    plan = read_plan({"designs": DESIGNS, "cases": cases})
    results = estimation.run_plan(plan, columns, folders=(Path(),))
    json.dumps(results, allow_nan=False)
    assert list(results) == [case["id"] for case in cases]
    assert all(results.values())
    assert any("error" not in result for result in results.values())


def test_a_plain_case_of_every_kind_is_computed_under_every_design(columns):
    """The laws above would hold of a program that refuses everything."""
    plain = {
        "numerator": "x",
        "denominator": "q",
        "row": "g",
        "col": "k",
        "probs": [0.5],
        "formula": "x ~ b",
        "expr": "mean(x)/mean(q)",
        "margins": {"g": TOTALS[0]},
        "totals": {"(Intercept)": 60, "b": 30},
    }
    two = {"difference", "ttest", "trend", "ranktest", "interviewer_icc"}
    cases = [
        {
            "id": f"{name} {kind}",
            "design": name,
            "stat": plain
            | {"kind": kind, "vars": ["x", "q"] if kind == "cronbach_alpha" else "x"}
            | ({"by": "k"} if kind in two else {})
            | ({"vars": "b"} if kind == "proportion_ci" else {})
            | ({"by": "g", "totals": TOTALS[0]} if kind == "poststratify" else {})
            | ({"formula": "~ b"} if kind == "calibrate" else {}),
        }
        for name in DESIGNS
        for kind in KINDS[:-1]
    ]
    results = estimation.run_plan(
        read_plan({"designs": DESIGNS, "cases": cases}), columns, folders=(Path(),)
    )
    assert {name: row["error"] for name, row in results.items() if "error" in row} == {}

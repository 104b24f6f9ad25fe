"""Reading the reference files of R's survey package and comparing results with them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("fpc_small", "apisrs", "apistrat", "cati_demo")
DESIGNS = tuple(
    f"designs/{name}"
    for name in (
        "apiclus1",
        "apiclus2",
        "nhanes2",
        "twostage",
        "apiclus1_weighted",
        "apiclus2_weighted",
        "three",
        "strata2",
        "brr4",
        "lonely",
    )
) + tuple(f"plans/{name}" for name in ("calls", "scd", "crowd", "hospital", "mu284", "schools"))


@cache
def reference(name):
    return json.loads(plan_file(name).read_text())


def plan_file(name):
    return HERE / f"{name}.golden.json"


def data_file(name):
    return plan_file(name).parent / reference(name)["dataset"]


def differences(got, expected, case, path="result"):
    """Return what is missing or outside the case's tolerance; null in the reference means skip."""
    if expected is None:
        return []
    if isinstance(expected, dict):
        return [
            found
            for key, value in expected.items()
            for found in differences(got.get(key, "missing"), value, case, f"{path}.{key}")
        ]
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return [f"{path}: {got} is not {expected}"]
        return [
            found
            for at, (one, value) in enumerate(zip(got, expected, strict=True))
            for found in differences(one, value, case, f"{path}[{at}]")
        ]
    if isinstance(expected, str | bool):
        return [] if got == expected else [f"{path}: {got!r} is not {expected!r}"]
    return [] if _is_near(got, expected, case) else [f"{path}: {got} is not {expected}"]


def _is_near(got, expected, case):
    if not isinstance(got, int | float):
        return False
    return abs(got - expected) <= max(case["rel_tol"] * abs(expected), case["abs_tol"])

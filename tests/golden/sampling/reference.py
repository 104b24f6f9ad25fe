"""Reading the reference files of R's survey package and comparing results with them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("fpc_small", "apisrs", "apistrat", "cati_demo")


@cache
def reference(name):
    return json.loads((HERE / f"{name}.golden.json").read_text())


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

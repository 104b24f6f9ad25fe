"""Reading the reference results of tests/golden/sem, and comparing a result with them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.model.specify import Model, model_from_json

FOLDER = Path(__file__).parent / "sem"


def reference(name: str) -> Any:
    """Return one JSON file of reference results."""
    return json.loads((FOLDER / name).read_text())


def mobi_model() -> Model:
    """Return the model of the mobile telephone example."""
    return model_from_json((FOLDER / "mobi_model.json").read_bytes(), "mobi_model.json")


def table(name: str) -> NDArray[np.float64]:
    """Return a CSV file's rows, NaN for an empty cell."""
    with (FOLDER / name).open(newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    return np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])


def differences(found: Any, expected: Any, path: str = "") -> list[tuple[str, float]]:
    """Return the absolute difference of every number in `expected`, with its path.

    A key that is not found raises KeyError; texts (notes on the reference tool) are passed over.
    """
    if isinstance(expected, dict):
        return [d for key in expected for d in _under(found, expected, key, path)]
    if isinstance(expected, list):
        assert len(found) == len(expected), path
        pairs = enumerate(zip(found, expected, strict=True))
        return [d for i, (f, e) in pairs for d in differences(f, e, f"{path}[{i}]")]
    if isinstance(expected, int | float):
        return [(path, abs(found - expected))]
    return []


def _under(found: Any, expected: Any, key: str, path: str) -> list[tuple[str, float]]:
    if isinstance(expected[key], str) or key == "iterations_reference_tool":
        return []
    return differences(found[key], expected[key], f"{path}/{key}")


def assert_close(found: Any, expected: Any, tolerance: float) -> None:
    """Fail with the worst differences when any number is further off than the tolerance."""
    gaps = differences(found, expected)
    assert gaps
    worst = sorted(gaps, key=lambda gap: -gap[1])[:5]
    assert worst[0][1] <= tolerance, worst

"""`soundings model fit` on models and files of other shapes, against PLS case by case.

The second implementation (tests/golden/row_pls.py) is written from the textbooks and first shown
to give the published numbers of the mobile telephone example.
"""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import model as command
from analysis.model.run import fit
from analysis.model.specify import model_from_json
from tests.golden.row_pls import row_pls
from tests.golden.sem_reference import FOLDER, assert_close, reference, table

BANK = ["01", "12", "13", "23", "04", "14", "24", "34", "05", "45", "46", "65"]
CORP = ["02", "12", "03", "13", "24", "34", "25", "35", "45"]
TURNED = ["43", "32", "42", "20", "10", "40"]

#  name          cases  items of the constructs   paths   further
SHAPES: dict[str, tuple[int, list[int], list[str], dict[str, Any]]] = {
    "bank": (250, [5, 5, 5, 4, 3, 3, 2], BANK, {"ends": (0, 10), "separator": ";"}),
    "reputation": (344, [5, 4, 3, 3, 1, 3], CORP, {"modes": "BBAAAA", "code": -99, "ends": (1, 7)}),
    "few cases": (20, [4, 4, 6], ["02", "12"], {}),
    "scale by scale": (47, [3, 2, 4], ["02", "12"], {"own_scales": True}),
    "turned order": (150, [3, 1, 10, 2, 4], TURNED, {"negative": "32", "reversed": ["c2_1"]}),
    "three alone": (90, [2, 1, 1], ["01", "02"], {"ends": (1, 5)}),
}
OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("", {}),
    ("--scheme centroid", {"scheme": "centroid"}),
    ("--scheme factorial", {"scheme": "factorial"}),
    ("--consistent", {"consistent": True}),
    ("--weights wt", {"weights": True}),
]


def simulated(name: str) -> tuple[dict[str, Any], np.ndarray]:
    """Return a model file and answers: constructs caused along the paths, items rounded."""
    n, sizes, paths, further = SHAPES[name]
    rng = np.random.default_rng(len(name) + n)
    arrows = [(int(path[0]), int(path[1])) for path in paths]
    causes = rng.normal(size=(n, len(sizes)))
    for _ in sizes:  # as often as the longest route has steps
        latent = causes.copy()
        for source, target in arrows:
            sign = -1 if f"{source}{target}" == further.get("negative") else 1
            latent[:, target] += sign * 0.6 * (latent if source < target else causes)[:, source]
    items = [f"c{j}_{q}" for j, m in enumerate(sizes) for q in range(m)]
    owners = [int(item[1]) for item in items]
    noise = rng.normal(size=(n, len(items)))
    raw = 0.8 * latent[:, owners] + 0.6 * noise * rng.uniform(0.6, 1.4, len(items))
    raw[:, np.isin(items, further.get("reversed", []))] *= -1
    ends = np.tile(further.get("ends", (1, 10)), (len(items), 1))
    if further.get("own_scales"):
        ends = np.array([(0, 10), (1, 5), (1, 7), (-3, 3), (0, 100)])[np.arange(len(items)) % 5]
    low, high = ends.T
    data = np.clip(np.round(low + (high - low) * (0.6 + 0.15 * raw)), low, high)
    if "code" in further:
        data[rng.random(data.shape) < 0.02] = further["code"]
    modes = further.get("modes", "A" * len(sizes))
    constructs = [
        {"name": f"C{j}", "mode": mode, "indicators": [i for i in items if i.startswith(f"c{j}_")]}
        for j, mode in enumerate(modes)
    ]
    model = {
        "constructs": constructs,
        "paths": [{"from": f"C{a}", "to": f"C{b}"} for a, b in arrows],
        "missing_code": further.get("code"),
        "reversed": further.get("reversed", []),
        "scales": {
            i: {"min": int(a), "max": int(b)} for i, (a, b) in zip(items, ends, strict=True)
        },
    }
    return model, data


@pytest.mark.parametrize("scheme", ["path", "centroid", "factorial"])
def test_the_second_implementation_gives_the_reference_numbers(scheme):
    model = json.loads((FOLDER / "mobi_model.json").read_text())
    expected = reference("mobi_pls.json")["runs"][f"{scheme}_modeA_standardised"]
    found = row_pls(model, table("mobi.csv"), scheme=scheme)
    assert_close(found, {key: expected[key] for key in found if key != "fit"}, 1e-9)
    assert_close(found["fit"], {key: expected["fit"][key] for key in found["fit"]}, 1e-9)


@pytest.mark.parametrize(("options", "settings"), OPTIONS)
@pytest.mark.parametrize("name", SHAPES)
def test_every_number_agrees(tmp_path, name, options, settings):
    model, data = simulated(name)
    further, own = SHAPES[name][3], dict(settings)
    weights = np.arange(len(data)) % 7 / 4.0 + 0.25
    items = [item for construct in model["constructs"] for item in construct["indicators"]]
    with (tmp_path / "d.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=further.get("separator", ","), quoting=csv.QUOTE_ALL)
        writer.writerow(["gender", *items, "wt"])
        for row, weight in zip(data, weights, strict=True):
            writer.writerow(["m" if row[0] > 4 else "f", *row, weight])
    (tmp_path / "m.json").write_text(json.dumps(model))
    files = [str(tmp_path / "d.csv"), "--model", str(tmp_path / "m.json")]
    rest = ["--json", str(tmp_path / "o.json"), "--no-cbsem", "--no-judge", *options.split()]
    result = CliRunner().invoke(command, ["fit", *files, *rest])
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "o.json").read_text())
    expected = row_pls(model, data, weights if own.pop("weights", False) else None, **own)
    assert_close(found, expected, 1e-8)


@pytest.mark.parametrize("mode", ["A", "B"])
def test_every_construct_points_along_the_sum_of_its_items(mode):
    """In unrelated items the iteration often ends the other way round; the rule turns it."""
    model = {key: value for key, value in simulated("few cases")[0].items() if key != "scales"}
    specified = model_from_json(model).with_mode(mode)
    for seed in (0, 1, 3, 5, 6, 7, 10, 11):
        data = np.random.default_rng(seed).normal(size=(30, len(specified.indicators)))
        found = fit(specified, data).estimates.loadings[:, 0]
        assert (np.add.reduceat(found, [0, 4, 8]) > 0).all()

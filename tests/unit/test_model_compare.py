"""Groups that cannot be compared are refused by name; what can be is told in words and JSON."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path as File

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import model as command
from analysis.compare.run import compare
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Interaction, Model, Path, Scale
from foundation.problems import ProblemsError
from tests.golden.sem_reference import FOLDER, mobi_model, table

MODEL = Model(
    (Construct("Q", ("q1", "q2")), Construct("V", ("v1", "v2")), Construct("S", ("s1", "s2"))),
    (Path("Q", "V"), Path("Q", "S"), Path("V", "S")),
    Scale(1, 10),
)


def answers(n: int = 90, seed: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    q = rng.normal(size=n)
    v = 0.6 * q + rng.normal(size=n)
    s = 0.5 * q + 0.4 * v + rng.normal(size=n)
    latent = np.repeat(np.stack([q, v, s], axis=1), 2, axis=1) + 0.5 * rng.normal(size=(n, 6))
    return np.clip(np.round(6 + 1.5 * latent), 1, 10)


def labels(n: int = 90, names: str = "ab") -> list[str]:
    return [names[row % len(names)] for row in range(n)]


def compared(data=None, groups=None, **options):
    own = {"permutations": 19, "bootstrap": 20, "model": MODEL} | options
    return compare(
        own.pop("model"),
        answers() if data is None else data,
        labels() if groups is None else groups,
        **own,
    )


def codes(problems) -> list[str]:
    return [problem.message.code for problem in problems]


def refused(*arguments, **options) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        compared(*arguments, **options)
    return codes(caught.value.problems)


def test_one_group_no_group_and_too_many_groups_are_refused():
    assert refused(groups=["a"] * 90) == ["GROUP-502"]
    assert refused(groups=[""] * 90) == ["GROUP-505", "GROUP-503"]
    assert refused(groups=[str(row) for row in range(90)]) == ["GROUP-504"]
    assert refused(groups=["a"] * 89) == ["GROUP-506"]


def test_a_group_that_is_too_small_is_named():
    with pytest.raises(ProblemsError, match=r"DATA-306\] at 'tiny'"):
        compared(groups=["tiny"] * 2 + ["a"] * 88)


def test_an_item_that_is_constant_in_one_group_is_named_with_the_group():
    data = answers()
    data[::2, 3] = 7
    with pytest.raises(ProblemsError, match=r"DATA-304.*column 'v2', at 'a'"):
        compared(data)


def test_a_small_group_and_cases_without_a_group_are_warned_of():
    found = compared(groups=["", *["small"] * 12, *["large"] * 77])
    assert {"GROUP-505", "GROUP-510", "DATA-307"} <= set(codes(found.problems))
    assert found.groups.sizes == (77, 12)


def test_weights_leave_the_permutations_out_and_move_the_differences():
    weights = np.linspace(0.5, 2, 90)
    found, plain = compared(weights=weights), compared()
    pair = found.pairs[0]
    assert "GROUP-521" in codes(found.problems)
    assert found.omnibus is None
    assert pair.invariance is None
    assert set(pair.p) == {"henseler", "parametric", "welch"}
    assert np.abs(pair.difference - plain.pairs[0].difference).max() > 1e-3


def test_a_person_twice_in_one_group_is_refused():
    people = ["p1", "p2", "p1", *(f"x{row}" for row in range(87))]
    assert refused(people=people) == ["GROUP-507"]


def test_people_without_a_number_stand_alone():
    found = compared(people=["", *(f"x{row}" for row in range(89))])
    assert codes(found.problems).count("GROUP-508") == 1
    assert found.groups.shared(0, 1) == 0


def test_interactions_and_imputation_are_refused():
    arrows = (*MODEL.paths, Path("Q*V", "S"))
    with_product = replace(MODEL, paths=arrows, interactions=(Interaction("Q*V", ("Q", "V")),))
    assert refused(model=with_product) == ["GROUP-509"]
    assert refused(settings=Settings(missing="imputation")) == ["GROUP-512"]


def test_corrections_work_within_one_kind_over_all_pairs():
    found = compared(groups=labels(names="abc"), correction="bonferroni")
    rows = [row for row, label in enumerate(found.labels) if label.kind == "path"]
    for pair in found.pairs:
        raw = pair.p["permutation"][rows]
        assert pair.adjusted["permutation"][rows] == pytest.approx(np.minimum(raw * 9, 1))


def test_a_planted_difference_is_found():
    one, two = answers(200, 1), answers(200, 2)
    two[:, 4:] = answers(200, 3)[:, 4:]
    found = compared(np.vstack([one, two]), ["a"] * 200 + ["b"] * 200, permutations=199)
    place = [(label.kind, label.name, label.of) for label in found.labels].index(("path", "S", "Q"))
    assert found.pairs[0].adjusted["permutation"][place] < 0.05
    assert found.omnibus.geodesic_p < 0.05


def test_a_construct_that_is_composed_otherwise_in_one_group_is_named():
    one, two = answers(200, 1), answers(200, 2)
    two[:, 1] = np.random.default_rng(4).integers(1, 11, 200)
    found = compared(np.vstack([one, two]), ["a"] * 200 + ["b"] * 200, permutations=99)
    assert found.pairs[0].verdicts[0] == "none"
    said = [problem.text() for problem in found.problems if problem.message.code == "GROUP-525"]
    assert "alike in 'a' and 'b': Q" in said[0]


def test_too_few_resamples_for_an_error_are_refused():
    assert refused(bootstrap=1) == ["GROUP-527"]


def test_a_group_whose_items_run_the_other_way_is_refused_by_name():
    data = answers(300)
    data[:40, 4:] = 11 - data[:40, 4:]
    data[:40, 4] = 11 - data[:40, 4]
    labels_ = ["odd"] * 40 + ["a"] * 130 + ["b"] * 130
    assert refused(data, labels_) == ["FIT-407", "GROUP-511"]


def test_a_league_ranks_the_groups_by_each_index():
    data = answers(150)
    data[::3] = np.clip(data[::3] - 3, 1, 10)
    found = compared(data, labels(150, "abc"), bootstrap=100)
    table_ = found.leagues["S"]
    assert table_[-1].name == "a"
    assert (table_[-1].best, table_[-1].worst) == (3, 3)


@pytest.fixture
def file(tmp_path: File) -> File:
    """The mobi data with a column of texts, one of which holds a comma."""
    rows = list(csv.reader((FOLDER / "mobi.csv").read_text().splitlines()))
    path = tmp_path / "branches.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*rows[0], "branch"])
        for number, row in enumerate(rows[1:]):
            writer.writerow([*row, ["North", "South, new"][number % 2]])
    return path


def run(*arguments: object):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_the_command_compares_by_a_column_of_texts(file, tmp_path):
    out = tmp_path / "out.json"
    options = ("--permutations", 30, "--bootstrap", 30, "--seed", 3, "--json", out)
    done = run("compare", file, "--model", FOLDER / "mobi_model.json", "--by", "branch", *options)
    assert done.exit_code == 0, done.output
    found = json.loads(out.read_text(), parse_constant=pytest.fail)
    names = ["North" if row % 2 == 0 else "South, new" for row in range(250)]
    own = compare(mobi_model(), table("mobi.csv"), names, permutations=30, bootstrap=30, seed=3)
    pair = found["pairs"][0]
    assert found["groups"].keys() == {"North", "South, new"}
    assert pair["differences"]["paths"][0]["difference"] == pytest.approx(
        own.pairs[0].difference[0]
    )
    assert set(pair["differences"]["paths"][0]["p"]) == set(own.pairs[0].p)
    assert pair["micom"]["verdict"] == own.pairs[0].verdict
    assert "South, new minus North" in done.output


def test_the_command_names_a_column_that_is_not_there_and_every_bad_cell(file):
    file.write_text(file.read_text().replace("7,5,5,5,4", "7,5,x,5,4", 1))
    done = run("compare", file, "--model", FOLDER / "mobi_model.json", "--by", "brunch")
    assert done.exit_code == 1
    assert "GROUP-501" in done.output
    assert "DATA-302" in done.output
    assert "'branch'" in done.output

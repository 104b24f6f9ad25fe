"""League tables of the index by group: values, errors, ranks, and what is never shown."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis import computing, leaguereport, uploads
from analysis.index import group_indices
from analysis.precision.index import index_errors
from analysis.precision.parts import Part
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit import joint, league, leaguedraws
from analysis.wavefit.design import declared
from analysis.wavefit.league import Grouping, groupings, leagues
from analysis.wavefit.leaguedraws import Scene
from survey.formats.table import Variable
from survey.language.model import QuestionKind
from tests.outside import DATA, MODEL, mobi_table

N = 250


@cache
def prepared() -> computing.Prepared:
    model = uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json").model
    labels = {name: {"en": name} for name in model.names}
    source = computing.Source(1, mobi_table(), model, labels)
    return computing.prepare(source, resamples=10, seed=1)


def league_of(groups: list[str]) -> dict:
    """Return the league of a grouping, as it comes back from the store."""
    made = prepared()
    parts = [Grouping("branch", {"en": "Branch"}, tuple(groups))]
    (found,) = leagues(Scene(made.drawn, made.side, "Satisfaction"), parts)
    return json.loads(json.dumps(found, allow_nan=False))


def by_score(shares: list[int]) -> list[str]:
    """Return groups of these sizes, the most satisfied respondents in the first."""
    scores = np.nan_to_num(prepared().sample.values[:, -1])
    names = [f"g{k}" for k, size in enumerate(shares) for _ in range(size)]
    groups = [""] * N
    for at, name in zip(np.argsort(-scores, kind="stable"), names, strict=True):
        groups[at] = name
    return groups


def test_values_are_group_means_and_errors_agree_with_linearisation():
    groups = [f"g{n % 3}" for n in range(N)]
    found = {row["name"]: row for row in league_of(groups)["rows"]}
    made = prepared()
    # Linearised, cases independent: another formula, another piece of code.
    for own in group_indices(made.drawn.full, made.sample.values, groups):
        if own.construct == "Satisfaction":
            row = found[own.group]
            assert row["base"] == own.n
            assert row["index"]["value"] == pytest.approx(own.index.value)
            assert row["index"]["se"] == pytest.approx(own.index.se, rel=0.1)


def test_the_weights_of_the_questions_are_estimated_anew_by_the_same_road_as_index_errors(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(leaguedraws, "RESAMPLES", joint.STACK)
    groups = by_score([80, 85, 85])
    made = prepared()
    design, _ = declared(N, None, None)
    rng = np.random.default_rng((made.drawn.seed, 0))
    drawn = replicate_weights(design, Replication("subbootstrap", joint.STACK), rng=rng)
    parts = [Part("all", np.ones(N, dtype=bool))]
    parts += [Part(name, np.array(groups) == name, model="all") for name in sorted(set(groups))]
    errors = index_errors(
        made.drawn.model, made.sample.values, design.with_replicates(drawn), parts
    ).of("Satisfaction")
    league = league_of(groups)
    assert league["estimated"]
    for row in league["rows"]:
        at = errors.parts.index(row["name"])
        # Not to the last digit: 11 gaps are filled by the mean of all here, of the group there.
        assert row["index"]["se"] == pytest.approx(errors.re_estimated.se[at], rel=0.01)
        assert row["fixed_se"] == pytest.approx(errors.fixed.se[at], rel=0.01)
        assert row["fixed_se"] != pytest.approx(row["index"]["se"], rel=1e-5)


def drawn_by_branch() -> computing.Prepared:
    """Return the example as a sample of ten branches in two regions."""
    table = mobi_table()
    rows = tuple(
        replace(row, design={"stratum": f"r{n % 2}", "psu": f"b{n % 10}"})
        for n, row in enumerate(table.rows)
    )
    source = replace(prepared().source, table=replace(table, rows=rows))
    return computing.prepare(source, resamples=10, seed=1)


def test_groups_of_several_units_are_drawn_by_units():
    made = drawn_by_branch()
    pairs = [f"b{n % 10 // 2}" for n in range(N)]
    scene = Scene(made.drawn, made.side, "Satisfaction")
    (found,) = leagues(scene, [Grouping("pair", {"en": "Pair"}, tuple(pairs))])
    assert not found["own_units"]
    assert len(found["rows"]) == 5


def test_the_league_of_single_units_does_not_take_them_for_certain(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(league, "RULES", replace(league.RULES, least_base=20))
    made = drawn_by_branch()
    groups = [f"b{n % 10}" for n in range(N)]
    scene = Scene(made.drawn, made.side, "Satisfaction")
    (found,) = leagues(scene, [Grouping("branch", {"en": "Branch"}, tuple(groups))])
    assert found["own_units"]
    errors = {row["name"]: row["fixed_se"] for row in found["rows"]}
    assert len(errors) == 10
    for own in group_indices(made.drawn.full, made.sample.values, groups):
        if own.construct == "Satisfaction":
            assert errors[own.group] == pytest.approx(own.index.se, rel=0.1)


def test_groups_made_by_chance_are_not_told_apart():
    league = league_of([f"g{n % 4}" for n in range(N)])
    assert {(row["best"], row["worst"]) for row in league["rows"]} == {(1, 4)}
    assert {row["letters"] for row in league["rows"]} == {"a"}


def test_groups_that_differ_have_ranks_of_their_own_that_hold_the_rank():
    league = league_of(by_score([80, 85, 85]))
    rows = league["rows"]
    values = [row["index"]["value"] for row in rows]
    assert values == sorted(values, reverse=True)
    assert rows[0]["worst"] < rows[-1]["best"]
    assert all(row["best"] <= row["rank"] <= row["worst"] for row in rows)
    assert not set(rows[0]["letters"]) & set(rows[-1]["letters"])


def test_small_groups_are_hidden_marked_or_drawn_towards_the_mean():
    league = league_of(["a"] * 29 + ["b"] * 40 + ["c"] * 90 + ["d"] * 91)
    assert league["hidden"] == ["a"]
    rows = {row["name"]: row for row in league["rows"]}
    assert {name: row["marked"] for name, row in rows.items()} == {
        "b": True, "c": False, "d": False,
    }  # fmt: skip
    drawn, own = rows["b"]["shrunken"], rows["b"]["index"]
    mean = np.mean([row["index"]["value"] for row in rows.values()])
    assert abs(drawn["value"] - mean) < abs(own["value"] - mean) + 0.5
    assert rows["c"]["shrunken"] is None


def test_a_very_small_group_cannot_be_had_by_subtraction():
    league = league_of(["a"] * 4 + ["b"] * 60 + ["c"] * 90 + ["d"] * 96)
    assert league["hidden"] == ["a", "b"]


def test_nothing_is_left_when_every_group_is_small():
    league = league_of([f"g{n % 10}" for n in range(N)])
    assert league["rows"] == []
    assert len(league["hidden"]) == 10
    (shown,) = leaguereport.build({"leagues": [league]})
    assert shown.leaders == 0


def test_the_report_says_ranks_in_words():
    (shown,) = leaguereport.build({"leagues": [league_of(by_score([80, 85, 85]))]})
    assert [row.rank for row in shown.rows] == [1, 2, 3]
    assert shown.rows[0].ranks in {"1", "1–2"}
    assert float(shown.rows[0].fixed_se) == pytest.approx(shown.rows[0].index.se, rel=0.05)
    assert leaguereport.build({}) == ()


def test_case_variables_and_strata_part_respondents_and_identities_do_not():
    table = mobi_table()
    rows = tuple(
        replace(
            row, design={"stratum": "ab"[n % 2]},
            values={**row.values, "branch": "xyz"[n % 3], "customer": f"c{n}", "bank": "one",
                "wording": "ab"[n % 2],
            },
        )
        for n, row in enumerate(table.rows)
    )  # fmt: skip
    more = [
        Variable(name, QuestionKind.HIDDEN, {"en": name.title()})
        for name in ("branch", "customer", "bank")
    ]
    more.append(Variable("wording", QuestionKind.HIDDEN))
    found = groupings(replace(table, variables=(*table.variables, *more), rows=rows))
    assert [one.name for one in found] == ["stratum", "branch"]
    assert groupings(table) == []

"""Ratings and schemes as they are typed, the scores made of them, and what may be published."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.compositefields import as_text, read_ratings
from analysis.compositescheme import READY, as_lines, from_form, from_json
from analysis.compositescores import score
from analysis.compositeviews import posted
from analysis.sampling.composites import TELLER_STAR, Source, composite
from analysis.sampling.distributions import t_two_sided
from analysis.sampling.raters import means_by_rater
from commands import main
from foundation.problems import ProblemsError

STAR = READY["teller-star"]
TEAM_OF = (10.0, 8)
CUSTOMERS_OF = (12.0, 20)


def spread(mean: float, sd: float, n: int) -> list[float]:
    """Return n scores with exactly this mean and standard deviation."""
    steps = np.arange(n) - (n - 1) / 2
    return list(mean + sd * steps / steps.std(ddof=1))


def teller(name: str, mean: float, *, raters: bool = True, managers: bool = True) -> list[list]:
    """Return the ratings of the scheme's own example: 20 customers sd 12, 8 colleagues sd 10."""
    rows: list[list] = [[name, "customers", one, None] for one in spread(mean, *CUSTOMERS_OF)]
    team = spread(mean, *TEAM_OF)
    rows += [[name, "team", one, at if raters else None] for at, one in enumerate(team, 1)]
    if managers:
        rows += [[name, "operations", mean, 91], [name, "lobby", mean, 92]]
    return rows


def scheme(**changes) -> dict:
    return {**STAR, **changes}


def rows_of(answer: dict) -> dict[str, dict]:
    return {row["unit"]: row for row in answer["units"]}


def codes(problems) -> list[str]:
    return [problem.message.code for problem in problems]


def refused(function, *arguments) -> list[str]:
    with pytest.raises(ProblemsError) as caught:
        function(*arguments)
    return [problem.text() for problem in caught.value.problems]


# The score and its error.


def test_the_ready_scheme_is_the_star_of_tellers():
    weights = {one["name"]: one["weight"] / 100 for one in STAR["sources"]}
    assert weights == pytest.approx(TELLER_STAR.weights)
    assert (STAR["missing"], STAR["places"]) == ("rescale", 3)


def test_the_error_of_the_schemes_own_example_comes_out_of_ratings():
    """sqrt(0.4^2 12^2 / 20 + 0.3^2 10^2 / 8) = 1.51, and 2.1 for a difference."""
    answer, remarks = score(STAR, teller("a", 70) + teller("b", 60, raters=False))
    row = rows_of(answer)["a"]
    assert row["value"] == pytest.approx(70)
    assert row["se"] == pytest.approx(math.sqrt(0.16 * 144 / 20 + 0.09 * 100 / 8))
    assert round(row["se"], 2) == 1.51
    # Satterthwaite by hand: 2.277^2 / (1.152^2 / 19 + 1.125^2 / 7).
    assert row["df"] == pytest.approx(2.277**2 / (1.152**2 / 19 + 1.125**2 / 7))
    # The interval is the one whose ends a t test of that many degrees just rejects.
    assert t_two_sided((row["high"] - row["value"]) / row["se"], row["df"]) == pytest.approx(0.05)
    assert codes(remarks["a"])[:2] == ["SAMP-514", "SAMP-514"]


def test_colleagues_who_rate_both_cancel_in_the_difference():
    own = means_by_rater(list("aaabbb"), [1, 2, 6, 3, 4, 8], ["x", "y", "z"] * 2)
    # They all see b two above a: the difference has no error, though each mean has.
    assert own.values == pytest.approx([3, 5])
    assert own.covariance == pytest.approx(np.full((2, 2), 7 / 3))
    apart = means_by_rater(list("aaabbb"), [1, 2, 6, 3, 4, 8], [""] * 6)
    assert apart.covariance == pytest.approx(np.diag([7 / 3, 7 / 3]))


def test_a_rater_who_rates_a_unit_again_adds_no_person():
    once = means_by_rater(["a"] * 3, [10, 20, 60], ["x", "y", "z"])
    again = means_by_rater(["a"] * 6, [10, 20, 60] * 2, ["x", "y", "z"] * 2)
    assert again.covariance == pytest.approx(once.covariance)
    assert (again.raters[0], again.ratings[0]) == (3, 6)
    alone = means_by_rater(["a"] * 4, [10, 20, 30, 60], ["x"] * 4)
    assert (alone.raters[0], alone.covariance[0, 0]) == (1, 0)


def test_shared_raters_part_units_that_others_could_not():
    known = [row for at in range(4) for row in teller(f"t{at}", 60 + 4 * at)]
    unknown = [[*row[:3], None] for row in known]
    by_rater, alone = (rows_of(score(STAR, rows)[0]) for rows in (known, unknown))
    assert by_rater["t3"]["se"] == pytest.approx(alone["t3"]["se"])
    assert (alone["t3"]["worst"], by_rater["t3"]["worst"]) == (2, 1)


def test_the_league_is_ranked_with_the_smallest_degrees_of_freedom():
    """t3 and t2 differ by 4; SE of the difference sqrt(2 * 1.152), team cancelling: t = 2.64."""
    answer, _ = score(STAR, [row for at in (0, 4) for row in teller(f"t{at}", 60 + at)])
    assert t_two_sided(4 / math.sqrt(2 * 1.152), int(rows_of(answer)["t4"]["df"])) < 0.05
    assert rows_of(answer)["t4"]["letters"] == "a"
    assert rows_of(answer)["t0"]["letters"] == "b"


def test_scores_that_are_equal_share_a_rank_whatever_the_order_of_their_sums():
    rows = teller("a", 70.1) + teller("b", 70.1)[::-1] + teller("c", 40)
    ranks = {name: row["rank"] for name, row in rows_of(score(STAR, rows)[0]).items()}
    assert ranks == {"a": 1, "b": 1, "c": 3}


# A missing source.


def test_a_missing_source_leaves_its_weight_to_the_others_and_says_so():
    answer, remarks = score(scheme(least_base=2), teller("a", 70, managers=False))
    row = rows_of(answer)["a"]
    weights = {name: own["weight"] for name, own in row["sources"].items()}
    assert weights == pytest.approx({"customers": 4 / 7, "team": 3 / 7})
    assert codes(remarks["a"])[:2] == ["SAMP-513", "SAMP-513"]


def test_a_missing_source_withholds_the_score_where_the_scheme_says_so():
    rows = teller("a", 70, managers=False) + teller("b", 60)
    answer, _ = score(scheme(missing="withhold"), rows)
    row = rows_of(answer)["a"]
    assert (row["decision"], row["value"], row["rank"]) == ("withhold", None, None)
    assert all(own["mean"] is None for own in row["sources"].values())
    assert [row["unit"] for row in answer["units"]] == ["b", "a"]


def test_a_source_with_too_few_raters_counts_as_missing():
    sources = [{**one, "least": 9 if one["name"] == "team" else 1} for one in STAR["sources"]]
    answer, remarks = score(scheme(sources=sources, least_base=20), teller("a", 70))
    row = rows_of(answer)["a"]
    assert row["sources"]["team"] | {"se": None} == {
        "raters": 8, "ratings": 8, "weight": None, "mean": None, "se": None}  # fmt: skip
    assert row["base"] == 22
    assert "COMP-201" in codes(remarks["a"])
    assert "SAMP-513" not in codes(remarks["a"])


def test_a_score_without_any_error_is_not_shown():
    rows = [["a", "operations", 90, 1], ["a", "lobby", 80, 2], *teller("b", 60)]
    answer, remarks = score(scheme(least_base=2, least_people=1), rows)
    assert (rows_of(answer)["a"]["decision"], rows_of(answer)["a"]["value"]) == ("hide", None)
    assert codes(remarks["a"])[-1] == "COMP-202"
    assert composite(TELLER_STAR, {"lobby": Source(80, None, 1)}).se is None


def test_raters_who_all_agree_are_named():
    rows = [["a", "customers", 100, None]] * 40
    answer, remarks = score(scheme(least_people=1), rows)
    assert rows_of(answer)["a"]["se"] == 0
    assert "COMP-203" in codes(remarks["a"])


# Publication.


def test_a_small_base_is_hidden_and_takes_no_rank():
    rows = teller("a", 70) + [["small", "customers", one, None] for one in spread(90, 5, 12)]
    answer, remarks = score(STAR, rows)
    row = rows_of(answer)["small"]
    assert (row["decision"], row["value"], row["rank"], row["base"]) == ("hide", None, None, 12)
    assert rows_of(answer)["a"]["rank"] == 1
    assert "SAMP-502" in codes(remarks["small"])


def test_a_small_base_that_is_shown_is_marked_and_drawn_towards_the_mean():
    large = [["c", "customers", one, None] for one in spread(50, 12, 80)]
    answer, _ = score(STAR, teller("a", 70) + teller("b", 40) + large)
    found = rows_of(answer)
    assert (found["a"]["decision"], found["c"]["decision"]) == ("mark", "show")
    assert found["a"]["drawn"]["value"] < found["a"]["value"]
    assert found["b"]["drawn"]["value"] > found["b"]["value"]
    assert found["c"]["drawn"] is None


def test_means_of_few_raters_are_not_printed_nor_one_that_tells_them():
    row = rows_of(score(STAR, teller("a", 70))[0])["a"]["sources"]
    assert row["operations"]["mean"] is None
    assert row["lobby"]["mean"] is None
    assert row["team"]["mean"] == pytest.approx(70)
    one = [rating for rating in teller("a", 70) if rating[1] != "lobby"]
    row = rows_of(score(scheme(least_base=2), one)[0])["a"]["sources"]
    # With one of them hidden, the score and the other means would tell it.
    assert (row["operations"]["mean"], row["team"]["mean"]) == (None, None)
    assert row["customers"]["mean"] == pytest.approx(70)


def test_for_posting_the_first_places_are_named_with_ties_and_the_others_counted():
    rows = [row for at in range(6) for row in teller(f"t{at}", 60 + 2 * min(at, 3))]
    rows += [["hidden", "customers", 99, None]]
    answer, _ = score(scheme(places=2), rows)
    found = posted(answer)
    assert {row["unit"] for row in found["named"]} == {"t3", "t4", "t5"}
    assert (found["others"], found["unranked"]) == (4, 1)
    assert found["uncertain"] == sum(
        row["rank"] is not None and row["rank"] > 2 and row["best"] <= 2 for row in answer["units"]
    )
    text = json.dumps(found)
    assert not any(f'"{name}"' in text for name in ("t0", "t1", "t2", "hidden"))


# What is typed.


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_ratings_are_read_with_any_separator_and_scale(separator: str):
    text = "unit;source;score;least;most;rater\na;team;4;1;5;Li\nb;team;1;1;5;Li\nb;team;5;1;5;\n"
    found = read_ratings(text.replace(";", separator), ["team"])
    assert found == [["a", "team", 75, 1], ["b", "team", 0, 1], ["b", "team", 100, None]]


def test_ratings_are_shown_again_without_the_names_of_raters():
    found = read_ratings('unit;source;score;rater\n"a;1";team;80.5;Li\n', ["team"])
    assert as_text(found) == 'unit;source;score;rater\n"a;1";team;80.5;1\n'
    assert read_ratings(as_text(found), ["team"]) == found


def test_everything_wrong_with_ratings_is_told_at_once_with_row_and_column():
    told = refused(
        read_ratings,
        "unit;source;score;least;most\n;team;80;0;100\na;teem;8;0;5\nb;team;x;5;5\nc;team;80\n"
        "d\x00;team;nan;0;100\n",
        ["team", "customers"],
        "may.csv",
    )
    assert [text[:10] for text in told] == [
        "[COMP-107]", "[COMP-108]", "[COMP-105]", "[COMP-104]", "[COMP-106]", "[COMP-103]",
        "[COMP-107]", "[COMP-104]",
    ]  # fmt: skip
    assert told[1].startswith("[COMP-108] may.csv, row 3, column 'source': ")
    assert "team, customers" in told[1]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["COMP-109"]),
        ("unit;source;score\n", ["COMP-109"]),
        ("unit;score\na;1\n", ["COMP-101"]),
        ("unit;source;score;ratr\na;team;1;x\n", ["COMP-102"]),
        ("unit;source;score;score\na;team;1;1\n", ["COMP-102"]),
        ("unit;source;score;least\na;team;1;1\n", ["COMP-101"]),
        ("unit,source,score\na,team,81,5\n", ["COMP-103"]),
        ("unit;source;score\n" + "a;team;1\n" * 20_001, ["COMP-110"]),
        (b"unit;source;score\n\xff;team;1\n", ["COMP-111"]),
        ('unit;source;score\n"' + "a" * 200_000 + '";team;1\n', ["COMP-111"]),
    ],
    ids=range(10),
)
def test_a_table_that_is_none_is_refused(content, expected):
    assert [text[1:9] for text in refused(read_ratings, content, ["team"])] == expected


def test_a_scheme_is_read_as_it_is_written():
    found = from_form({"sources": as_lines(STAR), "missing": "rescale", "places": ""})
    assert found == STAR
    text = b'{"sources": {"a": 60, "b": 40}, "missing": "withhold", "places": 1}'
    again = from_json(text, "s.json")
    assert [one["weight"] for one in again["sources"]] == [60, 40]
    assert (again["missing"], again["places"], again["least_base"]) == ("withhold", 1, 30)


def test_everything_wrong_with_a_scheme_is_told_at_once():
    told = refused(
        from_form,
        {"sources": "team; 30; few\nteam; -3\nalone\n; 5", "missing": "guess", "places": "0"},
    )
    assert sorted(text[1:9] for text in told) == [
        "COMP-107", "COMP-121", "COMP-122", "COMP-123", "COMP-125", "COMP-126", "COMP-126",
    ]  # fmt: skip
    assert "add to 90 %" in refused(from_form, {"sources": "a; 50\nb; 40"})[0]
    assert "COMP-124" in refused(from_form, {"sources": " "})[0]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[]", "COMP-127"),
        (b"\xff", "COMP-127"),
        (b'{"sources": "team"}', "COMP-127"),
        (b'{"sources": {"a": 100}, "wieght": 1}', "COMP-128"),
        (b'{"sources": [{"name": "a"}]}', "COMP-121"),
        (b'{"sources": {"a": true}}', "COMP-122"),
        (b'{"sources": {"a": 1e999}}', "COMP-122"),
        (b'{"sources": {"a": 100}, "least_people": null}', "COMP-126"),
    ],
)
def test_a_file_that_is_no_scheme_is_refused(content: bytes, expected: str):
    told = refused(from_json, content, "s.json")
    assert [text[1:9] for text in told] == [expected]
    assert "s.json" in told[0]


# The command.


def run(tmp_path, *options: str, rows: list[list] | None = None):
    ratings = rows or [row for at in range(4) for row in teller(f"t{at}", 60 + 4 * at)]
    (tmp_path / "may.csv").write_text(as_text(ratings))
    out = tmp_path / "out.json"
    arguments = ["composite", str(tmp_path / "may.csv"), "--json", str(out), *options]
    result = CliRunner().invoke(main, arguments)
    return result, json.loads(out.read_text()) if out.exists() else None


def test_the_command_prints_in_words_what_it_writes(tmp_path):
    result, found = run(tmp_path, "--scheme", "teller-star")
    assert result.exit_code == 0, result.output
    first = found["units"][0]
    assert (
        f" 1. t3: {first['value']:.1f} ({first['low']:.1f} to {first['high']:.1f})" in result.output
    )
    assert "SE 1.51, 30 raters, possible ranks 1, group a" in result.output
    assert "operations: – (1 rater, weight 15.0 %)" in result.output
    assert any("SAMP-514" in text for text in first["remarks"])


def test_the_command_names_the_first_places_only_for_posting(tmp_path):
    (tmp_path / "s.json").write_text('{"sources": {"team": 40, "customers": 60}, "places": 1, '
                                     '"least_base": 20}')  # fmt: skip
    rows = [row for at in range(4) for row in teller(f"t{at}", 60 + 4 * at, managers=False)]
    result, found = run(tmp_path, "--scheme", str(tmp_path / "s.json"), "--posting", rows=rows)
    assert result.exit_code == 0, result.output
    assert [row["unit"] for row in found["named"]] == ["t3"]
    assert "Others, not named: 3;" in result.output
    assert "t0" not in result.output


def test_the_command_writes_nothing_when_something_is_wrong(tmp_path):
    result, found = run(tmp_path, "--scheme", "teller-star", rows=[["a", "boss", 1, None]])
    assert (result.exit_code, found) == (1, None)
    assert "COMP-108" in result.output
    (tmp_path / "s.json").write_text('{"sources": {"team": 50, "boss": 40}}')
    wrong = [["a", "", 101, None]]
    result, found = run(tmp_path, "--scheme", str(tmp_path / "s.json"), rows=wrong)
    assert (result.exit_code, found) == (1, None)
    assert all(code in result.output for code in ("SAMP-511", "COMP-107", "COMP-105"))
    result, found = run(tmp_path, "--scheme", "no-such")
    assert (result.exit_code, found) == (2, None)
    assert "no ready scheme" in result.output

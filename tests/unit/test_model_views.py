"""The Model pages as values: what they print is what was stored, and the picture is readable."""

from __future__ import annotations

import json
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.model import run
from analysis.model.whatif import observed_range, what_if
from analysis.modelviews import insight
from analysis.modelviews.diagram import BOX_HEIGHT, BOX_WIDTH, LABEL_WIDTH, diagram
from analysis.modelviews.judgement import Choice, judgement
from analysis.modelviews.layering import layered
from analysis.modelviews.measurement import measurement
from analysis.modelviews.scenario import levers, scenario
from analysis.modelviews.sheets import Number, Reader, Said, as_json
from analysis.modelviews.sketch import forward, sketch
from analysis.modelviews.stored import Stored
from analysis.modelviews.structure import structure
from analysis.wavefit.judging import judgement_of
from analysis.wavefit.sample import sample_of
from tests.outside import DATA, GOLDEN, MODEL, computed, mobi_table, uploads

PUBLISHED = json.loads((GOLDEN / "mobi_pls.json").read_text())["runs"]["path_modeA_standardised"]
PLAIN = Reader(lambda text: text, lambda texts: texts.get("en") or next(iter(texts.values())))


@pytest.fixture(scope="module")
def numbers() -> dict:
    return computed().numbers


@pytest.fixture(scope="module")
def judged() -> dict:
    return dict(computed().judgement)


def test_paths_stand_as_published_with_their_interval(numbers: dict):
    (paths, *_rest) = structure(Stored(numbers))
    rows = as_json([paths], PLAIN)["paths"]
    wanted = {f"{own['from']} → {own['to']}": own["value"] for own in PUBLISHED["paths"]}
    assert {row["path"]: row["value"] for row in rows} == pytest.approx(wanted, abs=1e-9)
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    assert all(row["t"] == pytest.approx(abs(row["value"]) / row["se"]) for row in rows)


def test_every_table_has_as_many_cells_as_columns(numbers: dict, judged: dict):
    stored = Stored(numbers)
    sheets = [
        *structure(stored), *measurement(stored), *insight.opinion(numbers["cbsem"]),
        *insight.mediation(stored, judged["mediation"]),
        *insight.importance(stored, judged["importance_performance"], "Satisfaction"),
        *judgement(stored, judged["judgement"], Choice()),
    ]  # fmt: skip
    assert len({sheet.key for sheet in sheets}) == len(sheets)
    for sheet in sheets:
        assert sheet.rows, sheet.key
        assert {len(row) for row in sheet.rows} == {len(sheet.columns)}, sheet.key
    json.dumps(as_json(sheets, PLAIN), allow_nan=False)


def test_a_single_item_has_no_reliability_and_no_htmt(numbers: dict):
    found = as_json(measurement(Stored(numbers)), PLAIN)
    (single,) = (row for row in found["reliability"] if row["construct"] == "Complaints")
    assert (single["items"], single["cronbach_alpha"], single["AVE"]) == (1, None, None)
    assert all(row["construct"] != "Complaints" for row in found["cronbach_alpha_errors"])


def test_a_matrix_repeats_no_number(numbers: dict):
    (own,) = (s for s in measurement(Stored(numbers)) if s.key == "htmt_raw_correlations")
    for number, row in enumerate(own.rows):
        assert all(cell == "" for cell in row[number + 1 :])


def test_a_tiny_probability_is_not_printed_as_zero():
    assert Number(0.0004, is_p=True).text == "<0.001"
    assert Number(0.0005, is_p=True).text == "0.001"
    assert Number(0.0004).text == "0.000"


def test_a_sentence_without_values_may_hold_a_percent_sign():
    assert PLAIN.text(Said("up to 5 %")) == "up to 5 %"
    assert PLAIN.text(Said("%(count)s items", {"count": 3})) == "3 items"


@pytest.mark.parametrize("mark", ["pass", "look", "fail", "not defined"])
def test_the_rows_of_a_mark_are_as_many_as_counted(numbers: dict, judged: dict, mark: str):
    found = judged["judgement"]
    summary, rows = judgement(Stored(numbers), found, Choice(mark=mark))
    assert len(rows.rows) == found["counts"][mark]
    column = [column.key for column in summary.columns].index(mark)
    assert sum(row[column].value for row in summary.rows) == found["counts"][mark]


def test_what_is_not_defined_says_why(numbers: dict, judged: dict):
    _summary, rows = judgement(Stored(numbers), judged["judgement"], Choice("alpha", "not defined"))
    (row,) = as_json([rows], PLAIN)["judgement"]
    assert row["of"] == "Complaints"
    assert row["rule"] == "the construct has a single item"


def test_a_stratified_sample_is_not_resampled_again_without_its_strata():
    model = uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json").model
    sample = sample_of(mobi_table(), model)
    fit = run.fit(model, sample.values, bootstrap=40, seed=1)
    rows = {
        is_simple: judgement_of(fit, sample, is_simple=is_simple)["judgement"]["rows"]
        for is_simple in (True, False)
    }
    for is_simple, own in rows.items():
        effects = [row for row in own if row["criterion"] == "f2"]
        assert all((row["ci95"] is not None) == is_simple for row in effects)
        assert all(row["ci95"] for row in own if row["criterion"] == "path")


names = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=10, unique=True)


@st.composite
def models(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    """Return names and arrows without a circle: each arrow leads to a later name."""
    found = draw(names)
    pairs = [(a, b) for at, a in enumerate(found) for b in found[at + 1 :]]
    return found, draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []


@given(models())
def test_every_arrow_leads_to_the_right_and_every_box_has_one_place(model):
    found, arrows = model
    layers = layered(found, arrows)
    boxes = [stop for layer in layers.layers for stop in layer if isinstance(stop, str)]
    assert sorted(boxes) == sorted(found)
    assert all(layers.depth[a] < layers.depth[b] for a, b in arrows)


@given(models())
def test_no_box_covers_another(model):
    found, arrows = model
    drawn = sketch({
        "constructs": [{"name": name} for name in found],
        "paths": [{"from": a, "to": b} for a, b in arrows],
    })  # fmt: skip
    boxes = drawn["boxes"]
    for at, one in enumerate(boxes):
        assert one["x"] + BOX_WIDTH <= drawn["width"]
        assert one["y"] + BOX_HEIGHT <= drawn["height"]
        for other in boxes[at + 1 :]:
            apart = abs(one["x"] - other["x"]) >= BOX_WIDTH
            assert apart or abs(one["y"] - other["y"]) >= BOX_HEIGHT
    assert len(drawn["edges"]) == len(arrows)


def test_thin_grey_arrows_are_those_whose_interval_includes_zero(numbers: dict):
    picture = diagram(Stored(numbers), {})
    assert len(picture.boxes) == 7
    errors = {(e["from"], e["to"]): e["ci95_percentile"] for e in numbers["errors"]["paths"]}
    for edge in picture.edges:
        low, high = errors[edge.source, edge.target]
        assert edge.is_weak == (low <= 0 <= high)
    weak = {edge.width for edge in picture.edges if edge.is_weak}
    assert weak
    assert max(weak) < min(edge.width for edge in picture.edges if not edge.is_weak)


def test_labels_of_the_published_model_cover_neither_boxes_nor_each_other(numbers: dict):
    picture = diagram(Stored(numbers), {})
    for at, edge in enumerate(picture.edges):
        for box in picture.boxes:
            inside = box.x < edge.x < box.x + BOX_WIDTH and box.y < edge.y < box.y + BOX_HEIGHT
            assert not inside, (edge, box)
        for other in picture.edges[at + 1 :]:
            apart = abs(edge.x - other.x) >= LABEL_WIDTH or abs(edge.y - other.y) >= 20
            assert apart, (edge, other)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["constructs", "paths", "name", "from", "to", "label"]), inner, max_size=3
    ),
))  # fmt: skip
def test_anything_can_be_sketched(written):
    json.dumps(sketch(written), allow_nan=False)


def test_a_circle_is_drawn_too():
    drawn = sketch({
        "constructs": [{"name": "a"}, {"name": "b"}],
        "paths": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}, {"from": "a", "to": "a"}],
    })  # fmt: skip
    assert [(own["from"], own["to"]) for own in drawn["edges"]] == [("a", "b"), ("b", "a")]
    assert forward([("a", "b"), ("b", "a"), ("a", "a")]) == [("a", "b")]


@pytest.mark.parametrize("points", [-4.0, 0.0, 5.0])
def test_what_if_is_what_the_fitted_model_says(points: float, numbers: dict):
    """The same numbers from the resamples themselves: `analysis.model.whatif`."""
    model = uploads.checked(DATA, "mobi.csv", MODEL, "mobi_model.json").model
    fit = run.fit(model, sample_of(mobi_table(), model).values, bootstrap=300, seed=1)
    lever = next(own for own in levers(numbers) if own.name == "Quality")
    found = scenario(numbers, lever, points)
    wanted = {own.target: own.change for own in what_if(fit, "Quality", points, (0.0, 100.0))}
    assert [label["en"] for label, _ in found.effects] == ["Satisfaction", "Loyalty"]
    for label, effect in found.effects:
        own = wanted[label["en"]]
        assert effect.value == pytest.approx(own.value, abs=1e-12)
        assert effect.se == pytest.approx(own.se, abs=1e-12)
        assert (effect.low, effect.high) == pytest.approx((own.low, own.high), abs=1e-9)


def test_a_lever_reaches_as_far_as_nine_in_ten_respondents(numbers: dict):
    lever = levers(numbers)[0]
    low, high = numbers["reach"][lever.name]
    assert (lever.level + lever.least, lever.level + lever.most) == pytest.approx((low, high))
    assert observed_range(np.arange(1.0, 101.0)) == (5.0, 95.0)


@pytest.mark.parametrize("points", [60.0, -90.0, nan, float("inf")])
def test_outside_the_observed_range_the_model_says_nothing(numbers: dict, points: float):
    found = scenario(numbers, levers(numbers)[0], points)
    assert found.effects == ()
    assert found.refusal is not None
    assert found.refusal.message.code == "FIT-464"


def test_a_result_without_a_reach_has_no_what_if(numbers: dict):
    assert levers({key: value for key, value in numbers.items() if key != "reach"}) == ()


def test_a_lever_that_reaches_less_than_five_points_begins_within_reach(numbers: dict):
    lever = replace(levers(numbers)[0], most=2.3)
    assert lever.begin == 2.0
    assert scenario(numbers, lever, lever.begin).refusal is None

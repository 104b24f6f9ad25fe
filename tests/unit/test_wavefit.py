"""From answers to the numbers of a wave: who counts, how heavily, and with what error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.model.specify import Construct, Interaction, Model, Path, Scale
from analysis.modelviews.stored import Stored
from analysis.modelviews.structure import structure
from analysis.wavefit import resampling
from analysis.wavefit.numbers import wave_numbers
from analysis.wavefit.opinion import opinion
from analysis.wavefit.sample import Sample, sample_of
from analysis.wavefit.specification import form_labels, headline, model_labels, model_of
from foundation.problems import ProblemsError
from survey.formats.table import ResponseRow, ResponseTable, Variable
from survey.language.model import QuestionKind
from tests.builders import a_form
from tests.outside import computed

MODEL = Model(
    (Construct("quality", ("q1", "q2")), Construct("satisfaction", ("s1", "s2"))),
    (Path("quality", "satisfaction"),),
    scale=Scale(1, 10),
)
NOTHING = "0" * 64

FORM = """
| survey |
| | type | name | label | construct | points | reverse |
| | begin group | quality | The quality | | | |
| | integer | q1 | One? | quality | 1-10 | |
| | integer | q2 | Two? | quality | 1-10 | yes |
| | end group | | | | | |
| | integer | s1 | Three? | pleased | 1-5 | |
| | integer | loose | Four? | unused | 1-10 | |

| model |
| | from | to |
| | quality | pleased |
"""


def answers(n: int = 60) -> np.ndarray:
    rng = np.random.default_rng(3)
    latent = rng.normal(size=n)
    noisy = latent[:, None] + rng.normal(scale=0.7, size=(n, 4))
    return np.clip(np.round(5.5 + 2 * noisy), 1, 10)


def a_sample(values: np.ndarray, **design: object) -> Sample:
    made = Sample(values, None, None, None, NOTHING, ())
    return replace(made, **design)


def a_row(number: int, outcome: str | None = "complete", design=None, **values) -> ResponseRow:
    given = {"q1": "7", "q2": "6", "s1": "8", "s2": "5", **values}
    there = {name: value for name, value in given.items() if value is not None}
    return ResponseRow(f"R{number}", outcome, there, {}, design or {})


def a_table(rows: list[ResponseRow]) -> ResponseTable:
    names = ("q1", "q2", "s1", "s2")
    variables = tuple(Variable(name, QuestionKind.SELECT_ONE) for name in names)
    return ResponseTable(1, "interviews", variables, tuple(rows))


def codes(error: pytest.ExceptionInfo[ProblemsError]) -> list[str]:
    return [problem.message.code for problem in error.value.problems]


def test_only_complete_interviews_count_and_no_answer_is_missing():
    rows = [a_row(n) for n in range(30)] + [a_row(31, None), a_row(32, "refused")]
    rows[3] = a_row(3, s2=None)
    sample = sample_of(a_table(rows), MODEL)
    assert sample.n == 30
    assert np.isnan(sample.values).sum() == 1
    assert sample.values[0].tolist() == [7, 6, 8, 5]
    assert (sample.weights, sample.strata, sample.units) == (None, None, None)


def test_cases_weigh_one_over_their_probability():
    designs = [{"selection_probability": 0.1 if n % 2 else 0.5, "stratum": ""} for n in range(30)]
    sample = sample_of(a_table([a_row(n, design=d) for n, d in enumerate(designs)]), MODEL)
    assert sample.weights is not None
    assert sorted(set(sample.weights.tolist())) == [2.0, 10.0]
    assert sample.effective_base == pytest.approx((15 * 12) ** 2 / (15 * 104))


def test_a_design_that_some_cases_lack_is_left_out_and_said():
    designs = [{"selection_probability": 0.5 if n else None, "stratum": "a"} for n in range(30)]
    sample = sample_of(a_table([a_row(n, design=d) for n, d in enumerate(designs)]), MODEL)
    assert sample.weights is None
    assert sample.strata is not None
    assert [problem.message.code for problem in sample.problems] == ["WAVE-201"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        pytest.param([], ["WAVE-101"], id="none"),
        pytest.param([a_row(n) for n in range(29)], ["WAVE-102"], id="too few"),
        pytest.param([a_row(n, q1="good") for n in range(30)], ["WAVE-104"] * 30, id="words"),
        pytest.param(
            [a_row(n, design={"selection_probability": 1.5}) for n in range(30)],
            ["WAVE-204"] * 30,
            id="probability above one",
        ),
    ],
)
def test_answers_that_cannot_be_used_are_named(rows: list[ResponseRow], found: list[str]):
    with pytest.raises(ProblemsError) as error:
        sample_of(a_table(rows), MODEL)
    assert codes(error) == found


def test_an_item_that_was_not_asked_is_named_with_its_construct():
    model = replace(MODEL, constructs=(Construct("quality", ("q1", "q22")), MODEL.constructs[1]))
    with pytest.raises(ProblemsError) as error:
        sample_of(a_table([a_row(n) for n in range(30)]), model)
    assert codes(error) == ["WAVE-103"]
    assert error.value.problems[0].values["near"] == "q2"


def test_the_same_answers_have_the_same_digest_and_others_another():
    rows = [a_row(n) for n in range(30)]
    same, other = a_table(rows), a_table([*rows[:-1], a_row(29, q1="1")])
    first = sample_of(a_table(rows), MODEL).digest
    assert sample_of(same, MODEL).digest == first
    assert sample_of(other, MODEL).digest != first


def test_a_constant_item_is_named():
    values = answers()
    values[:, 1] = 4
    with pytest.raises(ProblemsError) as error:
        resampling.fitted(MODEL, a_sample(values), resamples=50, seed=1)
    assert codes(error) == ["DATA-304"]


def test_a_weight_of_two_is_the_case_twice():
    values, heavy = answers(), np.arange(60) % 3 == 0
    weighted = resampling.fitted(
        MODEL, a_sample(values, weights=np.where(heavy, 2.0, 1.0)), resamples=20, seed=1
    )
    repeated = np.concatenate([values, values[heavy]])
    twice = resampling.fitted(MODEL, a_sample(repeated), resamples=20, seed=1)
    np.testing.assert_allclose(weighted.point, twice.point, atol=1e-9)


def test_cases_of_one_unit_tell_no_more_than_one_of_them():
    values = answers()
    alone = a_sample(values, strata=("a",) * 60)
    units = tuple(str(n) for n in range(60)) * 3
    three = a_sample(np.concatenate([values] * 3), units=units)
    first = resampling.fitted(MODEL, alone, resamples=200, seed=1)
    second = resampling.fitted(MODEL, three, resamples=200, seed=1)
    for kind, name, of in (("index", "satisfaction", ""), ("impact", "satisfaction", "quality")):
        assert second.figure(kind, name, of).se == pytest.approx(first.figure(kind, name, of).se)


def test_strata_of_equal_cases_leave_no_error():
    values = np.repeat(answers(20), 3, axis=0)
    strata = tuple(str(n) for n in np.repeat(np.arange(20), 3))
    fit = resampling.fitted(MODEL, a_sample(values, strata=strata), resamples=50, seed=1)
    assert fit.figure("index", "satisfaction").se == pytest.approx(0.0, abs=1e-9)


def test_a_lonely_stratum_is_joined_to_its_neighbour_and_said():
    strata = ("a", *["b"] * 59)
    fit = resampling.fitted(MODEL, a_sample(answers(), strata=strata), resamples=50, seed=1)
    assert "WAVE-202" in [problem.message.code for problem in fit.problems]
    assert fit.figure("index", "satisfaction").se > 0


def test_one_sampling_unit_has_no_error():
    with pytest.raises(ProblemsError) as error:
        resampling.fitted(MODEL, a_sample(answers(), units=("b",) * 60), resamples=50, seed=1)
    assert codes(error) == ["WAVE-203"]


@pytest.mark.parametrize("design", [{}, {"strata": ("a",) * 60}], ids=["simple", "stratified"])
def test_progress_counts_up_to_all_resamples(design: dict[str, tuple[str, ...]]):
    seen: list[tuple[int, int]] = []
    resampling.fitted(
        MODEL, a_sample(answers(), **design), resamples=1100, seed=1,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert seen[-1] == (1100, 1100)
    assert seen == sorted(set(seen))


def test_the_model_of_a_form_has_its_scales_turns_its_items_and_leaves_out_what_no_path_touches():
    form = a_form(FORM)
    model = model_of(form)
    assert model.names == ("quality", "pleased")
    assert model.scale_of("s1") == Scale(1, 5)
    assert model.reversed_items == {"q2"}
    labels = form_labels(form, model)
    assert list(labels["quality"].values()) == ["The quality"]
    assert labels["pleased"] == {"und": "pleased"}


def test_the_headline_is_satisfaction_else_what_most_paths_lead_to():
    assert headline(MODEL, model_labels(MODEL)) == "satisfaction"
    model = Model(
        tuple(Construct(name, (f"{name}1",)) for name in "abcd"),
        (Path("a", "c"), Path("b", "c"), Path("c", "d")),
    )
    assert headline(model, model_labels(model)) == "c"
    assert headline(model, {**model_labels(model), "d": {"zh-Hans": "客户满意度"}}) == "d"


def test_impacts_are_of_the_headline_and_compared_with_their_mean():
    fit = resampling.fitted(MODEL, a_sample(answers()), resamples=50, seed=1)
    numbers = wave_numbers(fit, a_sample(answers()), model_labels(MODEL), "satisfaction")
    assert list(numbers["impact"]) == ["quality"]
    expected = fit.figure("impact", "satisfaction", "quality")
    assert numbers["impact"]["quality"]["value"] == expected.value
    assert numbers["impact"]["quality"]["se"] == pytest.approx(expected.se)
    # One driver is its own mean: nothing stands out from itself.
    assert numbers["lead"]["quality"] == {"value": 0, "se": 0, "low": 0, "high": 0}


def test_the_second_opinion_warns_that_the_published_example_is_nearly_flat():
    numbers = computed().numbers
    said = [(own["code"], own["place"]["file"], own["severity"]) for own in numbers["warnings"]]
    assert ("CBSEM-521", "CB-SEM", "warning") in said
    assert numbers["cbsem"]["converged"]


def test_an_opinion_that_cannot_be_had_is_a_warning():
    model = replace(MODEL, constructs=(Construct("quality", ("q1",)), Construct("s", ("s1",))),
                    paths=(Path("quality", "s"),))  # fmt: skip
    found, said = opinion(model, a_sample(answers()[:, [0, 2]]))
    assert found == {"converged": False}
    assert [(own.message.code, own.is_error) for own in said] == [("CBSEM-501", False)]


@pytest.mark.parametrize("design", [{}, {"strata": ("a", "b") * 30}], ids=["simple", "stratified"])
def test_a_product_of_constructs_moves_the_index_but_has_none_of_its_own(design: dict):
    rng = np.random.default_rng(4)
    values = np.clip(np.round(np.hstack([answers(), rng.uniform(1, 10, (60, 1))])), 1, 10)
    model = Model(
        (*MODEL.constructs, Construct("price", ("p1",))),
        (*MODEL.paths, Path("price", "satisfaction"), Path("both", "satisfaction")),
        scale=Scale(1, 10),
        interactions=(Interaction("both", ("quality", "price")),),
    )
    sample = a_sample(values, **design)
    fit = resampling.fitted(model, sample, resamples=40, seed=1)
    numbers = wave_numbers(fit, sample, model_labels(model), "satisfaction")
    assert list(numbers["performance"]) == ["quality", "satisfaction", "price"]
    assert list(numbers["impact"]) == ["quality", "price"]
    tables = {sheet.key: sheet for sheet in structure(Stored(numbers))}
    ends = {
        key: {row[0].parts[0]["und"] for row in tables[key].rows} for key in ("paths", "impacts")
    }
    assert "both" in ends["paths"]
    assert "both" not in ends["impacts"]

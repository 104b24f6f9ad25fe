"""Mediation, importance and performance, what-if, planning, groups, and the models that ship."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from analysis.cli import model as command
from analysis.index import group_indices, indices, respondent_scores, scores_by_construct
from analysis.library import TITLES, shipped, shipped_names
from analysis.model.importance import importance_map
from analysis.model.insight_output import importance_json, mediation_json
from analysis.model.mediation import WORDS, mediations
from analysis.model.planning import interviews_needed
from analysis.model.run import fit, prepared_fit
from analysis.model.settings import Settings
from analysis.model.specify import Construct, Interaction, Model, Path, Scale
from analysis.model.whatif import observed_range, what_if
from foundation.problems import ProblemsError
from tests.golden.sem_reference import FOLDER, mobi_model, table

DATA = table("mobi.csv")
MODEL = mobi_model()


@pytest.fixture(scope="module")
def fitted():
    return fit(MODEL, DATA, bootstrap=300, seed=2)


def single(*arrows):
    """Return a model of constructs of one item each, on 1-10."""
    names = dict.fromkeys(name for arrow in arrows for name in arrow)
    constructs = tuple(Construct(name, (name.lower(),)) for name in names)
    return Model(constructs, tuple(Path(*arrow) for arrow in arrows), Scale(-100, 100))


def answers(b_on_a, c_on_b, c_on_a, n=400):
    rng = np.random.default_rng(1)
    a = rng.normal(size=n)
    b = b_on_a * a + rng.normal(size=n)
    c = c_on_b * b + c_on_a * a + rng.normal(size=n)
    return np.column_stack([a, b, c])


MEDIATED = single(("A", "B"), ("B", "C"), ("A", "C"))


@pytest.mark.parametrize(
    ("effects", "kind"),
    [
        ((0.7, 0.7, 0.5), "complementary"),
        ((0.7, 0.7, -0.5), "competitive"),
        ((0.7, 0.7, 0.0), "indirect_only"),
        ((0.0, 0.7, 0.5), "direct_only"),
        ((0.0, 0.7, 0.0), "none"),
    ],
)
def test_mediation_is_named_after_zhao_lynch_and_chen(effects, kind):
    found = mediations(fit(MEDIATED, answers(*effects), bootstrap=400, interval="bca"))
    assert [own.kind for own in found] == [kind]
    assert kind in WORDS


def test_without_a_direct_path_nothing_is_called_full_mediation():
    model = single(("A", "B"), ("B", "C"))
    found = mediations(fit(model, answers(0.7, 0.7, 0.0), bootstrap=200))
    assert (found[0].kind, found[0].share, found[0].direct) == ("assumed", None, None)


def test_a_specific_effect_is_the_product_of_its_paths_in_every_resample(fitted):
    own = next(m for m in mediations(fitted) if (m.source, m.target) == ("Quality", "Loyalty"))
    assert sum(each.effect.value for each in own.specific) == pytest.approx(own.indirect.value)
    direct = next(e for e in own.specific if e.route == ("Quality", "Satisfaction", "Loyalty"))
    rows = [
        fitted.labels.index(("path", *pair))
        for pair in [("Satisfaction", "Quality"), ("Loyalty", "Satisfaction")]
    ]
    products = fitted.resamples.values[rows].prod(axis=0)
    assert direct.effect.se == pytest.approx(products.std(ddof=1))
    assert [direct.effect.low, direct.effect.high] == pytest.approx(
        np.quantile(products, [0.025, 0.975]).tolist()
    )


def test_the_share_of_an_effect_is_its_indirect_part(fitted):
    own = next(m for m in mediations(fitted) if (m.source, m.target) == ("Quality", "Satisfaction"))
    assert own.share.value == pytest.approx(own.indirect.value / own.total.value)


def test_items_share_the_importance_of_their_construct(fitted):
    found = importance_map(fitted, "Loyalty")
    for lever in found.constructs:
        own = [item for item in found.items if item.construct == lever.construct]
        assert sum(i.importance.value for i in own) == pytest.approx(lever.importance.value)
        shares = [i.importance.value / lever.importance.value for i in own]
        performance = np.dot(shares, [i.performance.value for i in own])
        assert performance == pytest.approx(lever.performance.value)


def test_an_item_of_negative_weight_is_named():
    turned = DATA.copy()
    turned[:, 0] = 11 - turned[:, 0]
    found = importance_map(fit(MODEL, turned), "Satisfaction")
    assert [(p.message.code, p.place.item) for p in found.problems] == [("FIT-407", "IMAG1")]


def test_moving_all_answers_of_a_driver_moves_the_prediction_so(fitted):
    effects = {own.target: own for own in what_if(fitted, "Quality", 5.0, (40, 100))}
    impact = fitted.figure("impact", "Satisfaction", "Quality")
    assert effects["Satisfaction"].change.value == pytest.approx(5 * impact.value)
    assert effects["Satisfaction"].change.se == pytest.approx(5 * impact.se)
    level = fitted.figure("index", "Satisfaction").value
    assert effects["Satisfaction"].index.value == pytest.approx(level + 5 * impact.value)
    assert set(effects) == {"Value", "Satisfaction", "Complaints", "Loyalty"}


@pytest.mark.parametrize(
    ("driver", "points", "code"),
    [("Quality", 24.0, "FIT-464"), ("Qualty", 5.0, "FIT-461"), ("Loyalty", 5.0, "FIT-465")],
)
def test_a_move_that_the_answers_do_not_support_is_refused(fitted, driver, points, code):
    reached = observed_range(respondent_scores(fitted, DATA)[:, 2])
    with pytest.raises(ProblemsError, match=code):
        what_if(fitted, driver, points, reached)


def test_the_observed_range_holds_the_middle_ninety_percent_by_weight():
    scores = np.arange(100.0)
    assert observed_range(scores) == (4.0, 94.0)
    assert observed_range(scores, np.where(scores < 50, 0.0, 1.0)) == (52.0, 97.0)


def test_planning_a_mean_agrees_with_its_formula():
    """The index of a single item is its mean: margin = 1.96 sd / sqrt(m) is known."""
    model = single(("A", "B"), ("B", "C"))
    data = answers(0.7, 0.7, 0.0)
    estimator, found = prepared_fit(model, data, None, Settings())
    planned = interviews_needed(estimator, found, "C", 0.02, surveys=2000)
    sd = data[:, 2].std() * 100 / 200
    expected = (1.959964 * sd / 0.02) ** 2
    assert abs(planned.interviews - expected) < 4 * planned.error
    assert planned.error < 0.03 * expected
    again = interviews_needed(estimator, found, "C", 0.02, surveys=2000)
    assert again == planned


@pytest.mark.parametrize(
    ("construct", "margin", "code"),
    [("C", 0.0, "FIT-472"), ("C", 0.0001, "FIT-471"), ("D", 1.0, "FIT-461")],
)
def test_what_cannot_be_planned_is_refused(construct, margin, code):
    estimator, found = prepared_fit(MEDIATED, answers(0.5, 0.5, 0.5), None, Settings())
    with pytest.raises(ProblemsError, match=code):
        interviews_needed(estimator, found, construct, margin, surveys=100)


def test_groups_have_the_means_of_their_scores_with_base_and_error():
    found = fit(MODEL, DATA)
    groups = ["north"] * 100 + ["south"] * 149 + ["east"]
    weights = 1.0 + np.arange(250) % 3
    own = {(g.group, g.construct): g for g in group_indices(found, DATA, groups, weights)}
    scores = respondent_scores(found, DATA)[:100, 4]
    north = own["north", "Satisfaction"]
    assert north.n == 100
    assert north.index.value == pytest.approx(np.average(scores, weights=weights[:100]))
    assert own["east", "Image"].index.se is None
    unweighted = group_indices(found, DATA, groups)[4]
    assert unweighted.index.se == pytest.approx(scores.std(ddof=1) / 10)


def test_scores_of_stages_average_to_every_index():
    whole = Construct("Perceived", (), parts=("Quality", "Value"))
    arrows = [("Image", "Expectation"), ("Perceived", "Satisfaction"), ("Image", "Satisfaction")]
    arrows += [("Expectation", "Perceived"), ("Satisfaction", "Loyalty")]
    arrows += [("Satisfaction", "Complaints"), ("mix", "Satisfaction")]
    mix = Interaction("mix", ("Image", "Perceived"))
    model = Model(
        (*MODEL.constructs, whole),
        tuple(Path(*a) for a in arrows),
        Scale(1, 10),
        interactions=(mix,),
    )
    weights = 1.0 + np.arange(250) % 3
    found = fit(model, DATA, weights=weights)
    means = {
        name: np.average(own, weights=weights)
        for name, own in scores_by_construct(found, DATA).items()
    }
    levels = {name: figure.value for name, figure in indices(found).items()}
    assert set(levels) == {own.name for own in model.constructs}
    assert means == pytest.approx(levels, abs=1e-9)


def test_insights_are_plain_numbers(fitted):
    json.dumps([mediation_json(fitted), importance_json(fitted)], allow_nan=False)
    bare = fit(MODEL, DATA)
    text = json.dumps([mediation_json(bare), importance_json(bare)], allow_nan=False)
    assert '"se"' not in text


def test_the_titles_of_the_models_that_ship_reach_the_catalogue():
    assert {shipped(name).title for name in shipped_names()} == set(TITLES)


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_model_is_sound_named_and_worded(name):
    own = shipped(name)
    assert own.source
    assert set(own.questions) == set(own.model.indicators)
    assert all(own.model.scale_of(item) for item in own.model.indicators)
    assert own.model.names[-1] in ("Loyalty", "Recommendation")


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_shipped_models_are_listed_and_shown():
    assert [line.split()[0] for line in run("list").output.splitlines()] == list(shipped_names())
    assert json.loads(run("show", "acsi").output)["constructs"][0]["name"] == "Expectation"
    refused = run("show", "acsy")
    assert (refused.exit_code, "MODEL-281" in refused.output) == (1, True)


FILES = (FOLDER / "mobi.csv", "--model", FOLDER / "mobi_model.json")


def test_planning_and_what_if_by_command(tmp_path):
    out = tmp_path / "plan.json"
    assert run("plan", *FILES, "--margin", 1, "--surveys", 400, "--json", out).exit_code == 0
    planned = json.loads(out.read_text())
    assert 600 < planned["interviews"] < 950
    moved = run("whatif", *FILES, "--driver", "Quality", "--points", 5, "--bootstrap", 50)
    assert json.loads(moved.output)[0]["target"] == "Value"
    refused = run("whatif", *FILES, "--driver", "Quality", "--points", 90, "--bootstrap", 50)
    assert (refused.exit_code, "FIT-464" in refused.output) == (1, True)


def test_scores_by_command_are_those_of_the_respondents(tmp_path):
    out = tmp_path / "scores.csv"
    assert run("scores", *FILES, "--csv", out).exit_code == 0
    assert out.read_text().splitlines()[0].split(",") == list(MODEL.names)
    found = np.loadtxt(out, delimiter=",", skiprows=1)
    assert np.abs(found - respondent_scores(fit(MODEL, DATA), DATA)).max() < 1e-6

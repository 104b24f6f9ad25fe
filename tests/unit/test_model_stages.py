"""Higher-order constructs and interactions: what is refused, and estimates against the rows.

The expected numbers are derived a second way in each test: the scores of the first stage are
computed case by case, and the second stage is fitted to them as plain data, or by least squares.
"""

from dataclasses import replace

import numpy as np
import pytest

from analysis.model.output import run_json
from analysis.model.resample_output import bootstrap_json
from analysis.model.run import fit
from analysis.model.specify import Construct, Interaction, Model, Path, Scale, model_from_json
from foundation.problems import ProblemsError
from tests.golden.sem_reference import FOLDER, table

DATA = table("mobi.csv")
PLAIN = model_from_json((FOLDER / "mobi_model.json").read_bytes())
PARTS = ("Quality", "Value")
ARROWS = [
    ("Image", "Expectation"),
    ("Expectation", "Perceived"),
    ("Perceived", "Satisfaction"),
    ("Image", "Satisfaction"),
    ("Satisfaction", "Complaints"),
    ("Satisfaction", "Loyalty"),
]


def higher(approach="disjoint", mode="A", **changes):
    whole = Construct("Perceived", (), mode, parts=PARTS, approach=approach)
    arrows = [pair for pair in ARROWS if mode == "A" or pair[1] != "Perceived"]
    arrows += [] if mode == "A" else [("Expectation", "Satisfaction")]
    paths = tuple(Path(*pair) for pair in arrows)
    return replace(PLAIN, constructs=(*PLAIN.constructs, whole), paths=paths, **changes)


def moderated(method="two-stage", factors=("Image", "Satisfaction"), name="moderator"):
    own = Interaction(name, factors, method)
    return replace(PLAIN, paths=(*PLAIN.paths, Path(name, "Loyalty")), interactions=(own,))


def scores(found, data):
    """Return (n, k) scores of variance one, case by case."""
    z = (data - data.mean(axis=0)) / data.std(axis=0)
    weights = found.estimates.weights[:, 0]
    return np.column_stack([z[:, block] @ weights[block] for block in found.plan.blocks])


def paths_of(found):
    return {
        (label.of, label.name): value
        for label, value in zip(found.labels, found.point, strict=True)
        if label.kind == "path"
    }


def assert_same_paths(found, expected):
    ours, theirs = paths_of(found), paths_of(expected)
    assert ours.keys() == theirs.keys()
    assert max(abs(ours[pair] - theirs[pair]) for pair in ours) < 1e-9


@pytest.mark.parametrize("mode", ["A", "B"])
def test_disjoint_stages_are_two_fits_one_after_the_other(mode):
    model = higher(mode=mode)
    arrows = [
        (s, t)
        for path in model.paths
        for s in (PARTS if path.source == "Perceived" else (path.source,))
        for t in (PARTS if path.target == "Perceived" else (path.target,))
    ]
    first = fit(replace(PLAIN, paths=tuple(Path(*pair) for pair in arrows)), DATA)
    made = scores(first, DATA)[:, [first.model.names.index(part) for part in PARTS]]
    others = [own for own in PLAIN.constructs if own.name not in PARTS]
    columns = [PLAIN.indicators.index(item) for own in others for item in own.indicators]
    second = Model((*others, Construct("Perceived", PARTS, mode)), model.paths)
    assert_same_paths(fit(model, DATA), fit(second, np.column_stack([DATA[:, columns], made])))


def test_repeated_items_are_a_fit_on_the_items_twice():
    owners = {own.name: own.indicators for own in PLAIN.constructs}
    items = tuple(item for part in PARTS for item in owners[part])
    again = Construct("Perceived", tuple(f"again {item}" for item in items))
    inner = [Path("Perceived", part) for part in PARTS]
    model = replace(
        PLAIN,
        constructs=(*PLAIN.constructs, again),
        paths=(*inner, *(Path(*pair) for pair in ARROWS)),
    )
    twice = np.column_stack([DATA, DATA[:, [PLAIN.indicators.index(item) for item in items]]])
    assert_same_paths(fit(higher("repeated"), DATA), fit(model, twice))


def test_embedded_stages_use_the_scores_of_the_repeated_items():
    first = fit(higher("repeated"), DATA)
    names = first.model.names
    columns = np.column_stack(
        [
            DATA,
            DATA[
                :,
                [
                    PLAIN.indicators.index(item.split(":")[1])
                    for item in first.model.constructs[-1].indicators
                ],
            ],
        ]
    )
    made = scores(first, columns)
    others = [own.name for own in PLAIN.constructs if own.name not in PARTS]
    constructs = [Construct(name, (f"score {name}",)) for name in others]
    second = Model(
        (*constructs, Construct("Perceived", PARTS)), tuple(Path(*pair) for pair in ARROWS)
    )
    data = made[:, [names.index(name) for name in (*others, *PARTS)]]
    assert_same_paths(fit(higher("embedded"), DATA), fit(second, data))


@pytest.mark.parametrize("factors", [("Image", "Satisfaction"), ("Satisfaction", "Satisfaction")])
def test_an_interaction_in_two_stages_is_a_regression_on_products_of_scores(factors):
    model = moderated(factors=factors)
    found = fit(model, DATA)
    made = scores(fit(PLAIN, DATA), DATA)
    one, other = (made[:, PLAIN.names.index(name)] for name in factors)
    sources = [path.source for path in PLAIN.paths if path.target == "Loyalty"]
    predictors = made[:, [PLAIN.names.index(name) for name in sources]]
    terms = np.column_stack([np.ones(len(DATA)), predictors, one * other])
    loyalty = made[:, PLAIN.names.index("Loyalty")]
    expected = np.linalg.lstsq(terms, loyalty, rcond=None)[0]
    assert found.figure("moderation", "Loyalty", "moderator").value == pytest.approx(expected[-1])
    paths = paths_of(found)
    assert [paths[name, "Loyalty"] for name in sources] == pytest.approx(expected[1:-1].tolist())


def test_an_interaction_by_products_is_a_fit_on_products_of_standardised_items():
    z = (DATA - DATA.mean(axis=0)) / DATA.std(axis=0)
    owners = {own.name: own.indicators for own in PLAIN.constructs}
    pairs = [(a, b) for a in owners["Image"] for b in owners["Satisfaction"]]
    at = PLAIN.indicators.index
    columns = np.column_stack([DATA, *(z[:, at(a)] * z[:, at(b)] for a, b in pairs)])
    product = Construct("moderator", tuple(f"{a} {b}" for a, b in pairs))
    paths = (*PLAIN.paths, Path("moderator", "Loyalty"))
    plain = Model((*PLAIN.constructs, product), paths)
    assert_same_paths(fit(moderated("product-indicator"), DATA), fit(plain, columns))


@pytest.mark.parametrize(
    "model",
    [
        higher(),
        higher(mode="B"),
        higher("embedded"),
        higher("repeated"),
        moderated(),
        moderated("product-indicator"),
        moderated(factors=("Satisfaction", "Satisfaction")),
    ],
)
def test_a_resample_is_the_fit_of_the_rows_drawn(model):
    found = fit(model, DATA, bootstrap=3, seed=5)
    drawn = np.random.default_rng(5).integers(0, 250, (3, 250))
    assert found.resamples.fine.all()
    for b in range(3):
        again = fit(model, DATA[drawn[b]])
        assert np.abs(again.point - found.resamples.values[:, b]).max() < 1e-8


@pytest.mark.parametrize("model", [higher(), moderated(), moderated("product-indicator")])
def test_a_model_of_stages_is_written_in_full(model):
    found = fit(model, DATA, bootstrap=20)
    shown, errors = run_json(found), bootstrap_json(found)
    assert shown["model_digest"] == model.digest
    assert {"Image", "Satisfaction"} <= set(shown["index"])
    assert "moderator" not in shown["index"]
    assert set(errors["index_0_100"]) == {own.name for own in model.constructs}
    assert model_from_json(model.to_json()) == model


def test_an_index_of_parts_lies_between_theirs():
    found = fit(higher(), DATA)
    index = {
        label.name: found.figure(*label).value for label in found.labels if label.kind == "index"
    }
    assert index["Value"] < index["Perceived"] < index["Quality"]


def codes(make):
    with pytest.raises(ProblemsError) as caught:
        make()
    return [problem.message.code for problem in caught.value.problems]


def with_parts(*constructs):
    return lambda: replace(higher(), constructs=(*PLAIN.constructs, *constructs))


WHOLE = Construct("Perceived", (), parts=PARTS)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (with_parts(replace(WHOLE, parts=("Quality", "Valeu"))), "MODEL-252"),
        (with_parts(replace(WHOLE, parts=("Perceived", "Value"))), "MODEL-253"),
        (with_parts(WHOLE, Construct("Top", (), parts=("Perceived", "Image"))), "MODEL-254"),
        (with_parts(WHOLE, Construct("Other", (), parts=("Quality", "Image"))), "MODEL-255"),
        (with_parts(replace(WHOLE, parts=("Quality", "Image"))), "MODEL-256"),
        (lambda: higher("guess"), "MODEL-257"),
        (with_parts(replace(WHOLE, indicators=("X",))), "MODEL-251"),
        (with_parts(replace(WHOLE, parts=("Value",))), "MODEL-261"),
        (lambda: moderated(factors=("Image", "Imaeg")), "MODEL-272"),
        (lambda: moderated("guess"), "MODEL-273"),
        (lambda: moderated(name="Image"), "MODEL-274"),
        (lambda: moderated(factors=("Image", "Quality")), "MODEL-276"),
    ],
)
def test_a_wrong_extension_is_refused(make, code):
    assert code in codes(make)


def test_repeated_items_of_mode_b_are_refused_below_other_paths():
    wrong = replace(WHOLE, mode="B", approach="repeated")
    assert codes(with_parts(wrong)) == ["MODEL-260"]


def test_paths_to_an_interaction_are_refused():
    model = moderated()
    assert "MODEL-275" in codes(
        lambda: replace(model, paths=(*model.paths, Path("Image", "moderator")))
    )


def test_an_interaction_of_three_is_refused_with_its_place():
    content = PLAIN.to_json() | {"interactions": [{"of": ["Image", "Value", "Quality"]}]}
    with pytest.raises(ProblemsError, match=r"interactions\[0\].*found 3"):
        model_from_json(content)


def test_scores_are_not_estimated_consistently_nor_products_pairwise():
    assert codes(lambda: fit(moderated(), DATA, consistent=True)) == ["FIT-453"]
    assert codes(lambda: fit(moderated(), DATA, missing="pairwise")) == ["FIT-452"]


def test_gaps_under_products_are_filled_and_said():
    gappy = DATA.copy()
    gappy[3, 4] = np.nan
    found = fit(moderated(), gappy)
    assert [problem.message.code for problem in found.problems] == ["FIT-451"]
    assert np.isfinite(found.point).all()


def test_weights_enter_both_stages():
    weights = 1.0 + np.arange(250) % 3
    repeated = np.repeat(DATA, weights.astype(int), axis=0)
    for model in (higher(), moderated()):
        gap = fit(model, DATA, weights=weights).point - fit(model, repeated).point
        assert np.abs(gap).max() < 1e-9
    assert Scale(1, 10) == PLAIN.scale


def test_stages_are_not_estimated_on_polychoric_correlations():
    assert codes(lambda: fit(higher(), DATA, ordinal=True)) == ["DATA-331"]

"""A model file is read whole; every defect is named with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.model.specify import Construct, Model, Path, Scale, model_from_json
from foundation.problems import ProblemsError

IMAGE = {"name": "Image", "indicators": ["i1", "i2"]}
SATISFACTION = {"name": "Satisfaction", "indicators": ["s1"], "mode": "B", "label": "满意度"}
GOOD: dict[str, Any] = {
    "constructs": [
        IMAGE,
        SATISFACTION,
    ],
    "paths": [{"from": "Image", "to": "Satisfaction"}],
    "scale": {"min": 1, "max": 10},
    "scales": {"s1": {"min": 0, "max": 10}},
    "missing_code": [98, 99],
    "reversed": ["i2"],
    "source": "a note",
}


def codes(**changes: Any) -> list[str]:
    """Return the codes of all problems of the good model with some parts changed."""
    with pytest.raises(ProblemsError) as caught:
        model_from_json(GOOD | changes, "m.json")
    assert all(problem.place.file == "m.json" for problem in caught.value.problems)
    return [problem.message.code for problem in caught.value.problems]


def constructs(*pairs: tuple[str, list[str]]) -> list[dict[str, Any]]:
    return [{"name": name, "indicators": items} for name, items in pairs]


def arrows(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"from": source, "to": target} for source, target in pairs]


def test_a_model_file_becomes_a_value_and_back():
    model = model_from_json(json.dumps(GOOD).encode(), "m.json")
    assert model.indicators == ("i1", "i2", "s1")
    assert model.constructs[1] == Construct("Satisfaction", ("s1",), "B", "满意度")
    assert model.paths == (Path("Image", "Satisfaction"),)
    assert (model.scale_of("i1"), model.scale_of("s1")) == (Scale(1, 10), Scale(0, 10))
    assert model.missing_codes == (98.0, 99.0)
    assert model_from_json(model.to_json()) == model
    assert model_from_json(model.to_json()).digest == model.digest


def test_one_missing_code_needs_no_list():
    assert model_from_json(GOOD | {"missing_code": -99}).missing_codes == (-99.0,)
    assert model_from_json(GOOD | {"missing_code": None}).missing_codes == ()


def test_the_digest_changes_with_the_model():
    assert model_from_json(GOOD).digest != model_from_json(GOOD).with_mode("B").digest


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"constructs": constructs(("Image", []), ("Satisfaction", ["s1"]))}, "MODEL-205"),
        ({"constructs": constructs(("Image", ["i1"]), ("Satisfaction", ["i1"]))}, "MODEL-206"),
        (
            {"constructs": [GOOD["constructs"][0] | {"mode": "C"}, GOOD["constructs"][1]]},
            "MODEL-207",
        ),
        ({"paths": arrows(("Image", "Satisfaction"), ("Imagee", "Satisfaction"))}, "MODEL-208"),
        ({"paths": arrows(("Image", "Satisfaction"), ("Image", "Image"))}, "MODEL-209"),
        ({"paths": arrows(("Image", "Satisfaction"), ("Image", "Satisfaction"))}, "MODEL-210"),
        ({"paths": arrows(("Image", "Satisfaction"), ("Satisfaction", "Image"))}, "MODEL-211"),
        ({"paths": []}, "MODEL-202"),
        ({"scale": {"min": 10, "max": 1}}, "MODEL-213"),
        ({"scale": {"min": "one", "max": 10}}, "MODEL-102"),
        ({"scale": {"max": 10}}, "MODEL-103"),
        ({"scales": {"x9": {"min": 0, "max": 1}}}, "MODEL-214"),
        ({"scale": None}, "MODEL-215"),
        ({"paths": [{"from": "Image", "two": "Satisfaction"}]}, "MODEL-104"),
        ({"paths": [{"from": "Image", "to": 3}]}, "MODEL-102"),
        ({"constructs": "Image"}, "MODEL-102"),
        ({"missing_code": "none"}, "MODEL-102"),
    ],
)
def test_a_defect_is_refused_by_its_code(changes, code):
    assert code in codes(**changes)


def test_a_construct_without_paths_is_refused():
    extra = [*GOOD["constructs"], {"name": "Alone", "indicators": ["a1"]}]
    assert codes(constructs=extra) == ["MODEL-212"]


def test_all_defects_are_reported_together():
    bad = {
        "constructs": constructs(("A", []), ("B", ["x"]), ("B", ["x"]), ("", ["y"])),
        "paths": arrows(("A", "B"), ("B", "A"), ("A", "A"), ("A", "Bb")),
    }
    found = codes(**bad, reversed=[], scales={})
    assert {"MODEL-203", "MODEL-204", "MODEL-205", "MODEL-206", "MODEL-208", "MODEL-209"} <= set(
        found
    )
    assert "MODEL-211" in found


def test_a_long_circle_is_named_link_by_link():
    names = ["A", "B", "C", "D"]
    with pytest.raises(ProblemsError, match=r"B > C > D > B"):
        model_from_json(
            {
                "constructs": constructs(*((name, [name.lower()]) for name in names)),
                "paths": arrows(("A", "B"), ("B", "C"), ("C", "D"), ("D", "B")),
            }
        )


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[1]", b"null", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(content):
    with pytest.raises(ProblemsError) as caught:
        model_from_json(content, "m.json")
    assert caught.value.problems[0].message.code in {"MODEL-101", "MODEL-102"}


def test_the_nearest_name_is_suggested():
    with pytest.raises(ProblemsError, match="Nearest: 'Image'"):
        model_from_json(
            GOOD | {"paths": arrows(("Imge", "Satisfaction"), ("Image", "Satisfaction"))}
        )


def test_a_model_with_a_defect_cannot_be_made_in_code_either():
    with pytest.raises(ProblemsError):
        Model((Construct("A", ("a",)),), (Path("A", "B"),))

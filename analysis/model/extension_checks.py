"""PURE. What makes higher-order constructs and interactions unusable, with the place of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import extension_messages as messages
from analysis.model.graph import find_circle
from foundation.problems import Place, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model.specify import Construct, Interaction, Model

APPROACHES = ("disjoint", "embedded", "repeated")
METHODS = ("two-stage", "product-indicator")


def extension_problems(model: Model) -> list[Problem]:
    """Return every defect of the higher-order constructs, then of the interactions."""
    whole = [construct for construct in model.constructs if construct.parts]
    return [
        *_alone(model),
        *_parts(model, whole),
        *_approaches(model, whole),
        *(problem for own in model.interactions for problem in _interaction(model, own)),
    ]


def _place(model: Model, construct: Construct, key: str) -> Place:
    return Place(item=f"constructs[{model.constructs.index(construct)}].{key}")


def _alone(model: Model) -> Iterator[Problem]:
    for construct in model.constructs:
        if construct.approach and not construct.parts:
            place = _place(model, construct, "approach")
            yield messages.APPROACH_WITHOUT_PARTS.at(place, name=construct.name)


def _parts(model: Model, whole: list[Construct]) -> Iterator[Problem]:
    circle = find_circle({(own.name, part) for own in whole for part in own.parts})
    if circle:
        yield messages.PART_CIRCLE.at(Place(item="constructs"), circle=" > ".join(circle))
    for construct in whole:
        place = _place(model, construct, "parts")
        if construct.indicators:
            yield messages.ITEMS_AND_PARTS.at(place, name=construct.name)
        if len(construct.parts) == 1:
            yield messages.ONE_PART.at(place, name=construct.name)
        yield from _named(model, construct, place, nested_is_wrong=not circle)
    yield from _owned(model, whole)


def _named(
    model: Model, construct: Construct, place: Place, *, nested_is_wrong: bool
) -> Iterator[Problem]:
    names = [other.name for other in model.constructs]
    higher = {other.name for other in model.constructs if other.parts}
    for part in construct.parts:
        own = {"name": construct.name, "part": part}
        if part not in names:
            yield messages.UNKNOWN_PART.at(place, **own, near=nearest(part, names))
        if part in higher and nested_is_wrong:
            yield messages.PART_NESTED.at(place, **own)


def _owned(model: Model, whole: list[Construct]) -> Iterator[Problem]:
    """Yield a problem for each part of two constructs, and for each that has a path."""
    owner: dict[str, str] = {}
    for construct, part in [(own, part) for own in whole for part in own.parts]:
        if part in owner:
            both = {"first": owner[part], "second": construct.name}
            place = _place(model, construct, "parts")
            yield messages.PART_TWICE.at(place, part=part, **both)
        owner.setdefault(part, construct.name)
    for number, path in enumerate(model.paths):
        for part in sorted({path.source, path.target} & set(owner)):
            where = Place(item=f"paths[{number}]")
            yield messages.PART_IN_PATH.at(where, part=part, name=owner[part])


def _approaches(model: Model, whole: list[Construct]) -> Iterator[Problem]:
    for construct in whole:
        approach, name = approach_of(construct), construct.name
        place = _place(model, construct, "approach")
        if approach not in APPROACHES:
            yield messages.UNKNOWN_APPROACH.at(place, name=name, approach=approach)
        if approach != approach_of(whole[0]):
            yield messages.MIXED_APPROACHES.at(
                place,
                first=whole[0].name,
                one=approach_of(whole[0]),
                second=name,
                other=approach,
            )
        if approach != "repeated" or construct.mode != "B":
            continue
        if any(path.target == name for path in model.paths):
            yield messages.SWALLOWED.at(place, name=name)


def approach_of(construct: Construct) -> str:
    """Return how a higher-order construct is estimated; `disjoint` unless it says otherwise."""
    return construct.approach or "disjoint"


def _interaction(model: Model, own: Interaction) -> Iterator[Problem]:
    number = model.interactions.index(own)
    place = Place(item=f"interactions[{number}]")
    constructs = {construct.name: construct for construct in model.constructs}
    parts = {part for construct in model.constructs for part in construct.parts}
    known = [name for name in constructs if name not in parts]
    before = [other.name for other in model.interactions[:number]]
    if not own.name or own.name in [*constructs, *before]:
        yield messages.INTERACTION_NAME.at(place, name=own.name)
    if own.method not in METHODS:
        yield messages.UNKNOWN_METHOD.at(place, name=own.name, method=own.method)
    for factor in dict.fromkeys(own.factors):
        if factor not in known:
            near = nearest(factor, known)
            yield messages.UNKNOWN_FACTOR.at(place, name=own.name, factor=factor, near=near)
        elif own.method == "product-indicator" and constructs[factor].parts:
            yield messages.HIGHER_PRODUCTS.at(place, name=own.name, factor=factor)
    yield from _arrows(model, own)


def _arrows(model: Model, own: Interaction) -> Iterator[Problem]:
    arrows = {(path.source, path.target) for path in model.paths}
    for number, path in enumerate(model.paths):
        place = Place(item=f"paths[{number}]")
        if path.target == own.name:
            yield messages.INTERACTION_TARGET.at(place, name=own.name)
        if path.source == own.name:
            for factor in dict.fromkeys(own.factors):
                if (factor, path.target) not in arrows:
                    values = {"name": own.name, "target": path.target, "factor": factor}
                    yield messages.NO_MAIN_EFFECT.at(place, **values)

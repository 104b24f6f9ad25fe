"""PURE. What makes a model unusable, whoever wrote it: every defect found, with its place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from analysis.model import messages
from analysis.model.extension_checks import extension_problems
from analysis.model.graph import find_circle
from foundation.problems import Place, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.model.specify import Construct, Model, Path
    from analysis.scales import Scale


def model_problems(model: Model) -> list[Problem]:
    """Return every defect of a model, in the order constructs, paths, scales."""
    return [
        *_construct_problems(model.constructs),
        *_item_problems(model.constructs),
        *_path_problems(model),
        *extension_problems(model),
        *_scale_problems(model),
    ]


def missing_paths(model: Model) -> list[Problem]:
    """Return that a model has no paths, for estimators that need some."""
    return [] if model.paths else [messages.NO_PATHS.at(Place(item="paths"))]


def _construct_problems(constructs: tuple[Construct, ...]) -> Iterator[Problem]:
    if not constructs:
        yield messages.NO_CONSTRUCTS.at(Place())
    for number, construct in enumerate(constructs):
        place = Place(item=f"constructs[{number}]")
        if not construct.name:
            yield messages.NO_NAME.at(place)
        if not construct.indicators and not construct.parts:
            yield messages.NO_ITEMS.at(place, name=construct.name)
        if construct.mode not in ("A", "B"):
            yield messages.UNKNOWN_MODE.at(place, name=construct.name, mode=construct.mode)
    for name, count in Counter(construct.name for construct in constructs).items():
        if name and count > 1:
            yield messages.SAME_NAME.at(Place(item=name), name=name)


def _item_problems(constructs: tuple[Construct, ...]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for construct in constructs:
        for item in construct.indicators:
            if item in owner:
                yield messages.ITEM_TWICE.at(
                    Place(item=construct.name),
                    item=item,
                    first=owner[item],
                    second=construct.name,
                )
            owner.setdefault(item, construct.name)


def _path_problems(model: Model) -> Iterator[Problem]:
    names = [construct.name for construct in model.constructs]
    names += [interaction.name for interaction in model.interactions]
    if names and not model.paths and not model.paths_optional:
        yield messages.NO_PATHS.at(Place(item="paths"))
    seen: set[Path] = set()
    for number, path in enumerate(model.paths):
        place = Place(item=f"paths[{number}]")
        ends = {"source": path.source, "target": path.target}
        for name in dict.fromkeys((path.source, path.target)):
            if name not in names:
                near = nearest(name, names)
                yield messages.UNKNOWN_CONSTRUCT.at(place, name=name, near=near, **ends)
        if path.source == path.target:
            yield messages.SELF_PATH.at(place, name=path.source)
        elif path in seen:
            yield messages.PATH_TWICE.at(place, **ends)
        seen.add(path)
    yield from _cycle_problems(model.paths)
    parts = {part for construct in model.constructs for part in construct.parts}
    yield from _isolated_problems([name for name in names if name not in parts], model.paths)


def _cycle_problems(paths: Iterable[Path]) -> Iterator[Problem]:
    edges = {(path.source, path.target) for path in paths if path.source != path.target}
    circle = find_circle(edges)
    if circle:
        yield messages.CYCLE.at(Place(item="paths"), circle=" > ".join(circle))


def _isolated_problems(names: list[str], paths: tuple[Path, ...]) -> Iterator[Problem]:
    if not paths:
        return
    connected = {end for path in paths for end in (path.source, path.target)}
    for name in dict.fromkeys(names):
        if name and name not in connected:
            yield messages.ISOLATED.at(Place(item=name), name=name)


def _scale_problems(model: Model) -> Iterator[Problem]:
    items = [item for construct in model.constructs for item in construct.indicators]
    stated: Mapping[str, Scale] = model.scales
    whole = {"scale": model.scale} if model.scale else {}
    for name, scale in {**whole, **stated}.items():
        if not scale.maximum > scale.minimum:
            yield messages.BAD_SCALE.at(
                Place(item=name), minimum=f"{scale.minimum:g}", maximum=f"{scale.maximum:g}"
            )
    for item in [*stated, *sorted(model.reversed_items)]:
        if item not in items:
            yield messages.UNKNOWN_ITEM.at(Place(item=item), item=item, near=nearest(item, items))
    for item in sorted(model.reversed_items):
        if item in items and model.scale is None and item not in stated:
            yield messages.NO_SCALE.at(Place(item=item), item=item)

"""PURE. The model as a value: constructs, their items, the paths between them, the scales."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from analysis.model import checks, extension_messages, messages
from analysis.model.reading import Reader, parsed
from analysis.scales import Scale
from foundation.problems import Problem, ProblemsError

__all__ = ["Construct", "Interaction", "Mode", "Model", "Path", "Scale", "model_from_json"]

Mode = Literal["A", "B"]
PAIR = 2


@dataclass(frozen=True, slots=True)
class Construct:
    """What is measured (satisfaction), by which items, and how the items are weighted.

    Mode A weights items by their correlations with the neighbouring constructs, mode B by
    regression. A construct of one item needs no weighting.

    A higher-order construct has no items of its own but `parts`, which are other constructs.
    `approach` says how it is estimated: `disjoint` or `embedded` (two stages) or `repeated`
    (the items of its parts once more); see `analysis.model.stages`, which also makes the
    constructs of interactions (`is_product`): they have paths, but no index.
    """

    name: str
    indicators: tuple[str, ...]
    mode: str = "A"
    label: str = ""
    parts: tuple[str, ...] = ()
    approach: str = ""
    is_product: bool = False


@dataclass(frozen=True, slots=True)
class Interaction:
    """The product of two constructs, a source of paths: one may change the effect of the other.

    The two may be the same (a quadratic effect). `method` is `two-stage` (the product of the
    scores of a first estimation) or `product-indicator` (the products of standardised items).
    """

    name: str
    factors: tuple[str, str]
    method: str = "two-stage"


@dataclass(frozen=True, slots=True)
class Path:
    """An arrow: `source` is held to influence `target`."""

    source: str
    target: str


@dataclass(frozen=True)
class Model:
    """A recursive path model. A model with a defect cannot be made: ProblemsError lists all.

    Parameters
    ----------
    scale             the ends of the answer scale of all items without one of their own
    scales            the ends for single items
    missing_codes     numbers that stand for no answer (for example 98 and 99)
    reversed_items    items asked in the opposite direction; they are turned before use
    interactions      products of constructs, which paths may start from
    paths_optional    allow a model without any path, for `soundings model cfa`; PLS refuses it
    """

    constructs: tuple[Construct, ...]
    paths: tuple[Path, ...]
    scale: Scale | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    missing_codes: tuple[float, ...] = ()
    reversed_items: frozenset[str] = frozenset()
    interactions: tuple[Interaction, ...] = ()
    paths_optional: bool = False

    def __post_init__(self) -> None:
        problems = checks.model_problems(self)
        if problems:
            raise ProblemsError(problems)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Return every item, in the order of the constructs: the column order of the data."""
        return tuple(item for construct in self.constructs for item in construct.indicators)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of the constructs in their order."""
        return tuple(construct.name for construct in self.constructs)

    @cached_property
    def rated(self) -> tuple[str, ...]:
        """Return the names of the constructs that can have an index: all but products."""
        return tuple(construct.name for construct in self.constructs if not construct.is_product)

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the model: two models with one digest give one result."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def scale_of(self, item: str) -> Scale | None:
        """Return the scale of one item, or None when the model does not state it."""
        return self.scales.get(item, self.scale)

    def with_mode(self, mode: str) -> Model:
        """Return the same model with every construct in one mode."""
        return replace(self, constructs=tuple(replace(c, mode=mode) for c in self.constructs))

    def to_json(self) -> dict[str, object]:
        """Return the model in the form of a model file; absent settings are left out."""
        extras: dict[str, object] = {
            "scale": _ends(self.scale),
            "scales": {item: _ends(scale) for item, scale in self.scales.items()},
            "missing_code": list(self.missing_codes),
            "reversed": sorted(self.reversed_items),
            "interactions": [
                {"name": own.name, "of": list(own.factors), "method": own.method}
                for own in self.interactions
            ],
        }
        return {
            "constructs": [_construct_json(construct) for construct in self.constructs],
            "paths": [{"from": path.source, "to": path.target} for path in self.paths],
            **{key: value for key, value in extras.items() if value},
        }


def _construct_json(construct: Construct) -> dict[str, object]:
    extras = {
        "parts": list(construct.parts),
        "approach": construct.approach,
        "label": construct.label,
    }
    return {
        "name": construct.name,
        "mode": construct.mode,
        "indicators": list(construct.indicators),
        **{key: value for key, value in extras.items() if value},
    }


def _ends(scale: Scale | None) -> dict[str, float] | None:
    return None if scale is None else {"min": scale.minimum, "max": scale.maximum}


def model_from_json(
    data: bytes | Mapping[str, object], filename: str = "", *, paths_optional: bool = False
) -> Model:
    """Return the model written in a model file; ProblemsError lists every defect with its place.

    The file has `constructs` (name, indicators or parts, and optionally mode, approach and
    label), `paths` (from, to), and optionally `interactions` (name, of, method), `scale` and
    `scales` (min, max), `missing_code` and `reversed`. Other keys at the top (a source, a note)
    are left alone. docs/reference/model.md describes them. `paths_optional` allows a file without
    paths.
    """
    found, reader = parsed(data, filename), Reader(filename)
    for key in ("constructs",) if paths_optional else ("constructs", "paths"):
        if key not in found:
            reader.say(messages.MISSING_KEY, "", key=key)
    parts: dict[str, Any] = {
        "constructs": _constructs(found, reader),
        "paths": _paths(found, reader),
        "scale": _scale(reader, found, "scale"),
        "scales": _scales(found, reader),
        "missing_codes": reader.numbers(found, "missing_code", ""),
        "reversed_items": frozenset(reader.texts(found, "reversed", "")),
        "interactions": _interactions(found, reader),
        "paths_optional": paths_optional,
    }
    try:
        model = Model(**parts)
    except ProblemsError as error:
        reader.problems += [_in_file(problem, filename) for problem in error.problems]
    if reader.problems:
        raise ProblemsError(reader.problems)
    return model


def _constructs(found: Mapping[str, object], reader: Reader) -> tuple[Construct, ...]:
    constructs = []
    for number, part in enumerate(reader.parts(found, "constructs", "")):
        where = f"constructs[{number}]"
        reader.only(part, ("name", "indicators", "mode", "label", "parts", "approach"), where)
        constructs.append(
            Construct(
                reader.text(part, "name", where),
                reader.texts(part, "indicators", where),
                reader.text(part, "mode", where, "A"),
                reader.text(part, "label", where),
                reader.texts(part, "parts", where),
                reader.text(part, "approach", where),
            )
        )
    return tuple(constructs)


def _interactions(found: Mapping[str, object], reader: Reader) -> tuple[Interaction, ...]:
    interactions = []
    for number, part in enumerate(reader.parts(found, "interactions", "")):
        where = f"interactions[{number}]"
        reader.only(part, ("name", "of", "method"), where)
        factors = reader.texts(part, "of", where)
        if len(factors) != PAIR:
            reader.say(extension_messages.NOT_A_PAIR, where, found=len(factors))
            continue
        name = reader.text(part, "name", where, "*".join(factors))
        method = reader.text(part, "method", where, "two-stage")
        interactions.append(Interaction(name, (factors[0], factors[1]), method))
    return tuple(interactions)


def _paths(found: Mapping[str, object], reader: Reader) -> tuple[Path, ...]:
    paths = []
    for number, part in enumerate(reader.parts(found, "paths", "")):
        where = f"paths[{number}]"
        reader.only(part, ("from", "to"), where)
        paths.append(Path(reader.text(part, "from", where), reader.text(part, "to", where)))
    return tuple(paths)


def _scale(reader: Reader, found: Mapping[str, object], key: str) -> Scale | None:
    part = reader.part(found, key, "")
    if not part:
        return None
    reader.only(part, ("min", "max"), key)
    return Scale(reader.number(part, "min", key), reader.number(part, "max", key))


def _scales(found: Mapping[str, object], reader: Reader) -> dict[str, Scale]:
    part = reader.part(found, "scales", "")
    scales = {item: _scale(reader, part, item) for item in part}
    return {item: scale for item, scale in scales.items() if scale is not None}


def _in_file(problem: Problem, filename: str) -> Problem:
    return replace(problem, place=replace(problem.place, file=filename))

"""PURE. A model with higher-order constructs or interactions as a row of plain models.

Each stage is a plain path model, estimated as any other; a later one may use the construct
scores of the one before as its items. Nothing but weighted moments passes between them
(`analysis.model.chain`).

- repeated: one stage; the higher-order construct has the items of all its parts once more. It
  leads to its parts in mode A (they reflect it), its parts lead to it in mode B (they form it).
- disjoint: first the parts stand in the place of the higher-order construct, then their scores
  are its items; all others keep their own.
- embedded: first as `repeated`; then the scores of the parts are the items of the higher-order
  construct, and every other construct is its score.
- an interaction in two stages: first the model without it, then every construct is its score
  and the interaction the product of two standardised scores.
- an interaction by product indicators: one stage; every product of a standardised item of the
  one and of the other is an item of it.

Sources: Sarstedt, Hair, Cheah, Becker, Ringle (2019), Australasian Marketing Journal 27(3),
197-211 (higher order); Henseler, Chin (2010), Structural Equation Modeling 17(1), 82-109 (two
stages); Chin, Marcolin, Newsted (2003), Information Systems Research 14(2), 189-217 (products).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from analysis.model.extension_checks import approach_of
from analysis.model.layout import layout
from analysis.model.specify import Construct, Interaction, Model, Path
from analysis.scales import Scale

WHOLE = Scale(0, 100)


@dataclass(frozen=True, slots=True)
class Own:
    """An item as it was asked."""

    item: str


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a construct of the stage before, on 0-100 where its scales are known."""

    construct: str


@dataclass(frozen=True, slots=True)
class Product:
    """The product of two standardised scores of the stage before."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class ItemProduct:
    """The product of two standardised items."""

    first: str
    second: str


Source = Own | Score | Product | ItemProduct


@dataclass(frozen=True)
class Stage:
    """A plain model, where each of its items comes from, and the constructs reported from it.

    `sources` has one entry for each of `model.indicators`; `kept` names the constructs whose
    measurement the last stage no longer shows.
    """

    model: Model
    sources: tuple[Source, ...]
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """A construct of a stage, with the name and the source of each item."""

    construct: Construct
    items: tuple[tuple[str, Source], ...]


def is_plain(model: Model) -> bool:
    """Tell whether the model is estimated as it stands, in one stage on its own items."""
    return not model.interactions and not any(construct.parts for construct in model.constructs)


def stages_of(model: Model) -> tuple[Stage, ...]:
    """Return the stages of a model, the one that is estimated first first."""
    if is_plain(model):
        return (Stage(model, tuple(Own(item) for item in model.indicators)),)
    late = tuple(own for own in model.interactions if own.method == "two-stage")
    gone = {own.name for own in late}
    arrows = tuple(path for path in model.paths if path.source not in gone)
    stages = _orders(model, arrows)
    if not late:
        return tuple(stages)
    last = stages[-1].model
    parts = [_as_score(own) for own in last.constructs] + [_product(own) for own in late]
    measured = tuple(own.name for own in last.constructs if own.name not in stages[-1].kept)
    stages[-1] = replace(stages[-1], kept=measured)
    kept_paths = tuple(path for path in model.paths if path.source in gone)
    return (*stages, _stage(model, parts, (*last.paths, *kept_paths)))


def largest_equation(model: Model) -> int:
    """Return the largest number of predictors in one regression of any stage."""
    return max(layout(stage.model).largest_equation for stage in stages_of(model))


def on_scores(stages: tuple[Stage, ...]) -> bool:
    """Tell whether some construct of the last stage is nothing but its earlier score."""
    last = stages[-1].model
    sources = dict(zip(last.indicators, stages[-1].sources, strict=True))
    alone = [own.indicators[0] for own in last.constructs if len(own.indicators) == 1]
    return any(isinstance(sources[item], Score | Product) for item in alone)


def _orders(model: Model, arrows: tuple[Path, ...]) -> list[Stage]:
    """Return the stages that the higher-order constructs need, without late interactions."""
    higher = [construct for construct in model.constructs if construct.parts]
    parts = {part for construct in higher for part in construct.parts}
    simple = [_simple(own) for own in model.constructs if not own.parts]
    simple += [_by_items(model, own) for own in model.interactions if own.method != "two-stage"]
    if not higher:
        return [_stage(model, simple, arrows)]
    approach = approach_of(higher[0])
    others = [own for own in simple if own.construct.name not in parts]
    whole = [_of_parts(own) for own in higher]
    if approach == "disjoint":
        first = _stage(model, simple, _replaced(arrows, higher))
        second = _stage(model, _sorted(model, [*others, *whole]), arrows)
        return [replace(first, kept=tuple(sorted(parts, key=first.model.names.index))), second]
    repeated = [*simple, *(_repeating(model, own) for own in higher)]
    inner = [path for own in higher for path in _inner(own)]
    first = _stage(model, _sorted(model, repeated), (*inner, *arrows))
    if approach == "repeated":
        return [first]
    scored = [*(_as_score(own.construct) for own in others), *whole]
    names = tuple(name for name in first.model.names if name not in {h.name for h in higher})
    return [replace(first, kept=names), _stage(model, _sorted(model, scored), arrows)]


def _stage(model: Model, parts: list[_Part], paths: tuple[Path, ...]) -> Stage:
    sources = {name: source for part in parts for name, source in part.items}
    scales = {name: _scale(model, source) for name, source in sources.items()}
    plain = Model(
        tuple(
            replace(part.construct, indicators=tuple(name for name, _ in part.items))
            for part in parts
        ),
        paths,
        scales={name: scale for name, scale in scales.items() if scale is not None},
    )
    return Stage(plain, tuple(sources[item] for item in plain.indicators))


def _scale(model: Model, source: Source) -> Scale | None:
    """Return the scale of a stage's item; scores are on 0-100 when all items have a scale."""
    if isinstance(source, Own):
        return model.scale_of(source.item)
    known = all(model.scale_of(item) is not None for item in model.indicators)
    return WHOLE if isinstance(source, Score) and known else None


def _sorted(model: Model, parts: list[_Part]) -> list[_Part]:
    """Return the parts in the order in which the model names them; interactions last."""
    names = model.names
    return sorted(
        parts,
        key=lambda part: (
            names.index(part.construct.name) if part.construct.name in names else len(names)
        ),
    )


def _simple(construct: Construct) -> _Part:
    return _Part(construct, tuple((item, Own(item)) for item in construct.indicators))


def _as_score(construct: Construct) -> _Part:
    name = construct.name
    return _Part(replace(construct, mode="A"), ((name, Score(name)),))


def _of_parts(construct: Construct) -> _Part:
    plain = replace(construct, parts=(), approach="")
    return _Part(plain, tuple((part, Score(part)) for part in construct.parts))


def _repeating(model: Model, construct: Construct) -> _Part:
    own = {other.name: other.indicators for other in model.constructs}
    items = [item for part in construct.parts for item in own[part]]
    plain = replace(construct, parts=(), approach="")
    return _Part(plain, tuple((f"{construct.name}:{item}", Own(item)) for item in items))


def _product(own: Interaction) -> _Part:
    construct = Construct(own.name, (), is_product=True)
    return _Part(construct, ((own.name, Product(*own.factors)),))


def _by_items(model: Model, own: Interaction) -> _Part:
    items = {other.name: other.indicators for other in model.constructs}
    first, second = own.factors
    pairs = list(product(items[first], items[second]))
    if first == second:
        pairs = [(a, b) for i, a in enumerate(items[first]) for b in items[first][i:]]
    construct = Construct(own.name, (), is_product=True)
    return _Part(construct, tuple((f"{a}*{b}", ItemProduct(a, b)) for a, b in pairs))


def _inner(construct: Construct) -> list[Path]:
    if construct.mode == "A":
        return [Path(construct.name, part) for part in construct.parts]
    return [Path(part, construct.name) for part in construct.parts]


def _replaced(arrows: tuple[Path, ...], higher: list[Construct]) -> tuple[Path, ...]:
    """Return the paths with every higher-order construct replaced by each of its parts."""
    parts = {construct.name: construct.parts for construct in higher}
    return tuple(
        Path(source, target)
        for path in arrows
        for source in parts.get(path.source, (path.source,))
        for target in parts.get(path.target, (path.target,))
    )

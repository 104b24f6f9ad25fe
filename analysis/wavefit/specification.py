"""PURE. The structural model of a questionnaire, what its constructs are called, its headline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from analysis.model.specify import Construct, Model, Path, Scale
from analysis.wavefit.messages import NO_SCALES
from foundation.problems import Place, ProblemsError
from survey.language.model import Form, Group, Item

if TYPE_CHECKING:
    from survey.language.model import Texts

    Labels = Mapping[str, Texts]

HEADLINE_WORDS = ("satisf", "满意")


def model_of(form: Form) -> Model:
    """Return the model written in a form: its marked questions and the paths of its sheet `model`.

    Constructs that no path touches are left out (the form's check warns of them). All constructs
    are of mode A. Raises ProblemsError when what is left is no model.
    """
    joined = {name for path in form.paths for name in path}
    measured = {name: asked for name, asked in form.constructs.items() if name in joined}
    items = [question for asked in measured.values() for question in asked]
    return Model(
        tuple(Construct(name, tuple(q.name for q in asked)) for name, asked in measured.items()),
        tuple(Path(source, target) for source, target in form.paths),
        scales={q.name: Scale(*q.points) for q in items if q.points},
        reversed_items=frozenset(q.name for q in items if q.reverse),
    )


def form_labels(form: Form, model: Model) -> Labels:
    """Return what to call each construct: its own label, else that of the group of its name."""
    groups = group_labels(form)
    own = {construct.name for construct in model.constructs if construct.label}
    plain = model_labels(model)
    return {
        name: dict(plain[name] if name in own else groups.get(name, plain[name]))
        for name in model.names
    }


def group_labels(form: Form) -> Labels:
    """Return the label of every group that has one, by its name."""
    return {group.name: group.label for group in _groups(form.items) if group.label}


def model_labels(model: Model) -> Labels:
    """Return what a model file calls each construct: its label, else its name."""
    return {own.name: {"und": own.label or own.name} for own in model.constructs}


def headline(model: Model, labels: Labels) -> str:
    """Return the construct that is the index: the one called satisfaction.

    When none is, or several are, it is the one that most paths lead to, the first of equals.
    """
    counts = {name: sum(path.target == name for path in model.paths) for name in model.names}
    driven = [name for name in model.names if counts[name]]
    named = [name for name in driven if _is_satisfaction([name, *labels[name].values()])]
    return max(named or driven, key=lambda name: counts[name])


def require_scales(model: Model) -> None:
    """Raise ProblemsError with every item whose scale the model does not state."""
    missing = [item for item in model.indicators if model.scale_of(item) is None]
    if missing:
        raise ProblemsError(NO_SCALES.at(Place(item=item), item=item) for item in missing)


def _is_satisfaction(texts: Iterable[str]) -> bool:
    return any(word in text.lower() for text in texts for word in HEADLINE_WORDS)


def _groups(items: tuple[Item, ...]) -> Iterator[Group]:
    for item in items:
        if isinstance(item, Group):
            yield item
            yield from _groups(item.items)

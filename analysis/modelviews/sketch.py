"""PURE. A model that is being drawn, as boxes and arrows; it may still be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from analysis.model.graph import find_circle
from analysis.modelviews.diagram import arranged, curve_of, wrapped
from analysis.modelviews.layering import Arrow, layered

Json = dict[str, Any]
MOST = 60


def sketch(written: object, known: Mapping[str, str] | None = None) -> Json:
    """Return where to draw the boxes and arrows of a model as JSON, however wrong it is.

    Arrows that close a circle are drawn too, but do not take part in the layout. `known` are
    labels of constructs that the model itself does not label.
    """
    names, labels, arrows = _read(written, known or {})
    layers = layered(names, forward(arrows))
    corner, (width, height) = arranged(layers)
    return {
        "width": width,
        "height": height,
        "boxes": [
            {"name": name, "x": corner[name][0], "y": corner[name][1],
             "lines": wrapped(labels[name])}
            for name in names
        ],
        "edges": [
            {"from": source, "to": target, **asdict(curve_of(layers, corner, source, target))}
            for source, target in arrows
        ],
    }  # fmt: skip


def forward(arrows: Iterable[Arrow]) -> list[Arrow]:
    """Return the arrows without those that close a circle.

    >>> forward([("a", "b"), ("b", "a"), ("b", "c")])
    [('a', 'b'), ('b', 'c')]
    """
    kept: list[Arrow] = []
    for own in arrows:
        if own[0] != own[1] and not find_circle({*kept, own}):
            kept.append(own)
    return kept


def _read(
    written: object, known: Mapping[str, str]
) -> tuple[list[str], dict[str, str], list[Arrow]]:
    """Return names, labels and arrows as far as they can be read."""
    found = written if isinstance(written, Mapping) else {}
    labels: dict[str, str] = {}
    for own in _parts(found, "constructs"):
        name = str(own.get("name", ""))
        labels.setdefault(name, str(own.get("label") or known.get(name) or name))
    for own in _parts(found, "interactions"):
        name = str(own.get("name", ""))
        labels.setdefault(name, name)
    arrows = [(str(own.get("from")), str(own.get("to"))) for own in _parts(found, "paths")]
    drawn = [own for own in dict.fromkeys(arrows) if own[0] in labels and own[1] in labels]
    return list(labels), labels, [own for own in drawn if own[0] != own[1]]


def _parts(found: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    parts = found.get(key, [])
    return [own for own in parts if isinstance(own, Mapping)][:MOST] if (
        isinstance(parts, list)
    ) else []  # fmt: skip

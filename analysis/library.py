"""The models that ship: ACSI, ECSI, CCSI and the drivers of recommendation, as model files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.model.extension_messages import UNKNOWN_MODEL
from analysis.model.specify import model_from_json
from foundation.problems import N_, Place, ProblemsError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model.specify import Model

FOLDER = Path(__file__).parent / "model" / "library"
TITLES = (
    N_("American Customer Satisfaction Index"),
    N_("China Customer Satisfaction Index"),
    N_("European Customer Satisfaction Index"),
    N_("Drivers of recommendation (NPS)"),
)
"""The titles that stand in the files, for the translation catalogue."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A model that ships, with its source and a wording for each item."""

    name: str
    title: str
    source: str
    note: str
    questions: Mapping[str, str]
    model: Model
    text: str


def shipped_names() -> tuple[str, ...]:
    """Return the names of the models that ship, in alphabetical order.

    >>> shipped_names()
    ('acsi', 'ccsi', 'ecsi', 'nps')
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def shipped(name: str) -> Shipped:
    """Return one of the models that ship; ProblemsError when there is none of that name."""
    if name not in shipped_names():
        near = nearest(name, shipped_names())
        raise ProblemsError([UNKNOWN_MODEL.at(Place(item=name), name=name, near=near)])
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    found = json.loads(text)
    return Shipped(
        name=name,
        title=found["title"],
        source=found["source"],
        note=found["note"],
        questions=found["questions"],
        model=model_from_json(found, f"{name}.json"),
        text=text,
    )

"""PURE. Texts as they are read out: the language of the interview, every ${fill} replaced.

The result is plain text; the template escapes it. A fill shows the label of a choice rather
than its code, and a personal variable from the contact; nothing shown is stored.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey.interview.routing import Route
from survey.language.environment import EMPTY, Value
from survey.language.model import Form, Question, Texts
from survey.language.texts import parts_of
from survey.language.values import to_codes, to_text

LONGEST = 32_767
"""No text is longer, whatever its fills hold: labels that repeat each other would be endless."""
_LEVELS = 3
"""A label shown by a fill may itself hold fills; so deep and no deeper."""


def spoken(
    texts: Texts, form: Form, route: Route, *, contact: Mapping[str, str], unknown: str = EMPTY
) -> str:
    """Return a text in the language of the interview with its fills; see `fill`."""
    text = texts.get(route.language) or texts.get(form.default_language, EMPTY)
    return fill(text, form, route, contact=contact, unknown=unknown)


def fill(
    text: str, form: Form, route: Route, *, contact: Mapping[str, str], unknown: str = EMPTY
) -> str:
    """Return a text with each ${name} replaced by the answer on the path.

    contact    values of the personal variables, by name
    unknown    stands where there is no answer: not asked, don't know, refused
    """
    return _filled(text, _Sources(form, route, contact, unknown), _LEVELS)


class _Sources:
    """Where the values of fills come from."""

    __slots__ = ("contact", "form", "route", "unknown")

    def __init__(self, form: Form, route: Route, contact: Mapping[str, str], unknown: str) -> None:
        self.form = form
        self.route = route
        self.contact = contact
        self.unknown = unknown


def _filled(text: str, sources: _Sources, levels: int) -> str:
    if "${" not in text or levels == 0:
        return text
    kept, signs = list[str](), 0
    for at, part in enumerate(parts_of(text)):
        kept.append(_shown(part, sources, levels) if at % 2 else part)
        signs += len(kept[-1])
        if signs > LONGEST:
            break
    return EMPTY.join(kept)[:LONGEST]


def _shown(name: str, sources: _Sources, levels: int) -> str:
    question = sources.form.by_name.get(name)
    if question is not None and question.is_personal:
        return sources.contact.get(name) or sources.unknown
    value = sources.route.environment.values.get(name, EMPTY)
    if question is not None and question.choice_list is not None:
        return _labels(question, value, sources, levels) or sources.unknown
    return to_text(value) or sources.unknown


def _labels(question: Question, value: Value, sources: _Sources, levels: int) -> str:
    label = sources.route.environment.label
    return ", ".join(
        _filled(label(question.name, code), sources, levels - 1) for code in to_codes(value)
    )

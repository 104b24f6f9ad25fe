"""PURE. The ${fills} of a text."""

from __future__ import annotations

import re
from functools import lru_cache

_FILL = re.compile(r"\$\{\s*([^\W\d][\w.-]*)\s*\}")


@lru_cache(maxsize=8192)
def parts_of(text: str) -> tuple[str, ...]:
    """Return text and names in turn, beginning and ending with text.

    >>> parts_of("How was ${branch}?")
    ('How was ', 'branch', '?')
    """
    return tuple(_FILL.split(text))


def fills_of(text: str) -> tuple[str, ...]:
    """Return the names that a text fills in.

    >>> fills_of("How was ${branch}, ${ name }?")
    ('branch', 'name')
    """
    return parts_of(text)[1::2] if "${" in text else ()


def broken_fill(text: str) -> int:
    """Return the place, from 1, of a '${' that begins no complete fill; 0 when there is none."""
    return re.sub(_FILL, lambda found: " " * len(found.group()), text).find("${") + 1

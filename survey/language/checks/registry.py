"""PURE. All checks, in the order they run. A new check is a function here at the end of a line."""

from __future__ import annotations

from collections.abc import Callable

from survey.language.draft import Draft
from survey.language.findings import Findings

Check = Callable[[Draft, Findings], None]

CHECKS: tuple[Check, ...] = ()

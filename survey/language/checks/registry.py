"""PURE. All checks, in the order they run.

To add a check, write a function of a draft that notes what is wrong, and name it here.
"""

from __future__ import annotations

from collections.abc import Callable

from survey.language.checks.calls import check_calls
from survey.language.checks.choices import check_codes, check_exclusive, check_lists
from survey.language.checks.fills import check_fills
from survey.language.checks.kinds import check_kinds
from survey.language.checks.logic import check_logic
from survey.language.checks.measurement import (
    check_indicators,
    check_loose_constructs,
    check_paths,
)
from survey.language.checks.names import check_asks_something, check_names
from survey.language.checks.references import check_references
from survey.language.draft import Draft
from survey.language.findings import Findings

Check = Callable[[Draft, Findings], None]

CHECKS: tuple[Check, ...] = (
    check_names,
    check_asks_something,
    check_lists,
    check_codes,
    check_exclusive,
    check_references,
    check_fills,
    check_calls,
    check_kinds,
    check_indicators,
    check_paths,
    check_loose_constructs,
    check_logic,
)
"""`check_logic` comes last: it only looks at forms in which everything else is right."""

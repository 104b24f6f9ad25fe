"""The reference of outcomes and calling rules is the one that the code makes."""

from __future__ import annotations

import runpy
from pathlib import Path

from cati.rules.outcomes import OUTCOMES

PAGE = Path("docs/reference/outcomes.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date():
    made = runpy.run_path("scripts/outcome_reference.py")["reference"]()
    assert made == PAGE, "run 'make references'"


def test_it_has_every_outcome_once():
    assert [PAGE.count(f"| `{name}` |") >= 1 for name in OUTCOMES] == [True] * len(OUTCOMES)

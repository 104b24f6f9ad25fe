"""The operator's page lists every setting with the default that the code has."""

from __future__ import annotations

import re
from pathlib import Path

from foundation.settings import SECRET_NAMES, Settings

PAGE = Path("docs/operator.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z_]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def defaults() -> dict[str, str]:
    """Return the default of every variable, as the page writes it."""
    found = {}
    for name, field in Settings.model_fields.items():
        value = "from `secrets.json`" if name in SECRET_NAMES else _shown(field.default)
        found[str(field.validation_alias or f"SOUNDINGS_{name.upper()}")] = value
    return found


def _shown(default: object) -> str:
    said = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{said}`" if said else "empty"


def test_it_lists_exactly_the_settings_with_their_defaults():
    assert {name: default for name, default, _ in ROW.findall(PAGE)} == defaults()


def test_every_setting_says_what_it_is_for():
    assert all(field.description for field in Settings.model_fields.values())

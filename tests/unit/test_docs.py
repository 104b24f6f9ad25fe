"""The pages of documentation: each is reached from the README, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = sorted([Path("README.md"), *Path("docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")


def links_of(page: Path) -> list[tuple[Path, str]]:
    """Return the page and the heading that each link within the documentation names."""
    found = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            name, _, heading = target.partition("#")
            place = (page.parent / name).resolve() if name else page.resolve()
            found.append((place.relative_to(Path.cwd()), heading))
    return found


def headings_of(page: Path) -> set[str]:
    """Return the headings of a page as links write them."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line).lower().replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Path):
    for place, heading in links_of(page):
        assert place.exists(), place
        assert not heading or heading in headings_of(place), f"{place}#{heading}"


def test_every_page_is_in_the_table_of_the_readme():
    named = {place for place, _ in links_of(Path("README.md"))}
    assert [str(page) for page in PAGES[1:] if page not in named] == []

"""Every text that a person sees is in the Chinese catalogue, with the same fields."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg  # type: ignore[attr-defined]
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
FIELD = re.compile(r"%\((\w+)\)[sd]|%[sd]")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "N_": None}


@cache
def said() -> frozenset[str]:
    """Return every text in the code and the templates."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    texts: set[str] = set()
    for _file, _line, text, _comments, _context in found:
        # The entry of a text with a plural stands under its singular and holds both.
        texts.add(text if isinstance(text, str) else text[0])
    return frozenset(texts - {""})


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_has_a_chinese_translation():
    missing = [
        text
        for text in sorted(said())
        if (entry := catalogue().get(text)) is None or not all(translations(entry))
    ]
    assert missing == []


def test_no_translation_is_a_guess():
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []


def test_a_translation_has_the_fields_of_its_text():
    for message in catalogue():
        if not message.id or not all(translations(message)):
            continue
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for translation in translations(message):
            assert sorted(FIELD.findall(translation)) == sorted(FIELD.findall(source)), source


def test_a_chinese_translation_uses_full_width_punctuation_between_chinese_characters():
    wrong = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")
    assert [m.id for m in catalogue() if m.id and any(map(wrong.search, translations(m)))] == []


@pytest.mark.parametrize("word", ["TODO", "FIXME"])
def test_nothing_unfinished_is_said(word: str):
    assert [text for text in said() if word in text] == []

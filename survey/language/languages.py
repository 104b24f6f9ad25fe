"""PURE. The languages of a form: 'English (en)' in a heading is the language with the code en."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey.language import messages
from survey.language.findings import Findings
from survey.language.model import UNDETERMINED

_WITH_CODE = re.compile(r"^(?P<name>.*?)\s*\((?P<code>[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)\)$")


@dataclass(frozen=True, slots=True)
class Languages:
    """Codes in the order of the file, names by code, and the default code."""

    codes: tuple[str, ...]
    names: Mapping[str, str]
    default: str

    def code_of(self, written: str | None) -> str:
        """Return the code of a language as a heading writes it; None is the default."""
        return self.default if written is None else split_language(written)[0]


def split_language(written: str) -> tuple[str, str]:
    """Return code and name of a language; a name without a code stands for itself.

    >>> split_language("简体中文 (zh-Hans)"), split_language("French")
    (('zh-Hans', '简体中文'), ('French', 'French'))
    """
    found = _WITH_CODE.match(written.strip())
    return (found["code"], found["name"] or found["code"]) if found else (written, written)


def find_languages(
    written: Iterable[str], default: str, *, has_bare: bool, findings: Findings
) -> Languages:
    """Return the languages that headings name, in their order.

    `default` is the cell default_language, as a name or a code; `has_bare` tells whether
    some text column names no language, which then is the default one.
    """
    names: dict[str, str] = {}
    for text in dict.fromkeys(written):
        code, name = split_language(text)
        if code == name == text:
            findings.add(messages.LANGUAGE_NO_CODE, name=text)
        if names.setdefault(code, name) != name:
            findings.add(messages.LANGUAGE_CODE_TWICE, code=code, name=name, other=names[code])
    return _with_default(names, default, has_bare=has_bare, findings=findings)


def _with_default(
    names: dict[str, str], default: str, *, has_bare: bool, findings: Findings
) -> Languages:
    code, name = split_language(default) if default else ("", "")
    if not names and not code:
        return Languages((UNDETERMINED,), {UNDETERMINED: ""}, UNDETERMINED)
    if code and code not in names:
        if not has_bare:
            known = ", ".join(f"{n} ({c})" for c, n in names.items())
            findings.add(messages.LANGUAGE_DEFAULT, "settings", name=default, known=known)
        names = {code: name, **names}
    return Languages(tuple(names), names, code or next(iter(names)))

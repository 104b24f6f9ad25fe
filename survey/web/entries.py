"""What comes in from the researcher's forms, read with every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import request

from foundation.problems import Place, Problem, ProblemsError
from survey import messages
from survey.studies import LARGEST_TARGET, WavePlan


def titles(form: Mapping[str, str]) -> dict[str, str]:
    """Return the title by language, as typed."""
    return {"en": form.get("title_en", ""), "zh-Hans": form.get("title_zh", "")}


def wave_plan(form: Mapping[str, str]) -> WavePlan:
    """Return what is decided about a wave; raises ProblemsError with every entry unreadable."""
    problems: list[Problem] = []
    plan = WavePlan(
        titles(form),
        _whole(form.get("form_version_id", "")) or None,
        _date(form.get("starts_on", ""), problems),
        _date(form.get("ends_on", ""), problems),
        _target(form.get("target", ""), problems),
    )
    if problems:
        raise ProblemsError(problems)
    return plan


def uploaded(name: str) -> tuple[bytes, str]:
    """Return content and name of the file sent under `name`; raises ProblemsError without one."""
    file = request.files.get(name)
    if file is None or not file.filename:
        raise ProblemsError([messages.NO_FILE.at(Place())])
    return file.read(), file.filename


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None  # noqa: PLR2004


def _date(text: str, problems: list[Problem]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        problems.append(messages.BAD_DATE.at(Place(), value=text))
        return None


def _target(text: str, problems: list[Problem]) -> int:
    target = _whole(text or "0")
    if target is None:
        problems.append(messages.BAD_TARGET.at(Place(), most=LARGEST_TARGET))
    return target or 0

"""Valid objects in one line, for every test.

A questionnaire in a test is a Markdown table, as a designer would see it in a spreadsheet.
"""

from __future__ import annotations

import textwrap

from foundation.problems import Problem
from survey.language.forms import check_form, load_form
from survey.language.model import Form

SETTINGS = """
| settings |         |            |         |
|          | form_id | form_title | version |
|          | test    | Test       | 1       |
"""


def a_form(markdown: str) -> Form:
    """Return the form of a Markdown table; settings are added where it has none."""
    return load_form(form_source(markdown), "form.md")


def form_source(markdown: str) -> bytes:
    """Return the bytes of a Markdown form; added settings come last and move no line."""
    text = textwrap.dedent(markdown)
    return (text if "| settings" in text else text + SETTINGS).encode()


def problems_of(markdown: str) -> tuple[Problem, ...]:
    """Return every error and warning of a Markdown table."""
    return check_form(form_source(markdown), "form.md")[1]


def codes_of(markdown: str) -> list[str]:
    """Return the codes of the problems of a Markdown table, in the order of the file."""
    return [problem.message.code for problem in problems_of(markdown)]

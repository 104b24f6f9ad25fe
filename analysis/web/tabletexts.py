"""The words of banner tables, the same on the page and in files: lines, columns, footnotes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.web import language, shell
from analysis.requests.variables import Known
from analysis.tablereport import Heading, LineRow, Table, Tables

LINES = {
    "top2": _l("Top 2 answers"),
    "bottom2": _l("Bottom 2 answers"),
    "nps": _l("Net promoter score"),
    "mean": _l("Mean"),
    "dk": _l("Don't know"),
    "ref": _l("Refused"),
}
CORRECTIONS = {
    "benjamini-hochberg": _l("Benjamini-Hochberg correction"),
    "bonferroni": _l("Bonferroni correction"),
    "none": _l("no correction for many comparisons"),
}
WEIGHTINGS = {
    "equal": _l("every respondent counts the same"),
    "probability": _l("one over the probability of selection"),
}
MODES = {
    "interviews": _l("telephone interviews"),
    "import": _l("imported answers"),
}


def line_name(line: LineRow) -> str:
    """Return what a line is called: the text of the answer, or what is computed."""
    if line.measure == "share":
        return language.pick(dict(line.label)) or line.name
    return str(LINES[line.name])


def column_name(column: Heading) -> str:
    """Return what a column is called."""
    return language.pick(dict(column.label)) if column.banner else str(_("Total"))


def banner_name(tables: Tables, name: str) -> str:
    """Return the text of a banner question; nothing for the total."""
    return language.pick(dict(tables.banner[name])) if name else ""


def question_text(table: Table) -> str:
    """Return the question of a table, with its name."""
    text = language.pick(dict(table.label))
    return text if text in {"", table.name} else f"{table.name} · {text}"


def filter_text(tables: Tables) -> str:
    """Return who is counted: the filter in words, or everybody."""
    if not tables.filter_by:
        return str(_("all respondents"))
    kept = ", ".join(language.pick(dict(one)) for one in tables.filter_kept)
    label = language.pick(dict(tables.filter_label))
    return str(_("only: %(question)s = %(answers)s", question=label, answers=kept))


def footnotes(table: Table, tables: Tables) -> list[str]:
    """Return what stands below a table: who, when, how, and how to read the marks."""
    base = _base(table)
    return [
        str(_("Base: %(base)s; %(filter)s.", base=base, filter=filter_text(tables))),
        str(_("Fieldwork: %(dates)s; %(mode)s.", dates=_dates(tables), mode=MODES[tables.mode])),
        str(_("Weights: %(weights)s.", weights=weighting_text(tables))),
        _measures(table),
        _method(tables),
        str(_("Columns of fewer than 30 respondents show their base alone; * marks 30 to 49.")),
    ]


def weighting_text(tables: Tables) -> str:
    """Return by what the respondents are weighted."""
    if tables.weighting == "plan":
        return str(_("weighting plan, version %(version)s", version=tables.plan_version))
    return str(WEIGHTINGS[tables.weighting])


def wave_variable(known: Mapping[str, Known], name: str) -> str:
    """Return the text of a variable for a list to choose from."""
    text = language.pick(dict(known[name].label))
    return name if text in {"", name} else f"{name} · {text}"


def _base(table: Table) -> str:
    if table.asked_if:
        return str(
            _("those who were asked, if %(condition)s, and replied", condition=table.asked_if)
        )
    return str(_("those who were asked and replied"))


def _dates(tables: Tables) -> str:
    days = [shell.day(date.fromisoformat(day)) for day in (tables.starts_on, tables.ends_on) if day]
    return " – ".join(dict.fromkeys(days)) or str(_("no dates stated"))


def _measures(table: Table) -> str:
    said = [_("Figures are per cent of the column, ± half the width of a 95 per cent interval.")]
    if table.is_multiple:
        said.append(_("Several answers were possible: they may add up to more than 100."))
    if "missing" in table.measures:
        said.append(_("Don't know and refused are in the base of the per cent."))
    if "mean" in table.measures:
        said.append(_("Means are of those who gave a number."))
    if "nps" in table.measures:
        said.append(_("Net promoter score: per cent of 9-10 less per cent of 0-6."))
    return " ".join(map(str, said))


def _method(tables: Tables) -> str:
    return str(
        _(
            "A letter: significantly above that column of the same question, capital at 95 %%, "
            "small at 90 %%; ▲▼: against the total, 95 %%. Tests: t of the difference under the "
            "sampling design (%(df)s degrees of freedom), %(correction)s within a line and a "
            "question; shares with fewer than 5 expected are not tested.",
            df=tables.df,
            correction=CORRECTIONS[tables.correction],
        )
    )

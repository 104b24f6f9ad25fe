"""PURE. Final disposition codes of the AAPOR Standard Definitions, telephone table, as data.

Source: The American Association for Public Opinion Research, Standard Definitions: Final
Dispositions of Case Codes and Outcome Rates for Surveys, table of telephone surveys, editions 3
to 9 (2016). `editions` says in which a code stands. The 10th edition (2023) has not been
compared. Codes ending in a letter are the product's own: each is a finer case of its `parent`,
and every rate is computed from the parent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from foundation.problems import N_

EDITIONS = (3, 9)


class Group(StrEnum):
    """The eight groups from which every outcome rate is computed."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NON_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN_HOUSEHOLD = "UH"
    UNKNOWN_OTHER = "UO"
    NOT_ELIGIBLE = "NE"


GROUP_LABELS = {
    Group.COMPLETE: N_("complete interviews"),
    Group.PARTIAL: N_("partial interviews"),
    Group.REFUSAL: N_("refusals and break-offs"),
    Group.NON_CONTACT: N_("non-contacts"),
    Group.OTHER: N_("other, eligible"),
    Group.UNKNOWN_HOUSEHOLD: N_("unknown whether a household"),
    Group.UNKNOWN_OTHER: N_("unknown, other"),
    Group.NOT_ELIGIBLE: N_("not eligible"),
}


@dataclass(frozen=True, slots=True)
class Disposition:
    """One final code of a case."""

    code: str
    label: str
    group: Group
    editions: tuple[int, int] = EDITIONS
    parent: str = ""


_TABLE = (
    Disposition("1.1", N_("Complete interview"), Group.COMPLETE),
    Disposition("1.2", N_("Partial interview"), Group.PARTIAL),
    Disposition("2.10", N_("Refusal and break-off"), Group.REFUSAL),
    Disposition("2.11", N_("Refusal"), Group.REFUSAL),
    Disposition("2.11a", N_("On the do-not-call list"), Group.REFUSAL, parent="2.11"),
    Disposition("2.111", N_("Refusal by the household"), Group.REFUSAL),
    Disposition("2.112", N_("Refusal by the respondent"), Group.REFUSAL),
    Disposition("2.12", N_("Break-off"), Group.REFUSAL),
    Disposition("2.20", N_("Non-contact"), Group.NON_CONTACT),
    Disposition("2.21", N_("Respondent never available"), Group.NON_CONTACT),
    Disposition("2.22", N_("Answering machine, household confirmed"), Group.NON_CONTACT),
    Disposition("2.221", N_("Answering machine, message left"), Group.NON_CONTACT),
    Disposition("2.222", N_("Answering machine, no message left"), Group.NON_CONTACT),
    Disposition("2.30", N_("Eligible, other"), Group.OTHER),
    Disposition("2.31", N_("Respondent has died"), Group.OTHER),
    Disposition("2.32", N_("Physically or mentally unable"), Group.OTHER),
    Disposition("2.33", N_("Language barrier"), Group.OTHER),
    Disposition("2.331", N_("Language barrier, household"), Group.OTHER),
    Disposition("2.332", N_("Language barrier, respondent"), Group.OTHER),
    Disposition("2.333", N_("No interviewer for the language"), Group.OTHER),
    Disposition("2.34", N_("Sound too poor"), Group.OTHER),
    Disposition("2.35", N_("Place or activity does not allow an interview"), Group.OTHER),
    Disposition("2.36", N_("Eligible, miscellaneous"), Group.OTHER),
    Disposition("3.10", N_("Unknown whether a household"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.11", N_("Not attempted"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.12", N_("Always busy"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.13", N_("No answer"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.14", N_("Answering machine, unknown whose"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.15", N_("Calls are blocked"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.16", N_("Technical telephone problem"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.161", N_("Ambiguous operator's message"), Group.UNKNOWN_HOUSEHOLD),
    Disposition("3.20", N_("Household, eligibility unknown"), Group.UNKNOWN_OTHER),
    Disposition("3.21", N_("Screener not completed"), Group.UNKNOWN_OTHER),
    Disposition("3.30", N_("Unknown whether the person lives there"), Group.UNKNOWN_OTHER),
    Disposition("3.90", N_("Unknown, other"), Group.UNKNOWN_OTHER),
    Disposition("3.90a", N_("Wrong person at the number"), Group.UNKNOWN_OTHER, parent="3.90"),
    Disposition("4.10", N_("Out of the sample"), Group.NOT_ELIGIBLE),
    Disposition("4.20", N_("Fax or data line"), Group.NOT_ELIGIBLE),
    Disposition("4.30", N_("Non-working number"), Group.NOT_ELIGIBLE),
    Disposition("4.31", N_("Number not assigned"), Group.NOT_ELIGIBLE),
    Disposition("4.32", N_("Disconnected number"), Group.NOT_ELIGIBLE),
    Disposition("4.33", N_("Temporarily out of service"), Group.NOT_ELIGIBLE),
    Disposition("4.40", N_("Special technology"), Group.NOT_ELIGIBLE),
    Disposition("4.41", N_("Number changed"), Group.NOT_ELIGIBLE),
    Disposition("4.43", N_("Call forwarding"), Group.NOT_ELIGIBLE),
    Disposition("4.431", N_("Call forwarding from a residence"), Group.NOT_ELIGIBLE),
    Disposition("4.432", N_("Call forwarding from elsewhere"), Group.NOT_ELIGIBLE),
    Disposition("4.44", N_("Pager"), Group.NOT_ELIGIBLE),
    Disposition("4.45", N_("Mobile telephone in a landline sample"), Group.NOT_ELIGIBLE, (7, 9)),
    Disposition("4.46", N_("Landline in a mobile sample"), Group.NOT_ELIGIBLE, (7, 9)),
    Disposition("4.50", N_("Not a residence"), Group.NOT_ELIGIBLE),
    Disposition("4.51", N_("Business or government office"), Group.NOT_ELIGIBLE),
    Disposition("4.52", N_("Institution"), Group.NOT_ELIGIBLE),
    Disposition("4.53", N_("Group quarters"), Group.NOT_ELIGIBLE),
    Disposition("4.54", N_("Person does not live there"), Group.NOT_ELIGIBLE),
    Disposition("4.70", N_("No eligible respondent"), Group.NOT_ELIGIBLE),
    Disposition("4.70a", N_("No longer a customer"), Group.NOT_ELIGIBLE, parent="4.70"),
    Disposition("4.80", N_("Quota filled"), Group.NOT_ELIGIBLE),
    Disposition("4.90", N_("Not eligible, other"), Group.NOT_ELIGIBLE),
)
DISPOSITIONS = {disposition.code: disposition for disposition in _TABLE}


def standard_code(code: str) -> str:
    """Return the AAPOR code that rates count: the parent of a local code, else the code itself.

    >>> standard_code("3.90a"), standard_code("2.112")
    ('3.90', '2.112')
    """
    return DISPOSITIONS[code].parent or code


def group_of(code: str) -> Group:
    """Return the group that a case with this final code counts in.

    >>> group_of("3.12").value
    'UH'
    """
    return DISPOSITIONS[standard_code(code)].group

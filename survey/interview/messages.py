"""PURE. Why an answer was not accepted, by number, said to the interviewer."""

from __future__ import annotations

from foundation.problems import N_, Message

NOT_ON_PATH = Message(
    "ANSW-001",
    N_("this question is not asked now."),
    N_("Reload the page to see the question that is."),
)
REQUIRED = Message(
    "ANSW-002", N_("an answer is needed."), N_("Record an answer, or break off the interview.")
)
NO_DK = Message(
    "ANSW-003", N_("don't know cannot be recorded here."), N_("Ask for an answer again.")
)
NO_REF = Message("ANSW-004", N_("refused cannot be recorded here."), N_("Ask for an answer again."))
NOT_WHOLE = Message(
    "ANSW-005", N_("'%(text)s' is no whole number."), N_("Type digits only, at most 15.")
)
NOT_NUMBER = Message(
    "ANSW-006",
    N_("'%(text)s' is no number."),
    N_("Type digits with a point before the decimals, at most 15 digits."),
)
NOT_DATE = Message(
    "ANSW-007", N_("'%(text)s' is no date."), N_("Type year-month-day, for example 2026-11-24.")
)
OFF_SCALE = Message(
    "ANSW-008",
    N_("%(number)s is not on the scale."),
    N_("Type a number from %(least)s to %(most)s."),
)
NO_CHOICE = Message(
    "ANSW-009", N_("'%(code)s' is not among the choices."), N_("Choose one of the list.")
)
ONE_CHOICE = Message(
    "ANSW-010", N_("only one choice can be recorded here."), N_("Choose one of the list.")
)
EXCLUSIVE = Message(
    "ANSW-011",
    N_("'%(label)s' excludes every other choice."),
    N_("Record it alone, or take it back."),
)
TOO_LONG = Message(
    "ANSW-012", N_("the text is longer than %(limit)s signs."), N_("Shorten what was said.")
)
CONSTRAINT = Message("ANSW-013", N_("this answer is not possible."), N_("Ask again."))
DESIGNED = Message("ANSW-014", "%(text)s", "")
NO_VALUE = Message("ANSW-015", N_("this row takes no answer."), N_("Go on to the next question."))

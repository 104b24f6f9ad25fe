"""PURE. Every defect of an expression or a fill, by number.

FORM-4xx writing and names · 5xx types · 6xx logic and texts. The other numbers stand in
`messages`. Never reuse a number.
"""

from __future__ import annotations

from foundation.problems import N_, Message

# 4xx expressions
OPERAND_WANTED = Message(
    "FORM-401",
    N_("'%(found)s' at sign %(at)s does not belong there."),
    N_("A question, a number, a text or '(' is expected there."),
)
STOPS_EARLY = Message(
    "FORM-402",
    N_("the expression stops too early."),
    N_("A question, a number, a text or '(' is missing at the end."),
)
PARENTHESIS_OPEN = Message(
    "FORM-403", N_("the parenthesis at sign %(at)s is never closed."), N_("Add ')'.")
)
PARENTHESIS_CLOSE = Message(
    "FORM-404", N_("the ')' at sign %(at)s closes nothing."), N_("Remove it, or add '(' before it.")
)
QUOTE_OPEN = Message(
    "FORM-405",
    N_("the text that begins at sign %(at)s is never closed."),
    N_("Add the quotation mark %(quote)s."),
)
PROSE = Message(
    "FORM-406",
    N_("this is a sentence, not an expression."),
    N_("Write for example ${age} >= 18; put notes for people into the column hint."),
)
WRONG_SIGN = Message(
    "FORM-407", N_("'%(found)s' at sign %(at)s is not used here."), N_("Write %(instead)s.")
)
XPATH_LATER = Message(
    "FORM-408",
    N_("'%(found)s' at sign %(at)s is XPath but not read yet."),
    N_("Refer to a question as ${name}."),
)
TOO_LONG = Message(
    "FORM-409",
    N_("the expression is longer than %(limit)s signs."),
    N_("Split it with a calculate row."),
)
TOO_DEEP = Message(
    "FORM-410",
    N_("the expression is nested deeper than %(limit)s levels."),
    N_("Split it with a calculate row."),
)
REFERENCE_BAD = Message(
    "FORM-411",
    N_("the reference at sign %(at)s is not complete."),
    N_("Write ${name}, with the name of a question."),
)
FUNCTION_UNKNOWN = Message(
    "FORM-412", N_("there is no function '%(name)s'."), N_("Nearest known: %(near)s.")
)
FUNCTION_LATER = Message(
    "FORM-413",
    N_("the function '%(name)s' is XLSForm but not read yet."),
    N_("Leave it out; the reference of the language lists what is read."),
)
ARGUMENTS = Message(
    "FORM-414", N_("'%(name)s' takes %(wanted)s arguments, not %(given)s."), N_("Write %(usage)s.")
)
ARGUMENT_QUESTION = Message(
    "FORM-415",
    N_("'%(name)s' needs a question as its argument, not '%(found)s'."),
    N_("Write %(usage)s."),
)
BARE_WORD = Message(
    "FORM-416",
    N_("'%(name)s' is neither a text nor a question."),
    N_("Write '%(name)s' in quotation marks, or ${%(name)s}."),
)
COLUMN_OF_CHOICES = Message(
    "FORM-417",
    N_("the choices of '%(list)s' have no column '%(name)s'."),
    N_("Nearest known: %(near)s."),
)
HERE_OUTSIDE = Message(
    "FORM-418",
    N_("'.' stands for the answer itself and is only read in a constraint."),
    N_("Write ${name}."),
)
QUESTION_UNKNOWN = Message(
    "FORM-419", N_("there is no question '%(name)s'."), N_("Nearest known: %(near)s.")
)
QUESTION_LATER = Message(
    "FORM-420",
    N_("'%(name)s' is asked later, in row %(row)s."),
    N_("Refer to questions above this row, or move the row."),
)
QUESTION_ITSELF = Message(
    "FORM-421",
    N_("'%(name)s' depends on itself."),
    N_("Take ${%(name)s} out; in a constraint write '.'."),
)
CYCLE = Message(
    "FORM-422", N_("these depend on each other in a circle: %(names)s."), N_("Break the circle.")
)
NO_VALUE = Message(
    "FORM-423",
    N_("'%(name)s' is a %(type)s and has no value."),
    N_("Refer to a question, a calculate or a hidden row."),
)
PERSONAL = Message(
    "FORM-424",
    N_("'%(name)s' is personal and may only be shown, not computed with."),
    N_("Use it as ${%(name)s} in a label, or take source=contact away."),
)
PATTERN_BAD = Message(
    "FORM-425",
    N_("the pattern '%(pattern)s' cannot be read from sign %(at)s on."),
    N_("The reference of the language lists what a pattern may hold."),
)
PATTERN_FIXED = Message(
    "FORM-426",
    N_("the pattern of 'regex' must be a text in quotation marks."),
    N_("Write %(usage)s."),
)
OPERATOR_WANTED = Message(
    "FORM-427",
    N_("'%(found)s' at sign %(at)s does not belong there."),
    N_("An operator such as = or and is expected there."),
)
PATTERN_SLOW = Message(
    "FORM-428",
    N_("the pattern '%(pattern)s' could take too long on some answers."),
    N_("Use at most three of * and +, and none around a part that repeats or has '|'."),
)
PATTERN_LONG = Message(
    "FORM-429",
    N_("the pattern is longer than %(limit)s signs."),
    N_("Shorten it."),
)

# 5xx types in expressions
CODE_UNKNOWN = Message(
    "FORM-501",
    N_("'%(code)s' is not a choice of '%(name)s' (list '%(list)s')."),
    N_("Nearest known: %(near)s."),
)
NUMBER_AND_TEXT = Message(
    "FORM-502",
    N_("a number is compared with the text '%(text)s'."),
    N_("Compare it with a number."),
)
NOT_A_NUMBER = Message(
    "FORM-503",
    N_("'%(part)s' is no number, but '%(operator)s' needs one."),
    N_("Use number(...) if it always holds digits."),
)
SEVERAL_CODES = Message(
    "FORM-504",
    N_("'%(name)s' takes several answers, so '%(operator)s' hardly ever holds."),
    N_("Write selected(${%(name)s}, '%(code)s')."),
)
DATE_AND_TEXT = Message(
    "FORM-505", N_("a date is compared with the text '%(text)s'."), N_("Write date('2026-11-24').")
)
TRUTH_AND_OTHER = Message(
    "FORM-506",
    N_("'%(part)s' is true or false and cannot be compared like that."),
    N_("Leave the comparison out, or write not(...)."),
)
SELECTED_OF = Message(
    "FORM-507",
    N_("'%(name)s' is no select question, so '%(function)s' means nothing."),
    N_("Compare it with = instead."),
)
COLUMN_VALUE = Message(
    "FORM-508",
    N_("no choice of '%(list)s' has '%(value)s' in the column '%(name)s'."),
    N_("Nearest known: %(near)s."),
)
DATE_BAD = Message(
    "FORM-509", N_("'%(text)s' is no date."), N_("Write year-month-day, for example 2026-11-24.")
)

# 6xx logic and texts
NEVER = Message(
    "FORM-601",
    N_("'%(name)s' can never be reached: no answers make the condition true."),
    N_("Mend the condition, or remove the row."),
)
NEVER_WITHIN = Message(
    "FORM-602",
    N_("'%(name)s' can never be reached: its condition contradicts row %(rows)s."),
    N_("Mend one of the conditions."),
)
ALWAYS = Message(
    "FORM-603", N_("the condition of '%(name)s' is always true."), N_("Empty the cell."), "warning"
)
CONSTRAINT_NEVER = Message(
    "FORM-604", N_("no answer to '%(name)s' fits the constraint."), N_("Mend the constraint.")
)
CONSTRAINT_ALWAYS = Message(
    "FORM-605",
    N_("every answer to '%(name)s' fits the constraint."),
    N_("Mend the constraint, or empty the cell."),
    "warning",
)
FILL_BAD = Message("FORM-606", N_("the fill at sign %(at)s is not complete."), N_("Write ${name}."))
FILLS_DIFFER = Message(
    "FORM-607",
    N_("the fills in %(language)s differ from those in %(other)s."),
    N_("Use the same ${names} in each language, if that is meant."),
    "warning",
)
AFTER_END = Message(
    "FORM-608",
    N_("'%(name)s' can never be reached: row %(row)s always ends the interview before it."),
    N_("Give that row a condition, or remove the rows below it."),
)

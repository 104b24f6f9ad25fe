"""PURE. What can be wrong with a weighting plan or a request for tables. Codes are never reused."""

from __future__ import annotations

from foundation.problems import N_, Message

NO_SUCH_VARIABLE = Message(
    "WGT-201",
    N_("there is no question or case variable '%(name)s'."),
    N_("Did you mean '%(near)s'? The page lists the names that can be used."),
)
NO_SUCH_LEVEL = Message(
    "WGT-202",
    N_("'%(name)s' has no answer '%(level)s'."),
    N_("Write the code of the answer; the codes are %(known)s."),
)
NOT_A_TARGET = Message(
    "WGT-203",
    N_("the target '%(value)s' is no number of zero or more."),
    N_("Write a count (2100), a share (0.52) or per cent that add up to 100."),
)
TARGET_TWICE = Message(
    "WGT-204",
    N_("'%(level)s' of '%(name)s' has a target already."),
    N_("Keep one of the two lines."),
)
NO_TARGETS = Message(
    "WGT-205",
    N_("the weights are to reach population targets, but no targets are given."),
    N_("Type them in, upload a file, or choose no targets."),
)
METHOD_MISSING = Message(
    "WGT-206",
    N_("targets are given, but not how the weights are to reach them."),
    N_("Choose raking, post-stratification or calibration."),
)
ONE_VARIABLE = Message(
    "WGT-207",
    N_("post-stratification needs the targets of one variable; there are %(count)s."),
    N_("Rake, or give the targets of the crossing, for example 'sex.age' with 'f.old'."),
)
SUMS_DIFFER = Message(
    "WGT-208",
    N_("the targets of '%(first)s' add to %(first_sum)s, those of '%(second)s' to %(second_sum)s."),
    N_("All variables must describe the same population; shares are scaled to it by themselves."),
)
SOURCE_MISSING = Message(
    "WGT-209",
    N_("the targets of '%(name)s' do not say where they come from."),
    N_("Write the source, for example: customer register, 2026-09-30."),
)
BAD_LIMIT = Message(
    "WGT-210",
    N_("'%(value)s' cannot be a limit of the weights."),
    N_("The lower limit lies between 0 and 1, the upper above 1, as multiples of the mean weight."),
)
TARGET_COLUMNS = Message(
    "WGT-211",
    N_("the targets lack the column '%(name)s'."),
    N_("The first line names the columns: variable, level, target, source."),
)
NOT_READABLE = Message(
    "WGT-212",
    N_("the targets are not CSV in UTF-8."),
    N_("Save the file as CSV UTF-8."),
)
BAD_POPULATION = Message(
    "WGT-213",
    N_("'%(value)s' is no size of a population."),
    N_("Write how many people the sample stands for, or leave the field empty."),
)
NOBODY_SILENT = Message(
    "WGT-214",
    N_("the answers of this wave were imported: nothing is known of those who did not answer."),
    N_("Leave the nonresponse classes empty."),
)
NOT_OF_CASES = Message(
    "WGT-215",
    N_("'%(name)s' is known only of those who answered."),
    N_("Use variables of the sample file for nonresponse classes: %(known)s."),
)
NOTHING_TO_DO = Message(
    "WGT-216",
    N_("the plan has no step."),
    N_("Keep at least the base weight, or use the weights without a plan."),
)
NO_CHANCES = Message(
    "WGT-217",
    N_("the cases carry no probability of selection: all of them start with weight 1."),
    N_("State it in the sample file, if they were not drawn with equal chances."),
    "warning",
)
MORE_CELLS = Message(
    "WGT-218",
    N_("the line has more cells than the first one has names."),
    N_('Put a text with a comma in double quotes, for example "customer register, 2026-09-30".'),
)
BAD_MERGE = Message(
    "WGT-219",
    N_("'%(value)s' is no number of respondents that a class needs."),
    N_("Write a whole number from 1, such as 10, or leave the field empty."),
)
SHARES_INCOMPLETE = Message(
    "WGT-221",
    N_("the targets of '%(name)s' add to %(total)s, but shares add to 1 or 100."),
    N_("Complete or correct them; if they are people, state the population too."),
)
BAD_SHARE = Message(
    "WGT-220",
    N_("'%(value)s' is no share of eligible cases."),
    N_("Write a number from 0 to 1, such as 0.6, or choose another rule."),
)
NO_ROWS = Message(
    "TAB-101",
    N_("no question is chosen for the rows."),
    N_("Choose one or more."),
)
NO_SUCH_QUESTION = Message(
    "TAB-102",
    N_("there is no question '%(name)s' that can be tabulated."),
    N_("Did you mean '%(near)s'?"),
)
NO_CATEGORIES = Message(
    "TAB-103",
    N_("'%(name)s' has no categories to make columns of."),
    N_("Use questions of choice, or case variables, for the columns."),
)
MANY_COLUMNS = Message(
    "TAB-104",
    N_("'%(name)s' has %(count)s categories; at most %(most)s make the columns of a table."),
    N_("Use a question with fewer categories."),
)
FILTER_LEVEL = Message(
    "TAB-105",
    N_("'%(name)s' has no answer '%(level)s' to filter by."),
    N_("Write codes, separated by commas; they are %(known)s."),
)
FILTER_INCOMPLETE = Message(
    "TAB-106",
    N_("the filter needs both a question and the answers that are kept."),
    N_("Fill in both, or leave both empty."),
)
NOBODY = Message(
    "TAB-107",
    N_("nobody is left after the filter."),
    N_("Widen the filter."),
)
UNKNOWN_CORRECTION = Message(
    "TAB-108",
    N_("'%(value)s' is no correction for many comparisons."),
    N_("Choose Benjamini-Hochberg, Bonferroni or none."),
)
MANY_ROWS = Message(
    "TAB-109",
    N_("%(count)s questions are chosen for the rows; at most %(most)s make one set of tables."),
    N_("Make several sets."),
)

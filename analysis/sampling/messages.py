"""PURE. What can be wrong with a design, an estimate or a plan. Codes are never reused."""

from __future__ import annotations

from foundation.problems import N_, Message

UNKNOWN_COLUMN = Message(
    "SAMP-101",
    N_("there is no column '%(name)s' in the data."),
    N_("Did you mean '%(near)s'? Check the spelling in the plan."),
)
NOT_NUMERIC = Message(
    "SAMP-102",
    N_("the column '%(name)s' holds texts such as '%(value)s' where numbers are needed."),
    N_("Use a numeric column, or ask for a proportion."),
)
MISSING_DESIGN_VALUE = Message(
    "SAMP-103",
    N_("the design column '%(name)s' is empty in %(count)s rows, first in data row %(row)s."),
    N_("Every case needs its stratum, unit, weight and population size; complete the column."),
)
BAD_WEIGHT = Message(
    "SAMP-104",
    N_("the weight in data row %(row)s is %(value)s; weights must be finite and not negative."),
    N_("Correct the weight column; a case outside the sample has weight 0."),
)
UNIT_IN_TWO_STRATA = Message(
    "SAMP-105",
    N_("the sampling unit '%(unit)s' lies in more than one stratum ('%(first)s', '%(second)s')."),
    N_("If unit labels start again in each stratum, set nest to true; else correct the labels."),
)
ONE_UNIT = Message(
    "SAMP-106",
    N_("the design has only one primary sampling unit, so no error can be estimated."),
    N_("Give the units that were drawn first (branch, cluster), or none for single cases."),
)
LONELY_UNIT = Message(
    "SAMP-107",
    N_(
        "%(count)s strata have only one sampling unit at stage %(stage)s, for example '%(strata)s'."
    ),
    N_(
        "Join such strata with a neighbour, or choose lonely_psu: 'adjust' (cautious), 'average', "
        "'remove' or 'certainty'."
    ),
)
POPULATION_TOO_SMALL = Message(
    "SAMP-108",
    N_(
        "the population size %(population)s of stratum '%(stratum)s' at stage %(stage)s is below "
        "its %(sampled)s sampled units."
    ),
    N_("The column must hold the number of units in the population of that stage."),
)
POPULATION_VARIES = Message(
    "SAMP-109",
    N_("the population size differs between rows of stratum '%(stratum)s' at stage %(stage)s."),
    N_("Give every row of a stratum the same population size."),
)
POPULATION_MIXED = Message(
    "SAMP-110",
    N_("the population columns mix sizes above 1 with sampling fractions below 1."),
    N_("Give population sizes everywhere, or sampling fractions everywhere."),
)
NO_WEIGHTS_FROM_SIZES = Message(
    "SAMP-111",
    N_("weights are left out, and population sizes are not given for every stage."),
    N_("Name the weight column, or give the population size of every stage."),
)
EQUAL_WEIGHTS = Message(
    "SAMP-112",
    N_("neither weights nor population sizes are given; every case counts the same."),
    N_("Totals then refer to the sample only; name the weight column if there is one."),
    severity="warning",
)
BAD_LENGTH = Message(
    "SAMP-113",
    N_("'%(name)s' has %(found)s values for %(expected)s rows."),
    N_("Give one value per row of the data."),
)
ALL_LONELY = Message(
    "SAMP-114",
    N_(
        "no stratum at stage %(stage)s has two sampling units, so there is nothing to average over."
    ),
    N_("Choose lonely_psu: 'adjust', or join strata."),
)
TOO_FEW_STAGES = Message(
    "SAMP-115",
    N_("%(found)s population columns are given for %(expected)s stages of selection."),
    N_("Give at most one population column per stage."),
)
BAD_DATA = Message(
    "SAMP-116",
    N_("the data file is not readable: %(reason)s"),
    N_("It must be a CSV file in UTF-8 with the column names in its first line."),
)

EMPTY_DOMAIN = Message(
    "SAMP-201",
    N_("no case with a valid answer and a weight above zero is left for '%(name)s'."),
    N_("Widen the subpopulation, or leave the figure out of the report."),
)
ZERO_DENOMINATOR = Message(
    "SAMP-202",
    N_("the weighted total below the ratio '%(name)s' is zero."),
    N_("Check the denominator, or leave the ratio out."),
)
NO_DEGREES = Message(
    "SAMP-203",
    N_("each stratum of '%(name)s' is left with one sampling unit: no degrees of freedom."),
    N_("The estimate stands without an interval; report a wider domain."),
    severity="warning",
)
DEFF_UNDEFINED = Message(
    "SAMP-204",
    N_("the weights of '%(name)s' add up to less than its %(count)s cases: no design effect."),
    N_('Scale the weights to the population, or ask for "deff": "replace".'),
    severity="warning",
)
BAD_PROBABILITY = Message(
    "SAMP-205",
    N_("the probability %(value)s is not between 0 and 1."),
    N_("Give quantiles as numbers between 0 and 1, for example 0.5."),
)
UNKNOWN_CHOICE = Message(
    "SAMP-206",
    N_("'%(value)s' is not a %(what)s."),
    N_("Choose one of %(choices)s."),
)
NOT_ZERO_ONE = Message(
    "SAMP-207",
    N_("the column '%(name)s' has values other than 0 and 1."),
    N_('Say which value counts with \'equals\', for example "equals": "Yes".'),
)
DEGENERATE_PROPORTION = Message(
    "SAMP-208",
    N_("the proportion '%(name)s' is %(value)s, where the method '%(method)s' has no limits."),
    N_("Use the method 'beta' or 'wilson'; or the one-sided bound for zero events."),
)
NO_ROOT = Message(
    "SAMP-209",
    N_("the score interval of the quantile %(value)s of '%(name)s' has no limit inside the data."),
    N_("Use the interval 'mean', 'beta' or 'xlogit', or a wider domain."),
)
TWO_GROUPS = Message(
    "SAMP-210",
    N_("'%(name)s' has %(count)s groups where two are compared."),
    N_("Name a column with two groups, or restrict the subpopulation."),
)
COLLINEAR = Message(
    "SAMP-211",
    N_("the term '%(name)s' repeats what the terms before it already say."),
    N_("Take the term out of the formula."),
)
NO_CONVERGENCE = Message(
    "SAMP-212",
    N_(
        "the regression did not settle in %(count)s steps; a term may predict the answer perfectly."
    ),
    N_("Look at the table of the outcome by each term and take out or join categories."),
)
SINGULAR = Message(
    "SAMP-213",
    N_("the covariance matrix of '%(name)s' cannot be inverted with %(units)s sampling units."),
    N_("Join categories so that there are fewer than the degrees of freedom."),
)
OUTCOME_RANGE = Message(
    "SAMP-214",
    N_("the outcome of a %(family)s regression must lie in %(range)s; found %(value)s."),
    N_("Recode the outcome, for example I(answer=='Yes'), or choose another family."),
)
ONE_CATEGORY = Message(
    "SAMP-215",
    N_("'%(name)s' has only one category among the cases."),
    N_("A comparison needs at least two categories; widen the subpopulation."),
)
TOO_FEW_ITEMS = Message(
    "SAMP-216",
    N_("a reliability coefficient needs two items or more; %(count)s given."),
    N_("Name the items of one scale in 'vars'."),
)
NO_VARIATION = Message(
    "SAMP-217",
    N_("'%(name)s' does not vary, so this figure is not defined."),
    N_("Leave the figure out, or choose another variable."),
)
NEGATIVE_ITEM = Message(
    "SAMP-218",
    N_("the item '%(name)s' runs against the rest of its scale (correlation %(value)s)."),
    N_("Reverse its scoring before the items are added."),
    severity="warning",
)
MANY_CELLS = Message(
    "SAMP-219",
    N_("the table has %(rows)s by %(columns)s categories; a test takes at most %(most)s cells."),
    N_("Join categories, or compare means or ranks of an answer that is a number."),
)

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
    N_("%(units)s sampling units in %(strata)s strata leave no degrees of freedom for '%(name)s'."),
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

UNKNOWN_REPLICATION = Message(
    "SAMP-301",
    N_("'%(value)s' is not a kind of replicate weights."),
    N_("Choose one of JK1, JKn, BRR, Fay, bootstrap, subbootstrap, or give columns of weights."),
)
REPLICATION_NEEDS_STRATA = Message(
    "SAMP-302",
    N_("replicate weights of type %(kind)s need a design with strata."),
    N_("Use JK1 or a bootstrap for a design without strata."),
)
REPLICATION_WITHOUT_STRATA = Message(
    "SAMP-303",
    N_("replicate weights of type JK1 are for designs without strata; this one has strata."),
    N_("Use JKn."),
)
NOT_PAIRED = Message(
    "SAMP-304",
    N_("balanced replicates need pairs of sampling units; stratum '%(stratum)s' has %(count)s."),
    N_("Pair the units into strata of two, or use JKn or a bootstrap."),
)
BAD_FAY = Message(
    "SAMP-305",
    N_("Fay's rho is %(value)s; it must be at least 0 and below 1."),
    N_("Use a value such as 0.3 or 0.5."),
)
TOO_FEW_REPLICATES = Message(
    "SAMP-306",
    N_("%(count)s replicates are too few."),
    N_("Use at least 2; 200 or more for a bootstrap that is to be published."),
)
REPLICATE_SHAPE = Message(
    "SAMP-307",
    N_("the replicate weights have %(found)s rows for %(expected)s cases."),
    N_("Give one row per case, in the order of the data, without a header."),
)
REPLICATE_SCALE = Message(
    "SAMP-308",
    N_("imported replicate weights of type %(kind)s need '%(name)s'."),
    N_("The file's documentation states it; for JKn it is (n-1)/n of each stratum."),
)
REPLICATE_FAILED = Message(
    "SAMP-309",
    N_("the estimate is undefined in %(count)s of the %(total)s replicates of '%(name)s'."),
    N_("Some replicate leaves the domain empty; use a wider domain or the linearised error."),
)

BAD_PLAN = Message(
    "SAMP-401",
    N_("the plan is not readable: %(reason)s"),
    N_("A plan is a JSON object with 'designs' and 'cases'; see docs/reference/sampling.md."),
)
UNKNOWN_DESIGN = Message(
    "SAMP-402",
    N_("the plan has no design '%(name)s'."),
    N_("Add it under 'designs', or correct the name; known are %(known)s."),
)
UNKNOWN_KIND = Message(
    "SAMP-403",
    N_("'%(name)s' is not a kind of statistic."),
    N_("Did you mean '%(near)s'? Known are %(known)s."),
)
MISSING_KEY = Message(
    "SAMP-404",
    N_("the key '%(key)s' is missing."),
    N_("Add it; docs/reference/sampling.md lists the keys of each kind."),
)
BAD_VALUE = Message(
    "SAMP-405",
    N_("'%(key)s' cannot be %(value)s."),
    N_("It must be %(wanted)s."),
)
BAD_FORMULA = Message(
    "SAMP-406",
    N_("the formula '%(text)s' is not readable at '%(near)s'."),
    N_("Write it as 'outcome ~ term + term' or '100*mean(x)'; names are columns of the data."),
)
UNKNOWN_FUNCTION = Message(
    "SAMP-407",
    N_("there is no function '%(name)s' here."),
    N_("Use %(known)s."),
)
OUT_OF_DOMAIN = Message(
    "SAMP-408",
    N_("'%(name)s' is not defined at %(value)s."),
    N_("Check the expression: no division by zero, logarithm or root of a negative number."),
)
DESIGN_NEEDED = Message(
    "SAMP-409",
    N_("this statistic needs a design, and the design is empty."),
    N_("Name a design with ids, strata and weights."),
)

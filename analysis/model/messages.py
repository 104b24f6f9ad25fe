"""PURE. Everything that can be wrong with a model, its data or its estimation."""

from __future__ import annotations

from foundation.problems import N_, Message

# The model file
NOT_JSON = Message(
    "MODEL-101",
    N_("the model file is not JSON: %(reason)s."),
    N_("Save the model as JSON with 'constructs' and 'paths'."),
)
WRONG_KIND = Message(
    "MODEL-102",
    N_("expected %(expected)s, found %(found)s."),
    N_("Write %(expected)s here."),
)
MISSING_KEY = Message(
    "MODEL-103", N_("'%(key)s' is missing."), N_("Add '%(key)s' to this part of the model.")
)
UNKNOWN_KEY = Message(
    "MODEL-104",
    N_("there is no setting '%(key)s' here."),
    N_("Remove it, or use one of: %(known)s."),
)

# The model itself
NO_CONSTRUCTS = Message(
    "MODEL-201", N_("the model has no constructs."), N_("Name at least two constructs.")
)
NO_PATHS = Message(
    "MODEL-202", N_("the model has no paths."), N_("Connect the constructs by at least one path.")
)
NO_NAME = Message("MODEL-203", N_("a construct has no name."), N_("Give it a name."))
SAME_NAME = Message(
    "MODEL-204",
    N_("two constructs are called '%(name)s'."),
    N_("Give each construct a name of its own."),
)
NO_ITEMS = Message(
    "MODEL-205",
    N_("the construct '%(name)s' has no items."),
    N_("List at least one item (column of the data) that measures it."),
)
ITEM_TWICE = Message(
    "MODEL-206",
    N_("the item '%(item)s' is used by '%(first)s' and again by '%(second)s'."),
    N_("Let each item measure one construct only."),
)
UNKNOWN_MODE = Message(
    "MODEL-207",
    N_("the construct '%(name)s' has the unknown mode '%(mode)s'."),
    N_("Use 'A' (correlation weights) or 'B' (regression weights)."),
)
UNKNOWN_CONSTRUCT = Message(
    "MODEL-208",
    N_("the path '%(source)s' to '%(target)s' names '%(name)s', which is not a construct."),
    N_("Name one of the constructs. Nearest: '%(near)s'."),
)
SELF_PATH = Message(
    "MODEL-209",
    N_("the construct '%(name)s' has a path to itself."),
    N_("Remove that path."),
)
PATH_TWICE = Message(
    "MODEL-210",
    N_("the path '%(source)s' to '%(target)s' is written twice."),
    N_("Remove one of the two."),
)
CYCLE = Message(
    "MODEL-211",
    N_("the paths run in a circle: %(circle)s."),
    N_("Remove or turn one of these paths: a satisfaction model must be recursive."),
)
ISOLATED = Message(
    "MODEL-212",
    N_("no path leads to or from the construct '%(name)s'."),
    N_("Connect it by a path, or remove it from the model."),
)
BAD_SCALE = Message(
    "MODEL-213",
    N_("the scale runs from %(minimum)s to %(maximum)s."),
    N_("The maximum must be greater than the minimum."),
)
UNKNOWN_ITEM = Message(
    "MODEL-214",
    N_("'%(item)s' is not an item of any construct."),
    N_("Name one of the items. Nearest: '%(near)s'."),
)
NO_SCALE = Message(
    "MODEL-215",
    N_("the item '%(item)s' must be turned, but the model gives no scale for it."),
    N_("State the minimum and maximum of its scale."),
)

# The data
MISSING_COLUMN = Message(
    "DATA-301",
    N_("the data have no column '%(item)s', which the model uses for '%(construct)s'."),
    N_("Add the column, or correct the model. Nearest column: '%(near)s'."),
)
NOT_A_NUMBER = Message(
    "DATA-302",
    N_("'%(value)s' is not a number."),
    N_("Write a number, or leave the cell empty when the answer is missing."),
)
OFF_SCALE = Message(
    "DATA-303",
    N_("%(value)s lies outside the scale from %(minimum)s to %(maximum)s."),
    N_("Correct the value, declare it a missing code, or widen the scale in the model."),
)
CONSTANT_ITEM = Message(
    "DATA-304",
    N_("every answer to the item '%(item)s' is the same (%(value)s)."),
    N_("Remove the item from the model: what does not vary cannot be related to anything."),
)
ALL_MISSING = Message(
    "DATA-305",
    N_("the item '%(item)s' has no answer at all."),
    N_("Remove the item from the model, or check that the right column was read."),
)
TOO_FEW_CASES = Message(
    "DATA-306",
    N_("the model needs at least %(needed)s cases, the data have %(found)s."),
    N_("Collect more interviews, or use a smaller model."),
)
FEW_CASES = Message(
    "DATA-307",
    N_("%(found)s cases are few for this model: the largest equation has %(predictors)s terms."),
    N_("Ten cases per term, %(wanted)s here, is the least that is usually asked for."),
    severity="warning",
)
WEIGHT_NEGATIVE = Message(
    "DATA-308",
    N_("the weight %(value)s is negative, not finite or too large."),
    N_("Weights must be numbers of zero or more."),
)
WEIGHTS_ZERO = Message(
    "DATA-309",
    N_("all weights are zero."),
    N_("Give at least some cases a weight above zero."),
)
WRONG_SHAPE = Message(
    "DATA-310",
    N_("%(what)s has %(found)s, expected %(expected)s."),
    N_("Give one row for each case and one column for each item of the model, in its order."),
)
MANY_MISSING = Message(
    "DATA-311",
    N_("%(share)s %% of the answers to '%(item)s' are missing."),
    N_("Treat results that lean on this item with care; compare the ways to handle missing data."),
    severity="warning",
)
NEVER_TOGETHER = Message(
    "DATA-312",
    N_("no case answered both '%(first)s' and '%(second)s'."),
    N_("Use mean replacement or imputation instead of pairwise moments, or drop one item."),
)
EMPTY_FILE = Message(
    "DATA-313",
    N_("the data file has no rows."),
    N_("The first row must name the columns; each further row is one case."),
)
RAGGED_ROW = Message(
    "DATA-314",
    N_("the row has %(found)s cells, the heading has %(expected)s."),
    N_("Check for a missing or an extra separator."),
)
COLUMN_TWICE = Message(
    "DATA-315",
    N_("two columns are called '%(name)s'."),
    N_("Give each column a name of its own."),
)
NOT_TEXT = Message(
    "DATA-316",
    N_("the file is not text in UTF-8."),
    N_("Save it as CSV with the UTF-8 encoding."),
)
MORE_PROBLEMS = Message(
    "DATA-317",
    N_("%(count)s further rows or cells have problems of these kinds."),
    N_("Correct the ones listed and try again."),
)
NO_WEIGHTS_COLUMN = Message(
    "DATA-318",
    N_("the data have no column '%(name)s' of weights."),
    N_("Name the column that holds the weights. Nearest column: '%(near)s'."),
)
OUT_OF_RANGE = Message(
    "DATA-319",
    N_("the answers to '%(item)s' run from %(least)s to %(most)s, which cannot be computed with."),
    N_("Check the column, or give the item in other units."),
)
REPLICATE_ROWS = Message(
    "DATA-320",
    N_("the replicate weights have %(found)s rows, the data have %(expected)s."),
    N_("Give one row for each row of the data, in the same order."),
)
REPLICATE_SCALE = Message(
    "DATA-321",
    N_("the variance factor %(value)s of the replicates is not a number above zero."),
    N_("Give the factor of the design, such as 1/R for R replicates of a bootstrap or BRR."),
)
LONG_HEADING = Message(
    "DATA-322",
    N_("the first row is longer than %(most)s bytes."),
    N_("It must name the columns, separated by commas, in a line of its own."),
)
MANY_ROWS = Message(
    "DATA-323",
    N_("the file has more than %(most)s rows, blank ones counted."),
    N_(
        "Take out blank rows, or use the command line: 'soundings responses import' reads "
        "%(command)s rows."
    ),
)
MANY_CELLS = Message(
    "DATA-324",
    N_("the file has more than %(most)s cells."),
    N_(
        "Take out columns that are not needed, or use the command line: 'soundings responses "
        "import' reads %(command)s cells."
    ),
)

# The estimation
COLLINEAR = Message(
    "FIT-401",
    N_("the predictors of '%(target)s' (%(sources)s) are linearly dependent."),
    N_("Remove one of these paths, or join the constructs into one."),
)
COLLINEAR_ITEMS = Message(
    "FIT-402",
    N_("the items of the mode B construct '%(name)s' are linearly dependent."),
    N_("Remove one of the items, or use mode A."),
)
NOT_CONVERGED = Message(
    "FIT-403",
    N_("the outer weights did not settle within %(iterations)s iterations."),
    N_("Try another weighting scheme, or look for a construct that hardly relates to the others."),
)
NO_RELIABILITY = Message(
    "FIT-404",
    N_("the reliability rho_A of '%(name)s' is %(value)s."),
    N_(
        "Consistent PLS needs a reliability above zero: check the direction of the items, "
        "or estimate without consistency."
    ),
)
NOT_ADMISSIBLE = Message(
    "FIT-405",
    N_("the consistent estimates are not admissible: %(reason)s."),
    N_("Consistent PLS does not fit these data; estimate without it, or look at HTMT."),
    severity="warning",
)
NO_SOLUTION = Message(
    "FIT-406",
    N_("a regression inside the estimation had no solution."),
    N_("Look for constructs or items that nearly repeat each other, and join them."),
)
NEGATIVE_WEIGHT = Message(
    "FIT-407",
    N_("the item '%(item)s' has a negative weight (%(value)s) in the index of '%(name)s'."),
    N_("The index may leave 0-100: check the direction of the item or remove it."),
    severity="warning",
)
RESAMPLES_DROPPED = Message(
    "FIT-408",
    N_("%(dropped)s of %(total)s resamples could not be used: %(reasons)s."),
    N_("Errors and intervals rest on the remaining ones; above 5 %% they deserve no trust."),
    severity="warning",
)
NO_RESAMPLES = Message(
    "FIT-409",
    N_("fewer than two of %(total)s resamples could be estimated: %(reasons)s."),
    N_("Ask for more resamples; else the data are too few or too uniform for this model."),
)
DEAD_CONSTRUCT = Message(
    "FIT-410",
    N_("the construct '%(name)s' is unrelated to every construct it is connected with."),
    N_("Its weights cannot be determined; remove the construct or its paths."),
)
NO_INDEX = Message(
    "FIT-411",
    N_("the index weights of '%(name)s' add up to zero or less."),
    N_("Check the direction of its items, split the construct, or do without scales and indices."),
)

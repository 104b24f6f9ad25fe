"""PURE. What keeps a covariance-based model from being fitted, or makes its numbers doubtful."""

from __future__ import annotations

from foundation.problems import N_, Message

NO_FACTOR = Message(
    "CBSEM-501",
    N_("no construct has more than one item, so there is nothing latent to estimate."),
    N_("Read the PLS results, or add items: covariance-based SEM needs several per construct."),
)
INTERACTION = Message(
    "CBSEM-502",
    N_("the interaction '%(name)s' cannot be estimated from covariances."),
    N_("Read the PLS results, or leave the interaction out for the second opinion."),
)
TOO_FEW_CASES = Message(
    "CBSEM-503",
    N_("%(found)s cases are too few for %(items)s items."),
    N_("Collect more interviews, at least %(needed)s, or use fewer items."),
)
DEPENDENT_ITEMS = Message(
    "CBSEM-504",
    N_("the items are linearly dependent, chiefly '%(first)s' and '%(second)s'."),
    N_("Remove an item that repeats another, or that is computed from others."),
)
NOT_IDENTIFIED = Message(
    "CBSEM-505",
    N_("the data cannot determine all of the model's numbers: %(reason)s."),
    N_("Add items to the constructs concerned, or remove paths."),
)
NOT_CONVERGED = Message(
    "CBSEM-506",
    N_("the likelihood did not reach its maximum within %(steps)s steps."),
    N_("Use a simpler model, or look for constructs that are hardly distinct."),
)
TOO_FEW_GROUPS = Message(
    "CBSEM-507",
    N_("there is only one group with cases."),
    N_("Name a column with at least two different values."),
)
IN_GROUP = Message(
    "CBSEM-508",
    N_("the item '%(item)s' does not vary among the cases of the group '%(group)s'."),
    N_("Join this group with another, or remove the item."),
)
LABELS = Message(
    "CBSEM-509",
    N_("there are %(found)s labels of groups for %(expected)s cases."),
    N_("Give one label for each case, in the order of the data."),
)
HOLES = Message(
    "CBSEM-510",
    N_("%(estimator)s needs complete answers, and %(found)s cases have missing ones."),
    N_("Use ML or MLR, which take the answers that are there, or remove these cases."),
)
UNKNOWN_ESTIMATOR = Message(
    "CBSEM-511",
    N_("'%(estimator)s' is no estimator."),
    N_("Use one of %(known)s."),
)
NEAR_FLAT = Message(
    "CBSEM-521",
    N_(
        "the likelihood is nearly flat: quite different values of %(terms)s fit almost equally "
        "well (their errors are %(factor)s times what they would be one at a time)."
    ),
    N_("Do not interpret these estimates; merge constructs that are hardly distinct."),
    severity="warning",
)
IMPROPER = Message(
    "CBSEM-522",
    N_("the solution is not admissible: %(reason)s."),
    N_("The model does not fit these data as it stands; do not report these estimates."),
    severity="warning",
)
REFLECTIVE = Message(
    "CBSEM-523",
    N_("the construct '%(name)s' has mode B but is estimated here as a common factor."),
    N_("Compare its results with PLS with care: the two mean different things by it."),
    severity="warning",
)
WEIGHTED = Message(
    "CBSEM-524",
    N_("with case weights the errors are robust ones, and the plain chi-square is not exact."),
    N_("Use the scaled chi-square; strata and clusters of the sample are not respected here."),
    severity="warning",
)
FEW_CASES = Message(
    "CBSEM-525",
    N_("%(found)s cases are few for %(parameters)s parameters."),
    N_("Five cases per parameter, %(wanted)s here, is the least that is usually asked for."),
    severity="warning",
)
LEFT_OUT = Message(
    "CBSEM-526",
    N_("%(found)s cases are more than %(most)s, so the second opinion was left out."),
    N_("Ask for it with --cbsem."),
    severity="warning",
)
NOT_TESTED = Message(
    "CBSEM-527",
    N_(
        "by unweighted least squares the chi-square has no known distribution, and the plain "
        "errors are not those of the estimates."
    ),
    N_("Read the robust errors; do not test the model, its CFI or its RMSEA by these numbers."),
    severity="warning",
)

"""PURE. What can be wrong with imputation, ordinal items and the judging of a model."""

from __future__ import annotations

from foundation.problems import N_, Message

# Ordinal items
ORDINAL_STAGES = Message(
    "DATA-331",
    N_("polychoric correlations are not made for models of several stages."),
    N_("Leave out --ordinal, or the higher-order constructs and interactions."),
)
MANY_CATEGORIES = Message(
    "DATA-332",
    N_("the item '%(item)s' has %(count)s different answers, more than %(most)s."),
    N_("Polychoric correlations are for items with few answers: leave out --ordinal."),
)
SMOOTHED = Message(
    "DATA-333",
    N_("the polychoric correlations were not positive definite and have been smoothed."),
    N_("Some items nearly repeat each other, or the cases are few: compare without --ordinal."),
    severity="warning",
)

# Missing answers
FEW_KNOWN = Message(
    "DATA-334",
    N_("only %(count)s cases answered '%(item)s', too few to impute the others."),
    N_("Remove the item from the model, or use mean replacement."),
)
LOST_IMPUTATIONS = Message(
    "FIT-421",
    N_("%(lost)s of %(total)s imputed data sets could not be estimated: %(reason)s"),
    N_("Results rest on the others; look at the items with most gaps."),
    severity="warning",
)
NO_IMPUTATIONS = Message(
    "FIT-422",
    N_("fewer than two of %(total)s imputed data sets could be estimated: %(reason)s"),
    N_("Use mean replacement, or remove the items with most gaps."),
)

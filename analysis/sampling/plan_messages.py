"""PURE. What can be wrong with replicate weights and with a plan. Codes are never reused."""

from __future__ import annotations

from foundation.problems import N_, Message

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
NO_REPLICATES = Message(
    "SAMP-310",
    N_("the design has no replicate weights, which this estimate needs for its error."),
    N_("Make them from the design: JKn, BRR, Fay or subbootstrap."),
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
NO_ANSWER = Message(
    "SAMP-410",
    N_("the planning case '%(kind)s' has no answer for these numbers."),
    N_("Check them together: two equal shares, a single case, or a margin no sample can miss."),
)

"""PURE. What keeps groups from being compared, and what to keep in mind about a comparison."""

from __future__ import annotations

from foundation.problems import N_, Message

# The groups
NO_GROUP_COLUMN = Message(
    "GROUP-501",
    N_("the data have no column '%(name)s' of groups."),
    N_("Name the column that tells the groups apart. Nearest column: '%(near)s'."),
)
ONE_GROUP = Message(
    "GROUP-502",
    N_("there is only one group ('%(name)s')."),
    N_("Comparing needs at least two groups with cases."),
)
NO_GROUPS = Message(
    "GROUP-503",
    N_("no case belongs to a group."),
    N_("Check that the right column was named."),
)
MANY_GROUPS = Message(
    "GROUP-504",
    N_("the cases fall into %(found)s groups."),
    N_("At most %(most)s can be compared: join groups, or check that the right column was named."),
)
WITHOUT_GROUP = Message(
    "GROUP-505",
    N_("%(count)s cases belong to no group and are left out."),
    N_("Fill in the column of groups if they should count."),
    severity="warning",
)
WRONG_LENGTH = Message(
    "GROUP-506",
    N_("there are %(found)s %(what)s for %(expected)s cases."),
    N_("Give one for each case, in the order of the data."),
)
PERSON_TWICE = Message(
    "GROUP-507",
    N_("the person '%(person)s' stands %(count)s times in the group '%(group)s'."),
    N_("Keep one case of a person in each group."),
)
PERSON_UNNAMED = Message(
    "GROUP-508",
    N_("%(count)s cases have no person's number; each counts as a person of its own."),
    N_("Fill in the numbers if some of them answered in more than one group."),
    severity="warning",
)
NOT_PLAIN = Message(
    "GROUP-509",
    N_("the model has %(what)s, whose comparison is not offered."),
    N_("Compare a model of plain constructs, or fit each group on its own."),
)
UNEQUAL_SIZES = Message(
    "GROUP-510",
    N_("the largest group has %(times)s times the cases of the smallest ('%(name)s')."),
    N_("Tests have little power for the small group: a difference not found is not its absence."),
    severity="warning",
)
OTHER_DIRECTION = Message(
    "GROUP-511",
    N_("a construct points the other way in '%(name)s' than in all groups together: %(reason)s."),
    N_("Check the direction of the items in this group, or leave it out."),
)
NOT_IMPUTED = Message(
    "GROUP-512",
    N_("groups are not compared under multiple imputation."),
    N_("Use mean replacement, pairwise moments or complete cases."),
)

# The tests
WEIGHTS_NOT_PERMUTED = Message(
    "GROUP-521",
    N_("permutation tests and measurement invariance are left out: the cases have weights."),
    N_(
        "Cases of unequal weight may not change places. The bootstrap differences are weighted; "
        "leave the weights away to test invariance in the sample."
    ),
    severity="warning",
)
SHARED_PEOPLE = Message(
    "GROUP-522",
    N_("%(count)s persons are in both '%(first)s' and '%(second)s'."),
    N_(
        "Their answers are resampled together. The parametric tests and Henseler's need groups "
        "without common members and are left out."
    ),
    severity="warning",
)
PERMUTATIONS_DROPPED = Message(
    "GROUP-523",
    N_("%(dropped)s of %(total)s permutations of %(groups)s could not be estimated: %(reasons)s."),
    N_("The tests rest on the others; above 5 %% they deserve no trust."),
    severity="warning",
)
NO_PERMUTATIONS = Message(
    "GROUP-524",
    N_("none of %(total)s permutations of %(groups)s could be estimated: %(reasons)s."),
    N_("Use a smaller model, or join small groups."),
)
FEW_RESAMPLES = Message(
    "GROUP-527",
    N_("only %(usable)s of %(total)s resamples could be used, which gives no error."),
    N_("Draw more resamples; if they fail, use a smaller model or join small groups."),
)
NOT_INVARIANT = Message(
    "GROUP-525",
    N_("not composed alike in '%(first)s' and '%(second)s': %(constructs)s."),
    N_("Do not read differences of their paths or indices between these groups as real."),
    severity="warning",
)
ONLY_PARTIAL = Message(
    "GROUP-526",
    N_("invariance of '%(first)s' and '%(second)s' is partial: means or variances differ."),
    N_("Compare their standardised paths, but do not pool the two groups."),
    severity="warning",
)

# The segments
WEIGHTED_SEGMENTS = Message(
    "SEGMENT-541",
    N_("segments cannot be sought in weighted cases."),
    N_("Leave the weights away: segments describe the sample, not the population."),
)
TOO_MANY_SEGMENTS = Message(
    "SEGMENT-542",
    N_("%(found)s cases are too few for up to %(wanted)s segments."),
    N_("The model allows at most %(most)s here: ten cases per term of the largest equation each."),
)
CRITERIA_DISAGREE = Message(
    "SEGMENT-543",
    N_("the criteria do not agree: AIC3 names %(aic3)s segments, BIC %(bic)s, CAIC %(caic)s."),
    N_("No number of segments is supported; take any segments as a hint for questions to ask."),
    severity="warning",
)
OVERLAPPING = Message(
    "SEGMENT-544",
    N_("the %(segments)s segments overlap: the entropy criterion is %(entropy)s, below 0.5."),
    N_("Do not assign single respondents to these segments."),
    severity="warning",
)
SMALL_SEGMENT = Message(
    "SEGMENT-545",
    N_("segment %(segment)s of %(segments)s has %(found)s cases, fewer than %(wanted)s."),
    N_("Its paths are not to be trusted; choose fewer segments."),
    severity="warning",
)
NO_MIXTURE = Message(
    "SEGMENT-546",
    N_("no solution with %(segments)s segments was found in %(starts)s starts: %(reason)s."),
    N_("Read the solutions with fewer segments."),
    severity="warning",
)
AT_THE_EDGE = Message(
    "SEGMENT-547",
    N_("every criterion still improves at %(segments)s segments, the most that were tried."),
    N_("The mixture describes the shape of the answers, not groups of people; expect no segments."),
    severity="warning",
)
UNSTABLE = Message(
    "SEGMENT-548",
    N_("only one of %(starts)s starts reached the best solution with %(segments)s segments."),
    N_("Use more starts before leaning on it."),
    severity="warning",
)
NOT_REFITTED = Message(
    "SEGMENT-549",
    N_("the model could not be estimated within segment %(segment)s of %(segments)s: %(reason)s"),
    N_("Only the paths of the mixture are given for it."),
    severity="warning",
)
NOT_SETTLED = Message(
    "SEGMENT-550",
    N_("the solution with %(segments)s segments had not settled after %(steps)s steps."),
    N_("The segments hardly differ; do not lean on it."),
    severity="warning",
)

"""PURE. What a published figure, a composite or a printed table may suffer from."""

from __future__ import annotations

from foundation.problems import N_, Message

SMALL_BASE = Message(
    "SAMP-501",
    N_("only %(count)s cases stand behind this figure (fewer than %(least)s)."),
    N_("Read it with care; it is marked."),
    severity="warning",
)
TOO_SMALL = Message(
    "SAMP-502",
    N_("only %(count)s cases stand behind this figure (fewer than %(least)s)."),
    N_("It is not shown; join groups or waves."),
    severity="warning",
)
IMPRECISE = Message(
    "SAMP-503",
    N_("the relative error is %(cv)s (above %(most)s)."),
    N_("Read it with care; it is marked."),
    severity="warning",
)
TOO_IMPRECISE = Message(
    "SAMP-504",
    N_("the relative error is %(cv)s (above %(most)s)."),
    N_("It is not shown; join groups or waves."),
    severity="warning",
)
FEW_PEOPLE = Message(
    "SAMP-505",
    N_("this figure speaks of %(count)s people (fewer than %(least)s), who could be known by it."),
    N_("It is not shown."),
    severity="warning",
)
SOURCE_WEIGHTS = Message(
    "SAMP-511",
    N_("the weights of the sources add to %(total)s %%, or one is negative."),
    N_("They must be at least 0 and add to 100 %%."),
)
UNKNOWN_SOURCE = Message(
    "SAMP-512",
    N_("the scheme has no source '%(name)s'."),
    N_("Did you mean '%(near)s'?"),
)
MISSING_SOURCE = Message(
    "SAMP-513",
    N_("the source '%(name)s' is missing."),
    N_("The scheme says whether the others take its weight or the score is withheld."),
    severity="warning",
)
SINGLE_RATER = Message(
    "SAMP-514",
    N_("the source '%(name)s' (%(weight)s %% of the score) is one rater and has no error."),
    N_("The score's error leaves it out and is too small."),
    severity="warning",
)

NO_BASE_FITS = Message(
    "SAMP-601",
    N_("no base from %(span)s gives %(percent)s %%."),
    N_("Print the base of this item; it may have been asked of fewer people."),
    severity="warning",
)
NO_COMMON_BASE = Message(
    "SAMP-602",
    N_("no base from %(span)s gives all of %(percents)s; the first that does is %(first)s."),
    N_("Answers of one question have one base: check the figures, or print each base."),
    severity="warning",
)
OVER_HUNDRED = Message(
    "SAMP-603",
    N_("the answers of a single choice add to %(total)s %%."),
    N_("If several answers were allowed, say so; else correct a figure."),
    severity="warning",
)
REMAINDER = Message(
    "SAMP-604",
    N_("the answers add to %(total)s %%; %(rest)s %% are not reported."),
    N_("Print a line for other answers, don't know and no answer."),
    severity="warning",
)
NOT_SORTED = Message(
    "SAMP-605",
    N_("the table is in falling order but for '%(label)s'."),
    N_("Sort it, or keep the order of the questionnaire."),
    severity="warning",
)
LABELS_CLASH = Message(
    "SAMP-606",
    N_("%(percent)s %% is called '%(first)s' in one place and '%(second)s' in another."),
    N_("Take the label from the questionnaire version."),
    severity="warning",
)
BANDS_DIFFER = Message(
    "SAMP-607",
    N_("the band is %(first)s in one place and %(second)s in another."),
    N_("Derive bands once, from the year of birth, and keep them."),
    severity="warning",
)

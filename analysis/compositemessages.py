"""PURE. What may be wrong with ratings and with the scheme that makes scores of them."""

from __future__ import annotations

from foundation.problems import N_, Message

NO_COLUMN = Message(
    "COMP-101",
    N_("the table lacks the column '%(name)s'."),
    N_("The first line names the columns: unit, source, score; and rater, least, most if needed."),
)
UNKNOWN_COLUMN = Message(
    "COMP-102",
    N_("the column '%(name)s' is not known, or there twice."),
    N_("The columns are unit, source, score, rater, least and most, each once."),
)
ROW_LENGTH = Message(
    "COMP-103",
    N_("the row has %(found)s cells, the first line has %(needed)s."),
    N_("Write decimals with a point, and put a text with the separator in it in quotes."),
)
BAD_SCORE = Message(
    "COMP-104",
    N_("'%(value)s' is no score."),
    N_("Write a number such as 81.5; leave the row out if nothing was said."),
)
OUT_OF_SCALE = Message(
    "COMP-105",
    N_("%(value)s lies outside the scale from %(least)s to %(most)s."),
    N_("Correct the score, or give the ends of its scale in the columns least and most."),
)
BAD_SCALE = Message(
    "COMP-106",
    N_("'%(least)s' to '%(most)s' is no scale."),
    N_(
        "least is the number of the worst answer, most that of the best, and the larger of the two."
    ),
)
BAD_NAME = Message(
    "COMP-107",
    N_("'%(value)s' is no name."),
    N_("Write up to %(most)s visible characters."),
)
OTHER_SOURCE = Message(
    "COMP-108",
    N_("the scheme has no source '%(name)s'."),
    N_("Its sources are %(known)s."),
)
NOTHING = Message("COMP-109", N_("there is no rating."), N_("Give one line for each rating."))
TOO_MANY = Message(
    "COMP-110",
    N_("there are %(found)s %(what)s, more than %(most)s."),
    N_("Compute scores of fewer at a time."),
)
NOT_TEXT = Message("COMP-111", N_("the file is not a table in UTF-8."), N_("Save it as CSV UTF-8."))
BAD_SOURCE = Message(
    "COMP-121",
    N_("'%(value)s' is no source with its weight."),
    N_("Write source; weight in %%; least raters, for example customers; 40; 1."),
)
BAD_WEIGHT = Message(
    "COMP-122",
    N_("'%(value)s' is no weight of the source '%(name)s'."),
    N_("Write a number above 0, up to 100: percent of the score."),
)
SOURCE_TWICE = Message(
    "COMP-123", N_("the source '%(name)s' is there twice."), N_("Give each source one weight.")
)
NO_SOURCES = Message(
    "COMP-124", N_("the scheme has no sources."), N_("Give each source with its weight.")
)
BAD_RULE = Message(
    "COMP-125",
    N_("'%(value)s' is no rule for a missing source."),
    N_("Write rescale (the others take its weight) or withhold (there is no score)."),
)
BAD_WHOLE = Message(
    "COMP-126",
    N_("'%(value)s' is no number for '%(name)s'."),
    N_("Write a whole number from %(least)s to %(most)s."),
)
NOT_SCHEME = Message(
    "COMP-127",
    N_("the file holds no scheme in JSON."),
    N_('Write {"sources": {"team": 60, "customers": 40}, "missing": "rescale"}.'),
)
UNKNOWN_KEY = Message(
    "COMP-128",
    N_("the scheme has an entry '%(name)s' that is not known."),
    N_("Its entries are %(known)s."),
)

TOO_FEW = Message(
    "COMP-201",
    N_("the source '%(name)s' has %(count)s raters (fewer than %(least)s) and does not count."),
    N_("The scheme says whether the others take its weight or the score is withheld."),
    severity="warning",
)
NO_ERROR = Message(
    "COMP-202",
    N_("no source has two raters, so that nothing says how sure the score is."),
    N_("It is not shown; ask more people."),
    severity="warning",
)
ALL_ALIKE = Message(
    "COMP-203",
    N_("all %(count)s raters of the source '%(name)s' gave the same score."),
    N_("Its error of 0 says no more than that; read the score's error as too small."),
    severity="warning",
)

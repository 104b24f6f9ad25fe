"""PURE. Why a wave cannot be computed, or should be read with care."""

from __future__ import annotations

from foundation.problems import N_, Message

NO_COMPLETES = Message(
    "WAVE-101",
    N_("no interview of this wave is complete yet."),
    N_("Compute the wave again when there are at least %(needed)s complete interviews."),
)
TOO_FEW_COMPLETES = Message(
    "WAVE-102",
    N_("only %(found)s respondents answered to the end; an index needs %(needed)s or more."),
    N_("Compute the wave when there are more."),
)
ITEM_NOT_ASKED = Message(
    "WAVE-103",
    N_("the model measures '%(construct)s' by '%(item)s', which the answers do not have."),
    N_("Correct the model, or add the question. Nearest: '%(near)s'."),
)
NOT_A_NUMBER = Message(
    "WAVE-104",
    N_("the answer '%(value)s' of respondent %(respondent)s is no number."),
    N_("Let only questions answered by numbers measure a construct."),
)
NO_SCALES = Message(
    "WAVE-105",
    N_("the model does not state the scale of the item '%(item)s'."),
    N_("Add 'scale' with 'min' and 'max' to the model: an index 0-100 needs the ends."),
)
DESIGN_INCOMPLETE = Message(
    "WAVE-201",
    N_("%(missing)s of %(total)s cases carry no %(what)s; it was left out of the computation."),
    N_("Give every case of the sample file a value in this column, or none."),
    "warning",
)
STRATA_MERGED = Message(
    "WAVE-202",
    N_("strata with a single unit were joined to their neighbours for the margin: %(strata)s."),
    N_("The margin is a little too wide rather than too narrow. Draw two units or more."),
    "warning",
)
ONE_UNIT = Message(
    "WAVE-203",
    N_("all cases come from one sampling unit (%(unit)s): their margin cannot be known."),
    N_("Compute a margin from at least two units, or leave the column 'psu' out."),
)
BAD_PROBABILITY = Message(
    "WAVE-204",
    N_("the selection probability '%(value)s' of respondent %(respondent)s is not in 0 to 1."),
    N_("Write the probability of selection, above 0 and at most 1, into the sample file."),
)
GROUP_TOO_SMALL = Message(
    "WAVE-211",
    N_("groups with fewer than %(needed)s complete interviews were left out: %(names)s."),
    N_("Join each with another by a coarser variable, or wait for more interviews."),
    "warning",
)
ONE_GROUP_LEFT = Message(
    "WAVE-212",
    N_("%(found)s groups have the %(needed)s complete interviews that a comparison asks for."),
    N_("Choose a variable that parts the respondents into two large groups or more."),
)
DESIGN_NOT_SEARCHED = Message(
    "WAVE-213",
    N_("the search for segments takes each respondent as drawn alone, and all alike."),
    N_("Strata, units and weights of the sample do not count: read shares of segments with care."),
    "warning",
)
UNITS_NOT_PERMUTED = Message(
    "WAVE-214",
    N_("permutation tests and measurement invariance are left out: the sample has clusters."),
    N_("Respondents of one unit may not change places with others. Read the test of the design."),
    "warning",
)
ANSWERS_CHANGED = Message(
    "WAVE-221",
    N_("the answers or the model have changed since the computation was begun elsewhere."),
    N_("Nothing needs to be done: the worker that began it computes this part too."),
)

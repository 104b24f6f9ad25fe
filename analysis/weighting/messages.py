"""PURE. What can be wrong with a step of weighting. Codes are never reused."""

from __future__ import annotations

from foundation.problems import N_, Message

MISSING_CATEGORY = Message(
    "WGT-101",
    N_("the weighting variable '%(name)s' is missing for %(count)s cases."),
    N_("Fill it in, or give the missing cases a category of their own with a target."),
)
NO_TARGET = Message(
    "WGT-102",
    N_("there is no target for '%(level)s' of '%(name)s', which %(count)s cases have."),
    N_("Add its target, or join it with another category."),
)
EMPTY_CELL = Message(
    "WGT-103",
    N_("no case has '%(level)s' of '%(name)s', whose target is %(target)s."),
    N_("Join the category with a neighbour, in the data and in the targets."),
)
TARGETS_DISAGREE = Message(
    "WGT-104",
    N_("the targets of '%(first)s' add to %(first_sum)s, those of '%(second)s' to %(second_sum)s."),
    N_("All margins must describe the same population; scale them to one total."),
)
BAD_TARGET = Message(
    "WGT-105",
    N_("the target of '%(level)s' of '%(name)s' is %(value)s."),
    N_("Targets are counts or shares: finite and not negative."),
)
NOT_RAKED = Message(
    "WGT-106",
    N_("raking did not settle in %(count)s rounds; '%(name)s' is still %(gap)s from its target."),
    N_("Some combination of categories has no cases: join categories or use fewer margins."),
)
TARGET_NAMES = Message(
    "WGT-107",
    N_("the calibration has the terms %(terms)s, but the targets are given for %(given)s."),
    N_("Give one total for each term, by its name."),
)
NO_SOLUTION = Message(
    "WGT-108",
    N_("no weights in the bounds reach the target of '%(name)s' (%(target)s; got %(reached)s)."),
    N_("Widen the bounds, drop a term, or check that the totals can be true together."),
)
NEGATIVE_WEIGHTS = Message(
    "WGT-109",
    N_("%(count)s kinds of cases get negative weights (the least factor is %(least)s)."),
    N_("Calibrate with bounds, by raking or by logit."),
)
BAD_BOUNDS = Message(
    "WGT-110",
    N_("the bounds %(low)s and %(high)s do not enclose 1, as factors of the weights must."),
    N_("Use for example 0.5 and 2."),
)
UNKNOWN_METHOD = Message(
    "WGT-111",
    N_("'%(value)s' is not a %(what)s."),
    N_("Choose one of %(choices)s."),
)
TERMS_REPEAT = Message(
    "WGT-112",
    N_("the calibration terms say the same thing twice; '%(name)s' follows from the others."),
    N_("Take the term out, with its total."),
)
NO_RESPONDENTS = Message(
    "WGT-113",
    N_("nobody answered in the class '%(level)s', which stands for %(weight)s people."),
    N_("Join the class with a similar one, or let the plan merge classes in which few answered."),
)
TRIM_BOUNDS = Message(
    "WGT-114",
    N_("the limits %(low)s and %(high)s leave no weight that could take up what is cut off."),
    N_("The mean weight is %(mean)s: set the lower limit below it and the upper limit above it."),
)
BAD_TARGETS_FILE = Message(
    "WGT-115",
    N_("the targets cannot be read: %(reason)s"),
    N_("See docs/reference/sampling.md for the form of a targets file."),
)
NO_SOURCE = Message(
    "WGT-116",
    N_("the targets of '%(name)s' do not say where they come from."),
    N_("Add 'source', for example 'customer register, 2026-09-30'."),
    severity="warning",
)
SEPARATED = Message(
    "WGT-117",
    N_("the response propensity cannot be fitted: some category decides who answered."),
    N_("Join categories, or adjust by classes."),
)
SHARE_RANGE = Message(
    "WGT-118",
    N_("the share %(value)s of the first frame is not between 0 and 1."),
    N_("Use the first frame's part of the joint effective sample, for example 0.5."),
)
EMPTY_REPLICATE = Message(
    "WGT-119",
    N_("in %(count)s replicates no case has '%(level)s' of '%(name)s'."),
    N_("Join the category with a neighbour: it rests on too few sampling units."),
)
NO_MARGIN = Message(
    "WGT-120",
    N_("there are no targets for '%(name)s'; stated are those of %(known)s."),
    N_("Add the margin to the targets, with its source, or correct the name."),
)
UNKNOWN_KEY = Message(
    "WGT-121",
    N_("a step of kind '%(kind)s' has no key '%(key)s'."),
    N_("Did you mean '%(near)s'? docs/reference/sampling.md lists the keys of each step."),
)
ORDER = Message(
    "WGT-122",
    N_("the step '%(name)s' sets the weights anew and undoes the steps before it."),
    N_("Put it first."),
)
BAD_PROBABILITY = Message(
    "WGT-123",
    N_("the probability of selection in '%(name)s' is %(value)s."),
    N_("It must be above 0 and at most 1."),
)
STEPS_DISAGREE = Message(
    "WGT-124",
    N_("the targets of '%(first)s' add to %(first_sum)s, those of '%(second)s' to %(second_sum)s."),
    N_("All steps must describe the same population; state 'population' to scale shares to it."),
)
NOBODY_LEFT = Message(
    "WGT-125",
    N_("after the step '%(name)s' no case is left."),
    N_("Check the condition that says who answered."),
)
NO_POPULATION = Message(
    "WGT-126",
    N_("the targets of '%(name)s' add to %(total)s."),
    N_("State how many people, or which share of them, each category has."),
)

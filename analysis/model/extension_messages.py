"""PURE. What can be wrong with higher-order constructs, interactions, what-if and planning."""

from __future__ import annotations

from foundation.problems import N_, Message

# Higher-order constructs
ITEMS_AND_PARTS = Message(
    "MODEL-251",
    N_("the construct '%(name)s' has items of its own and parts."),
    N_("Give it either items or parts; make a part of the items if both are meant."),
)
UNKNOWN_PART = Message(
    "MODEL-252",
    N_("the construct '%(name)s' has the part '%(part)s', which is not a construct."),
    N_("Name one of the constructs. Nearest: '%(near)s'."),
)
PART_CIRCLE = Message(
    "MODEL-253",
    N_("the constructs are parts of each other in a circle: %(circle)s."),
    N_("A construct cannot be a part of itself; remove one of these parts."),
)
PART_NESTED = Message(
    "MODEL-254",
    N_("the part '%(part)s' of '%(name)s' has parts itself."),
    N_("Constructs of third and higher order are not estimated: name its parts here instead."),
)
PART_TWICE = Message(
    "MODEL-255",
    N_("the construct '%(part)s' is a part of '%(first)s' and again of '%(second)s'."),
    N_("Let each construct be a part once."),
)
PART_IN_PATH = Message(
    "MODEL-256",
    N_("'%(part)s' is a part of '%(name)s' and stands in a path of its own."),
    N_("Let the path start from or lead to '%(name)s'."),
)
UNKNOWN_APPROACH = Message(
    "MODEL-257",
    N_("the construct '%(name)s' has the unknown approach '%(approach)s'."),
    N_("Use 'disjoint', 'embedded' or 'repeated'."),
)
MIXED_APPROACHES = Message(
    "MODEL-258",
    N_("'%(first)s' is '%(one)s' and '%(second)s' is '%(other)s'."),
    N_("Estimate all higher-order constructs of a model by one approach."),
)
APPROACH_WITHOUT_PARTS = Message(
    "MODEL-259",
    N_("the construct '%(name)s' states an approach but has no parts."),
    N_("Remove the approach, or list the parts."),
)
SWALLOWED = Message(
    "MODEL-260",
    N_("paths lead to '%(name)s', which its own parts determine completely."),
    N_("With mode B and repeated items these paths are zero: use the approach 'disjoint'."),
)
ONE_PART = Message(
    "MODEL-261",
    N_("the construct '%(name)s' has a single part."),
    N_("List at least two parts, or use the part itself."),
)

# Interactions
NOT_A_PAIR = Message(
    "MODEL-271",
    N_("an interaction is 'of' two constructs, found %(found)s."),
    N_("Name the two constructs whose product is meant; the same twice is a quadratic effect."),
)
UNKNOWN_FACTOR = Message(
    "MODEL-272",
    N_("the interaction '%(name)s' names '%(factor)s', which is not a construct in the paths."),
    N_("Name one of them. Nearest: '%(near)s'."),
)
UNKNOWN_METHOD = Message(
    "MODEL-273",
    N_("the interaction '%(name)s' has the unknown method '%(method)s'."),
    N_("Use 'two-stage' or 'product-indicator'."),
)
INTERACTION_NAME = Message(
    "MODEL-274",
    N_("the name '%(name)s' of an interaction is used already, or empty."),
    N_("Give the interaction a name of its own."),
)
INTERACTION_TARGET = Message(
    "MODEL-275",
    N_("a path leads to the interaction '%(name)s'."),
    N_("Paths start from interactions only; let it lead to one of the two constructs."),
)
NO_MAIN_EFFECT = Message(
    "MODEL-276",
    N_("'%(name)s' leads to '%(target)s', but '%(factor)s' does not."),
    N_("Add that path: without it the interaction cannot be told from the effect itself."),
)
HIGHER_PRODUCTS = Message(
    "MODEL-277",
    N_("the interaction '%(name)s' by items names the higher-order construct '%(factor)s'."),
    N_("Use the method 'two-stage'."),
)
INTERACTION_GAPS = Message(
    "FIT-451",
    N_("missing answers were replaced by the means of the full sample before products were made."),
    N_("The errors leave out what this replacement adds; compare with complete cases."),
    severity="warning",
)
INTERACTION_PAIRWISE = Message(
    "FIT-452",
    N_("products of constructs cannot be made from pairwise moments."),
    N_("Use mean replacement or complete cases for a model with interactions."),
)
SCORES_CONSISTENT = Message(
    "FIT-453",
    N_("consistent PLS is not available where all constructs enter as scores."),
    N_("Estimate without consistency, or use the approach 'disjoint' and no interaction."),
)

# What-if, mediation, importance and performance
UNKNOWN_NAME = Message(
    "FIT-461",
    N_("'%(name)s' is not a construct of the fitted model."),
    N_("Name one of them. Nearest: '%(near)s'."),
)
NO_SCALES = Message(
    "FIT-462",
    N_("points on 0-100 need the scale of every item, and the model does not state them all."),
    N_("State 'scale', or 'scales' for single items, in the model."),
)
OUTSIDE_OBSERVED = Message(
    "FIT-464",
    N_("'%(name)s' moved by %(points)s would be %(wanted)s; answers reach %(low)s to %(high)s."),
    N_("The model says nothing there: ask for a change between %(least)s and %(most)s points."),
)
NO_ROUTE = Message(
    "FIT-465",
    N_("no path leads from '%(source)s' to '%(target)s'."),
    N_("Choose a driver with a route of paths to it."),
)

# Planning
MARGIN_OUT_OF_REACH = Message(
    "FIT-471",
    N_("a margin of %(margin)s points is not reached with %(most)s interviews."),
    N_("Ask for a wider margin, or allow more interviews."),
)
BAD_MARGIN = Message(
    "FIT-472",
    N_("a margin of %(margin)s points cannot be planned for."),
    N_("Ask for a margin above 0 and below 50 points."),
)
TOO_SMALL = Message(
    "FIT-473",
    N_("the model could not be estimated in simulated surveys of %(interviews)s interviews."),
    N_("Ask for a smaller margin, or plan with a smaller model."),
)

# Models that ship
UNKNOWN_MODEL = Message(
    "MODEL-281",
    N_("there is no model '%(name)s' among those that ship."),
    N_("'soundings model list' names them. Nearest: '%(near)s'."),
)

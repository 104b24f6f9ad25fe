"""What the supervisor's pages say about states, codes, seats, and what needs a decision."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from accounts.web.shell import moment
from cati.oversight import Matter, MatterKind, SeatState
from cati.rules.aapor import DISPOSITIONS, GROUP_LABELS, Group
from cati.rules.outcomes import OUTCOMES
from cati.rules.queue import STATE_LABELS, CaseState
from foundation.problems import N_

SHAPES = {
    SeatState.CALL: "●",
    SeatState.CASE: "◐",
    SeatState.SILENT: "▲",
    SeatState.FREE: "○",
    SeatState.AWAY: "–",
}


UNBROKEN = "\N{NON-BREAKING HYPHEN}"
SEATS = {
    SeatState.CALL: N_("in a call"),
    SeatState.CASE: N_("with a case"),
    SeatState.SILENT: N_("silent"),
    SeatState.FREE: N_("free"),
    SeatState.AWAY: N_("away"),
}
MATTERS = {
    MatterKind.ASKED: N_(
        "%(name)s has been asking for you since %(when)s, with case %(case)s in hand."
    ),
    MatterKind.OVERDUE: N_("The appointment of case %(case)s was at %(when)s; nobody calls."),
    MatterKind.SILENT: N_("%(name)s fell silent at %(when)s with case %(case)s in hand."),
    MatterKind.HELD: N_("%(name)s has held case %(case)s since %(when)s."),
    MatterKind.LATE_NOTE: N_(
        "%(name)s sent a note on case %(case)s at %(when)s, after somebody else had got the case."
    ),
    MatterKind.NO_SAMPLE: N_("There is nobody to call: no sample was imported."),
    MatterKind.RUN_DRY: N_(
        "Every released case was called at least once; the rest of the sample waits for release."
    ),
    MatterKind.USED_UP: N_("All cases are closed, and the target is not reached."),
    MatterKind.TARGET_REACHED: N_(
        "The target is reached; calling goes on until the wave is closed."
    ),
}
# AAPOR, Standard Definitions; as computed by cati.rules.rates.
RATES = (
    (
        "RR1",
        N_("complete interviews of all cases that are or may be eligible"),
        "I / (I+P+R+NC+O+UH+UO)",
    ),
    (
        "RR3",
        N_("the same, but of the unknown cases only the estimated eligible part e counts"),
        "I / (I+P+R+NC+O+e(UH+UO))",
    ),
    (
        "COOP1",
        N_("complete interviews of all eligible cases reached"),
        "I / (I+P+R+O)",
    ),
    (
        "REF1",
        N_("refusals and break-offs of all cases that are or may be eligible"),
        "R / (I+P+R+NC+O+UH+UO)",
    ),
    (
        "CON1",
        N_("eligible cases reached of all cases that are or may be eligible"),
        "(I+P+R+O) / (I+P+R+NC+O+UH+UO)",
    ),
)


def words() -> dict[str, Any]:
    """Return what the templates of the supervisor call to put something into words."""
    return {
        "state_word": state_word,
        "outcome_word": outcome_word,
        "code_word": lambda code: _(DISPOSITIONS[code].label),
        "group_word": lambda group: _(GROUP_LABELS[Group(group)]),
        "seat_word": seat_word,
        "seat_shape": SHAPES.__getitem__,
        "matter_word": matter_word,
        "matter_act": matter_act,
        "seat_states": SeatState,
        "case_states": CaseState,
        "rate_words": rate_words,
    }


def state_word(state: str) -> str:
    """Return the state of a case in words."""
    return str(_(STATE_LABELS[CaseState(state)]))


def outcome_word(name: str) -> str:
    """Return the outcome of a call or of a case in words."""
    return str(_(OUTCOMES[name].label))


def seat_word(state: SeatState) -> str:
    """Return what somebody is doing, in words."""
    return str(_(SEATS[state]))


def matter_word(matter: Matter) -> str:
    """Return what needs a decision, as one sentence."""
    when = moment(matter.at).replace("-", UNBROKEN)
    said = {"case": matter.case_id, "when": when, "name": matter.name}
    return str(_(MATTERS[matter.kind], **said))


def matter_act(matter: Matter) -> tuple[str, str]:
    """Return the one act that decides a matter: its name, and where it is done."""
    wave_id, case = matter.wave.id, matter.case_id
    sample = url_for("samples.wave", wave_id=wave_id)
    file = url_for("cases.case", case_id=case) if case else ""
    take_back = _("Take case %(case)s back", case=case), f"{file}#take-back"
    return {
        MatterKind.ASKED: (_("Look at case %(case)s", case=case), file),
        MatterKind.OVERDUE: (_("Give case %(case)s to somebody", case=case), f"{file}#reassign"),
        MatterKind.SILENT: take_back,
        MatterKind.HELD: take_back,
        MatterKind.LATE_NOTE: (_("Read the note"), f"{file}#notes"),
        MatterKind.NO_SAMPLE: (_("Import a sample"), f"{sample}#import"),
        MatterKind.RUN_DRY: (_("Release a replicate"), f"{sample}#release"),
        MatterKind.USED_UP: (_("Import more sample"), f"{sample}#import"),
        MatterKind.TARGET_REACHED: (
            _("Look at the wave"),
            url_for("floor.wave", wave_id=wave_id),
        ),
    }[matter.kind]


def rate_words() -> list[tuple[str, str, str]]:
    """Return the rates that the pages show: name, what it is, how it is computed."""
    return [(name, _(label), formula) for name, label, formula in RATES]

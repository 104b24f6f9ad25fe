"""PURE. What can come of one call: the outcomes an interviewer may record, as data.

A call outcome is not the outcome of the case. It says what it ends (the case, only this number,
or nothing), what it proves, and which final code it would leave if nothing else ever happened;
`cati.rules.casecode` makes the code of the case from all calls together.

Values of `name` are stored: never rename one, only add.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cati.rules.aapor import DISPOSITIONS, Group, group_of
from foundation.problems import N_


class Ends(StrEnum):
    """What an outcome puts an end to."""

    NOTHING = "nothing"
    NUMBER = "number"
    CASE = "case"


class Stage(StrEnum):
    """Who records an outcome, and when: it is offered only there."""

    CALL = "call"
    INTERVIEW = "interview"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """One thing that can come of a call.

    `key` is what the interviewer presses; `human` says that a person spoke.
    """

    name: str
    label: str
    key: str
    code: str
    ends: Ends = Ends.NOTHING
    human: bool = False
    stage: Stage = Stage.CALL

    @property
    def group(self) -> Group:
        """Return the AAPOR group of the code that it would leave."""
        return group_of(self.code)

    @property
    def proves_eligible(self) -> bool:
        """Tell whether it shows that the sampled person can be asked at this number."""
        return self.human and self.code[0] in "12"


# Each of these says more than a bare code can: it is recorded by name or not at all.
_NEVER_IMPLIED = frozenset({"listed_do_not_call", "out_of_sample", "do_not_call"})
FINAL, DEAD = Ends.CASE, Ends.NUMBER
DURING, NEVER = Stage.INTERVIEW, Stage.SYSTEM


def _spoken(
    name: str, label: str, key: str, code: str, *, ends: Ends = Ends.NOTHING,
    stage: Stage = Stage.CALL,
) -> CallOutcome:  # fmt: skip
    """Return an outcome in which somebody was spoken to."""
    return CallOutcome(name, label, key, code, ends=ends, human=True, stage=stage)


_TABLE = (
    CallOutcome("no_answer", N_("No answer"), "n", "3.13"),
    CallOutcome("busy", N_("Busy"), "b", "3.12"),
    CallOutcome("machine", N_("Answering machine, no message left"), "m", "3.14"),
    CallOutcome("machine_message", N_("Answering machine, message left"), "v", "3.14"),
    _spoken("appointment", N_("Appointment"), "a", "2.21"),
    _spoken("callback", N_("Call back, no time agreed"), "c", "2.21"),
    _spoken("not_available", N_("The person is not there now"), "o", "2.21"),
    _spoken("away", N_("Away until the end of fieldwork"), "y", "2.21", ends=FINAL),
    _spoken("soft_refusal", N_("Refused, may be asked once more"), "s", "2.112"),
    _spoken("gatekeeper_refusal", N_("Somebody else refused"), "g", "2.111"),
    _spoken("hard_refusal", N_("Refused firmly"), "r", "2.112", ends=FINAL),
    _spoken("do_not_call", N_("Never call again"), "x", "2.112", ends=FINAL),
    CallOutcome("hung_up", N_("Hung up before the introduction"), "h", "3.21", human=True),
    CallOutcome("wrong_number", N_("Wrong person at this number"), "w", "3.90a", DEAD, human=True),
    CallOutcome("disconnected", N_("Number not in use"), "d", "4.32", DEAD),
    CallOutcome("fax", N_("Fax or data line"), "f", "4.20", DEAD),
    CallOutcome("business", N_("Business or office"), "z", "4.51", DEAD, human=True),
    CallOutcome("blocked", N_("Calls are blocked"), "j", "3.15"),
    CallOutcome("technical", N_("Technical problem on the line"), "t", "3.16"),
    _spoken("language", N_("Language barrier"), "u", "2.332"),
    _spoken("unable", N_("Unable to take part"), "i", "2.32", ends=FINAL),
    _spoken("deceased", N_("The person has died"), "e", "2.31", ends=FINAL),
    CallOutcome("not_customer", N_("No longer a customer"), "k", "4.70a", FINAL, human=True),
    CallOutcome("not_eligible", N_("No eligible person"), "q", "4.70", FINAL, human=True),
    CallOutcome("dropped", N_("The line dropped"), "l", "3.90", human=True),
    _spoken("dropped_midway", N_("The line dropped"), "l", "2.12", stage=DURING),
    _spoken("break_off", N_("Broken off, to be resumed"), "p", "2.12", stage=DURING),
    _spoken("refused_midway", N_("Refused to go on"), "r", "2.10", ends=FINAL, stage=DURING),
    _spoken(
        "appointment_midway", N_("Appointment to go on with the interview"), "", "2.12", stage=NEVER
    ),
    _spoken("partial_break_off", N_("Broken off after the key questions"), "", "1.2", stage=NEVER),
    _spoken(
        "partial_dropped", N_("The line dropped after the key questions"), "", "1.2", stage=NEVER
    ),
    _spoken(
        "partial_appointment",
        N_("Appointment to go on after the key questions"),
        "",
        "1.2",
        stage=NEVER,
    ),
    _spoken("partial", N_("Partial interview"), "", "1.2", ends=FINAL, stage=NEVER),
    _spoken("complete", N_("Complete interview"), "", "1.1", ends=FINAL, stage=NEVER),
    CallOutcome("screened_out", N_("Screened out"), "", "4.70", FINAL, human=True, stage=NEVER),
    CallOutcome("quota_full", N_("Quota filled"), "", "4.80", FINAL, human=True, stage=NEVER),
    CallOutcome(
        "listed_do_not_call", N_("On the do-not-call list"), "", "2.11a", FINAL, stage=NEVER
    ),
    CallOutcome("out_of_sample", N_("Taken out of the sample"), "", "4.10", FINAL, stage=NEVER),
)
OUTCOMES = {outcome.name: outcome for outcome in _TABLE}


def offered(stage: Stage) -> tuple[CallOutcome, ...]:
    """Return the outcomes to offer at one stage, in the order of the list.

    >>> [outcome.key for outcome in offered(Stage.INTERVIEW)]
    ['l', 'p', 'r']
    """
    return tuple(outcome for outcome in _TABLE if outcome.stage is stage)


def outcome_ending(code: str) -> CallOutcome | None:
    """Return the outcome of a case that a questionnaire's `end_with` names.

    `code` is the name of an outcome or an AAPOR code. Of several outcomes with one code the
    questionnaire means its own: 4.70 is "screened out". A code that no outcome leaves exactly
    becomes the first outcome of its group. None when nothing ends so.

    >>> [outcome_ending(code).name for code in ("screened_out", "4.80", "2.11")]
    ['screened_out', 'quota_full', 'hard_refusal']
    """
    if code in OUTCOMES:
        return OUTCOMES[code]
    if code not in DISPOSITIONS:
        return None
    final = sorted((o for o in _TABLE if o.ends is Ends.CASE), key=lambda o: o.stage is not NEVER)
    exact = [o for o in final if o.code == code]
    near = [o for o in final if o.group is group_of(code) and o.name not in _NEVER_IMPLIED]
    return next(iter(exact + near), None)

"""PURE. The final code of a case from all its calls.

Rules, after the AAPOR Standard Definitions and McCarty, "Differences in response rates using
most recent versus final dispositions in telephone surveys", Public Opinion Quarterly 67 (2003):

1. a final outcome wins, the latest of several;
2. a complete interview beats everything, a partial one everything else;
3. a refusal is never overwritten by later calls that reach nobody, nor by the attempt limit;
4. once eligible, always eligible: a case whose eligibility a human contact proved keeps a code
   2.x; one that never did is 3.12 if always busy, 3.13 if never answered, 3.14 if only machines;
5. an appointment, a call back, a busy line are no codes of a case: only what they proved counts.
"""

from __future__ import annotations

from cati.rules.aapor import Group, group_of
from cati.rules.history import History, dead_numbers
from cati.rules.outcomes import CallOutcome, Ends

CODE_OF = {Group.COMPLETE: "1.1", Group.PARTIAL: "1.2"}
NOT_ATTEMPTED = "3.11"
ALWAYS_BUSY = "3.12"
NO_ANSWER = "3.13"
MACHINE = "3.14"
BLOCKED = "3.15"
TECHNICAL = "3.16"
UNKNOWN = "3.90"

# From the most to the least that a call can tell about the person.
TELLING = (
    Group.PARTIAL,
    Group.REFUSAL,
    Group.OTHER,
    Group.NON_CONTACT,
    Group.UNKNOWN_OTHER,
)


def case_code(history: History, numbers: int = 1) -> str:
    """Return the code the case has if nobody calls it again.

    `numbers` is how many numbers the case has: it is only out of reach when all are dead.
    """
    said = [attempt.said for attempt in history]
    final = [outcome for outcome in said if outcome.ends is Ends.CASE]
    for group in (Group.COMPLETE, Group.PARTIAL):
        if any(outcome.group is group for outcome in final):
            return CODE_OF[group]
    if final:
        return final[-1].code
    return _most_telling(said) or _of_dead_numbers(history, numbers) or _unreached(said)


def _most_telling(said: list[CallOutcome]) -> str:
    contacts = [outcome for outcome in said if outcome.human and outcome.ends is Ends.NOTHING]
    for group in TELLING:
        codes = [outcome.code for outcome in contacts if outcome.group is group]
        if codes:
            return codes[-1]
    return ""


def _of_dead_numbers(history: History, numbers: int) -> str:
    if len(dead_numbers(history)) < numbers:
        return ""
    codes = [attempt.said.code for attempt in history if attempt.said.ends is Ends.NUMBER]
    # A wrong number leaves the person's eligibility open, whatever the other numbers are.
    unproven = [code for code in codes if group_of(code) is not Group.NOT_ELIGIBLE]
    return (unproven or codes)[-1]


def _unreached(said: list[CallOutcome]) -> str:
    codes = {outcome.code for outcome in said if outcome.ends is Ends.NOTHING}
    if not said:
        return NOT_ATTEMPTED
    if MACHINE in codes:
        return MACHINE
    if codes == {ALWAYS_BUSY}:
        return ALWAYS_BUSY
    if not codes:
        return UNKNOWN
    return max(codes) if codes <= {BLOCKED, TECHNICAL} else NO_ANSWER

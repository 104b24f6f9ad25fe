"""PURE. A case on the simulated floor: what is known of it, and all that happens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cati.rules.callbacks import NextAction
from cati.rules.history import Agreed, Attempt
from demo.conversation import Conversation


@dataclass(frozen=True, slots=True)
class CallMade:
    """One call: from when to when, by whom, what came of it, what was agreed and noted."""

    started_at: datetime
    ended_at: datetime
    by: int
    outcome: str
    agreed: Agreed | None = None
    note: str = ""


@dataclass(slots=True, eq=False)
class FieldCase:
    """One sampled customer of one wave.

    number     the customer's
    draw       the random number by which fresh cases are ordered
    action     what the rules say after the newest call; None before the first
    """

    case_id: int
    number: int
    draw: float
    variables: Mapping[str, str]
    calls: list[CallMade] = field(default_factory=list)
    action: NextAction | None = None
    conversation: Conversation | None = None

    @property
    def history(self) -> list[Attempt]:
        """Return the calls as the rules of the floor look at them."""
        return [
            Attempt(call.outcome, call.ended_at, 0, call.by, call.agreed) for call in self.calls
        ]

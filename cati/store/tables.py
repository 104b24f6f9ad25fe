"""Tables of the telephone floor: whom to call, what was tried, what was agreed.

Names and numbers stand in `contact` and `contact_number` alone, encrypted; everything else knows
a case by its pseudonym.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, and_, column
from sqlmodel import Field, SQLModel

from cati.rules.queue import CaseState, Rank
from foundation.database import UtcDateTime, by_value, json_type, utc_now

HASH_LENGTH = 64
KEY_LENGTH = 64
NAME_LENGTH = 64
ZONE_LENGTH = 64
CLAIMED = column("claimed_by").is_not(None)
UNCLAIMED = column("claimed_by").is_(None)
CALL_OPEN = and_(column("outcome").is_(None), column("lost_at").is_(None))
NOT_OVER = column("ended_at").is_(None)
NOT_ANSWERED = column("answered_at").is_(None)


class Contact(SQLModel, table=True):
    """A person to be called. `name` and `reference` are encrypted; empty once erased."""

    __tablename__ = "contact"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(default="")
    reference: str = Field(default="", description="the client's number of the person")
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ContactNumber(SQLModel, table=True):
    """One telephone number of a contact; the time zone belongs to the number.

    `number` is E.164, encrypted; `number_hash` finds it again.
    """

    __tablename__ = "contact_number"
    __table_args__ = (
        UniqueConstraint("contact_id", "position", name="uq_contact_number_contact_id_position"),
        CheckConstraint("position >= 0", name="position_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id")
    position: int
    number: str
    number_hash: str = Field(max_length=HASH_LENGTH, index=True)
    zone: str = Field(max_length=ZONE_LENGTH)


class Case(SQLModel, table=True):
    """One sampled person in one wave, with where it stands in the queue and who holds it.

    `rank` and `next_at` say when it is handed out, `number_hash` and `zone` repeat those of the
    number to be called next. A claim is `claimed_by` until `claim_expires`; each one takes a new
    `fence`, and every write names the fence it holds. `code` is the AAPOR code that the case has
    so far, `outcome` the outcome that closed it.
    """

    __tablename__ = "sample_case"
    __table_args__ = (
        UniqueConstraint("pseudonym", name="uq_sample_case_pseudonym"),
        UniqueConstraint("wave_id", "reference_hash", name="uq_sample_case_wave_id_reference_hash"),
        UniqueConstraint("interview_id", name="uq_sample_case_interview_id"),
        CheckConstraint(
            "selection_probability > 0 AND selection_probability <= 1", name="probability_in_0_1"
        ),
        CheckConstraint("random_number >= 0 AND random_number < 1", name="random_number_in_0_1"),
        CheckConstraint("replicate >= 1", name="replicate_positive"),
        CheckConstraint("attempts >= 0 AND dials >= 0", name="attempts_not_negative"),
        CheckConstraint("(claimed_by IS NULL) = (claim_expires IS NULL)", name="claim_expires"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed_by_outcome"),
        CheckConstraint("state <> 'closed' OR claimed_by IS NULL", name="closed_is_not_held"),
        CheckConstraint(
            "state IN ('closed', 'unreleased') OR next_at IS NOT NULL", name="waits_for_a_time"
        ),
        Index(
            "uq_sample_case_claimed_by", "claimed_by", unique=True,
            sqlite_where=CLAIMED, postgresql_where=CLAIMED,
        ),
        Index(
            "uq_sample_case_claimed_number", "number_hash", unique=True,
            sqlite_where=CLAIMED, postgresql_where=CLAIMED,
        ),
        Index(
            "ix_sample_case_queue", "wave_id", "rank", "next_at", "random_number",
            sqlite_where=UNCLAIMED, postgresql_where=UNCLAIMED,
        ),
        Index("ix_sample_case_number_hash", "number_hash"),
        Index("ix_sample_case_contact_id", "contact_id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    contact_id: int = Field(foreign_key="contact.id")
    pseudonym: str = Field(max_length=NAME_LENGTH)
    reference_hash: str = Field(max_length=HASH_LENGTH)
    language: str = Field(default="", max_length=16, description="empty: any interviewer")
    stratum: str = Field(default="", max_length=NAME_LENGTH)
    psu: str = Field(default="", max_length=NAME_LENGTH)
    panel_id: str = Field(default="", max_length=NAME_LENGTH)
    selection_probability: float | None = None
    variables: dict[str, str] = Field(sa_column=Column(json_type(), nullable=False))
    replicate: int = 1
    random_number: float

    state: CaseState = Field(default=CaseState.UNRELEASED, sa_type=by_value(CaseState))
    rank: int = Field(default=Rank.NEVER)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    any_hour: bool = False
    number_position: int = 0
    number_hash: str = Field(max_length=HASH_LENGTH)
    zone: str = Field(max_length=ZONE_LENGTH)
    for_person: int | None = Field(default=None, foreign_key="person.id")
    for_person_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_person: int | None = Field(default=None, foreign_key="person.id")

    attempts: int = 0
    dials: int = 0
    code: str = Field(max_length=8)
    outcome: str | None = Field(default=None, max_length=32)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    interview_id: int | None = Field(default=None, foreign_key="interview.id")

    claimed_by: int | None = Field(default=None, foreign_key="person.id")
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claim_expires: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fence: int = 0

    @property
    def design(self) -> dict[str, object]:
        """Return what the interview carries of the sample design."""
        return {
            "stratum": self.stratum,
            "psu": self.psu,
            "selection_probability": self.selection_probability,
            "panel_id": self.panel_id,
        }


class Call(SQLModel, table=True):
    """One dial. Every one is kept; `outcome` is empty while the call goes on.

    `lost_at`: the interviewer's page fell silent and nobody said what came of the call.
    `withdrawn_at`: the outcome was a mistake and no longer counts.
    """

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("case_id", "seq", name="uq_call_case_id_seq"),
        CheckConstraint("seq >= 1", name="seq_positive"),
        Index(
            "uq_call_open", "case_id", unique=True,
            sqlite_where=CALL_OPEN,
            postgresql_where=CALL_OPEN,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="sample_case.id")
    seq: int
    number_position: int
    by: int = Field(foreign_key="person.id", index=True)
    fence: int
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = Field(default=None, max_length=32)
    lost_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Appointment(SQLModel, table=True):
    """What was agreed in one call for a later one. `name`, whom to ask for, is encrypted.

    It is over (`ended_at`) when the next call to the case has its outcome.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        UniqueConstraint("call_id", name="uq_appointment_call_id"),
        Index(
            "uq_appointment_open", "case_id", unique=True,
            sqlite_where=NOT_OVER, postgresql_where=NOT_OVER,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="sample_case.id")
    call_id: int = Field(foreign_key="call.id")
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    is_hard: bool = True
    for_person: int | None = Field(default=None, foreign_key="person.id")
    number_position: int
    name: str = ""
    booked_by: int = Field(foreign_key="person.id")
    booked_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CaseNote(SQLModel, table=True):
    """What the next caller should know. Encrypted: people write names into notes.

    `is_late` marks what a page sent after its case had gone to somebody else.
    """

    __tablename__ = "case_note"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="sample_case.id", index=True)
    by: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    text: str
    is_late: bool = False


class SupervisorRequest(SQLModel, table=True):
    """An interviewer asks for a supervisor, with a case in hand; one request at a time."""

    __tablename__ = "supervisor_request"
    __table_args__ = (
        Index(
            "uq_supervisor_request_open", "by", unique=True,
            sqlite_where=NOT_ANSWERED, postgresql_where=NOT_ANSWERED,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="sample_case.id")
    by: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: int | None = Field(default=None, foreign_key="person.id")


class DoNotCall(SQLModel, table=True):
    """A number that nobody calls again, in any wave: its keyed hash alone, which outlives it."""

    __tablename__ = "do_not_call"

    number_hash: str = Field(max_length=HASH_LENGTH, primary_key=True)
    by: int | None = Field(default=None, foreign_key="person.id")
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=255)


class Fieldwork(SQLModel, table=True):
    """The calling rules of one wave; a wave without a row follows the rules of the house."""

    __tablename__ = "fieldwork"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    rules: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))


class WaveZone(SQLModel, table=True):
    """A time zone in which a wave has cases, so that handing out need not look for them."""

    __tablename__ = "wave_zone"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    zone: str = Field(max_length=ZONE_LENGTH, primary_key=True)


class PostedOnce(SQLModel, table=True):
    """The reply to one post of one person, given again when the post comes again."""

    __tablename__ = "posted_once"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    key: str = Field(max_length=KEY_LENGTH, primary_key=True)
    verb: str = Field(max_length=32)
    digest: str = Field(max_length=HASH_LENGTH)
    reply: dict[str, object] | None = Field(default=None, sa_column=Column(json_type()))
    at: datetime = Field(sa_type=UtcDateTime)

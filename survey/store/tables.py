"""Tables of studies, waves, form versions, interviews, answer events, and reports of the field."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from foundation.database import UtcDateTime, by_value, json_type, utc_now
from survey.interview.state import EventKind, Status

DIGEST_LENGTH = 64
NAME_LENGTH = 64


class WaveSource(StrEnum):
    """Where the answers of a wave come from. Values are stored: only add."""

    INTERVIEWS = "interviews"
    IMPORT = "import"


class Study(SQLModel, table=True):
    """A satisfaction study: the same questions asked of the same population, wave after wave."""

    __tablename__ = "study"
    __table_args__ = (UniqueConstraint("key", name="uq_study_key"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=NAME_LENGTH)
    title: dict[str, str] = Field(sa_column=Column(json_type(), nullable=False))
    synthetic: bool = False
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class FormVersion(SQLModel, table=True):
    """One published questionnaire: its source file, frozen. Rows are added, never changed."""

    __tablename__ = "form_version"
    __table_args__ = (
        UniqueConstraint("form_id", "version", name="uq_form_version_form_id_version"),
    )

    id: int | None = Field(default=None, primary_key=True)
    form_id: str = Field(max_length=NAME_LENGTH)
    version: str = Field(max_length=NAME_LENGTH)
    title: dict[str, str] = Field(sa_column=Column(json_type(), nullable=False))
    filename: str = Field(max_length=255)
    source: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    digest: str = Field(max_length=DIGEST_LENGTH, description="of the form's content")
    published_by: int | None = None
    published_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class FormDraft(SQLModel, table=True):
    """A questionnaire file without defects that waits to be published: one per form.

    A new upload of the same form replaces the draft.
    """

    __tablename__ = "form_draft"
    __table_args__ = (UniqueConstraint("form_id", name="uq_form_draft_form_id"),)

    id: int | None = Field(default=None, primary_key=True)
    form_id: str = Field(max_length=NAME_LENGTH)
    version: str = Field(max_length=NAME_LENGTH)
    title: dict[str, str] = Field(sa_column=Column(json_type(), nullable=False))
    filename: str = Field(max_length=255)
    source: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    digest: str = Field(max_length=DIGEST_LENGTH, description="of the form's content")
    uploaded_by: int | None = None
    uploaded_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Wave(SQLModel, table=True):
    """One round of fieldwork of a study, or one imported table of answers.

    `model` is the structural model as JSON; empty means the one written in the form.
    """

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("study_id", "number", name="uq_wave_study_id_number"),
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("target >= 0", name="target_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    study_id: int = Field(foreign_key="study.id", index=True)
    number: int
    title: dict[str, str] = Field(sa_column=Column(json_type(), nullable=False))
    source: WaveSource = Field(default=WaveSource.INTERVIEWS, sa_type=by_value(WaveSource))
    form_version_id: int | None = Field(default=None, foreign_key="form_version.id")
    model: dict[str, object] | None = Field(default=None, sa_column=Column(json_type()))
    starts_on: date | None = None
    ends_on: date | None = None
    target: int = 0
    is_open: bool = True
    origin: str = Field(default="", max_length=255, description="file name of an import")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Interview(SQLModel, table=True):
    """One respondent's interview in one wave, known by a pseudonym alone.

    `last_seq` is the number of the newest event; a write names the one it has seen.
    `design` carries the stratum, PSU and selection probability that came with the case.
    """

    __tablename__ = "interview"
    __table_args__ = (
        UniqueConstraint("wave_id", "respondent", name="uq_interview_wave_id_respondent"),
        CheckConstraint("last_seq >= 0", name="last_seq_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    form_version_id: int = Field(foreign_key="form_version.id")
    respondent: str = Field(max_length=NAME_LENGTH)
    design: dict[str, object] | None = Field(default=None, sa_column=Column(json_type()))
    last_seq: int = 0
    outcome: str | None = Field(default=None, max_length=NAME_LENGTH)
    opened_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AnswerEvent(SQLModel, table=True):
    """One thing that happened in one interview. Rows are added, never changed.

    One change is allowed (`survey.interviews.erase`): when a person is erased, the texts of the
    answers and remarks of their interviews go, and `status` becomes "erased". What happened when
    stays, so the log still folds.

    `seq` counts from 1 within an interview; the unique key on it stops two tabs from both
    writing event 17. `key` is the page's idempotency key: a repeated post finds its first.
    """

    __tablename__ = "answer_event"
    __table_args__ = (
        UniqueConstraint("interview_id", "seq", name="uq_answer_event_interview_id_seq"),
        UniqueConstraint("interview_id", "key", name="uq_answer_event_interview_id_key"),
        CheckConstraint("seq >= 1", name="seq_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    interview_id: int = Field(foreign_key="interview.id")
    seq: int
    kind: EventKind = Field(sa_type=by_value(EventKind))
    question: str | None = Field(default=None, max_length=NAME_LENGTH)
    status: Status | None = Field(default=None, sa_type=by_value(Status))
    value: object = Field(default=None, sa_column=Column(json_type()))
    key: str = Field(max_length=NAME_LENGTH)
    by: int | None = Field(default=None, description="person who did it")
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class DataRow(SQLModel, table=True):
    """One row of an imported table of answers, as it stood in the file."""

    __tablename__ = "data_row"
    __table_args__ = (UniqueConstraint("wave_id", "number", name="uq_data_row_wave_id_number"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    number: int = Field(description="row in the file, the first data row being 1")
    answers: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))


class CaseRecord(SQLModel, table=True):
    """What had become of one case of a wave's sample when the floor last reported it.

    Written by the floor, read by the analysis, so that neither needs the other: those who did
    not answer stand here too. Rows of a wave are replaced together; see `FieldReport`.

    outcome     group of the final code so far: I, P, R, NC, O, UH, UO or NE (AAPOR)
    attempts    calls that count as an attempt
    refused     whether somebody refused at least once
    """

    __tablename__ = "case_record"
    __table_args__ = (
        UniqueConstraint("wave_id", "respondent", name="uq_case_record_wave_id_respondent"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id")
    respondent: str = Field(max_length=NAME_LENGTH)
    stratum: str = Field(default="", max_length=NAME_LENGTH)
    psu: str = Field(default="", max_length=NAME_LENGTH)
    selection_probability: float | None = None
    outcome: str = Field(max_length=2)
    attempts: int = 0
    refused: bool = False


class FieldReport(SQLModel, table=True):
    """The response rates of a wave when the floor last reported it, one row a wave.

    `rates` has the shape that `cati.reporting` writes: rates with their errors, weighted and not.
    """

    __tablename__ = "field_report"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    rates: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    reported_at: datetime = Field(sa_type=UtcDateTime)

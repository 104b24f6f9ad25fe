"""Tables of what workers computed of waves, with what it was computed from, and of edited models."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from foundation.database import UtcDateTime, by_value, json_type, utc_now

DIGEST_LENGTH = 64


class ResultKind(StrEnum):
    """What was computed. Values are stored: only add."""

    INDEX = "index"


class Weighting(StrEnum):
    """How the cases were weighted. Values are stored: only add.

    equal         every case counts the same
    probability   by one over the probability of selection
    """

    EQUAL = "equal"
    PROBABILITY = "probability"


class Resampling(StrEnum):
    """How the cases were drawn again for the sampling error. Values are stored: only add.

    simple       cases with replacement, as from a simple random sample
    stratified   Rao-Wu: cases, or whole clusters, within each stratum
    """

    SIMPLE = "simple"
    STRATIFIED = "stratified"


class FindingKind(StrEnum):
    """What else was found of a wave's model. Values are stored: only add."""

    JUDGEMENT = "judgement"
    COMPARISON = "comparison"
    SEGMENTS = "segments"


class WaveResult(SQLModel, table=True):
    """The numbers of one wave and their origin. Rows are added, never changed; the newest counts.

    `numbers` has the shape that `analysis.report` reads; `model`, `seed`, `resamples` and the
    digests say from what it can be computed again to the last digit. A job leaves one row: the
    unique key on `job_id` holds even against a worker that was taken for dead.
    """

    __tablename__ = "wave_result"
    __table_args__ = (
        UniqueConstraint("job_id", name="uq_wave_result_job_id"),
        CheckConstraint("resamples >= 0", name="resamples_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    kind: ResultKind = Field(default=ResultKind.INDEX, sa_type=by_value(ResultKind))
    numbers: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    model: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    seed: int
    resamples: int
    weighting: Weighting = Field(sa_type=by_value(Weighting))
    resampling: Resampling = Field(sa_type=by_value(Resampling))
    form_digest: str = Field(max_length=DIGEST_LENGTH, description="empty for an imported wave")
    data_digest: str = Field(max_length=DIGEST_LENGTH, description="of the response table used")
    code_version: str = Field(max_length=120)
    job_id: int = Field(foreign_key="job.id")
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ModelFinding(SQLModel, table=True):
    """What the researcher's pages show beside the index: judgement, comparison, segments.

    Rows are added, never changed. `asked` is what was asked for, `numbers` has the shape that
    `analysis.modelviews` reads. A job leaves one row of a kind.
    """

    __tablename__ = "model_finding"
    __table_args__ = (UniqueConstraint("job_id", "kind", name="uq_model_finding_job_id_kind"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    kind: FindingKind = Field(sa_type=by_value(FindingKind))
    asked: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    numbers: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    model_digest: str = Field(max_length=DIGEST_LENGTH)
    data_digest: str = Field(max_length=DIGEST_LENGTH)
    code_version: str = Field(max_length=120)
    job_id: int = Field(foreign_key="job.id")
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class ModelVersion(SQLModel, table=True):
    """One saved model of a wave. Rows are added, never changed; `wave.model` is what is in force.

    start   what the version was made from: the form, an import, a model that ships, a version
    """

    __tablename__ = "model_version"
    __table_args__ = (
        UniqueConstraint("wave_id", "number", name="uq_model_version_wave_id_number"),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    number: int
    model: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    digest: str = Field(max_length=DIGEST_LENGTH)
    start: str = Field(default="", max_length=64)
    note: str = Field(default="", max_length=200)
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

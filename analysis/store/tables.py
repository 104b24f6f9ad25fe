"""Tables of what workers computed of waves and from what, of edited models and stated facts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
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
    plan          by the weighting plan of the wave; its version stands in the numbers
    """

    EQUAL = "equal"
    PROBABILITY = "probability"
    PLAN = "plan"


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


class ResamplePart(SQLModel, table=True):
    """A part of a wave's resamples that workers share; deleted when the result is stored.

    `job_id` is the job of the wave, `content` an npz file of the arrays `values` and `status`.
    """

    __tablename__ = "resample_part"
    __table_args__ = (
        UniqueConstraint("job_id", "number", name="uq_resample_part_job_id_number"),
        CheckConstraint("number >= 0", name="number_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    job_id: int = Field(foreign_key="job.id")
    number: int
    content: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
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


class WeightingVersion(SQLModel, table=True):
    """One saved weighting plan of a wave. Rows are added, never changed; the newest is in force.

    `entry` is what `analysis.requests.weights` reads; empty: from here on without a plan.
    """

    __tablename__ = "weighting_version"
    __table_args__ = (
        UniqueConstraint("wave_id", "number", name="uq_weighting_version_wave_id_number"),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    number: int
    entry: dict[str, object] | None = Field(default=None, sa_column=Column(json_type()))
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class WeightingResult(SQLModel, table=True):
    """What a worker made of a weighting version: its records, and the weight of each respondent.

    `weights` has a row [respondent, base weight, final weight] each. A job leaves one row.
    """

    __tablename__ = "weighting_result"
    __table_args__ = (UniqueConstraint("job_id", name="uq_weighting_result_job_id"),)

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="weighting_version.id", index=True)
    numbers: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    weights: list[object] = Field(sa_column=Column(json_type(), nullable=False))
    data_digest: str = Field(max_length=DIGEST_LENGTH)
    code_version: str = Field(max_length=120)
    job_id: int = Field(foreign_key="job.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Tabulation(SQLModel, table=True):
    """A set of banner tables that a researcher asked for. Rows are added, never changed."""

    __tablename__ = "tabulation"

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    title: str = Field(max_length=200)
    request: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class TabulationResult(SQLModel, table=True):
    """The numbers of a set of tables, as `analysis.tablereport` reads them. The newest counts."""

    __tablename__ = "tabulation_result"
    __table_args__ = (UniqueConstraint("job_id", name="uq_tabulation_result_job_id"),)

    id: int | None = Field(default=None, primary_key=True)
    tabulation_id: int = Field(foreign_key="tabulation.id", index=True)
    numbers: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    data_digest: str = Field(max_length=DIGEST_LENGTH)
    code_version: str = Field(max_length=120)
    job_id: int = Field(foreign_key="job.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class QualityFacts(SQLModel, table=True):
    """What a researcher knows of a wave that no computation can: its frame, its re-interviews.

    frame      answers by the keys of `analysis.requests.facts`
    backcheck  rows [respondent, question, answer] of those who were asked again
    """

    __tablename__ = "quality_facts"

    wave_id: int = Field(foreign_key="wave.id", primary_key=True)
    frame: dict[str, str] = Field(sa_column=Column(json_type(), nullable=False))
    backcheck: list[list[str]] = Field(sa_column=Column(json_type(), nullable=False))
    changed_by: int | None = None
    changed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class QualityResult(SQLModel, table=True):
    """The quality figures of a wave, as `analysis.qualityreport` reads them. The newest counts."""

    __tablename__ = "quality_result"
    __table_args__ = (UniqueConstraint("job_id", name="uq_quality_result_job_id"),)

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    numbers: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    seed: int
    data_digest: str = Field(max_length=DIGEST_LENGTH)
    code_version: str = Field(max_length=120)
    job_id: int = Field(foreign_key="job.id")
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class SamplePlan(SQLModel, table=True):
    """One planning question with its answer, which a worker writes; empty until then."""

    __tablename__ = "sample_plan"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=32)
    asked: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    answer: dict[str, object] | None = Field(default=None, sa_column=Column(json_type()))
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

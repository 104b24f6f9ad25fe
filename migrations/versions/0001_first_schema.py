"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_person_id"), ["person_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_table(
        "form_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        sa.UniqueConstraint("form_id", name="uq_form_draft_form_id"),
    )
    op.create_table(
        "form_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_version")),
        sa.UniqueConstraint("form_id", "version", name="uq_form_version_form_id_version"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("params", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempt >= 0", name=op.f("ck_job_attempt_not_negative")),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_job_progress_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "interviewer",
                "supervisor",
                "researcher",
                "executive",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(login) >= 1", name=op.f("ck_person_login_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name="uq_person_login"),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("key", name="uq_study_key"),
    )
    op.create_table(
        "contact_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_contact_number_position_not_negative")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_number_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_number")),
        sa.UniqueConstraint("contact_id", "position", name="uq_contact_number_contact_id_position"),
    )
    with op.batch_alter_table("contact_number", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_number_number_hash"), ["number_hash"], unique=False
        )

    op.create_table(
        "do_not_call",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_do_not_call_by_person")),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_do_not_call")),
    )
    op.create_table(
        "login",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_login_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("token_hash", name="uq_login_token_hash"),
    )
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_person_id"), ["person_id"], unique=False)

    op.create_table(
        "posted_once",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reply", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_posted_once_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_posted_once")),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "interviews",
                "import",
                name="wavesource",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("form_version_id", sa.Integer(), nullable=True),
        sa.Column("model", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_wave_number_positive")),
        sa.CheckConstraint("target >= 0", name=op.f("ck_wave_target_not_negative")),
        sa.ForeignKeyConstraint(
            ["form_version_id"],
            ["form_version.id"],
            name=op.f("fk_wave_form_version_id_form_version"),
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_wave_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("study_id", "number", name="uq_wave_study_id_number"),
    )
    with op.batch_alter_table("wave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wave_study_id"), ["study_id"], unique=False)

    op.create_table(
        "data_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_data_row_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_row")),
        sa.UniqueConstraint("wave_id", "number", name="uq_data_row_wave_id_number"),
    )
    with op.batch_alter_table("data_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_row_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "case_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("respondent", sa.String(length=64), nullable=False),
        sa.Column("stratum", sa.String(length=64), nullable=False),
        sa.Column("psu", sa.String(length=64), nullable=False),
        sa.Column("selection_probability", sa.Float(), nullable=True),
        sa.Column("outcome", sa.String(length=2), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_case_record_attempts_not_negative")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_case_record_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_record")),
        sa.UniqueConstraint("wave_id", "respondent", name="uq_case_record_wave_id_respondent"),
    )
    op.create_table(
        "field_report",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("rates", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_field_report_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_field_report")),
    )
    op.create_table(
        "quality_facts",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("frame", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("backcheck", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_quality_facts_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_quality_facts")),
    )
    op.create_table(
        "quality_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=120), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_quality_result_job_id_job")),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_quality_result_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_result")),
        sa.UniqueConstraint("job_id", name="uq_quality_result_job_id"),
    )
    with op.batch_alter_table("quality_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quality_result_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "sample_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_plan")),
    )
    op.create_table(
        "fieldwork",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_fieldwork_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_fieldwork")),
    )
    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("form_version_id", sa.Integer(), nullable=False),
        sa.Column("respondent", sa.String(length=64), nullable=False),
        sa.Column("design", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_interview_last_seq_not_negative")),
        sa.ForeignKeyConstraint(
            ["form_version_id"],
            ["form_version.id"],
            name=op.f("fk_interview_form_version_id_form_version"),
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_interview_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("wave_id", "respondent", name="uq_interview_wave_id_respondent"),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "wave_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "index", name="resultkind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("model", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("resamples", sa.Integer(), nullable=False),
        sa.Column(
            "weighting",
            sa.Enum(
                "equal",
                "probability",
                "plan",
                name="weighting",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "resampling",
            sa.Enum(
                "simple",
                "stratified",
                name="resampling",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=120), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("resamples >= 0", name=op.f("ck_wave_result_resamples_not_negative")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_wave_result_job_id_job")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_result_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_result")),
        sa.UniqueConstraint("job_id", name="uq_wave_result_job_id"),
    )
    with op.batch_alter_table("wave_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wave_result_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "resample_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_resample_part_number_not_negative")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_resample_part_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resample_part")),
        sa.UniqueConstraint("job_id", "number", name="uq_resample_part_job_id_number"),
    )

    op.create_table(
        "model_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "judgement",
                "comparison",
                "segments",
                name="findingkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("model_digest", sa.String(length=64), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=120), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_model_finding_job_id_job")),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_model_finding_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_finding")),
        sa.UniqueConstraint("job_id", "kind", name="uq_model_finding_job_id_kind"),
    )
    with op.batch_alter_table("model_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_finding_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "model_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("model", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("start", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_model_version_number_positive")),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_model_version_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
        sa.UniqueConstraint("wave_id", "number", name="uq_model_version_wave_id_number"),
    )
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_version_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "weighting_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_weighting_version_number_positive")),
        sa.ForeignKeyConstraint(
            ["wave_id"], ["wave.id"], name=op.f("fk_weighting_version_wave_id_wave")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighting_version")),
        sa.UniqueConstraint("wave_id", "number", name="uq_weighting_version_wave_id_number"),
    )
    with op.batch_alter_table("weighting_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weighting_version_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "weighting_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("weights", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=120), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_weighting_result_job_id_job")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["weighting_version.id"],
            name=op.f("fk_weighting_result_version_id_weighting_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighting_result")),
        sa.UniqueConstraint("job_id", name="uq_weighting_result_job_id"),
    )
    with op.batch_alter_table("weighting_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_weighting_result_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "tabulation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("request", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tabulation_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tabulation")),
    )
    with op.batch_alter_table("tabulation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tabulation_wave_id"), ["wave_id"], unique=False)

    op.create_table(
        "tabulation_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tabulation_id", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("code_version", sa.String(length=120), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_tabulation_result_job_id_job")
        ),
        sa.ForeignKeyConstraint(
            ["tabulation_id"],
            ["tabulation.id"],
            name=op.f("fk_tabulation_result_tabulation_id_tabulation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tabulation_result")),
        sa.UniqueConstraint("job_id", name="uq_tabulation_result_job_id"),
    )
    with op.batch_alter_table("tabulation_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tabulation_result_tabulation_id"), ["tabulation_id"], unique=False
        )

    op.create_table(
        "wave_zone",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_zone_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "zone", name=op.f("pk_wave_zone")),
    )
    op.create_table(
        "answer_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "answered",
                "moved",
                "noted",
                "language",
                "closed",
                "reopened",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=64), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "answered",
                "dk",
                "ref",
                "seen",
                "blank",
                "erased",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_answer_event_seq_positive")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_answer_event_interview_id_interview")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_event")),
        sa.UniqueConstraint("interview_id", "key", name="uq_answer_event_interview_id_key"),
        sa.UniqueConstraint("interview_id", "seq", name="uq_answer_event_interview_id_seq"),
    )
    op.create_table(
        "sample_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("reference_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("stratum", sa.String(length=64), nullable=False),
        sa.Column("psu", sa.String(length=64), nullable=False),
        sa.Column("panel_id", sa.String(length=64), nullable=False),
        sa.Column("selection_probability", sa.Float(), nullable=True),
        sa.Column("variables", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("replicate", sa.Integer(), nullable=False),
        sa.Column("random_number", sa.Float(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unreleased",
                "fresh",
                "retry",
                "appointment",
                "resume",
                "conversion",
                "closed",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("any_hour", sa.Boolean(), nullable=False),
        sa.Column("number_position", sa.Integer(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("for_person", sa.Integer(), nullable=True),
        sa.Column("for_person_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_person", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dials", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interview_id", sa.Integer(), nullable=True),
        sa.Column("claimed_by", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_sample_case_closed_at")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)",
            name=op.f("ck_sample_case_closed_by_outcome"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR claimed_by IS NULL",
            name=op.f("ck_sample_case_closed_is_not_held"),
        ),
        sa.CheckConstraint(
            "state IN ('closed', 'unreleased') OR next_at IS NOT NULL",
            name=op.f("ck_sample_case_waits_for_a_time"),
        ),
        sa.CheckConstraint(
            "(claimed_by IS NULL) = (claim_expires IS NULL)",
            name=op.f("ck_sample_case_claim_expires"),
        ),
        sa.CheckConstraint(
            "attempts >= 0 AND dials >= 0", name=op.f("ck_sample_case_attempts_not_negative")
        ),
        sa.CheckConstraint(
            "random_number >= 0 AND random_number < 1",
            name=op.f("ck_sample_case_random_number_in_0_1"),
        ),
        sa.CheckConstraint("replicate >= 1", name=op.f("ck_sample_case_replicate_positive")),
        sa.CheckConstraint(
            "selection_probability > 0 AND selection_probability <= 1",
            name=op.f("ck_sample_case_probability_in_0_1"),
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["person.id"], name=op.f("fk_sample_case_claimed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_sample_case_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(
            ["for_person"], ["person.id"], name=op.f("fk_sample_case_for_person_person")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_sample_case_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["not_person"], ["person.id"], name=op.f("fk_sample_case_not_person_person")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_sample_case_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_case")),
        sa.UniqueConstraint("interview_id", name="uq_sample_case_interview_id"),
        sa.UniqueConstraint("pseudonym", name="uq_sample_case_pseudonym"),
        sa.UniqueConstraint(
            "wave_id", "reference_hash", name="uq_sample_case_wave_id_reference_hash"
        ),
    )
    with op.batch_alter_table("sample_case", schema=None) as batch_op:
        batch_op.create_index("ix_sample_case_contact_id", ["contact_id"], unique=False)
        batch_op.create_index("ix_sample_case_number_hash", ["number_hash"], unique=False)
        batch_op.create_index(
            "ix_sample_case_queue",
            ["wave_id", "rank", "next_at", "random_number"],
            unique=False,
            sqlite_where=sa.text("claimed_by IS NULL"),
            postgresql_where=sa.text("claimed_by IS NULL"),
        )
        batch_op.create_index(
            "uq_sample_case_claimed_by",
            ["claimed_by"],
            unique=True,
            sqlite_where=sa.text("claimed_by IS NOT NULL"),
            postgresql_where=sa.text("claimed_by IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_sample_case_claimed_number",
            ["number_hash"],
            unique=True,
            sqlite_where=sa.text("claimed_by IS NOT NULL"),
            postgresql_where=sa.text("claimed_by IS NOT NULL"),
        )

    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number_position", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_call_seq_positive")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_call_by_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["sample_case.id"], name=op.f("fk_call_case_id_sample_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("case_id", "seq", name="uq_call_case_id_seq"),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_by"), ["by"], unique=False)
        batch_op.create_index(
            "uq_call_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL AND lost_at IS NULL"),
            postgresql_where=sa.text("outcome IS NULL AND lost_at IS NULL"),
        )

    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_case_note_by_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["sample_case.id"], name=op.f("fk_case_note_case_id_sample_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_note_case_id"), ["case_id"], unique=False)

    op.create_table(
        "supervisor_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["sample_case.id"], name=op.f("fk_supervisor_request_case_id_sample_case")
        ),
        sa.ForeignKeyConstraint(
            ["by"], ["person.id"], name=op.f("fk_supervisor_request_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"],
            ["person.id"],
            name=op.f("fk_supervisor_request_answered_by_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_request")),
    )
    with op.batch_alter_table("supervisor_request", schema=None) as batch_op:
        batch_op.create_index(
            "uq_supervisor_request_open",
            ["by"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_hard", sa.Boolean(), nullable=False),
        sa.Column("for_person", sa.Integer(), nullable=True),
        sa.Column("number_position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("booked_by", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["booked_by"], ["person.id"], name=op.f("fk_appointment_booked_by_person")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_appointment_call_id_call")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["sample_case.id"], name=op.f("fk_appointment_case_id_sample_case")
        ),
        sa.ForeignKeyConstraint(
            ["for_person"], ["person.id"], name=op.f("fk_appointment_for_person_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("call_id", name="uq_appointment_call_id"),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_at"), ["at"], unique=False)
        batch_op.create_index(
            "uq_appointment_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appointment_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_appointment_at"))

    op.drop_table("appointment")
    op.drop_table("supervisor_request")
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_case_id"))

    op.drop_table("case_note")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_call_open",
            sqlite_where=sa.text("outcome IS NULL AND lost_at IS NULL"),
            postgresql_where=sa.text("outcome IS NULL AND lost_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_call_by"))

    op.drop_table("call")
    with op.batch_alter_table("sample_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sample_case_claimed_number",
            sqlite_where=sa.text("claimed_by IS NOT NULL"),
            postgresql_where=sa.text("claimed_by IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_sample_case_claimed_by",
            sqlite_where=sa.text("claimed_by IS NOT NULL"),
            postgresql_where=sa.text("claimed_by IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_sample_case_queue",
            sqlite_where=sa.text("claimed_by IS NULL"),
            postgresql_where=sa.text("claimed_by IS NULL"),
        )
        batch_op.drop_index("ix_sample_case_number_hash")
        batch_op.drop_index("ix_sample_case_contact_id")

    op.drop_table("sample_case")
    op.drop_table("answer_event")
    op.drop_table("wave_zone")
    with op.batch_alter_table("tabulation_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tabulation_result_tabulation_id"))

    op.drop_table("tabulation_result")
    with op.batch_alter_table("tabulation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tabulation_wave_id"))

    op.drop_table("tabulation")
    with op.batch_alter_table("weighting_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weighting_result_version_id"))

    op.drop_table("weighting_result")
    with op.batch_alter_table("weighting_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weighting_version_wave_id"))

    op.drop_table("weighting_version")
    with op.batch_alter_table("model_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_model_version_wave_id"))

    op.drop_table("model_version")
    with op.batch_alter_table("model_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_model_finding_wave_id"))

    op.drop_table("model_finding")
    op.drop_table("resample_part")
    with op.batch_alter_table("wave_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wave_result_wave_id"))

    op.drop_table("wave_result")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_wave_id"))

    op.drop_table("sample_plan")
    with op.batch_alter_table("quality_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quality_result_wave_id"))

    op.drop_table("quality_result")
    op.drop_table("quality_facts")
    op.drop_table("field_report")
    op.drop_table("case_record")
    op.drop_table("interview")
    op.drop_table("fieldwork")
    with op.batch_alter_table("data_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_row_wave_id"))

    op.drop_table("data_row")
    with op.batch_alter_table("wave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wave_study_id"))

    op.drop_table("wave")
    op.drop_table("posted_once")
    with op.batch_alter_table("login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_person_id"))

    op.drop_table("login")
    op.drop_table("do_not_call")
    with op.batch_alter_table("contact_number", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_number_number_hash"))

    op.drop_table("contact_number")
    op.drop_table("study")
    op.drop_table("person")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state"))

    op.drop_table("job")
    op.drop_table("form_version")
    op.drop_table("form_draft")
    op.drop_table("contact")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_person_id"))

    op.drop_table("audit_entry")

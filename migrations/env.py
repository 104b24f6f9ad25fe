"""Alembic's environment: runs on the connection that `foundation.migrations` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import survey.store.tables  # noqa: F401

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Alembic's environment: runs on the connection that `foundation.migrations` hands over."""

from __future__ import annotations

import importlib
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from foundation.database import UtcDateTime


def plain(kind: str, thing: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types into a migration as plain ones: a migration outlives our code."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


# Each module declares its tables on the one metadata.
for package in ("foundation", "accounts.store", "survey.store", "cati.store", "analysis.store"):
    importlib.import_module(f"{package}.tables")

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()

"""Brings the database to the schema of this release, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from foundation.database import Store

FOLDER = Path(__file__).parent.parent / "migrations"


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def upgrade(store: Store) -> None:
    """Apply every migration that the database has not seen, all in one transaction."""
    with store.engine.execution_options(writes=True).begin() as connection:
        command.upgrade(configuration(connection), "head")


def is_current(store: Store) -> bool:
    """Tell whether the database has the schema of this release."""
    with store.engine.connect() as connection:
        heads = set(ScriptDirectory(str(FOLDER)).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == heads

"""The migrations lead to exactly the tables that the code declares, and back."""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

from foundation.database import Store
from foundation.migrations import configuration, is_current, upgrade


def test_the_migrated_schema_is_the_declared_one(store: Store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_migrations_can_be_taken_back_and_applied_again(store: Store):
    with store.engine.execution_options(writes=True).begin() as connection:
        command.downgrade(configuration(connection), "base")
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    assert not is_current(store)
    upgrade(store)
    assert is_current(store)


def test_every_constraint_has_a_name(store: Store):
    inspector = inspect(store.engine)
    for table in SQLModel.metadata.tables:
        constraints = inspector.get_unique_constraints(table)
        constraints += inspector.get_check_constraints(table)
        constraints += inspector.get_foreign_keys(table)
        assert all(constraint["name"] for constraint in constraints), table

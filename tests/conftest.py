"""Fixtures that every test may use: settings, and a migrated store on each database."""

from __future__ import annotations

import itertools
import os
import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings

from foundation.database import Store
from foundation.migrations import upgrade
from foundation.personal import FieldCipher
from foundation.settings import Settings
from tests import servers

# Before numpy is loaded: threads that wait for each other make small matrices five times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.load_profile("house")

KEY = b64encode(b"k" * 32).decode()
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with the schema, to be copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store)
    store.close()
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """Return the address pattern of a cluster whose database `template` has the schema."""
    with TemporaryDirectory() as folder, servers.postgres(Path(folder)) as address:
        _create_database(address, "template", "template1")
        store = Store(address.format(name="template"))
        upgrade(store)
        store.close()
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of its own, once per kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "soundings.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    address: str = request.getfixturevalue("migrated_postgres")
    name = f"test_{next(_numbers)}"
    _create_database(address, name, "template")
    return address.format(name=name)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Return an empty, migrated store, once per kind of database."""
    opened = Store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def settings(store_url: str, tmp_path: Path) -> Settings:
    """Return the settings of an installation on the test's store."""
    return Settings(
        data_dir=tmp_path, database_url=store_url, secret_key=KEY, field_key=KEY, index_key=KEY
    )


@pytest.fixture
def cipher(settings: Settings) -> FieldCipher:
    """Return the cipher of the test's installation."""
    return FieldCipher(settings.field_key, settings.index_key)


def _create_database(address: str, name: str, template: str) -> None:
    target = address.format(name="postgres").replace("+psycopg", "")
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

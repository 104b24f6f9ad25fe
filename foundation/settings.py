"""Settings of one installation, read once from the environment and the secrets file.

Secrets are random per installation: `ensure_secrets` makes them under the data folder at the
first start; an operator of several machines sets them in the environment instead.
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from foundation.problems import N_, Message, Place, Problem, ProblemsError

KEY_BYTES = 32
SECRETS_FILE = "secrets.json"
SECRET_NAMES = ("secret_key", "field_key", "index_key")

BAD_SETTING = Message(
    "SET-001",
    N_("the setting %(name)s cannot be used: %(reason)s."),
    N_("Correct it in the environment; docs/operator.md lists all settings."),
)
NO_SECRETS = Message(
    "SET-002",
    N_("the secrets of this installation are missing."),
    N_("Run 'soundings setup' once, or set SOUNDINGS_SECRET_KEY, _FIELD_KEY and _INDEX_KEY."),
)


def _is_key(value: str) -> bool:
    try:
        return len(b64decode(value, validate=True)) == KEY_BYTES
    except ValueError:
        return False


class Settings(BaseSettings):
    """Everything that differs between installations. Immutable."""

    model_config = SettingsConfigDict(env_prefix="SOUNDINGS_", frozen=True, populate_by_name=True)

    data_dir: Path = Field(default=Path("var"), description="folder of the embedded store")
    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="store; empty means SQLite in the data folder",
    )
    redis_url: str = Field(
        default="",
        validation_alias="REDIS_URL",
        description="queue; empty means a Redis server of our own in the data folder",
    )
    secret_key: str = Field(description="signs session cookies; base64 of 32 bytes")
    field_key: str = Field(description="encrypts personal fields; base64 of 32 bytes")
    index_key: str = Field(description="hashes numbers for look-up; base64 of 32 bytes")
    host: str = Field(default="127.0.0.1", description="address the web server listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="port of the web server")
    web_processes: int = Field(default=2, ge=1, le=64, description="web server processes")
    workers: int = Field(default=1, ge=1, le=64, description="workers started on this machine")
    trusted_proxies: int = Field(
        default=0, ge=0, le=8, description="reverse proxies before the web server, one by one"
    )
    secure_cookies: bool = Field(default=False, description="true behind HTTPS")
    country: str = Field(
        default="CN", min_length=2, max_length=2, description="region of numbers without a prefix"
    )
    zone: str = Field(
        default="Asia/Shanghai", description="time zone of the centre and of unplaced numbers"
    )
    default_locale: str = Field(default="en", description="language before login: en or zh_Hans")
    login_attempts: str = Field(
        default="10 per 15 minutes", description="failed logins allowed per account"
    )
    idle_minutes: int = Field(default=30, ge=1, description="idle time after which a login ends")

    @field_validator(*SECRET_NAMES)
    @classmethod
    def _is_a_key(cls, value: str) -> str:
        if not _is_key(value):
            raise ValueError("it must be base64 of 32 random bytes")
        return value

    @field_validator("database_url")
    @classmethod
    def _names_the_driver(cls, value: str) -> str:
        for prefix in ("postgresql://", "postgres://"):
            if value.startswith(prefix):
                return "postgresql+psycopg://" + value.removeprefix(prefix)
        if value and not value.startswith(("sqlite:", "postgresql+psycopg:")):
            raise ValueError("it must be a postgresql:// or sqlite:/// address")
        return value

    @classmethod
    def from_env(cls) -> Self:
        """Read the settings from the environment and the secrets file.

        Raises ProblemsError with every setting that cannot be used.
        """
        stored = read_secrets(Path(os.environ.get("SOUNDINGS_DATA_DIR", "var")))
        given: dict[str, Any] = {
            name: value
            for name, value in stored.items()
            if f"SOUNDINGS_{name.upper()}" not in os.environ
        }
        try:
            return cls(**given)
        except ValidationError as error:
            raise ProblemsError(_problems(error)) from None

    @property
    def store_url(self) -> str:
        """Return the address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'soundings.db'}"

    @property
    def is_embedded(self) -> bool:
        """Tell whether the store is the SQLite file of the data folder."""
        return self.store_url.startswith("sqlite")


def _problems(error: ValidationError) -> list[Problem]:
    found: list[Problem] = []
    missing = [e for e in error.errors() if e["type"] == "missing"]
    if missing:
        found.append(NO_SECRETS.at(Place()))
    for entry in error.errors():
        if entry["type"] != "missing":
            name = str(entry["loc"][0])
            found.append(BAD_SETTING.at(Place(), name=name, reason=entry["msg"]))
    return found


def read_secrets(data_dir: Path) -> dict[str, str]:
    """Return the secrets stored in the data folder; empty before the first start."""
    path = data_dir / SECRETS_FILE
    if not path.exists():
        return {}
    stored = json.loads(path.read_text(encoding="utf-8"))
    return {name: str(stored[name]) for name in SECRET_NAMES if name in stored}


def ensure_secrets(data_dir: Path) -> None:
    """Make the random secrets of this installation, once, readable by the owner alone."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / SECRETS_FILE
    if path.exists():
        return
    fresh = {name: b64encode(secrets.token_bytes(KEY_BYTES)).decode() for name in SECRET_NAMES}
    unfinished = path.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(fresh, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)

"""Settings, encryption of personal fields, problems."""

from __future__ import annotations

import stat
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.personal import FieldCipher, WrongKeyError
from foundation.problems import Message, Place, ProblemsError
from foundation.settings import Settings, ensure_secrets, read_secrets

KEY = b64encode(b"a" * 32).decode()
OTHER = b64encode(b"b" * 32).decode()
cipher = FieldCipher(KEY, OTHER)


@given(st.text(max_size=200))
def test_a_field_opens_to_what_was_encrypted(text: str):
    assert cipher.decrypt(cipher.encrypt(text, "contact.name"), "contact.name") == text


def test_two_encryptions_of_one_text_differ_and_their_index_is_equal():
    assert cipher.encrypt("+8613800138000", "n") != cipher.encrypt("+8613800138000", "n")
    assert cipher.index("+8613800138000", "number") == cipher.index("+8613800138000", "number")
    assert cipher.index("+8613800138000", "number") != cipher.index("+8613800138000", "customer")


def test_a_field_does_not_open_in_another_column_or_with_another_key():
    sealed = cipher.encrypt("secret", "contact.name")
    with pytest.raises(WrongKeyError):
        cipher.decrypt(sealed, "contact.number")
    with pytest.raises(WrongKeyError):
        FieldCipher(OTHER, OTHER).decrypt(sealed, "contact.name")


def test_secrets_are_made_once_random_and_readable_by_the_owner_alone(tmp_path: Path):
    ensure_secrets(tmp_path / "a")
    ensure_secrets(tmp_path / "b")
    first = read_secrets(tmp_path / "a")
    ensure_secrets(tmp_path / "a")
    assert read_secrets(tmp_path / "a") == first != read_secrets(tmp_path / "b")
    mode = stat.S_IMODE((tmp_path / "a" / "secrets.json").stat().st_mode)
    assert mode == stat.S_IRUSR | stat.S_IWUSR


def test_settings_without_secrets_say_what_to_do(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("SOUNDINGS_DATA_DIR", str(tmp_path))
    with pytest.raises(ProblemsError, match="SET-002"):
        Settings.from_env()


def test_every_bad_setting_is_named_at_once(monkeypatch, tmp_path: Path):
    ensure_secrets(tmp_path)
    monkeypatch.setenv("SOUNDINGS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SOUNDINGS_PORT", "99999")
    monkeypatch.setenv("SOUNDINGS_SECRET_KEY", "weak")
    monkeypatch.setenv("DATABASE_URL", "mysql://x")
    with pytest.raises(ProblemsError) as caught:
        Settings.from_env()
    named = {problem.values["name"] for problem in caught.value.problems}
    assert named == {"port", "secret_key", "DATABASE_URL"}


def test_a_plain_postgres_address_gets_the_driver_we_ship(tmp_path: Path):
    settings = Settings(
        database_url="postgres://u@h/d", secret_key=KEY, field_key=KEY, index_key=KEY
    )
    assert settings.store_url == "postgresql+psycopg://u@h/d"


def test_a_problem_is_said_in_the_language_of_its_translation():
    message = Message("X-1", "there is no '%(name)s'.", "Add it.")
    chinese = {
        "there is no '%(name)s'.": "没有“%(name)s”。",
        "Add it.": "请添加。",
        "row %(name)s": "第 %(name)s 行",
    }
    said = message.at(Place(row=3), name="age").text(lambda text: chinese.get(text, text))
    assert said == "[X-1] 第 3 行: 没有“age”。 请添加。"

"""Settings from the environment, and their words."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from casework.settings import VARIABLES, Settings, SettingsError


def read(**environ: str) -> Settings:
    return Settings.from_environment({f"SAMVERKAN_{k}": v for k, v in environ.items()})


def test_without_any_setting_all_runs_in_the_data_folder(tmp_path):
    settings = Settings.from_environment({"PATH": "/bin"}, tmp_path)
    assert settings.data == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path}/samverkan.db"
    assert settings.keys_folder == tmp_path / "keys"
    assert settings.outside_file == tmp_path / "seals" / "checkpoints.jsonl"
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, False)
    assert settings.base_url == "http://127.0.0.1:8000"


def test_every_setting_has_a_field_and_words():
    names = {field.name for field in fields(Settings)}
    assert {variable.field for variable in VARIABLES} == names
    assert all(v.words.endswith(".") and v.takes and v.default for v in VARIABLES)
    assert all(v.name.startswith("SAMVERKAN_") for v in VARIABLES)


def test_the_settings_are_read(tmp_path):
    settings = read(
        DATA=str(tmp_path),
        DEMO="yes",
        PORT="9000",
        HOST="0.0.0.0",
        LOG_LEVEL="DEBUG",
        REDIS_URL="redis://localhost/0",
        SMTP_URL="smtp://localhost:25",
        SEAL_FILE="/mnt/seals.jsonl",
        LANGUAGE="fr",
        SESSION_MINUTES="30",
    )
    assert (settings.demo, settings.port, settings.log_level) == (True, 9000, "debug")
    assert settings.outside_file == Path("/mnt/seals.jsonl")
    assert settings.base_url == "http://0.0.0.0:9000"
    assert (settings.language, settings.session_minutes) == ("fr", 30)


def test_an_unknown_setting_is_refused_with_the_near_one():
    with pytest.raises(SettingsError, match="did you mean SAMVERKAN_DATABASE_URL"):
        read(DATABASE_ULR="sqlite:///x")


def test_a_setting_like_no_other_is_refused_with_the_known_ones():
    with pytest.raises(SettingsError, match="the known ones are SAMVERKAN_DATA, "):
        read(QQQQQQ="1")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "0", "whole number from 1 to 65535"),
        ("PORT", "8000x", "whole number"),
        ("PORT", "²", "whole number"),
        ("DEMO", "perhaps", "yes or no"),
        ("LOG_LEVEL", "loud", "one of debug"),
        ("DATABASE_URL", "mysql://x/y", "sqlite:///path or postgresql://"),
        ("DATABASE_URL", "postgresql", "sqlite:///path or postgresql://"),
        ("REDIS_URL", "http://x", "begins with redis:// or rediss://"),
    ],
)
def test_an_unusable_value_is_refused_and_says_what_to_write(name, value, words):
    with pytest.raises(SettingsError, match=words) as problem:
        read(**{name: value})
    assert f"SAMVERKAN_{name} cannot be" in str(problem.value)


def test_an_address_with_a_password_is_not_repeated():
    with pytest.raises(SettingsError) as problem:
        read(DATABASE_URL="mysql://someone:secret@host/x")
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_always_spoken_to_through_psycopg(scheme):
    assert read(DATABASE_URL=f"{scheme}://u:p@h/d").database_url == "postgresql+psycopg://u:p@h/d"


def test_sqlite_addresses_stand_as_they_are():
    assert read(DATABASE_URL="sqlite:////tmp/x.db").database_url == "sqlite:////tmp/x.db"


def test_an_empty_setting_counts_as_not_given():
    assert read(PORT=" ").port == 8000


@pytest.mark.parametrize(("host", "secure"), [("127.0.0.1", False), ("10.0.0.1", True)])
def test_cookies_are_for_tls_only_unless_the_server_is_local(host, secure):
    assert read(HOST=host).secure_cookies is secure


def test_cookies_can_be_settled_either_way():
    assert read(SECURE_COOKIES="yes").secure_cookies is True
    assert read(HOST="10.0.0.1", SECURE_COOKIES="no").secure_cookies is False


def test_keys_are_not_shown_where_settings_are_printed():
    settings = read(SECRET_KEY="hidden1", MAIN_KEY="hidden2", AUDIT_KEY="hidden3")
    assert "hidden" not in repr(settings)

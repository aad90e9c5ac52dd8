"""The settings of the platform become those of Flask."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from casework.platform import open_platform
from casework.settings import Settings
from webapp import config


def _flask(tmp_path: Path, url: str, **more: object) -> dict[str, object]:
    settings = Settings(data=tmp_path, database_url=url, **more)
    return config.from_platform(open_platform(settings))


def test_a_database_beside_the_command_is_the_same_file_for_the_pages(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = _flask(tmp_path, "sqlite:///here.db")
    assert make_url(made["SQLALCHEMY_DATABASE_URI"]).database == str(tmp_path / "here.db")


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "postgresql+psycopg://u:secret@host/name"])
def test_any_other_address_stays_as_it_was_given(tmp_path, url):
    assert _flask(tmp_path, url)["SQLALCHEMY_DATABASE_URI"] == url


def test_limits_are_counted_in_redis_where_there_is_one(tmp_path):
    made = _flask(tmp_path, "sqlite://", redis_url="redis://cache:6379/0")
    assert made["RATELIMIT_STORAGE_URI"] == "redis://cache:6379/0"
    assert _flask(tmp_path, "sqlite://")["RATELIMIT_STORAGE_URI"] == "memory://"

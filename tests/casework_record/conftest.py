"""The invented world, on SQLite and, where the database matters, on both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from casework.database import session_factory
from tests.casework_record.world import World


@pytest.fixture
def world(session, tmp_path) -> World:
    return World(session, tmp_path / "outside.jsonl")


@pytest.fixture
def both(engine: Engine, tmp_path) -> Iterator[World]:
    """The same world on SQLite and on PostgreSQL."""
    with session_factory(engine)() as opened:
        yield World(opened, tmp_path / "outside.jsonl")

"""Fixtures shared by all tests: a clock, ids, and a database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

import casework.tables  # noqa: F401  registers the tables
from casework.database import open_engine, session_factory
from processes.tables import Base


@pytest.fixture
def session(tmp_path) -> Iterator[Session]:
    engine = open_engine(f"sqlite:///{tmp_path}/main.db")
    Base.metadata.create_all(engine)
    with session_factory(engine)() as opened:
        yield opened
    engine.dispose()

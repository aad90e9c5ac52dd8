"""A demo world with the commission deployed, on the database that a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import casework.tables  # noqa: F401  registers the tables
from casework.database import open_engine, session_factory
from casework.demo.world import create_world, find_world
from casework.hands import hands
from casework.keyring import check_keys
from casework.platform import open_platform
from casework.settings import Settings
from processes import versions
from processes.tables import Base
from tests.commission.pack import commission_pack
from tests.commission.sitting import Sitting
from tests.webapp.world import House
from webapp.app import create_app


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory):
    return open_platform(Settings.from_environment({}, tmp_path_factory.mktemp("commission")))


@pytest.fixture
def sitting(platform, tmp_path: Path) -> Iterator[Sitting]:
    """On SQLite, for rules that no database changes."""
    yield from _sitting(platform, f"sqlite:///{tmp_path}/sitting.db", tmp_path)


@pytest.fixture
def both(platform, database_url: str, tmp_path: Path) -> Iterator[Sitting]:
    """On SQLite and on PostgreSQL."""
    yield from _sitting(platform, database_url, tmp_path)


def _sitting(platform, url: str, folder: Path) -> Iterator[Sitting]:
    platform = open_platform(replace(platform.settings, data=folder, database_url=url))
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    sessions = session_factory(engine)
    with hands(platform, sessions).writing() as session:
        check_keys(session, platform.keyring)
        world = create_world(platform, session)
        acting = platform.acting(session, world.agency_id, None)
        versions.deploy_pack(session, acting, commission_pack())
    with sessions() as session:
        world = find_world(session)
    yield Sitting(platform, sessions, world)
    engine.dispose()


@pytest.fixture
def house(sitting: Sitting) -> House:
    """The application over the same database, at the time of the sitting."""
    app = create_app(sitting.platform, TESTING=True)
    return House(app, sitting.platform, sitting.sessions, sitting.world)

"""A demo world with the commission deployed, on the database that a test asks for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import casework.tables  # noqa: F401  registers the tables
from casework.database import open_engine, session_factory
from casework.demo.world import create_world, find_world
from casework.hands import hands
from casework.keyring import check_keys
from casework.platform import Platform, open_platform
from casework.settings import Settings
from processes import versions
from processes.tables import Base
from tests.commission.pack import commission_pack
from tests.commission.sitting import Sitting
from tests.webapp.world import House
from webapp.app import create_app


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the world in it, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("commission")
    _make(_platform(folder, _sqlite(folder)))
    return folder


@pytest.fixture
def sitting(template: Path, tmp_path: Path) -> Iterator[Sitting]:
    """On SQLite, for rules that no database changes."""
    folder = tmp_path / "data"
    shutil.copytree(template, folder)
    yield from _sitting(_platform(folder, _sqlite(folder)))


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sitting]:
    """On SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sitting")
        return
    platform = _platform(tmp_path / "data", request.getfixturevalue("postgresql_url"))
    _make(platform)
    yield from _sitting(platform)


@pytest.fixture
def house(sitting: Sitting) -> House:
    """The application over the same database, at the time of the sitting."""
    app = create_app(sitting.platform, TESTING=True)
    return House(app, sitting.platform, sitting.sessions, sitting.world)


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/main.db"


def _platform(folder: Path, url: str) -> Platform:
    return open_platform(Settings(data=folder, database_url=url))


def _make(platform: Platform) -> None:
    engine = open_engine(platform.settings.database_url)
    Base.metadata.create_all(engine)
    with hands(platform, session_factory(engine)).writing() as session:
        check_keys(session, platform.keyring)
        world = create_world(platform, session)
        acting = platform.acting(session, world.agency_id, None)
        versions.deploy_pack(session, acting, commission_pack())
    engine.dispose()


def _sitting(platform: Platform) -> Iterator[Sitting]:
    engine = open_engine(platform.settings.database_url)
    sessions = session_factory(engine)
    with sessions() as session:
        world = find_world(session)
    yield Sitting(platform, sessions, world)
    engine.dispose()

"""The demo world behind the real application, with the French pack deployed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.database import begin_writing, open_engine, session_factory
from casework.demo import play
from casework.demo.world import create_world, find_world
from casework.platform import open_platform
from casework.scenarios import read_scenario
from casework.settings import Settings
from casework.setup import load_packs
from processes.tables import Base
from tests.webapp.world import House, people, strangers
from webapp.app import create_app


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the world, the pack and the case Basalt in it, copied for each test."""
    folder = tmp_path_factory.mktemp("world")
    settings = _settings(folder)
    platform = open_platform(settings)
    engine = open_engine(settings.database_url)
    Base.metadata.create_all(engine)
    with session_factory(engine)() as session:
        begin_writing(session)
        world = create_world(platform, session)
        assert not [problem for problem in load_packs(platform, session) if problem.is_error]
        people(platform, session, world)
        strangers(platform, session)
        session.commit()
    basalt = play.Told(read_scenario(play.CASES / "basalt.toml"), "Basalt", 0)
    play.play_case(platform, session_factory(engine), world, basalt, platform.real_now())
    engine.dispose()
    return folder


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[House]:
    """The application over a copy of the template."""
    folder = tmp_path / "data"
    shutil.copytree(template, folder)
    settings = _settings(folder)
    platform = open_platform(settings)
    engine = open_engine(settings.database_url)
    sessions = session_factory(engine)
    with sessions() as session:
        world = find_world(session)
    yield House(create_app(platform, TESTING=True), platform, sessions, world)
    engine.dispose()


def _settings(folder: Path) -> Settings:
    return Settings(data=folder, database_url=f"sqlite:///{folder}/main.db", demo=True)

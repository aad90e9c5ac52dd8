"""The two agencies of the demo in one database, the Swedish one with its cases, as in a house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from casework.database import begin_writing, open_engine, session_factory
from casework.demo import play
from casework.demo.world import WORLDS, create_worlds, find_world
from casework.keyring import check_keys
from casework.platform import open_platform
from casework.scenarios import read_scenario
from casework.setup import load_packs
from processes.tables import Base
from tests.pages.estate import TODAY, House, WallClock, made_once, open_over, settings_of

CASES = ("ivory", "juniper", "kestrel", "kvarn", "linne", "malva")
"""Under assessment, protected, monitored; before a court, before a release, after one."""


def template(folder: Path) -> Path:
    """Make the database once for all test processes."""
    return made_once(folder, _make)


@contextmanager
def open_house(made: Path, folder: Path) -> Iterator[House]:
    """The application over a copy of the template; the Swedish agency is at home in it."""
    with open_over(made, folder, WORLDS["sweden"], WORLDS["france"]) as house:
        yield house


def _make(data: Path) -> None:
    data.mkdir()
    settings = settings_of(data)
    platform = replace(open_platform(settings), real_now=WallClock())
    engine = open_engine(settings.database_url)
    Base.metadata.create_all(engine)
    sessions = session_factory(engine)
    with sessions() as session:
        begin_writing(session)
        check_keys(session, platform.keyring)
        create_worlds(platform, session)
        problems = load_packs(platform, session)
        assert not [problem for problem in problems if problem.is_error], problems
        session.commit()
    with sessions() as session:
        worlds = {name: find_world(session, path) for name, path in WORLDS.items()}
    for name in ("basalt", *CASES):
        scenario = read_scenario(play.CASES / f"{name}.toml")
        told = play.Told(scenario, name.title(), 0)
        play.play_case(platform, sessions, worlds[scenario.world], told, TODAY)
    engine.dispose()

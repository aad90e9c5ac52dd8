"""Opens the installation for a command: settings, platform, engine, sessions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from casework import schema
from casework.database import begin_writing, open_engine, session_factory
from casework.keyring import check_keys
from casework.platform import Platform, open_platform
from casework.settings import Settings


@dataclass(frozen=True)
class Opened:
    """An installation at work."""

    platform: Platform
    engine: Engine
    sessions: sessionmaker[Session]

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits at its end: the command line's one door."""
        with self.sessions() as session, session.begin():
            begin_writing(session)
            yield session


def settings(*, demo: bool = False, port: int | None = None) -> Settings:
    """The settings of the environment, with what the command line says over them."""
    read = Settings.from_environment(os.environ)
    if demo:
        read = replace(read, demo=True)
    if port is not None:
        read = replace(read, port=port, base_url=f"http://{read.host}:{port}")
    return read


def open_installation(given: Settings | None = None, *, create: bool = False) -> Opened:
    """Open keys and database; without `create` the tables must be there and right."""
    wanted = given or settings()
    wanted.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    platform = open_platform(wanted)
    engine = open_engine(wanted.database_url)
    if create:
        schema.upgrade(engine)
    else:
        schema.check(engine)
    opened = Opened(platform, engine, session_factory(engine))
    with opened.writing() as session:
        check_keys(session, platform.keyring)
    return opened

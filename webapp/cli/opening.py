"""Opens the installation for a command: settings, platform, engine, sessions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from casework import schema
from casework.database import begin_writing, open_engine, session_factory
from casework.keyring import Keyring, check_keys, existing_keyring
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


class NotThere(RuntimeError):
    """There is no installation where the settings point; the words say what to do."""


def settings(*, demo: bool = False, port: int | None = None) -> Settings:
    """The settings of the environment, with what the command line says over them."""
    read = Settings.from_environment(os.environ)
    if demo:
        read = replace(read, demo=True)
    if port is not None:
        read = replace(read, port=port, base_url=f"http://{read.host}:{port}")
    return read


@contextmanager
def existing_installation() -> Iterator[tuple[Session, Keyring, Settings]]:
    """An installation only to be read: what is not there is not made, and nothing is kept."""
    wanted = settings()
    place = make_url(wanted.database_url)
    if place.get_backend_name() == "sqlite" and not Path(place.database or "").is_file():
        raise NotThere(
            f"there is no database {place.database}: set SAMVERKAN_DATA to the folder of the "
            "installation (or SAMVERKAN_DATABASE_URL to its database); nothing was made"
        )
    keyring = existing_keyring(wanted)
    engine = open_engine(wanted.database_url)
    try:
        schema.check(engine)
        with session_factory(engine)() as session:
            check_keys(session, keyring)
            session.rollback()
            yield session, keyring, wanted
            session.rollback()
    finally:
        engine.dispose()


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

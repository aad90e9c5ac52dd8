"""The databases to measure on: the embedded one, and a PostgreSQL server if one can be had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, make_url, text

from tests.servers import postgresql

NONE = (
    "PostgreSQL was not measured: give TEST_DATABASE_URL, install its server, or the test wheels."
)


@contextmanager
def empty_postgresql() -> Iterator[str | None]:
    """The URL of an empty database that is dropped at the end; None if no server can be had."""
    with postgresql() as server:
        if server is None:
            yield None
            return
        name = f"benchmarks_{os.getpid()}"
        _administer(server, f"CREATE DATABASE {name}")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def version_of(url: str) -> str:
    """Which PostgreSQL it is."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = str(connection.execute(text("SHOW server_version")).scalar_one())
    engine.dispose()
    return found.split()[0]

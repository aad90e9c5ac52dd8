"""Opens the database so that SQLite and PostgreSQL keep the same promises."""

from __future__ import annotations

from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

import casework.kept_rows  # noqa: F401  from now on sessions keep what is asked for by id

WRITING = {"samverkan_writing": True}


def open_engine(url: str) -> Engine:
    """An engine for the main database, prepared."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Give SQLite its journal, foreign keys and explicit transactions; others need nothing."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _configure_sqlite(connection: SQLiteConnection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: an upgrade in the middle fails under load."""
    writing = connection.get_execution_options().get("samverkan_writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def begin_writing(session: Session) -> None:
    """Start the session's transaction as a writer; call it before anything is read."""
    session.connection(execution_options=WRITING)


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions of the workers and of the command line."""
    return sessionmaker(engine, expire_on_commit=False)

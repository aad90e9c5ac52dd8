"""Opens the database so that SQLite and PostgreSQL keep the same promises."""

from __future__ import annotations

from sqlite3 import Connection as SQLiteConnection
from sqlite3 import Error as SQLiteError
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

import casework.kept_rows  # noqa: F401  from now on sessions keep what is asked for by id

WRITING = {"samverkan_writing": True}
FORGOTTEN = "samverkan_forgotten"
FORGETS_WITHIN_MS = 2000
_owing: WeakSet[Engine] = WeakSet()
"""Engines whose write-ahead log still holds what has been removed: a reader was in the way."""


def open_engine(url: str) -> Engine:
    """An engine for the main database, prepared."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
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
    cursor.execute("PRAGMA secure_delete=ON")  # what is removed is overwritten, not only unlinked
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


def forget(session: Session) -> None:
    """Mark that the session's commit removes for good: SQLite's write-ahead log, which holds the
    pages as they were, is then emptied too."""
    session.info[FORGOTTEN] = True


@event.listens_for(Session, "after_commit")
def _empty_log(session: Session) -> None:
    if session.in_nested_transaction():  # a part of the transaction: the commit is still to come
        return
    forgotten = session.info.pop(FORGOTTEN, False)
    if not forgotten and not _owing:
        return
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite" and (forgotten or engine in _owing):
        _owing.add(engine)
        if _log_is_emptied(engine):
            _owing.discard(engine)


def _log_is_emptied(engine: Engine) -> bool:
    """Whether the log could be emptied: not while somebody reads an older state; then the next
    commit tries again."""
    try:
        raw = engine.raw_connection()
    except DBAPIError:
        return False
    try:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={FORGETS_WITHIN_MS}")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=10000")
    except SQLiteError:
        return False
    finally:
        raw.close()
    return not busy

"""One transaction for each request: a reading one, or one that writes and commits here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from casework.database import begin_writing, prepare
from processes.tables import Base

db = SQLAlchemy(session_options={"expire_on_commit": False})
db.metadatas[None] = Base.metadata

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def install(app: Flask) -> None:
    """Open the engines, prepared; before `begin` a request only reads."""
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)


def database() -> Session:
    """The session of this request; use cases take it and never end it."""
    return cast("Session", db.session())


def reading_is_recorded(view: View) -> View:
    """Mark a page whose reading is audited: its transaction writes, like that of a post."""
    view.writes = True  # type: ignore[attr-defined]
    return view


def writes_late(view: View) -> View:
    """Mark a page that has slow work before its first write: it calls `begin_late` itself."""
    view.writes_late = True  # type: ignore[attr-defined]
    return view


def finish(response: Response) -> Response:
    """Keep what a writing request did; the door of the one commit."""
    if _writes() and response.status_code < 500:
        _commit()
    return response


def afterwards(write: Callable[[Session], None]) -> None:
    """Drop what the request did, and keep what a second transaction writes (a refusal, say)."""
    session = database()
    session.rollback()
    begin_writing(session)
    write(session)
    _commit()


def begin() -> None:
    """Begin to write, once the sender has been let in and has sent everything.

    On SQLite this takes the one write lock: neither a stranger nor a post that never ends
    may hold it.
    """
    if _writes():
        request.form  # noqa: B018  reads the whole body, within its bound
        end_reading()
        if not _is_marked("writes_late"):
            begin_writing(database())


def begin_late() -> None:
    """Begin to write on a page that `writes_late`; what it has read may be old by now."""
    end_reading()
    begin_writing(database())


def end_reading() -> None:
    """Let go of what was read, and of the connection, before something slow."""
    database().rollback()


def _writes() -> bool:
    if request.endpoint is None:
        return False
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        return True
    return _is_marked("writes")


def _is_marked(mark: str) -> bool:
    return bool(getattr(current_app.view_functions[str(request.endpoint)], mark, False))


def _commit() -> None:
    database().commit()

"""The pages that say what went wrong and what to do next."""

from __future__ import annotations

from traceback import extract_tb
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from casework.access import NotVisible
from webapp.database import afterwards, database
from webapp.session import acting, platform, viewer

log = structlog.get_logger()

PAGES = {404, 413, 429}
"""Codes with a page of their own; the others share one."""

NEVER_SHOWN_AGAIN = {"csrf_token", "password"}


def install(app: Flask) -> None:
    """Register the pages; what one may not see is answered like what is not there."""
    app.register_error_handler(NotVisible, _not_visible)
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unforeseen)


def _not_visible(error: NotVisible) -> ResponseReturnValue:
    if current_user.is_authenticated:
        asker = viewer().user_id
        afterwards(
            lambda session: platform().ports.journal.write(
                session, acting(), error.journal_entry(session, asker)
            )
        )
    return _page(404)


def _known(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    database().rollback()
    return _page(error.code)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    database().rollback()
    number = uuid4().hex[:12]
    log.error(
        "page.failed",
        number=number,
        endpoint=request.endpoint,
        kind=type(error).__name__,
        frames=_frames(error),
    )
    return _page(500, number=number)


def _frames(error: Exception) -> list[str]:
    """Where it happened, by file and line: a message or a local variable may hold contents."""
    return [f"{f.filename}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)]


def _stale_page(_error: CSRFError) -> ResponseReturnValue:
    """The page is older than the session: offer what was typed, to be sent once more."""
    typed = []
    if _is_from_here():
        typed = [item for item in request.form.items(multi=True) if _may_return(item[0])]
    return _page(400, template="errors/stale.html", typed=typed)


def _is_from_here() -> bool:
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def _may_return(name: str) -> bool:
    return name not in NEVER_SHOWN_AGAIN


def _page(code: int, template: str | None = None, **words: object) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=code, **words), code
    name = template or f"errors/{code if code in PAGES or code == 500 else 'other'}.html"
    return render_template(name, code=code, **words), code

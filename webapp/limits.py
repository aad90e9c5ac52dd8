"""Slows down who guesses passwords; counted in Redis where there is one, else in this process."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[])


def install(app: Flask) -> None:
    """Open the counters."""
    limiter.init_app(app)


def tried_login() -> str:
    """The account somebody tries to open, whatever the address."""
    return request.form.get("login", "").strip().lower()[:80]


def has_failed(response: Response) -> bool:
    """Only failures count: a ward may sign in from one address all morning."""
    return response.status_code >= 400

"""Slows down who guesses passwords or numbers; counted in Redis if there is one, else here."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

from casework.accounts import normal_login

limiter = Limiter(get_remote_address, default_limits=[])


def install(app: Flask) -> None:
    """Open the counters."""
    limiter.init_app(app)


def tried_login() -> str:
    """The account somebody tries to open, however it is spelt, whatever the address."""
    return normal_login(request.form.get("login", ""))[:80]


def tried_login_from_here() -> str:
    """The account tried from one address, so that a stranger cannot lock out its owner."""
    return f"{tried_login()} {get_remote_address()}"


def asker() -> str:
    """The account that asks, whatever the address."""
    return str(current_user.get_id())


def has_failed(response: Response) -> bool:
    """Only failures count: a ward may sign in from one address all morning."""
    return response.status_code >= 400

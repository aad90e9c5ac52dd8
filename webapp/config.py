"""Flask's settings, made from those of the platform."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from casework.platform import Platform

MEGABYTE = 1024 * 1024
FORMS = Path(__file__).parent.parent / "forms" / "translations"


def from_platform(platform: Platform) -> dict[str, Any]:
    """Flask's settings; a cookie travels over https alone unless this is one machine's trial."""
    settings = platform.settings
    return {
        "SECRET_KEY": platform.keyring.session_secret,
        "SQLALCHEMY_DATABASE_URI": _absolute(settings.database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "samverkan",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "MAX_CONTENT_LENGTH": MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: drafts stay open for a whole shift
        "WTF_CSRF_SSL_STRICT": True,
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_HEADERS_ENABLED": False,
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,  # without Redis people still sign in
        "SAMVERKAN_PROXIES": settings.trusted_proxies,
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=settings.session_minutes),
        "BABEL_DEFAULT_LOCALE": "en_GB",
        "BABEL_TRANSLATION_DIRECTORIES": f"translations;{FORMS}",
        "BABEL_DOMAIN": "messages",
    }


def _absolute(url: str) -> str:
    """Flask-SQLAlchemy reads a relative file from a folder of its own; everyone else from here."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return url
    absolute = parsed.set(database=str(Path(str(parsed.database)).resolve()))
    return absolute.render_as_string(hide_password=False)


def _engine_options(url: str) -> dict[str, Any]:
    """A server may close a connection that nobody used: try it before it is used again. An error
    never says what was written: it may hold contents."""
    return {"hide_parameters": True, "pool_pre_ping": not url.startswith("sqlite")}

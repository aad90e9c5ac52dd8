"""Flask's settings, made from those of the platform."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from casework.platform import Platform

MEGABYTE = 1024 * 1024
FORMS = Path(__file__).parent.parent / "forms" / "translations"


def from_platform(platform: Platform) -> dict[str, Any]:
    """Flask's settings; a cookie travels over https alone unless this is one machine's trial."""
    settings = platform.settings
    return {
        "SECRET_KEY": platform.keyring.session_secret,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
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
        "SAMVERKAN_PROXIES": settings.trusted_proxies,
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=settings.session_minutes),
        "BABEL_DEFAULT_LOCALE": "en_GB",
        "BABEL_TRANSLATION_DIRECTORIES": f"translations;{FORMS}",
        "BABEL_DOMAIN": "messages;forms",
    }

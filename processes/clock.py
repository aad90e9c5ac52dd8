"""The one module that reads the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """The wall clock, aware, in UTC."""
    return datetime.now(UTC)


def shifted(real: datetime, offset_seconds: int) -> datetime:
    """The time of cases: real time, moved forward in a demo database only."""
    return real + timedelta(seconds=offset_seconds)

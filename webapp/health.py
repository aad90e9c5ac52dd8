"""Tells a monitor whether this process lives and whether deadlines are being looked after."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from casework.sweeping import last_look
from processes.tables import Timer
from webapp.access import PUBLIC, access
from webapp.database import database
from webapp.session import now, real_now

blueprint = Blueprint("health", __name__, url_prefix="/health")

STALE = timedelta(minutes=2)
"""A due timer older than this means that nobody sweeps."""


@blueprint.get("/live")
@access(PUBLIC)
def live() -> ResponseReturnValue:
    """This process answers."""
    return jsonify(status="ok")


@blueprint.get("/ready")
@access(PUBLIC)
def ready() -> ResponseReturnValue:
    """The database answers and the clock runs; says nothing about any case.

    When a clock last looked is told beside: a clock that stands still while nothing is due is seen
    there first, and turns to 503 only with the first deadline that it leaves lying.
    """
    try:
        oldest, swept = _oldest_due(), last_look(database())
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    late = (now() - oldest) if oldest else timedelta()
    is_stale, checked = late > STALE, real_now()
    body = {
        "status": "stale" if is_stale else "ok",
        "database": "ok",
        "clock": "stale" if is_stale else "ok",
        "oldest_due_timer_seconds": int(late.total_seconds()) if oldest else None,
        "last_sweep": swept.isoformat() if swept else None,
        "last_sweep_seconds": int((checked - swept).total_seconds()) if swept else None,
        "checked_at": checked.isoformat(),
    }
    return jsonify(body), 503 if is_stale else 200


def _oldest_due() -> datetime | None:
    due = select(func.min(Timer.due_at)).where(Timer.state == "pending", Timer.due_at <= now())
    return database().execute(due).scalar()

"""Tells a monitor whether this process lives and whether deadlines are being looked after."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

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
    """The database answers and the clock runs; says nothing about any case."""
    try:
        oldest = _oldest_due()
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="unreachable"), 503
    late = (now() - oldest) if oldest else timedelta()
    is_stale = late > STALE
    body = {
        "status": "stale" if is_stale else "ok",
        "database": "ok",
        "clock": "stale" if is_stale else "ok",
        "oldest_due_timer_seconds": int(late.total_seconds()) if oldest else None,
        "checked_at": real_now().isoformat(),
    }
    return jsonify(body), 503 if is_stale else 200


def _oldest_due() -> datetime | None:
    due = select(func.min(Timer.due_at)).where(Timer.state == "pending", Timer.due_at <= now())
    return database().execute(due).scalar()

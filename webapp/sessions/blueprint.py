"""The area of sessions; its views hang on it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint

from casework import access
from casework.commission import found, visible
from casework.commission.functions import OFFICES, OVERSIGHT, SECRETARY
from processes.tables import HumanTask
from webapp.database import database
from webapp.session import viewer

blueprint = Blueprint("sessions", "webapp.sessions")

SITTING = tuple(sorted({SECRETARY, OVERSIGHT, *(r for roles in OFFICES.values() for r in roles)}))
"""Whoever keeps sessions, may sit in one, or oversees them; which one, the use cases decide."""
MEMBERS = tuple(role for role in SITTING if role not in (SECRETARY, OVERSIGHT))
LEADING = (SECRETARY, *OFFICES["chair"])


@blueprint.app_template_global()
def may_open_task(task_id: UUID) -> bool:
    """Whether a page may link to a step: no link leads where its reader may not go."""
    task = database().get(HumanTask, task_id)
    return task is not None and access.may_see_task(database(), viewer(), task)


@blueprint.app_template_global()
def session_of(case_id: UUID) -> UUID | None:
    """The session whose file this is, if the asker may open it."""
    row = found.of_file(database(), case_id)
    return row.id if row is not None and visible.may_see(database(), viewer(), row) else None

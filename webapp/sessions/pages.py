"""The list of sessions, and the page of one."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.commission import planning, telling
from webapp.access import access
from webapp.cases.by_number import beginnings
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.sessions.blueprint import SITTING, blueprint

ORAL = "F-ORAL"
"""What is told in a session and not written is noted with this start form."""


@blueprint.get("/sessions")
@access(*SITTING)
def index() -> ResponseReturnValue:
    """The sessions the asker keeps, oversees, or sits in now."""
    rows = telling.sessions_page(database(), viewer(), speaking())
    may_plan = planning.may_plan(viewer())
    return render_template(
        "sessions/list.html", rows=rows, may_plan=may_plan, beginnings=beginnings()
    )


@blueprint.get("/sessions/<uuid:session_id>")
@access(*SITTING)
def session(session_id: UUID) -> ResponseReturnValue:
    """Agenda, seats, attendance and what is to be done; never what a member wrote."""
    return session_page(session_id)


def session_page(session_id: UUID, errors: list[tuple[str, str]] | None = None) -> str:
    """The page, with what an act found against it."""
    page = telling.session_page(
        platform(), database(), acting(), viewer(), session_id, speaking=speaking()
    )
    spoken = page.sitting and any(one.form_id == ORAL for one in beginnings())
    return render_template(
        "sessions/session.html", page=page, errors=errors or [], oral=ORAL if spoken else None
    )

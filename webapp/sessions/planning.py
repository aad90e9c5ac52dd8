"""Planning a session: its day and hour, place and chair."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.commission import planning
from casework.commission.functions import SECRETARY
from casework.commission.planning import PlanPage
from webapp.access import access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.sessions.blueprint import blueprint
from webapp.work.drawing import drawn_fields
from webapp.work.opened import posted

PLACE = "place_id"
"""The establishment's name in a post: the form has a question `place` of its own."""


@blueprint.get("/sessions/plan")
@access(SECRETARY)
def plan_form() -> ResponseReturnValue:
    """The empty form."""
    page = planning.plan_page(
        platform(), database(), acting(), viewer(), place_id=_place(), speaking=speaking()
    )
    return _form_page(page)


@blueprint.post("/sessions/plan")
@access(SECRETARY)
def plan() -> ResponseReturnValue:
    """Open the session's file, or say what does not hold yet."""
    formdata = posted()
    formdata.poplist(PLACE)
    done = planning.plan(
        platform(),
        database(),
        acting(),
        viewer(),
        formdata,
        place_id=_place(),
        speaking=speaking(),
    )
    if isinstance(done, PlanPage):
        return _form_page(done), 422
    flash(_("The session is planned. Now set its agenda."), "success")
    return redirect(url_for("sessions.session", session_id=done.id), 303)


def _place() -> UUID | None:
    return request.values.get(PLACE, type=UUID)


def _form_page(page: PlanPage) -> str:
    here = url_for("sessions.plan")
    return render_template(
        "sessions/plan.html",
        page=page,
        errors=[(error.words, error.field_id) for error in page.form.errors],
        fields=drawn_fields(page.form, None, swap=here, send=here),
    )

"""Stopping the time that a person has to prepare for a hearing."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.measures import pausing
from casework.refusals import Refused
from webapp.access import SIGNED_IN, access
from webapp.cases.blueprint import blueprint
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer


@blueprint.get("/cases/<uuid:case_id>/pause")
@access(SIGNED_IN)
def pause_form(case_id: UUID) -> ResponseReturnValue:
    """Ask why the time stands still."""
    return _page(case_id)


@blueprint.post("/cases/<uuid:case_id>/pause")
@access(SIGNED_IN)
def pause(case_id: UUID) -> ResponseReturnValue:
    """Stop the time, or say why not."""
    ground = request.form.get("ground", "")
    if not ground:
        return _page(case_id, [(_("Select why the time to prepare stands still"), "ground")]), 422
    try:
        pausing.pause(
            platform(), database(), acting(), viewer(), case_id, ground, speaking=speaking()
        )
    except Refused as refused:
        database().rollback()
        return _page(case_id, [(str(refused), "ground")]), 409
    flash(_("The time to prepare stands still. A step to end the pause has opened."), "success")
    return redirect(url_for("cases.case", case_id=case_id), 303)


def _page(case_id: UUID, errors: list[tuple[str, str]] | None = None) -> str:
    page = pausing.page(platform(), database(), acting(), viewer(), case_id, speaking=speaking())
    return render_template("cases/pause.html", page=page, errors=errors or [])

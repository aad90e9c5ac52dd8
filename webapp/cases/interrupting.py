"""Recording that something outside ends a case: released, died, a minor, a court, wrongful."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from casework import interruption
from casework.interruption import Interrupted
from casework.pages import FormPage
from casework.refusals import Refused
from webapp.access import SIGNED_IN, access
from webapp.cases.blueprint import blueprint
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.work.drawing import drawn_fields
from webapp.work.opened import posted


@blueprint.get("/cases/<uuid:case_id>/interruption")
@access(SIGNED_IN)
@reading_is_recorded
def interruption_form(case_id: UUID) -> ResponseReturnValue:
    """The form, and what follows from it."""
    try:
        page = interruption.interruption_page(
            platform(), database(), acting(), viewer(), case_id, speaking=speaking()
        )
    except Refused as refused:
        return _refused(case_id, refused)
    return _form_page(page)


@blueprint.post("/cases/<uuid:case_id>/interruption")
@access(SIGNED_IN)
def interrupt(case_id: UUID) -> ResponseReturnValue:
    """End everything that runs in the case, or say why not."""
    try:
        done = interruption.interrupt(
            platform(), database(), acting(), viewer(), case_id, posted(), speaking=speaking()
        )
    except Refused as refused:
        database().rollback()
        return _refused(case_id, refused)
    if isinstance(done, Interrupted):
        return render_template("cases/interrupted.html", done=done)
    return _form_page(done), 422


def _form_page(page: FormPage) -> str:
    here = url_for("cases.interrupt", case_id=page.case_id)
    return render_template(
        "cases/interruption.html",
        page=page,
        errors=[(error.words, error.field_id) for error in page.form.errors],
        fields=drawn_fields(page.form, None, swap=here, send=here),
    )


def _refused(case_id: UUID, refused: Refused) -> ResponseReturnValue:
    words = str(refused)
    return render_template("cases/not_interrupted.html", case_id=case_id, words=words), 409

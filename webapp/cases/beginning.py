"""Beginning a process with its start form on a case that is there."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from casework import beginning
from casework.beginning import BeginningPage, Done
from casework.refusals import Refused
from webapp.access import SIGNED_IN, access
from webapp.cases.blueprint import blueprint
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.work.drawing import drawn_fields
from webapp.work.opened import posted


@blueprint.get("/cases/<uuid:case_id>/begin/<start>")
@access(SIGNED_IN)
@reading_is_recorded
def begin_form(case_id: UUID, start: str) -> ResponseReturnValue:
    """The start form, and what follows from it."""
    try:
        return _form_page(_opened(case_id, start))
    except Refused as refused:
        return _refused(case_id, refused)


@blueprint.post("/cases/<uuid:case_id>/begin/<start>")
@access(SIGNED_IN)
def begin(case_id: UUID, start: str) -> ResponseReturnValue:
    """Begin the process, or say what does not hold yet."""
    try:
        if "_plain" in request.form and _opened(case_id, start, typed=True).form.opened:
            return begin_typed(case_id, start)
        done = beginning.send(
            platform(),
            database(),
            acting(),
            viewer(),
            case_id,
            start,
            posted(),
            speaking=speaking(),
        )
    except Refused as refused:
        database().rollback()
        return _refused(case_id, refused)
    if isinstance(done, Done):
        return render_template("cases/begun.html", done=done)
    return _form_page(done), 422


@blueprint.post("/cases/<uuid:case_id>/begin/<start>/typed")
@access(SIGNED_IN)
def begin_typed(case_id: UUID, start: str) -> ResponseReturnValue:
    """Carry out an add or remove button and show the form again; nothing is judged or kept."""
    try:
        page = _opened(case_id, start, typed=True)
    except Refused as refused:
        return _refused(case_id, refused)
    page.form.apply_button(request.form)
    return _form_page(page)


@blueprint.post("/cases/<uuid:case_id>/begin/<start>/fields")
@access(SIGNED_IN)
def begin_fields(case_id: UUID, start: str) -> ResponseReturnValue:
    """The questions as the answers now ask them; nothing is judged or kept."""
    try:
        page = _opened(case_id, start, typed=True)
    except Refused as refused:
        return _refused(case_id, refused)
    change = page.form.apply_button(request.form)
    return _drawn(page, change.field_id if change else None)


def _opened(case_id: UUID, start: str, *, typed: bool = False) -> BeginningPage:
    return beginning.page(
        platform(),
        database(),
        acting(),
        viewer(),
        case_id,
        start,
        speaking=speaking(),
        formdata=posted() if typed else None,
    )


def _form_page(page: BeginningPage) -> str:
    return render_template(
        "cases/begin.html",
        page=page,
        errors=[(error.words, error.field_id) for error in page.form.errors],
        fields=_drawn(page),
    )


def _drawn(page: BeginningPage, focus: str | None = None) -> Markup:
    case_id, start = page.case_id, page.form_id
    return drawn_fields(
        page.form,
        None,
        swap=url_for("cases.begin_fields", case_id=case_id, start=start),
        send=url_for("cases.begin_typed", case_id=case_id, start=start),
        focus=focus,
    )


def _refused(case_id: UUID, refused: Refused) -> ResponseReturnValue:
    words = str(refused)
    return render_template("cases/not_interrupted.html", case_id=case_id, words=words), 409

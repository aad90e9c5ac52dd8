"""The start form: choose the person, write, send; or end with nothing recorded."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from casework import observations
from casework.observations import ObservationPage, Submitted
from webapp.access import SIGNED_IN, access
from webapp.database import database, reading_is_recorded
from webapp.languages import clock_time, speaking
from webapp.observations.blueprint import blueprint
from webapp.session import acting, now, platform, viewer
from webapp.work.drawing import drawn_fields
from webapp.work.opened import posted

LONGEST_SEARCH = 80


@blueprint.get("/observations/new")
@access(SIGNED_IN)
def start() -> ResponseReturnValue:
    """Whom it is about, or that there is nothing to record."""
    search = request.args.get("search", "").strip()[:LONGEST_SEARCH]
    page = observations.start_page(
        platform(), database(), viewer(), search=search, speaking=speaking()
    )
    return render_template("observations/start.html", page=page)


@blueprint.get("/observations/new/<uuid:person_id>")
@access(SIGNED_IN)
@reading_is_recorded
def form(person_id: UUID) -> ResponseReturnValue:
    """The form about one person, with the asker's draft in it."""
    return _form_page(_opened(person_id))


@blueprint.post("/observations/new/<uuid:person_id>")
@access(SIGNED_IN)
def send(person_id: UUID) -> ResponseReturnValue:
    """Open a case with the observation, or say what does not hold yet."""
    if "_plain" in request.form and _opened(person_id, typed=True).form.opened:
        return keep(person_id)
    sent = observations.submit(
        platform(), database(), acting(), viewer(), person_id, posted(), speaking=speaking()
    )
    if isinstance(sent, Submitted):
        return render_template("observations/sent.html", sent=sent)
    return _form_page(sent), 422


@blueprint.post("/observations/new/<uuid:person_id>/keep")
@access(SIGNED_IN)
def keep(person_id: UUID) -> ResponseReturnValue:
    """Keep what is typed, carry out an add or remove button, and show the form again."""
    page = _opened(person_id, typed=True)
    change = page.form.apply_button(request.form)
    _save(page, person_id)
    if "_later" in request.form:
        return redirect(url_for("observations.start"), 303)
    opened = page.form.opened
    anchor = change.field_id if change else f"f-{opened[0]}" if opened else None
    return redirect(url_for("observations.form", person_id=person_id, _anchor=anchor), 303)


@blueprint.post("/observations/new/<uuid:person_id>/draft")
@access(SIGNED_IN)
def draft(person_id: UUID) -> ResponseReturnValue:
    """Keep what is being typed; 409 when another window has kept a newer one."""
    page = _opened(person_id, typed=True)
    if page.draft_revision > request.form.get("revision", 0, type=int):
        return jsonify(error="elsewhere", revision=page.draft_revision), 409
    return jsonify(revision=_save(page, person_id), saved=clock_time(now()))


@blueprint.post("/observations/new/<uuid:person_id>/fields")
@access(SIGNED_IN)
def fields(person_id: UUID) -> ResponseReturnValue:
    """The questions as the answers now ask them; nothing is judged or kept."""
    page = _opened(person_id, typed=True)
    change = page.form.apply_button(request.form)
    return _drawn(page, change.field_id if change else None)


@blueprint.post("/observations/ordinary")
@access(SIGNED_IN)
def ordinary() -> ResponseReturnValue:
    """Ordinary practice, nothing to record: one more in the month's tally, and nothing else."""
    place = request.form.get("establishment", type=UUID)
    observations.ordinary_practice(platform(), database(), acting(), viewer(), place)
    return redirect(url_for("observations.kept_nothing"), 303)


@blueprint.get("/observations/ordinary")
@access(SIGNED_IN)
def kept_nothing() -> ResponseReturnValue:
    """Say that nothing has been kept."""
    return render_template("observations/kept_nothing.html")


def _opened(person_id: UUID, *, typed: bool = False) -> ObservationPage:
    return observations.observation_page(
        platform(),
        database(),
        acting(),
        viewer(),
        person_id,
        speaking=speaking(),
        formdata=posted() if typed else None,
    )


def _save(page: ObservationPage, person_id: UUID) -> int:
    revision = request.form.get("revision", type=int)
    return observations.save_draft(
        platform(), database(), acting(), viewer(), person_id, page.form.raw(), revision
    )


def _form_page(page: ObservationPage) -> str:
    errors = [(error.words, error.field_id) for error in page.form.errors]
    return render_template("observations/form.html", page=page, errors=errors, fields=_drawn(page))


def _drawn(page: ObservationPage, focus: str | None = None) -> Markup:
    person_id = page.person.person_id
    return drawn_fields(
        page.form,
        None,
        swap=url_for("observations.fields", person_id=person_id),
        send=url_for("observations.keep", person_id=person_id),
        focus=focus,
    )

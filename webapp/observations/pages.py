"""The start forms: choose the person, write, send; or end with nothing recorded."""

from __future__ import annotations

from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from casework import observations
from casework.observations import ObservationPage, Submitted
from casework.record import NewerDraft
from webapp.access import SIGNED_IN, access
from webapp.database import database, reading_is_recorded
from webapp.languages import clock_time, speaking
from webapp.observations import starting
from webapp.observations.blueprint import blueprint
from webapp.session import acting, now, platform, viewer
from webapp.work.drawing import drawn_fields
from webapp.work.opened import posted, posted_number

LONGEST_SEARCH = 80


@blueprint.get("/observations/new")
@access(SIGNED_IN)
def start() -> ResponseReturnValue:
    """Whom it is about, or that there is nothing to record."""
    search = request.args.get("search", "").strip()[:LONGEST_SEARCH]
    return render_template("observations/start.html", page=starting.start_page(search))


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
    if _is_stale(page := _opened(person_id, typed=True)):
        return _form_page(page, stale=True), 409
    sent = observations.submit(
        platform(),
        database(),
        acting(),
        viewer(),
        person_id,
        posted(),
        form_id=starting.form_id(),
        speaking=speaking(),
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
    try:
        _save(page)
    except NewerDraft:
        return _form_page(page, stale=True), 409
    if "_later" in request.form:
        return redirect(url_for("observations.start"), 303)
    opened = page.form.opened
    anchor = change.field_id if change else f"f-{opened[0]}" if opened else None
    return redirect(_address("form", page, _anchor=anchor), 303)


@blueprint.post("/observations/new/<uuid:person_id>/draft")
@access(SIGNED_IN)
def draft(person_id: UUID) -> ResponseReturnValue:
    """Keep what is being typed; 409 when another window has kept a newer one."""
    page = _opened(person_id, typed=True)
    known = request.form.get("revision", 0, type=int)
    if page.draft_revision > known or (known and not page.draft_revision):
        return jsonify(error="elsewhere", revision=page.draft_revision), 409
    return jsonify(revision=_save(page), saved=clock_time(now()))


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
    """Ordinary practice, nothing to record: one more in the month's tally, and nothing else.

    From a form about a person, what was typed there is deleted; other unfinished forms stay.
    """
    place = request.form.get("establishment", type=UUID)
    about = request.form.get("person", type=UUID)
    observations.ordinary_practice(
        platform(), database(), acting(), viewer(), place, person_id=about
    )
    return redirect(url_for("observations.kept_nothing"), 303)


@blueprint.get("/observations/ordinary")
@access(SIGNED_IN)
def kept_nothing() -> ResponseReturnValue:
    """Say that nothing has been kept."""
    return render_template("observations/kept_nothing.html")


@blueprint.post("/observations/new/<uuid:person_id>/delete")
@access(SIGNED_IN)
def delete(person_id: UUID) -> ResponseReturnValue:
    """Delete what was begun about a person and not sent."""
    observations.drop_draft(platform(), database(), viewer(), person_id, starting.form_id())
    flash(_("Deleted. Nothing of it is kept."), "success")
    return redirect(url_for("observations.start"), 303)


def _opened(person_id: UUID, *, typed: bool = False) -> ObservationPage:
    return observations.observation_page(
        platform(),
        database(),
        acting(),
        viewer(),
        person_id,
        form_id=starting.form_id(),
        speaking=speaking(),
        formdata=posted() if typed else None,
    )


def _save(page: ObservationPage) -> int:
    return observations.save_draft(
        platform(),
        database(),
        acting(),
        viewer(),
        page.person.person_id,
        page.form.raw(),
        posted_number("revision"),
        form_id=page.definition.id,
    )


def _is_stale(page: ObservationPage) -> bool:
    """Whether another window has kept something else since this page was opened."""
    known = posted_number("revision")
    if known is None or page.draft_revision <= known:
        return False
    return page.form.raw() != _opened(page.person.person_id).form.raw()


def _form_page(page: ObservationPage, *, stale: bool = False) -> str:
    return render_template(
        "observations/form.html",
        page=page,
        errors=[(error.words, error.field_id) for error in page.form.errors],
        fields=_drawn(page),
        to=lambda name: _address(name, page),
        ordinary=page.definition.id == starting.OBSERVATION,
        stale=stale,
    )


def _drawn(page: ObservationPage, focus: str | None = None) -> Markup:
    return drawn_fields(
        page.form, None, swap=_address("fields", page), send=_address("keep", page), focus=focus
    )


def _address(name: str, page: ObservationPage, _anchor: str | None = None) -> str:
    return starting.address(name, page.person.person_id, page.definition.id, _anchor)

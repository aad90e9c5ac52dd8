"""Keeps what is being typed, and shows the questions that answers open."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from webapp.access import SIGNED_IN, access
from webapp.languages import clock_time
from webapp.session import now
from webapp.work.blueprint import blueprint
from webapp.work.opened import drawn, keep, open_section, open_task, posted


@blueprint.post("/tasks/<uuid:task_id>/draft")
@access(SIGNED_IN)
def draft(task_id: UUID) -> ResponseReturnValue:
    """Keep the draft; 409 when another window has kept a newer one, or the task has ended."""
    page = open_task(task_id, posted())
    known = request.form.get("revision", 0, type=int)
    if not page.may_complete or page.draft_revision > known:
        return jsonify(error="elsewhere", revision=page.draft_revision), 409
    return jsonify(revision=keep(page), saved=clock_time(now()))


@blueprint.post("/tasks/<uuid:task_id>/fields/<section>")
@access(SIGNED_IN)
def fields(task_id: UUID, section: str) -> ResponseReturnValue:
    """The questions of a section as the answers now ask them; nothing is judged or kept."""
    page = open_section(task_id, section)
    change = page.form.apply_button(request.form)
    return drawn(page, section, change.field_id if change else None)

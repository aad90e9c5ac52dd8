"""Taking a task, giving it back, and asking a colleague for a correction."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework import work
from casework.work import AlreadyDone, Refused
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.work.blueprint import blueprint
from webapp.work.opened import open_task
from webapp.work.tasks import ended

LONGEST_MESSAGE = 2000


@blueprint.post("/tasks/<uuid:task_id>/claim")
@access(SIGNED_IN)
def claim(task_id: UUID) -> ResponseReturnValue:
    """Take the task."""
    try:
        work.claim(platform(), database(), acting(), viewer(), task_id)
    except (AlreadyDone, Refused) as refused:
        return _told(task_id, refused)
    flash(_("You hold this task now."), "success")
    return redirect(url_for("work.task", task_id=task_id), 303)


@blueprint.post("/tasks/<uuid:task_id>/release")
@access(SIGNED_IN)
def release(task_id: UUID) -> ResponseReturnValue:
    """Give the task back to the group."""
    try:
        work.release(platform(), database(), acting(), viewer(), task_id)
    except (AlreadyDone, Refused) as refused:
        return _told(task_id, refused)
    flash(_("The task is back with your group. What you typed is kept for you."), "success")
    return redirect(url_for("work.my_work"), 303)


@blueprint.get("/tasks/<uuid:task_id>/hand-back")
@access(SIGNED_IN)
def hand_back(task_id: UUID) -> ResponseReturnValue:
    """Ask whose answers need a correction, and what is to be corrected."""
    return _hand_back_page(task_id)


@blueprint.post("/tasks/<uuid:task_id>/hand-back")
@access(SIGNED_IN)
def send_back(task_id: UUID) -> ResponseReturnValue:
    """Make the task 'Correct ...' for the author, with the message."""
    message = request.form.get("message", "").strip()
    entry_id = request.form.get("entry_id", type=UUID)
    if not message or len(message) > LONGEST_MESSAGE:
        return _hand_back_page(task_id, _("Write what is to be corrected"), "message"), 422
    try:
        work.hand_back(
            platform(),
            database(),
            acting(),
            viewer(),
            task_id,
            message,
            entry_id=entry_id,
            speaking=speaking(),
        )
    except AlreadyDone as done:
        return _told(task_id, done)
    except Refused as refused:
        return _hand_back_page(task_id, str(refused), "message"), 409
    flash(_("The request has been sent. It stands in the author's work as a task."), "success")
    return redirect(url_for("work.task", task_id=task_id), 303)


def _told(task_id: UUID, refused: AlreadyDone | Refused) -> ResponseReturnValue:
    page = open_task(task_id)
    if isinstance(refused, AlreadyDone):
        return ended(page)
    return render_template("work/refused.html", page=page, words=str(refused)), 409


def _hand_back_page(task_id: UUID, words: str = "", field: str = "") -> str:
    return render_template(
        "work/hand_back.html",
        page=open_task(task_id),
        errors=[(words, field)] if words else [],
        message=request.form.get("message", ""),
        chosen=request.form.get("entry_id", ""),
    )

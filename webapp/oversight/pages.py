"""The pages of oversight: state, never content."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework import oversight
from casework.work import AlreadyDone, Refused
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.oversight.tallies import tallies
from webapp.session import acting, now, platform, viewer

blueprint = Blueprint("oversight", __name__)


@blueprint.get("/oversight")
@access(SIGNED_IN)
def overview() -> ResponseReturnValue:
    """Overdue, escalated and open tasks at the places the asker supervises."""
    seen = oversight.overview(platform(), database(), viewer(), now(), speaking=speaking())
    return render_template(
        "oversight/overview.html", seen=seen, tallies=tallies() if seen.may_oversee else []
    )


@blueprint.get("/oversight/tasks/<uuid:task_id>/reassign")
@access(SIGNED_IN)
def choose_holder(task_id: UUID) -> ResponseReturnValue:
    """Ask who shall take the task, and why; 409 when there is nothing to move any more."""
    return _reassign_page(task_id)


@blueprint.post("/oversight/tasks/<uuid:task_id>/reassign")
@access(SIGNED_IN)
def reassign(task_id: UUID) -> ResponseReturnValue:
    """Move the task; a missing name or reason is asked again, nothing typed is lost."""
    to_user = request.form.get("to_user", type=UUID)
    reason = request.form.get("reason", "").strip()
    if errors := _missing(to_user, reason):
        return _reassign_page(task_id, errors, 422)
    assert to_user is not None  # noqa: S101 - _missing has said so
    try:
        oversight.reassign(platform(), database(), acting(), viewer(), task_id, to_user, reason)
    except (Refused, AlreadyDone) as refused:
        return _reassign_page(task_id, [(_words(refused), "to_user")], 409)
    flash(_("The task has been moved. Both have been told why."), "success")
    return redirect(url_for("oversight.overview"), 303)


def _reassign_page(
    task_id: UUID, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> ResponseReturnValue:
    page = oversight.reassign_page(
        platform(), database(), viewer(), task_id, now(), speaking=speaking()
    )
    if not page.task.is_open:
        return render_template("oversight/finished.html", task=page.task), 409
    typed = {name: request.form.get(name, "") for name in ("to_user", "reason")}
    answer = render_template("oversight/reassign.html", page=page, errors=errors or [], typed=typed)
    return answer, status


def _missing(to_user: UUID | None, reason: str) -> list[tuple[str, str]]:
    errors = []
    if to_user is None:
        errors.append((_("Select who shall take the task"), "to_user"))
    if not reason:
        errors.append((_("Enter why the task is moved"), "reason"))
    return errors


def _words(refused: Refused | AlreadyDone) -> str:
    if isinstance(refused, AlreadyDone):
        return str(_("The task is no longer open: there is nothing to move."))
    return str(refused)

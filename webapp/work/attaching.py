"""Puts an observation that a rater wrote earlier under an item of the grid."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework import grids, observations
from casework.work import AlreadyDone, Choice, Refused, TaskPage
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.work.blueprint import blueprint


@blueprint.post("/tasks/<uuid:task_id>/attach")
@access(SIGNED_IN)
def attach(task_id: UUID) -> ResponseReturnValue:
    """Use an earlier own observation as a statement of the chosen item."""
    entry_id, item = request.form.get("entry_id", type=UUID), request.form.get("item", "")
    if entry_id is None:
        abort(400)
    try:
        observations.attach(
            platform(),
            database(),
            acting(),
            viewer(),
            task_id,
            entry_id,
            item,
            speaking=speaking(),
        )
    except AlreadyDone:
        return redirect(url_for("work.task", task_id=task_id), 303)
    except Refused as refused:
        flash(str(refused))
    else:
        flash(_("Your observation now stands under the item. Complete it there."), "success")
    return redirect(url_for("work.task", task_id=task_id), 303)


def items(page: TaskPage) -> tuple[Choice, ...]:
    """The items of a grid under which an observation can be put."""
    say = speaking().translate
    return tuple(Choice(item.key, say(item.label)) for item in grids.items(page.definition))

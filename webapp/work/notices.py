"""Notifications: what a function should know, until its reader puts it away."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework import notifications as told
from casework.access_policy import DANGER
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, now, platform, viewer
from webapp.work.blueprint import blueprint


@blueprint.get("/notifications")
@access(SIGNED_IN)
def notifications() -> ResponseReturnValue:
    """All notifications not put away, newest first."""
    notices = told.visible(platform(), database(), viewer(), now=now(), speaking=speaking())
    return render_template("notifications/list.html", notices=notices)


@blueprint.post("/notifications/<uuid:notification_id>/put-away")
@access(SIGNED_IN)
def put_away(notification_id: UUID) -> ResponseReturnValue:
    """Hide one for the asker alone."""
    code = told.put_away(database(), acting(), viewer(), notification_id)
    if code == DANGER:
        flash(_("Noted that you have seen it. It stays in the case's own history."), "success")
    else:
        flash(_("Put away. It stays in the case's own history."), "success")
    back = "work.my_work" if request.form.get("from") == "work" else "work.notifications"
    return redirect(url_for(back), 303)


def is_urgent() -> bool:
    """Whether an escalation waits to be read, for the mark in the header."""
    return told.is_urgent(database(), viewer())

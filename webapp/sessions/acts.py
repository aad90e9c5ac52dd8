"""What is done in a session: attendance, closing opinions, putting an item off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.commission import attendance, closing, opinions, visible
from casework.commission.functions import OFFICES
from casework.refusals import Refused
from casework.tables import AgendaItem
from webapp.access import access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.sessions.blueprint import LEADING, blueprint
from webapp.sessions.pages import session_page


@blueprint.post("/sessions/<uuid:session_id>/attendance")
@access(*LEADING)
def attend(session_id: UUID) -> ResponseReturnValue:
    """Note who is present, for one item or for all that are still open."""
    visible.require(database(), viewer(), session_id)
    item_id = _item_id()
    asked = [office for office in request.form.getlist("asked") if office in OFFICES]
    here = set(request.form.getlist("present"))
    try:
        attendance.note(
            platform(),
            database(),
            acting(),
            viewer(),
            session_id,
            {office: office in here for office in asked},
            item_id=item_id,
            speaking=speaking(),
        )
    except Refused as refused:
        return _refused(session_id, refused)
    flash(_("Attendance is noted."), "success")
    return _back(session_id, item_id)


def _item_id() -> UUID | None:
    """The item that the post is about, None for all; what is there and is none is no post of
    ours."""
    text = request.form.get("item")
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        abort(400)


@blueprint.post("/sessions/items/<uuid:item_id>/close-opinions")
@access(*LEADING)
def close_opinions(item_id: UUID) -> ResponseReturnValue:
    """The chair closes the opinions on an item."""
    words = _("The opinions are closed. Those who sit can read them now.")
    return _item_act(item_id, opinions.close, words)


@blueprint.post("/sessions/items/<uuid:item_id>/put-off")
@access(*LEADING)
def put_off(item_id: UUID) -> ResponseReturnValue:
    """The item goes to the next agenda."""
    words = _("The item goes to the next agenda. Its clocks run on.")
    return _item_act(item_id, closing.put_off, words)


def _item_act(item_id: UUID, act: Callable[..., AgendaItem], words: str) -> ResponseReturnValue:
    asked: tuple[Any, ...] = (platform(), database(), acting(), viewer(), item_id, speaking())
    try:
        item = act(*asked)
    except Refused as refused:
        return _refused(database().get_one(AgendaItem, item_id).session_id, refused)
    flash(words, "success")
    return _back(item.session_id, item_id)


def _back(session_id: UUID, item_id: UUID | None = None) -> ResponseReturnValue:
    anchor = f"item-{item_id}" if item_id else None
    return redirect(url_for("sessions.session", session_id=session_id, _anchor=anchor), 303)


def _refused(session_id: UUID, refused: Refused) -> ResponseReturnValue:
    """The page again, with why it cannot be done."""
    database().rollback()
    return session_page(session_id, [(str(refused), "agenda")]), 409

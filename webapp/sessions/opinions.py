"""One member's opinions on all items of a session: each is kept and sent by itself."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from casework import record, work
from casework.commission import opinionspage, standing_in
from casework.commission.sessionpages import OpinionCard
from casework.record import NewerDraft
from casework.work import AlreadyDone, Refused, TaskPage
from forms import BoundForm
from processes.tables import HumanTask
from webapp.access import access
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.sessions.blueprint import MEMBERS, blueprint
from webapp.sessions.numbered import numbered
from webapp.work.drawing import drawn_fields
from webapp.work.opened import knows_too_little, posted, posted_number


@blueprint.get("/sessions/<uuid:session_id>/opinions")
@access(*MEMBERS)
@reading_is_recorded
def opinions(session_id: UUID) -> ResponseReturnValue:
    """Every item on which the asker sits, with the form while it is open."""
    return _page(session_id)


@blueprint.get("/sessions/<uuid:session_id>/pack")
@access(*MEMBERS)
@reading_is_recorded
def pack(session_id: UUID) -> ResponseReturnValue:
    """What the asker may read of each case until the session is closed."""
    page = opinionspage.pack_page(
        platform(), database(), acting(), viewer(), session_id, speaking=speaking()
    )
    return render_template("sessions/pack.html", page=page)


@blueprint.post("/sessions/<uuid:session_id>/opinions/<uuid:task_id>")
@access(*MEMBERS)
def give(session_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """Send one opinion, or keep it for later; the others on the page are left as they are."""
    task = opinionspage.require_own(database(), viewer(), session_id, task_id)
    if task.state != "open":
        return _gone(session_id)
    form = opinionspage.posted_form(
        platform(), database(), acting(), viewer(), task, posted(), speaking()
    )
    try:
        if "_later" in request.form or form.opened:
            return _kept(session_id, task, form)
        _require_known(task, form)
    except NewerDraft:
        return _page(session_id, {task.id: form}, stale=task.id), 409
    return _send(session_id, task)


def _require_known(task: HumanTask, form: BoundForm) -> None:
    """NewerDraft when what is sent would drop what another window has kept since."""
    draft = record.load_draft(platform(), database(), viewer().user_id, task.id)
    if draft is not None and knows_too_little(task.id) and draft[0] != form.raw():
        raise NewerDraft


def _send(session_id: UUID, task: HumanTask) -> ResponseReturnValue:
    try:
        done = work.complete(
            platform(),
            database(),
            acting(),
            viewer(),
            task.id,
            posted(),
            speaking=speaking(),
        )
    except AlreadyDone:
        return _gone(session_id)
    except Refused as refused:
        flash(str(refused))
        return _back(session_id)
    if isinstance(done, TaskPage):
        with suppress(NewerDraft):  # what was typed is shown, what another window kept stands
            _keep(task, done.form)
        return _page(session_id, {task.id: done.form}), 422
    flash(_("Your opinion is in. Nobody reads it before the chair closes the opinions."), "success")
    return _back(session_id)


def _kept(session_id: UUID, task: HumanTask, form: BoundForm) -> ResponseReturnValue:
    _keep(task, form)
    if "_later" in request.form:
        flash(_("Kept. You can go on at any time."), "success")
    else:
        flash(_("Your answers opened more questions on this page."))
    return _back(session_id, f"opinion-{task.id}")


def _keep(task: HumanTask, form: BoundForm) -> None:
    revision = posted_number("revision")
    record.save_draft(platform(), database(), acting(), task.id, form.raw(), revision)


@blueprint.post("/sessions/<uuid:session_id>/opinions/<uuid:task_id>/stand-in")
@access(*MEMBERS)
def stand_in(session_id: UUID, task_id: UUID) -> ResponseReturnValue:
    """The alternate takes the seat of a member who cannot come."""
    opinionspage.require_own(database(), viewer(), session_id, task_id)
    try:
        standing_in.stand_in(platform(), database(), acting(), viewer(), task_id, speaking())
    except Refused as refused:
        flash(str(refused))
    else:
        flash(_("The seat is yours now. Give your opinion below."), "success")
    return _back(session_id, f"opinion-{task_id}")


def _page(
    session_id: UUID,
    forms: dict[UUID, BoundForm] | None = None,
    *,
    stale: UUID | None = None,
) -> str:
    """The page; `stale` is the step of which another window has kept newer answers."""
    page = opinionspage.opinions_page(
        platform(), database(), acting(), viewer(), session_id, forms=forms, speaking=speaking()
    )
    fields = {card.task_id: _drawn(session_id, card) for card in page.cards if card.form}
    errors = [
        (f"{card.title}: {error.words}", f"n{card.position}-{error.field_id}")
        for card in page.cards
        if card.form is not None
        for error in card.form.errors
    ]
    return render_template(
        "sessions/opinions.html", page=page, fields=fields, errors=errors, stale=stale
    )


def _drawn(session_id: UUID, card: OpinionCard) -> Markup:
    """The questions of one item, with ids of their own: the same form stands here many times."""
    assert card.form is not None  # noqa: S101 - asked for cards with a form alone
    here = url_for("sessions.give", session_id=session_id, task_id=card.task_id)
    return numbered(drawn_fields(card.form, None, swap=here, send=here), f"n{card.position}-")


def _back(session_id: UUID, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("sessions.opinions", session_id=session_id, _anchor=anchor), 303)


def _gone(session_id: UUID) -> ResponseReturnValue:
    flash(_("The opinions on this item are closed, or given."))
    return _back(session_id)

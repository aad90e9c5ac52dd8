"""Takes answers: section by section as a draft, at the end as what counts."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework import work
from casework.record import NewerDraft
from casework.work import AlreadyDone, ChangedMeanwhile, Completed, Refused, TaskPage
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import acting, platform, viewer
from webapp.work.blueprint import blueprint
from webapp.work.opened import (
    is_decision,
    keep,
    knows_too_little,
    open_section,
    open_task,
    posted,
    posted_number,
)
from webapp.work.tasks import ended, refused_page, says_something, section_page, stale_page


@blueprint.post("/tasks/<uuid:task_id>")
@access(SIGNED_IN)
def complete(task_id: UUID) -> ResponseReturnValue:
    """Send the answers: the task is done, or the page says what does not hold yet."""
    read_through = posted_number("_kept")
    if read_through is None and knows_too_little(task_id):
        page = open_task(task_id, posted())
        if page.state == "open" and page.form.raw() != open_task(task_id).form.raw():
            return stale_page(page, page.form.sections[0].key), 409
    if "_plain" in request.form and (page := open_task(task_id, posted())).form.opened:
        return _more_questions(page, request.form["_plain"])
    try:
        result = work.complete(
            platform(),
            database(),
            acting(),
            viewer(),
            task_id,
            posted() if read_through is None else None,
            speaking=speaking(),
            read_through=read_through,
        )
    except ChangedMeanwhile as changed:
        flash(str(changed))
        return redirect(url_for("work.check", task_id=task_id), 303)
    except (AlreadyDone, Refused) as refused:
        return _too_late(task_id, refused)
    if isinstance(result, Completed):
        return render_template("work/completed.html", done=result)
    with suppress(NewerDraft):
        keep(result)
    return refused_page(result), 422


@blueprint.post("/tasks/<uuid:task_id>/<section>")
@access(SIGNED_IN)
def answer(task_id: UUID, section: str) -> ResponseReturnValue:
    """Keep a section as a draft and go on; nothing typed is refused here, unless another window
    has kept something newer: that stands, and what was typed is shown with it."""
    page = open_section(task_id, section)
    if page.state != "open":
        return _in_vain(page)
    change = page.form.apply_button(request.form)
    try:
        keep(page)
    except NewerDraft:
        return stale_page(page, section), 409
    if change:
        return _back_to(page, section, change.field_id)
    if page.form.opened and "_later" not in request.form:
        return _more_questions(page, section)
    return _onwards(page, section)


def _more_questions(page: TaskPage, section: str) -> ResponseReturnValue:
    """Without script, answers open questions that the page could not show yet."""
    try:
        keep(page)
    except NewerDraft:
        return stale_page(page, section), 409
    flash(_("Your answers opened more questions on this page."))
    return _back_to(page, section, f"f-{page.form.opened[0]}")


def _onwards(page: TaskPage, section: str) -> ResponseReturnValue:
    """The next section; after the last one the answers once more."""
    if "_later" in request.form:
        flash(_("Kept. You can go on at any time."), "success")
        return redirect(url_for("work.my_work"), 303)
    keys = [part.key for part in page.form.sections]
    if is_decision(page) and len(keys) == 1 and not page.form.validate():
        return section_page(page, section), 422
    after = keys[keys.index(section) + 1 :] if section in keys else keys
    if after:
        return redirect(url_for("work.section", task_id=page.task_id, section=after[0]), 303)
    return redirect(url_for("work.check", task_id=page.task_id), 303)


def _back_to(page: TaskPage, section: str, field_id: str) -> ResponseReturnValue:
    address = url_for("work.section", task_id=page.task_id, section=section, _anchor=field_id)
    return redirect(address, 303)


def _too_late(task_id: UUID, refused: AlreadyDone | Refused) -> ResponseReturnValue:
    """Somebody else was first: say who and when, keep and show what was typed."""
    page = open_task(task_id, None if "_kept" in request.form else posted())
    if isinstance(refused, AlreadyDone):
        return _in_vain(page)
    try:
        kept = bool(keep(page))
    except NewerDraft:
        kept = False
    return render_template("work/refused.html", page=page, words=str(refused), kept=kept), 409


def _in_vain(page: TaskPage) -> ResponseReturnValue:
    if says_something(page):
        with suppress(NewerDraft):
            keep(page)
    return ended(page, 409)

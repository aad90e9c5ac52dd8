"""Opening what was answered: audited, and outside one's own work only with a reason."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework import casefile
from casework.access import NotVisible, require_entry
from casework.tables import RecordEntry
from processes.ports import JournalEntry
from webapp.access import SIGNED_IN, access
from webapp.cases.blueprint import blueprint
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, platform, viewer

OWN_WORK = frozenset({"own", "task", "danger", "pack", "opinion"})
"""Grounds of reading that say themselves why: one's own answers, a task in the case, a danger to
which one was called, a seat in a session that runs."""


@blueprint.get("/entries/<uuid:entry_id>")
@access(SIGNED_IN)
@reading_is_recorded
def entry(entry_id: UUID) -> ResponseReturnValue:
    """The answers; whoever has no task in the case is first asked why."""
    found = _found(entry_id)
    if require_entry(database(), viewer(), found) in OWN_WORK:
        return _entry_page(entry_id)
    return render_template("cases/reason.html", entry=found, reasons=reasons(), errors=[])


@blueprint.post("/entries/<uuid:entry_id>")
@access(SIGNED_IN)
def open_entry(entry_id: UUID) -> ResponseReturnValue:
    """The answers, with the reason written down."""
    found, reason = _found(entry_id), request.form.get("reason", "")
    require_entry(database(), viewer(), found)
    if reason not in dict(reasons()):
        errors = [(_("Select why you open the answers"), "reason")]
        page = render_template("cases/reason.html", entry=found, reasons=reasons(), errors=errors)
        return page, 422
    told = JournalEntry("entry.reason", found.case_id, "entry", found.id, {"reason": reason})
    platform().ports.journal.write(database(), acting(), told)
    return _entry_page(entry_id)


def reasons() -> tuple[tuple[str, str], ...]:
    """Why one may open answers outside a task, as codes with their words."""
    return (
        ("coordination", _("I follow this case in my function")),
        ("request", _("The person asked for something, and I am answering")),
        ("complaint", _("A complaint or an appeal is being looked into")),
        ("review", _("I check how the work is done")),
    )


def _found(entry_id: UUID) -> RecordEntry:
    found = database().get(RecordEntry, entry_id)
    if found is None:
        raise NotVisible("entry", entry_id)
    return found


def _entry_page(entry_id: UUID) -> str:
    page = casefile.entry_page(
        platform(), database(), acting(), viewer(), entry_id, speaking=speaking()
    )
    return render_template("cases/entry.html", page=page)

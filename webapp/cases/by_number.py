"""Naming by register number the person about whom something begins."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import by_number
from casework.access import NotVisible
from casework.casepages import Beginning
from casework.refusals import Refused
from webapp.access import SIGNED_IN, access
from webapp.cases.blueprint import blueprint
from webapp.database import database
from webapp.languages import speaking
from webapp.limits import asker, has_failed, limiter
from webapp.session import acting, platform, viewer


@blueprint.get("/begin/<start>")
@access(SIGNED_IN)
def begin_by_number(start: str) -> ResponseReturnValue:
    """Ask for the number; the page does not exist for functions that begin nothing of the kind."""
    return _page(start)


@blueprint.post("/begin/<start>")
@access(SIGNED_IN)
@limiter.limit("30 per hour", key_func=asker, deduct_when=has_failed)
def begin_found(start: str) -> ResponseReturnValue:
    """On to the form in the person's open case, or say that there is none."""
    try:
        case_id = by_number.find(
            platform(),
            database(),
            acting(),
            viewer(),
            start,
            request.form.get("number", ""),
            speaking=speaking(),
        )
    except Refused as refused:
        return _page(start, str(refused)), 422
    return redirect(url_for("cases.begin_form", case_id=case_id, start=start), 303)


def beginnings() -> tuple[Beginning, ...]:
    """What the asker may begin about a person named by number, for links to here."""
    return by_number.offered(platform(), database(), viewer(), speaking())


def _page(start: str, error: str | None = None) -> str:
    found = next((one for one in beginnings() if one.form_id == start), None)
    if found is None:
        raise NotVisible("form", viewer().user_id)
    return render_template(
        "cases/begin_by_number.html",
        beginning=found,
        number=request.form.get("number", ""),
        errors=[(error, "number")] if error else [],
    )

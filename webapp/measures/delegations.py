"""Delegations of signature: the list, giving one, ending one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.measures import delegating
from casework.refusals import Refused
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.measures.blueprint import blueprint
from webapp.session import acting, platform, viewer

DATES = ("valid_from", "valid_to")
PARTS = ("day", "month", "year")


@blueprint.get("/delegations")
@access(SIGNED_IN)
def delegations_list() -> ResponseReturnValue:
    """Those that concern the asker, and the form to give one."""
    return _page()


@blueprint.post("/delegations")
@access(SIGNED_IN)
def give() -> ResponseReturnValue:
    """Give one; what is missing or cannot be is asked again, nothing typed is lost."""
    errors = _missing()
    if errors:
        return _page(errors), 422
    valid_from, valid_to = (_day(name) for name in DATES)
    assert valid_from and valid_to  # noqa: S101, PT018 - _missing has said so
    try:
        delegating.give(
            platform(),
            database(),
            acting(),
            viewer(),
            role_at=request.form["role_at"],
            act=request.form["act"],
            to_user=UUID(request.form["to_user"]),
            valid_from=valid_from,
            valid_to=valid_to,
            speaking=speaking(),
        )
    except Refused as refused:
        database().rollback()
        return _page([(str(refused), "role_at")]), 409
    flash(
        _("The delegation is given. It is printed with every decision signed under it."), "success"
    )
    return redirect(url_for("measures.delegations_list"), 303)


@blueprint.post("/delegations/<uuid:delegation_id>/end")
@access(SIGNED_IN)
def end(delegation_id: UUID) -> ResponseReturnValue:
    """End one now; what was signed under it stands."""
    delegating.end(platform(), database(), acting(), viewer(), delegation_id)
    flash(_("The delegation has ended. What was signed under it stands."), "success")
    return redirect(url_for("measures.delegations_list"), 303)


def is_offered() -> bool:
    """Whether delegations concern the asker."""
    return delegating.may_open(database(), viewer())


def _page(errors: list[tuple[str, str]] | None = None) -> str:
    page = delegating.page(platform(), database(), viewer(), speaking=speaking())
    typed = {name: request.form.get(name, "") for name in ("role_at", "act", "to_user")}
    dates = {name: {p: request.form.get(f"{name}-{p}", "") for p in PARTS} for name in DATES}
    return render_template(
        "measures/delegations.html", page=page, errors=errors or [], typed=typed, dates=dates
    )


def _missing() -> list[tuple[str, str]]:
    asked = {
        "role_at": _("Select the function you delegate"),
        "act": _("Select what may be signed"),
        "to_user": _("Select who may sign"),
    }
    errors = [(words, name) for name, words in asked.items() if not request.form.get(name)]
    if request.form.get("to_user") and request.form.get("to_user", type=UUID) is None:
        errors.append((asked["to_user"], "to_user"))
    days = {
        "valid_from": _("Enter the first day, such as 3 3 2027"),
        "valid_to": _("Enter the last day, such as 2 4 2027"),
    }
    errors += [(words, f"{name}-day") for name, words in days.items() if _day(name) is None]
    return errors


def _day(name: str) -> date | None:
    """The day typed in three parts; None where they make none."""
    try:
        day, month, year = (int(request.form.get(f"{name}-{part}", "")) for part in PARTS)
        return date(year, month, day)
    except ValueError:
        return None

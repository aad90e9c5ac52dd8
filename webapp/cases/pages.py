"""The list of cases, and the page of one case."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from casework import casefile
from casework.casefile import CaseFilters
from webapp.access import SIGNED_IN, access
from webapp.cases.blueprint import blueprint
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, now, platform, viewer

STATES = ("open", "closed", "all")
LONGEST_SEARCH = 80


@blueprint.get("/cases")
@access(SIGNED_IN)
def index() -> ResponseReturnValue:
    """Cases the asker may see, newest first."""
    filters = asked()
    found = casefile.cases(platform(), database(), viewer(), now(), filters, speaking=speaking())
    return render_template(
        "cases/list.html", found=found, states=states(), filtering=filters != CaseFilters()
    )


@blueprint.get("/cases/<uuid:case_id>")
@access(SIGNED_IN)
@reading_is_recorded
def case(case_id: UUID) -> ResponseReturnValue:
    """Where a case stands, what is open, which clocks run, what happened."""
    page = casefile.case_page(
        platform(), database(), acting(), viewer(), case_id, speaking=speaking()
    )
    return render_template("cases/case.html", page=page)


def asked() -> CaseFilters:
    """The filters in the address; what is not a known value counts as not asked."""
    state = request.args.get("state", "open")
    return CaseFilters(
        search=request.args.get("search", "").strip()[:LONGEST_SEARCH],
        state=state if state in STATES else "open",
        establishment_id=request.args.get("establishment", type=UUID),
        stage=request.args.get("stage") or None,
    )


def states() -> tuple[tuple[str, str], ...]:
    """The states one can ask for, in words."""
    return (("open", pgettext("cases", "Open")), ("closed", _("Closed")), ("all", _("All")))

"""Clients, what is due, and the consent of one of them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from casework.clients import overview
from webapp.access import access
from webapp.cases.by_number import beginnings
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, platform, viewer

blueprint = Blueprint("clients", __name__)


@blueprint.get("/clients")
@access(*overview.READERS)
def index() -> ResponseReturnValue:
    """Clients whose release is planned or who are supervised."""
    found = overview.clients(platform(), database(), acting(), viewer(), speaking())
    return render_template("clients/index.html", clients=found, beginnings=beginnings())


@blueprint.get("/clients/<uuid:case_id>")
@access(*overview.READERS)
@reading_is_recorded
def client(case_id: UUID) -> ResponseReturnValue:
    """One client: what is due, the consent, what was shared."""
    seen = overview.client(platform(), database(), acting(), viewer(), case_id, speaking())
    return render_template("clients/client.html", seen=seen, case_id=case_id)

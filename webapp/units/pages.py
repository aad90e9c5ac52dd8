"""Pages of special units."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from casework.units import pages
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import now, platform, viewer

blueprint = Blueprint("units", __name__)


@blueprint.get("/units")
@access(*pages.READERS)
def index() -> ResponseReturnValue:
    """All units at the places the asker reaches."""
    page = pages.units_page(database(), viewer(), speaking())
    return render_template("units/list.html", page=page)


@blueprint.get("/units/<uuid:unit_id>")
@access(SIGNED_IN)
def unit(unit_id: UUID) -> ResponseReturnValue:
    """One unit, and who waits for a place in one of its kind."""
    page = pages.unit_page(platform(), database(), viewer(), unit_id, now(), speaking())
    return render_template("units/unit.html", page=page)

"""Cases and measures of a region, the next to end first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from casework.supervision import region
from webapp.access import access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import now, viewer

blueprint = Blueprint("region", __name__)


@blueprint.get("/region")
@access(*region.READERS)
def ending() -> ResponseReturnValue:
    """What runs at the places the asker reaches, and when each of it ends."""
    asked = request.args.get("page", 1, type=int)
    kind = request.args.get("kind", "")
    page = region.region_page(database(), viewer(), now(), asked, kind, speaking())
    return render_template("region/ending.html", page=page)

"""Answers owed to opinions of commissions, the oldest first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from casework.commission import owed
from webapp.access import access
from webapp.database import database
from webapp.languages import speaking
from webapp.session import now, viewer

blueprint = Blueprint("owed", __name__)


@blueprint.get("/answers-owed")
@access(*owed.READERS)
def answers() -> ResponseReturnValue:
    """What waits for an answer at the places the asker reaches."""
    asked = request.args.get("page", 1, type=int)
    page = owed.owed_page(database(), viewer(), now(), asked, speaking())
    return render_template("owed/answers.html", page=page)

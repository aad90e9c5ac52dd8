"""To sign, ending soon, answers owed."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.measures import desk
from webapp.access import SIGNED_IN, access
from webapp.cases.by_number import beginnings
from webapp.database import database
from webapp.languages import speaking
from webapp.measures.blueprint import blueprint
from webapp.session import acting, platform, viewer


@blueprint.get("/to-sign")
@access(SIGNED_IN)
def to_sign() -> ResponseReturnValue:
    """What waits for the asker's signature, what ends soon, what is owed."""
    seen = desk.desk(platform(), database(), acting(), viewer(), speaking=speaking())
    return render_template("measures/to_sign.html", seen=seen, beginnings=beginnings())


def is_offered() -> bool:
    """Whether the asker signs anything."""
    return desk.signs(database(), viewer())

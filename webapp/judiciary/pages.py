"""What was sent to a judge, with its receipt; the quarterly list of placements."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from casework import judiciary
from casework.judiciary import Quarter
from webapp.access import access
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, now, platform, viewer

blueprint = Blueprint("judiciary", __name__)


@blueprint.get("/sent-to-judges")
@access(*judiciary.JUDGES)
@reading_is_recorded
def transmitted() -> ResponseReturnValue:
    """What was sent to the asker, the newest first."""
    rows = judiciary.transmitted(platform(), database(), acting(), viewer())
    return render_template("judiciary/transmitted.html", rows=rows)


@blueprint.get("/quarterly-list")
@access(*judiciary.LISTED_FOR)
def this_quarter() -> ResponseReturnValue:
    """The list of the quarter that runs."""
    return _list(judiciary.of_day(now().date()))


@blueprint.get("/quarterly-list/<int:year>/<int:quarter>")
@access(*judiciary.LISTED_FOR)
def quarterly(year: int, quarter: int) -> ResponseReturnValue:
    """The list of a quarter: number, identity, duration."""
    if not (2000 <= year <= 2199 and 1 <= quarter <= 4):
        abort(404)
    return _list(Quarter(year, quarter))


def _list(quarter: Quarter) -> str:
    today = now().date()
    rows = judiciary.quarterly(database(), viewer(), quarter, today, speaking())
    return render_template("judiciary/placements.html", rows=rows, quarter=quarter, today=today)

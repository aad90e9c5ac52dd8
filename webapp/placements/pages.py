"""What is proposed, carried out and contested; the file of a court as a paper."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from casework.placement import bundle, overview
from webapp.access import access
from webapp.cases.by_number import beginnings
from webapp.database import database, reading_is_recorded
from webapp.languages import speaking
from webapp.session import acting, platform, viewer

blueprint = Blueprint("placements", __name__)


@blueprint.get("/placements")
@access(*overview.READERS)
def index() -> ResponseReturnValue:
    """Placements at the places the asker's functions reach."""
    seen = overview.placements(platform(), database(), acting(), viewer(), speaking())
    return render_template("placements/index.html", seen=seen, beginnings=beginnings())


@blueprint.get("/court-files/<uuid:document_id>.pdf")
@access(*bundle.READERS)
@reading_is_recorded
def court_file(document_id: UUID) -> ResponseReturnValue:
    """The numbered file that went to a court."""
    number, pdf = bundle.read(platform(), database(), acting(), viewer(), document_id)
    answer = send_file(
        BytesIO(pdf),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"court-file-{number}.pdf",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer

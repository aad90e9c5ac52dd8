"""The minutes as a file to download; the reading is audited."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import send_file
from flask.typing import ResponseReturnValue

from casework.commission import minutes
from casework.commission.functions import OVERSIGHT
from webapp.access import access
from webapp.database import database, reading_is_recorded
from webapp.session import acting, platform, viewer
from webapp.sessions.blueprint import LEADING, blueprint


@blueprint.get("/sessions/<uuid:session_id>/minutes.pdf")
@access(*LEADING, OVERSIGHT)
@reading_is_recorded
def minutes_pdf(session_id: UUID) -> ResponseReturnValue:
    """The numbered minutes."""
    number, pdf = minutes.read(platform(), database(), acting(), viewer(), session_id)
    answer = send_file(
        BytesIO(pdf),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"minutes-{number}.pdf",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""The pages of the deployed models."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from casework import drawings
from casework.access import NotVisible
from casework.words import Wording
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.models import shelf
from webapp.models.told import stories
from webapp.session import platform, viewer

blueprint = Blueprint("models", __name__)

A_DAY = "private, max-age=86400"
"""A version never changes, so its drawing may be kept for a while."""


@blueprint.get("/models")
@access(SIGNED_IN)
def index() -> ResponseReturnValue:
    """The models in which new cases start."""
    versions = shelf.deployed(database(), viewer().agency_id)
    told = [(version, _wording(version.id).process(version.model)) for version in versions]
    return render_template("models/list.html", versions=told)


@blueprint.get("/models/<uuid:version_id>")
@access(SIGNED_IN)
def model(version_id: UUID) -> ResponseReturnValue:
    """One model: every process of it as a diagram and in words."""
    version = shelf.version(database(), viewer().agency_id, version_id)
    told = stories(_wording(version_id), version.model)
    return render_template("models/model.html", version=version, stories=told)


@blueprint.get("/models/<uuid:version_id>/<process>.bpmn")
@access(SIGNED_IN)
def drawing(version_id: UUID, process: str) -> ResponseReturnValue:
    """The drawing of one process, in the reader's language (named in the address, for caches)."""
    shelf.version(database(), viewer().agency_id, version_id)
    info = platform().models.model(database(), version_id).processes.get(process)
    if info is None:
        raise NotVisible("process", version_id)
    raw = platform().models.files(database(), version_id)[info.file]
    pack = platform().models.pack(database(), version_id)
    drawn = drawings.in_language(raw, pack.id, speaking().language)
    answer = Response(drawn, mimetype="application/xml")
    answer.headers["Cache-Control"] = A_DAY
    return answer


def _wording(version_id: UUID) -> Wording:
    models = platform().models
    return Wording.of(
        models.model(database(), version_id), models.pack(database(), version_id), speaking()
    )

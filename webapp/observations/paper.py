"""Blank forms on paper: a sheet to print, with boxes and lines."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from casework.access import NotVisible
from forms import FormDefinition
from webapp.access import SIGNED_IN, access
from webapp.database import database
from webapp.languages import speaking
from webapp.models import shelf
from webapp.observations.blueprint import blueprint
from webapp.session import platform, viewer


@blueprint.get("/forms/<form>/blank")
@access(SIGNED_IN)
def blank(form: str) -> ResponseReturnValue:
    """A form of a deployed process as a sheet to print and fill in by hand."""
    sheet = _deployed_form(form).blank(speaking().translate)
    return render_template("observations/blank.html", sheet=sheet)


def _deployed_form(name: str) -> FormDefinition:
    for version in shelf.deployed(database(), viewer().agency_id):
        if f"{name}.form" in platform().models.files(database(), version.id):
            return platform().models.form(database(), version.id, name)
    raise NotVisible("form")

"""The area of observations; its views hang on it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from processes.versions import NotDeployed

blueprint = Blueprint("observations", "webapp.observations")


@blueprint.errorhandler(NotDeployed)
def nothing_deployed(_error: NotDeployed) -> ResponseReturnValue:
    """Say that nothing can begin before a process is deployed, and who deploys it."""
    return render_template("observations/not_deployed.html")

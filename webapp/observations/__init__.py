"""Recording an observation, or that there is nothing to record; blank forms on paper."""

from __future__ import annotations

from flask.blueprints import BlueprintSetupState

from webapp.layout import OFFERED
from webapp.observations import pages, paper, starting
from webapp.observations.blueprint import blueprint

__all__ = ["blueprint", "pages", "paper"]


@blueprint.record_once
def _offer(state: BlueprintSetupState) -> None:
    """Let links to the form show only to those who may fill it in."""
    offered = state.app.extensions.setdefault(OFFERED, {})
    offered["observations.start"] = starting.is_offered

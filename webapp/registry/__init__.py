"""The registry's page: a release, a death or a court order."""

from __future__ import annotations

from flask.blueprints import BlueprintSetupState

from webapp.layout import OFFERED
from webapp.registry.pages import blueprint, is_offered

__all__ = ["blueprint"]


@blueprint.record_once
def _offer(state: BlueprintSetupState) -> None:
    """Let the link show only to those who keep a register."""
    state.app.extensions.setdefault(OFFERED, {})["registry.register"] = is_offered

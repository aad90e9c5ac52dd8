"""The registry's pages: a release, a death or a court order, and a transfer."""

from __future__ import annotations

from flask.blueprints import BlueprintSetupState

from webapp.layout import OFFERED
from webapp.registry.pages import blueprint, is_offered

__all__ = ["blueprint"]


@blueprint.record_once
def _offer(state: BlueprintSetupState) -> None:
    """Let the links show only to those who keep a register."""
    offered = state.app.extensions.setdefault(OFFERED, {})
    offered["registry.register"] = offered["registry.transfer"] = is_offered

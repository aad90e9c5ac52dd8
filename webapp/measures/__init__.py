"""Those who sign: what waits for them, and delegations of signature."""

from __future__ import annotations

from flask.blueprints import BlueprintSetupState

from webapp.layout import OFFERED
from webapp.measures import delegations, desk
from webapp.measures.blueprint import blueprint

__all__ = ["blueprint", "delegations", "desk"]


@blueprint.record_once
def _offer(state: BlueprintSetupState) -> None:
    """Let the links show only to those who sign, give or have a signature."""
    offered = state.app.extensions.setdefault(OFFERED, {})
    offered["measures.to_sign"] = desk.is_offered
    offered["measures.delegations_list"] = delegations.is_offered

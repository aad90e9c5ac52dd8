"""My work, the pages of one task, and notifications."""

from __future__ import annotations

from flask.blueprints import BlueprintSetupState

from webapp.layout import URGENT
from webapp.work import answering, attaching, drafts, holding, inbox, notices, tasks
from webapp.work.blueprint import blueprint

__all__ = ["answering", "attaching", "blueprint", "drafts", "holding", "inbox", "notices", "tasks"]


@blueprint.record_once
def _mark_urgent(state: BlueprintSetupState) -> None:
    """Let the header ask whether an escalation waits to be read."""
    state.app.extensions[URGENT] = notices.is_urgent

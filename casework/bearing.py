"""What a case carries beside the process that would end it: then it is not thrown away with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import duplicates
from casework.dangers import AGREED, ERASING
from casework.grid_rules import Finding
from casework.measures import standing
from casework.tables import Case, Decision, Measure, Opinion, Remedy
from casework.words import Speaking
from processes.tables import ProcessInstance, ProcessVersion

TELLING = frozenset({"tell-later", "interrupted"})
"""Processes that tell what another has decided; they hold nobody back."""

DISCARDING = {
    "F-TRIAGE": ("first_look", "nothing_kept"),
    duplicates.FORM: (duplicates.CHOICE, "join"),
}
"""Answers after which nothing of the case remains apart."""


def others_run(session: Session, case_id: UUID, beside: UUID) -> bool:
    """Whether another process of its own runs in the case; an escalation guards a step."""
    wanted = (
        select(ProcessInstance.id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(ProcessInstance.case_id == case_id, ProcessInstance.id != beside)
        .where(ProcessInstance.state.in_(("running", "incident")))
        .where(ProcessInstance.guarded_task_id.is_(None))
        .where(ProcessVersion.model.not_in(TELLING))
    )
    return session.scalars(wanted.limit(1)).first() is not None


def is_more(session: Session, case_id: UUID, beside: UUID) -> bool:
    """Whether the case carries more than an observation: somebody asked, opined, decided, or a
    process of its own runs."""
    for table in (Decision, Measure, Opinion, Remedy):
        rows = select(table.id).where(table.case_id == case_id)
        if session.scalars(rows.limit(1)).first() is not None:
            return True
    return others_run(session, case_id, beside)


def goes_on(session: Session, case_id: UUID, beside: UUID) -> bool:
    """Whether something still runs in the case: a measure, a remedy, another process; or whether
    a court may still rule."""
    contested = select(Remedy.id).where(
        Remedy.case_id == case_id, Remedy.state.in_(("open", "ruled"))
    )
    return (
        standing.any_in_force(session, case_id)
        or session.scalars(contested.limit(1)).first() is not None
        or bool(standing.left_open(session, case_id))
        or others_run(session, case_id, beside)
    )


def why_kept(
    session: Session,
    case: Case,
    instance_id: UUID,
    form: str,
    answers: Mapping[str, Any],
    speaking: Speaking,
) -> list[Finding]:
    """Nobody throws away or erases what a measure, a decision or a request rests on."""
    key, answer = DISCARDING.get(form, ("", ""))
    if key and answers.get(key) == answer and is_more(session, case.id, instance_id):
        words = speaking.say(
            "More than an observation stands in this case: a measure, a decision or a request to"
            " the commission. It is kept: choose another answer."
        )
        return [(key, words)]
    agreed = form == ERASING and answers.get(AGREED) in (True, "true")
    if agreed and goes_on(session, case.id, instance_id):
        words = speaking.say(
            "A measure, a remedy or another process still runs in this case. Agree once it has"
            " ended, or send the list back."
        )
        return [(AGREED, words)]
    return []

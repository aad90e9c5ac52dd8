"""What is said of a case that was ended early, and of an overdue step that went one level up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import shown
from casework.tables import Case, Notification
from casework.words import Speaking
from casework.worklist import task_title
from processes.tables import HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform

ENDED, ALSO = "ended_", "also_"
"""Codes of notices that name the reason of an interruption: the first, and a further one."""

PASSED_UP = "passed_up"
"""The time to get a late step moving is over: somebody else is asked now."""


def said(platform: Platform, session: Session, row: Notification, speaking: Speaking) -> str | None:
    """The sentence of these notices; None for all others."""
    if row.code == PASSED_UP:
        return _passed_up(platform, session, row, speaking)
    start = next((start for start in (ENDED, ALSO) if row.code.startswith(start)), None)
    why = _reasons(speaking).get(row.code.removeprefix(start)) if start else None
    if why is None:
        return None
    case = session.get(Case, row.case_id) if row.case_id else None
    named = shown.reference(case, speaking) if case else speaking.say("A case")
    if start == ENDED:
        return speaking.say("{case} was ended early: {why}.", case=named, why=why)
    return speaking.say(
        "Something further was recorded about {case}, which was ended early: {why}. Look at it"
        " before you go on.",
        case=named,
        why=why,
    )


def _reasons(speaking: Speaking) -> dict[str, str]:
    say = speaking.say
    return {
        "released": say("the person was released"),
        "died": say("the person has died"),
        "minor": say("the person is under 18"),
        "court_order": say("a court orders otherwise"),
        "wrongful_finding": say("the detection was found to be wrong"),
    }


def _passed_up(
    platform: Platform, session: Session, row: Notification, speaking: Speaking
) -> str | None:
    """Which step is no longer the reader's, about which late step, and whose it is now."""
    task = session.get(HumanTask, row.task_id) if row.task_id else None
    if task is None:
        return None
    instance = session.get_one(ProcessInstance, task.instance_id)
    names = shown.wording(platform, session, instance.version_id, speaking)
    late = session.get(HumanTask, instance.guarded_task_id) if instance.guarded_task_id else None
    step = task_title(task, names)
    if late is None:
        return None
    about = session.get_one(ProcessInstance, late.instance_id)
    theirs = shown.wording(platform, session, about.version_id, speaking)
    later = select(HumanTask).where(
        HumanTask.instance_id == instance.id, HumanTask.created_at > task.created_at
    )
    now_with = session.scalars(later.order_by(HumanTask.created_at)).first()
    return speaking.say(
        "“{step}” for “{late}” is no longer yours: its time is over. {role} has been asked now.",
        step=step,
        late=task_title(late, theirs),
        role=names.role(now_with.role) if now_with else speaking.say("Oversight"),
    )

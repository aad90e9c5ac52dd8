"""What a task's clock does, in sentences: due, reminder, who is told, and what moves by itself."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ahead, shown
from casework.material import Looking
from casework.pages import Deadline
from processes.tables import Clock, Timer


def of_task(looking: Looking) -> Deadline:
    """The task's due date and what happens when it passes."""
    task = looking.task
    zone = shown.zone_of(looking.session, task.establishment_id)
    overdue = task.due_at is not None and task.state == "open" and task.due_at < looking.acting.now
    return Deadline(
        due_at=task.due_at,
        zone=zone,
        overdue=overdue,
        sentences=(*_of_clock(looking, zone), *_of_drawn_timers(looking, zone)),
    )


def _of_clock(looking: Looking, zone: str) -> list[str]:
    say, found = looking.speaking.say, []
    for timer in pending(looking.session, looking.task.id):
        moment = looking.speaking.moment(timer.due_at, zone)
        if timer.kind == "due":
            found.append(say("Due on {moment}.", moment=moment))
        elif timer.kind == "remind":
            found.append(say("You are reminded on {moment}.", moment=moment))
        elif timer.kind == "escalate":
            found.append(
                say(
                    "If it is still open on {moment}, the superior is told and asked to act; the"
                    " task stays yours.",
                    moment=moment,
                )
            )
    return found


def pending(session: Session, guarded_id: UUID) -> list[Timer]:
    """Moments to come of what guards something, the next first."""
    wanted = (
        select(Timer)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.guarded_id == guarded_id, Timer.state == "pending")
        .order_by(Timer.due_at)
    )
    return list(session.scalars(wanted))


def _of_drawn_timers(looking: Looking, zone: str) -> list[str]:
    """Timers drawn on the step, or around the part in which it stands."""
    around = _around(looking)
    wanted = (
        select(Timer, Clock.element_id)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Timer.instance_id == looking.task.instance_id)
        .where(Timer.kind == "drawn", Timer.state == "pending")
        .order_by(Timer.due_at)
    )
    found: list[str] = []
    for timer, element_id in looking.session.execute(wanted):
        element = looking.names.model.elements.get(element_id or "")
        if element is None or element.attached_to not in around:
            continue
        found.append(
            looking.speaking.say(
                "On {moment}: “{name}”.",
                moment=looking.speaking.moment(timer.due_at, zone),
                name=looking.names.element(element.id),
            )
        )
        found += ahead.next_in_words(looking.names, element.id, looking.inside)
    return found


def _around(looking: Looking) -> frozenset[str]:
    element = looking.names.model.elements[looking.task.element_id]
    callers = ahead.path_to(looking.names, element.process, looking.inside)
    inside = {element.id} | ({element.scope} if element.scope else set())
    return frozenset(inside | {caller for _, caller in callers})

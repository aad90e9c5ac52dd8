"""Hands kept messages to whoever waits for them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import advance, interruption
from processes.acting import Acting
from processes.clocks import end_clocks
from processes.messages import INTERRUPTED, TASK_OVERDUE
from processes.step import Platform
from processes.tables import HumanTask, Message, Subscription
from processes.values import decode


def deliver(
    session: Session, platform: Platform, acting: Acting, message: Message
) -> advance.Advanced | None:
    """Give a kept message to whoever waits: a running instance first, then a start event.

    None when nobody waits: the message stays kept, and is offered again when a model that starts
    with it is deployed.
    """
    if message.state != "kept":
        return None
    if _came_too_late(session, message):
        message.state = "expired"
        return None
    found = _waiting(session, message)
    if found is None:
        return None
    begins = found.version_id is not None and message.name not in (INTERRUPTED, TASK_OVERDUE)
    if begins and not platform.ports.effects.may_begin(session, message):
        message.state = "refused"
        return None
    if message.name == INTERRUPTED and not interruption.clear(session, platform, acting, message):
        return None
    return hand_over(session, platform, acting, message, found)


def hand_over(
    session: Session, platform: Platform, acting: Acting, message: Message, found: Subscription
) -> advance.Advanced:
    """Give a kept message to this one who waits, and to nobody else; the caller has locked it."""
    message.state, message.consumed_at = "consumed", acting.now
    if found.instance_id is not None and found.engine_task_id is not None:
        message.consumed_by = found.instance_id
        advanced = advance.deliver_message(
            session, platform, acting, message, found.instance_id, found.engine_task_id
        )
    else:
        advanced = _start(session, platform, acting, message, found)
        message.consumed_by = advanced.instance.id
    end_clocks(session, message.id, "completed")
    return advanced


def _came_too_late(session: Session, message: Message) -> bool:
    """A task that ended in the same sweep as its escalate moment is not escalated any more."""
    if message.name != TASK_OVERDUE:
        return False
    task = session.get(HumanTask, UUID(message.key))
    return task is None or task.state != "open"


def _waiting(session: Session, message: Message) -> Subscription | None:
    mine = (Subscription.agency_id == message.agency_id) & (Subscription.name == message.name)
    starts = select(Subscription).where(mine, Subscription.version_id.is_not(None))
    if message.name == INTERRUPTED:  # the frame is the platform's: no instance catches it
        return session.scalars(starts).first()
    running = select(Subscription).where(
        mine, Subscription.instance_id.is_not(None), Subscription.key == message.key
    )
    for found in session.scalars(running):
        # whoever held the instance may have moved it on: look again under its lock
        advance.lock_instance(session, found.instance_id)
        still = session.scalars(
            running.where(Subscription.id == found.id).execution_options(populate_existing=True)
        ).first()
        if still is not None:
            return still
    return session.scalars(starts).first()


def _start(
    session: Session, platform: Platform, acting: Acting, message: Message, found: Subscription
) -> advance.Advanced:
    if found.version_id is None:
        raise LookupError("a start subscription names its version")
    start = advance.Start(
        version_id=found.version_id,
        case_id=message.case_id,
        establishment_id=message.establishment_id,
        start_id=found.element_id,
        variables=decode(message.payload),
        guarded_task_id=UUID(message.key) if found.key == "task" else None,
    )
    return advance.start_instance(session, platform, acting, start)

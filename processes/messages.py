"""Messages between instances of a case: thrown once, kept until someone takes them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import calendars
from processes.acting import Acting
from processes.clocks import end_clocks, start_clock, start_timer
from processes.engine import ThrownMessage
from processes.outbox import offer
from processes.ports import Code
from processes.step import Step
from processes.tables import (
    HumanTask,
    Message,
    Subscription,
    Timer,
)
from processes.values import encode

INTERRUPTED = "caseInterrupted"
TASK_OVERDUE = "taskOverdue"
TASK_DONE = "taskDone"


def throw(step: Step, thrown: ThrownMessage) -> None:
    """Keep a message that a model threw, with the clock of the answer it is owed."""
    session, acting, instance = step.session, step.acting, step.instance
    element = thrown.element
    by_task = element.correlation == "task"
    message = _keep(
        session,
        acting,
        name=thrown.name,
        case_id=instance.case_id,
        place_id=instance.establishment_id,
        key=str(instance.guarded_task_id if by_task else instance.case_id),
        sender_key=f"{instance.id}:{element.id}:{instance.revision}",
        payload=dict(thrown.variables),
    )
    message.sender_instance_id = instance.id
    owner = element.attributes.get("owner")
    message.owner_role = step.pack.role(owner) if owner else None
    if owner and element.due:
        clock = start_clock(session, acting, instance, step.place, "message", message.id, element)
        at = calendars.due_at(session, step.place, element.due, base=acting.now, dates={})
        start_timer(session, acting, clock, "due", element.due, at)


def send(
    session: Session,
    acting: Acting,
    *,
    name: str,
    case_id: UUID,
    place_id: UUID,
    sender_key: str,
    payload: dict[str, Code],
    owner_role: str | None = None,
) -> Message:
    """Keep a message that a use case sends; the same `sender_key` again is the same message."""
    known = session.scalars(
        select(Message).where(
            Message.agency_id == acting.agency_id,
            Message.name == name,
            Message.case_id == case_id,
            Message.key == str(case_id),
            Message.sender_key == sender_key,
        )
    ).first()
    if known is not None:
        return known
    message = _keep(
        session,
        acting,
        name=name,
        case_id=case_id,
        place_id=place_id,
        key=str(case_id),
        sender_key=sender_key,
        payload=payload,
    )
    message.owner_role = owner_role
    return message


def task_overdue(session: Session, acting: Acting, task: HumanTask, timer: Timer) -> Message:
    """The escalate moment of a task has passed: starts the escalation ladder (C-15)."""
    payload: dict[str, Code] = {"role": task.role, "task_form": task.form}
    return _keep(
        session,
        acting,
        name=TASK_OVERDUE,
        case_id=task.case_id,
        place_id=task.establishment_id,
        key=str(task.id),
        sender_key=str(timer.id),
        payload=payload,
    )


def case_interrupted(
    session: Session,
    acting: Acting,
    case_id: UUID,
    place_id: UUID,
    reason: str,
    payload: dict[str, Code],
) -> Message:
    """Something outside ends what runs in a case. Each reason is told once: it is the sender's
    key."""
    return _keep(
        session,
        acting,
        name=INTERRUPTED,
        case_id=case_id,
        place_id=place_id,
        key=str(case_id),
        sender_key=reason,
        payload=payload,
    )


def kept_of(session: Session, case_id: UUID, *, busy_too: bool) -> list[Message]:
    """The kept messages of a case, locked, but interruptions; `busy_too` waits for those that
    somebody takes up just now, and sees what became of them."""
    kept = (
        select(Message)
        .where(Message.case_id == case_id, Message.state == "kept", Message.name != INTERRUPTED)
        .order_by(Message.id)
        .with_for_update(skip_locked=not busy_too)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(kept))


def refuse(session: Session, message: Message) -> None:
    """Nobody will take the message up any more; the clock of its answer stops."""
    message.state = "refused"
    end_clocks(session, message.id, "refused")


def tell_guards(session: Session, acting: Acting, task: HumanTask) -> None:
    """A guarded task ended: its escalation ends with it."""
    guarding = session.scalars(
        select(Subscription.id).where(
            Subscription.name == TASK_DONE, Subscription.key == str(task.id)
        )
    ).first()
    if guarding is not None:
        _keep(
            session,
            acting,
            name=TASK_DONE,
            case_id=task.case_id,
            place_id=task.establishment_id,
            key=str(task.id),
            sender_key=str(task.id),
            payload={},
        )


def _keep(
    session: Session,
    acting: Acting,
    *,
    name: str,
    case_id: UUID,
    place_id: UUID,
    key: str,
    sender_key: str,
    payload: dict[str, Code],
) -> Message:
    message = Message(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        name=name,
        case_id=case_id,
        key=key,
        sender_key=sender_key,
        establishment_id=place_id,
        payload=encode(payload),
        state="kept",
        created_at=acting.now,
    )
    session.add(message)
    session.flush()
    offer(session, acting, message)
    return message

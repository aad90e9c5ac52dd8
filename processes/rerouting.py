"""Moves what runs in a case to another place: the steps change hands, and no clock stops or begins
anew [domain.md 0.1 Interruptions, 8.2]."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes import advance, delivery, messages
from processes.acting import Acting
from processes.ports import Code
from processes.step import Platform
from processes.tables import Clock, HumanTask, Message, ProcessInstance, Subscription

TRANSFERRED = "personTransferred"
"""The message of which a model that draws what a transfer changes makes a way."""


@dataclass(frozen=True)
class Moved:
    """Open steps that changed their place, and who held one of them and holds it no longer."""

    tasks: tuple[HumanTask, ...]
    released: tuple[tuple[HumanTask, UUID], ...]


def move_case(
    session: Session,
    platform: Platform,
    acting: Acting,
    case_id: UUID,
    place_id: UUID,
    staying: Collection[UUID] = (),
) -> Moved:
    """Let a case go on at another establishment.

    Running instances, kept messages and running clocks follow; due dates, and the zone in which a
    clock began to count, stay. An open step goes to its function at (or above) the new place; who
    holds it keeps it if he or she holds the function there too. The steps that `staying` names do
    not move, nor do the escalations that guard them. Whoever asks what stays, or writes to the
    case, holds the instances before: a completion locks its instance, and then the case.
    """
    guarding = set()
    for instance in hold(session, case_id):
        if instance.guarded_task_id in staying and instance.guarded_task_id is not None:
            guarding.add(instance.id)
        else:
            instance.establishment_id = place_id
    kept = update(Message).where(Message.case_id == case_id, Message.state == "kept")
    session.execute(kept.values(establishment_id=place_id))
    clocks = update(Clock).where(Clock.case_id == case_id, Clock.state == "running")
    session.execute(clocks.values(establishment_id=place_id))
    wanted = select(HumanTask).where(HumanTask.case_id == case_id, HumanTask.state == "open")
    moved, released = [], []
    for task in session.scalars(wanted.order_by(HumanTask.id)):
        if task.id in staying or task.instance_id in guarding:
            continue
        moved.append(task)
        task.establishment_id = platform.ports.directory.place_for(session, place_id, task.role)
        holder = task.holder_id
        if holder is not None and not _may_keep(session, platform, acting, task, holder):
            task.holder_id = task.claimed_at = None
            released.append((task, holder))
    session.flush()
    return Moved(tuple(moved), tuple(released))


def tell_models(
    session: Session,
    platform: Platform,
    acting: Acting,
    case_id: UUID,
    place_id: UUID,
    sender_key: str,
    payload: dict[str, Code],
    deaf: Collection[UUID] = (),
) -> None:
    """Hand `personTransferred` to every instance of the case that waits for it, but the `deaf`;
    nothing is kept for those that do not."""
    while (waits := _waiting(session, case_id, sender_key, deaf)) is not None:
        message = messages.send(
            session,
            acting,
            name=TRANSFERRED,
            case_id=case_id,
            place_id=place_id,
            sender_key=f"{sender_key}:{waits.instance_id}",
            payload=payload,
        )
        delivery.hand_over(session, platform, acting, message, waits)


def _waiting(
    session: Session, case_id: UUID, sender_key: str, deaf: Collection[UUID]
) -> Subscription | None:
    """The next instance that waits and has not been told of this transfer."""
    mine = select(ProcessInstance.id).where(ProcessInstance.case_id == case_id)
    told = select(Message.consumed_by).where(
        Message.case_id == case_id,
        Message.name == TRANSFERRED,
        Message.sender_key.startswith(f"{sender_key}:"),
        Message.consumed_by.is_not(None),
    )
    wanted = select(Subscription).where(
        Subscription.name == TRANSFERRED,
        Subscription.instance_id.in_(mine),
        Subscription.instance_id.not_in(told),
        Subscription.instance_id.not_in(deaf),
    )
    return session.scalars(wanted.order_by(Subscription.instance_id).limit(1)).first()


def _may_keep(
    session: Session, platform: Platform, acting: Acting, task: HumanTask, holder: UUID
) -> bool:
    return platform.ports.directory.may_hold(
        session, holder, task.role, task.establishment_id, acting.now.date()
    )


def hold(session: Session, case_id: UUID) -> list[ProcessInstance]:
    """The running instances of a case, locked in the order in which an interruption locks them:
    what a step does just now is done, or waits."""
    wanted = (
        select(ProcessInstance)
        .where(ProcessInstance.case_id == case_id, ProcessInstance.state.in_(advance.RUNNING))
        .order_by(ProcessInstance.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(wanted))

"""The frame around every case: what runs in it ends when the person's own situation changes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import advance, messages
from processes.acting import Acting
from processes.ports import Interruption, JournalEntry
from processes.step import Platform
from processes.tables import Clock, Incident, Message, ProcessInstance

OUTCOME = "interrupted"


def clear(session: Session, platform: Platform, acting: Acting, message: Message) -> bool:
    """End everything that runs or waits in the message's case; True when what follows may begin.

    A case is interrupted once. While the process that an earlier interruption began still runs,
    a further reason is recorded with it and ends nothing; where nothing runs and nobody owes an
    answer (too early, too late), the message is refused.

    Locks messages before instances, as a delivery does, and asks for earlier interruptions only
    when it holds both: of two at once, the second sees the first.
    """
    waiting = messages.kept_of(session, message.case_id, busy_too=True)
    running = _running(session, message.case_id)
    earlier = first(session, message.case_id, but=message.id)
    if earlier is not None:
        _again(session, platform, acting, message, earlier)
        return False
    owed = any(kept.owner_role for kept in waiting)
    if not running and not owed and not _outlives(session, message.case_id):
        _put_away(session, platform, acting, message)
        return False
    _end(session, platform, acting, message, running)
    return True


def stands(session: Session, case_id: UUID) -> bool:
    """Whether anything runs or is owed in the case that an interruption could end."""
    running = select(ProcessInstance.id).where(
        ProcessInstance.case_id == case_id, ProcessInstance.state.in_(advance.RUNNING)
    )
    owed = select(Message.id).where(
        Message.case_id == case_id, Message.state == "kept", Message.owner_role.is_not(None)
    )
    if any(session.scalars(wanted.limit(1)).first() for wanted in (running, owed)):
        return True
    return _outlives(session, case_id)


def _outlives(session: Session, case_id: UUID) -> bool:
    """Whether a measure runs in the case, guarded by its own clock, though no instance is alive."""
    wanted = select(Clock.id).where(
        Clock.case_id == case_id, Clock.guards == "measure", Clock.state == "running"
    )
    return session.scalars(wanted.limit(1)).first() is not None


def first(session: Session, case_id: UUID, but: UUID | None = None) -> Message | None:
    """The interruption that a case has had."""
    wanted = select(Message).where(
        Message.case_id == case_id,
        Message.name == messages.INTERRUPTED,
        Message.state == "consumed",
        Message.id != but,
    )
    return session.scalars(wanted.order_by(Message.consumed_at)).first()


def _running(session: Session, case_id: UUID) -> list[ProcessInstance]:
    """The running instances, locked; escalations first, so that they end with what they guard."""
    wanted = (
        select(ProcessInstance)
        .where(ProcessInstance.case_id == case_id, ProcessInstance.state.in_(advance.RUNNING))
        .order_by(ProcessInstance.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(wanted)
    return sorted(found, key=lambda instance: instance.guarded_task_id is None)


def _end(
    session: Session,
    platform: Platform,
    acting: Acting,
    message: Message,
    running: list[ProcessInstance],
) -> None:
    for instance in running:
        advance.cancel_instance(session, platform, acting, instance, OUTCOME)
    refused = messages.kept_of(session, message.case_id, busy_too=False)
    for kept in refused:
        messages.refuse(session, kept)
    _solve_incidents(session, message.case_id)
    codes = {
        "reason": message.sender_key,
        "ended": [str(instance.id) for instance in running],
        "refused": [kept.name for kept in refused],
    }
    _journal(session, platform, acting, message, "case.interrupt", codes)
    told = Interruption(message, tuple(running), tuple(refused))
    platform.ports.effects.interrupted(session, acting, told)
    session.flush()


def _solve_incidents(session: Session, case_id: UUID) -> None:
    """What failed belongs to what has ended: nobody need look any more."""
    standing = select(Incident).where(Incident.case_id == case_id, Incident.state == "open")
    for incident in session.scalars(standing):
        incident.state = "solved"


def _again(
    session: Session, platform: Platform, acting: Acting, message: Message, earlier: Message
) -> None:
    """Another reason for what was interrupted already: kept with the process that runs for it."""
    follows = session.get(ProcessInstance, earlier.consumed_by) if earlier.consumed_by else None
    if follows is None or follows.state not in advance.RUNNING:
        _put_away(session, platform, acting, message)
        return
    message.state, message.consumed_at, message.consumed_by = "consumed", acting.now, follows.id
    codes = {"reason": message.sender_key}
    _journal(session, platform, acting, message, "case.interrupt_again", codes)
    platform.ports.effects.interrupted(session, acting, Interruption(message))
    session.flush()


def _put_away(session: Session, platform: Platform, acting: Acting, message: Message) -> None:
    messages.refuse(session, message)
    codes = {"reason": message.sender_key}
    _journal(session, platform, acting, message, "interruption.refused", codes)
    session.flush()


def _journal(
    session: Session,
    platform: Platform,
    acting: Acting,
    message: Message,
    act: str,
    codes: Mapping[str, object],
) -> None:
    entry = JournalEntry(act, message.case_id, "message", message.id, codes)
    platform.ports.journal.write(session, acting, entry)

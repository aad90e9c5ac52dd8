"""Looks for what is due and does it: timers, then messages; each in a transaction of its own.

Whoever is woken (the embedded clock, a Celery worker) calls `run_due`. The database decides who
takes what: rows are locked with SKIP LOCKED on PostgreSQL, by the write lock on SQLite.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes import advance, delivery, messages
from processes.acting import Acting
from processes.deadlines import DeadlineError
from processes.engine import EngineFault
from processes.ports import Code
from processes.step import Platform
from processes.tables import Clock, HumanTask, Incident, Message, Outbox, ProcessInstance, Timer

GIVE_UP = 5
RETRY = timedelta(minutes=5)
BATCH = 100

Transaction = Callable[[], AbstractContextManager[Session]]
"""Opens a writing transaction that commits at its end and rolls back on an error."""

ActingFor = Callable[[UUID], Acting]
"""The circumstances in which a deadline of an agency acts, now."""


@dataclass(frozen=True)
class Sweep:
    """What a sweep did."""

    fired: int
    delivered: int
    failed: int

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return self.fired == self.delivered == self.failed == 0


@dataclass(frozen=True)
class Hands:
    """What a sweep works with."""

    reading: Transaction
    writing: Transaction
    platform: Platform
    acting_for: ActingFor
    case_now: Callable[[], datetime]


def run_due(hands: Hands) -> Sweep:
    """Do everything that is due, until nothing is; one failure never stops the others."""
    fired = delivered = failed = 0
    while True:
        now = hands.case_now()
        timers = _guarded(hands, now, _timer_ids, _fire)
        sent = _guarded(hands, now, _outbox_ids, _send)
        fired, delivered = fired + timers.done, delivered + sent.done
        failed += timers.failed + sent.failed
        if not (timers.done or sent.done):
            return Sweep(fired, delivered, failed)


@dataclass(frozen=True)
class _Batch:
    done: int
    failed: int


def _guarded(
    hands: Hands,
    now: datetime,
    ids: Callable[[Session, datetime], list[UUID]],
    work: Callable[[Hands, Session, UUID, datetime], bool],
) -> _Batch:
    with hands.reading() as session:
        found = ids(session, now)
    done = failed = 0
    for row_id in found:
        try:
            with hands.writing() as session:
                done += work(hands, session, row_id, now)
        except Exception as error:  # noqa: BLE001  the others must go on; it is written down
            failed += 1
            with hands.writing() as session:
                _failed(hands, session, row_id, error, now)
    return _Batch(done, failed)


def _timer_ids(session: Session, now: datetime) -> list[UUID]:
    due = (
        select(Timer.id)
        .where(Timer.state == "pending", Timer.due_at <= now)
        .where(or_(Timer.next_attempt_at.is_(None), Timer.next_attempt_at <= now))
        .order_by(Timer.due_at)
        .limit(BATCH)
    )
    return list(session.scalars(due))


def _outbox_ids(session: Session, now: datetime) -> list[UUID]:
    due = (
        select(Outbox.id)
        .where(Outbox.state == "pending", Outbox.kind == "message", Outbox.next_attempt_at <= now)
        .order_by(Outbox.created_at)
        .limit(BATCH)
    )
    return list(session.scalars(due))


def _fire(hands: Hands, session: Session, timer_id: UUID, now: datetime) -> bool:
    """Lock the instance, then the timer: the same order as a completion, so neither waits."""
    instance_id = session.scalar(select(Timer.instance_id).where(Timer.id == timer_id))
    if instance_id is not None and not _locked(session, ProcessInstance, instance_id):
        return False
    timer = _locked(session, Timer, timer_id)
    if timer is None or timer.state != "pending" or timer.due_at > now:
        return False
    acting = hands.acting_for(timer.agency_id)
    if timer.kind == "drawn":
        advance.fire_timer(session, hands.platform, acting, timer)
    else:
        timer.state, timer.fired_at = "fired", acting.now
        _come_due(hands, session, acting, timer)
    return True


_Row = TypeVar("_Row", Timer, Outbox, ProcessInstance)


def _locked(session: Session, table: type[_Row], row_id: UUID) -> _Row | None:
    """The row, locked; None when somebody else is at work on it."""
    wanted = select(table).where(table.id == row_id)
    return session.scalars(
        wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).first()


def _come_due(hands: Hands, session: Session, acting: Acting, timer: Timer) -> None:
    """A moment that moves no token: of a task, of an answer owed, or of what casework guards."""
    clock = session.get_one(Clock, timer.clock_id)
    effects = hands.platform.ports.effects
    if clock.guards == "message":
        effects.answer_owed(session, acting, session.get_one(Message, clock.guarded_id))
    elif clock.guards == "task":
        _remind_or_escalate(hands, session, acting, clock, timer)
    else:
        effects.came_due(session, acting, clock, timer)


def _remind_or_escalate(
    hands: Hands, session: Session, acting: Acting, clock: Clock, timer: Timer
) -> None:
    task = session.get_one(HumanTask, clock.guarded_id)
    if task.state != "open":
        return
    if timer.kind == "escalate":
        messages.task_overdue(session, acting, task, timer)
    else:
        hands.platform.ports.effects.remind(session, acting, task, timer.kind)


def _send(hands: Hands, session: Session, outbox_id: UUID, now: datetime) -> bool:
    row = _locked(session, Outbox, outbox_id)
    if row is None or row.state != "pending":
        return False
    acting = hands.acting_for(row.agency_id)
    message = session.scalars(
        select(Message).where(Message.id == row.subject_id).with_for_update()
    ).one()
    if message.name == messages.TASK_OVERDUE:
        _hold_overdue(session, UUID(message.key))
    delivery.deliver(session, hands.platform, acting, message)
    row.state, row.delivered_at = "delivered", now
    return True


def _hold_overdue(session: Session, task_id: UUID) -> None:
    """Lock the overdue task's instance, then read the task: a completion at the same moment has
    ended before, and is seen, or comes after, and sees the escalation that it has to end."""
    task = session.get(HumanTask, task_id)
    if task is not None:
        session.get(ProcessInstance, task.instance_id, with_for_update=True)
        session.refresh(task)


def _failed(hands: Hands, session: Session, row_id: UUID, error: Exception, now: datetime) -> None:
    """Write an incident and try again later; after some attempts wait for a person."""
    row = session.get(Timer, row_id) or session.get(Outbox, row_id)
    if row is None:
        return
    row.attempts += 1
    row.next_attempt_at = now + RETRY
    if row.attempts >= GIVE_UP:
        row.state = "failed" if isinstance(row, Timer) else "given_up"
    if isinstance(row, Outbox):
        row.last_error = _said(error)
    incident(session, hands.acting_for(row.agency_id), row, error)


def incident(session: Session, acting: Acting, row: Timer | Outbox, error: Exception) -> Incident:
    """One open incident per timer or message, counting its attempts."""
    command: dict[str, Code] = {"kind": type(row).__name__.lower(), "id": str(row.id)}
    for known in session.scalars(select(Incident).where(Incident.state == "open")):
        if known.command == command:
            known.attempts += 1
            known.words = _said(error)
            return known
    clock = session.get(Clock, row.clock_id) if isinstance(row, Timer) else None
    found = Incident(
        id=acting.new_id(),
        agency_id=row.agency_id,
        instance_id=clock.instance_id if clock else None,
        case_id=clock.case_id if clock else None,
        element_id=clock.element_id if clock else None,
        words=_said(error),
        since=acting.now,
        attempts=1,
        state="open",
        command=command,
    )
    session.add(found)
    return found


def _said(error: Exception) -> str:
    """What may be kept of an error: the words of a fault name the model only; those of any other
    may hold contents."""
    named = type(error).__name__
    return str(error) or named if isinstance(error, EngineFault | DeadlineError) else named

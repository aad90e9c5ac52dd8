"""What waits for a time or a message: clocks, timers, messages, the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables.base import AgencyOwned, Base


class Clock(AgencyOwned, Base):
    """What a deadline guards, from which base, by which rule; outlives redeployments."""

    __tablename__ = "clock"
    __table_args__ = (Index("ix_clock_instance", "instance_id", "state"),)
    case_id: Mapped[UUID] = mapped_column(index=True)
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id"))
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    guards: Mapped[str] = mapped_column(String(10))  # task, element, message; others: casework's
    guarded_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    element_id: Mapped[str | None] = mapped_column(String(80))
    base_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))  # running, done, cancelled


class Timer(AgencyOwned, Base):
    """One moment of a clock: due, remind, escalate, or a drawn timer of the model."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "state", "due_at"),)
    clock_id: Mapped[UUID] = mapped_column(ForeignKey("clock.id"), index=True)
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    expression: Mapped[str] = mapped_column(String(200))
    parameter_id: Mapped[UUID | None] = mapped_column(ForeignKey("parameter.id"))
    engine_task_id: Mapped[UUID | None]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))  # pending, fired, cancelled, failed
    fired_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]


class Message(AgencyOwned, Base):
    """A message between instances of a case, kept until consumed, refused or expired."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("agency_id", "name", "case_id", "key", "sender_key"),)
    name: Mapped[str] = mapped_column(String(80))
    case_id: Mapped[UUID] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(String(120))
    sender_key: Mapped[str] = mapped_column(String(120))
    sender_instance_id: Mapped[UUID | None]
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    owner_role: Mapped[str | None] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10), index=True)  # kept, consumed, refused, expired
    created_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None]
    consumed_by: Mapped[UUID | None]


class Subscription(AgencyOwned, Base):
    """Who waits for a message: a running instance, or a start event of a deployed version."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_name", "agency_id", "name"),)
    name: Mapped[str] = mapped_column(String(80))
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    engine_task_id: Mapped[UUID | None]
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_version.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(120))


class Outbox(AgencyOwned, Base):
    """Something to be carried out after the commit that caused it: a message, a mail."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "state", "next_attempt_at"),)
    kind: Mapped[str] = mapped_column(String(10))  # message, mail
    subject_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10))  # pending, delivered, given_up
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)

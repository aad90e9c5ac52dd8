"""Running instances, their human tasks, history and incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables.base import AgencyOwned, Base


class ProcessInstance(AgencyOwned, Base):
    """One running or ended process of a case; `engine_state` is written by `advance` alone."""

    __tablename__ = "process_instance"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("process_version.id"))
    case_id: Mapped[UUID] = mapped_column(index=True)
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    state: Mapped[str] = mapped_column(String(12))  # running, completed, cancelled, incident
    engine_state: Mapped[bytes]
    revision: Mapped[int]
    guarded_task_id: Mapped[UUID | None] = mapped_column(index=True)
    migrated_revision: Mapped[int | None]  # its own right after it was last migrated
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(80))


class InstanceMigration(AgencyOwned, Base):
    """An instance was put onto another version; what undoing takes is kept until it moves on."""

    __tablename__ = "instance_migration"
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), index=True)
    from_version_id: Mapped[UUID] = mapped_column(ForeignKey("process_version.id"))
    to_version_id: Mapped[UUID] = mapped_column(ForeignKey("process_version.id"))
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    revision: Mapped[int]  # the instance's, right after it
    state_before: Mapped[bytes | None]
    rows_before: Mapped[list[Any] | None]


class HumanTask(AgencyOwned, Base):
    """A step that waits for a person of a role at an establishment."""

    __tablename__ = "human_task"
    __table_args__ = (
        Index("ix_human_task_inbox", "state", "role", "establishment_id", "due_at"),
        Index("ix_human_task_held", "state", "holder_id", "due_at"),
        Index("ix_human_task_instance", "instance_id", "state"),
        UniqueConstraint("instance_id", "engine_task_id"),
    )
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    case_id: Mapped[UUID] = mapped_column(index=True)
    engine_task_id: Mapped[UUID]
    element_id: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    form: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(60))
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    seat_id: Mapped[UUID | None]
    holder_id: Mapped[UUID | None]
    layer: Mapped[str] = mapped_column(String(2))
    legal_basis: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(10))  # open, completed, cancelled
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    escalation_level: Mapped[int] = mapped_column(default=0)
    handed_back_from: Mapped[UUID | None]


class HistoryEvent(AgencyOwned, Base):
    """What happened at one element of an instance: entered, completed, cancelled, fired, taken."""

    __tablename__ = "history_event"
    __table_args__ = (UniqueConstraint("instance_id", "position"),)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    case_id: Mapped[UUID] = mapped_column(index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    element_id: Mapped[str] = mapped_column(String(80))
    model: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]


class Incident(AgencyOwned, Base):
    """A failure inside a step: the instance stands as it was, somebody must look."""

    __tablename__ = "incident"
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    element_id: Mapped[str | None] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), index=True)  # open, solved
    command: Mapped[dict[str, Any]]

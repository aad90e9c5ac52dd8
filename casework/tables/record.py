"""The record: immutable encrypted entries by layer, their keys, and drafts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.marks import AgencyMarked
from processes.tables import AgencyOwned, Base


class RecordEntry(AgencyOwned, Base):
    """One layer's part of one submission; never changed, only superseded or erased."""

    __tablename__ = "record_entry"
    __table_args__ = (Index("ix_record_entry_case_time", "case_id", "written_at"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    submission_id: Mapped[UUID | None]  # the same for all layers of one submission
    instance_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None] = mapped_column(index=True)
    element_id: Mapped[str | None] = mapped_column(String(80))
    form: Mapped[str] = mapped_column(String(80))
    form_digest: Mapped[str] = mapped_column(String(64))
    layer: Mapped[str] = mapped_column(String(2))
    round: Mapped[int | None]
    supersedes_id: Mapped[UUID | None]
    ciphertext: Mapped[bytes | None]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    author_role: Mapped[str] = mapped_column(String(60))
    written_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class EntryKey(AgencyMarked, Base):
    """An entry's own key, wrapped by the installation's; destroying it erases the text."""

    __tablename__ = "entry_key"
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("record_entry.id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    wrapped: Mapped[bytes]


class Draft(AgencyOwned, Base):
    """What a person typed and has not submitted, encrypted; one per task and author."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("task_id", "author_id"),)
    task_id: Mapped[UUID | None] = mapped_column(index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    ciphertext: Mapped[bytes]
    wrapped: Mapped[bytes]
    saved_at: Mapped[datetime]
    revision: Mapped[int]


class KeyCheck(Base):
    """What only the right key gives: tells at start whether the keys are those of this record."""

    __tablename__ = "key_check"
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # main, audit
    key_id: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(64))


class EntryRead(AgencyOwned, Base):
    """Who has read an entry or draft of a round: the ground of the blind-rating rule."""

    __tablename__ = "entry_read"
    __table_args__ = (Index("ix_entry_read_round", "case_id", "round", "user_id"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    round: Mapped[int | None]
    entry_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    read_at: Mapped[datetime]

"""The audit chain, its sealed checkpoints, and the signed ends of removed chains."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.marks import AgencyMarked
from processes.tables import AgencyOwned, Base


class AuditRow(AgencyOwned, Base):
    """One act: ids, codes and salted digests, never values; linked by HMAC to the row before."""

    __tablename__ = "audit_row"
    __table_args__ = (
        UniqueConstraint("chain_id", "position"),
        Index("ix_audit_row_subject", "subject_id"),
    )
    chain_id: Mapped[UUID]
    position: Mapped[int]
    at: Mapped[datetime]
    case_at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str | None] = mapped_column(String(60))
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[UUID]
    codes: Mapped[dict[str, Any]]
    key_id: Mapped[str] = mapped_column(String(8))
    mac: Mapped[str] = mapped_column(String(64))


class AuditHead(AgencyMarked, Base):
    """The last position and MAC of a chain, so that a cut-off last row is found."""

    __tablename__ = "audit_head"
    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(8))
    seal: Mapped[str] = mapped_column(String(64))
    sealed_position: Mapped[int] = mapped_column(default=0)
    sealed_in: Mapped[int] = mapped_column(default=0)  # the checkpoint that says so


class AuditCheckpoint(Base):
    """The sealed heads of chains that grew, chained itself, also written outside the database."""

    __tablename__ = "audit_checkpoint"
    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    heads: Mapped[dict[str, Any]]  # chain id: [position, mac], of the chains that grew since
    key_id: Mapped[str] = mapped_column(String(8))
    mac: Mapped[str] = mapped_column(String(64))


class ChainEnd(AgencyMarked, Base):
    """The signed end of a chain that was removed lawfully; says why, names nobody."""

    __tablename__ = "chain_end"
    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(30))  # discarded, retention
    month: Mapped[str] = mapped_column(String(7))
    key_id: Mapped[str] = mapped_column(String(8))
    mac: Mapped[str] = mapped_column(String(64))

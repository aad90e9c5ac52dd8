"""What a client consents to be shared with whom, and what was shared by it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables import AgencyOwned, Base


class ConsentCell(AgencyOwned, Base):
    """One cell of a client's consent: this partner, these data, this purpose, until a day."""

    __tablename__ = "consent_cell"
    __table_args__ = (Index("ix_consent_cell_case", "case_id", "state"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    partner: Mapped[str] = mapped_column(String(30))
    category: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10))  # given, refused, withdrawn, replaced
    until: Mapped[date | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class Sharing(AgencyOwned, Base):
    """Something a partner is to get: by a cell of the consent, or by statute alone."""

    __tablename__ = "sharing"
    __table_args__ = (Index("ix_sharing_case", "case_id", "state"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    cell_id: Mapped[UUID | None] = mapped_column(ForeignKey("consent_cell.id"))
    partner: Mapped[str] = mapped_column(String(30))
    category: Mapped[str] = mapped_column(String(30))
    purpose: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10))  # open, sent, answered, stopped
    opened_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

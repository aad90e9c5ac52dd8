"""Sessions of the commission: agenda, attendance, opinions and answers owed, documents, numbers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.marks import AgencyMarked
from processes.tables import AgencyOwned, Base


class CommissionSession(AgencyOwned, Base):
    """One meeting of the commission with many cases on its agenda; it has a file of its own."""

    __tablename__ = "commission_session"
    __table_args__ = (Index("ix_commission_session_place", "establishment_id", "planned_at"),)
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), unique=True)  # its file
    planned_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(120))
    chair_role: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))  # planned, convened, held, no_quorum, closed
    closed_at: Mapped[datetime | None]
    minutes_number: Mapped[int | None]
    minutes_document_id: Mapped[UUID | None] = mapped_column(ForeignKey("document.id"))


class AgendaItem(AgencyOwned, Base):
    """One case on the agenda of one session: quorum, when opinions were closed, what was opined."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("session_id", "instance_id"),)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("commission_session.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), index=True)
    position: Mapped[int]
    # on_agenda, closed, not_reached, no_quorum, withdrawn
    state: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str | None] = mapped_column(String(40))
    quorum: Mapped[bool | None]
    opinions_closed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Attendance(AgencyOwned, Base):
    """Whether an office was present for an item, and who spoke for it."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("item_id", "office"),)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("agenda_item.id"))
    office: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    present: Mapped[bool]


class Opinion(AgencyOwned, Base):
    """A collective opinion and the answer owed to it: it stays until somebody answers."""

    __tablename__ = "opinion"
    __table_args__ = (
        Index("ix_opinion_owed", "agency_id", "state", "issued_at", "establishment_id"),
    )
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), index=True)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    entry_id: Mapped[UUID | None]
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    outcome: Mapped[str] = mapped_column(String(40))
    favourable: Mapped[bool]
    issued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_how: Mapped[str | None] = mapped_column(String(10))  # by_hand, by_itself
    owner_role: Mapped[str] = mapped_column(String(60))
    answer_due_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(40))
    # issued, sent, answered, unanswered, superseded
    state: Mapped[str] = mapped_column(String(12))
    repeat: Mapped[int] = mapped_column(default=1)


class Document(AgencyOwned, Base):
    """A paper that was issued: an encrypted file under a random name, and its number."""

    __tablename__ = "document"
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))  # of the sealed file
    file: Mapped[str] = mapped_column(String(40), unique=True)
    wrapped: Mapped[bytes]
    issued_at: Mapped[datetime]


class Counter(AgencyMarked, Base):
    """The last number given to a kind of paper at an establishment in a year."""

    __tablename__ = "counter"
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
